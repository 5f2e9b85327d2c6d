import type { Instant } from '../../core/time.ts'
import type { Locale } from '../i18n/i18n.ts'

export interface MomentAt {
  readonly at: Instant
  readonly now: Instant
  /** An IANA name; the company's wall clock, wherever the window stands. */
  readonly timeZone: string
  readonly locale: Locale
}

/** A time with its day when that is not today: `16:00`, `mån 08:00`, `1 dec. 08:00`, `4 jan. 2027 08:00`. */
export function formatMoment(moment: MomentAt, precision: 'minutes' | 'seconds' = 'minutes'): string {
  const time = part(moment, precision === 'seconds' ? clockSeconds : clock)
  const day = dayWhenNotToday(moment)
  return day === undefined ? time : `${day} ${time}`
}

const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const clockSeconds = { ...clock, second: '2-digit' } as const

function dayWhenNotToday(moment: MomentAt): string | undefined {
  const days = dayNumber(moment.at, moment.timeZone) - dayNumber(moment.now, moment.timeZone)
  if (days === 0) return undefined
  if (Math.abs(days) < 7) return part(moment, { weekday: 'short' })
  const sameYear = year(moment.at, moment.timeZone) === year(moment.now, moment.timeZone)
  return part(moment, { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) })
}

function part({ at, timeZone, locale }: MomentAt, options: Intl.DateTimeFormatOptions): string {
  return formatter(locale === 'sv' ? 'sv-SE' : 'en-GB', timeZone, options).format(at)
}

const isoDay = { year: 'numeric', month: '2-digit', day: '2-digit' } as const

const dayNumber = (at: Instant, timeZone: string) =>
  Date.parse(`${formatter('sv-SE', timeZone, isoDay).format(at)}T00:00:00Z`) / 86_400_000

const year = (at: Instant, timeZone: string) => formatter('sv-SE', timeZone, isoDay).format(at).slice(0, 4)

/** Making one costs some hundred times as much as using it, and lists use it every second. */
const made = new Map<string, Intl.DateTimeFormat>()

function formatter(language: string, timeZone: string, options: Intl.DateTimeFormatOptions) {
  const key = `${language} ${timeZone} ${JSON.stringify(options)}`
  const known = made.get(key) ?? new Intl.DateTimeFormat(language, { ...options, timeZone })
  made.set(key, known)
  return known
}
