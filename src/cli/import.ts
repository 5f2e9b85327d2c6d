import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { difference } from '../core/configuration/difference.ts'
import { inWords } from '../core/configuration/difference-in-words.ts'
import type { Configuration } from '../core/configuration/types.ts'
import { openSoundFiles } from '../service/administration/sound-files.ts'
import { realDisk } from '../service/files.ts'
import { placeSounds, type ImportParts } from '../service/package-file/import-package.ts'
import { isSoundFile, type Package } from '../service/package-file/package-file.ts'
import { StartProblem, type ConfigurationStore } from '../service/ports.ts'
import { readArguments } from './read-arguments.ts'
import { readPackageFile } from './read-package-file.ts'
import { presetDirectory, withStore } from './serve.ts'

/**
 * `gruppnummer import FILE [--config DIR] [--preview]`: makes an export or a document the newest version in DIR, all of
 * it or nothing. A running service imports through its console.
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, ['FILE'], {
    config: { type: 'string' },
    preview: { type: 'boolean' },
  })
  const given = readPackageFile(positionals[0] ?? '')
  const directory = resolve(values.config ?? presetDirectory())
  const isThere = ['gruppnummer.json', 'versions'].some((name) => existsSync(join(directory, name)))
  if (values.preview) {
    const now = isThere ? readPackageFile(directory).configuration : { ...given.configuration, ...nothing }
    print(now, given.configuration)
    return 0
  }
  const sounds = soundsIn(directory, given)
  if (!isThere) {
    // The document names audio that is there already.
    const placed = await placeOrComplain(given, sounds)
    await withStore(directory, placed, () => Promise.resolve())
    return 0
  }
  await withStore(directory, undefined, (store) => replace(store, given, sounds))
  return 0
}

const nothing = { agreements: [], agents: [], groupNumbers: [], messages: [] }

async function replace(store: ConfigurationStore, given: Package, sounds: Omit<ImportParts, 'current'>) {
  const { revision, configuration } = store.current()
  const placed = await placeOrComplain(given, sounds)
  const summary = placed.company.language === 'sv' ? 'Importerade en fil' : 'Imported a file'
  const kept = await store.change({ onto: revision, author: 'gruppnummer import', summary, configuration: placed })
  if (!kept.ok) throw new StartProblem(`not imported: ${JSON.stringify(kept.problem)}`)
  print(configuration, placed)
}

async function placeOrComplain(given: Package, sounds: Omit<ImportParts, 'current'>): Promise<Configuration> {
  const placed = await placeSounds(given, sounds)
  if (!placed.ok) throw new StartProblem(placed.problem)
  return placed.value
}

function soundsIn(directory: string, given: Package): Omit<ImportParts, 'current'> {
  const strange = given.configuration.messages.find(({ file }) => !isSoundFile(file))
  if (strange) throw new StartProblem(`${strange.file}: expected a sound file, such as audio/welcome.wav`)
  const soundPath = (file: string) => join(directory, file)
  const files = openSoundFiles({ soundPath })
  return { disk: realDisk, soundPath, hasSound: (message) => files.has(message) }
}

function print(before: Configuration, after: Configuration) {
  for (const change of difference(before, after)) process.stdout.write(`${inWords(change, 'en')}\n`)
}
