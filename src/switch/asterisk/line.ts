import { ok, type Result } from '../../core/result.ts'
import type { MusicStreams } from './music.ts'
import type { AriClient, AriProblem } from './open-ari-client.ts'

/** What a channel is joined to at this moment. */
export type Ear =
  | { readonly kind: 'nothing' }
  /** Files one after the other, so long together. */
  | { readonly kind: 'playback'; readonly id: string; readonly files: readonly string[]; readonly millis: number }
  | { readonly kind: 'recording'; readonly name: string; readonly maxSeconds: number }
  /** The bridge of a stream. */
  | { readonly kind: 'music'; readonly id: string }
  | { readonly kind: 'bridge'; readonly id: string }

export const nothing: Ear = { kind: 'nothing' }

/**
 * One channel of Asterisk, led to what it is wanted to hear. What is wanted may change while the last wish is being carried
 * out; the newest counts.
 *
 * A variable of a channel cannot be set while it plays or records: Asterisk answers only when that has ended, and so does
 * everything that is asked after it. What is to be written then waits here. So it does while the channel is being made: until Asterisk has
 * taken it into our application, it refuses what is asked of it.
 */
export interface Line {
  readonly channel: string
  readonly answered: boolean
  /** It is in our application: until then Asterisk refuses what is asked of it. */
  readonly made: boolean
  /** As far as we know. */
  readonly hears: Ear
  answer(): void
  wants(ear: Ear): void
  /** Sets a variable of the channel, as soon as that can be done. */
  write(variable: string, value: string): void
  /** A sign of life from us: without one, Asterisk ends in half a minute whoever is alone here. */
  guard(): void
  /** The dialplan has set a limit of its own: ours counts again. */
  limited(): void
  /** By an event: a playback or a recording has ended by itself. True where it was what this line heard or is about to. */
  finished(id: string): boolean
  /** The channel, which was being made, is in our application. */
  entered(): void
  /** The channel has gone: nothing more is asked of it. */
  gone(): void
}

export interface LineOptions {
  readonly ari: AriClient
  readonly channel: string
  readonly answered: boolean
  /** Found at the attach. */
  readonly hears?: Ear
  /** It is being made: what is to be written waits until it is `entered`. */
  readonly making?: true
  /** False: it ends with another channel. */
  readonly guarded?: boolean
  /** The file of the beep before a recording; undefined: there is none. */
  readonly beep?: string | undefined
  readonly streams: Pick<MusicStreams, 'prepare' | 'entered' | 'left'>
  readonly bridges: Pick<Bridges, 'make' | 'join'>
  /** What was wanted could not be had, though the channel is there. */
  readonly troubled: (ear: Ear, problem: AriProblem) => void
}

/** Seconds. Whoever is alone on a line is sent to the dialplan's fallback when we have not been heard of for this long. */
const aloneSeconds = 33
/** Milliseconds in which no other sign of life is needed. */
const guardedFor = 2500
/** Seconds of silence that end a recording. */
const silenceEnds = 5
const timeoutVariable = 'TIMEOUT(absolute)'

