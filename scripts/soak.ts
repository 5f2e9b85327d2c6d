import { readdirSync, readFileSync } from 'node:fs'
import type { CDPSession, Page } from 'playwright-core'
import { openChromium, openDeskOffice, openDeskPage, type DeskOffice } from '../bench/support/desk-office.ts'
import { quantile } from '../bench/support/quantile.ts'
import { openNumber } from '../test/e2e/support/company.ts'
import { openRtpEar } from '../test/e2e/support/rtp-ear.ts'
import { sdpOf } from '../test/support/sip/quiet-media.ts'
import { dialogOf, inDialog, overUdp, type SipText } from '../test/support/sip/sip-peer.ts'

/**
 * `npm run soak`: ten minutes and 200 calls at one desk in Chromium, with the service and the switch of `gruppnummer serve`.
 *
 * Callers come over a trunk with sound; they are answered, held, muted, pressed tones to, and let go by either side; one in ten gives
 * up while it rings, and one in twenty is a call that the agent makes (the echo test). Every ten calls, with nobody on the line, it is
 * measured what is there after a garbage collection. What is there at the end is compared with what was there in the middle, when the
 * desk's lists (100 past calls, 50 offers that came to nothing) are full. `node scripts/soak.ts CALLS MINUTES` makes it another size.
 */
const [calls = 200, minutes = 10] = process.argv.slice(2).map(Number)
/** So many offers that came to nothing a desk lists; they are there before the first call counts. */
const mostPassed = 50

/** What is left when nobody is on the line. */
interface Reading {
  readonly heapMegabytes: number
  readonly nodes: number
  readonly listeners: number
  /** Objects that the page's collector has left. */
  readonly connections: number
  readonly audioContexts: number
  readonly tracks: number
  readonly serviceMegabytes: number
  readonly serviceHandles: number
  readonly switchMegabytes: number
  readonly switchHandles: number
}

/** How much more there may be at the end than in the middle: a share of it, and so many on top. */
const allowance: Readonly<Record<keyof Reading, readonly [share: number, more: number]>> = {
  heapMegabytes: [0.03, 0.2],
  nodes: [0.02, 20],
  listeners: [0.02, 5],
  connections: [0, 0],
  audioContexts: [0, 0],
  // Some wait for the collector of what is drawn and heard, which has its own time.
  tracks: [0, 8],
  serviceMegabytes: [0.1, 4],
  serviceHandles: [0, 2],
  switchMegabytes: [0.1, 4],
  switchHandles: [0, 2],
}

const office = await openDeskOffice()
const browser = await openChromium()
try {
  const page = await openDeskPage(await browser.newContext({ permissions: ['microphone'] }), office.link)
  process.exitCode = (await soak(page, office)) ? 0 : 1
} finally {
  await browser.close()
  await office.close()
}
process.exit()

/** False where something grew. */
async function soak(page: Page, office: DeskOffice): Promise<boolean> {
  const debuggerOf = await page.context().newCDPSession(page)
  const callers = await openCallers(office.sipPort)
  const pace = (minutes * 60_000) / calls
  for (let missed = 0; missed < mostPassed; missed += 1) await missedCall(page, callers)
  const begun = performance.now()
  const readings: Reading[] = []
  for (let call = 1; call <= calls; call += 1) {
    await oneCall(page, callers, call).catch(async (fault: unknown) => {
      throw new Error(`call ${call}; the desk says: ${await page.locator('main').innerText()}`, { cause: fault })
    })
    const ahead = begun + call * pace - performance.now()
    if (ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead))
    if (call % Math.ceil(calls / 20) !== 0) continue
    const reading = await read(debuggerOf, office)
    readings.push(reading)
    console.log(`${call} calls, ${((performance.now() - begun) / 60_000).toFixed(1)} min: ${inWords(reading)}`)
  }
  callers.close()
  return judge(readings)
}

// --- the calls ------------------------------------------------------------------------------------

type Callers = Awaited<ReturnType<typeof openCallers>>

async function oneCall(page: Page, callers: Callers, call: number): Promise<void> {
  const ready = page.getByText('Ready for calls')
  const inCall = page.getByRole('article', { name: 'In a call' })
  const button = (name: string) => inCall.getByRole('button', { name, exact: true })
  if (call % 20 === 0) {
    await page.getByRole('button', { name: 'Echo test' }).click()
    await page
      .getByRole('timer')
      .getByText(/:(?!00)/)
      .first()
      .waitFor()
    await button('Hang up').click()
    return ready.waitFor()
  }
  if (call % 10 === 5) return missedCall(page, callers)
  const caller = await callers.ring(call)
  const incoming = page.getByRole('article', { name: 'Incoming call' })
  await incoming.waitFor()
  await incoming.getByRole('button', { name: 'Answer' }).click()
  await button('Hold').waitFor()
  if (call % 4 === 0) {
    await button('Hold').click()
    await button('Resume').click()
    await button('Hold').waitFor()
  }
  if (call % 4 === 1) {
    await button('Mute').click()
    await button('Unmute').click()
  }
  if (call % 4 === 2) {
    await button('Keypad').click()
    await page.getByRole('button', { name: 'Tone 5' }).click()
  }
  await inCall
    .getByRole('timer')
    .getByText(/:(?!00)/)
    .waitFor()
  if (call % 2 === 0) {
    await button('Hang up').click()
    await caller.isLeft()
  } else await caller.hangsUp()
  await ready.waitFor()
}

