import { expect, test } from 'vitest'
import type { Interval, LocalTime, Schedule } from '../../../src/core/configuration/types.ts'
import { daySpans, weekBars } from '../../../src/renderer/configuration/week.ts'

const from = (start: string, end: string): Interval => ({ from: start as LocalTime, to: end as LocalTime })
const closed: Schedule['week'] = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] }
const office = [from('08:00', '17:00')]

test('days next to each other with the same hours are said together', () => {
  const week = { ...closed, mon: office, tue: office, wed: [from('08:00', '12:00')], thu: office }
  expect(daySpans(week).map(({ first, last, intervals }) => [first, last, intervals.length])).toEqual([
    ['mon', 'tue', 1],
    ['wed', 'wed', 1],
    ['thu', 'thu', 1],
    ['fri', 'sun', 0],
  ])
})

test('an interval past midnight goes on on the next day, from Sunday to Monday too', () => {
  const bars = weekBars({ ...closed, fri: [from('22:00', '03:00')], sun: [from('23:00', '01:30')] })
  expect(bars.fri).toEqual([{ from: 1320, to: 1440 }])
  expect(bars.sat).toEqual([{ from: 0, to: 180 }])
  expect(bars.mon).toEqual([{ from: 0, to: 90 }])
})

test('to 24:00 ends with the day', () => {
  const bars = weekBars({ ...closed, mon: [from('00:00', '24:00')] })
  expect(bars.mon).toEqual([{ from: 0, to: 1440 }])
  expect(bars.tue).toEqual([])
})
