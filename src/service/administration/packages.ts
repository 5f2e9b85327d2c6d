import { readFile } from 'node:fs/promises'
import type { EditOutcome, ImportPreview } from '../../contract/administration.ts'
import type { Configuration } from '../../core/configuration/types.ts'
import { failed, ok, type Result } from '../../core/result.ts'
import { readableBy } from '../console/readable-configuration.ts'
import type { FileWork } from '../file-work/file-work.ts'
import type { Disk } from '../files.ts'
import { placeSounds, previewImport, type ImportParts } from '../package-file/import-package.ts'
import { writePackage } from '../package-file/package-file.ts'
import type { Account, ConfigurationStore } from '../ports.ts'
import type { ChangeConfiguration } from './change-configuration.ts'
import { ownPart } from './edit-rights.ts'
import type { SoundFiles } from './sound-files.ts'

export interface Packages {
  /** Of what the account may read; in words why an export would not be whole. */
  export(account: Account): Promise<Result<AsyncGenerator<Buffer>, string>>
  preview(file: Buffer): Promise<Result<ImportPreview, string>>
  /** All of it or nothing; for admins. */
  import(account: Account, file: Buffer, onto?: number): Promise<Result<EditOutcome, string>>
}

export interface PackageParts {
  readonly store: Pick<ConfigurationStore, 'current' | 'soundPath'>
  readonly soundFiles: SoundFiles
  readonly change: Pick<ChangeConfiguration, 'replace'>
  readonly files: Pick<FileWork, 'readPackage'>
  readonly disk: Disk
}

export function openPackages({ store, soundFiles, change, files, disk }: PackageParts): Packages {
  const parts: ImportParts = {
    disk,
    soundPath: (file) => store.soundPath(file),
    hasSound: (message) => soundFiles.has(message),
    current: () => store.current(),
  }

  async function exportFor(account: Account): Promise<Result<AsyncGenerator<Buffer>, string>> {
    const configuration = exportedTo(account, store.current().configuration)
    const [fault] = await soundFiles.check(configuration)
    if (fault) return failed(fault.words.en)
    return ok(writePackage(configuration, (file) => readFile(store.soundPath(file))))
  }

  async function preview(file: Buffer): Promise<Result<ImportPreview, string>> {
    const given = await files.readPackage(file)
    return given.ok ? ok(await previewImport(given.value, parts)) : given
  }

  async function importFor(account: Account, file: Buffer, onto?: number): Promise<Result<EditOutcome, string>> {
    const given = await files.readPackage(file)
    if (!given.ok) return given
    // Before the audio is put in its place, so that a conflict leaves nothing behind.
    const { revision } = store.current()
    if (onto !== undefined && onto !== revision) return ok({ outcome: 'conflict', revision, byWhom: [], fields: [] })
    const placed = await placeSounds(given.value, parts)
    if (!placed.ok) return placed
    const isSwedish = placed.value.company.language === 'sv'
    const changed = await change.replace(
      account,
      placed.value,
      isSwedish ? 'Importerade en fil' : 'Imported a file',
      onto,
    )
    return changed.ok ? changed : failed(changed.problem.message)
  }

  return { export: exportFor, preview, import: importFor }
}

/** A supervisor's is a whole document too: without what an admin chose from elsewhere. */
function exportedTo(account: Account, configuration: Configuration): Configuration {
  if (account.roles.includes('admin') || account.roles.includes('reviewer')) return configuration
  return { ...ownPart(account, configuration), agents: readableBy(account.supervises, configuration).agents }
}
