import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Instant } from '../../core/time.ts'
import type { Disk } from '../files.ts'
import type { Log } from '../log.ts'
import type { Clock, ConfigurationStore } from '../ports.ts'

interface SweepParts {
  readonly store: Pick<ConfigurationStore, 'current' | 'history' | 'version' | 'soundPath' | 'changed'>
  readonly disk: Pick<Disk, 'list' | 'remove'>
  readonly clock: Clock
  readonly log: Log
}

/** An upload that is younger may be in a draft that is not saved yet. */
const draftMillis = 24 * 60 * 60 * 1000
/** What was stored under its hash: an upload or a recording. Other names are of imports and of hands. */
const stored = /^[0-9a-f]{64}\.wav$/

/**
 * Takes away stored audio that no kept version names, once it is older than a draft may be. Where a version cannot be read,
 * nobody knows what it names, and nothing is taken away.
 *
 * @returns the files, as messages would have named them.
 */
export async function sweepAudio({ store, disk, clock, log }: Omit<SweepParts, 'changed'>): Promise<readonly string[]> {
  const directory = dirname(store.soundPath('audio/any.wav'))
  const unused = new Set<string>()
  const named = () => new Set(store.current().configuration.messages.map(({ file }) => file))
  const inForce = named()
  for (const name of await disk.list(directory)) {
    const file = `audio/${name}`
    if (stored.test(name) && !inForce.has(file) && (await isOld(join(directory, name), clock.now()))) unused.add(file)
  }
  for (const { revision } of unused.size === 0 ? [] : store.history()) {
    const version = await store.version(revision)
    if (!version.ok) {
      log.warn({ revision, problem: version.problem.kind }, 'unused audio stays: a version cannot be read')
      return []
    }
    for (const { file } of version.value.messages) unused.delete(file)
  }
  const swept: string[] = []
  for (const file of unused) {
    if (named().has(file) || !(await isOld(store.soundPath(file), clock.now()))) continue
    await disk.remove(store.soundPath(file))
    swept.push(file)
  }
  if (swept.length > 0) log.info({ files: swept.length }, 'audio that no version names is taken away')
  return swept
}

async function isOld(path: string, now: Instant): Promise<boolean> {
  try {
    return now - (await stat(path)).mtimeMs > draftMillis
  } catch {
    return false
  }
}

/** Sweeps now, once a day, and after the oldest version was pruned, once an hour at most. */
export function keepAudioSwept(parts: SweepParts): { close(): Promise<void> } {
  const { store, clock, log } = parts
  const oldest = () => store.history().at(-1)?.revision
  let sweeping: Promise<unknown> = Promise.resolve()
  let sweptTo: number | undefined
  let cancel: (() => void) | undefined
  let dueAt = Infinity
  let last = -Infinity

  function sweep() {
    last = clock.now()
    sweptTo = oldest()
    wakeAt(last + draftMillis)
    sweeping = sweepAudio(parts).catch((fault: unknown) => {
      log.error({ fault: String(fault) }, 'unused audio could not be taken away')
    })
  }
  function wakeAt(at: number) {
    cancel?.()
    dueAt = at
    cancel = clock.wake(at as Instant, sweep)
  }
  const unsubscribe = store.changed(() => {
    const soonest = last + 60 * 60 * 1000
    if (oldest() !== sweptTo && dueAt > soonest) wakeAt(Math.max(clock.now(), soonest))
  })
  sweep()

  return {
    close: async () => {
      unsubscribe()
      cancel?.()
      await sweeping
    },
  }
}
