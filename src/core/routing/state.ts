import type {
  Action,
  Agent,
  AgentId,
  Configuration,
  E164,
  GroupNumber,
  GroupNumberId,
  MessageId,
  Settings,
} from '../configuration/types.ts'
import type { Instant } from '../time.ts'
import type { CallerRules } from './caller-rules.ts'
import type { FreeAgents } from './free-agents.ts'
import type { HoursOfGroup } from './hours-of-group.ts'
import type {
  ActorId,
  AgentState,
  CallId,
  DeviceState,
  HangUpReason,
  MonitorMode,
  OfferId,
  PlayId,
  PlayPurpose,
  RecordedKind,
  Service,
  TransferTarget,
} from './messages.ts'
import type { ServedStep } from './view.ts'

/** A group number as the router works on it: the configuration's, compiled, and who is free and waits in it. */
export interface GroupRecord {
  readonly id: GroupNumberId
  readonly configured: GroupNumber
  readonly settings: Settings
  readonly hours: HoursOfGroup
  readonly callers: CallerRules
  readonly strategy: StrategyRule
  readonly comfort: MessageId | null
  readonly overflow: MessageId | null
  readonly music: readonly MessageId[]
  /** Lowest first. */
  readonly levels: readonly LevelRecord[]
  readonly members: ReadonlyMap<AgentId, Membership>
  loggedIn: number
  /** Over all levels. */
  free: number
  /** In order of service: waiting, rung for, or hearing the welcome message. */
  readonly waiting: CallRecord[]
  /** Those of `waiting` for whom a free agent is to be rung. */
  readonly wanting: CallRecord[]
  /** Place in member order of the one offered a call last; -1: nobody yet. */
  lastOffered: number
  closing: Deadline | undefined
  readonly pace: Pace
  /** In the assignment pass: how many of `wanting` have been looked at. */
  looked: number
  /** No longer configured: only calls talked in remain. */
  removed: boolean
}

/** How fast callers are served while more of them wait than can be rung for (docs/decisions/0002). */
export interface Pace {
  /** Milliseconds of all agents who are logged in that one caller takes: a running mean. */
  work: number
  /** How many connections `work` is the mean of. */
  samples: number
  /** The last connection, if callers have waited unrung ever since. */
  since: Instant | undefined
}

export interface LevelRecord {
  readonly level: number
  readonly free: FreeAgents
  /** By place in `free`. */
  readonly members: readonly Membership[]
}

export interface Membership {
  readonly agent: AgentRecord
  readonly group: GroupRecord
  readonly level: LevelRecord
  /** In the level. */
  readonly place: number
  /** In member order of the group number. */
  readonly order: number
  readonly weight: number
}

export interface AgentRecord {
  readonly id: AgentId
  /** Whoever answers an ordinary phone has to accept the call: it may be somebody's voicemail. */
  answersAt: Agent['answersAt']
  /** Wins over the group number's. */
  wrapUpSeconds: number | undefined
  memberships: readonly Membership[]
  readonly loggedIn: Set<GroupNumberId>
  /** Where the agent was logged in until the last log-out that left nothing. */
  before: readonly GroupNumberId[]
  /** When the agent was last logged out everywhere and then logged in. */
  loggedInAt: Instant
  device: DeviceState
  paused: { readonly reason?: string } | undefined
  /** The offer or the call; never both, never two. */
  engaged: OfferRecord | TalkRecord | undefined
  wrapUp: Deadline | undefined
  misses: number
  /** End of the last completed call. */
  completedAt: Instant | undefined
  /** Completed, and milliseconds talked, since midnight in the company's zone. */
  calls: number
  talked: number
  free: boolean
  state: AgentState
  since: Instant
  /** The state that the last notice told. */
  told: AgentState
  touched: boolean
}

/** One ring of one agent for one caller. */
export interface OfferRecord {
  readonly kind: 'offer'
  readonly id: OfferId
  readonly call: CallRecord
  readonly agent: AgentRecord
  /** Of the agent in the group number, as configured now. */
  level: number
  readonly since: Instant
  /** The agent took the caller by hand: nobody else is rung meanwhile. */
  picked: boolean
  /** The phone is answered, and has yet to accept: `deadline` is the end of that. */
  answered: boolean
  deadline: Deadline | undefined
}

export interface TalkRecord {
  readonly kind: 'talk'
  readonly call: CallRecord
  readonly agent: AgentRecord
  readonly offer: OfferId
  readonly since: Instant
}

/** A caller who has asked to be rung back: the place in the queue is kept, the line is not. */
export interface Away {
  readonly number: E164
  /** Left. */
  tries: number
  readonly until: Instant
  /** Rest after a try. */
  notBefore: Instant
  /** The group number is; nobody is rung back while it is closed. */
  open: boolean
  /** The agent has answered, and waits while the caller is rung. */
  calling: OfferRecord | undefined
}

/** A call to a service number: it is in no group number, and no agent is rung. */
export interface ServedCall {
  readonly id: CallId
  readonly service: Service
  readonly from: E164 | undefined
  step: ServedStep
  /** Pressed in this step, of what ends with #. */
  entered: string
  /** PINs that were wrong. */
  wrong: number
  agent: AgentId | undefined
  group: GroupNumberId | undefined
  kind: RecordedKind | undefined
  recording: { readonly file: string; readonly seconds: number } | undefined
  /** Whose PIN it was; absent also in snapshots of before. */
  by?: ActorId | undefined
  play: PlayId | undefined
  /** The notice has been given. */
  told: boolean
  idle: Deadline | undefined
}

