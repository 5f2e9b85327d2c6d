import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { openSoundFiles } from '../service/administration/sound-files.ts'
import { realDisk, wordsOf, writeAtomically } from '../service/files.ts'
import { writePackage } from '../service/package-file/package-file.ts'
import { StartProblem } from '../service/ports.ts'
import { readArguments } from './read-arguments.ts'
import { readConfigurationFile, sayProblems } from './read-configuration.ts'
import { presetDirectory } from './serve.ts'

/**
 * `gruppnummer export FILE [--config CONFIG]`: the document and its audio as one `.zip`, lossless. A service may run
 * meanwhile: documents and audio are only ever replaced whole.
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, ['FILE'], { config: { type: 'string' } })
  const [to = ''] = positionals
  const { file, directory, parsed } = readConfigurationFile(values.config ?? presetDirectory())
  if (!parsed.ok) throw new StartProblem(sayProblems(file, parsed.problem))
  const soundPath = (name: string) => join(directory, name)
  const [fault] = await openSoundFiles({ soundPath }).check(parsed.value)
  if (fault) throw new StartProblem(`${file}: ${fault.words.en}`)
  const chunks: Buffer[] = []
  for await (const chunk of writePackage(parsed.value, (name) => readFile(soundPath(name)))) chunks.push(chunk)
  await writeAtomically(realDisk, { path: resolve(to), content: Buffer.concat(chunks), mode: 0o600 }).catch(
    (cause: unknown) => {
      throw new StartProblem(`${to}: cannot be written: ${wordsOf(cause)}`)
    },
  )
  process.stdout.write(
    `${to}: ${String(parsed.value.messages.length)} messages, ${String(parsed.value.groupNumbers.length)} group numbers\n`,
  )
  return 0
}
