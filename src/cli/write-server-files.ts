import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { realDisk, wordsOf, writeAtomically } from '../service/files.ts'
import { StartProblem } from '../service/ports.ts'
import { serverFiles, type ServerFile } from '../switch/asterisk/server/server-files.ts'
import type { ServerOptions } from '../switch/asterisk/server/server-options.ts'

export interface Written {
  readonly written: readonly string[]
  /** There already, byte for byte. */
  readonly unchanged: readonly string[]
  /** Set aside as `NAME.old` before another was written. */
  readonly replaced: readonly string[]
}

/**
 * Writes the configuration of an Asterisk server, with the sounds of its fallback, into `target`.
 *
 * @throws StartProblem before anything is written, where a file is there with another content and `replace` is not said.
 */
export async function writeServerFiles(
  target: string,
  options: ServerOptions,
  { replace = false }: { readonly replace?: boolean } = {},
): Promise<Written> {
  const files = [...serverFiles(options).map(asBytes), ...soundsFor(options)]
  const state = (file: Bytes) => {
    const path = join(target, file.name)
    if (!existsSync(path)) return 'missing'
    return readFileSync(path).equals(file.content) ? 'same' : 'other'
  }
  const found = files.map((file) => ({ file, state: state(file) }))
  const others = found.filter((each) => each.state === 'other').map(({ file }) => file.name)
  if (others.length > 0 && !replace)
    throw new StartProblem(
      `${target}: ${others.join(', ')} ${others.length === 1 ? 'is' : 'are'} there with another content; nothing was written. ` +
        'Give --replace to write anew (the old is kept as NAME.old), or another DIR',
    )
  try {
    for (const directory of ['', 'sounds', 'moh']) mkdirSync(join(target, directory), { recursive: true, mode: 0o750 })
    for (const { file, state } of found) {
      const path = join(target, file.name)
      if (state === 'same') continue
      if (state === 'other') copyFileSync(path, `${path}.old`)
      await writeAtomically(realDisk, { path, content: file.content, mode: file.secret ? 0o600 : 0o640 })
    }
  } catch (fault) {
    throw new StartProblem(`${target}: cannot be written: ${wordsOf(fault)}`)
  }
  const names = (wanted: string) => found.filter((each) => each.state === wanted).map(({ file }) => file.name)
  return { written: names('missing'), unchanged: names('same'), replaced: names('other') }
}

interface Bytes {
  readonly name: string
  readonly content: Buffer
  readonly secret?: true
}

const asBytes = ({ name, text, secret }: ServerFile): Bytes => ({
  name,
  content: Buffer.from(text),
  ...(secret && { secret }),
})

/** Mono, 8 kHz, 16 bit: Asterisk reads a `.wav` of nothing else. */
function soundsFor({ language }: ServerOptions): readonly Bytes[] {
  const resource = (name: string) => readFileSync(fileURLToPath(new URL(`../../resources/${name}`, import.meta.url)))
  return [
    ...['away', 'sorry'].map((name) => ({
      name: `sounds/${name}-${language}.wav`,
      content: resource(`asterisk/${name}-${language}.wav`),
    })),
    { name: 'moh/music.wav', content: resource('prerecorded/audio/prerecorded-music.wav') },
  ]
}
