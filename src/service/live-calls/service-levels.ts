import { settingsOf } from '../../core/configuration/presets.ts'
import type { Configuration, GroupNumberId } from '../../core/configuration/types.ts'
import { dayMillis } from '../../core/hours/local-time.ts'
import { zoneOf } from '../../core/hours/zone.ts'
import type { CallId, Notice } from '../../core/routing/messages.ts'
import { instant, seconds, type Instant } from '../../core/time.ts'
import type { ServiceLevelToday } from '../../contract/console.ts'
import type { JournalEntry } from '../ports.ts'

/** How many callers were answered in time since midnight by the company's clock. */
export interface ServiceLevels {
  /** In the order of the journal. */
  readonly saw: (entry: JournalEntry) => void
  /** Undefined where nobody has rung today; the same object until it changes. */
  readonly of: (group: GroupNumberId, now: Instant) => ServiceLevelToday | undefined
  /** When the day of this moment began, and when the next one does. */
  readonly dayOf: (now: Instant) => { readonly from: Instant; readonly to: Instant }
}

interface Counted {
  readonly from: Instant
  readonly level: ServiceLevelToday
}

/** Derived from what the journal holds, so that a restart finds it again. */
export function serviceLevels(configuration: () => Configuration): ServiceLevels {
  const counted = new Map<GroupNumberId, Counted>()
  /** Stays whose answer is counted: a caller who comes back from a lost agent is answered twice. */
  const answered = new Set<CallId>()

  function dayOf(now: Instant) {
    const zone = zoneOf(configuration().company.timeZone)
    const local = now + zone.spanAt(now).offset
    const midnight = local - (local % dayMillis)
    // The offset may change in the day: the one that holds at its midnight counts there.
    const at = (wall: number) => instant(wall - zone.spanAt(instant(wall - zone.spanAt(now).offset)).offset)
    return { from: at(midnight), to: at(midnight + dayMillis) }
  }

  function saw(entry: JournalEntry) {
    if (entry.kind === 'notice') sawNotice(entry.notice)
  }

  function sawNotice(notice: Notice) {
    switch (notice.type) {
      case 'queued':
        answered.delete(notice.call)
        return
      case 'connected':
        if (answered.has(notice.call)) return
        answered.add(notice.call)
        count(notice.group, notice.at, notice.waited)
        return
      case 'refused':
        // The number was closed, or the caller is blocked: nobody was to answer.
        if (notice.why === 'full' || notice.why === 'noAgents') count(notice.group, notice.at)
        return
      case 'left':
        if (!answered.delete(notice.call) && !isShort(notice)) count(notice.group, notice.at)
        return
      case 'moved':
        if (!answered.delete(notice.call)) count(notice.group, notice.at)
        return
      case 'completed':
        answered.delete(notice.call)
        return
      default:
        return
    }
  }

  const settingsFor = (group: GroupNumberId) =>
    settingsOf(configuration().groupNumbers.find(({ id }) => id === group) ?? { settings: {} })
  const isShort = ({ why, waited, group }: Extract<Notice, { type: 'left' }>) =>
    why === 'abandoned' && waited < seconds(settingsFor(group).shortAbandonSeconds)

  /** `waited`: answered after so long. */
  function count(group: GroupNumberId, at: Instant, waited?: number) {
    const within = settingsFor(group).serviceLevelSeconds
    const { from } = dayOf(at)
    const before = counted.get(group)
    const { offered, answeredInTime } = before?.from === from ? before.level : { offered: 0, answeredInTime: 0 }
    const inTime = waited !== undefined && waited <= seconds(within)
    counted.set(group, {
      from,
      level: { offered: offered + 1, answeredInTime: answeredInTime + Number(inTime), withinSeconds: within },
    })
  }

  function of(group: GroupNumberId, now: Instant): ServiceLevelToday | undefined {
    const known = counted.get(group)
    return known?.from === dayOf(now).from ? known.level : undefined
  }

  return { saw, of, dayOf }
}
