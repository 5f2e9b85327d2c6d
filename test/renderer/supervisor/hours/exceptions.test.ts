import { expect, test } from 'vitest'
import type { Edit } from '../../../../src/core/configuration/edits/edit-schema.ts'
import type {
  Exception,
  ExceptionId,
  GroupNumberId,
  LocalDateTime,
  LocalTime,
  MessageId,
} from '../../../../src/core/configuration/types.ts'
import type { LocalDate } from '../../../../src/core/hours/local-date.ts'
import { formatSpan } from '../../../../src/renderer/supervisor/hours/date-words.ts'
import {
  emptyForm,
  exceptionOf,
  formOf,
  type ExceptionForm,
} from '../../../../src/renderer/supervisor/hours/exception-form.ts'
import { exceptionRows } from '../../../../src/renderer/supervisor/hours/exception-rows.ts'
import { exceptionOn, exceptionOnDay } from '../../../../src/renderer/supervisor/hours/holiday-exceptions.ts'
import { problemsHere } from '../../../../src/renderer/supervisor/hours/problems-here.ts'

const id = 'x' as ExceptionId
const exception = (from: string, to: string, more: Partial<Exception> = {}): Exception => ({
  id,
  name: 'Stängt',
  effect: 'closed',
  from: from as LocalDateTime,
  to: to as LocalDateTime,
  ...more,
})
const typed = (given: Partial<ExceptionForm>): ExceptionForm => ({
  ...emptyForm('2026-12-24' as LocalDate),
  name: 'Jul',
  ...given,
})
const read = (given: Partial<ExceptionForm>) => exceptionOf(typed(given), id)

test('whole days end when the last one does', () => {
  expect(read({ toDate: '2026-12-26' })).toEqual({
    ok: true,
    value: { id, name: 'Jul', effect: 'closed', from: '2026-12-24T00:00', to: '2026-12-27T00:00' },
  })
})

test('times are read as people type them, to midnight too', () => {
  expect(read({ wholeDays: false, fromTime: '12', toTime: '24' })).toMatchObject({
    value: { from: '2026-12-24T12:00', to: '2026-12-25T00:00' },
  })
})

test('a number to forward to is stored as E.164, and only what is closed has an action', () => {
  const forward = { action: 'forward' as const, forwardTo: '070-123 45 67' }
  expect(read(forward)).toMatchObject({ value: { action: { do: 'forward', to: '+46701234567' } } })
  expect(read({ ...forward, effect: 'open' })).toMatchObject({ ok: true, value: { effect: 'open' } })
  expect(read({ ...forward, effect: 'open' })).not.toHaveProperty('value.action')
})

test.each<[string, Partial<ExceptionForm>, object]>([
  ['a name', { name: ' ' }, { name: 'exceptionName' }],
  ['dates of the calendar', { fromDate: '2026-02-30', toDate: '' }, { fromDate: 'date', toDate: 'date' }],
  ['times', { wholeDays: false, fromTime: 'x', toTime: '25' }, { fromTime: 'time', toTime: 'time' }],
  ['an end after the beginning', { toDate: '2026-12-23' }, { toDate: 'endBeforeStart' }],
  ['a later time on the same day', { wholeDays: false, fromTime: '12', toTime: '12' }, { toTime: 'endBeforeStart' }],
  ['at most a year where it comes back', { yearly: true, toDate: '2027-12-24' }, { toDate: 'longerThanYear' }],
  ['a number to forward to', { action: 'forward', forwardTo: 'Anna' }, { forwardTo: 'phone' }],
  ['a group number to send to', { action: 'group' }, { group: 'groupChoice' }],
])('asks for %s', (_, given, problem) => {
  expect(read(given)).toEqual({ ok: false, problem })
})

test.each([
  exception('2026-12-24T00:00', '2026-12-25T00:00', { yearly: true }),
  exception('2026-12-01T13:00', '2026-12-01T15:00', { message: 'm' as MessageId, action: { do: 'voicemail' } }),
  exception('2026-12-31T18:00', '2027-01-01T00:00', { effect: 'open' }),
  exception('2026-12-31T18:00', '2027-01-02T03:00', { action: { do: 'group', to: 'sales' as GroupNumberId } }),
])('what is opened and closed again without a change is the same', (given) => {
  expect(exceptionOf(formOf(given), given.id)).toEqual({ ok: true, value: given })
})

