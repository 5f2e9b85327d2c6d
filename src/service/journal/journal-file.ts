import { renameSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { EntryRow } from './entry-text.ts'

/** An entry under its number; numbers never come twice, so that a repeated write changes nothing. */
export interface NumberedRow extends EntryRow {
  readonly number: number
}

/** The router's state after the entry `number`. */
export interface SnapshotRow {
  readonly kind: 'snapshot'
  readonly number: number
  readonly at: number
  readonly json: string
}

export type JournalRow = NumberedRow | SnapshotRow

export interface EntryRange {
  /** Only numbers greater than this. */
  readonly after: number
  /** Inside. */
  readonly from?: number
  /** Outside. */
  readonly to?: number
  readonly kinds?: readonly EntryRow['kind'][]
  readonly limit: number
}

/** The journal's SQLite file. Every operation is synchronous, and belongs in the worker. */
export interface JournalFile {
  /** Of the newest entry; 0: none. */
  lastNumber(): number
  /** All or nothing, and on disk when it returns. */
  write(rows: readonly JournalRow[]): void
  /** The newest snapshot older than entry `before`. */
  snapshot(before: number): SnapshotRow | undefined
  /** In order of writing. */
  entries(range: EntryRange): readonly NumberedRow[]
  /** Deletes at most `limit` entries older than `before` that no recovery needs; how many. */
  prune(before: number, limit: number): number
  close(): void
}

export interface JournalFileOptions {
  readonly file: string
  /** The file's greatest size; reaching it is a full disk. */
  readonly maxBytes?: number
}

/** The file is a good one, but not ours to write in: of a later version, or of another program. */
export class ForeignJournal extends Error {
  override readonly name = 'ForeignJournal'
}

const schemaVersion = 1
/** `GrNu` in ASCII: other programs' files are not ours to write in. */
const applicationId = 0x47724e75
const snapshotsKept = 3
/** A deadline's outputs carry its own time, though written after the event that fired it. */
const disorder = 10_000

/** Throws what SQLite throws (`isDamage`, `isFull`), or `ForeignJournal`. */
export function openJournalFile({ file, maxBytes }: JournalFileOptions): JournalFile {
  const database = new DatabaseSync(file, { timeout: 1000 })
  try {
    prepare(database, file, maxBytes)
    return operations(database)
  } catch (error) {
    database.close()
    throw error
  }
}

function operations(database: DatabaseSync): JournalFile {
  const insertEntry = database.prepare('INSERT OR IGNORE INTO entries (number, at, kind, json) VALUES (?, ?, ?, ?)')
  const insertSnapshot = database.prepare('INSERT OR REPLACE INTO snapshots (number, at, json) VALUES (?, ?, ?)')
  const dropSnapshots = database.prepare(
    `DELETE FROM snapshots WHERE number NOT IN (SELECT number FROM snapshots ORDER BY number DESC LIMIT ${snapshotsKept})`,
  )

  function inTransaction(work: () => void): void {
    database.exec('BEGIN IMMEDIATE')
    try {
      work()
      database.exec('COMMIT')
    } catch (error) {
      // A full disk rolls back by itself.
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }

  return {
    lastNumber() {
      const row = database
        .prepare(
          'SELECT max(last) AS last FROM (SELECT max(number) AS last FROM entries UNION ALL SELECT max(number) FROM snapshots)',
        )
        .get()
      return Number(row?.last ?? 0)
    },
    write(rows) {
      inTransaction(() => {
        for (const { kind, number, at, json } of rows)
          if (kind === 'snapshot') insertSnapshot.run(number, at, json)
          else insertEntry.run(number, at, kind, json)
        if (rows.some(({ kind }) => kind === 'snapshot')) dropSnapshots.run()
      })
    },
    snapshot(before) {
      const row = database
        .prepare('SELECT number, at, json FROM snapshots WHERE number < ? ORDER BY number DESC LIMIT 1')
        .get(before)
      if (row === undefined) return undefined
      return { kind: 'snapshot', number: Number(row.number), at: Number(row.at), json: String(row.json) }
    },
    entries({ after, from, to, kinds, limit }) {
      const conditions = ['number > :after']
      const values: Record<string, number> = { after, limit }
      // The index on time gives the ends of the range; times are out of order over a few entries at most.
      if (from !== undefined) {
        conditions.push(
          'at >= :from',
          `number >= (SELECT min(number) FROM (SELECT number FROM entries WHERE at >= :from ORDER BY at LIMIT ${disorder}))`,
        )
        values.from = from
      }
      if (to !== undefined) {
        conditions.push(
          'at < :to',
          `number <= (SELECT max(number) FROM (SELECT number FROM entries WHERE at < :to ORDER BY at DESC LIMIT ${disorder}))`,
        )
        values.to = to
      }
      if (kinds !== undefined) conditions.push(`kind IN (${kinds.map((kind) => `'${kind}'`).join(', ')})`)
      return database
        .prepare(
          `SELECT number, at, kind, json FROM entries WHERE ${conditions.join(' AND ')} ORDER BY number LIMIT :limit`,
        )
        .all(values)
        .map((row) => ({
          number: Number(row.number),
          at: Number(row.at),
          kind: String(row.kind) as EntryRow['kind'],
          json: String(row.json),
        }))
    },
    prune(before, limit) {
      let deleted = 0
      inTransaction(() => {
        const { changes } = database
          .prepare(
            `DELETE FROM entries WHERE number IN (SELECT number FROM entries
             WHERE at < ? AND number <= (SELECT coalesce(max(number), 0) FROM snapshots) ORDER BY at LIMIT ?)`,
          )
          .run(before, limit)
        deleted = Number(changes)
      })
      return deleted
    },
    close: () => database.close(),
  }
}

function prepare(database: DatabaseSync, file: string, maxBytes: number | undefined): void {
  const owner = pragma(database, 'application_id')
  if (owner !== 0 && owner !== applicationId) throw new ForeignJournal(`${file}: the file of another program`)
  const version = pragma(database, 'user_version')
  if (version > schemaVersion)
    throw new ForeignJournal(
      `${file}: written by a later version (schema ${version}); expected at most ${schemaVersion}`,
    )
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  if (maxBytes !== undefined) {
    const size = pragma(database, 'page_size')
    database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / size))}`)
  }
  if (version === schemaVersion) return
  database.exec(`
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS entries (number INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, json TEXT NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS entries_by_time ON entries (at);
    CREATE TABLE IF NOT EXISTS snapshots (number INTEGER PRIMARY KEY, at INTEGER NOT NULL, json TEXT NOT NULL) STRICT;
    PRAGMA application_id = ${applicationId};
    PRAGMA user_version = ${schemaVersion};
    COMMIT;
  `)
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0)
}

/** SQLITE_CORRUPT and SQLITE_NOTADB (sqlite.org/rescode.html): the file itself, not the disk. */
export function isDamage(error: unknown): boolean {
  return [11, 26].includes(primaryCode(error)) || /no such (table|column)/.test(String(error))
}

function primaryCode(error: unknown): number {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return 0
  return error.errcode & 0xff
}

/** The newest snapshot of a damaged journal, and the entries behind it as far as they can be read. */
export function salvage(file: string): readonly JournalRow[] {
  const rows: JournalRow[] = []
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { defensive: false })
    // Without this, SQLite reads nothing of a file that is shorter than its header says.
    database.exec('PRAGMA writable_schema = ON')
    const journal = operations(database)
    const snapshot = journal.snapshot(Number.MAX_SAFE_INTEGER)
    if (snapshot !== undefined) rows.push(snapshot)
    for (let after = snapshot?.number ?? 0; ;) {
      // One by one: a page would be lost whole for one entry that cannot be read.
      const [entry] = journal.entries({ after, limit: 1 })
      if (entry === undefined) break
      rows.push(entry)
      after = entry.number
    }
  } catch {
    // What was read until here is what there is.
  }
  database?.close()
  return rows
}

/** Renames a damaged journal, with what SQLite keeps beside it, so that it can still be looked into. */
export function setAside(file: string, as: string): void {
  renameSync(file, as)
  for (const beside of ['-wal', '-shm'])
    try {
      renameSync(file + beside, as + beside)
    } catch {
      // Not there.
    }
}
