import type { Interval, LocalTime, Schedule, Weekday } from '../../../core/configuration/types.ts'
import { weekdays } from '../../configuration/week.ts'
import { minutesOf, readTime, timeOf } from './typed-time.ts'

export type Week = Schedule['week']

export const closedWeek: Week = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] }

export const withDay = (week: Week, day: Weekday, intervals: readonly Interval[]): Week => ({
  ...week,
  [day]: intervals,
})

export const withInterval = (week: Week, day: Weekday, index: number, interval: Interval): Week =>
  withDay(week, day, week[day].with(index, interval))

export const withoutInterval = (week: Week, day: Weekday, index: number): Week =>
  withDay(week, day, week[day].toSpliced(index, 1))

/** The day's hours on the other days too, in place of what they had. */
export const copiedTo = (week: Week, day: Weekday, others: readonly Weekday[]): Week =>
  others.reduce((copied, other) => withDay(copied, other, week[day]), week)

/** What a day gets when hours are added: the office day; and after hours that are there, some that follow. */
export function nextInterval(intervals: readonly Interval[]): Interval {
  const spans = intervals.filter(isReadable).map(spanOf)
  if (spans.length === 0) return { from: timeOf(8 * 60), to: timeOf(16 * 60) }
  const last = Math.max(...spans.map(({ from, length }) => from + length))
  if (last + 2 * 60 <= dayMinutes)
    return intervalOf({ from: last + 60, length: Math.min(4 * 60, dayMinutes - last - 60) })
  const first = Math.min(...spans.map(({ from }) => from))
  return first >= 2 * 60
    ? intervalOf({ from: Math.max(0, first - 5 * 60), length: Math.min(4 * 60, first - 60) })
    : intervalOf({ from: dayMinutes - 60, length: 60 })
}

export const dayMinutes = 24 * 60
export const stepMinutes = 15

/** In minutes: `from` 0 to 1439 on its own day, `length` 1 to 1440; it may run past midnight. */
export interface Span {
  readonly from: number
  readonly length: number
}

/** Of an interval with readable times. */
export function spanOf({ from, to }: Interval): Span {
  const start = minutesOf(from)
  const end = minutesOf(to)
  return { from: start, length: end > start ? end - start : end - start + dayMinutes }
}

export function intervalOf({ from, length }: Span): Interval {
  const end = from + length
  return { from: timeOf(from), to: timeOf(end > dayMinutes ? end - dayMinutes : end) }
}

/** Begins within its own day, and keeps its length. */
export const moved = ({ from, length }: Span, by: number): Span => ({
  from: clamp(from + by, 0, dayMinutes - stepMinutes),
  length,
})

export const withEndMoved = ({ from, length }: Span, by: number): Span => ({
  from,
  length: clamp(length + by, stepMinutes, dayMinutes),
})

/** The end stays; a day's length before it is the earliest start. */
export function withStartMoved({ from, length }: Span, by: number): Span {
  const end = from + length
  const earliest = Math.max(0, end - dayMinutes)
  const latest = Math.max(earliest, Math.min(end, dayMinutes) - stepMinutes)
  const start = clamp(from + by, earliest, latest)
  return { from: start, length: end - start }
}

/** To the quarter, as a drag goes. */
export const snapped = (minutes: number) => Math.round(minutes / stepMinutes) * stepMinutes

const clamp = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most)

/** Both of its times are times; while one is being mended the document holds it as it was typed. */
export const isReadable = ({ from, to }: Interval) => readTime(from, 'from') === from && readTime(to, 'to') === to

/** What can be drawn and computed of a week with times that are none. */
export const readableWeek = (week: Week): Week =>
  weekdays.every((day) => week[day].every(isReadable))
    ? week
    : weekdays.reduce((readable, day) => withDay(readable, day, week[day].filter(isReadable)), week)

export type IntervalFault =
  | { readonly kind: 'from' | 'to'; readonly typed: string }
  /** From and to are the same: that is a day and night, which hardly anyone means. */
  | { readonly kind: 'sameTimes'; readonly until: LocalTime }
  | { readonly kind: 'overlap'; readonly day: Weekday; readonly interval: Interval }

/** What is wrong with each interval of each day, to say beside it. An overlap is said at the later one in the week. */
export function faultsOf(week: Week): Readonly<Record<Weekday, readonly (readonly IntervalFault[])[]>> {
  const earlier: { day: Weekday; interval: Interval; begins: number; ends: number }[] = []
  const faults: Record<Weekday, readonly (readonly IntervalFault[])[]> = {
    mon: [],
    tue: [],
    wed: [],
    thu: [],
    fri: [],
    sat: [],
    sun: [],
  }
  for (const [index, day] of weekdays.entries())
    faults[day] = week[day].map((interval) => {
      const unread = unreadable(interval)
      if (unread.length > 0) return unread
      const { from, length } = spanOf(interval)
      const begins = index * dayMinutes + from
      const ends = begins + length
      const other = earlier.find((one) => overlaps(one, { begins, ends }))
      earlier.push({ day, interval, begins, ends })
      return [
        ...(interval.from === interval.to ? [{ kind: 'sameTimes' as const, until: interval.to }] : []),
        ...(other ? [{ kind: 'overlap' as const, day: other.day, interval: other.interval }] : []),
      ]
    })
  return faults
}

function unreadable({ from, to }: Interval): readonly IntervalFault[] {
  return [
    ...(readTime(from, 'from') === from ? [] : [{ kind: 'from' as const, typed: from }]),
    ...(readTime(to, 'to') === to ? [] : [{ kind: 'to' as const, typed: to }]),
  ]
}

interface Stretch {
  readonly begins: number
  readonly ends: number
}

/** The week goes round: what runs past Sunday midnight meets Monday. */
const overlaps = (one: Stretch, other: Stretch) =>
  [-weekMinutes, 0, weekMinutes].some((shift) => one.begins + shift < other.ends && other.begins < one.ends + shift)
const weekMinutes = 7 * dayMinutes

/** An interval as drawn on one day's line, in minutes; `continued`: the part after midnight, of the day before. */
export interface DayBar extends Span {
  readonly day: Weekday
  readonly index: number
  readonly continued: boolean
}

export function barsOn(week: Week, day: Weekday): readonly DayBar[] {
  const before = weekdays[(weekdays.indexOf(day) + 6) % 7] ?? day
  const own = week[day].flatMap((interval, index) => {
    if (!isReadable(interval)) return []
    const { from, length } = spanOf(interval)
    return [{ day, index, from, length: Math.min(length, dayMinutes - from), continued: false }]
  })
  const late = week[before].flatMap((interval, index) => {
    if (!isReadable(interval)) return []
    const { from, length } = spanOf(interval)
    const after = from + length - dayMinutes
    return after > 0 ? [{ day: before, index, from: 0, length: after, continued: true }] : []
  })
  return [...late, ...own]
}
