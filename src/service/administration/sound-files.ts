import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { CheckProblem } from '../../contract/administration.ts'
import type { Configuration, Message } from '../../core/configuration/types.ts'
import type { ConfigurationStore } from '../ports.ts'

/** Looks at the audio files that messages name. */
export interface SoundFiles {
  /** Whether it is there, byte for byte. */
  has(message: Pick<Message, 'file' | 'sha256'>): Promise<boolean>
  check(configuration: Configuration): Promise<readonly CheckProblem[]>
}

export function openSoundFiles(store: Pick<ConfigurationStore, 'soundPath'>): SoundFiles {
  /** By path, for as long as the file has that size and time. */
  const known = new Map<string, { readonly stamp: string; readonly sha256: string }>()

  async function sha256Of(file: string): Promise<string | undefined> {
    try {
      const path = store.soundPath(file)
      const { size, mtimeMs } = await stat(path)
      const stamp = `${String(size)} ${String(mtimeMs)}`
      const before = known.get(path)
      if (before?.stamp === stamp) return before.sha256
      const sha256 = await hashOf(path)
      if (known.size > 10_000) known.clear()
      known.set(path, { stamp, sha256 })
      return sha256
    } catch {
      // Not there, not to be read, or no path of ours: none.
      return undefined
    }
  }

  async function check({ messages }: Configuration): Promise<readonly CheckProblem[]> {
    const problems: CheckProblem[] = []
    for (const { id, name, file, sha256 } of messages) {
      const found = await sha256Of(file)
      if (found === sha256) continue
      const words =
        found === undefined
          ? {
              sv: `${name}: ljudfilen ${file} saknas; ladda upp den igen eller ta bort meddelandet`,
              en: `${name}: the audio file ${file} is missing: upload it again, or remove the message`,
            }
          : {
              sv: `${name}: ljudfilen ${file} är en annan än den som valdes; ladda upp den igen`,
              en: `${name}: the audio file ${file} is not the one that was chosen: upload it again`,
            }
      problems.push({ severity: 'error', path: ['messages', id, 'file'], words })
    }
    return problems
  }

  return { has: async ({ file, sha256 }) => (await sha256Of(file)) === sha256, check }
}

function hashOf(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const hash = createHash('sha256')
    createReadStream(path)
      .on('error', reject)
      .on('data', (chunk) => hash.update(chunk))
      .on('end', () => resolve(hash.digest('hex')))
  })
}
