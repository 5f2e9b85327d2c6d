import type { Brand } from '../brand.ts'
import type { Action, AgentId, Configuration, E164, GroupNumberId, MessageId } from '../configuration/types.ts'
import type { Instant } from '../time.ts'

/** One call for all its stays, chosen by the switch; unique for ever (a UUID, or a name in a story). */
export type CallId = Brand<string, 'CallId'>
/** One ring of one agent for one call. A re-ring is a new offer, so that late news about the old one is seen as such. */
export type OfferId = Brand<string, 'OfferId'>
/** One playing of one message to one call. */
export type PlayId = Brand<string, 'PlayId'>
/** Who did it, when not the agent: an account, as the audit log names it. */
export type ActorId = Brand<string, 'ActorId'>

export type DeviceState = 'ready' | 'busy' | 'gone'
export type DeclineCause = 'noAnswer' | 'busy' | 'rejected' | 'unreachable' | 'failed'
export type PlayPurpose = 'welcome' | 'closed' | 'comfort' | 'overflow' | 'position' | 'menu'
export type TransferTarget = { readonly agent: AgentId } | { readonly group: GroupNumberId } | { readonly number: E164 }

/** A part of a spoken announcement. */
export type SpokenPart =
  | { readonly say: 'message'; readonly message: MessageId }
  | { readonly say: 'number'; readonly number: number }
  | { readonly say: 'text'; readonly text: string }

/** What the switch holds of one call when a service attaches to it. */
export interface HeldCall {
  readonly call: CallId
  readonly to: E164
  readonly from?: E164
  readonly name?: string
  readonly arrived: Instant
  readonly answered: boolean
  readonly hears:
    | { readonly kind: 'nothing' }
    | { readonly kind: 'music' }
    | { readonly kind: 'message'; readonly play?: PlayId; readonly message: MessageId }
    | { readonly kind: 'agent'; readonly agent: AgentId }
    | { readonly kind: 'forwarded' }
  /** The agents' legs that ring or are answered but not connected. */
  readonly offers: readonly {
    readonly agent: AgentId
    readonly offer?: OfferId
    readonly answered: boolean
  }[]
}

/** Something that happened: named in the past tense, and carrying the time it happened. */
export type RoutingEvent = Readonly<
  { at: Instant } & (
    | SwitchEvent
    | { type: 'loggedIn'; agent: AgentId; group?: GroupNumberId; by?: ActorId }
    | { type: 'loggedOut'; agent: AgentId; group?: GroupNumberId; by?: ActorId }
    | { type: 'paused'; agent: AgentId; reason?: string; by?: ActorId }
    | { type: 'resumed'; agent: AgentId; by?: ActorId }
    | { type: 'wrapUpEnded'; agent: AgentId }
    | { type: 'wrapUpExtended'; agent: AgentId; seconds: number }
    | {
        type: 'commandFailed'
        call: CallId
        agent?: AgentId
        command: Command['type']
        reason: string
        offer?: OfferId
        play?: PlayId
      }
    | { type: 'callbackAsked'; call: CallId; number: E164 }
    | { type: 'callbackAnswered'; call: CallId }
    | { type: 'callbackFailed'; call: CallId; cause: string }
    | { type: 'transferAsked'; call: CallId; agent: AgentId; to: TransferTarget; how: 'now' | 'consult' }
    | { type: 'transferConfirmed'; call: CallId }
    | { type: 'transferCancelled'; call: CallId }
    | { type: 'picked'; call: CallId; agent: AgentId }
    | { type: 'callMoved'; call: CallId; group: GroupNumberId }
    | { type: 'prioritised'; call: CallId; priority: number }
    | { type: 'monitored'; call: CallId; by: AgentId; mode: 'listen' | 'whisper' | 'barge' | 'off' }
    | { type: 'configured'; configuration: Configuration }
    | { type: 'switchAttached'; calls: readonly HeldCall[] }
    | { type: 'switchLost' }
    | { type: 'timePassed' }
  )
>

/** What a switch tells; the service stamps it with `at` as it comes in. */
export type SwitchEvent =
  /** No `from`: hidden number. */
  | {
      readonly type: 'callArrived'
      readonly call: CallId
      readonly to: E164
      readonly from?: E164
      readonly name?: string
    }
  | { readonly type: 'callerHungUp'; readonly call: CallId }
  | { readonly type: 'digitPressed'; readonly call: CallId; readonly digit: string }
  | { readonly type: 'played'; readonly call: CallId; readonly message: MessageId; readonly play?: PlayId }
  | { readonly type: 'agentAnswered'; readonly call: CallId; readonly agent: AgentId; readonly offer?: OfferId }
  | {
      readonly type: 'agentDeclined'
      readonly call: CallId
      readonly agent: AgentId
      readonly cause: DeclineCause
      readonly offer?: OfferId
    }
  | { readonly type: 'agentHungUp'; readonly call: CallId; readonly agent: AgentId; readonly offer?: OfferId }
  /** The dialog or the media of the agent's leg is dead. */
  | { readonly type: 'agentLost'; readonly call: CallId; readonly agent: AgentId; readonly offer?: OfferId }
  | {
      readonly type: 'agentDigit'
      readonly call: CallId
      readonly agent: AgentId
      readonly digit: string
      readonly offer?: OfferId
    }
  | { readonly type: 'deviceChanged'; readonly agent: AgentId; readonly state: DeviceState }
  | { readonly type: 'recorded'; readonly call: CallId; readonly file: string; readonly seconds: number }
  | {
      readonly type: 'forwarded'
      readonly call: CallId
      readonly result: 'answered' | 'busy' | 'noAnswer' | 'failed' | 'ended'
    }

