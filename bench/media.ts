import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Media, MediaLeg } from '../src/switch/embedded/media/media.ts'
import { loadNodeDataChannel } from '../src/switch/embedded/media/node-datachannel-peer.ts'
import { openMedia } from '../src/switch/embedded/media/open-media.ts'
import type { PeerLibrary } from '../src/switch/embedded/media/peer-connection.ts'
import { loadWerift } from '../src/switch/embedded/media/werift-peer.ts'
import { FarBrowser } from '../test/switch/embedded/media/far-ends.ts'
import { quantile } from './support/quantile.ts'

/** What bridged WebRTC calls cost the switch; the far ends are in another process. */
export interface MediaFigures {
  readonly library: string
  readonly calls: number
  /** Percent of one core, for each call. */
  readonly cpuPerCall: number
  /** Growth of the resident set, MB for each call. */
  readonly memoryPerCall: number
  /** Milliseconds from one far end to the other, through the switch. */
  readonly p50: number
  readonly p99: number
  /** Packets that did not come through, of all that were sent. */
  readonly lost: number
  readonly sent: number
  readonly goal: { readonly cpuPerCall: number; readonly memoryPerCall: number }
}

const libraries: Record<string, () => PeerLibrary> = { 'node-datachannel': loadNodeDataChannel, werift: loadWerift }
const goal = { cpuPerCall: 1, memoryPerCall: 5 }
const frameMillis = 20

type ToFarEnds =
  | { readonly do: 'offer' }
  | { readonly do: 'accept'; readonly at: number; readonly sdp: string }
  | { readonly do: 'talk'; readonly millis: number }
  | { readonly do: 'forget' }
type FromFarEnds =
  | { readonly did: 'offer'; readonly at: number; readonly sdp: string }
  | { readonly did: 'connect'; readonly at: number }
  | { readonly did: 'talk'; readonly sent: number; readonly through: readonly number[] }

/** Each library in turn, in this process; resident memory is that of the process, so the first one told is the cleanest. */
export async function run({ calls = 20, seconds = 10, only = Object.keys(libraries) } = {}): Promise<
  readonly MediaFigures[]
> {
  const figures: MediaFigures[] = []
  for (const name of only) figures.push(await measure(name, calls, seconds))
  return figures
}

async function measure(name: string, calls: number, seconds: number): Promise<MediaFigures> {
  const load = libraries[name]
  if (!load) throw new RangeError(`no library ${name}`)
  const farEnds = fork(fileURLToPath(import.meta.url), ['far-ends', name], { stdio: 'inherit' })
  const media = openMedia({ library: load() })
  try {
    // One call that comes and goes loads the library and warms the code.
    const [first, second] = [await connect(media, farEnds), await connect(media, farEnds)]
    first.bridge(second)
    await talk(farEnds, 1000)
    first.close()
    second.close()
    farEnds.send({ do: 'forget' } satisfies ToFarEnds)

    const before = process.memoryUsage.rss()
    for (let call = 0; call < calls; call++) {
      const [caller, agent] = [await connect(media, farEnds), await connect(media, farEnds)]
      caller.bridge(agent)
    }
    await talk(farEnds, 1000)
    const spent = process.cpuUsage()
    const began = performance.now()
    const { sent, through } = await talk(farEnds, seconds * 1000)
    const { user, system } = process.cpuUsage(spent)
    const cpu = (user + system) / 1000 / (performance.now() - began)
    return {
      library: name,
      calls,
      cpuPerCall: (cpu * 100) / calls,
      memoryPerCall: (process.memoryUsage.rss() - before) / 1e6 / calls,
      p50: quantile(through, 0.5),
      p99: quantile(through, 0.99),
      lost: sent - through.length,
      sent,
      goal,
    }
  } finally {
    media.close()
    farEnds.kill()
  }
}

async function connect(media: Media, farEnds: ChildProcess): Promise<MediaLeg> {
  const leg = media.openWebRtcLeg({
    digit: () => undefined,
    lost(why) {
      throw new Error(`a leg was lost: ${why}`)
    },
  })
  leg.silenceLimit(Infinity)
  const { at, sdp } = await ask(farEnds, { do: 'offer' }, 'offer')
  const answer = await leg.answer(sdp)
  if (!answer.ok) throw new Error(answer.problem)
  await ask(farEnds, { do: 'accept', at, sdp: answer.value }, 'connect')
  return leg
}

