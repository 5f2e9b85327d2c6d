import type { Action, AgentId, CallerRule, E164, GroupNumberId, MessageId } from '../configuration/types.ts'
import type { Instant } from '../time.ts'
import type { HoursReason } from './compile-hours.ts'

/** Who could answer: `none` is logged in, all are `busy`, or one is `free`. */
export type Staffing = 'none' | 'busy' | 'free'

export interface CallerQuestion {
  readonly number: E164
  readonly at: Instant
  /** Absent: a hidden number. */
  readonly from?: E164
  readonly staffing: Staffing
  /** Callers who wait already, in each group number. @default 0 */
  readonly waiting?: number
}

/** What chose a message. `preset`: nothing did, so it is the prerecorded one. */
export type MessageSource = 'override' | 'exception' | 'schedule' | 'groupNumber' | 'preset'

/** One step of a caller's way; in order. */
export type CallerStep = {
  /** Seconds after the call came. */
  readonly after: number
  readonly group: GroupNumberId
} & (
  | {
      readonly kind: 'arrives'
      readonly open: boolean
      readonly reason: HoursReason
      readonly next: { readonly at: Instant; readonly open: boolean } | null
    }
  | { readonly kind: 'blocked'; readonly rule: CallerRule }
  /** Served before or after others. */
  | { readonly kind: 'priority'; readonly rule: CallerRule }
  /** `message` null: silence. `every`: comes back that many seconds after its end, until something else happens. */
  | {
      readonly kind: 'plays'
      readonly as: 'welcome' | 'closed' | 'comfort' | 'overflow'
      readonly message: MessageId | null
      readonly seconds: number
      readonly chosenBy: MessageSource
      readonly every?: number
    }
  /** A voice says the place or the wait to come; how long that takes is not counted. Comes back as `plays` does. */
  | { readonly kind: 'announces'; readonly position: boolean; readonly wait: boolean; readonly every: number }
  | { readonly kind: 'queued'; readonly position: number }
  | { readonly kind: 'music'; readonly messages: readonly MessageId[]; readonly chosenBy: 'groupNumber' | 'preset' }
  /** Who is rung first, of the members who could be: level 1, or the lowest there is. `all`: at once. */
  | { readonly kind: 'rings'; readonly agents: readonly AgentId[]; readonly all: boolean; readonly seconds: number }
  | { readonly kind: 'answered' }
  /** Waits until somebody is free: there is no limit. */
  | { readonly kind: 'waitsOn' }
  /** The way in this group number ends, and `then` is done after the message. `asked`: what the document says, where that cannot be done. */
  | {
      readonly kind: 'leaves'
      readonly why: 'closed' | 'blocked' | 'full' | 'noAgents' | 'timeout' | 'closing'
      readonly then: Action
      readonly asked?: Action
    }
  | { readonly kind: 'forwarded'; readonly to: E164 }
  /** The caller may leave a message of so many seconds; then the call ends. */
  | { readonly kind: 'voicemail'; readonly maxSeconds: number }
  | { readonly kind: 'hungUp' }
)

/** `unknown`: no group number has this number. */
export type CallerWay = { readonly kind: 'unknown' } | { readonly kind: 'way'; readonly steps: readonly CallerStep[] }
