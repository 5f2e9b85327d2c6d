import { Low } from 'lowdb'
import { join } from 'node:path'
import { parseConfiguration } from '../../core/configuration/parse.ts'
import { serializeConfiguration } from '../../core/configuration/serialize.ts'
import type { Configuration } from '../../core/configuration/types.ts'
import { failed, ok, type Result } from '../../core/result.ts'
import { realDisk, wordsOf, type Disk } from '../files.ts'
import { oneAtATime } from '../one-at-a-time.ts'
import { StartProblem, type Clock, type ConfigurationStore, type StoreProblem } from '../ports.ts'
import { documentName, openDocumentFile, type DocumentFileOptions } from './document-file.ts'
import type { DocumentForm, KeptVersion } from './kept-version.ts'
import { soundPathIn } from './sound-path.ts'

export interface ConfigurationStoreOptions {
  /** Holds `gruppnummer.json`, `versions/` and `audio/`; this process owns it (`openOwnerLock`). */
  readonly directory: string
  readonly clock: Pick<Clock, 'now'>
  readonly log?: { warn(message: string): void }
  /** Written as revision 1 where the directory holds neither a document nor a version. */
  readonly initial?: Configuration
  /** @default the real one */
  readonly disk?: Disk
  /** @default that of `core/configuration` */
  readonly form?: DocumentForm
  /** How many versions stay. @default 200 */
  readonly keep?: number
}

const productForm: DocumentForm = { parse: parseConfiguration, serialize: serializeConfiguration }

/**
 * Opens the configuration in `directory`, mending what can be mended (`troubles`).
 *
 * Throws `StartProblem` where nothing good is found: an empty directory without `initial`, or a
 * damaged document without a good version; the damaged document then stays where it is.
 */
export async function openConfigurationStore(options: ConfigurationStoreOptions): Promise<ConfigurationStore> {
  const { directory, clock, log, initial, form = productForm } = options
  const file = openDocumentFile(fileOptions(options))
  const database = new Low<KeptVersion | null>(file, null)
  await database.read()
  if (database.data === null && initial !== undefined) {
    database.data = firstVersion(initial, form, clock)
    await database.write().catch((error: unknown) => {
      throw new StartProblem(`${join(directory, documentName)}: cannot be written: ${wordsOf(error)}`)
    })
  }
  if (database.data === null) throw new StartProblem(`${directory}: no ${documentName} here`)
  for (const trouble of file.troubles) log?.warn(trouble)

  let inForce = database.data
  const listeners = new Set<Parameters<ConfigurationStore['changed']>[0]>()
  const inTurn = oneAtATime()

  async function save(change: Parameters<ConfigurationStore['change']>[0]): ReturnType<ConfigurationStore['change']> {
    const parsed = form.parse(change.configuration)
    if (!parsed.ok) return failed({ kind: 'invalid', problems: parsed.problem })
    const { revision } = inForce.revision
    if (change.onto !== revision) return failed({ kind: 'conflict', revision })
    const text = form.serialize(parsed.value)
    if (text === inForce.text) return ok({ revision })

    const { author, summary, touches } = change
    const next = { revision: revision + 1, at: clock.now(), author, summary, ...(touches !== undefined && { touches }) }
    try {
      database.data = { revision: next, configuration: parsed.value, text }
      await database.write()
    } catch (error) {
      database.data = inForce
      return failed({ kind: 'disk', message: wordsOf(error) })
    }
    inForce = database.data
    tell()
    return ok({ revision: next.revision })
  }

  function tell(): void {
    for (const listener of listeners)
      try {
        listener(current())
      } catch (error) {
        log?.warn(`a listener to the configuration failed: ${wordsOf(error)}`)
      }
  }

  async function version(revision: number): Promise<Result<Configuration, StoreProblem>> {
    try {
      const found = await file.version(revision)
      if (found === undefined) return failed({ kind: 'unknownRevision', revision })
      return found.ok ? ok(found.value.configuration) : failed({ kind: 'disk', message: found.problem })
    } catch (error) {
      return failed({ kind: 'disk', message: wordsOf(error) })
    }
  }

  const current = () => ({ revision: inForce.revision.revision, configuration: inForce.configuration })

  return {
    current,
    change: (change) => inTurn(() => save(change)),
    history: () => file.history(),
    version,
    soundPath: (name) => soundPathIn(directory, name),
    changed(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    troubles: file.troubles,
    close: () => inTurn.idle(),
  }
}

/**
 * Makes `configuration` the first version in `directory`, which holds none yet.
 * Throws `StartProblem` where it holds one, or cannot be written.
 */
export async function createConfiguration(
  directory: string,
  configuration: Configuration,
  { clock, disk = realDisk }: { readonly clock: Pick<Clock, 'now'>; readonly disk?: Disk },
): Promise<void> {
  const there = [...(await disk.list(directory)), ...(await disk.list(join(directory, 'versions')))]
  if (there.some((name) => name === documentName || name.endsWith('.version')))
    throw new StartProblem(`${directory}: there is a configuration here already`)
  const store = await openConfigurationStore({ directory, clock, disk, initial: configuration })
  await store.close()
}

function fileOptions({ directory, clock, disk = realDisk, form = productForm, keep = 200 }: ConfigurationStoreOptions) {
  return { directory, clock, disk, form, keep } satisfies DocumentFileOptions
}

function firstVersion(initial: Configuration, form: DocumentForm, clock: Pick<Clock, 'now'>): KeptVersion {
  const parsed = form.parse(initial)
  if (!parsed.ok)
    throw new StartProblem(
      `the first configuration: ${parsed.problem.map((one) => `${one.path}: ${one.message}`).join('; ')}`,
    )
  const revision = { revision: 1, at: clock.now(), author: 'gruppnummer', summary: 'First version' }
  return { revision, configuration: parsed.value, text: form.serialize(parsed.value) }
}