export type EventOf<Type extends RoutingEvent['type']> = Extract<RoutingEvent, { type: Type }>

export type StopRingingReason = 'answeredElsewhere' | 'noAnswer' | 'callerGone' | 'withdrawn'

/** Why the switch ends the caller's leg. */
export type HangUpReason =
  | 'closed'
  | 'blocked'
  | 'full'
  | 'noAgents'
  | 'timeout'
  | 'agentHungUp'
  | 'transferred'
  | 'unknownNumber'
  | 'served'
  | 'lost'

/** What the agent's phone shows while it rings. */
export interface Presentation {
  /** The group number rung. */
  readonly group: GroupNumberId
  /** What is shown as caller; absent: hidden. */
  readonly number?: E164
  readonly name?: string
}

/** Something to do, named as an order. It may fail; a failure comes back as an event. */
export type Command =
  | { readonly type: 'answer'; readonly call: CallId }
  | {
      readonly type: 'play'
      readonly call: CallId
      readonly message: MessageId
      readonly as: PlayPurpose
      readonly play: PlayId
    }
  | { readonly type: 'say'; readonly call: CallId; readonly agent?: AgentId; readonly parts: readonly SpokenPart[] }
  | { readonly type: 'stopPlaying'; readonly call: CallId }
  /** From here on, whenever nothing else plays; goes on where it was. */
  | { readonly type: 'music'; readonly call: CallId; readonly messages: readonly MessageId[] }
  | { readonly type: 'record'; readonly call: CallId; readonly maxSeconds: number }
  | {
      readonly type: 'ring'
      readonly call: CallId
      readonly agent: AgentId
      readonly offer: OfferId
      readonly show: Presentation
    }
  | {
      readonly type: 'stopRinging'
      readonly call: CallId
      readonly agent: AgentId
      readonly offer: OfferId
      readonly why: StopRingingReason
    }
  | { readonly type: 'connect'; readonly call: CallId; readonly agent: AgentId; readonly offer: OfferId }
  | { readonly type: 'hangUpAgent'; readonly call: CallId; readonly agent: AgentId; readonly offer?: OfferId }
  | { readonly type: 'forward'; readonly call: CallId; readonly to: E164 }
  | { readonly type: 'callOut'; readonly call: CallId; readonly to: E164; readonly show: Presentation }
  | { readonly type: 'consult'; readonly call: CallId; readonly agent: AgentId; readonly to: TransferTarget }
  | { readonly type: 'completeTransfer'; readonly call: CallId }
  | { readonly type: 'cancelTransfer'; readonly call: CallId }
  | {
      readonly type: 'monitor'
      readonly call: CallId
      readonly by: AgentId
      readonly mode: 'listen' | 'whisper' | 'barge' | 'off'
    }
  | { readonly type: 'takeMessage'; readonly call: CallId }
  | { readonly type: 'hangUp'; readonly call: CallId; readonly why: HangUpReason }

export type AgentState = 'loggedOut' | 'available' | 'ringing' | 'talking' | 'wrapUp' | 'paused'

/** What the router tells the journal, the desks and the reports. Durations in milliseconds. */
export type Notice = { readonly at: Instant } &
  /** Every caller admitted, also one rung at once. */
  (
    | { readonly type: 'queued'; readonly call: CallId; readonly group: GroupNumberId; readonly position: number }
    | {
        readonly type: 'refused'
        readonly call: CallId
        readonly group: GroupNumberId
        readonly why: 'closed' | 'blocked' | 'full' | 'noAgents'
        readonly then: Action
      }
    | {
        readonly type: 'connected'
        readonly call: CallId
        readonly group: GroupNumberId
        readonly agent: AgentId
        readonly waited: number
      }
    | {
        readonly type: 'missed'
        readonly call: CallId
        readonly group: GroupNumberId
        readonly agent: AgentId
        readonly after: number
      }
    | { readonly type: 'pausedByMisses'; readonly agent: AgentId }
    | {
        readonly type: 'agentState'
        readonly agent: AgentId
        readonly group?: GroupNumberId
        readonly state: AgentState
        readonly reason?: string
        readonly by?: ActorId
      }
    | { readonly type: 'wrapUpStarted'; readonly agent: AgentId; readonly until: Instant }
    | {
        readonly type: 'completed'
        readonly call: CallId
        readonly group: GroupNumberId
        readonly agent: AgentId
        readonly by: 'caller' | 'agent' | 'transfer' | 'lost'
        readonly talked: number
      }
    | {
        readonly type: 'left'
        readonly call: CallId
        readonly group: GroupNumberId
        readonly why: 'abandoned' | 'timeout' | 'closed' | 'noAgents' | 'lost'
        readonly waited: number
        readonly position: number
        readonly then?: Action
      }
    | {
        readonly type: 'moved'
        readonly call: CallId
        readonly group: GroupNumberId
        readonly to: GroupNumberId
        readonly why: string
        readonly waited: number
      }
    | {
        readonly type: 'returned'
        readonly call: CallId
        readonly group: GroupNumberId
        readonly agent: AgentId
        readonly talked: number
      }
    | { readonly type: 'voicemailLeft'; readonly call: CallId; readonly group: GroupNumberId; readonly seconds: number }
    | { readonly type: 'served'; readonly call: CallId; readonly service: 'logIn' | 'record' }
  )
