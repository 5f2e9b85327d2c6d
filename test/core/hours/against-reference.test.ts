import * as fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { compileHours } from '../../../src/core/hours/compile-hours.ts'
import type { GroupNumber } from '../../../src/core/configuration/types.ts'
import { instant } from '../../../src/core/time.ts'
import { plainly } from './reference.ts'
import { configurationOf, groupOf, type Scene } from './scene.ts'

const minute = 60_000
const hour = 60 * minute

/** Moments about which a zone does something odd, and one about which it does not. */
const places: readonly [string, readonly string[]][] = [
  ['Europe/Stockholm', ['2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-12-31T23:00Z', '1980-04-06T01:00Z']],
  ['America/New_York', ['2026-03-08T07:00Z', '2026-11-01T06:00Z', '2028-02-29T12:00Z']],
  ['Australia/Lord_Howe', ['2026-10-03T15:30Z', '2026-04-04T15:00Z']],
  ['Pacific/Apia', ['2011-12-30T10:00Z', '2011-09-24T14:00Z']],
  ['Asia/Kathmandu', ['2026-02-28T18:15Z', '1985-12-31T18:30Z']],
  ['America/Sao_Paulo', ['2018-11-04T03:00Z', '2018-02-18T02:00Z']],
  ['Africa/Casablanca', ['2026-02-15T02:00Z', '2026-03-22T02:00Z']],
  ['Pacific/Kiritimati', ['1994-12-31T10:00Z', '2027-12-31T10:00Z']],
]

const quarter = fc.integer({ min: 0, max: 95 })
const time = (quarters: number) =>
  `${String(Math.floor(quarters / 4)).padStart(2, '0')}:${String((quarters % 4) * 15).padStart(2, '0')}`
const interval = fc.tuple(quarter, fc.integer({ min: 0, max: 96 })).map(([from, to]) => `${time(from)}-${time(to)}`)
const day = fc.array(interval, { maxLength: 3 }).map((intervals) => intervals.join(' '))
const week = fc.record({ mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day })
const effect = fc.constantFrom('open' as const, 'closed' as const)

/** A wall time some days from a moment's, to the quarter. */
const near = (centre: Temporal.PlainDateTime, days: number) =>
  fc.integer({ min: -96 * days, max: 96 * days }).map((quarters) =>
    centre
      .with({ minute: 0 })
      .add({ minutes: quarters * 15 })
      .toString({ smallestUnit: 'minute' }),
  )

const exception = (centre: Temporal.PlainDateTime) =>
  fc
    .record({ effect, a: near(centre, 3), b: near(centre, 3), yearsBefore: fc.constantFrom(undefined, 0, 1, 5) })
    .filter(({ a, b }) => a !== b)
    .map(({ effect, a, b, yearsBefore }) => {
      const back = (text: string) =>
        Temporal.PlainDateTime.from(text)
          .subtract({ years: yearsBefore ?? 0 })
          .toString({ smallestUnit: 'minute' })
      const [from, to] = a < b ? [back(a), back(b)] : [back(b), back(a)]
      return { effect, from, to, ...(yearsBefore !== undefined && { yearly: true as const }) }
    })
    .filter(({ from, to }) => from < to)

function sceneAbout(timeZone: string, centre: Temporal.PlainDateTime): fc.Arbitrary<Scene> {
  return fc
    .record({
      week: fc.option(week, { nil: undefined, freq: 6 }),
      exceptions: fc.array(exception(centre), { maxLength: 5 }),
      override: fc.option(fc.record({ effect, until: fc.option(near(centre, 2), { nil: undefined }) }), {
        nil: undefined,
        freq: 1,
      }),
    })
    .map(({ week, exceptions, override }) => ({
      timeZone,
      exceptions,
      ...(week && { week }),
      ...(override && {
        override: { effect: override.effect, ...(override.until !== undefined && { until: override.until }) },
      }),
    }))
}

