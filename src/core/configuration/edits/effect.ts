import type {
  Action,
  AgentId,
  AgreementId,
  ExceptionId,
  GroupNumberId,
  MessageId,
  MessageKind,
  ScheduleId,
  Settings,
} from '../types.ts'

/** Where in a group number something is chosen. */
export type Chosen =
  | { readonly in: 'groupNumber' }
  | { readonly in: 'schedule'; readonly schedule: ScheduleId }
  | { readonly in: 'exception'; readonly exception: ExceptionId }
  | { readonly in: 'override' }
  | { readonly in: 'setting'; readonly setting: keyof Settings }

/** What an edit changes beside what it names: said before it is done, done with it. Names are looked up in the document. */
export type Effect =
  /** The agent was a member there. */
  | { readonly kind: 'leaves'; readonly group: GroupNumberId; readonly agent: AgentId }
  /** Nobody is left to answer. */
  | { readonly kind: 'nobodyLeft'; readonly group: GroupNumberId }
  /** The message was chosen there as `use`; now `instead` plays (`null`: silence). Music: the first of what plays. */
  | {
      readonly kind: 'plays'
      readonly group: GroupNumberId
      readonly chosen: Chosen
      readonly message: MessageId
      readonly use: Exclude<MessageKind, 'other'>
      readonly instead: MessageId | null
    }
  /** A group number's own message goes with it. */
  | { readonly kind: 'messageRemoved'; readonly message: MessageId }
  /** Callers were sent to the removed group number; now `instead` is done. */
  | {
      readonly kind: 'action'
      readonly group: GroupNumberId
      readonly chosen: Chosen
      readonly instead: Action | { readonly do: 'queue' }
    }
  /** Another schedule is active than before; `null`: none, so the group number is closed but for exceptions. */
  | { readonly kind: 'active'; readonly group: GroupNumberId; readonly schedule: ScheduleId | null }
  | {
      readonly kind: 'moves'
      readonly what: 'agreement' | 'agent' | 'groupNumber'
      readonly id: string
      readonly to: AgreementId
    }
