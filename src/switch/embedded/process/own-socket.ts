import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs'
import { connect, type Server } from 'node:net'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { failed, ok, type Result } from '../../../core/result.ts'

/** The right to listen on a socket's path, held until `release` or until this process ends in whatever way. */
export interface Claim {
  /** From now on `server` has the connections to the path. */
  listen(server: Server): Promise<Result<void, ClaimProblem>>
  /** Stops listening and takes the path away. */
  release(): void
}

export type ClaimProblem =
  /** Another process has it. */
  { readonly kind: 'taken' } | { readonly kind: 'unusable'; readonly why: string }

/**
 * Claims `path` if nobody else has it, in a directory that only this user may enter.
 *
 * A lock beside the socket decides: an SQLite transaction, which the system drops with its process. So
 * two that start at once cannot both take away what a killed one left there, and no engine is opened
 * twice. A left-over socket is taken away only when nobody answers on it.
 */
export async function claimSocket(path: string): Promise<Result<Claim, ClaimProblem>> {
  // A Windows pipe has one first listener, and none is left behind.
  if (path.startsWith('\\\\')) return ok(claimed(path, undefined))
  let lock: DatabaseSync | 'taken'
  try {
    makeOwnDirectory(dirname(path))
    lock = lockBeside(path)
  } catch (error) {
    return failed({ kind: 'unusable', why: wordsOf(error) })
  }
  if (lock === 'taken') return failed({ kind: 'taken' })
  if (await answers(path)) {
    lock.close()
    return failed({ kind: 'taken' })
  }
  rmSync(path, { force: true })
  return ok(claimed(path, lock))
}

function claimed(path: string, lock: DatabaseSync | undefined): Claim {
  let listening: Server | undefined
  return {
    async listen(server) {
      const result = await listen(server, path)
      if (!result.ok) return result
      listening = server
      if (lock) chmodSync(path, 0o600)
      return result
    },
    release() {
      // Closing removes the socket's file.
      listening?.close()
      if (lock?.isOpen) lock.close()
    },
  }
}

function makeOwnDirectory(directory: string) {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const found = lstatSync(directory)
  if (!found.isDirectory() || found.uid !== process.getuid?.())
    throw new Error(`${directory}: not a directory of this user`)
  chmodSync(directory, 0o700)
}

function lockBeside(path: string): DatabaseSync | 'taken' {
  const database = new DatabaseSync(`${path}.lock`, { timeout: 0 })
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database.close()
    if (/locked|busy/.test(wordsOf(error))) return 'taken'
    throw error
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => {
      resolve(false)
    })
  })
}

function listen(server: Server, path: string): Promise<Result<void, ClaimProblem>> {
  return new Promise((resolve) => {
    const refused = (error: Error & { code?: string }) => {
      resolve(
        failed(
          error.code === 'EADDRINUSE' ? { kind: 'taken' } : { kind: 'unusable', why: `${path}: ${error.message}` },
        ),
      )
    }
    server.once('error', refused)
    server.listen(path, () => {
      server.off('error', refused)
      resolve(ok(undefined))
    })
  })
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
