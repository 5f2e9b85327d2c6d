import { z } from 'zod'
import { exportPath, importPath, type ImportPreview } from '../../../contract/administration.ts'
import { failed, ok, type Result } from '../../../core/result.ts'
import { changeSchema } from '../../stores/administration.ts'

/** Why a file was not written or read: a kind with words of its own, or what the service says of it. */
export type PackageProblem = 'noContact' | 'forbidden' | 'tooMany' | 'tooBig' | 'conflict' | { readonly says: string }

const previewSchema = z.looseObject({
  revision: z.number().int(),
  changes: z.array(changeSchema),
  newAudio: z.number().int(),
  missingAudio: z.array(z.string()),
  unplayableAudio: z.array(z.string()),
})
const importedSchema = z.looseObject({ revision: z.number().int() })
const faultSchema = z.looseObject({ error: z.looseObject({ message: z.string() }) })

/** The configuration as a `.zip` with its audio: of everything, or of what the account may read. */
export async function fetchExport(): Promise<Result<Blob, PackageProblem>> {
  const answer = await asked(exportPath)
  return answer.ok ? ok(await answer.value.blob()) : answer
}

/** What importing the file would change; nothing is changed. */
export async function previewImport(file: Blob): Promise<Result<ImportPreview, PackageProblem>> {
  const answer = await asked(`${importPath}?preview=1`, file)
  if (!answer.ok) return answer
  const read = previewSchema.safeParse(await answer.value.json().catch(() => undefined))
  return read.success ? ok(read.data as unknown as ImportPreview) : failed('noContact')
}

/** Imports what was previewed on `revision`; the new revision. */
export async function importFile(file: Blob, revision: number): Promise<Result<number, PackageProblem>> {
  const answer = await asked(`${importPath}?onto=${String(revision)}`, file)
  if (!answer.ok) return answer
  const read = importedSchema.safeParse(await answer.value.json().catch(() => undefined))
  return read.success ? ok(read.data.revision) : failed('noContact')
}

async function asked(path: string, file?: Blob): Promise<Result<Response, PackageProblem>> {
  const sent = file === undefined ? {} : { method: 'POST', body: file, headers: { 'content-type': 'application/zip' } }
  try {
    const answer = await fetch(path, { credentials: 'same-origin', ...sent })
    return answer.ok ? ok(answer) : failed(await problemOf(answer))
  } catch {
    return failed('noContact')
  }
}

/** By status (RFC 9110 section 15); 409 of an import: someone saved since the preview. */
async function problemOf(answer: Response): Promise<PackageProblem> {
  if (answer.status === 401 || answer.status === 403) return 'forbidden'
  if (answer.status === 413) return 'tooBig'
  if (answer.status === 429) return 'tooMany'
  if (answer.status === 409 && answer.url.includes(importPath)) return 'conflict'
  const read = faultSchema.safeParse(await answer.json().catch(() => undefined))
  return read.success ? { says: read.data.error.message } : 'noContact'
}
