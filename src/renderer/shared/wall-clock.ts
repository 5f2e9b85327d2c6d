import type { LocalDateTime } from '../../core/configuration/types.ts'
import { dayNumberOf, localDateOf } from '../../core/hours/local-date.ts'
import { dayMillis, minuteMillis, readLocalDateTime } from '../../core/hours/local-time.ts'
import { zoneOf } from '../../core/hours/zone.ts'
import { instant, type Instant } from '../../core/time.ts'

/** What the wall clock of an IANA zone shows at a moment, its seconds left out. */
export function wallTimeAt(at: Instant, timeZone: string): LocalDateTime {
  const local = at + zoneOf(timeZone).spanAt(at).offset
  const minutes = Math.floor((local - Math.floor(local / dayMillis) * dayMillis) / minuteMillis)
  const clock = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':')
  return `${dateAt(at, timeZone)}T${clock}` as LocalDateTime
}

/** `YYYY-MM-DD` on that wall. */
export function dateAt(at: Instant, timeZone: string) {
  const days = Math.floor((at + zoneOf(timeZone).spanAt(at).offset) / dayMillis)
  return localDateOf((dayNumberOf(1970, 1, 1) + days) as ReturnType<typeof dayNumberOf>)
}

/** The moment at which the wall shows this; of two, the first; one that the clock skips is the change itself or after. */
export function momentOf(wall: LocalDateTime, timeZone: string): Instant {
  const zone = zoneOf(timeZone)
  const local = readLocalDateTime(wall)
  const before = zone.spanAt(instant(local - dayMillis)).offset
  const early = instant(local - before)
  if (zone.spanAt(early).offset === before) return early
  return instant(local - zone.spanAt(instant(local + dayMillis)).offset)
}

/** `2026-11-23T10:00`, and nothing that no calendar has. */
export const isWallTime = (text: string): text is LocalDateTime =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}:00Z`))
