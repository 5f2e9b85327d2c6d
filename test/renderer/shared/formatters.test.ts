import { expect, test } from 'vitest'
import { instant } from '../../../src/core/time.ts'
import { formatDuration } from '../../../src/renderer/shared/duration.ts'
import { formatMoment } from '../../../src/renderer/shared/moment.ts'
import { formatPhoneNumber } from '../../../src/renderer/shared/phone-number.ts'

test.each([
  [0, '0:00'],
  [999, '0:00'],
  [42_000, '0:42'],
  [725_000, '12:05'],
  [3_599_999, '59:59'],
  [3_725_000, '1:02:05'],
  [90_000_000, '25:00:00'],
  [-5000, '0:00'],
])('a duration of %i ms is %s', (millis, words) => {
  expect(formatDuration(millis)).toBe(words)
})

test.each([
  ['+46701234567', '070-123 45 67'],
  ['+4685551234', '08-555 12 34'],
  ['+46855512340', '08-555 123 40'],
  ['+46122260980', '0122-26 09 80'],
  ['+4631123456', '031-12 34 56'],
  ['+46101234567', '010-123 45 67'],
  ['+4690123456', '090-12 34 56'],
  ['+46900123456', '0900-12 34 56'],
  ['+46944123456', '0944-12 34 56'],
  ['+46771123456', '0771-12 34 56'],
  ['+46951012345678', '+46951012345678'],
  ['+4722334455', '+47 22 33 44 55'],
  ['+4512345678', '+45 12 34 56 78'],
  ['+12125550123', '+1 212 555 0123'],
  ['+442079460123', '+44 207 946 01 23'],
  ['+358401234567', '+358 401 234 567'],
  ['+4915112345678', '+49 151 123 456 78'],
  ['anonymous', 'anonymous'],
  ['833', '833'],
])('the number %s is written %s', (number, written) => {
  expect(formatPhoneNumber(number)).toBe(written)
})

const monday = instant(Date.parse('2026-11-23T10:00:00+01:00'))
test.each([
  ['2026-11-23T16:00:00+01:00', '16:00', '16:00'],
  ['2026-11-23T23:59:59+01:00', '23:59', '23:59'],
  ['2026-11-24T00:00:00+01:00', 'tis 00:00', 'Tue 00:00'],
  ['2026-11-22T23:30:00+01:00', 'sön 23:30', 'Sun 23:30'],
  ['2026-11-29T08:00:00+01:00', 'sön 08:00', 'Sun 08:00'],
  ['2026-11-30T08:00:00+01:00', '30 nov. 08:00', '30 Nov 08:00'],
  ['2027-01-04T08:00:00+01:00', '4 jan. 2027 08:00', '4 Jan 2027 08:00'],
])('seen on Monday 23 November, %s is %s', (at, swedish, english) => {
  const moment = { at: instant(Date.parse(at)), now: monday, timeZone: 'Europe/Stockholm' }
  expect(formatMoment({ ...moment, locale: 'sv' })).toBe(swedish)
  expect(formatMoment({ ...moment, locale: 'en' })).toBe(english)
})

test('a time goes by the company’s clock, wherever the window stands', () => {
  const at = instant(Date.parse('2026-11-23T23:30:00Z'))
  expect(formatMoment({ at, now: monday, timeZone: 'Europe/Stockholm', locale: 'sv' })).toBe('tis 00:30')
  expect(formatMoment({ at, now: monday, timeZone: 'America/New_York', locale: 'sv' }, 'seconds')).toBe('18:30:00')
})
