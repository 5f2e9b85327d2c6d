import { cpSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openConfigurationStore } from '../../../src/service/store/open-configuration-store.ts'
import { company } from '../../support/persistence/company.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'
import { run } from '../../support/persistence/run.ts'
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts'

const clock = fakeClock()

test('[S2] killed at any step of a save, the old version or the new one is there, never neither', async () => {
  const before = temporaryDirectory()
  await (await openConfigurationStore({ directory: before, clock, initial: company('Old') })).close()
  const found = new Set<string>()

  for (let step = 0; ; step++) {
    const runs = await Promise.all([1, 2, 3].map(() => killedAt(step)))
    for (const { name } of runs) found.add(name)
    if (runs.every(({ ended }) => ended.signal === null)) {
      expect(step).toBeGreaterThan(10)
      break
    }
  }
  expect([...found].toSorted()).toEqual(['New', 'Old'])

  async function killedAt(step: number) {
    const directory = temporaryDirectory()
    cpSync(before, directory, { recursive: true })
    const ended = await run('save-and-die.ts', directory, String(step)).ended
    expect(ended.errors).toBe('')
    const store = await openConfigurationStore({ directory, clock })
    expect(store.troubles).toEqual([])
    const { company: found } = store.current().configuration
    if (ended.out === 'acknowledged') expect(found.name).toBe('New')

    const author = found.name === 'New' ? 'anna' : 'gruppnummer'
    expect(store.history()[0]).toMatchObject({ revision: store.current().revision, author })
    const change = { onto: store.current().revision, author: 'ben', summary: 'Next', configuration: company('Next') }
    expect(await store.change(change)).toMatchObject({ ok: true })
    return { ended, name: found.name }
  }
}, 240_000)
