import type { LocalDateTime } from '../../../core/configuration/types.ts'
import type { LocalDate } from '../../../core/hours/local-date.ts'
import type { Locale } from '../../i18n/i18n.ts'

const forms = {
  /** `tors 24 dec.` */
  short: { weekday: 'short', day: 'numeric', month: 'short' },
  /** `tors 24 dec. 2026` */
  dated: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  /** `torsdag 24 december 2026` */
  long: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  /** `24 dec.` */
  yearless: { day: 'numeric', month: 'short' },
  /** `24 dec. 2026` */
  plain: { day: 'numeric', month: 'short', year: 'numeric' },
  /** `december` */
  month: { month: 'long' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

export type DateForm = keyof typeof forms

/** A day of the calendar in words; it has no zone. */
export const formatDate = (date: LocalDate, locale: Locale, form: DateForm) =>
  formatter(locale, form).format(noonOf(date))

/** `24–26 dec. 2026`. */
const formatDates = (from: LocalDate, to: LocalDate, locale: Locale, form: DateForm) =>
  formatter(locale, form).formatRange(noonOf(from), noonOf(to))

/** When an exception applies: `tors 24 dec. 2026`, `24–26 dec.`, `tors 24 dec. 2026 12:00–18:00`; `to` is outside. */
export function formatSpan(from: LocalDateTime, to: LocalDateTime, yearly: boolean, locale: Locale): string {
  const [first, last] = [dateOf(from), isMidnight(to) ? dayBefore(dateOf(to)) : dateOf(to)]
  const oneDay = yearly ? 'yearless' : 'dated'
  const several = yearly ? 'yearless' : 'plain'
  if (isMidnight(from) && isMidnight(to))
    return first >= last ? formatDate(first, locale, oneDay) : formatDates(first, last, locale, several)
  const end = isMidnight(to) ? '24:00' : to.slice(11)
  if (first === last) return `${formatDate(first, locale, oneDay)} ${from.slice(11)}–${end}`
  return `${formatDate(first, locale, several)} ${from.slice(11)} – ${formatDate(last, locale, several)} ${end}`
}

export const dateOf = (time: LocalDateTime) => time.slice(0, 10) as LocalDate
export const isMidnight = (time: LocalDateTime) => time.endsWith('T00:00')

const noonOf = (date: LocalDate) => Date.parse(`${date}T12:00:00Z`)
const dayMillis = 86_400_000
const shifted = (date: LocalDate, days: number) =>
  new Date(noonOf(date) + days * dayMillis).toISOString().slice(0, 10) as LocalDate
export const dayBefore = (date: LocalDate) => shifted(date, -1)
export const dayAfter = (date: LocalDate) => shifted(date, 1)

/** Making one costs some hundred times as much as using it, and a calendar uses it 365 times. */
const made = new Map<string, Intl.DateTimeFormat>()

function formatter(locale: Locale, form: DateForm) {
  const key = `${locale} ${form}`
  const known =
    made.get(key) ?? new Intl.DateTimeFormat(locale === 'sv' ? 'sv-SE' : 'en-GB', { ...forms[form], timeZone: 'UTC' })
  made.set(key, known)
  return known
}
