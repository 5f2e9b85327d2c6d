import { dayMillis, daysFromCivil, isLeapYear } from './hours/local-time.ts'
import { instant, type Instant } from './time.ts'

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * Reads an instant in the form of RFC 3339 section 5.6, such as `2026-11-23T09:00:00+01:00` or
 * `2026-11-23T08:00:00.250Z`: an offset is required, and digits beyond milliseconds are dropped.
 * A leap second is the first instant of the next minute.
 *
 * @returns undefined for anything else, and for days that no calendar has.
 */
export function parseInstant(text: string): Instant | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/.exec(
    text,
  )
  if (!found) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number)
  const [, , , , , , , fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = found
  const days = month === 2 && isLeapYear(year) ? 29 : (monthDays[month - 1] ?? 0)
  if (day < 1 || day > days || hour > 23 || minute > 59 || second > 60) return undefined
  if (Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return undefined
  const offset = (sign === '-' ? -1 : 1) * (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000
  const time = ((hour * 60 + minute) * 60 + second) * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3))
  return instant(daysFromCivil(year, month, day) * dayMillis + time - offset)
}

/**
 * Writes an instant as RFC 3339 section 5.6, by a wall clock `offset` milliseconds ahead of UTC;
 * milliseconds only where there are any. Offsets of less than a minute are not written: RFC 3339 has none.
 */
export function formatInstant(at: Instant, offset = 0): string {
  const minutes = Math.trunc(offset / 60_000)
  const local = at + minutes * 60_000
  const days = Math.floor(local / dayMillis)
  const { year, month, day } = civilFromDays(days)
  const time = local - days * dayMillis
  const date = `${pad(year, 4)}-${pad(month)}-${pad(day)}`
  const clock = `${pad(Math.floor(time / 3_600_000))}:${pad(Math.floor(time / 60_000) % 60)}:${pad(Math.floor(time / 1000) % 60)}`
  const millis = time % 1000 === 0 ? '' : `.${pad(time % 1000, 3)}`
  if (minutes === 0) return `${date}T${clock}${millis}Z`
  const ahead = Math.abs(minutes)
  return `${date}T${clock}${millis}${minutes < 0 ? '-' : '+'}${pad(Math.floor(ahead / 60))}:${pad(ahead % 60)}`
}

/** The offset that a text read by `parseInstant` is written with, in milliseconds. */
export function offsetIn(text: string): number {
  const found = /([+-])(\d{2}):(\d{2})$/.exec(text)
  if (!found) return 0
  return (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) * 60_000
}

const pad = (value: number, length = 2) => String(value).padStart(length, '0')

/** The date, of the proleptic Gregorian calendar, that many days after 1970-01-01. */
function civilFromDays(days: number): { year: number; month: number; day: number } {
  // Counted in eras of 400 years that begin on 1 March, so that a leap day is the last of its year.
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  }
}
