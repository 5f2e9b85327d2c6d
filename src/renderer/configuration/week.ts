import type { Interval, LocalTime, Schedule, Weekday } from '../../core/configuration/types.ts'

export const weekdays: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** Days next to each other with the same hours, as people say them: Monday to Friday 8 to 16. No intervals: closed. */
export interface DaySpan {
  readonly first: Weekday
  readonly last: Weekday
  readonly intervals: readonly Interval[]
}

export function daySpans(week: Schedule['week']): readonly DaySpan[] {
  return weekdays.reduce<readonly DaySpan[]>((spans, day) => {
    const before = spans.at(-1)
    const intervals = week[day]
    if (before === undefined || !same(before.intervals, intervals))
      return [...spans, { first: day, last: day, intervals }]
    return [...spans.slice(0, -1), { ...before, last: day }]
  }, [])
}

/** An open stretch within one day, in minutes from its midnight, 0 to 1440. */
export interface Bar {
  readonly from: number
  readonly to: number
}

/** What to draw on each day's line; an interval that runs past midnight goes on on the next day's. */
export function weekBars(week: Schedule['week']): Readonly<Record<Weekday, readonly Bar[]>> {
  const bars: Record<Weekday, Bar[]> = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] }
  weekdays.forEach((day, index) => {
    const next = weekdays[(index + 1) % weekdays.length] ?? day
    for (const interval of week[day]) {
      const from = minutes(interval.from)
      const to = minutes(interval.to)
      bars[day].push({ from, to: to > from ? to : endOfDay })
      if (to <= from && to > 0) bars[next].push({ from: 0, to })
    }
  })
  return bars
}

const endOfDay = 24 * 60

const minutes = (time: LocalTime) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

const same = (one: readonly Interval[], other: readonly Interval[]) =>
  one.length === other.length && one.every(({ from, to }, at) => from === other[at]?.from && to === other[at].to)
