import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Configuration } from '../../core/configuration/types.ts'
import { failed, ok, type Result } from '../../core/result.ts'
import { instant } from '../../core/time.ts'
import type { Revision } from '../ports.ts'

/** One version of the document, as it lies in `versions/`. */
export interface KeptVersion {
  readonly revision: Revision
  readonly configuration: Configuration
  /** The document in canonical bytes. */
  readonly text: string
}

/** How a document is read and written; `core/configuration` in the product. */
export interface DocumentForm {
  /** Of a value parsed as JSON. */
  parse(document: unknown): Result<Configuration, readonly { readonly path: string; readonly message: string }[]>
  /** The same configuration always gives the same text. */
  serialize(configuration: Configuration): string
}

/** The longest first line that is read; authors and summaries are cut to fit, and a long list of what was changed left out. */
export const longestHeader = 16_384
const longestTouches = 4000

const headerSchema = z.strictObject({
  revision: z.int().min(1),
  at: z.int(),
  author: z.string(),
  summary: z.string(),
  touches: z.array(z.string()).exactOptional(),
  sha256: z.string(),
})

/**
 * A version file: one line of JSON about it, then the document exactly as it is in `gruppnummer.json`.
 * So `tail -n +2` gets any version back without this program, and the hash tells a rotten one.
 */
export function writeVersion({ revision, text }: Pick<KeptVersion, 'revision' | 'text'>): string {
  const { touches, ...facts } = revision
  const header = {
    ...facts,
    ...(touches !== undefined && touches.join().length <= longestTouches && { touches }),
    author: revision.author.slice(0, 200),
    summary: revision.summary.slice(0, 2000),
    sha256: sha256Of(text),
  }
  return `${JSON.stringify(header)}\n${text}`
}

/** What the first line says; `start` is the beginning of a version file. */
export function readHeader(start: string): Revision | undefined {
  const header = parseHeader(start)
  if (header === undefined) return undefined
  const { revision, at, author, summary, touches } = header
  return { revision, at: instant(at), author, summary, ...(touches !== undefined && { touches }) }
}

/** The whole version, or in words why it is not good. */
export function readVersion(content: string, form: DocumentForm): Result<KeptVersion, string> {
  const written = readWritten(content)
  if (!written.ok) return written
  const document = readDocument(written.value.text, form)
  return document.ok ? ok({ ...written.value, configuration: document.value }) : document
}

/** The same, without judging the document anew: its bytes are those that were written, and only what was judged good is. */
export function readWritten(content: string): Result<KeptVersion, string> {
  const header = parseHeader(content)
  const revision = readHeader(content)
  if (header === undefined || revision === undefined) return failed('its first line is damaged')
  const text = content.slice(content.indexOf('\n') + 1)
  if (sha256Of(text) !== header.sha256) return failed('its bytes are not those that were written')
  return ok({ revision, text, configuration: JSON.parse(text) as Configuration })
}

/** The configuration in a document's text, or in words what is wrong with the first wrong thing. */
export function readDocument(text: string, form: DocumentForm): Result<Configuration, string> {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    return failed(error instanceof Error ? `not JSON: ${error.message}` : 'not JSON')
  }
  const parsed = form.parse(document)
  if (parsed.ok) return parsed
  const first = parsed.problem[0]
  return failed(first === undefined ? 'not a configuration' : `${first.path || 'the document'}: ${first.message}`)
}

/** `00000012.version`: names sort as revisions do. */
export const versionName = (revision: number) => `${String(revision).padStart(8, '0')}.version`

/** The revision in a version file's name. */
export function revisionNamed(name: string): number | undefined {
  const digits = /^(\d{8,12})\.version$/.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

function parseHeader(content: string): z.infer<typeof headerSchema> | undefined {
  const end = content.indexOf('\n')
  if (end < 0) return undefined
  try {
    return headerSchema.safeParse(JSON.parse(content.slice(0, end))).data
  } catch {
    return undefined
  }
}

const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex')
