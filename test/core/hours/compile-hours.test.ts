import { describe, expect, test } from 'vitest'
import { said, statusOf, type Scene } from './scene.ts'

const office: NonNullable<Scene['week']> = {
  mon: '08:00-12:00 13:00-16:00',
  tue: '08:00-12:00 13:00-16:00',
  wed: '08:00-12:00 13:00-16:00',
  thu: '08:00-12:00 13:00-16:00',
  fri: '08:00-12:00 13:00-16:00',
}
const everyDay = (hours: string) => ({
  mon: hours,
  tue: hours,
  wed: hours,
  thu: hours,
  fri: hours,
  sat: hours,
  sun: hours,
})

describe('the schedule', () => {
  test.each<[string, string, string]>([
    ['[H6] the first moment is open', '2026-11-23T08:00:00+01:00', 'open until 2026-11-23T11:00Z'],
    ['[H6] the moment before it is closed', '2026-11-23T07:59:59.999+01:00', 'closed until 2026-11-23T07:00Z'],
    ['[H6] the end is closed', '2026-11-23T12:00:00+01:00', 'closed until 2026-11-23T12:00Z'],
    ['[H4] after lunch it is open again', '2026-11-23T13:00:00+01:00', 'open until 2026-11-23T15:00Z'],
    [
      '[H13] on Friday evening the next opening is on Monday',
      '2026-11-27T16:00:00+01:00',
      'closed until 2026-11-30T07:00Z',
    ],
  ])('%s', (_, at, expected) => {
    expect(said(statusOf({ week: office }, at))).toBe(expected)
  })

  test('[H4] it is the reason, open or closed', () => {
    const reason = { kind: 'schedule', id: 'ordinary', name: 'Ordinarie schema' }
    expect(statusOf({ week: office }, '2026-11-23T09:00:00+01:00').reason).toEqual(reason)
    expect(statusOf({ week: office }, '2026-11-22T09:00:00+01:00').reason).toEqual(reason)
  })

  test('[H5] a group number without hours is closed for ever', () => {
    const status = statusOf({}, '2026-11-23T09:00:00+01:00')
    expect(said(status)).toBe('closed for ever')
    expect(status.reason).toEqual({ kind: 'noSchedule' })
  })

  test('[H5] schedules of which none is active open nothing', () => {
    const scene: Scene = { week: office, group: { activeSchedule: undefined } }
    expect(statusOf(scene, '2026-11-23T09:00:00+01:00').reason).toEqual({ kind: 'noSchedule' })
  })

  test.each<[string, Scene['week'], string, string]>([
    ['past midnight', { fri: '22:00-02:00' }, '2026-11-28T01:30:00+01:00', 'open until 2026-11-28T01:00Z'],
    ['from Sunday into Monday', { sun: '22:00-02:00' }, '2026-11-23T01:59:00+01:00', 'open until 2026-11-23T01:00Z'],
    ['to 24:00', { mon: '20:00-24:00' }, '2026-11-23T23:59:59+01:00', 'open until 2026-11-23T23:00Z'],
    ['to 00:00', { mon: '20:00-00:00' }, '2026-11-23T23:59:59+01:00', 'open until 2026-11-23T23:00Z'],
    ['a day and a night', { mon: '08:00-08:00' }, '2026-11-24T07:59:00+01:00', 'open until 2026-11-24T07:00Z'],
  ])('[H7] an interval may run %s', (_, week, at, expected) => {
    expect(said(statusOf(week ? { week } : {}, at))).toBe(expected)
  })

  test('[H13] where two intervals meet nothing flips', () => {
    const week = { mon: '08:00-12:00 12:00-24:00', tue: '00:00-10:00 09:00-11:00' }
    expect(said(statusOf({ week }, '2026-11-23T09:00:00+01:00'))).toBe('open until 2026-11-24T10:00Z')
  })

  test('[H14] round the clock is for ever', () => {
    expect(said(statusOf({ week: everyDay('00:00-24:00') }, '2026-11-23T09:00:00+01:00'))).toBe('open for ever')
  })
})