/** By one who is missed again and again, and so is one item of work. */
async function missedCall(page: Page, callers: Callers): Promise<void> {
  const caller = await callers.ring(0)
  await page.getByRole('article', { name: 'Incoming call' }).waitFor()
  await caller.hangsUp()
  await page.getByText('Ready for calls').waitFor()
}

/** One caller at a time, over one trunk, who says a tone. */
async function openCallers(sipPort: number) {
  const trunk = await overUdp(sipPort)
  const to = `sip:${openNumber}@127.0.0.1:${sipPort}`
  return {
    async ring(call: number) {
      const ear = await openRtpEar(1000)
      const from = `<sip:+46700${String(call).padStart(6, '0')}@127.0.0.1:${trunk.port}>`
      const body = sdpOf({ port: ear.port })
      const invite = trunk.ask({ method: 'INVITE', uri: to, from, body })
      // The queue answers at once, so that the caller hears music.
      const answered = await trunk.answerTo(invite)
      if (answered.status !== 200) throw new Error(`a caller was answered ${answered.status}`)
      const dialog = dialogOf(invite, answered, 'uac')
      trunk.ask(inDialog(dialog, { method: 'ACK' }))
      return {
        async hangsUp() {
          await trunk.answerTo(trunk.ask(inDialog(dialog, { method: 'BYE' })))
          ear.close()
        },
        async isLeft() {
          const isBye = (message: SipText) =>
            message.status === 0 && message.method === 'BYE' && message.header('call-id') === dialog.callId
          trunk.answer(await trunk.next(isBye), 200)
          ear.close()
        },
      }
    },
    close() {
      trunk.close()
    },
  }
}

// --- the figures ----------------------------------------------------------------------------------

async function read(session: CDPSession, { service, switch: engine }: DeskOffice): Promise<Reading> {
  await session.send('Performance.enable')
  for (let times = 0; times < 3; times += 1) await session.send('HeapProfiler.collectGarbage')
  const { metrics } = await session.send('Performance.getMetrics')
  const metric = (name: string) => metrics.find((each) => each.name === name)?.value ?? NaN
  return {
    heapMegabytes: metric('JSHeapUsedSize') / 1e6,
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
    connections: await countOf(session, 'RTCPeerConnection'),
    audioContexts: await countOf(session, 'AudioContext'),
    tracks: await countOf(session, 'MediaStreamTrack'),
    serviceMegabytes: residentMegabytes(service),
    serviceHandles: handlesOf(service),
    switchMegabytes: residentMegabytes(engine),
    switchHandles: handlesOf(engine),
  }
}

/** How many of a kind are still there, by the debugger's own walk of the heap. */
async function countOf(session: CDPSession, kind: string): Promise<number> {
  const { result: prototype } = await session.send('Runtime.evaluate', { expression: `${kind}.prototype` })
  const { objects } = await session.send('Runtime.queryObjects', {
    prototypeObjectId: prototype.objectId ?? '',
    objectGroup: 'soak',
  })
  const { result } = await session.send('Runtime.callFunctionOn', {
    objectId: objects.objectId ?? '',
    functionDeclaration: 'function () { return this.length }',
    returnByValue: true,
  })
  await session.send('Runtime.releaseObjectGroup', { objectGroup: 'soak' })
  return Number(result.value)
}

function residentMegabytes(pid: number): number {
  return Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1000
}

/** Files, sockets, timers of the kernel's: whatever the process holds open. */
function handlesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

function inWords(reading: Reading): string {
  return Object.entries(reading)
    .map(([name, value]: [string, number]) => `${name} ${shown(value)}`)
    .join(', ')
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1)
}

/** The last quarter against the third: medians, since a collector's whims are no growth. */
function judge(readings: readonly Reading[]): boolean {
  const quarter = Math.floor(readings.length / 4)
  const [before, after] = [readings.slice(2 * quarter, 3 * quarter), readings.slice(-quarter)]
  const rows = (Object.keys(allowance) as (keyof Reading)[]).map((name) => {
    const middle = (of: readonly Reading[]) =>
      quantile(
        of.map((reading) => reading[name]),
        0.5,
      )
    const [share, more] = allowance[name]
    const [was, is] = [middle(before), middle(after)]
    return {
      what: name,
      middle: shown(was),
      end: shown(is),
      allowed: shown(was * (1 + share) + more),
      grew: is > was * (1 + share) + more,
    }
  })
  console.table(rows)
  const grown = rows.filter(({ grew }) => grew)
  for (const { what, middle, end } of grown) console.log(`${what} grew from ${middle} to ${end}`)
  return grown.length === 0
}