export function openLine(options: LineOptions): Line {
  const { ari, channel, hears = nothing, guarded = true, beep, streams, bridges, troubled } = options
  let isAnswered = options.answered
  let wanted = hears
  let now = hears
  let isMade = options.making !== true
  let isGone = false
  /** Asked anew after every wait. */
  const mayAsk = () => !isGone
  let running = false
  let lastFinished: string | undefined
  const unwritten = new Map<string, string>()
  const path = `/channels/${encodeURIComponent(channel)}`
  let listening: string | undefined
  let guarding: { readonly seconds: number; readonly at: number } | undefined
  // Asterisk ends no channel that we make after a time.
  if (options.making) guarding = { seconds: 0, at: 0 }
  if (hears.kind === 'music') listens(hears.id)

  async function run() {
    running = true
    while (mayAsk() && !isSame(now, wanted)) {
      const before = now
      // Asterisk takes a channel from one bridge to the other by itself; that of a conversation may end meanwhile.
      const moves = before.kind === 'music' && (wanted.kind === 'bridge' || wanted.kind === 'music')
      if (before.kind === 'bridge') guard(nothing)
      now = nothing
      if (before.kind !== 'nothing' && !moves) await leave(before)
      flush()
      const target = wanted
      if (!mayAsk() || target.kind === 'nothing') continue
      // Who comes into the company of others need not be looked after, but only from then on: see `enter`.
      if (target.kind !== 'bridge') guard(target)
      now = target
      const entered = await enter(target)
      if (entered.ok) listens(target.kind === 'music' ? target.id : undefined)
      else if (moves) await leave(before)
      const over = target.kind === 'playback' && lastFinished === target.id
      if (entered.ok && !over) continue
      now = nothing
      if (isSame(wanted, target)) wanted = nothing
      if (entered.ok || !mayAsk()) continue
      guard()
      troubled(target, entered.problem)
    }
    running = false
    flush()
  }

  /** To one stream at a time, which goes on as long as anybody listens. */
  function listens(id: string | undefined) {
    if (id === listening) return
    if (listening !== undefined) streams.left(listening)
    listening = isGone ? undefined : id
    if (listening !== undefined) streams.entered(listening)
  }

  function flush() {
    if (isBusy(now) || !isMade || !mayAsk()) return
    for (const [variable, value] of unwritten)
      void ari.send({ method: 'POST', path: `${path}/variable`, body: { variable, value } })
    unwritten.clear()
  }

  function write(variable: string, value: string) {
    unwritten.set(variable, value)
    flush()
  }

  function guard(next = now) {
    if (!mayAsk() || !guarded) return
    const seconds = next.kind === 'bridge' ? 0 : aloneSeconds + secondsOf(next)
    const at = Date.now()
    if (guarding?.seconds === seconds && (seconds === 0 || at - guarding.at < guardedFor)) return
    guarding = { seconds, at }
    write(timeoutVariable, String(seconds))
  }

  async function leave(ear: Ear): Promise<unknown> {
    switch (ear.kind) {
      case 'nothing':
        return undefined
      case 'playback':
        return ari.send({ method: 'DELETE', path: `/playbacks/${ear.id}` })
      case 'recording':
        return ari.send({ method: 'POST', path: `/recordings/live/${ear.name}/stop` })
      case 'music': {
        const left = await removeFrom(ear.id)
        listens(undefined)
        return left
      }
      case 'bridge':
        return removeFrom(ear.id)
    }
  }

  const removeFrom = (bridge: string) =>
    ari.send({ method: 'POST', path: `${bridgePath(bridge)}/removeChannel`, query: { channel } })

  async function enter(ear: Exclude<Ear, { kind: 'nothing' }>): Promise<Result<unknown, AriProblem>> {
    switch (ear.kind) {
      case 'playback':
        return ari.send({
          method: 'POST',
          path: `${path}/play/${ear.id}`,
          body: { media: ear.files.map((file) => `sound:${file}`) },
        })
      case 'recording':
        // One after the other, as they are asked for.
        if (beep !== undefined)
          void ari.send({ method: 'POST', path: `${path}/play`, body: { media: [`sound:${beep}`] } })
        return ari.send({ method: 'POST', path: `${path}/record`, query: recordingOf(ear) })
      case 'music':
        await streams.prepare(ear.id)
        return addTo(ari, ear.id, channel)
      case 'bridge':
        // All of it is asked at once, since Asterisk does one after the other: whoever waits for answers is heard later.
        void bridges.make(ear.id)
        return bridges.join(ear.id, channel, guard)
    }
  }

  return {
    channel,
    get answered() {
      return isAnswered
    },
    get made() {
      return isMade
    },
    get hears() {
      return now
    },
    answer() {
      if (isAnswered) return
      isAnswered = true
      void ari.send({ method: 'POST', path: `${path}/answer`, patient: true })
    },
    wants(ear) {
      wanted = ear
      if (!running) void run()
    },
    write,
    guard,
    limited() {
      guarding = undefined
      guard()
    },
    finished(id) {
      lastFinished = id
      const heard = [now, wanted].some((ear) => nameOf(ear) === id)
      if (nameOf(now) === id) now = nothing
      if (nameOf(wanted) === id) wanted = nothing
      if (heard && !running) flush()
      return heard
    },
    entered() {
      isMade = true
      flush()
    },
    gone() {
      isGone = true
      listens(undefined)
      wanted = nothing
      now = nothing
    },
  }
}