test('the next one stands first, yearly ones by their next time, and what is over stands apart', () => {
  const named = (name: string, from: string, to: string, more: Partial<Exception> = {}) =>
    exception(from, to, { name, ...more })
  const { coming, expired } = exceptionRows(
    [
      named('nyår', '2020-12-31T00:00', '2021-01-02T00:00', { yearly: true }),
      named('midsommar', '2020-06-20T00:00', '2020-06-21T00:00', { yearly: true }),
      named('förra', '2026-11-20T00:00', '2026-11-21T00:00'),
      named('nu', '2026-11-01T00:00', '2026-11-30T00:00'),
      named('äldre', '2026-01-20T00:00', '2026-01-21T00:00'),
      named('lucia', '2026-12-13T00:00', '2026-12-14T00:00'),
      named('sedan 2030', '2030-12-01T00:00', '2030-12-02T00:00', { yearly: true }),
    ],
    '2026-11-23T10:00' as LocalDateTime,
  )
  expect(coming.map(({ name }) => name)).toEqual(['nu', 'lucia', 'nyår', 'midsommar', 'sedan 2030'])
  expect(expired.map(({ name }) => name)).toEqual(['förra', 'äldre'])
})

test.each<[string, string, boolean, string]>([
  ['2026-12-24T00:00', '2026-12-25T00:00', false, 'tors 24 dec. 2026'],
  ['2026-12-24T00:00', '2026-12-27T00:00', false, '24–26 dec. 2026'],
  ['2026-12-24T00:00', '2026-12-27T00:00', true, '24–26 dec.'],
  ['2026-12-01T13:00', '2026-12-01T15:00', false, 'tis 1 dec. 2026 13:00–15:00'],
  ['2026-12-31T18:00', '2027-01-01T00:00', false, 'tors 31 dec. 2026 18:00–24:00'],
  ['2026-12-31T18:00', '2027-01-01T03:00', false, '31 dec. 2026 18:00 – 1 jan. 2027 03:00'],
])('%s to %s is said as %s %s', (from, to, yearly, words) => {
  expect(formatSpan(from as LocalDateTime, to as LocalDateTime, yearly, 'sv')).toBe(words)
})

test('a holiday becomes an exception, yearly only where its date is the same each year', () => {
  const noon = '12:00' as LocalTime
  const eve = { date: '2026-12-24' as LocalDate, fixed: true }
  const midsummer = { date: '2026-06-19' as LocalDate, fixed: false }
  expect(exceptionOn(eve, 'Julafton', { from: noon, yearly: true })).toMatchObject({
    from: '2026-12-24T12:00',
    to: '2026-12-25T00:00',
    yearly: true,
  })
  expect(exceptionOn(midsummer, 'Midsommarafton', { from: noon, yearly: true })).not.toHaveProperty('yearly')
})

test('a holiday that has its exception is known, in later years too where it comes back', () => {
  const yearly = exception('2020-12-24T00:00', '2020-12-25T00:00', { yearly: true })
  const holidays = exception('2026-12-20T00:00', '2026-12-31T00:00')
  expect(exceptionOnDay([yearly], '2026-12-24' as LocalDate)).toBe(yearly)
  expect(exceptionOnDay([{ ...yearly, from: '2027-12-24T00:00' as LocalDateTime }], '2026-12-24' as LocalDate)).toBe(
    undefined,
  )
  expect(exceptionOnDay([holidays], '2026-12-24' as LocalDate)).toBe(undefined)
})

test('a problem of an edit and one of the document come to the same place', () => {
  const group = 'support' as GroupNumberId
  const edits = [
    { type: 'putException', group, exception: exception('2026-12-24T00:00', '2026-12-25T00:00') },
  ] as Edit[]
  const problems = problemsHere(
    [
      { edit: 0, path: ['exception', 'message'], key: 'gone', message: '' },
      { path: ['groupNumbers', 'support', 'exceptions', 'x', 'message'], key: 'gone', message: '' },
      { path: ['groupNumbers', 'other', 'exceptions', 'x', 'message'], key: 'gone', message: '' },
      { path: ['agents', 'anna'], key: 'invalid', message: '' },
    ],
    edits,
    group,
  )
  const here = { id: 'x', field: 'message', key: 'gone' }
  expect(problems).toEqual([here, here])
})
