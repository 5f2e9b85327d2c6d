import { dayMillis } from '../hours/local-time.ts'
import { zoneOf } from '../hours/zone.ts'
import { instant, type Instant } from '../time.ts'

/** `from` is inside, `to` is outside. */
export interface Span {
  readonly from: Instant
  readonly to: Instant
}

const lengths = { hour: 3_600_000, day: dayMillis }

/**
 * The hours or days of a wall clock, cut to the span. An hour that comes twice is two rows, one after the other; one that the
 * clock skips is none.
 */
export function clockRows({ from, to }: Span, per: 'hour' | 'day', timeZone: string): readonly Span[] {
  const zone = zoneOf(timeZone)
  const rows: Span[] = []
  for (let at = from; at < to;) {
    const span = zone.spanAt(at)
    const end = (Math.floor((at + span.offset) / lengths[per]) + 1) * lengths[per]
    const here = end - span.offset
    const next = instant(here <= span.to ? here : Math.max(span.to, end - zone.spanAt(span.to).offset))
    rows.push({ from: at, to: next < to ? next : to })
    at = next
  }
  return rows
}
