import type { LocalDate } from '../../../core/hours/local-date.ts'

/**
 * The date that somebody typed: `2026-12-24`, `20261224`, `261224`, `24/12 2026`, `24/12` (the next one from `today` on).
 *
 * @returns undefined where it is none.
 */
export function readDate(typed: string, today: LocalDate): LocalDate | undefined {
  const text = typed.trim()
  const whole = /^(\d{4})[-./\s]?(\d{2})[-./\s]?(\d{2})$/.exec(text) ?? /^(\d{2})(\d{2})(\d{2})$/.exec(text)
  if (whole) {
    const [, year = '', month = '', day = ''] = whole
    return dateOfParts(year.length === 2 ? `20${year}` : year, month, day)
  }
  const [, day, month, year] = /^(\d{1,2})[/.](\d{1,2})(?:[\s/.]+(\d{4}))?$/.exec(text) ?? []
  if (day === undefined || month === undefined) return undefined
  if (year !== undefined) return dateOfParts(year, month, day)
  const thisYear = dateOfParts(today.slice(0, 4), month, day)
  if (thisYear !== undefined && thisYear >= today) return thisYear
  return dateOfParts(String(Number(today.slice(0, 4)) + 1), month, day)
}

/** Only a day of the calendar from 1900 on: 31 April is none. */
function dateOfParts(year: string, month: string, day: string): LocalDate | undefined {
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const at = Date.parse(`${date}T12:00:00Z`)
  if (Number.isNaN(at) || date < '1900') return undefined
  return new Date(at).toISOString().slice(0, 10) === date ? (date as LocalDate) : undefined
}
