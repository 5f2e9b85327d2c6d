import type { Instant } from '../../../core/time.ts'
import { isWallTime, momentOf } from '../../shared/wall-clock.ts'

const dayMillis = 86_400_000

/** Whole days by the company's clock, from the first to the last; a day that is none (yet) bounds nothing. `to` is outside. */
export function daySpan(
  firstDay: string,
  lastDay: string,
  timeZone: string,
): { readonly from?: Instant; readonly to?: Instant } {
  const beginning = (day: string) => {
    const wall = `${day}T00:00`
    return isWallTime(wall) ? momentOf(wall, timeZone) : undefined
  }
  const from = beginning(firstDay)
  const last = beginning(lastDay)
  // A day has 23 hours or 25, but the next one has always the next date.
  const to =
    last === undefined
      ? undefined
      : beginning(new Date(Date.parse(`${lastDay}T00:00:00Z`) + dayMillis).toISOString().slice(0, 10))
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
}
