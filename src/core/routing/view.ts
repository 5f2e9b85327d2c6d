import type { AgentId, E164, GroupNumberId } from '../configuration/types.ts'
import type { Instant } from '../time.ts'
import type {
  AgentState,
  CallId,
  DeviceState,
  MonitorMode,
  OfferId,
  Service,
  ThreeWay,
  TransferTarget,
} from './messages.ts'

/** What the desks show of the live state: plain data. */
export interface RouterView {
  readonly agents: readonly AgentView[]
  /** Every call in a stay: waiting, rung for, or talking; and those that hear a last message. */
  readonly calls: readonly CallView[]
  /** Calls to service numbers; absent: none. In step `pin` the digits are for the service, and `pinChecked` is awaited. */
  readonly served?: readonly ServedView[]
}

/** Where a call to a service number has come to. */
export type ServedStep = 'pin' | 'menu' | 'groups' | 'number' | 'kind' | 'record' | 'recording' | 'review' | 'farewell'

export interface ServedView {
  readonly call: CallId
  readonly service: Service
  readonly step: ServedStep
  readonly from?: E164
  /** Known by the number called from. */
  readonly agent?: AgentId
  /** Of `record`: what it is for. */
  readonly group?: GroupNumberId
}

export interface AgentView {
  readonly agent: AgentId
  readonly state: AgentState
  /** When the state began. */
  readonly since: Instant
  /** The group numbers this agent is logged in to. */
  readonly loggedIn: readonly GroupNumberId[]
  /** Logged out everywhere: where the agent was logged in before; absent: not known. */
  readonly before?: readonly GroupNumberId[]
  readonly device: DeviceState
  readonly pauseReason?: string
  readonly wrapUpUntil?: Instant
  /** The call offered or talked in. */
  readonly call?: CallId
  readonly misses: number
}

export interface CallView {
  readonly call: CallId
  readonly group: GroupNumberId
  readonly from?: E164
  readonly name?: string
  /** Arrival in this group number; waits count from here. */
  readonly arrived: Instant
  readonly phase: 'welcome' | 'waiting' | 'ringing' | 'talking' | 'leaving'
  /** Place in the queue, from 1; absent once talking or leaving. */
  readonly position?: number
  readonly offers: readonly {
    readonly agent: AgentId
    readonly offer: OfferId
    readonly until: Instant
    /** Answered at an ordinary phone, and not accepted yet. */
    readonly answered?: true
  }[]
  /** To be rung back: nobody is on the line. */
  readonly callback?: {
    readonly number: E164
    readonly triesLeft: number
    readonly until: Instant
    /** An agent has answered, and the caller is being rung. */
    readonly calling?: true
  }
  /** The agent speaks with somebody who may take the caller over. */
  readonly consulting?: {
    readonly to: TransferTarget
    /** Who is asked, where it is an agent. */
    readonly agent?: AgentId
    readonly offer?: OfferId
    readonly answered: boolean
    /** They hear each other: all three, or the agent and the third party, whom the caller has left. */
    readonly threeWay?: ThreeWay
  }
  /** Who listens in, and how. */
  readonly monitors?: readonly { readonly agent: AgentId; readonly mode: Exclude<MonitorMode, 'off'> }[]
  readonly agent?: AgentId
  readonly talkingSince?: Instant
}
