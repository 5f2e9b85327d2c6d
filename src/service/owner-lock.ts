import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartProblem } from './ports.ts'

/** Held until `release`, or until the process ends in whatever way: the system lets go of it. */
interface OwnerLock {
  release(): void
}

/**
 * Makes this process the one owner of `directory`, by an exclusive SQLite transaction on `owner.lock`.
 *
 * Never a file with a process id: that survives a kill and names a stranger after a restart. Nothing
 * else may open `owner.lock` in this process: POSIX drops a process's locks on a file when any
 * descriptor of it is closed (fcntl(2)), so a copy of the directory must leave this file out.
 */
export function openOwnerLock(directory: string): OwnerLock {
  const file = join(directory, 'owner.lock')
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { timeout: 0 })
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    database?.close()
    throw new StartProblem(refusal(directory, file, error))
  }
  const held = database
  return {
    release() {
      if (held.isOpen) held.close()
    },
  }
}

function refusal(directory: string, file: string, error: unknown): string {
  const words = error instanceof Error ? error.message : String(error)
  if (/locked|busy/.test(words)) return `${directory}: another service owns this directory; stop it, or choose another`
  if (words.includes('not a database')) return `${file}: not a lock of ours; remove this file and start again`
  return `${file}: cannot be locked: ${words}; expected a directory this user may write`
}
