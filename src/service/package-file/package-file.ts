import { createHash } from 'node:crypto'
import { parseConfigurationText } from '../../core/configuration/parse.ts'
import { serializeConfiguration } from '../../core/configuration/serialize.ts'
import type { Configuration } from '../../core/configuration/types.ts'
import { failed, ok, type Result } from '../../core/result.ts'
import { openZip } from './read-zip.ts'
import { writeZip, type ZipEntry } from './write-zip.ts'

/** What an export holds. */
export interface Package {
  readonly configuration: Configuration
  /** By the name that messages call it by; of a bare document none. Each is the one that the document means. */
  readonly sounds: ReadonlyMap<string, Buffer>
}

const documentName = 'gruppnummer.json'
/** Of an export that is read, in bytes. */
export const mostPackageBytes = 256 * 1024 * 1024
const mostDocumentBytes = 32 * 1024 * 1024
const mostSoundBytes = 64 * 1024 * 1024
const mostEntries = 20_000

/**
 * The `.zip` of a configuration: the document, then each audio file once, in the document's order. The same content is
 * the same bytes. Rejects where a file cannot be read.
 */
export function writePackage(
  configuration: Configuration,
  readSound: (file: string) => Promise<Buffer>,
): AsyncGenerator<Buffer> {
  const files = [...new Set(configuration.messages.map(({ file }) => file))]
  const document: ZipEntry = {
    name: documentName,
    read: () => Promise.resolve(Buffer.from(serializeConfiguration(configuration), 'utf8')),
  }
  return writeZip([document, ...files.map((file): ZipEntry => ({ name: file, read: () => readSound(file) }))])
}

/** Reads an export, or a bare document, that anyone may have made. The problem is one sentence. */
export function readPackage(file: Buffer): Result<Package, string> {
  if (file.length > mostPackageBytes) return failed(`the file is larger than ${String(mostPackageBytes)} bytes`)
  const isZip = file.length >= 4 && file.readUInt16BE(0) === 0x504b
  if (!isZip) {
    const configuration = readDocument(file)
    return configuration.ok ? ok({ configuration: configuration.value, sounds: new Map() }) : configuration
  }
  const zip = openZip(file, { entries: mostEntries, bytesOf, bytes: mostPackageBytes })
  if (!zip.ok) return zip
  const document = zip.value.read(documentName)
  if (!document.ok) return document
  const configuration = readDocument(document.value)
  if (!configuration.ok) return configuration
  return readSounds(zip.value, configuration.value)
}

/** Only what a document may name is looked at. */
function bytesOf(name: string): number | undefined {
  if (name === documentName) return mostDocumentBytes
  if (name === 'audio/') return 0
  return isSoundFile(name) ? mostSoundBytes : undefined
}

/** Whether a name is that of a sound beside the document: no path leads out, and no other file of ours is meant. */
export function isSoundFile(name: string): boolean {
  const parts = name.split('/')
  const isPlain = parts.every(
    (part) => part !== '' && part !== '.' && part !== '..' && !/[\\:\u0000-\u001f]/.test(part),
  )
  return isPlain && (name.startsWith('audio/') || /\.(wav|mp3|ogg|oga|opus|flac|m4a)$/i.test(name))
}

function readSounds(
  zip: { readonly names: readonly string[]; read(name: string): Result<Buffer, string> },
  configuration: Configuration,
): Result<Package, string> {
  const expected = new Map(configuration.messages.map(({ file, sha256 }) => [file, sha256]))
  const sounds = new Map<string, Buffer>()
  for (const name of zip.names) {
    if (name === documentName || name === 'audio/') continue
    const sha256 = expected.get(name)
    if (sha256 === undefined) return failed(`no message names ${JSON.stringify(name)}`)
    const content = zip.read(name)
    if (!content.ok) return content
    if (createHash('sha256').update(content.value).digest('hex') !== sha256)
      return failed(`${JSON.stringify(name)} has other bytes than its message says`)
    sounds.set(name, content.value)
  }
  return ok({ configuration, sounds })
}

function readDocument(bytes: Buffer): Result<Configuration, string> {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return failed(`expected a ZIP file, or a ${documentName}`)
  }
  const parsed = parseConfigurationText(text)
  if (parsed.ok) return parsed
  const [first] = parsed.problem
  if (parsed.problem.some(({ path }) => path === 'schemaVersion'))
    return failed('it is of another version of Gruppnummer: expected schemaVersion 1')
  const more = parsed.problem.length > 1 ? ` (and ${String(parsed.problem.length - 1)} more)` : ''
  return failed([documentName, first?.path, first?.message].filter(Boolean).join(': ') + more)
}