describe.each(places)('[H18] in %s', (timeZone, moments) => {
  test.each(moments)('the table says what the wall clock says, all about %s', (moment) => {
    const centre = Temporal.Instant.from(moment)
    const wall = centre.toZonedDateTimeISO(timeZone).toPlainDateTime()
    fc.assert(
      fc.property(sceneAbout(timeZone, wall), (scene) => {
        agreesEvery(15 * minute, groupOf(scene), scene, centre.epochMilliseconds - 30 * hour, 60 * hour)
      }),
      { numRuns: 40 },
    )
  })

  test('the table says what the wall clock says, minute by minute', () => {
    const centre = Temporal.Instant.from(moments[0]!)
    const wall = centre.toZonedDateTimeISO(timeZone).toPlainDateTime()
    fc.assert(
      fc.property(sceneAbout(timeZone, wall), (scene) => {
        agreesEvery(minute, groupOf(scene), scene, centre.epochMilliseconds - 4 * hour, 8 * hour)
      }),
      { numRuns: 4 },
    )
  })
})

/** Judges every step of a stretch by the reference, and `next` by where the reference flips. */
function agreesEvery(step: number, group: GroupNumber, scene: Scene, from: number, length: number) {
  const timeZone = scene.timeZone ?? ''
  const hours = compileHours(configurationOf(scene), group)
  let flip: { at: number; open: boolean } | undefined
  let following: boolean | undefined

  for (let at = from + length; at >= from; at -= step) {
    const plain = plainly(group, timeZone, at)
    if (following !== undefined && following !== plain.open) flip = { at: at + step, open: following }
    following = plain.open

    const { open, reason, next } = hours.statusAt(instant(at))
    const because = reason.kind === 'override' || reason.kind === 'noSchedule' ? reason.kind : reason.id
    expect({ at: new Date(at).toISOString(), open, because }).toEqual({ at: new Date(at).toISOString(), ...plain })

    if (flip) expect(next).toEqual(flip)
    else if (next) {
      expect(next.at).toBeGreaterThan(from + length)
      expect(plainly(group, timeZone, next.at).open).toBe(next.open)
      expect(plainly(group, timeZone, next.at - minute).open).toBe(open)
      expect(next.open).toBe(!open)
    }
  }
}

test('[H14] where next is null, years of asking find no flip', () => {
  const dates = fc.tuple(fc.integer({ min: 0, max: 364 }), fc.integer({ min: 1, max: 365 }))
  const yearly = fc.record({ effect, dates }).map(({ effect, dates: [start, length] }) => {
    const from = Temporal.PlainDate.from('2025-01-01').add({ days: start })
    const to = from.add({ days: Math.min(length, 364) })
    return { effect, from: `${from.toString()}T00:00`, to: `${to.toString()}T00:00`, yearly: true as const }
  })
  fc.assert(
    fc.property(fc.array(yearly, { maxLength: 4 }), (exceptions) => {
      const scene: Scene = { exceptions }
      const group = groupOf(scene)
      const hours = compileHours(configurationOf(scene), group)
      const start = Date.parse('2026-06-01T12:00Z')
      const { open, next } = hours.statusAt(instant(start))
      const end = next?.at ?? start + 8 * 366 * 24 * hour
      for (let at = start; at < end; at += 24 * hour) expect(plainly(group, 'Europe/Stockholm', at).open).toBe(open)
      if (next) expect(plainly(group, 'Europe/Stockholm', next.at).open).toBe(!open)
    }),
    { numRuns: 15 },
  )
})

test('[H13] the same question is answered alike, in whatever order moments are asked', () => {
  const scene: Scene = {
    week: { mon: '08:00-16:00', sat: '22:00-04:00', sun: '00:00-24:00' },
    exceptions: [{ effect: 'closed', from: '2026-01-06T00:00', to: '2026-01-07T00:00', yearly: true }],
  }
  const group = groupOf(scene)
  const asked = compileHours(configurationOf(scene), group)
  const moments = fc.array(fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-12-31') }), {
    minLength: 2,
  })
  fc.assert(
    fc.property(moments, (all) => {
      for (const at of all)
        expect(asked.statusAt(instant(at))).toEqual(compileHours(configurationOf(scene), group).statusAt(instant(at)))
    }),
  )
})
