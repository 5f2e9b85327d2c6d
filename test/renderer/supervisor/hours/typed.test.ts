import { expect, test } from 'vitest'
import type { LocalDate } from '../../../../src/core/hours/local-date.ts'
import { readDate } from '../../../../src/renderer/supervisor/hours/typed-date.ts'
import { readTime } from '../../../../src/renderer/supervisor/hours/typed-time.ts'

test.each([
  ['8', '08:00'],
  ['08:00', '08:00'],
  ['8.30', '08:30'],
  ['830', '08:30'],
  ['0830', '08:30'],
  ['kl. 16', '16:00'],
  [' 23:59 ', '23:59'],
  ['24', undefined],
  ['8x', undefined],
  ['25', undefined],
  ['12:60', undefined],
  ['', undefined],
])('the time %j is %j', (typed, time) => {
  expect(readTime(typed, 'from')).toBe(time)
})

test('24:00 is a time only as an end', () => {
  expect([readTime('24', 'to'), readTime('24:00', 'to'), readTime('24:01', 'to')]).toEqual([
    '24:00',
    '24:00',
    undefined,
  ])
})

test.each([
  ['2026-12-24', '2026-12-24'],
  ['20261224', '2026-12-24'],
  ['261224', '2026-12-24'],
  ['24/12', '2026-12-24'],
  ['1/2', '2027-02-01'],
  ['24/12 2027', '2027-12-24'],
  ['29/2 2028', '2028-02-29'],
  ['2026-02-29', undefined],
  ['2026-04-31', undefined],
  ['31/4', undefined],
  ['12/24', undefined],
  ['julafton', undefined],
  ['', undefined],
])('the date %j, typed on 23 November 2026, is %j', (typed, date) => {
  expect(readDate(typed, '2026-11-23' as LocalDate)).toBe(date)
})
