import { randomUUID } from 'node:crypto'
import { constants, promises as fs } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/**
 * The file operations that persistence is made of, one by one, so that a test can stop, fail or end
 * the program between any two of them. Every failure is a Node system error.
 */
export interface Disk {
  /** The content, or its first `limit` bytes; undefined: no such file. */
  read(path: string, limit?: number): Promise<Buffer | undefined>
  /** The names inside, sorted; empty: no such directory. */
  list(directory: string): Promise<readonly string[]>
  /** With its parents; owner-only; one that is there stays as it is. */
  makeDirectory(path: string): Promise<void>
  /** Fails if the file is there. */
  create(path: string, mode: number): Promise<OpenFile>
  /** Made if missing; every write goes to the end. */
  append(path: string, mode: number): Promise<OpenFile>
  rename(from: string, to: string): Promise<void>
  /** A file that is gone already is no fault. */
  remove(path: string): Promise<void>
  /** Makes creations, renames and removals in `directory` survive a power cut. */
  syncDirectory(directory: string): Promise<void>
}

export interface OpenFile {
  write(content: Uint8Array): Promise<void>
  sync(): Promise<void>
  close(): Promise<void>
}

/** `mode`: of a file made new. */
interface AtomicWrite {
  readonly path: string
  readonly content: string | Uint8Array
  readonly mode: number
}

/**
 * Replaces a file whole: whoever reads, and whatever happens, finds the old content or the new.
 * When it resolves, the new content survives a power cut. When it fails before the rename, the old
 * file is untouched and nothing is left behind but, after a kill, a temporary file (`removeLeftovers`).
 */
export async function writeAtomically(disk: Disk, { path, content, mode }: AtomicWrite): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`)
  try {
    const file = await disk.create(temporary, mode)
    try {
      await file.write(typeof content === 'string' ? Buffer.from(content) : content)
      await file.sync()
    } finally {
      await file.close()
    }
    await disk.rename(temporary, path)
  } catch (error) {
    await disk.remove(temporary).catch(() => undefined)
    throw error
  }
  await disk.syncDirectory(dirname(path))
}

/** A temporary file of `writeAtomically` whose writer was killed. */
function isLeftover(name: string): boolean {
  return /^\..+\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/.test(name)
}

/** Takes away what killed writers left in `directory`. Only its owner may call this; a fault is no matter. */
export async function removeLeftovers(disk: Disk, directory: string): Promise<void> {
  const names = await disk.list(directory).catch(() => [])
  for (const name of names.filter(isLeftover)) await disk.remove(join(directory, name)).catch(() => undefined)
}

/** What went wrong, in the system's words. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

export const realDisk: Disk = {
  async read(path, limit) {
    try {
      if (limit === undefined) return await fs.readFile(path)
      const file = await fs.open(path, 'r')
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(limit), 0, limit, 0)
        return buffer.subarray(0, bytesRead)
      } finally {
        await file.close()
      }
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  },
  async list(directory) {
    try {
      return (await fs.readdir(directory)).toSorted()
    } catch (error) {
      if (isMissing(error)) return []
      throw error
    }
  },
  async makeDirectory(path) {
    await fs.mkdir(path, { recursive: true, mode: 0o700 })
  },
  create: (path, mode) => open(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, mode),
  append: (path, mode) => open(path, constants.O_CREAT | constants.O_APPEND | constants.O_WRONLY, mode),
  rename: (from, to) => fs.rename(from, to),
  remove: (path) => fs.rm(path, { force: true }),
  async syncDirectory(directory) {
    // Windows opens no directory for this; NTFS journals its names itself.
    if (process.platform === 'win32') return
    const opened = await fs.open(directory, 'r')
    try {
      await opened.sync()
    } finally {
      await opened.close()
    }
  },
}

async function open(path: string, flags: number, mode: number): Promise<OpenFile> {
  const file = await fs.open(path, flags, mode)
  return { write: (content) => file.writeFile(content), sync: () => file.sync(), close: () => file.close() }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
