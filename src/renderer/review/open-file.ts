import { parseConfigurationText } from '../../core/configuration/parse.ts'
import type { Problem } from '../../core/configuration/problem.ts'
import type { Configuration, Message, MessageId } from '../../core/configuration/types.ts'
import { failed, ok, type Result } from '../../core/result.ts'
import { instant, type Instant } from '../../core/time.ts'
import { readZip, type ZipEntry, type ZipProblem } from './read-zip.ts'

/** A configuration that is read where there is no service. */
export interface Reviewed {
  readonly origin:
    | { readonly kind: 'file'; readonly name: string; readonly at: Instant }
    /** The one that this console kept. */
    | { readonly kind: 'copy'; readonly revision: number; readonly at: Instant }
  readonly configuration: Configuration
  /** What can be heard; a document alone has no sounds. */
  readonly sounds: ReadonlyMap<MessageId, Blob>
  readonly soundFaults: readonly SoundFault[]
}

export interface SoundFault {
  readonly message: Message
  /** Not in the file, other bytes than the document says, or more than is unpacked here. */
  readonly kind: 'missing' | 'damaged' | 'tooBig'
}

/** Why a file is not opened: nothing of it is kept then. */
export type ReviewProblem =
  | { readonly kind: 'tooBig' | 'unreadable' | 'noDocument' | 'newer' }
  | { readonly kind: 'zip'; readonly problem: ZipProblem }
  | { readonly kind: 'faults'; readonly problems: readonly Problem[] }

/** A file as the browser hands it over. */
export type GivenFile = Blob & { readonly name: string; readonly lastModified: number }

const documentName = 'gruppnummer.json'
/** In bytes: four times what the parser reads in characters. */
const mostDocument = 64 * 1024 * 1024
const mostSound = 21_000_000
/** Of all sounds: what is left is read without being heard. */
const mostSounds = 400_000_000

/** Opens an export: a `gruppnummer.json`, or a zip with it and its sounds (design section 5). */
export async function openFile(file: GivenFile): Promise<Result<Reviewed, ReviewProblem>> {
  try {
    const origin = { kind: 'file', name: file.name, at: instant(file.lastModified) } as const
    const isZip = (await file.slice(0, 2).text()) === 'PK'
    if (!isZip) {
      if (file.size > mostDocument) return failed({ kind: 'tooBig' })
      const read = readDocument(await file.text())
      return read.ok ? ok({ origin, configuration: read.value, sounds: new Map(), soundFaults: [] }) : read
    }
    const zip = await readZip(file)
    if (!zip.ok) return failed({ kind: 'zip', problem: zip.problem })
    const document = findDocument(zip.value)
    if (document === undefined) return failed({ kind: 'noDocument' })
    const bytes = await document.entry.read(mostDocument)
    if (!bytes.ok) return failed({ kind: 'zip', problem: bytes.problem })
    const read = readDocument(new TextDecoder().decode(bytes.value))
    if (!read.ok) return read
    return ok({ origin, configuration: read.value, ...(await soundsOf(read.value, zip.value, document.folder)) })
  } catch {
    // A file that was removed or changed since it was chosen.
    return failed({ kind: 'unreadable' })
  }
}

function readDocument(text: string): Result<Configuration, ReviewProblem> {
  const parsed = parseConfigurationText(text)
  if (parsed.ok) return parsed
  const version = /"schemaVersion"\s*:\s*(\d+)/.exec(text.slice(0, 1000))?.[1]
  if (Number(version) > 1) return failed({ kind: 'newer' })
  return failed({ kind: 'faults', problems: parsed.problem })
}

/** At the top, or in the only folder of a zip that was packed by hand. */
function findDocument(entries: ReadonlyMap<string, ZipEntry>) {
  const names = [...entries.keys()].filter((name) => name === documentName || name.endsWith(`/${documentName}`))
  const name = names.includes(documentName) ? documentName : names.length === 1 ? names[0] : undefined
  const entry = name === undefined ? undefined : entries.get(name)
  return entry && { entry, folder: entry.name.slice(0, -documentName.length) }
}

async function soundsOf({ messages }: Configuration, entries: ReadonlyMap<string, ZipEntry>, folder: string) {
  const sounds = new Map<MessageId, Blob>()
  const soundFaults: SoundFault[] = []
  const read = new Map<string, Awaited<ReturnType<typeof readSound>>>()
  let total = 0
  for (const message of messages) {
    const known = read.get(message.file)
    const sound = known ?? (await readSound(entries.get(folder + message.file), message, mostSounds - total))
    read.set(message.file, sound)
    if (sound instanceof Blob) {
      if (known === undefined) total += sound.size
      sounds.set(message.id, sound)
    } else soundFaults.push({ message, kind: sound })
  }
  return { sounds, soundFaults }
}

async function readSound(
  entry: ZipEntry | undefined,
  { file, sha256 }: Message,
  most: number,
): Promise<Blob | SoundFault['kind']> {
  if (entry === undefined) return 'missing'
  const bytes = await entry.read(Math.min(most, mostSound))
  if (!bytes.ok) return bytes.problem === 'tooBig' ? 'tooBig' : 'damaged'
  if ((await hashOf(bytes.value)) !== sha256) return 'damaged'
  return new Blob([bytes.value], { type: types[/\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? ''] ?? 'audio/wav' })
}

const types: Readonly<Record<string, string>> = {
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  flac: 'audio/flac',
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
