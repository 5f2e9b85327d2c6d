import type { Action, Configuration, GroupNumber, MessageId } from '../configuration/types.ts'
import type { Instant } from '../time.ts'

/** What routing asks of opening hours (design section 6). */
export interface HoursOfGroup {
  statusAt(at: Instant): {
    readonly open: boolean
    /** Welcome when open, closed when not; null: silence. */
    readonly message: MessageId | null
    /** Of the override or exception that decides; absent: `whenClosed`. */
    readonly action?: Action | undefined
    /** The first instant at which `open` flips. */
    readonly next: { readonly at: Instant; readonly open: boolean } | null
  }
}

export type CompileHours = (configuration: Configuration, group: GroupNumber) => HoursOfGroup
