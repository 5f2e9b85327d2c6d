import type { Log } from '../log.ts'
import type { ConfigurationStore } from '../ports.ts'
import { findSoundProblems } from './sound-problems.ts'

export interface SoundWatch {
  /** In words: what callers do not hear, although the configuration says so. Undefined: they hear everything. */
  readonly trouble: string | undefined
  close(): void
}

export interface SoundWatchParts {
  readonly store: Pick<ConfigurationStore, 'current' | 'changed' | 'soundPath'>
  readonly log: Log
  /** `trouble` is another. */
  readonly changed: () => void
}

/**
 * Looks at the audio files at a start and after each change of the configuration. One that is missing or broken leaves callers
 * in silence, which nobody at a desk hears: so it is said aloud.
 */
export function watchSounds({ store, log, changed }: SoundWatchParts): SoundWatch {
  /** What a sum says of a file stays so: these are not read again. */
  const good = new Set<string>()
  let trouble: string | undefined
  let turn = 0

  async function look() {
    turn += 1
    const mine = turn
    const problems = await findSoundProblems(store.current().configuration, (file) => store.soundPath(file), good)
    // The configuration has changed meanwhile, or nobody wants to know any more.
    if (mine !== turn) return
    const [first] = problems
    const more = problems.length > 1 ? ` (and ${String(problems.length - 1)} more)` : ''
    const now = first && `${first.path}: ${first.message}${more}`
    if (now === trouble) return
    trouble = now
    for (const { path, message } of problems) log.error({ path }, `a sound is not heard: ${message}`)
    changed()
  }

  const lookSoon = () => {
    look().catch((fault: unknown) => log.error({ fault: String(fault) }, 'the sounds could not be looked at'))
  }
  const unsubscribe = store.changed(lookSoon)
  lookSoon()

  return {
    get trouble() {
      return trouble
    },
    close: () => {
      turn += 1
      unsubscribe()
    },
  }
}
