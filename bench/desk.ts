import { readdirSync, readFileSync } from 'node:fs'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { openName } from '../test/e2e/support/company.ts'
import { openChromium, openDeskOffice, openDeskPage, type DeskOffice } from './support/desk-office.ts'
import { quantile } from './support/quantile.ts'

export interface DeskFigures {
  /** Milliseconds, of all bursts; the ratios are of the rounds' medians, ours by theirs. */
  readonly mouthToEar: {
    readonly toDesk: number
    readonly toCaller: number
    readonly pcmu: number
    readonly opus: number
    /** Of the slower of our two ways, by PCMU. */
    readonly ratio: number
  }
  /** Milliseconds from the click on the answer until the agent hears the caller; of bare pages from the first offer. */
  readonly answer: { readonly samples: number; readonly p50: number; readonly p95: number; readonly bare: number }
  /** From the load of the page until the softphone is registered, and of a bare page until it is loaded, milliseconds. */
  readonly start: { readonly registered: number; readonly bare: number }
  /** Of a whole browser with one page: per cent of a core, and megabytes that are its own (PSS). */
  readonly idle: Readonly<Record<'desk' | 'bare', { readonly cpu: number; readonly megabytes: number }>>
}

export const goal = { mouthToEar: 1.5, answerP95: 300 }

const rounds = 3
const burstsInRound = 6
const answersInRound = 7
const idleSeconds = 12

/**
 * The desk, its caller at the page `/caller` and the embedded switch between them, against two bare pages whose
 * RTCPeerConnections speak straight with each other, all in one browser and in turn.
 *
 * Every page's microphone is a tone made by Web Audio. A mouth is an AudioWorklet that lets 60 ms of it through and writes down the
 * time at the first sample; an ear is one that looks at what the peer connection gives to its page, and writes down when the tone is
 * there. Both read `Date.now`, which is one clock for all pages of a machine. So it holds the codec, the network, the switch, the
 * jitter buffer, and what Web Audio adds on either side, which is alike for both.
 */
export async function run(): Promise<DeskFigures> {
  const office = await openDeskOffice()
  const closing: (() => Promise<void>)[] = [() => office.close()]
  try {
    const open = async () => {
      const browser = await openChromium(['--allow-loopback-in-peer-connection'])
      closing.push(() => browser.close())
      return browser
    }
    const browser = await open()
    const desk = await openDeskPage(await withTone(browser), office.link)
    const caller = await openPage(browser, `${office.origin}/caller`)
    const [one, other] = [await openPage(browser, office.origin), await openPage(browser, office.origin)]
    const ways = { toDesk: [] as number[], toCaller: [] as number[], pcmu: [] as number[], opus: [] as number[] }
    const ratios: number[] = []
    const [answered, connected]: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round += 1) {
      for (let call = 1; call < answersInRound; call += 1) {
        answered.push(await callDesk(caller, desk))
        await hangUp(desk)
        connected.push(await callBare(one, other, call % 2 ? 'PCMU' : 'opus'))
        await hangUpBare(one, other)
      }
      const heard = { toDesk: [] as number[], toCaller: [] as number[], pcmu: [] as number[], opus: [] as number[] }
      // One kind of call at a time: on two cores the other would disturb it.
      answered.push(await callDesk(caller, desk))
      await speak(heard.toDesk, caller, desk)
      await speak(heard.toCaller, desk, caller)
      await hangUp(desk)
      for (const codec of ['PCMU', 'opus'] as const) {
        connected.push(await callBare(one, other, codec))
        await speak(codec === 'opus' ? heard.opus : heard.pcmu, one, other)
        await hangUpBare(one, other)
      }
      for (const way of Object.keys(ways) as (keyof typeof ways)[]) ways[way].push(...heard[way])
      ratios.push(Math.max(median(heard.toDesk), median(heard.toCaller)) / median(heard.pcmu))
    }
    const start = await startTimes(desk, one, office)
    const signedIn = await desk.context().storageState()
    await browser.close()
    return {
      mouthToEar: {
        toDesk: median(ways.toDesk),
        toCaller: median(ways.toCaller),
        pcmu: median(ways.pcmu),
        opus: median(ways.opus),
        ratio: median(ratios),
      },
      answer: {
        samples: answered.length,
        p50: median(answered),
        p95: quantile(answered, 0.95),
        bare: median(connected),
      },
      start,
      idle: await idleFigures(office, open, signedIn),
    }
  } finally {
    for (const close of closing.toReversed()) await close().catch(() => undefined)
  }
}

