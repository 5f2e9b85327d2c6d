import { rmSync } from 'node:fs'
import { z } from 'zod'
import type { CopyRead } from '../contract/desktop.ts'
import { mayKeep, openSecretFile, type SafeStorage } from './secret-file.ts'

/** The last configuration that this person may see, for reading where there is no contact with the service. */
export interface OfflineCopy {
  readonly read: () => CopyRead
  readonly keep: (text: string) => void
  readonly remove: () => void
}

const thirtyDays = 30 * 24 * 60 * 60 * 1000
const keptSchema = z.strictObject({ keptAt: z.number(), text: z.string() })

/** Whether a copy that was kept then must go now; a clock that was wrong keeps none for longer. */
const isOverdue = (keptAt: number, now: number) => now - keptAt > thirtyDays || keptAt > now + thirtyDays

/** At `path`, encrypted; where that cannot be, there is none. One that is too old goes, at the opening and at each reading. */
export function openOfflineCopy(path: string, safeStorage: SafeStorage, now: () => number): OfflineCopy {
  if (!mayKeep(safeStorage)) {
    // Of a time with a keyring: nobody can read it now.
    rmSync(path, { force: true })
    return { read: () => ({ mayKeep: false }), keep: () => undefined, remove: () => undefined }
  }
  const secret = openSecretFile(path, safeStorage)

  function read(): CopyRead {
    const kept = keptIn(secret.read())
    if (kept !== undefined && !isOverdue(kept.keptAt, now())) return { mayKeep: true, text: kept.text }
    secret.remove()
    return { mayKeep: true }
  }
  read()

  return {
    read,
    keep: (text) => {
      secret.keep(JSON.stringify({ keptAt: now(), text }))
    },
    remove: () => {
      secret.remove()
    },
  }
}

function keptIn(content: string | undefined) {
  if (content === undefined) return undefined
  try {
    return keptSchema.safeParse(JSON.parse(content)).data
  } catch {
    return undefined
  }
}
