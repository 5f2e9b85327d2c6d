import { DatabaseSync } from 'node:sqlite'

/** A call detail record with what it is looked up by. */
export interface RecordRow {
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly group: string | null
  readonly number: string | null
  readonly agent: string | null
  readonly json: string
}

/** Which records: all that is given must hold. Newest first. */
export interface RecordQuestion {
  readonly number?: string
  /** Only of these group numbers, and of what `agent` did in whatever group number or none; absent: of all. */
  readonly groups?: readonly string[]
  readonly agent?: string
  /** Inside. */
  readonly from?: number
  /** Outside. */
  readonly to?: number
  readonly limit: number
}

/**
 * Absent `seen`: the journal is still being read. `begin`: that is over. Where a damaged file was set aside since, the new one
 * says 0 at the next start, since nothing has begun it.
 */
export interface SeenUpTo {
  readonly seen?: number
  readonly begin?: boolean
}

/** `calls.sqlite`: what can be made again from the journal, so no power cut matters. Synchronous, and belongs in the worker. */
export interface RecordFile {
  /** The time up to which the journal is in it; 0: nothing is. */
  seen(): number
  /** All or nothing. */
  write(rows: readonly RecordRow[], upTo: SeenUpTo): void
  /** Their JSON. */
  read(question: RecordQuestion): readonly string[]
  /** Deletes what is older than `before`. */
  prune(before: number): void
  close(): void
}

const schemaVersion = 1
/** `GrCr` in ASCII: other programs' files are not ours to write in. */
const applicationId = 0x47724372

/** Throws what SQLite throws, and where the file is not one of ours. */
export function openRecordFile(file: string): RecordFile {
  const database = new DatabaseSync(file, { timeout: 1000 })
  try {
    prepare(database, file)
    return operations(database)
  } catch (error) {
    database.close()
    throw error
  }
}

function operations(database: DatabaseSync): RecordFile {
  const insert = database.prepare(
    'INSERT OR REPLACE INTO records (id, at, "group", number, agent, json) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const beginSeen = database.prepare('INSERT OR IGNORE INTO seen (one, at) VALUES (1, 0)')
  const setSeen = database.prepare('UPDATE seen SET at = ?')
  const getSeen = database.prepare('SELECT at FROM seen')
  const old = database.prepare('DELETE FROM records WHERE at < ?')

  return {
    seen: () => Number(getSeen.get()?.at ?? 0),
    write(rows, { seen, begin = false }) {
      database.exec('BEGIN IMMEDIATE')
      try {
        for (const { id, at, group, number, agent, json } of rows) insert.run(id, at, group, number, agent, json)
        if (begin) beginSeen.run()
        if (seen !== undefined) setSeen.run(seen)
        database.exec('COMMIT')
      } catch (error) {
        // A full disk rolls back by itself.
        if (database.isTransaction) database.exec('ROLLBACK')
        throw error
      }
    },
    read({ number, groups, agent, from, to, limit }) {
      const conditions = ['1']
      const values: (string | number)[] = []
      const must = (condition: string, ...given: (string | number)[]) => {
        conditions.push(condition)
        values.push(...given)
      }
      if (number !== undefined) must('number = ?', number)
      if (groups !== undefined) {
        const among = `"group" IN (${groups.map(() => '?').join(', ')})`
        if (agent === undefined) must(among, ...groups)
        else must(`(${among} OR agent = ?)`, ...groups, agent)
      }
      if (from !== undefined) must('at >= ?', from)
      if (to !== undefined) must('at < ?', to)
      return database
        .prepare(`SELECT json FROM records WHERE ${conditions.join(' AND ')} ORDER BY at DESC, id DESC LIMIT ?`)
        .all(...values, limit)
        .map(({ json }) => String(json))
    },
    prune: (before) => void old.run(before),
    close: () => database.close(),
  }
}

function prepare(database: DatabaseSync, file: string): void {
  const owner = pragma(database, 'application_id')
  const version = pragma(database, 'user_version')
  if ((owner !== 0 && owner !== applicationId) || version > schemaVersion)
    throw new Error(`${file}: the file of another program, or of a later version`)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  if (version === schemaVersion) return
  database.exec(`
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS records (id TEXT PRIMARY KEY, at INTEGER NOT NULL, "group" TEXT, number TEXT, agent TEXT, json TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS records_by_number ON records (number, at);
    CREATE INDEX IF NOT EXISTS records_by_group ON records ("group", at);
    CREATE INDEX IF NOT EXISTS records_by_time ON records (at);
    CREATE TABLE IF NOT EXISTS seen (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL) STRICT;
    PRAGMA application_id = ${applicationId};
    PRAGMA user_version = ${schemaVersion};
    COMMIT;
  `)
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0)
}
