import type { AgentId, E164, MessageId } from '../../core/configuration/types.ts'
import type { CallId, HeldCall, OfferId, PlayId, ThreeWay, TransferTarget } from '../../core/routing/messages.ts'
import type { Instant } from '../../core/time.ts'
import type { MediaLeg } from './media/media.ts'
import type { CallerIdentity } from './sip/identity.ts'
import type { OutgoingLeg } from './sip/outgoing-leg.ts'
import type { Way } from './ways.ts'

/** A call and its legs, as the switch holds them. */
export interface Call {
  readonly id: CallId
  readonly to: E164
  readonly caller: CallerIdentity
  readonly arrived: Instant
  /** Undefined: of a callback, before the caller has answered. */
  leg: CallerLeg | undefined
  /** Rung back, or to be. */
  readonly callback: boolean
  /** The caller of a callback is being rung, or has answered. */
  callingOut: Outside | undefined
  readonly offers: Map<OfferId, Offer>
  readonly plays: Set<PlayId>
  playing: Playing | undefined
  music: readonly MessageId[]
  recording: boolean
  /** Recordings on their way to the disk, told of before the end of the call is. */
  saving: Promise<void> | undefined
  connected: Offer | undefined
  forwarding: Outside | undefined
  consultation: Consultation | undefined
  readonly monitors: Map<AgentId, Monitor>
  /** Hears the fallback message, and is let go after it. */
  released: boolean
}

/** The caller's, whoever rang whom. */
export interface CallerLeg {
  readonly media: MediaLeg
  readonly state: 'ringing' | 'answered' | 'ended'
  answer(): void
  /** Not answered: the final status; answered: BYE. */
  hangUp(status: number): void
}

export type Playing =
  | { readonly kind: 'message'; readonly message: MessageId; readonly play?: PlayId }
  | { readonly kind: 'speech'; readonly play?: PlayId }

/** An agent's leg. */
export interface Offer {
  readonly id: OfferId
  readonly agent: AgentId
  leg: OutgoingLeg | undefined
  /** How `leg` was reached, and how the same agent is reached anew. */
  way: Way | undefined
  reopen: (way: Way) => OutgoingLeg | undefined
  /** The leg that is to take the place of `leg`. */
  again: OutgoingLeg | undefined
  state: 'ringing' | 'answered' | 'ended'
  /** What is said to the agent. */
  playing: Playing | undefined
  cancelLimit: () => void
}

/** A leg to a number outside. */
export interface Outside {
  readonly to: E164
  leg: OutgoingLeg | undefined
  cancelLimit: () => void
}

/** An agent who has the caller speaks with a third party first. */
export interface Consultation {
  /** The agent's own leg; it may have ended meanwhile. */
  readonly by: Offer
  readonly to: TransferTarget
  threeWay?: ThreeWay
  readonly third:
    { readonly kind: 'agent'; readonly offer: Offer } | { readonly kind: 'outside'; readonly outside: Outside }
}

/** Somebody who listens in, or speaks too. */
export interface Monitor extends Offer {
  mode: 'listen' | 'whisper' | 'barge'
}

export function legOfThird({ third }: Consultation): OutgoingLeg | undefined {
  return third.kind === 'agent' ? third.offer.leg : third.outside.leg
}

/** As a service that attaches is told of it. */
export function held(call: Call): HeldCall {
  const { consultation } = call
  const consulting = consultation?.by.state === 'answered' ? consultation : undefined
  const third = consulting?.third.kind === 'agent' ? consulting.third.offer : undefined
  const waiting = [...call.offers.values()].filter(
    (offer) => offer.state !== 'ended' && offer !== call.connected && offer !== third,
  )
  return {
    call: call.id,
    to: call.to,
    ...(call.caller.number && { from: call.caller.number }),
    ...(call.caller.name !== undefined && { name: call.caller.name }),
    arrived: call.arrived,
    answered: call.leg?.state === 'answered',
    hears: hears(call),
    ...(call.callback && { callback: true }),
    ...(consulting && {
      consulting: {
        agent: consulting.by.agent,
        offer: consulting.by.id,
        to: consulting.to,
        answered: legOfThird(consulting)?.state === 'answered',
        ...(consulting.threeWay && { threeWay: consulting.threeWay }),
      },
    }),
    offers: waiting.map(({ agent, id, state }) => ({ agent, offer: id, answered: state === 'answered' })),
  }
}

function hears({ playing, recording, connected, forwarding, consultation, music, leg }: Call): HeldCall['hears'] {
  if (playing) return playing
  if (recording) return { kind: 'recording' }
  if (!leg && consultation?.threeWay) return { kind: 'nothing' }
  if (connected && (!consultation || consultation.threeWay))
    return { kind: 'agent', agent: connected.agent, offer: connected.id }
  if (forwarding?.leg?.state === 'answered') return { kind: 'forwarded' }
  return leg && music.length > 0 ? { kind: 'music' } : { kind: 'nothing' }
}