const median = (values: readonly number[]) => quantile(values, 0.5)

// --- the calls ------------------------------------------------------------------------------------

/** Milliseconds from the click until the agent hears the caller, who says a tone all the time. */
async function callDesk(caller: Page, desk: Page): Promise<number> {
  await caller.getByLabel(openName).check()
  await caller.evaluate(() => window.bench?.say(true))
  await caller.getByRole('button', { name: /^Ring/ }).click()
  const answer = desk.getByRole('article', { name: 'Incoming call' }).getByRole('button', { name: 'Answer' })
  await answer.waitFor()
  const clicked = await desk.evaluate(() => {
    window.bench?.listen()
    const button = document.querySelector<HTMLButtonElement>('article .answer')
    const now = Date.now()
    button?.click()
    return now
  })
  const heard = await desk.evaluate(() => window.bench?.heard())
  await caller.evaluate(() => window.bench?.say(false))
  return (heard ?? NaN) - clicked
}

async function hangUp(desk: Page) {
  await desk.getByRole('article', { name: 'In a call' }).getByRole('button', { name: 'Hang up' }).click()
  await desk.getByText('Ready for calls').waitFor()
}

/** Milliseconds from the first offer until the one hears the other. */
async function callBare(one: Page, other: Page, codec: 'PCMU' | 'opus'): Promise<number> {
  await other.evaluate(() => window.bench?.listen())
  await one.evaluate(() => window.bench?.say(true))
  const begun = Date.now()
  const offer = await one.evaluate((wanted) => window.bench?.offer(wanted), codec)
  const answer = await other.evaluate((sdp) => window.bench?.answer(sdp ?? ''), offer)
  await one.evaluate((sdp) => window.bench?.accept(sdp ?? ''), answer)
  const heard = await other.evaluate(() => window.bench?.heard())
  await one.evaluate(() => window.bench?.say(false))
  return (heard ?? NaN) - begun
}

async function hangUpBare(...pages: readonly Page[]) {
  for (const page of pages) await page.evaluate(() => window.bench?.close())
}

/** Bursts, from the mouth of one page to the ear of the other. */
async function speak(into: number[], mouth: Page, ear: Page): Promise<void> {
  // Until the jitter buffer has settled, and the last tone has died away.
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  for (let burst = 0; burst < burstsInRound; burst += 1) {
    await ear.evaluate(() => window.bench?.listen())
    const said = await mouth.evaluate(() => window.bench?.burst())
    const heard = await ear.evaluate(() => window.bench?.heard())
    into.push((heard ?? NaN) - (said ?? NaN))
    await new Promise((resolve) => setTimeout(resolve, 250 + 7 * burst))
  }
}

// --- at rest --------------------------------------------------------------------------------------

async function startTimes(desk: Page, bare: Page, { origin }: DeskOffice) {
  const [registered, loaded]: [number[], number[]] = [[], []]
  for (let time = 0; time < 5; time += 1) {
    const begun = performance.now()
    await desk.goto(`${origin}/desk`)
    await desk.getByText('The phone is connected').waitFor()
    registered.push(performance.now() - begun)
    const begunBare = performance.now()
    await bare.goto(`${origin}/bare`)
    loaded.push(performance.now() - begunBare)
  }
  return { registered: median(registered), bare: median(loaded) }
}

