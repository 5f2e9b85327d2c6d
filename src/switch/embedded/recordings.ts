import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where callers' messages are kept. */
export interface Recordings {
  /** Kept under a new name, which is returned; throws where it cannot be. */
  keep(wav: Buffer): Promise<string>
  /** Undefined: no recording of ours has that name. */
  read(name: string): Promise<Buffer | undefined>
}

/** As we make them up; a name from outside that is any other leads nowhere. */
const ours = /^[0-9a-f]{32}\.wav$/

/** In a directory of this user's own, made with the first recording. Names are ours alone, and cannot be guessed. */
export function recordingsIn(directory: string, random: (size: number) => Buffer): Recordings {
  return {
    async keep(wav) {
      const name = `${random(16).toString('hex')}.wav`
      await mkdir(directory, { recursive: true, mode: 0o700 })
      // Whole or not at all, whoever looks.
      const unfinished = join(directory, `.${name}.part`)
      await writeFile(unfinished, wav, { mode: 0o600, flag: 'wx', flush: true })
      await rename(unfinished, join(directory, name))
      return name
    },
    async read(name) {
      if (!ours.test(name)) return undefined
      return readFile(join(directory, name)).catch(() => undefined)
    },
  }
}
