import type { Exception, ExceptionId, LocalDateTime, LocalTime } from '../../../core/configuration/types.ts'
import type { SwedishHoliday } from '../../../core/hours/swedish-holidays.ts'
import { newId } from '../../shared/new-id.ts'
import { dateOf, dayAfter, dayBefore, isMidnight } from './date-words.ts'

/** A day as an exception: closed, all day or from a time. `yearly` holds for what has the same date each year. */
export function exceptionOn(
  holiday: Pick<SwedishHoliday, 'date' | 'fixed'>,
  name: string,
  { from, yearly }: { readonly from: LocalTime; readonly yearly: boolean },
): Exception {
  return {
    id: newId<ExceptionId>(name),
    name,
    effect: 'closed',
    from: `${holiday.date}T${from}` as LocalDateTime,
    to: `${dayAfter(holiday.date)}T00:00` as LocalDateTime,
    ...(yearly && holiday.fixed && { yearly: true as const }),
  }
}

/** An exception that already says something of this day: one of one day at most, that falls on it. */
export function exceptionOnDay(exceptions: readonly Exception[], date: SwedishHoliday['date']): Exception | undefined {
  return exceptions.find(({ from, to, yearly }) => {
    const first = dateOf(from)
    const last = isMidnight(to) ? dayBefore(dateOf(to)) : dateOf(to)
    return first === last && (yearly ? first <= date && first.slice(4) === date.slice(4) : first === date)
  })
}
