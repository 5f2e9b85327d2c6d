import { join } from 'node:path'
import type { Clock } from '../ports.ts'
import { realDisk, writeAtomically, type Disk } from '../files.ts'

/**
 * Numbers the attachments to the switch, over all services that ever ran on this data directory.
 *
 * @returns the next one; it is on disk before it is given.
 */
export function epochFile(directory: string, clock: Clock, disk: Disk = realDisk): () => Promise<number> {
  const path = join(directory, 'switch-epoch')

  return async () => {
    const kept = Number((await disk.read(path, 32))?.toString('utf8'))
    // By the clock, so that a switch which outlived a lost file still finds this service newer.
    const next = Math.max(clock.now(), Number.isSafeInteger(kept) ? kept + 1 : 0)
    await writeAtomically(disk, { path, content: `${String(next)}\n`, mode: 0o600 })
    return next
  }
}
