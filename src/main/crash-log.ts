import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** A log this big is set aside as `….1`, in bytes. */
const bigLog = 1024 * 1024

/** What ended that should not have, one JSON line each; it stays on this machine. */
export function openCrashLog(path: string, now: () => Date) {
  return (what: string, details: Readonly<Record<string, string | number>>) => {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > bigLog) renameSync(path, `${path}.1`)
      appendFileSync(path, `${JSON.stringify({ at: now().toISOString(), what, ...details })}\n`, { mode: 0o600 })
    } catch {
      // A full disk must not end the program as well.
    }
  }
}
