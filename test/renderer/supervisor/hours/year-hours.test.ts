import { expect, test } from 'vitest'
import type {
  AgreementId,
  E164,
  Exception,
  ExceptionId,
  GroupNumber,
  GroupNumberId,
  LocalDateTime,
  LocalTime,
  Schedule,
  ScheduleId,
} from '../../../../src/core/configuration/types.ts'
import type { LocalDate } from '../../../../src/core/hours/local-date.ts'
import { instant } from '../../../../src/core/time.ts'
import { closedWeek } from '../../../../src/renderer/supervisor/hours/edit-week.ts'
import {
  changedDays,
  sameChanges,
  wallTimeAt,
  yearHours,
  type DayHours,
} from '../../../../src/renderer/supervisor/hours/year-hours.ts'

const company = (timeZone: string) => ({
  company: { name: 'Exempelbolaget', timeZone, language: 'sv' as const, country: 'SE' as const },
  messages: [],
})
const stockholm = company('Europe/Stockholm')
const daily = [{ from: '08:00' as LocalTime, to: '16:00' as LocalTime }]
const office: Schedule['week'] = { ...closedWeek, mon: daily, tue: daily, wed: daily, thu: daily, fri: daily }

const groupOf = (week: Schedule['week'], more: Partial<GroupNumber> = {}): GroupNumber => ({
  id: 'support' as GroupNumberId,
  number: '+46122260980' as E164,
  name: 'Support',
  agreement: 'main' as AgreementId,
  members: [],
  schedules: [{ id: 'ordinary' as ScheduleId, name: 'Ordinarie', week }],
  activeSchedule: 'ordinary' as ScheduleId,
  exceptions: [],
  messages: { music: [] },
  settings: {},
  ...more,
})
const closed = (name: string, from: string, to: string, more: Partial<Exception> = {}): Exception => ({
  id: name as ExceptionId,
  name,
  effect: 'closed',
  from: from as LocalDateTime,
  to: to as LocalDateTime,
  ...more,
})
const on = (days: readonly DayHours[], date: string) => {
  const day = days.find((each) => each.date === date)
  if (!day) throw new Error(`no ${date}`)
  return { open: day.open.map(({ from, to }) => `${from / 60}-${to / 60}`), exceptions: day.exceptions }
}

test('every day of the year has the hours that result from the schedule and the exceptions', () => {
  const days = yearHours(
    stockholm,
    groupOf(office, {
      exceptions: [
        closed('Julafton', '2020-12-24T00:00', '2020-12-25T00:00', { yearly: true }),
        closed('Möte', '2026-12-01T13:00', '2026-12-01T15:00'),
        closed('Kväll', '2026-12-05T10:00', '2026-12-05T14:00', { effect: 'open' }),
      ],
    }),
    2026,
  )
  expect(days).toHaveLength(365)
  expect(on(days, '2026-11-23')).toEqual({ open: ['8-16'], exceptions: [] })
  expect(on(days, '2026-11-22')).toEqual({ open: [], exceptions: [] })
  expect(on(days, '2026-12-24')).toEqual({ open: [], exceptions: ['Julafton'] })
  expect(on(days, '2026-12-01')).toEqual({ open: ['8-13', '15-16'], exceptions: ['Möte'] })
  expect(on(days, '2026-12-05')).toEqual({ open: ['10-14'], exceptions: ['Kväll'] })
})

test('what runs past midnight is on both days', () => {
  const late = { ...closedWeek, fri: [{ from: '20:00' as LocalTime, to: '03:00' as LocalTime }] }
  const days = yearHours(stockholm, groupOf(late), 2026)
  expect([on(days, '2026-11-27').open, on(days, '2026-11-28').open]).toEqual([['20-24'], ['0-3']])
})

test('the days on which the clock changes keep their hours by the wall clock', () => {
  const always = Object.fromEntries(
    Object.keys(closedWeek).map((day) => [day, [{ from: '01:00' as LocalTime, to: '05:00' as LocalTime }]]),
  ) as unknown as Schedule['week']
  const days = yearHours(stockholm, groupOf(always), 2026)
  expect([on(days, '2026-03-29').open, on(days, '2026-10-25').open]).toEqual([['1-5'], ['1-5']])
})

test('a day that begins an hour late, since the clock skips midnight, is whole', () => {
  const all = Object.fromEntries(
    Object.keys(closedWeek).map((day) => [day, [{ from: '00:00' as LocalTime, to: '24:00' as LocalTime }]]),
  ) as unknown as Schedule['week']
  const days = yearHours(company('Africa/Cairo'), groupOf({ ...all, fri: daily }), 2026)
  // On Friday 24 April 2026 the clock in Cairo goes from 00:00 to 01:00.
  expect(on(days, '2026-04-24').open).toEqual(['8-16'])
  expect(on(days, '2026-04-25').open).toEqual(['0-24'])
})

test('opened or closed by hand shows on the days it holds', () => {
  const days = yearHours(
    stockholm,
    groupOf(office, { override: { effect: 'closed', until: '2026-11-24T12:00' as LocalDateTime } }),
    2026,
  )
  const states = ['2026-11-23', '2026-11-24', '2026-11-25'].map((date) => days.find((day) => day.date === date))
  expect(states.map((day) => [day?.override, day?.open.length])).toEqual([
    [true, 0],
    [true, 1],
    [false, 1],
  ])
})

test('changed are the days from today on whose hours differ; those that change alike stand together', () => {
  const before = yearHours(stockholm, groupOf(office), 2026)
  const after = yearHours(
    stockholm,
    groupOf(
      { ...office, tue: [] },
      {
        exceptions: [
          closed('Lucia', '2026-12-14T00:00', '2026-12-15T00:00'),
          closed('Redan stängt', '2026-12-13T00:00', '2026-12-14T00:00'),
        ],
      },
    ),
    2026,
  )
  const changes = changedDays(before, after, '2026-12-01' as LocalDate)
  expect(changes.map(({ date }) => date)).toEqual([
    '2026-12-01',
    '2026-12-08',
    '2026-12-14',
    '2026-12-15',
    '2026-12-22',
    '2026-12-29',
  ])
  expect(sameChanges(changes)).toHaveLength(1)
  expect(changedDays(before, before, '2026-01-01' as LocalDate)).toEqual([])
})

test('the wall clock of the company is not that of the machine', () => {
  const at = instant(Date.parse('2026-11-22T23:30:00Z'))
  expect([wallTimeAt('Europe/Stockholm', at), wallTimeAt('America/New_York', at)]).toEqual([
    '2026-11-23T00:30',
    '2026-11-22T18:30',
  ])
})
