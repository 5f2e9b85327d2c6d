import type { AgentId, E164, MessageId } from '../../core/configuration/types.ts'
import type {
  CallId,
  HeldCall,
  MonitorMode,
  OfferId,
  PlayId,
  ThreeWay,
  TransferTarget,
} from '../../core/routing/messages.ts'
import type { Instant } from '../../core/time.ts'
import type { Line } from './line.ts'
import type { Music } from './music.ts'

/** A call and its legs, as far as we know. All of it is kept in Asterisk too: see `kept-call.ts`. */
export interface Call {
  readonly id: CallId
  readonly to: E164
  readonly caller: Caller
  readonly arrived: Instant
  /** The caller's; undefined: of a callback, before the caller has answered. */
  line: Line | undefined
  /** Rung back, or to be. */
  readonly callback: boolean
  /** Came in a moment ago: first of all somebody is rung. */
  fresh: boolean
  /** The caller of a callback is being rung, or has answered. */
  callingOut: Leg | undefined
  readonly offers: Map<OfferId, Leg>
  /** Offers and plays that were, lately: the same command again is done already. */
  readonly past: Set<OfferId | PlayId>
  playing: Playing | undefined
  music: Music
  recording: Recording | undefined
  /** Recordings on their way to the disk, told of before the end of the call is. */
  saving: Promise<void> | undefined
  connected: Leg | undefined
  forwarding: Leg | undefined
  consultation: Consultation | undefined
  readonly monitors: Map<AgentId, Leg>
}

export interface Caller {
  readonly number?: E164
  readonly name?: string
}

export interface Playing {
  /** Of the playback in Asterisk. */
  readonly id: string
  readonly files: readonly string[]
  /** All files together. */
  readonly millis: number
  /** Absent: speech. */
  readonly message?: MessageId
  readonly play?: PlayId
}

export interface Recording {
  /** In Asterisk. */
  readonly name: string
  readonly maxSeconds: number
  /** To end now. */
  stopping: boolean
}

/** Whom we ring: an agent, one who listens in, a number outside, the caller of a callback, or whom an agent has called. */
export interface Leg {
  /** Of a `ring` or a `consult`; else a name that we made up. */
  readonly id: OfferId
  readonly role: 'agent' | 'monitor' | 'outside' | 'caller' | 'called'
  readonly agent?: AgentId
  readonly to?: E164
  /** A softphone of ours, which needs no guesses about why it ended. */
  readonly softphone: boolean
  /** Of the softphone that is registered with this server; absent: there is none, or with another. */
  readonly user?: string
  /** As what it was rung; absent: not known any more. */
  readonly show?: Caller
  readonly line: Line
  state: 'ringing' | 'answered' | 'ended'
  /** The far side has said that it rings, or more. */
  alerted: boolean
  /** The far side has us on hold. */
  held: boolean
  /** Its softphone has lost its connection, and its sound. */
  silent?: boolean
  /** Rung to take the place of this one: its softphone has come back as another. */
  again?: Leg | undefined
  /** Of such a one, as long as it has not taken it. */
  instead?: Leg | undefined
  /** What is said to the agent. */
  playing: Playing | undefined
  /** Of one who listens in. */
  mode: Exclude<MonitorMode, 'off'>
  /** By which one listens in. */
  snoop: Snoop | undefined
}

export interface Snoop {
  readonly line: Line
  /** Of the channel that is listened to. */
  readonly on: string
  readonly whispers: boolean
  /** It has come into our application. */
  ready: boolean
}

/** An agent who has the caller speaks with a third party first. */
export interface Consultation {
  /** The agent's own leg; it may have ended meanwhile. */
  readonly by: Leg
  readonly to: TransferTarget
  readonly third: Leg
  threeWay?: ThreeWay
}

/** All legs of a call that have not ended. */
export function legsOf({ offers, monitors, callingOut, connected, forwarding, consultation }: Call): readonly Leg[] {
  const offered = [...offers.values()]
  const all = [
    ...[...offered, ...offered.map(({ again }) => again), ...monitors.values()],
    ...[callingOut, connected, forwarding, consultation?.third],
  ]
  return [...new Set(all)].filter((leg) => leg !== undefined && leg.state !== 'ended') as Leg[]
}

/** As a service that attaches is told of it. */
export function held(call: Call): HeldCall {
  const { consultation } = call
  const consulting = consultation?.by.state === 'answered' ? consultation : undefined
  const waiting = [...call.offers.values()].filter(
    (leg) => leg.state !== 'ended' && leg !== call.connected && leg !== consulting?.third,
  )
  return {
    call: call.id,
    to: call.to,
    ...(call.caller.number && { from: call.caller.number }),
    ...(call.caller.name !== undefined && { name: call.caller.name }),
    arrived: call.arrived,
    answered: call.line?.answered === true,
    hears: hears(call),
    ...(call.callback && { callback: true }),
    ...(consulting?.by.agent !== undefined && {
      consulting: {
        agent: consulting.by.agent,
        offer: consulting.by.id,
        to: consulting.to,
        answered: consulting.third.state === 'answered',
        ...(consulting.threeWay && { threeWay: consulting.threeWay }),
      },
    }),
    offers: waiting.flatMap(({ agent, id, state }) =>
      agent === undefined ? [] : [{ agent, offer: id, answered: state === 'answered' }],
    ),
  }
}

function hears({ playing, recording, connected, forwarding, consultation, music, line }: Call): HeldCall['hears'] {
  if (playing) {
    const play = playing.play && { play: playing.play }
    return playing.message === undefined
      ? { kind: 'speech', ...play }
      : { kind: 'message', message: playing.message, ...play }
  }
  if (recording) return { kind: 'recording' }
  if (!line && consultation?.threeWay) return { kind: 'nothing' }
  if (connected?.agent !== undefined && (!consultation || consultation.threeWay))
    return { kind: 'agent', agent: connected.agent, offer: connected.id }
  if (forwarding?.state === 'answered') return { kind: 'forwarded' }
  return line && music.messages.length > 0 ? { kind: 'music' } : { kind: 'nothing' }
}
