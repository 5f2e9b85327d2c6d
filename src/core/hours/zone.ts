import { instant, type Instant } from '../time.ts'

/** A stretch of time with one offset. The next stretch may have the same. */
export interface ZoneSpan {
  /** Inside. */
  readonly from: Instant
  /** Outside. */
  readonly to: Instant
  /** Wall clock less UTC, in milliseconds. */
  readonly offset: number
}

/** A time zone as a table of its transitions, filled in as it is asked. */
export interface Zone {
  spanAt(at: Instant): ZoneSpan
}

/**
 * The zone with this IANA name (docs/decisions/0001-zone-tables.md). Zones are facts, so one table
 * serves every document in the process.
 *
 * @throws RangeError where `Intl` does not know the name; a parsed configuration names only known ones.
 */
export function zoneOf(timeZone: string): Zone {
  const known = zones.get(timeZone)
  if (known) return known

  const zone = createZone(offsetReader(timeZone))
  // A company has one zone: so many are a stranger's doing, and are not kept.
  if (zones.size >= 64) zones.clear()
  zones.set(timeZone, zone)
  return zone
}

const zones = new Map<string, Zone>()

const blockMillis = 366 * 86_400_000
/**
 * Two transitions closer than this could hide each other. The closest in any zone from 1970 to 2100 are
 * seven days apart (`test/core/hours/zone.test.ts` looks at the ones known to be close).
 */
const stepMillis = 4 * 86_400_000
/** The last moment that ECMAScript can name (ECMA-262, time values). */
const lastInstant = 8.64e15

function createZone(offsetAt: (at: number) => number): Zone {
  const blocks = new Map<number, readonly ZoneSpan[]>()

  function spanAt(at: Instant): ZoneSpan {
    const index = Math.floor(at / blockMillis)
    let block = blocks.get(index)
    if (!block) {
      block = spansBetween(index * blockMillis, (index + 1) * blockMillis)
      blocks.set(index, block)
    }
    for (const span of block) if (at < span.to) return span
    throw new RangeError(`no moment: ${at}`)
  }

  function spansBetween(from: number, to: number): readonly ZoneSpan[] {
    const spans: ZoneSpan[] = []
    let start = from
    let offset = offsetAt(from)
    for (let before = from; before < to; before += stepMillis) {
      const next = Math.min(before + stepMillis, to - 1)
      const offsetThen = offsetAt(next)
      if (offsetThen === offset) continue
      const change = findChange(before, next)
      spans.push({ from: instant(start), to: instant(change), offset })
      start = change
      offset = offsetThen
    }
    spans.push({ from: instant(start), to: instant(to), offset })
    return spans
  }

  /** The first moment after `before`, at most `after`, with the offset of `after`. Transitions fall on whole seconds. */
  function findChange(before: number, after: number): number {
    const offset = offsetAt(after)
    let low = Math.floor(before / 1000)
    let high = Math.ceil(after / 1000)
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (offsetAt(middle * 1000) === offset) high = middle
      else low = middle
    }
    return high * 1000
  }

  return { spanAt }
}

/** `Intl` is part of the language and a fact, no clock (docs/decisions/0001-zone-tables.md); too slow to ask each time. */
function offsetReader(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset', year: 'numeric' })
  return (at) => readOffset(format.format(Math.min(Math.max(at, -lastInstant), lastInstant)))
}

/** Reads the end of `1971, GMT-00:44:30`; `GMT` alone is zero. */
function readOffset(text: string): number {
  const found = /GMT(?:([+-])(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?)?$/.exec(text)
  if (!found) throw new Error(`Intl gives no offset: ${text}`)
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = found
  const length = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
  return sign === '-' ? -length : length
}
