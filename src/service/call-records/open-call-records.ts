import { join } from 'node:path'
import { z } from 'zod'
import type { AgentId, Configuration, E164, GroupNumberId } from '../../core/configuration/types.ts'
import { ok, type Result } from '../../core/result.ts'
import { after, instant, millis, seconds, type Instant } from '../../core/time.ts'
import type { CallDetailRecord } from '../../contract/call-records.ts'
import type { LiveCalls } from '../live-calls/live-calls.ts'
import type { Log } from '../log.ts'
import { atOf, type Clock, type Journal, type JournalEntry } from '../ports.ts'
import { callRecordBook } from './call-record-book.ts'
import type { RecordRow } from './record-file.ts'
import { recordThread } from './record-thread.ts'

/** The calls that are over, to be looked up by caller or by group number. Calls never wait for it, whatever becomes of it. */
export interface CallRecords {
  /** Newest first. Why there is none is in the system's words. */
  read(question: CallRecordQuestion): Promise<Result<readonly CallDetailRecord[], string>>
  close(): Promise<void>
}

export interface CallRecordQuestion {
  readonly number?: E164
  /** Only of these, and what `agent` did in any; absent: of all. */
  readonly groups?: readonly GroupNumberId[]
  readonly agent?: AgentId
  /** Inside. */
  readonly from?: Instant
  /** Outside. */
  readonly to?: Instant
  readonly limit: number
}

export interface CallRecordsParts {
  /** The data directory: it holds `calls.sqlite`. */
  readonly directory: string
  readonly clock: Clock
  readonly journal: Pick<Journal, 'read' | 'committed'>
  readonly liveCalls: Pick<LiveCalls, 'listen'>
  configuration(): Configuration
  readonly log: Log
}

const writeAfter = seconds(1)
const retryAfter = seconds(30)
const day = seconds(24 * 60 * 60)
/** As the journal: what it has forgotten is not kept here either. */
const retentionDays = 365
/** No call is longer than this, and nothing is told of it later: so far behind what is in the file the journal is read again. */
const overlap = seconds(36 * 60 * 60)
/** Records that wait for a disk which takes none. */
const mostWaiting = 20_000
/** So many at a time while the journal is read, which may hold a year. */
const batch = 500

/** Begins at once; what the journal has beyond the file is read meanwhile, and whoever asks waits for it. */
export function openCallRecords(parts: CallRecordsParts): CallRecords {
  const { directory, clock, journal, liveCalls, log } = parts
  const thread = recordThread(join(directory, 'calls.sqlite'), () => clock.now())
  const book = callRecordBook(() => parts.configuration())
  const waiting = new Map<string, CallDetailRecord>()
  let seen = 0
  /** What happens while the journal is read comes after it. */
  let meanwhile: JournalEntry[] | undefined = []
  let reading: 'under way' | 'over' | 'told' = 'under way'
  let cancelWrite: (() => void) | undefined
  let cancelDaily: (() => void) | undefined
  let closed = false
  let troubled = false

  const unlisten = liveCalls.listen((entries) => {
    if (meanwhile) meanwhile.push(...entries)
    else for (const entry of entries) saw(entry)
  })
  const caughtUp = catchUp().catch((fault: unknown) => {
    log.error({ fault: String(fault) }, 'the journal could not be read for the call records')
  })

  async function catchUp() {
    const last = await thread.ask({ type: 'seen' })
    if (!last.ok) trouble(last.problem)
    await journal.committed()
    const from = last.ok && last.value > 0 ? { from: instant(Math.max(0, last.value - overlap)) } : {}
    try {
      for await (const entry of journal.read(from)) {
        if (closed) return
        saw(entry)
        if (waiting.size >= batch) await write()
      }
      if (last.ok) reading = 'over'
    } finally {
      const held = meanwhile ?? []
      meanwhile = undefined
      for (const entry of held) saw(entry)
      await write()
      if (!closed) prune()
    }
  }

  function saw(entry: JournalEntry) {
    seen = Math.max(seen, atOf(entry))
    book.saw(entry)
    const records = book.take()
    for (const record of records) waiting.set(record.id, record)
    if (records.length > 0 && meanwhile === undefined) writeSoon(writeAfter)
  }

  function writeSoon(wait: typeof writeAfter) {
    if (closed) return
    cancelWrite ??= clock.wake(after(clock.now(), wait), () => void write())
  }

  async function write(): Promise<void> {
    cancelWrite?.()
    cancelWrite = undefined
    if (waiting.size === 0 && reading === 'under way') return
    const records = [...waiting.values()]
    waiting.clear()
    const upTo = reading === 'under way' ? {} : { seen, begin: reading === 'over' }
    const written = await thread.ask({ type: 'write', rows: records.map(rowOf), ...upTo })
    if (written.ok) {
      if (reading === 'over') reading = 'told'
      if (troubled) log.warn('the call records are written again')
      troubled = false
      return
    }
    trouble(written.problem)
    // What has come meanwhile is newer.
    for (const record of records) if (!waiting.has(record.id)) waiting.set(record.id, record)
    for (const id of waiting.keys()) if (waiting.size > mostWaiting) waiting.delete(id)
    writeSoon(retryAfter)
  }

  function trouble(problem: string) {
    if (!troubled) log.error({ problem }, 'the call records are in trouble; calls go on')
    troubled = true
  }

  function prune() {
    const now = clock.now()
    cancelDaily = clock.wake(after(now, millis(day)), prune)
    void thread.ask({ type: 'prune', before: now - retentionDays * day }).then((pruned) => {
      if (!pruned.ok) trouble(pruned.problem)
    })
  }

  return {
    async read(question) {
      await caughtUp
      // Asked behind it, and so answered behind it.
      if (waiting.size > 0) void write()
      const found = await thread.ask({ type: 'read', question })
      if (!found.ok) {
        trouble(found.problem)
        return found
      }
      return ok(found.value.flatMap((json) => parsedRecord(json) ?? []))
    },
    async close() {
      unlisten()
      cancelDaily?.()
      closed = true
      await caughtUp
      cancelDaily?.()
      await write()
      await thread.ask({ type: 'close' })
      await thread.end()
    },
  }
}

function rowOf(record: CallDetailRecord): RecordRow {
  const { id, at, group = null, number = null, agent = null } = record
  return { id, at, group, number, agent, json: JSON.stringify(record) }
}

const text = z.string()
const recordSchema = z.looseObject({
  id: text,
  call: text,
  way: z.enum(['in', 'out']),
  group: text.optional(),
  at: z.number(),
  number: text.optional(),
  name: text.optional(),
  end: text,
  agent: text.optional(),
  agentName: text.optional(),
  waited: z.number().optional(),
  talked: z.number().optional(),
  voicemail: z.literal(true).optional(),
  note: text.optional(),
  outcome: z.looseObject({ code: text, name: text }).optional(),
  quality: z.looseObject({ seconds: z.number(), score: z.number() }).optional(),
}) as unknown as z.ZodType<CallDetailRecord>

/** Undefined: damaged. */
function parsedRecord(json: string): CallDetailRecord | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(json)).data
  } catch {
    return undefined
  }
}
