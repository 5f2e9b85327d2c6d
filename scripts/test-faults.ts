import { faults, openCrowdedOffice, type Fault } from '../test/support/crowd/crowded-office.ts'

/**
 * Each fault under load as often as `RUNS` says, preset 20: a fresh Asterisk, service and crowd for each round of all of them.
 * `FAULTS` names some of them, `SEED` the first round's seed.
 */
const runs = Number(process.env.RUNS ?? 20)
const first = Number(process.env.SEED ?? 1)
const wanted = process.env.FAULTS?.split(',') ?? faults
let bad = 0

for (let seed = first; seed < first + runs; seed += 1) {
  const office = await openCrowdedOffice({ seed })
  try {
    for (const fault of faults.filter((each: Fault) => wanted.includes(each))) {
      const figures = await office.goesThrough(fault)
      const { lost, doubled, left } = figures
      if (lost.length + doubled.length + left.length > 0) bad += 1
      console.log(JSON.stringify({ seed, ...figures }))
    }
  } finally {
    const remains = await office.close()
    if (remains.endless.length + remains.connectedTwice.length + remains.left.length > 0) bad += 1
    console.log(JSON.stringify({ seed, ...remains }))
  }
}
console.log(bad === 0 ? 'nothing was lost' : `${String(bad)} of them went wrong`)
process.exitCode = bad === 0 ? 0 : 1
