import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Interval, LocalTime } from '../../../../src/core/configuration/types.ts'
import {
  barsOn,
  closedWeek,
  copiedTo,
  faultsOf,
  intervalOf,
  moved,
  nextInterval,
  readableWeek,
  spanOf,
  withDay,
  withEndMoved,
  withStartMoved,
} from '../../../../src/renderer/supervisor/hours/edit-week.ts'

const from = (start: string, end: string): Interval => ({ from: start as LocalTime, to: end as LocalTime })
const say = ({ from: start, to }: Interval) => `${start}–${to}`

test.each<[string, Interval[], string]>([
  ['the office day where there is nothing', [], '08:00–16:00'],
  ['an hour after what is there', [from('08:00', '12:00')], '13:00–17:00'],
  ['to midnight at most', [from('08:00', '21:30')], '22:30–24:00'],
  ['before it where there is no room after', [from('10:00', '23:30')], '05:00–09:00'],
])('adding hours gives %s', (_, intervals, added) => {
  expect(say(nextInterval(intervals))).toBe(added)
})

const interval = fc
  .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 }))
  .map(([start, length]) => ({ from: start, length }))

test('a span is the interval it came from, and an interval the span', () => {
  fc.assert(
    fc.property(interval, (span) => {
      expect(spanOf(intervalOf(span))).toEqual(span)
    }),
  )
})

test('however it is dragged, it begins on its day and lasts a quarter at least and a day at most', () => {
  fc.assert(
    fc.property(
      interval.filter(({ length }) => length >= 15),
      fc.integer({ min: -300, max: 300 }).map((quarters) => quarters * 15),
      fc.constantFrom(moved, withEndMoved, withStartMoved),
      (span, by, move) => {
        const after = move(span, by)
        expect(after.from).toBeGreaterThanOrEqual(0)
        expect(after.from).toBeLessThan(1440)
        expect(after.length).toBeGreaterThanOrEqual(15)
        expect(after.length).toBeLessThanOrEqual(1440)
        if (move === moved) expect(after.length).toBe(span.length)
        if (move === withStartMoved) expect(after.from + after.length).toBe(span.from + span.length)
      },
    ),
  )
})

test('moved past midnight it ends on the next day, and at midnight with the day', () => {
  const late = spanOf(from('16:00', '23:45'))
  expect(say(intervalOf(moved(late, 15)))).toBe('16:15–24:00')
  expect(say(intervalOf(moved(late, 60)))).toBe('17:00–00:45')
})

test('hours past midnight are on both days, from Sunday to Monday too', () => {
  const week = { ...closedWeek, sun: [from('22:00', '03:00')] }
  expect(barsOn(week, 'sun')).toEqual([{ day: 'sun', index: 0, from: 1320, length: 120, continued: false }])
  expect(barsOn(week, 'mon')).toEqual([{ day: 'sun', index: 0, from: 0, length: 180, continued: true }])
})

test('what does not fit is said at each interval: no time, the same time twice, an overlap', () => {
  const week = {
    ...closedWeek,
    mon: [from('08:00', '12:00'), from('11:00', '13:00'), from('12:00', '12:00')],
    tue: [from('8x', '16:00'), from('09:00', '')],
    sun: [from('22:00', '09:00')],
  }
  const faults = faultsOf(week)
  expect(faults.mon.map((each) => each.map(({ kind }) => kind))).toEqual([[], ['overlap'], ['sameTimes', 'overlap']])
  expect(faults.tue).toEqual([[{ kind: 'from', typed: '8x' }], [{ kind: 'to', typed: '' }]])
  expect(faults.sun).toEqual([[{ kind: 'overlap', day: 'mon', interval: from('08:00', '12:00') }]])
})

test('hours that meet do not overlap', () => {
  const week = { ...closedWeek, mon: [from('08:00', '12:00'), from('12:00', '24:00')], tue: [from('00:00', '08:00')] }
  expect(Object.values(faultsOf(week)).flat(2)).toEqual([])
})

test('a time that is none is not drawn and not computed', () => {
  const week = { ...closedWeek, mon: [from('8x', '12:00'), from('13:00', '17:00')] }
  expect(readableWeek(week).mon).toEqual([from('13:00', '17:00')])
  expect(barsOn(week, 'mon').map(({ index }) => index)).toEqual([1])
  const sound = withDay(closedWeek, 'mon', [from('08:00', '12:00')])
  expect(readableWeek(sound)).toBe(sound)
})

test('a day is copied in place of what the others had', () => {
  const week = { ...closedWeek, mon: [from('08:00', '16:00')], fri: [from('10:00', '12:00')] }
  const copied = copiedTo(week, 'mon', ['tue', 'fri'])
  expect([copied.tue, copied.fri, copied.sat]).toEqual([[from('08:00', '16:00')], [from('08:00', '16:00')], []])
})