describe('exceptions', () => {
  const christmasEve = { effect: 'closed', from: '2026-12-24T00:00', to: '2026-12-25T00:00' } as const

  test('[H2] one replaces the schedule from its first moment', () => {
    const status = statusOf({ week: office, exceptions: [christmasEve] }, '2026-12-24T09:00:00+01:00')
    expect(status.reason).toEqual({ kind: 'exception', id: 'x0', name: 'Avvikelse 0' })
    expect(said(status)).toBe('closed until 2026-12-25T07:00Z')
  })

  test('[H13] the last opening before it is known', () => {
    const status = statusOf({ week: everyDay('00:00-24:00'), exceptions: [christmasEve] }, '2026-11-01T09:00:00+01:00')
    expect(said(status)).toBe('open until 2026-12-23T23:00Z')
  })

  test('[H3] a shorter one decides over a longer', () => {
    const open = { effect: 'open', from: '2026-12-24T09:00', to: '2026-12-24T12:00' } as const
    for (const exceptions of [
      [christmasEve, open],
      [open, christmasEve],
    ])
      expect(said(statusOf({ week: office, exceptions }, '2026-12-24T08:30:00+01:00'))).toBe(
        'closed until 2026-12-24T08:00Z',
      )
  })

  test('[H3] of equally short ones the last in the list decides', () => {
    const exceptions = [christmasEve, { ...christmasEve, effect: 'open' as const }]
    expect(statusOf({ exceptions }, '2026-12-24T08:30:00+01:00').reason.id).toBe('x1')
    expect(statusOf({ exceptions: exceptions.toReversed() }, '2026-12-24T08:30:00+01:00').reason.id).toBe('x1')
  })

  test.each<[string, string]>([
    ['2025-12-24T09:00:00+01:00', 'open until 2025-12-24T11:00Z'],
    ['2026-12-24T09:00:00+01:00', 'closed until 2026-12-25T07:00Z'],
    ['2027-12-23T16:00:00+01:00', 'closed until 2027-12-27T07:00Z'],
    ['2041-12-24T09:00:00+01:00', 'closed until 2041-12-25T07:00Z'],
  ])('[H11] a yearly one comes back each year from its first on: at %s', (at, expected) => {
    expect(said(statusOf({ week: office, exceptions: [{ ...christmasEve, yearly: true }] }, at))).toBe(expected)
  })

  test('[H11] one that runs over New Year does so each year', () => {
    const exceptions = [{ effect: 'open', from: '2026-12-31T18:00', to: '2027-01-01T02:00', yearly: true } as const]
    expect(said(statusOf({ exceptions }, '2030-01-01T01:00:00+01:00'))).toBe('open until 2030-01-01T01:00Z')
    expect(said(statusOf({ exceptions }, '2026-01-01T01:00:00+01:00'))).toBe('closed until 2026-12-31T17:00Z')
  })

  test.each<[string, string, string, string]>([
    ['the day alone', '2024-02-29T00:00', '2024-03-01T00:00', 'closed until 2028-02-28T23:00Z'],
    ['from it', '2024-02-29T12:00', '2024-03-01T06:00', 'closed until 2027-02-28T23:00Z'],
    ['to it', '2024-02-28T12:00', '2024-02-29T12:00', 'closed until 2027-02-28T11:00Z'],
  ])('[H12] 29 February has no length in a common year: %s', (_, from, to, expected) => {
    const exceptions = [{ effect: 'open', from, to, yearly: true } as const]
    expect(said(statusOf({ exceptions }, '2026-11-23T09:00:00+01:00'))).toBe(expected)
  })

  test('[H12] 29 February leaves out even the years that a century leaves out', () => {
    const exceptions = [{ effect: 'open', from: '2024-02-29T00:00', to: '2024-03-01T00:00', yearly: true } as const]
    expect(said(statusOf({ exceptions }, '2096-03-01T09:00:00+01:00'))).toBe('closed until 2104-02-28T23:00Z')
  })

  test('[H13] one that the clock always skips that year opens the year after', () => {
    // 28 March 2027 is the Sunday on which 02:00 becomes 03:00.
    const exceptions = [{ effect: 'open', from: '2026-03-28T02:00', to: '2026-03-28T03:00', yearly: true } as const]
    expect(said(statusOf({ exceptions }, '2026-11-23T09:00:00+01:00'))).toBe('closed until 2028-03-28T00:00Z')
  })

  test('[H14] closed each whole year is closed for ever, whatever the week says', () => {
    const exceptions = [{ effect: 'closed', from: '2026-01-01T00:00', to: '2027-01-01T00:00', yearly: true } as const]
    expect(said(statusOf({ week: office, exceptions }, '2026-11-23T09:00:00+01:00'))).toBe('closed for ever')
  })

  test('[H13] closed until the year 9999 opens then', () => {
    const exceptions = [{ effect: 'closed', from: '2026-01-01T00:00', to: '9999-12-31T00:00' } as const]
    expect(said(statusOf({ week: office, exceptions }, '2026-11-23T09:00:00+01:00'))).toBe(
      'closed until 9999-12-31T07:00Z',
    )
  })
})

