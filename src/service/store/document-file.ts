import type { Adapter } from 'lowdb'
import { join } from 'node:path'
import type { Result } from '../../core/result.ts'
import { removeLeftovers, wordsOf, writeAtomically, type Disk } from '../files.ts'
import { StartProblem, type Clock, type Revision } from '../ports.ts'
import {
  longestHeader,
  readDocument,
  readHeader,
  readVersion,
  readWritten,
  revisionNamed,
  versionName,
  writeVersion,
  type DocumentForm,
  type KeptVersion,
} from './kept-version.ts'

/** lowdb's adapter for the document and its versions; lowdb's own presets keep nothing under NODE_ENV=test. */
interface DocumentFile extends Adapter<KeptVersion | null> {
  /** The newest good version, after mending what a power cut or a hand left; null: an empty directory. */
  read(): Promise<KeptVersion | null>
  /** Resolves when the version is in force and survives a power cut; else the one before is still in force. */
  write(version: KeptVersion | null): Promise<void>
  /** Newest first. */
  history(): readonly Revision[]
  /** Undefined: not kept (any longer). The problem says, in words, what is wrong with the file. */
  version(revision: number): Promise<Result<KeptVersion, string> | undefined>
  /** What was found wrong and mended, in words. */
  readonly troubles: readonly string[]
}

export interface DocumentFileOptions {
  readonly directory: string
  readonly clock: Pick<Clock, 'now'>
  readonly disk: Disk
  readonly form: DocumentForm
  /** How many versions stay. */
  readonly keep: number
}

export const documentName = 'gruppnummer.json'

const pendingName = 'pending'
const documentMode = 0o640
const versionMode = 0o600

/**
 * A save has three steps, each atomic, and a power cut may come at any point:
 *
 * 1. `versions/pending`: the new version. The document is the old one: at the next opening the
 *    pending version is dropped, since nobody was told of it.
 * 2. `gruppnummer.json`: the new document. From here on the new one is in force: at the next opening
 *    the pending version is found equal to it, and step 3 is done then, author and time kept.
 * 3. `versions/pending` is renamed to its number.
 */