function recordingOf({ name, maxSeconds }: Extract<Ear, { kind: 'recording' }>): Record<string, string> {
  return {
    name,
    format: 'wav',
    maxDurationSeconds: String(maxSeconds),
    maxSilenceSeconds: String(silenceEnds),
    beep: 'false',
    terminateOn: '#',
    ifExists: 'overwrite',
  }
}

const addTo = (ari: AriClient, bridge: string, channel: string) =>
  ari.send({
    method: 'POST',
    path: `${bridgePath(bridge)}/addChannel`,
    query: { channel, inhibitConnectedLineUpdates: 'true' },
  })

const bridgePath = (id: string) => `/bridges/${encodeURIComponent(id)}`

const isBusy = ({ kind }: Ear) => kind === 'playback' || kind === 'recording'

function secondsOf(ear: Ear): number {
  if (ear.kind === 'playback') return Math.ceil(ear.millis / 1000)
  return ear.kind === 'recording' ? ear.maxSeconds : 0
}

function nameOf(ear: Ear): string | undefined {
  if (ear.kind === 'playback') return ear.id
  return ear.kind === 'recording' ? ear.name : undefined
}

function isSame(one: Ear, other: Ear): boolean {
  if (one.kind !== other.kind) return false
  if ('id' in one && 'id' in other) return one.id === other.id
  return nameOf(one) === nameOf(other)
}

/** The bridges that are there, each made once. */
export interface Bridges {
  make(id: string): Promise<unknown>
  /** Those who come in at one moment come in one request; `asked`: told when it is on its way. */
  join(id: string, channel: string, asked: () => void): Promise<Result<unknown, AriProblem>>
  /** Those in it are left without sound. */
  end(id: string): void
  /** It was there at the attach. */
  found(id: string): void
  /** Whether it is there is no longer known: it is made anew before it is used, and ended all the same. */
  doubt(id: string): void
}

interface Joining {
  readonly channel: string
  readonly asked: () => void
}

export function openBridges(ari: AriClient): Bridges {
  const made = new Map<string, Promise<unknown>>()
  const doubtful = new Set<string>()
  const joining = new Map<
    string,
    { readonly those: Joining[]; readonly outcome: Promise<Result<unknown, AriProblem>> }
  >()

  async function joinAll(id: string, those: readonly Joining[]) {
    // Until everybody who was led here in this moment has said so.
    await Promise.resolve()
    joining.delete(id)
    const outcome = addTo(ari, id, those.map(({ channel }) => channel).join(','))
    for (const { asked } of those) asked()
    return outcome
  }

  return {
    async join(id, channel, asked) {
      let together = joining.get(id)
      if (!together) {
        const those: Joining[] = []
        together = { those, outcome: joinAll(id, those) }
        joining.set(id, together)
      }
      const { those, outcome } = together
      those.push({ channel, asked })
      const joined = await outcome
      // One of them may have gone.
      return joined.ok || those.length === 1 || joined.problem.kind !== 'refused' ? joined : addTo(ari, id, channel)
    },
    make(id) {
      const known = made.get(id)
      if (known) return known
      const making = ari.send({
        method: 'POST',
        path: bridgePath(id),
        query: { type: 'mixing', name: 'gruppnummer' },
      })
      made.set(id, making)
      return making
    },
    end(id) {
      const [known, doubted] = [made.delete(id), doubtful.delete(id)]
      if (known || doubted) void ari.send({ method: 'DELETE', path: bridgePath(id), patient: true })
    },
    doubt(id) {
      if (made.delete(id)) doubtful.add(id)
    },
    found(id) {
      made.set(id, Promise.resolve(ok(undefined)))
    },
  }
}