/** The agent speaks with somebody first who may take the caller over. */
export interface Transfer {
  readonly to: TransferTarget
  /** The number outside is; of an agent the offer says it. */
  answered: boolean
  /** Stands for the caller where an agent is asked; undefined: it is a number outside. In no queue. */
  readonly party: CallRecord | undefined
  /** All three speak with each other, or the two whom the caller has left. */
  threeWay: { readonly since: Instant; callerLeft: boolean } | undefined
}

/**
 *   welcome ──▶ waiting ──▶ talking
 *      │         │  ▲          │
 *      ▼         ▼  └─returned─┘
 *     leaving (a last message, a forwarding, a recording) ──▶ a new stay, or gone
 */
export type Stage =
  /** Hears the welcome message and is not rung for yet. */
  | { readonly phase: 'welcome' }
  /** Also while being rung for. */
  | { readonly phase: 'waiting' }
  | { readonly phase: 'talking'; readonly talk: TalkRecord }
  | {
      readonly phase: 'leaving'
      readonly why: HangUpReason
      readonly then: Action
      readonly forwarded: boolean
      /** The number outside has answered. */
      readonly reached?: true
      /** Speaks a message to the group number. */
      readonly recording?: true
      /** Handed on by this agent to a number that has yet to answer: the caller comes back if it does not. */
      readonly transferredBy?: AgentId
    }
  /** Of the party of a `Transfer` only. */
  | { readonly phase: 'consulted' }

export interface CallRecord {
  readonly id: CallId
  readonly to: E164
  readonly from: E164 | undefined
  readonly name: string | undefined
  group: GroupRecord
  stage: Stage
  answered: boolean
  /** Caller priority, higher first. */
  priority: number
  /** Counts arrivals in a group number: the place in the queue among equals. */
  order: number
  /** Waits count from here. */
  arrived: Instant
  /** No `message`: it is said. */
  play: { readonly id: PlayId; readonly message?: MessageId; readonly as: PlayPurpose } | undefined
  /** What a waiting caller has entered after asking for a callback, and when. */
  keypad: { readonly digits: string; readonly at: Instant } | undefined
  away: Away | undefined
  transfer: Transfer | undefined
  /** Who listens in. */
  readonly monitors: Map<AgentId, Exclude<MonitorMode, 'off'>>
  readonly offers: OfferRecord[]
  /** Offered the caller in this round. */
  readonly tried: Set<AgentId>
  /** Not rung for this caller before the instant. */
  readonly declined: Map<AgentId, Instant>
  wants: boolean
  /** Group numbers this caller has come through by overflow, this one included. */
  visited: readonly GroupNumberId[]
  limit: Deadline | undefined
  comfort: Deadline | undefined
  /** When a caller who is away may be rung back, or no longer. */
  callback: Deadline | undefined
  retry: Deadline | undefined
  escalate: Deadline | undefined
  progress: Deadline | undefined
  /** The offers that timed out at this instant: an answer to them without an offer's id is late. */
  timedOut: { readonly at: Instant; readonly agent: AgentId } | undefined
}

/** What was compiled from one configuration. */
export interface Compiled {
  readonly configuration: Configuration
  readonly groups: ReadonlyMap<GroupNumberId, GroupRecord>
  readonly byNumber: ReadonlyMap<E164, GroupRecord>
  readonly byService: ReadonlyMap<string, Service>
}

/** What happens when a deadline is due. */
export type Due =
  | { readonly kind: 'ring'; readonly offer: OfferRecord }
  | { readonly kind: 'wrapUp'; readonly agent: AgentRecord }
  /** The caller has waited `maxWaitSeconds`. */
  | { readonly kind: 'limit'; readonly call: CallRecord }
  | { readonly kind: 'closing'; readonly group: GroupRecord }
  | { readonly kind: 'comfort'; readonly call: CallRecord }
  /** Nobody has pressed anything for long. */
  | { readonly kind: 'served'; readonly served: ServedCall }
  /** The group number opens or closes for a caller who is away, or the rest after a try is over. */
  | { readonly kind: 'callback'; readonly call: CallRecord }
  /** An agent who declined may be rung again. */
  | { readonly kind: 'retry'; readonly call: CallRecord }
  /** A higher level opens. */
  | { readonly kind: 'escalate'; readonly call: CallRecord }
  /** One more agent is rung. */
  | { readonly kind: 'progress'; readonly call: CallRecord }

export interface Deadline {
  at: Instant
  /** Of deadlines of one instant and rank, the one set first fires first. */
  readonly order: number
  readonly due: Due
  /** Place in the heap; -1: not in it. */
  place: number
}

/** Who is rung first of the free agents of one level. */
export interface StrategyRule {
  /** One at a time; all at once; or one more every `progressSeconds`. */
  readonly rings: 'one' | 'all' | 'more'
  /** The least is first, and equals go by member order; taken when the agent becomes free. */
  readonly key: (agent: AgentRecord) => number
  readonly weight: (membership: Membership) => number
  /** A place in the level; there is at least one who is free. */
  readonly choose: (free: FreeAgents, turn: Turn) => number
}

export interface Turn {
  /** The place in this level before which, or at which, the one offered a call last stands; -1: at the top. */
  readonly lastOffered: number
  /** From 0, inclusive, to 1, exclusive. */
  readonly draw: () => number
}