export function openDocumentFile({ directory, clock, disk, form, keep }: DocumentFileOptions): DocumentFile {
  const document = join(directory, documentName)
  const versions = join(directory, 'versions')
  const pending = join(versions, pendingName)
  const troubles: string[] = []
  let kept: readonly Revision[] = []
  /** The document that is in force, for putting back. */
  let inForce: string | undefined
  /** In force, and not yet under its number. */
  let unfinished: Revision | undefined

  async function read(): Promise<KeptVersion | null> {
    try {
      return await recover()
    } catch (error) {
      if (error instanceof StartProblem) throw error
      throw new StartProblem(`${directory}: cannot be read: ${wordsOf(error)}`)
    }
  }

  async function recover(): Promise<KeptVersion | null> {
    await removeLeftovers(disk, directory)
    await removeLeftovers(disk, versions)
    kept = await readHistory()

    const found = await disk.read(document)
    const text = found?.toString('utf8')
    const read = text === undefined ? undefined : readDocument(text, form)
    const canonical = read?.ok === true ? form.serialize(read.value) : undefined
    const newest = await settlePending(await newestGood(), canonical)

    if (read?.ok === true && canonical !== undefined) {
      inForce = text
      if (newest !== undefined && says(newest, canonical)) return newest
      return takeHandEdit({ configuration: read.value, text: canonical })
    }
    if (newest === undefined) {
      if (read === undefined && kept.length === 0) return null
      const fault = read === undefined || read.ok ? 'it is missing' : read.problem
      throw new StartProblem(`${document}: ${fault}; and no good version is kept in ${versions}`)
    }
    await mend(newest, read === undefined || read.ok ? undefined : read.problem)
    return newest
  }

  async function readHistory(): Promise<readonly Revision[]> {
    const history: Revision[] = []
    for (const name of (await disk.list(versions)).toReversed()) {
      const revision = revisionNamed(name)
      if (revision === undefined) continue
      const header = readHeader((await disk.read(join(versions, name), longestHeader))?.toString('utf8') ?? '')
      if (header?.revision === revision) history.push(header)
      else troubles.push(`${join(versions, name)}: damaged, left out of the history`)
    }
    return history
  }

  async function newestGood(): Promise<KeptVersion | undefined> {
    for (const { revision } of kept) {
      const content = await contentOf(revision)
      const version = content === undefined ? undefined : readVersion(content, form)
      if (version?.ok === true) return version.value
      const fault = version?.problem ?? 'it is missing'
      troubles.push(`${join(versions, versionName(revision))}: not used: ${fault}`)
    }
    return undefined
  }

  /** Drops or finishes what step 1 left; gives the newest version after that. */
  async function settlePending(newest: KeptVersion | undefined, inDocument: string | undefined) {
    const content = await disk.read(pending)
    if (content === undefined) return newest
    const version = readVersion(content.toString('utf8'), form)
    const neverInForce = newest !== undefined && inDocument !== undefined && says(newest, inDocument)
    if (!version.ok || neverInForce || version.value.revision.revision <= newestRevision()) {
      await disk.remove(pending).catch((error: unknown) => troubles.push(`${pending}: ${wordsOf(error)}`))
      return newest
    }
    unfinished = version.value.revision
    await finish().catch((error: unknown) => troubles.push(`${pending}: ${wordsOf(error)}`))
    return version.value
  }

  /** The document was changed while no service ran: taken as a change by `file`. */
  async function takeHandEdit(edited: Pick<KeptVersion, 'configuration' | 'text'>): Promise<KeptVersion> {
    const revision: Revision = {
      revision: newestRevision() + 1,
      at: clock.now(),
      author: 'file',
      summary: kept.length === 0 ? 'Found at the first start' : 'Edited by hand while the service was down',
    }
    const version = { ...edited, revision }
    try {
      await write(version)
    } catch (error) {
      troubles.push(`${document}: in use as revision ${revision.revision}, which could not be kept: ${wordsOf(error)}`)
    }
    return version
  }

  async function mend(newest: KeptVersion, fault: string | undefined): Promise<void> {
    const { revision } = newest.revision
    const aside = `${document}.damaged-${new Date(clock.now()).toISOString().replaceAll(':', '-')}`
    try {
      if (fault !== undefined) await disk.rename(document, aside)
      await writeAtomically(disk, { path: document, content: newest.text, mode: documentMode })
      inForce = newest.text
      troubles.push(
        fault === undefined
          ? `${document}: was missing; revision ${revision} is used`
          : `${document}: ${fault}; set aside as ${aside}, and revision ${revision} is used`,
      )
    } catch (error) {
      const was = fault ?? 'it is missing'
      troubles.push(`${document}: ${was}; revision ${revision} is used, but not written: ${wordsOf(error)}`)
    }
  }

  async function write(version: KeptVersion | null): Promise<void> {
    if (version === null) return
    await disk.makeDirectory(versions)
    await finish()
    try {
      await writeAtomically(disk, { path: pending, content: writeVersion(version), mode: versionMode })
      await writeAtomically(disk, { path: document, content: version.text, mode: documentMode })
    } catch (error) {
      await putBack()
      throw error
    }
    inForce = version.text
    unfinished = version.revision
    // From here on it is saved: what fails now is done before the next save, or at the next opening.
    await finish().catch(() => undefined)
    await prune().catch(() => undefined)
  }

  /** After a failure the document may be the new one without surviving a power cut; it shall be the old one. */
  async function putBack(): Promise<void> {
    try {
      const found = (await disk.read(document))?.toString('utf8')
      if (found !== inForce) {
        if (inForce === undefined) await disk.remove(document)
        else await writeAtomically(disk, { path: document, content: inForce, mode: documentMode })
      }
      await disk.remove(pending)
    } catch {
      // The pending version stays: the next opening finds the document to be the old one or the new one.
    }
  }

  async function finish(): Promise<void> {
    if (unfinished === undefined) return
    const revision = unfinished
    if (!kept.some((one) => one.revision === revision.revision)) kept = [revision, ...kept]
    await disk.rename(pending, join(versions, versionName(revision.revision)))
    unfinished = undefined
  }

  async function prune(): Promise<void> {
    const old = kept.slice(keep)
    kept = kept.slice(0, keep)
    for (const { revision } of old) await disk.remove(join(versions, versionName(revision)))
  }

  async function contentOf(revision: number): Promise<string | undefined> {
    if (!kept.some((one) => one.revision === revision)) return undefined
    const file = unfinished?.revision === revision ? pending : join(versions, versionName(revision))
    return (await disk.read(file))?.toString('utf8')
  }

  async function version(revision: number) {
    const content = await contentOf(revision)
    return content === undefined ? undefined : readWritten(content)
  }

  /** A version kept by an older program may have had its keys in another order. */
  const says = (version: KeptVersion, canonical: string) =>
    version.text === canonical || form.serialize(version.configuration) === canonical

  const newestRevision = () => kept[0]?.revision ?? 0

  return { read, write, history: () => kept, version, troubles }
}