describe('the override', () => {
  const closedDay = { effect: 'closed', from: '2026-11-23T00:00', to: '2026-11-24T00:00' } as const

  test('[H1] decides over exception and schedule until its end', () => {
    const scene: Scene = {
      week: office,
      exceptions: [closedDay],
      override: { effect: 'open', until: '2026-11-23T10:00' },
    }
    const status = statusOf(scene, '2026-11-23T09:59:59+01:00')
    expect(status.reason).toEqual({ kind: 'override' })
    expect(said(status)).toBe('open until 2026-11-23T09:00Z')
    expect(statusOf(scene, '2026-11-23T10:00:00+01:00').reason.kind).toBe('exception')
  })

  test('[H1] [H14] without an end it is for ever', () => {
    expect(said(statusOf({ week: office, override: { effect: 'closed' } }, '2026-11-23T09:00:00+01:00'))).toBe(
      'closed for ever',
    )
  })

  test('[H13] its end is no flip where the schedule says the same', () => {
    const override = { effect: 'open', until: '2026-11-23T10:00' } as const
    expect(said(statusOf({ week: office, override }, '2026-11-23T03:00:00+01:00'))).toBe('open until 2026-11-23T11:00Z')
  })

  test('[H10] an end in the hour that comes twice comes twice', () => {
    // 25 October 2026: 03:00 becomes 02:00.
    const override = { effect: 'open', until: '2026-10-25T02:30' } as const
    expect(said(statusOf({ override }, '2026-10-25T02:00:00+02:00'))).toBe('open until 2026-10-25T00:30Z')
    expect(said(statusOf({ override }, '2026-10-25T02:45:00+02:00'))).toBe('closed until 2026-10-25T01:00Z')
    expect(said(statusOf({ override }, '2026-10-25T02:00:00+01:00'))).toBe('open until 2026-10-25T01:30Z')
    expect(said(statusOf({ override }, '2026-10-25T02:30:00+01:00'))).toBe('closed for ever')
  })
})

