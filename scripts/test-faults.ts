import { deadCallers } from '../test/support/asterisk/dead-callers.ts'
import {
  faults,
  openCrowdedOffice,
  type Fault,
  type FaultFigures,
  type Remains,
} from '../test/support/crowd/crowded-office.ts'

/**
 * Each fault under load as often as `RUNS` says, preset 20: a fresh Asterisk, service and crowd for each round of all of them.
 * `FAULTS` names some of them, `SEED` the first round's seed. At first, where all are wanted, callers who die without a word.
 * Exit 1: something was found.
 */
const rounds = Number(process.env.RUNS ?? 20)
const first = Number(process.env.SEED ?? 1)
const wanted = process.env.FAULTS?.split(',') ?? faults
/** Milliseconds, from when the service and Asterisk are there. */
const agreedWithin = 2000

const began = Date.now()
const all: FaultFigures[] = []
const remains: Remains[] = []
let findings = 0

const columns = [
  'seed',
  'fault',
  'at the fault',
  'callers',
  'served',
  'lost',
  'twice',
  'left',
  'back ms',
  'agreed ms',
] as const
const widths = [6, 16, 14, 9, 8, 6, 7, 6, 9, 11]
const row = (cells: readonly (string | number)[]) => {
  console.log(
    cells
      .map((cell, at) => String(cell).padStart(widths[at] ?? 0))
      .join('')
      .trimEnd(),
  )
}
const found = (what: string, which: readonly string[]) => {
  if (which.length === 0) return
  findings += 1
  console.log(`       FOUND: ${what}: ${which.join(', ')}`)
}

if (wanted === faults) found('channels of callers who had died', await deadCallers())

console.log('At the fault: callers who heard the welcome, who were rung for, and who talked.')
row(columns)
for (let seed = first; seed < first + rounds; seed += 1) {
  const office = await openCrowdedOffice({ seed })
  try {
    for (const fault of faults.filter((each: Fault) => wanted.includes(each))) {
      const figures = await office.goesThrough(fault)
      all.push(figures)
      const { inside, callers, served, lost, doubled, left, back, agreed } = figures
      const phases = [inside.welcomed, inside.rungFor, inside.talking].join('/')
      row([seed, fault, phases, callers, served, lost.length, doubled.length, left.length, back, agreed])
      found('callers lost', lost)
      found('callers with two agents at a time', doubled)
      found('channels and bridges left', left)
      if (agreed > agreedWithin) found('the desk agreed late', [`${String(agreed)} ms`])
    }
  } finally {
    const atLast = await office.close()
    remains.push(atLast)
    found('calls with other than one end', atLast.endless)
    found('calls connected twice', atLast.connectedTwice)
    found('channels and bridges left at last', atLast.left)
  }
}

const sum = (of: (figures: FaultFigures) => number, among = all) => among.reduce((total, each) => total + of(each), 0)
const spread = (values: readonly number[]) => {
  const sorted = values.toSorted((one, other) => one - other)
  return `${String(sorted[Math.floor(sorted.length / 2)] ?? 0)} ms in the middle, ${String(sorted.at(-1) ?? 0)} at most`
}
console.log('')
for (const [fault, theirs] of Map.groupBy(all, (each) => each.fault)) {
  const callers = sum((each) => each.callers, theirs)
  const lost = sum((each) => each.lost.length, theirs)
  const agreed = spread(theirs.map((each) => each.agreed))
  console.log(
    `${fault}: ${String(theirs.length)} times, ${String(callers)} callers, ${String(lost)} lost; desks agreed after ${agreed}`,
  )
}
const calls = remains.reduce((total, each) => total + each.calls, 0)
const seconds = Math.round((Date.now() - began) / 1000)
console.log(
  `${String(all.length)} faults, ${String(sum((each) => each.callers))} callers, ${String(calls)} calls in the journal, ${String(seconds)} s: ` +
    (findings === 0 ? 'nothing was found' : `${String(findings)} FINDINGS`),
)
process.exitCode = findings === 0 ? 0 : 1
