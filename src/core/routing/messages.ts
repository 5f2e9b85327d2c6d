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

export type Service = 'logIn' | 'record'
/** What can be recorded by telephone. */
export type RecordedKind = 'welcome' | 'closed' | 'comfort' | 'overflow'

export type DeviceState = 'ready' | 'busy' | 'gone'
/**
 * - `agent`, `other`: who hung up; `agent` also of a call given up before it was answered;
 * - `refused`: by `refuseCall`; `ordered`: by `hangUp`;
 * - `unknown`: there is no such number (404, 410, 484, 604);
 * - `unreachable`: no telephone to ring, or no line out;
 * - `lost`: the dialog or the media of one side is dead.
 */
export type AgentCallEnd =
  | 'agent'
  | 'other'
  | 'refused'
  | 'ordered'
  | 'busy'
  | 'noAnswer'
  | 'rejected'
  | 'unknown'
  | 'unreachable'
  | 'failed'
  | 'lost'
export type DeclineCause = 'noAnswer' | 'busy' | 'rejected' | 'unreachable' | 'failed'
export type PlayPurpose = 'welcome' | 'closed' | 'comfort' | 'overflow' | 'position' | 'menu'
export type MonitorMode = 'listen' | 'whisper' | 'barge' | 'off'
/** Whom an agent's own call goes to. `echo`: nobody, the agent hears what they say. */
export type CallTarget = { readonly agent: AgentId } | { readonly number: E164 } | { readonly echo: true }
/** Of a call between three: whether the caller is still one of them. */
export type ThreeWay = 'all' | 'callerLeft'
/** Who was consulted, and is there. */
export type ThirdParty = { readonly agent: AgentId } | { readonly number: E164 }
export type TransferTarget = { readonly agent: AgentId } | { readonly group: GroupNumberId } | { readonly number: E164 }

/** A part of a spoken announcement. */
export type SpokenPart =
  | { readonly say: 'message'; readonly message: MessageId }
  /** Whole, 0 to 9999. `common`: Swedish says *en* for one, as of minutes, in place of *ett*. */
  | { readonly say: 'number'; readonly number: number; readonly gender?: 'common' }
  | { readonly say: 'text'; readonly text: string }
  /** What the caller has recorded, by its name in the directory of recordings. */
  | { readonly say: 'recording'; readonly file: string }

/** What the switch holds of one call when a service attaches to it. */
export interface HeldCall {
  readonly call: CallId
  /** Of a callback: the number rung back, or the one shown to the agent while that is not known. */
  readonly to: E164
  readonly from?: E164
  readonly name?: string
  readonly arrived: Instant
  readonly answered: boolean
  readonly hears:
    | { readonly kind: 'nothing' }
    | { readonly kind: 'music' }
    | { readonly kind: 'message'; readonly play?: PlayId; readonly message: MessageId }
    /** What a `say` says. */
    | { readonly kind: 'speech'; readonly play?: PlayId }
    | { readonly kind: 'recording' }
    /** The offer is that of the agent's leg, by which the switch will name it. */
    | { readonly kind: 'agent'; readonly agent: AgentId; readonly offer?: OfferId }
    | { readonly kind: 'forwarded' }
  /** Rung back, or to be: a caller who is not `answered` is not on the line yet. */
  readonly callback?: true
  /** The agent who has the caller talks to a third party; the caller hears music meanwhile. */
  readonly consulting?: {
    readonly agent: AgentId
    /** The agent's own leg. */
    readonly offer: OfferId
    readonly to: TransferTarget
    /** The third party is there. */
    readonly answered: boolean
    /** They hear each other: all three, or the agent and the third party, whom the caller has left. */
    readonly threeWay?: ThreeWay
  }
  /** The agents' legs that ring or are answered but not connected. */
  readonly offers: readonly {
    readonly agent: AgentId
    readonly offer?: OfferId
    readonly answered: boolean
  }[]
}

/** What the switch holds of a call that an agent has made, once it has been placed. */
export interface HeldAgentCall {
  readonly call: CallId
  readonly agent: AgentId
  readonly to: CallTarget
  readonly answered: boolean
}

