import { Temporal } from 'temporal-polyfill'
import type { Exception, GroupNumber } from '../../../src/core/configuration/types.ts'

/**
 * Opening hours as plainly as they can be said: one moment, one wall clock, texts compared with texts.
 * Slow, knows nothing of what comes next, and shares no code with what it judges.
 */
export function plainly(group: GroupNumber, timeZone: string, at: number): { open: boolean; because: string } {
  const wall = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDateTime()
  const now = wall.toString({ smallestUnit: 'minute', roundingMode: 'floor' })

  const { override } = group
  if (override && (override.until === undefined || now < override.until))
    return { open: override.effect === 'open', because: 'override' }

  const covering = group.exceptions
    .flatMap((exception, index) => occurrences(exception, wall.year).map((each) => ({ ...each, exception, index })))
    .filter(({ from, to }) => from <= now && now < to)
    .sort((a, b) => minutes(a) - minutes(b) || b.index - a.index)[0]
  if (covering) return { open: covering.exception.effect === 'open', because: covering.exception.id }

  const schedule = group.schedules.find(({ id }) => id === group.activeSchedule)
  if (!schedule) return { open: false, because: 'noSchedule' }

  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
  const today = schedule.week[days[wall.dayOfWeek - 1]!]
  const yesterday = schedule.week[days[(wall.dayOfWeek + 5) % 7]!]
  const time = now.slice(11)
  const open =
    today.some(({ from, to }) => from <= time && (time < to || to <= from)) ||
    yesterday.some(({ from, to }) => to <= from && time < to)
  return { open, because: schedule.id }
}

function occurrences({ from, to, yearly }: Exception, year: number): { from: string; to: string }[] {
  if (!yearly) return [{ from, to }]
  const first = Number(from.slice(0, 4))
  const span = Number(to.slice(0, 4)) - first
  return [year - 1, year]
    .filter((each) => each >= first)
    .map((each) => ({ from: inYear(from, each), to: inYear(to, each + span) }))
}

function inYear(text: string, year: number): string {
  const isLeap = Temporal.PlainDate.from({ year, month: 1, day: 1 }).inLeapYear
  return text.slice(5, 10) === '02-29' && !isLeap ? `${year}-03-01T00:00` : `${year}${text.slice(4)}`
}

const minutes = ({ from, to }: { from: string; to: string }) =>
  Temporal.PlainDateTime.from(from).until(to).total({ unit: 'minutes', relativeTo: from })
