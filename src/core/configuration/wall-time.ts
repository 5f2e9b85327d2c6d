import { isLeapYear } from '../hours/local-time.ts'

/** Whether `Intl` knows the zone by this name; offsets such as `+01:00` are no zones. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const daysInMonths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Whether `YYYY-MM-DDTHH:MM` is a day of the calendar and a time from 00:00 to 23:59. */
export function isLocalDateTime(text: string): boolean {
  const [year = 0, month = 0, day = 0, hour = 24, minute = 60] = text.split(/[-T:]/).map(Number)
  const days = month === 2 && isLeapYear(year) ? 29 : (daysInMonths[month - 1] ?? 0)
  return day >= 1 && day <= days && hour < 24 && minute < 60
}
