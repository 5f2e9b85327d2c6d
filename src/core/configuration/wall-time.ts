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

export function daysInMonth(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 && leap ? 29 : (daysInMonths[month - 1] ?? 0)
}

/** Whether `YYYY-MM-DDTHH:MM` is a day of the calendar and a time from 00:00 to 23:59. */
export function isLocalDateTime(text: string): boolean {
  const [year = 0, month = 0, day = 0, hour = 24, minute = 60] = text.split(/[-T:]/).map(Number)
  return day >= 1 && day <= daysInMonth(year, month) && hour < 24 && minute < 60
}
