import { performance } from 'node:perf_hooks'
import OpeningHours from 'opening_hours'
import { parseConfigurationText } from '../src/core/configuration/parse.ts'
import type { Configuration } from '../src/core/configuration/types.ts'
import { compileHours } from '../src/core/hours/compile-hours.ts'
import { instant, type Instant } from '../src/core/time.ts'

/** One thing measured on both sides, in turn, in one process: medians of the rounds. */
export interface HoursFigure {
  readonly name: string
  /** Operations a second. */
  readonly ours: number
  readonly theirs: number
  /** The median of the rounds' own ratios. */
  readonly ratio: number
  readonly goal: number
}

const rounds = 9
const timeZone = 'Europe/Stockholm'
/** opening_hours knows the process's own zone alone. */
process.env.TZ = timeZone

/**
 * Ours against npm opening_hours: Mo-Fr 08-12 and 13-16, 20 dated exceptions, moments all over a year.
 *
 * Both sides answer the same questions, and their answers are compared before any time is taken.
 */
export function run(): Promise<readonly HoursFigure[]> {
  const configuration = exampleConfiguration()
  const [group] = configuration.groupNumbers
  if (!group) throw new Error('no group number')
  const text = exampleText()
  const warm = compileHours(configuration, group)
  const theirs = new OpeningHours(text)
  const moments = momentsOf2026(100_000)
  const dates = moments.map((at) => new Date(at))
  compareAnswers()

  return Promise.resolve([
    measure('is it open, warm', 100, {
      ours: [400_000, (index) => warm.statusAt(moments[index % moments.length] ?? instant(0)).open],
      theirs: [4000, (index) => theirs.getState(dates[index % dates.length])],
    }),
    measure('next change, warm', 150, {
      ours: [400_000, (index) => warm.statusAt(moments[index % moments.length] ?? instant(0)).next?.at],
      theirs: [2000, (index) => theirs.getNextChange(dates[index % dates.length])],
    }),
    measure('build and one query', 100, {
      ours: [
        4000,
        (index) => compileHours(configuration, group).statusAt(moments[index % moments.length] ?? instant(0)).open,
      ],
      theirs: [40, (index) => new OpeningHours(text).getState(dates[index % dates.length])],
    }),
  ])

  function compareAnswers() {
    for (const [index, at] of moments.slice(0, 3000).entries()) {
      const date = dates[index] ?? new Date(NaN)
      const { open, next } = warm.statusAt(at)
      // Its next change is sometimes that of a comment alone; where open differs one of the two is wrong.
      if (open !== theirs.getState(date)) throw new Error(`answers differ at ${date.toISOString()}`)
      if (next?.at !== theirs.getNextChange(date)?.getTime()) throw new Error(`next differs at ${date.toISOString()}`)
    }
  }
}

type Side = readonly [count: number, perform: (index: number) => unknown]

function measure(name: string, goal: number, sides: { readonly ours: Side; readonly theirs: Side }): HoursFigure {
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = -1; round < rounds; round += 1) {
    const our = perSecond(sides.ours, round)
    const their = perSecond(sides.theirs, round)
    // The first warms up.
    if (round < 0) continue
    ours.push(our)
    theirs.push(their)
  }
  const ratios = ours.map((our, index) => our / (theirs[index] ?? NaN))
  return { name, ours: median(ours), theirs: median(theirs), ratio: median(ratios), goal }
}

function perSecond([count, perform]: Side, round: number): number {
  let seen = 0
  const began = performance.now()
  for (let index = 0; index < count; index += 1) if (perform(index + round * count + count) !== undefined) seen += 1
  const seconds = (performance.now() - began) / 1000
  if (seen > count) throw new Error('more answers than questions')
  return count / seconds
}

const median = (figures: readonly number[]) => figures.toSorted((a, b) => a - b)[figures.length >> 1] ?? NaN

/** Drawn by a small generator of our own, so that each run asks the same (Numerical Recipes' constants). */
function momentsOf2026(count: number): readonly Instant[] {
  const first = Date.parse('2026-01-01T00:00:00+01:00')
  const length = Date.parse('2027-01-01T00:00:00+01:00') - first
  let drawn = 1
  return Array.from({ length: count }, () => {
    drawn = (Math.imul(drawn, 1_664_525) + 1_013_904_223) >>> 0
    return instant(first + Math.floor((drawn / 2 ** 32) * length))
  })
}

/** Twenty whole days, from the tenth of January on, each seventeenth. */
const exceptionDays = Array.from({ length: 20 }, (_, index) => new Date(Date.UTC(2026, 0, 10 + 17 * index)))
const isoDay = (date: Date, days = 0) => new Date(date.getTime() + days * 86_400_000).toISOString().slice(0, 10)

function exampleConfiguration(): Configuration {
  const day = [
    { from: '08:00', to: '12:00' },
    { from: '13:00', to: '16:00' },
  ]
  const document = {
    schemaVersion: 1,
    company: { name: 'Bench', timeZone, language: 'sv', country: 'SE' },
    agreements: [{ id: 'a', name: 'A' }],
    agents: [],
    groupNumbers: [
      {
        id: 'g',
        number: '+46122260980',
        name: 'G',
        agreement: 'a',
        members: [],
        schedules: [
          { id: 's', name: 'S', week: { mon: day, tue: day, wed: day, thu: day, fri: day, sat: [], sun: [] } },
        ],
        activeSchedule: 's',
        exceptions: exceptionDays.map((date, index) => ({
          id: `x${index}`,
          name: `X${index}`,
          effect: 'closed',
          from: `${isoDay(date)}T00:00`,
          to: `${isoDay(date, 1)}T00:00`,
        })),
        messages: { music: [] },
        settings: {},
      },
    ],
    messages: [],
  }
  const parsed = parseConfigurationText(JSON.stringify(document))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem))
  return parsed.value
}

function exampleText(): string {
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
  const off = exceptionDays.map(
    (date) =>
      `${date.getUTCFullYear()} ${months[date.getUTCMonth()] ?? ''} ${String(date.getUTCDate()).padStart(2, '0')} off`,
  )
  return ['Mo-Fr 08:00-12:00,13:00-16:00', ...off].join('; ')
}

if (import.meta.main)
  console.table(
    (await run()).map(({ name, ours, theirs, ratio, goal }) => ({
      what: name,
      'ours/s': Math.round(ours).toLocaleString('en'),
      'opening_hours/s': Math.round(theirs).toLocaleString('en'),
      ratio: Math.round(ratio),
      goal: `>= ${goal}`,
    })),
  )
