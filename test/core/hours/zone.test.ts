import { expect, test } from 'vitest'
import { zoneOf } from '../../../src/core/hours/zone.ts'
import { instant } from '../../../src/core/time.ts'

/** Each change of offset in a stretch: `2026-03-29T01:00:00.000Z +60`, minutes from UTC after it. */
function changes(timeZone: string, from: string, to: string): string[] {
  const zone = zoneOf(timeZone)
  const found: string[] = []
  let span = zone.spanAt(instant(Date.parse(from)))
  while (span.to < Date.parse(to)) {
    const next = zone.spanAt(span.to)
    expect(next.from).toBe(span.to)
    if (next.offset !== span.offset) found.push(`${new Date(next.from).toISOString()} ${next.offset / 60_000}`)
    span = next
  }
  return found
}

test.each<[string, string, string, string[]]>([
  ['Europe/Stockholm', '2026-01-01', '2027-01-01', ['2026-03-29T01:00:00.000Z 120', '2026-10-25T01:00:00.000Z 60']],
  ['Australia/Lord_Howe', '2026-01-01', '2027-01-01', ['2026-04-04T15:00:00.000Z 630', '2026-10-03T15:30:00.000Z 660']],
  ['Pacific/Apia', '2011-12-01', '2012-01-15', ['2011-12-30T10:00:00.000Z 840']],
  // The two changes nearest each other in any zone: a week apart.
  ['Asia/Gaza', '2040-09-01', '2040-12-01', ['2040-10-20T00:00:00.000Z 180', '2040-10-26T23:00:00.000Z 120']],
  ['America/Recife', '2000-09-01', '2000-12-01', ['2000-10-08T03:00:00.000Z -120', '2000-10-15T02:00:00.000Z -180']],
  ['Africa/Monrovia', '1971-12-01', '1972-02-01', ['1972-01-07T00:44:30.000Z 0']],
  ['UTC', '1970-01-01', '2100-01-01', []],
])('[H18] the changes of %s from %s', (timeZone, from, to, expected) => {
  expect(changes(timeZone, from, to)).toEqual(expected)
})

test('[H18] an offset may have seconds', () => {
  expect(zoneOf('Africa/Monrovia').spanAt(instant(Date.parse('1971-06-01'))).offset).toBe(-(44 * 60 + 30) * 1000)
})

test('a name that is no zone is a bug of the caller', () => {
  expect(() => zoneOf('Europe/Atlantis')).toThrow(RangeError)
})
