import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyEdits } from '../src/core/configuration/edits/apply-edits.ts'
import type { Edit } from '../src/core/configuration/edits/edit-schema.ts'
import type { GroupNumberId } from '../src/core/configuration/types.ts'
import { instant } from '../src/core/time.ts'
import { openConfigurationStore } from '../src/service/store/open-configuration-store.ts'
import { largeCompany, type Size } from './support/large-company.ts'
import { quantile } from './support/quantile.ts'

export interface StoreFigures {
  readonly samples: number
  /** Milliseconds from the edits to the acknowledgement, every file synced. */
  readonly p50: number
  readonly p99: number
}

/** Milliseconds, of one change of a company of `large` size. */
export const goal = 50
export const large: Size = { agents: 1000, groupNumbers: 200, exceptions: 2000 }
export const small: Size = { agents: 10, groupNumbers: 2, exceptions: 20 }

const samples = 100

/** One edit after the other on the real store and a real disk. */
export async function run(size: Size): Promise<StoreFigures> {
  const directory = await mkdtemp(join(tmpdir(), 'gruppnummer-bench-'))
  try {
    const clock = { now: () => instant(Date.now()) }
    const store = await openConfigurationStore({ directory, clock, initial: largeCompany(size) })
    const taken: number[] = []
    for (let at = 0; at < samples; at += 1) {
      const edit: Edit = { type: 'renameGroupNumber', group: `group-${at % 2}` as GroupNumberId, name: `Nytt ${at}` }
      const begun = performance.now()
      const { revision, configuration } = store.current()
      const made = applyEdits(configuration, [edit])
      if (!made.ok) throw new Error(JSON.stringify(made.problem))
      const kept = await store.change({
        onto: revision,
        author: 'bench',
        summary: 'Renamed',
        configuration: made.value,
      })
      if (!kept.ok) throw new Error(JSON.stringify(kept.problem))
      taken.push(performance.now() - begun)
    }
    await store.close()
    return { samples, p50: quantile(taken, 0.5), p99: quantile(taken, 0.99) }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
