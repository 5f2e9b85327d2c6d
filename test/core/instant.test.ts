import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatInstant, offsetIn, parseInstant } from '../../src/core/instant.ts'
import { instant } from '../../src/core/time.ts'

test.each([
  ['2026-11-23T09:00:00+01:00', 1_795_420_800_000],
  ['2026-11-23T08:00:00Z', 1_795_420_800_000],
  ['2026-11-23t08:00:00.25z', 1_795_420_800_250],
  ['2026-11-23T08:00:00.123456Z', 1_795_420_800_123],
  ['2024-02-29T00:00:00Z', 1_709_164_800_000],
  ['1969-12-31T23:59:59-00:30', 1_799_000],
  ['2016-12-31T23:59:60Z', 1_483_228_800_000],
])('%s is read', (text, millis) => {
  expect(parseInstant(text)).toBe(millis)
})

test.each([
  '2026-11-23',
  '2026-11-23T09:00:00',
  '2026-11-23T09:00+01:00',
  '2026-11-23 09:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-02-29T00:00:00Z',
  '2026-11-00T00:00:00Z',
  '2026-11-23T24:00:00Z',
  '2026-11-23T09:60:00Z',
  '2026-11-23T09:00:61Z',
  '2026-11-23T09:00:00+24:00',
  '2026-11-23T09:00:00+0100',
  '+002026-11-23T09:00:00Z',
  ' 2026-11-23T09:00:00Z',
  '2026-11-23T09:00:00Z\n',
  '',
])('%j is no instant', (text) => {
  expect(parseInstant(text)).toBeUndefined()
})

test('an instant is written with the offset it is asked for', () => {
  expect(formatInstant(instant(1_795_420_800_000), 3_600_000)).toBe('2026-11-23T09:00:00+01:00')
  expect(formatInstant(instant(1_795_420_800_250), -12_600_000)).toBe('2026-11-23T04:30:00.250-03:30')
  expect(formatInstant(instant(1_795_420_800_000))).toBe('2026-11-23T08:00:00Z')
})

test('what is written is read back, in any year and with any offset', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -62_000_000_000_000, max: 253_000_000_000_000 }),
      fc.integer({ min: -23 * 60, max: 23 * 60 }),
      (millis, minutes) => {
        const text = formatInstant(instant(millis), minutes * 60_000)
        expect(parseInstant(text)).toBe(millis)
        expect(offsetIn(text)).toBe(minutes * 60_000)
        expect(Date.parse(text)).toBe(millis)
      },
    ),
  )
})