function talk(farEnds: ChildProcess, millis: number) {
  return ask(farEnds, { do: 'talk', millis }, 'talk')
}

async function ask<Did extends FromFarEnds['did']>(
  farEnds: ChildProcess,
  order: ToFarEnds,
  did: Did,
): Promise<Extract<FromFarEnds, { did: Did }>> {
  farEnds.send(order)
  const [told] = (await once(farEnds, 'message')) as [FromFarEnds]
  if (told.did !== did) throw new Error(`${did} was expected, not ${told.did}`)
  return told as Extract<FromFarEnds, { did: Did }>
}

/** Speaks its own time, and reads how old what it hears is. */
class TimingBrowser extends FarBrowser {
  readonly through: number[] = []
  listening = false
  #forgotten = false

  get talks(): boolean {
    return this.state === 'connected' && !this.#forgotten
  }

  forget(): void {
    this.#forgotten = true
    this.close()
  }

  speak(): void {
    const payload = Buffer.alloc(160, 0xd5)
    payload.writeDoubleBE(performance.now())
    this.sendPayload(8, payload)
    this.timestamp = (this.timestamp + 160) >>> 0
  }

  protected override take(packet: Buffer): void {
    const sentAt = packet.readDoubleBE(12)
    // The switch's own silence bears no time.
    if (this.listening && sentAt > 0 && sentAt <= performance.now()) this.through.push(performance.now() - sentAt)
  }
}

function beFarEnds(library: PeerLibrary): void {
  const browsers: TimingBrowser[] = []
  const tell = (told: FromFarEnds) => process.send?.(told)

  process.on('message', (order: ToFarEnds) => {
    if (order.do === 'offer') void offer()
    if (order.do === 'accept') void accept(order.at, order.sdp)
    if (order.do === 'forget') for (const browser of browsers) browser.forget()
    if (order.do === 'talk') void speak(order.millis)
  })

  async function offer(): Promise<void> {
    const browser = new TimingBrowser(library)
    // Without candidates: the switch would begin DTLS before its answer has come here, and wait a second to repeat it.
    const sdp = (await browser.offer()).replaceAll(/a=candidate:.*\r\n/g, '')
    tell({ did: 'offer', at: browsers.push(browser) - 1, sdp })
  }

  async function accept(at: number, sdp: string): Promise<void> {
    const browser = browsers[at]
    browser?.accept(sdp)
    while (browser?.state !== 'connected') await rest(5)
    tell({ did: 'connect', at })
  }

  async function speak(millis: number): Promise<void> {
    const talking = browsers.filter((browser) => browser.talks)
    for (const browser of talking) browser.listening = true
    const began = performance.now()
    let sent = 0
    for (let frame = 0; frame * frameMillis < millis; frame++) {
      await rest(began + frame * frameMillis - performance.now())
      for (const browser of talking) browser.speak()
      sent += talking.length
    }
    await rest(200)
    const through = talking.flatMap((browser) => {
      browser.listening = false
      return browser.through.splice(0)
    })
    tell({ did: 'talk', sent, through })
  }
}

const rest = (millis: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, millis)))

if (import.meta.main) {
  const [role, name = ''] = process.argv.slice(2)
  const load = libraries[name]
  if (role === 'far-ends' && load) beFarEnds(load())
  else {
    for (const figures of await run()) {
      const { library, calls, cpuPerCall, memoryPerCall, p50, p99, lost, sent } = figures
      console.log(
        `media, ${library}, ${String(calls)} bridged WebRTC calls: ${cpuPerCall.toFixed(2)} % of a core and ` +
          `${memoryPerCall.toFixed(1)} MB a call (goal ${String(goal.cpuPerCall)} %, ${String(goal.memoryPerCall)} MB); ` +
          `through ${p50.toFixed(1)} ms p50, ${p99.toFixed(1)} ms p99; ${String(lost)} of ${String(sent)} lost; ` +
          `${String(availableParallelism())} cores`,
      )
    }
    // The library's threads would keep the process.
    process.exit()
  }
}
