import type { CallId, Notice } from '../routing/messages.ts'
import type { GroupNumberId } from '../configuration/types.ts'
import { instant, type Instant } from '../time.ts'

type RefusedWhy = Extract<Notice, { type: 'refused' }>['why']
type LeftWhy = Extract<Notice, { type: 'left' }>['why']

/** How one stay of a caller in a group number went. Durations in milliseconds. */
export interface Stay {
  readonly group: GroupNumberId
  readonly arrived: Instant
  /** Of the first connection; a caller who came back from a dead leg was answered before. */
  readonly answeredAfter?: number
  readonly talked: number
  /** Asked to be rung back. */
  readonly callback: boolean
  readonly voicemail: boolean
  readonly end:
    | { readonly kind: 'open' }
    | { readonly kind: 'refused'; readonly why: RefusedWhy }
    | { readonly kind: 'left'; readonly why: LeftWhy; readonly waited: number }
    | { readonly kind: 'completed' }
    | { readonly kind: 'moved' }
}

/**
 * The stays that notices tell of, in the order in which they began. A notice whose wait is not known (a journal that
 * was cut, or of another version) is passed over; a wait of 0 is a wait.
 */
export function readStays(notices: readonly Notice[]): readonly Stay[] {
  const stays: Stay[] = []
  /** The place in `stays` of the call's newest one. */
  const newest = new Map<CallId, number>()
  const begin = (call: CallId, stay: Pick<Stay, 'group' | 'arrived'> & Partial<Stay>) => {
    newest.set(call, stays.length)
    stays.push({ talked: 0, callback: false, voicemail: false, end: { kind: 'open' }, ...stay })
  }
  /** Of a journal that begins within the stay there is nothing to change. */
  const change = (call: CallId, group: GroupNumberId, changed: (stay: Stay) => Partial<Stay>) => {
    const place = newest.get(call) ?? -1
    const stay = stays[place]
    if (stay?.group === group) stays[place] = { ...stay, ...changed(stay) }
  }

  for (const notice of notices) {
    switch (notice.type) {
      case 'queued':
        begin(notice.call, { group: notice.group, arrived: notice.at })
        break
      case 'refused':
        begin(notice.call, { group: notice.group, arrived: notice.at, end: { kind: 'refused', why: notice.why } })
        break
      case 'connected': {
        const { call, group, waited } = notice
        if (!isKnown(waited)) break
        if (!newest.has(call)) begin(call, { group, arrived: instant(notice.at - waited) })
        change(call, group, ({ answeredAfter = waited }) => ({ answeredAfter }))
        break
      }
      case 'returned':
        change(notice.call, notice.group, ({ talked }) => ({ talked: talked + notice.talked }))
        break
      case 'completed':
        change(notice.call, notice.group, ({ talked }) => ({
          talked: talked + notice.talked,
          end: { kind: 'completed' },
        }))
        break
      case 'left': {
        const { call, group, why, waited } = notice
        if (!isKnown(waited)) break
        if (!newest.has(call)) begin(call, { group, arrived: instant(notice.at - waited) })
        change(call, group, () => ({ end: { kind: 'left', why, waited } }))
        break
      }
      case 'moved':
        change(notice.call, notice.group, () => ({ end: { kind: 'moved' } }))
        break
      case 'callbackAsked':
        change(notice.call, notice.group, () => ({ callback: true }))
        break
      case 'voicemailLeft':
        change(notice.call, notice.group, () => ({ voicemail: true }))
        break
      default:
    }
  }
  return stays
}

const isKnown = (waited: unknown) => typeof waited === 'number' && Number.isFinite(waited)
