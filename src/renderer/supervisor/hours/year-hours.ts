import type { Configuration, GroupNumber, LocalDateTime } from '../../../core/configuration/types.ts'
import { compileHours } from '../../../core/hours/compile-hours.ts'
import {
  dayNumberOf,
  daysAfter,
  localDateOf,
  weekdayOf,
  type DayNumber,
  type LocalDate,
} from '../../../core/hours/local-date.ts'
import { dayMillis, isLeapYear, minuteMillis } from '../../../core/hours/local-time.ts'
import { zoneOf, type Zone } from '../../../core/hours/zone.ts'
import type { Weekday } from '../../../core/configuration/types.ts'
import { instant, type Instant } from '../../../core/time.ts'
import type { Bar } from '../../configuration/week.ts'
import { dayMinutes, readableWeek } from './edit-week.ts'

/** What results for a day from override, exceptions and schedule. */
export interface DayHours {
  readonly date: LocalDate
  readonly weekday: Weekday
  /** In minutes of the wall clock, 0 to 1440; empty: closed all day. */
  readonly open: readonly Bar[]
  /** Names of the exceptions that decide some of it. */
  readonly exceptions: readonly string[]
  /** Opened or closed by hand for some of it. */
  readonly override: boolean
}

/** Every day of the year, by the company's wall clock. A time that is none, being typed still, is left out. */
export function yearHours(
  configuration: Pick<Configuration, 'company' | 'messages'>,
  group: GroupNumber,
  year: number,
): readonly DayHours[] {
  const zone = zoneOf(configuration.company.timeZone)
  const schedules = group.schedules.map((schedule) => ({ ...schedule, week: readableWeek(schedule.week) }))
  const hours = compileHours(configuration, { ...group, schedules })
  const first = dayNumberOf(year, 1, 1)

  return Array.from({ length: isLeapYear(year) ? 366 : 365 }, (_, count): DayHours => {
    const day = daysAfter(first, count)
    const end = startOfDay(zone, daysAfter(day, 1))
    const open: Bar[] = []
    const exceptions = new Set<string>()
    let override = false
    for (let at = startOfDay(zone, day); at < end;) {
      const status = hours.statusAt(at)
      const until = instant(Math.min(status.next?.at ?? end, end))
      if (status.open)
        open.push({ from: minutesInto(zone, day, at), to: until === end ? dayMinutes : minutesInto(zone, day, until) })
      if (status.reason.kind === 'exception') exceptions.add(status.reason.name ?? '')
      override ||= status.reason.kind === 'override'
      at = until
    }
    return { date: localDateOf(day), weekday: weekdayOf(day), open, exceptions: [...exceptions], override }
  })
}

/** The first moment at which the wall clock shows this day. */
function startOfDay(zone: Zone, day: DayNumber): Instant {
  const reading = day * dayMillis
  let span = zone.spanAt(instant(reading - mostOffset))
  while (reading - span.offset >= span.to) span = zone.spanAt(span.to)
  return instant(Math.max(reading - span.offset, span.from))
}
const mostOffset = 2 * dayMillis

function minutesInto(zone: Zone, day: DayNumber, at: Instant): number {
  const minutes = Math.floor((at + zone.spanAt(at).offset - day * dayMillis) / minuteMillis)
  return Math.min(Math.max(minutes, 0), dayMinutes)
}

/** What the company's wall clock shows. */
export function wallTimeAt(timeZone: string, at: Instant): LocalDateTime {
  const reading = at + zoneOf(timeZone).spanAt(at).offset
  const day = Math.floor(reading / dayMillis) as DayNumber
  const minutes = Math.floor((reading - day * dayMillis) / minuteMillis)
  const time = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':')
  return `${localDateOf(day)}T${time}` as LocalDateTime
}

export interface DayChange {
  readonly date: LocalDate
  readonly weekday: Weekday
  readonly before: readonly Bar[]
  readonly after: readonly Bar[]
}

/** Days with other hours than before, `since` and later: what has been is as it was. */
export function changedDays(
  before: readonly DayHours[],
  after: readonly DayHours[],
  since: LocalDate,
): readonly DayChange[] {
  return after.flatMap(({ date, weekday, open }, index) => {
    const was = before[index]?.open ?? []
    return date < since || sameBars(was, open) ? [] : [{ date, weekday, before: was, after: open }]
  })
}

/** Days with the same change, in the order of the first of each. */
export function sameChanges(changes: readonly DayChange[]): readonly (readonly [DayChange, ...DayChange[]])[] {
  const groups = new Map<string, [DayChange, ...DayChange[]]>()
  for (const change of changes) {
    const key = JSON.stringify([change.before, change.after])
    const group = groups.get(key)
    if (group) group.push(change)
    else groups.set(key, [change])
  }
  return [...groups.values()]
}

const sameBars = (one: readonly Bar[], other: readonly Bar[]) =>
  one.length === other.length && one.every(({ from, to }, at) => from === other[at]?.from && to === other[at].to)