/** One after the other, each in a browser of its own. */
async function idleFigures(
  office: DeskOffice,
  open: () => Promise<Browser>,
  storageState: Awaited<ReturnType<BrowserContext['storageState']>>,
) {
  const figures = async (prepare: (context: BrowserContext) => Promise<void>) => {
    const before = new Set(chromiums())
    const browser = await open()
    const context = await browser.newContext({ permissions: ['microphone'], storageState })
    await prepare(context)
    const pids = chromiums().filter((pid) => !before.has(pid))
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    const ticks = () => pids.reduce((sum, pid) => sum + ticksOf(pid), 0)
    const begun = ticks()
    await new Promise((resolve) => setTimeout(resolve, idleSeconds * 1000))
    // A hundred ticks a second.
    const cpu = (ticks() - begun) / idleSeconds
    const megabytes = pids.reduce((sum, pid) => sum + ownMegabytes(pid), 0)
    await browser.close()
    return { cpu, megabytes }
  }
  return {
    bare: await figures(async (context) => {
      await bareOf(context)
      await (await context.newPage()).goto(`${office.origin}/bare`)
    }),
    desk: await figures(async (context) => {
      const page = await context.newPage()
      await page.goto(`${office.origin}/desk`)
      await page.getByText('The phone is connected').or(page.getByText('Telefonen är ansluten')).waitFor()
    }),
  }
}

/** Of this process's children and theirs. */
function chromiums(): readonly number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? readProc(name, 'stat') : undefined
    if (stat !== undefined) parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]))
  }
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid)
    return parent !== undefined && parent > 1 && (parent === process.pid || isOurs(parent))
  }
  return [...parents.keys()].filter((pid) => isOurs(pid))
}

function ticksOf(pid: number): number {
  const stat = readProc(pid, 'stat') ?? ''
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
}

function ownMegabytes(pid: number): number {
  return Number(/^Pss:\s*(\d+)/m.exec(readProc(pid, 'smaps_rollup') ?? '')?.[1] ?? 0) / 1000
}

function readProc(pid: number | string, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    // It has ended.
    return undefined
  }
}

// --- the pages ------------------------------------------------------------------------------------

async function openPage(browser: Browser, address: string): Promise<Page> {
  const context = await withTone(browser)
  await bareOf(context)
  const page = await context.newPage()
  await page.goto(address.endsWith('/caller') ? address : `${address}/bare`)
  return page
}

/** A page of nothing at the same origin, so that it may use what only a trustworthy one may. */
const bareOf = (context: BrowserContext) =>
  context.route('**/bare', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>bare</title>' }),
  )

async function withTone(browser: Browser): Promise<BrowserContext> {
  // The worklet comes from the page itself.
  const context = await browser.newContext({ permissions: ['microphone'], bypassCSP: true, locale: 'sv-SE' })
  await context.addInitScript(benchInPage, workletSource)
  return context
}

interface BenchInPage {
  /** The tone all the time, or silence. */
  say(on: boolean): void
  /** 60 ms of it; when its first sample was made. */
  burst(): Promise<number>
  /** From here on the first tone counts. */
  listen(): void
  /** When the first sample of a tone was there. */
  heard(): Promise<number>
  offer(codec: 'PCMU' | 'opus'): Promise<string>
  answer(sdp: string): Promise<string>
  accept(sdp: string): Promise<void>
  close(): void
}
declare global {
  interface Window {
    bench?: BenchInPage
  }
}

const workletSource = `
  registerProcessor('mouth', class extends AudioWorkletProcessor {
    constructor() { super(); this.left = 0; this.told = true; this.port.onmessage = ({ data }) => { this.left = data; this.told = data === Infinity } }
    process(inputs, outputs) {
      const out = outputs[0][0]
      if (this.left > 0) {
        if (!this.told) { this.told = true; this.port.postMessage(Date.now()) }
        for (let at = 0; at < out.length; at++) out[at] = 0.5 * Math.sin(2 * Math.PI * 1000 * (currentFrame + at) / sampleRate)
        this.left -= out.length
      }
      return true
    }
  })
  registerProcessor('ear', class extends AudioWorkletProcessor {
    constructor() { super(); this.listens = false; this.port.onmessage = () => { this.listens = true } }
    process(inputs) {
      const heard = inputs[0][0]
      if (this.listens && heard && heard.some((sample) => Math.abs(sample) > 0.1)) { this.listens = false; this.port.postMessage(Date.now()) }
      return true
    }
  })`