describe('where the clock is changed', () => {
  test.each<[string, string, string, string]>([
    [
      '[H8] a start that is skipped begins at the change',
      '02:30-04:00',
      '2026-03-29T01:59:59+01:00',
      'closed until 2026-03-29T01:00Z',
    ],
    [
      '[H8] an interval that is skipped whole is left out',
      '02:00-03:00',
      '2026-03-29T01:00:00+01:00',
      'closed until 2026-04-05T00:00Z',
    ],
    [
      '[H8] an end that is skipped is at the change',
      '01:00-02:30',
      '2026-03-29T01:00:00+01:00',
      'open until 2026-03-29T01:00Z',
    ],
    [
      '[H9] an hour that comes twice counts twice: the first',
      '02:00-03:00',
      '2026-10-25T01:59:00+02:00',
      'closed until 2026-10-25T00:00Z',
    ],
    [
      '[H9] an hour that comes twice counts twice: both',
      '02:00-03:00',
      '2026-10-25T02:00:00+02:00',
      'open until 2026-10-25T02:00Z',
    ],
    [
      '[H9] half of it is two stretches: the first',
      '02:15-02:45',
      '2026-10-25T02:15:00+02:00',
      'open until 2026-10-25T00:45Z',
    ],
    [
      '[H9] half of it is two stretches: between',
      '02:15-02:45',
      '2026-10-25T02:45:00+02:00',
      'closed until 2026-10-25T01:15Z',
    ],
    [
      '[H9] half of it is two stretches: the second',
      '02:15-02:45',
      '2026-10-25T02:15:00+01:00',
      'open until 2026-10-25T01:45Z',
    ],
  ])('in Stockholm %s', (_, sun, at, expected) => {
    expect(said(statusOf({ week: { sun } }, at))).toBe(expected)
  })

  test.each<[string, string, Scene['week'], string, string]>([
    [
      'New York, spring',
      'America/New_York',
      { sun: '02:30-04:00' },
      '2026-03-08T00:00:00-05:00',
      'closed until 2026-03-08T07:00Z',
    ],
    [
      'Lord Howe, half an hour forward',
      'Australia/Lord_Howe',
      { sun: '02:15-05:00' },
      '2026-10-04T00:00:00+10:30',
      'closed until 2026-10-03T15:30Z',
    ],
    [
      'Lord Howe, half an hour back',
      'Australia/Lord_Howe',
      { sun: '01:45-01:50' },
      '2026-04-05T01:50:00+11:00',
      'closed until 2026-04-04T15:15Z',
    ],
    [
      'Apia, the Friday that never was',
      'Pacific/Apia',
      { fri: '08:00-16:00', sat: '10:00-12:00' },
      '2011-12-29T23:59:00-10:00',
      'closed until 2011-12-30T20:00Z',
    ],
    [
      'Sao Paulo, a day without midnight',
      'America/Sao_Paulo',
      { sun: '00:00-08:00' },
      '2018-11-03T23:00:00-03:00',
      'closed until 2018-11-04T03:00Z',
    ],
    [
      'Sao Paulo, a midnight twice',
      'America/Sao_Paulo',
      { sat: '23:30-24:00' },
      '2018-02-17T23:30:00-02:00',
      'open until 2018-02-18T02:00Z',
    ],
    [
      'Casablanca, before the month of fasting',
      'Africa/Casablanca',
      { sun: '02:30-04:00' },
      '2026-02-15T00:00:00+01:00',
      'closed until 2026-02-15T01:30Z',
    ],
    [
      'Casablanca, the same start again',
      'Africa/Casablanca',
      { sun: '02:30-04:00' },
      '2026-02-15T02:00:00+00:00',
      'closed until 2026-02-15T02:30Z',
    ],
    [
      'Kathmandu, a quarter',
      'Asia/Kathmandu',
      { mon: '08:00-16:00' },
      '2026-11-22T12:00:00+05:45',
      'closed until 2026-11-23T02:15Z',
    ],
  ])('[H18] in %s', (_, timeZone, week, at, expected) => {
    expect(said(statusOf({ timeZone, ...(week && { week }) }, at))).toBe(expected)
  })
})

describe('what a caller meets', () => {
  const closedAllDay = { effect: 'closed', from: '2026-11-23T00:00', to: '2026-11-24T00:00' } as const

  test('[H15] the welcome message while open, the closed message while closed', () => {
    const scene: Scene = { week: office, group: { messages: { welcome: 'w', closed: 'c', music: [] } } }
    expect(statusOf(scene, '2026-11-23T09:00:00+01:00').message).toBe('w')
    expect(statusOf(scene, '2026-11-23T12:00:00+01:00').message).toBe('c')
  })

  test('[H15] the message of the exception that decides', () => {
    const scene: Scene = { week: office, exceptions: [{ ...closedAllDay, message: 'holiday' }] }
    expect(statusOf(scene, '2026-11-23T09:00:00+01:00').message).toBe('holiday')
  })

  test('[H17] the action of the exception that decides, and none while open', () => {
    const scene: Scene = { week: office, exceptions: [{ ...closedAllDay, action: { do: 'voicemail' } }] }
    expect(statusOf(scene, '2026-11-23T09:00:00+01:00').action).toEqual({ do: 'voicemail' })
    expect(statusOf(scene, '2026-11-24T09:00:00+01:00').action).toBeUndefined()
    expect(statusOf({ week: office }, '2026-11-22T09:00:00+01:00').action).toBeUndefined()
  })
})
