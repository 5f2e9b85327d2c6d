import { legsOf, type Call, type Leg, type Playing } from './call.ts'
import { nothing, type Bridges, type Ear } from './line.ts'
import type { MusicStreams } from './music.ts'

export interface Places {
  readonly bridges: Bridges
  readonly streams: MusicStreams
}

/**
 * Leads every line of a call to what it is to hear now: the caller and whoever has them together, or an agent and the third
 * party while the caller hears music, or all three; one who holds the other, or whose page is being loaded, hears nobody. And those who listen in hear all of
 * it.
 */
export function arrange(call: Call, { bridges, streams }: Places): void {
  const talking = conversation(call)
  const wished = new Map<Leg, Ear>()
  for (const leg of legsOf(call)) wished.set(leg, wishOf(leg, talking))
  const callerWishes = callerEar(call, talking, streams)
  call.line?.wants(callerWishes)
  for (const [leg, ear] of wished) if (leg !== call.callingOut) leg.line.wants(ear)
  for (const leg of call.monitors.values())
    if (leg.snoop?.ready) leg.snoop.line.wants({ kind: 'bridge', id: earBridge(leg) })
  // A bridge that nobody is wanted in has served its time.
  const wanted = [callerWishes, ...wished.values()].flatMap((ear) => (ear.kind === 'bridge' ? [ear.id] : []))
  const possible = [talkBridge(call), asideBridge(call), ...[...call.monitors.values()].map(earBridge)]
  for (const id of possible) if (!wanted.includes(id)) bridges.end(id)
}

/** Who speaks with whom just now; `id`: the bridge they are in. */
export interface Conversation {
  readonly id: string
  readonly legs: readonly Leg[]
  /** Whether the caller is one of them. */
  readonly caller: boolean
}

export function conversation(call: Call): Conversation | undefined {
  const { consultation } = call
  if (consultation) {
    const legs = [consultation.by, consultation.third]
    // In the bridge that the two who stay go on in.
    if (consultation.threeWay) {
      const speaking = legs.filter((leg) => isAnswered(leg) && isListening(leg))
      return { id: talkBridge(call), legs: speaking, caller: speaking.length > 0 }
    }
    return legs.every(isAnswered) ? { id: asideBridge(call), legs, caller: false } : undefined
  }
  const partner = call.connected ?? call.forwarding
  if (!partner || !isAnswered(partner) || !call.line) return undefined
  return { id: talkBridge(call), legs: [partner], caller: isListening(partner) }
}

function callerEar(
  { line, playing, recording, music, fresh }: Call,
  talking: Conversation | undefined,
  streams: MusicStreams,
): Ear {
  if (!line?.answered) return nothing
  if (playing) return playbackOf(playing)
  if (recording && !recording.stopping)
    return { kind: 'recording', name: recording.name, maxSeconds: recording.maxSeconds }
  if (talking?.caller) return { kind: 'bridge', id: talking.id }
  // Where an agent answers at once there is none; nobody hears that it begins a moment later.
  if (fresh) return nothing
  const stream = streams.of(music)
  return stream === undefined ? nothing : { kind: 'music', id: stream }
}

const playbackOf = ({ id, files, millis }: Playing): Ear => ({ kind: 'playback', id, files, millis })

function wishOf(leg: Leg, talking: Conversation | undefined): Ear {
  if (leg.state !== 'answered') return nothing
  if (leg.playing) return playbackOf(leg.playing)
  if (leg.role === 'monitor') {
    if (leg.mode === 'barge') return talking ? { kind: 'bridge', id: talking.id } : nothing
    return { kind: 'bridge', id: earBridge(leg) }
  }
  return talking?.legs.includes(leg) ? { kind: 'bridge', id: talking.id } : nothing
}

const isAnswered = ({ state }: Leg) => state === 'answered'
const isListening = ({ held, silent }: Leg) => !held && silent !== true

export const bridgePrefix = 'gruppnummer-'
const talkBridge = ({ id }: Call) => `${bridgePrefix}talk-${id}`
const asideBridge = ({ id }: Call) => `${bridgePrefix}aside-${id}`
/** Where one who listens in hears the others. */
const earBridge = ({ line }: Leg) => `${bridgePrefix}ear-${line.channel}`

/** Those who may be there when the call ends. */
export function bridgesOf(call: Call): readonly string[] {
  return [talkBridge(call), asideBridge(call), ...[...call.monitors.values()].map(earBridge)]
}