/** Something that happened: named in the past tense, and carrying the time it happened. */
export type RoutingEvent = Readonly<
  { at: Instant } & (
    | SwitchEvent
    /** `as: 'before'`: to the group numbers logged out of the last time it was everywhere; to all, where none is known. */
    | { type: 'loggedIn'; agent: AgentId; group?: GroupNumberId; as?: 'before'; by?: ActorId }
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
    /** Of a call to a service number that asks for a PIN: its digits go to the service, and never come here. `by`: whose it was. */
    | { type: 'pinChecked'; call: CallId; ok: boolean; by?: ActorId }
    | { type: 'transferAsked'; call: CallId; agent: AgentId; to: TransferTarget; how: 'now' | 'consult' }
    | { type: 'transferConfirmed'; call: CallId }
    | { type: 'transferCancelled'; call: CallId }
    /** The agent puts the caller, the third party and themselves together. */
    | { type: 'threeWayAsked'; call: CallId }
    | { type: 'picked'; call: CallId; agent: AgentId }
    | { type: 'callMoved'; call: CallId; group: GroupNumberId }
    | { type: 'prioritised'; call: CallId; priority: number }
    | { type: 'monitored'; call: CallId; by: AgentId; mode: MonitorMode }
    | { type: 'configured'; configuration: Configuration }
    | { type: 'switchAttached'; calls: readonly HeldCall[]; agentCalls?: readonly HeldAgentCall[] }
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
      /** Who calls is at `from` beyond doubt, and needs no PIN to log in. A trunk only says so: a number can be forged. */
      readonly trusted?: true
      /** The switch has as many callers as it can serve. */
      readonly crowded?: true
    }
  | { readonly type: 'callerHungUp'; readonly call: CallId }
  | { readonly type: 'digitPressed'; readonly call: CallId; readonly digit: string }
  /** No `message`: the parts of a `say`. */
  | { readonly type: 'played'; readonly call: CallId; readonly message?: MessageId; readonly play?: PlayId }
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
  /**
   * `file`: a name in the directory of recordings. Nothing was said, or it could not be kept: `seconds` 0, and `file` empty.
   * Told before the `callerHungUp` that ended it.
   */
  | { readonly type: 'recorded'; readonly call: CallId; readonly file: string; readonly seconds: number }
  /** How it goes with the number outside that a `forward` or a `consult` rings. */
  | {
      readonly type: 'forwarded'
      readonly call: CallId
      readonly result: 'answered' | 'busy' | 'noAnswer' | 'failed' | 'ended'
    }
  /**
   * An agent's softphone makes a call. It hears nothing yet: the service answers with `placeCall` or `refuseCall`. Until the
   * end the agent's device is `busy`, and so is that of a colleague who has answered.
   */
  | {
      readonly type: 'agentCalled'
      readonly call: CallId
      readonly agent: AgentId
      /** As dialled (the user part of the Request-URI, decoded, 200 characters at most): a number, a colleague's id, or `echo`. */
      readonly to: string
      /** What the agent asks to be shown as (P-Preferred-Identity, RFC 3325); absent: nothing of their own choice. */
      readonly as?: E164
    }
  | { readonly type: 'agentCallAnswered'; readonly call: CallId; readonly agent: AgentId }
  /** Told once of every `agentCalled`, however it ended. */
  | { readonly type: 'agentCallEnded'; readonly call: CallId; readonly agent: AgentId; readonly why: AgentCallEnd }
  /** The caller of a callback is on the line; from then on the call is like any other. */
  | { readonly type: 'callbackAnswered'; readonly call: CallId }
  /** `busy`, `noAnswer`, `failed`, or `noTrunk`. */
  | { readonly type: 'callbackFailed'; readonly call: CallId; readonly cause: string }

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
  /** To the caller, or to an agent who has answered; its end is told as `played` where it carries a `play`. */
  | {
      readonly type: 'say'
      readonly call: CallId
      readonly agent?: AgentId
      readonly parts: readonly SpokenPart[]
      readonly play?: PlayId
    }
  | { readonly type: 'stopPlaying'; readonly call: CallId }
  /** From here on, whenever nothing else plays; goes on where it was. */
  | { readonly type: 'music'; readonly call: CallId; readonly messages: readonly MessageId[] }
  /** A beep, then the caller's words until `maxSeconds`, a `#`, silence, hang-up, or a command that lets them hear something else. */
  | { readonly type: 'record'; readonly call: CallId; readonly maxSeconds: number }
  | {
      readonly type: 'ring'
      readonly call: CallId
      readonly agent: AgentId
      readonly offer: OfferId
      readonly show: Presentation
      /** The caller is not on the line, and is rung back (`callOut`) when the agent is: a call that is not held is begun. */
      readonly callback?: true
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
  /** Rings the caller of a callback, for whom an agent is there. What comes of it: `callbackAnswered`, `callbackFailed`. */
  | { readonly type: 'callOut'; readonly call: CallId; readonly to: E164; readonly show: Presentation }
  /**
   * Rings whom an agent has called; the agent hears the far side's ringing, its early sound (183) where it sends any, or gets its refusal as the
   * final status. What comes of it: `agentCallAnswered`, `agentCallEnded`. `hangUp` ends it.
   */
  | {
      readonly type: 'placeCall'
      readonly call: CallId
      readonly agent: AgentId
      readonly to: CallTarget
      /** What the called side is shown; no number: hidden. */
      readonly show: { readonly number?: E164; readonly name?: string }
      /** Heard by whichever of the two is held by the other. */
      readonly music: readonly MessageId[]
    }
  /** `destination`, `identity`: 403; `unknown`: 404; `unavailable`: 503. */
  | {
      readonly type: 'refuseCall'
      readonly call: CallId
      readonly why: 'destination' | 'identity' | 'unknown' | 'unavailable'
    }
  /**
   * The agent, who has the caller, speaks with a third party first. Events about another agent's leg are those of a `ring`
   * with this `offer`; about a number outside, `forwarded`. When the third party goes, the caller is back with the agent.
   */
  | {
      readonly type: 'consult'
      readonly call: CallId
      readonly agent: AgentId
      readonly to: TransferTarget
      readonly offer?: OfferId
      readonly show?: Presentation
    }
  /** The caller and the third party are put together, and the agent's leg ends. */
  | { readonly type: 'completeTransfer'; readonly call: CallId }
  /** The third party's leg ends; the caller is back with the agent. */
  | { readonly type: 'cancelTransfer'; readonly call: CallId }
  /**
   * The caller, the agent and the third party, who is there, hear each other. Whoever of them goes leaves the other two
   * together, without a command: the caller and the third party as after `completeTransfer`, the caller and the agent as after
   * `cancelTransfer`; the agent and the third party until one of them goes too, or `hangUp`.
   */
  | { readonly type: 'threeWay'; readonly call: CallId }
  | {
      readonly type: 'monitor'
      readonly call: CallId
      readonly by: AgentId
      readonly mode: MonitorMode
    }
  /** The caller is taken from whoever has them or rings for them, and hears silence until what follows: `play`, `say`, `record`. */
  | { readonly type: 'takeMessage'; readonly call: CallId }
  | { readonly type: 'hangUp'; readonly call: CallId; readonly why: HangUpReason }

export type AgentState = 'loggedOut' | 'available' | 'ringing' | 'talking' | 'wrapUp' | 'paused'

/** What the router tells the journal, the desks and the reports. Durations in milliseconds. */
export type Notice = { readonly at: Instant } &
  /** Every caller admitted, also one rung at once. */
  (
    | { readonly type: 'queued'; readonly call: CallId; readonly group: GroupNumberId; readonly position: number }
    /** The caller has been let go and will be rung back; the place is kept, and the stay goes on. */
    | { readonly type: 'callbackAsked'; readonly call: CallId; readonly group: GroupNumberId; readonly number: E164 }
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
        /** `notReached`: rung back in vain, as often as is set. */
        readonly why: 'abandoned' | 'timeout' | 'closed' | 'noAgents' | 'lost' | 'notReached'
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
    /**
     * The caller is with the agent still, or, where the agent has left, back in the queue. `unavailable`: could not be rung;
     * `ended`: the third party hung up; `refused`: the service or the switch did not take it.
     */
    | {
        readonly type: 'transferFailed'
        readonly call: CallId
        readonly group: GroupNumberId
        readonly agent: AgentId
        readonly why: 'unavailable' | 'busy' | 'noAnswer' | 'rejected' | 'unreachable' | 'failed' | 'ended' | 'refused'
      }
    /** The caller, the agent and a third party speak with each other. */
    | {
        readonly type: 'threeWayStarted'
        readonly call: CallId
        readonly group: GroupNumberId
        readonly agent: AgentId
        readonly with: ThirdParty
      }
    /** `left`: who of the three went first; `lost`: the switch had them no more. */
    | {
        readonly type: 'threeWayEnded'
        readonly call: CallId
        readonly group: GroupNumberId
        readonly agent: AgentId
        readonly with: ThirdParty
        readonly left: 'caller' | 'agent' | 'third' | 'lost'
        readonly talked: number
      }
    | {
        readonly type: 'returned'
        readonly call: CallId
        readonly group: GroupNumberId
        readonly agent: AgentId
        readonly talked: number
      }
    | {
        readonly type: 'voicemailLeft'
        readonly call: CallId
        readonly group: GroupNumberId
        /** As `recorded` told it. */
        readonly file: string
        readonly seconds: number
      }
    /** A call to a service number is over, or what it was for is done. */
    | {
        readonly type: 'served'
        readonly call: CallId
        readonly service: Service
        /** Accepted by who recorded it. */
        readonly recorded?: {
          readonly group: GroupNumberId
          readonly kind: RecordedKind
          readonly file: string
          readonly seconds: number
          /** Whose PIN it was. */
          readonly by?: ActorId
        }
      }
  )