/** Before the page's own scripts. */
function benchInPage(source: string) {
  const context = new AudioContext({ sampleRate: 48_000, latencyHint: 'interactive' })
  const destination = context.createMediaStreamDestination()
  let mouth: AudioWorkletNode | undefined
  let tell: (at: number) => void = () => undefined
  const ears: AudioWorkletNode[] = []
  let heardAt: Promise<number> = Promise.resolve(NaN)
  let hear: (at: number) => void = () => undefined
  const ready = context.audioWorklet
    .addModule(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })))
    .then(() => {
      mouth = new AudioWorkletNode(context, 'mouth')
      mouth.port.onmessage = ({ data }: MessageEvent<number>) => {
        tell(data)
      }
      mouth.connect(destination)
    })
  const devices = (navigator as Partial<Navigator>).mediaDevices
  if (devices) devices.getUserMedia = () => Promise.resolve(destination.stream.clone())

  const Plain = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Plain {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      this.addEventListener('track', ({ track }) => {
        void ready.then(() => {
          // Chromium delivers a remote stream to Web Audio only while an element plays it.
          const stream = new MediaStream([track])
          const element = new Audio()
          element.muted = true
          element.srcObject = stream
          void element.play()
          const ear = new AudioWorkletNode(context, 'ear')
          const input = context.createMediaStreamSource(stream)
          input.connect(ear)
          ear.port.onmessage = ({ data }: MessageEvent<number>) => {
            hear(data)
          }
          if (listening) ear.port.postMessage('listen')
          ears.push(ear)
          this.addEventListener('connectionstatechange', () => {
            if (this.connectionState !== 'closed') return
            input.disconnect()
            element.srcObject = null
          })
        })
      })
    }
  }

  let listening = false
  let connection: RTCPeerConnection | undefined
  const gathered = async (made: RTCPeerConnection) => {
    if (made.iceGatheringState !== 'complete')
      await new Promise<void>((resolve) => {
        made.addEventListener('icegatheringstatechange', () => {
          if (made.iceGatheringState === 'complete') resolve()
        })
      })
    return made.localDescription?.sdp ?? ''
  }
  const opened = () => {
    connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' })
    return connection
  }
  window.bench = {
    say: (on) => mouth?.port.postMessage(on ? Infinity : 0),
    burst() {
      const said = new Promise<number>((resolve) => (tell = resolve))
      mouth?.port.postMessage(0.06 * context.sampleRate)
      return said
    },
    listen() {
      listening = true
      heardAt = new Promise((resolve) => {
        hear = (at) => {
          listening = false
          resolve(at)
        }
      })
      for (const ear of ears) ear.port.postMessage('listen')
    },
    heard: () => heardAt,
    async offer(codec) {
      const made = opened()
      const sender = made.addTransceiver(destination.stream.getAudioTracks()[0] ?? 'audio')
      const { codecs = [] } = RTCRtpReceiver.getCapabilities('audio') ?? {}
      sender.setCodecPreferences(
        codecs.filter(({ mimeType }) => mimeType.toLowerCase() === `audio/${codec.toLowerCase()}`),
      )
      await made.setLocalDescription()
      return gathered(made)
    },
    async answer(sdp) {
      const made = opened()
      await made.setRemoteDescription({ type: 'offer', sdp })
      for (const track of destination.stream.getAudioTracks()) made.addTrack(track, destination.stream)
      await made.setLocalDescription()
      return gathered(made)
    },
    accept: async (sdp) => connection?.setRemoteDescription({ type: 'answer', sdp }),
    close() {
      connection?.close()
      for (const ear of ears.splice(0)) ear.disconnect()
    },
  }
}

if (import.meta.main) {
  console.log(JSON.stringify(await run(), null, 2))
  process.exit()
}
