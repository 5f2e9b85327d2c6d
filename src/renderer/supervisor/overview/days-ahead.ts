import type { Configuration, GroupNumber, Weekday } from '../../../core/configuration/types.ts'
import { compileHours, type HoursReason } from '../../../core/hours/compile-hours.ts'
import { daysAfter, localDateOf, readLocalDate, weekdayOf, type LocalDate } from '../../../core/hours/local-date.ts'
import type { LocalDateTime } from '../../../core/configuration/types.ts'
import type { Instant } from '../../../core/time.ts'
import { dateAt, momentOf, wallTimeAt } from '../../shared/wall-clock.ts'

export interface Day {
  readonly date: LocalDate
  readonly weekday: Weekday
  readonly stretches: readonly Stretch[]
}

/** Open from `from` to `to`, each `HH:MM`; `24:00` at the end of the day. */
export interface Stretch {
  readonly from: string
  readonly to: string
  readonly reason: HoursReason
}

/** When a group number is open on the days from the one of `now` on, by everything that decides it. */
export function daysAhead(
  configuration: Pick<Configuration, 'company' | 'messages'>,
  group: GroupNumber,
  { now, count }: { readonly now: Instant; readonly count: number },
): readonly Day[] {
  const { timeZone } = configuration.company
  const hours = compileHours(configuration, group)
  const first = readLocalDate(dateAt(now, timeZone))
  return Array.from({ length: count }, (_, index) => {
    const day = daysAfter(first, index)
    const [from, to] = [day, daysAfter(day, 1)].map((each) =>
      momentOf(`${localDateOf(each)}T00:00` as LocalDateTime, timeZone),
    ) as [Instant, Instant]
    return { date: localDateOf(day), weekday: weekdayOf(day), stretches: openBetween(from, to) }
  })

  function openBetween(from: Instant, to: Instant): readonly Stretch[] {
    const stretches: Stretch[] = []
    for (let at = from; at < to;) {
      const { open, reason, next } = hours.statusAt(at)
      const end = next === null || next.at > to ? to : next.at
      if (open) stretches.push({ from: clockAt(at), to: end === to ? '24:00' : clockAt(end), reason })
      at = end
    }
    return stretches
  }

  function clockAt(at: Instant) {
    return wallTimeAt(at, timeZone).slice(11)
  }
}
