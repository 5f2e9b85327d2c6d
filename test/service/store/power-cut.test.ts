import { cpSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openConfigurationStore } from '../../../src/service/store/open-configuration-store.ts'
import { company } from '../../support/persistence/company.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'
import { run } from '../../support/persistence/run.ts'
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts'

const clock = fakeClock()
const kills = 200

test('[S2] killed 200 times, at every step of a save, the old version or the new one is there, never neither', async () => {
  const before = temporaryDirectory()
  await (await openConfigurationStore({ directory: before, clock, initial: company('Old') })).close()

  const outcomes: Outcome[] = []
  // The first save has nothing to clear away, the fourth removes a version that is kept no longer.
  for (let savedBefore = 0; killed() < kills; savedBefore = (savedBefore + 1) % 4)
    for (let step = 0; killed() < kills; step += 4) {
      const four = await Promise.all([0, 1, 2, 3].map((more) => killAt(before, savedBefore, step + more)))
      outcomes.push(...four)
      if (four.some((one) => !one.wasKilled)) break
    }

  // Every step was met; those before the document is replaced leave the old version, those after it the new one.
  const steps = new Set(outcomes.filter((one) => one.wasKilled).map((one) => one.step))
  expect(steps.size).toBeGreaterThan(10)
  expect(new Set(outcomes.map((one) => one.found))).toEqual(new Set(['old', 'new']))

  function killed() {
    return outcomes.filter((one) => one.wasKilled).length
  }
}, 240_000)

interface Outcome {
  readonly step: number
  readonly wasKilled: boolean
  /** The version that the next service found. */
  readonly found: 'old' | 'new'
}

async function killAt(before: string, savedBefore: number, step: number): Promise<Outcome> {
  const directory = temporaryDirectory()
  cpSync(before, directory, { recursive: true })
  const ended = await run('save-and-die.ts', directory, String(savedBefore), String(step)).ended
  expect(ended.errors).toBe('')

  const store = await openConfigurationStore({ directory, clock })
  expect(store.troubles).toEqual([])
  const { name } = store.current().configuration.company
  const old = savedBefore === 0 ? 'Old' : `New ${savedBefore}`
  const wanted = `New ${savedBefore + 1}`
  expect([old, wanted]).toContain(name)
  // What was acknowledged is never lost.
  if (ended.out.includes(`${wanted}\n`)) expect(name).toBe(wanted)

  const author = name === 'Old' ? 'gruppnummer' : 'anna'
  expect(store.history()[0]).toMatchObject({ revision: store.current().revision, author })
  const next = { onto: store.current().revision, author: 'ben', summary: 'Next', configuration: company('Next') }
  expect(await store.change(next)).toMatchObject({ ok: true })
  return { step, wasKilled: ended.signal !== null, found: name === wanted ? 'new' : 'old' }
}
