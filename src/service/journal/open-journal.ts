import { done, failed, type Result } from '../../core/result.ts'
import type { RoutingEvent } from '../../core/routing/messages.ts'
import type { RouterSnapshot } from '../../core/routing/router.ts'
import { after, instant, millis, type Instant } from '../../core/time.ts'
import { wordsOf } from '../files.ts'
import { StartProblem, type Clock, type Journal, type JournalEntry } from '../ports.ts'
import { readEntry, readSnapshot, writeEntry, type EntryRow } from './entry-text.ts'
import type { EntryRange, JournalRow } from './journal-file.ts'
import { workerThread } from './worker-thread.ts'

export interface JournalOptions {
  /** Such as `journal.sqlite`; made if missing. */
  readonly file: string
  readonly clock: Clock
  readonly log?: { warn(message: string): void }
  /** Older entries go, once a day. @default 365 */
  readonly retentionDays?: number
  /** How much waits in memory while the disk is full or broken. @default 64 MiB */
  readonly bufferBytes?: number
  /** The file's greatest size; reaching it is a full disk. @default no limit but the disk's */
  readonly maxBytes?: number
  /** The worker's program. @default `journal-worker` beside this file */
  readonly worker?: URL
}

export interface OpenedJournal extends Journal {
  /** Deletes the entries before `before` that no recovery needs; how many. */
  prune(before: Instant): Promise<number>
  /** What was found wrong so far, in words. */
  readonly troubles: readonly string[]
}

const commitEvery = millis(20)
const day = 24 * 60 * 60 * 1000
/** Rows in one commit, or one answer. */
const mostRows = 5000
const firstRetry = 100
const lastRetry = 10_000

/**
 * Opens the journal. A damaged file is set aside and a new one begun with what can be saved (`troubles`).
 * Throws `StartProblem` for a file of a later version of this program, or one that cannot be opened.
 *
 * What is appended waits in memory, in order, and goes to the worker in batches: at most 20 ms after the
 * first, at once when somebody waits for `committed`, and one batch at a time, so that many who wait
 * share a commit. While the disk is full or broken it is kept up to `bufferBytes`; what comes after that
 * is lost, and a gap says so in the journal. A snapshot is always kept: behind it no gap matters.
 */
export async function openJournal(options: JournalOptions): Promise<OpenedJournal> {
  const { file, clock, log, retentionDays = 365, bufferBytes = 64 * 1024 * 1024, maxBytes } = options
  const troubles: string[] = []
  const listeners = new Set<(trouble: string | undefined) => void>()
  const thread = workerThread({
    start: maxBytes === undefined ? { file } : { file, maxBytes },
    clock,
    file: options.worker,
    trouble: reportDamage,
  })

  /** A damaged file was set aside: said until the program ends. */
  let damage: string | undefined
  /** Why the newest attempt to write failed. */
  let diskTrouble: string | undefined
  const opened = await thread.ask({ type: 'open' })
  if (!opened.ok) {
    await thread.end()
    throw new StartProblem(opened.problem.message)
  }

  let lastNumber = opened.value
  /** In order, oldest first; the first ones may be under way to the disk. */
  let waiting: { row: JournalRow; readonly bytes: number }[] = []
  let waitingBytes = 0
  let underWay = 0
  let appended = 0
  let stored = 0
  let asking: { readonly upTo: number; readonly resolve: (outcome: Result<void, string>) => void }[] = []
  let writing: Promise<void> | undefined
  let cancelWake: (() => void) | undefined
  let retryAfter = firstRetry
  let closed = false
  let cancelDaily = clock.wake(clock.now(), pruneDaily)

  function append(entries: readonly JournalEntry[]): void {
    if (closed) return report(`${file}: ${entries.length} entries came after the journal was closed`)
    for (const entry of entries)
      try {
        add(writeEntry(entry))
      } catch (error) {
        report(`an entry could not be written as JSON and is left out: ${wordsOf(error)}`)
      }
    wakeAfter(diskTrouble === undefined ? commitEvery : millis(retryAfter))
  }

  function add(row: EntryRow): void {
    const bytes = row.json.length * 2 + 100
    if (waitingBytes + bytes > bufferBytes) return addGap()
    push({ ...row, number: ++lastNumber }, bytes)
  }

  function push(row: JournalRow, bytes: number): void {
    waiting.push({ row, bytes })
    waitingBytes += bytes
    appended++
  }

  function addGap(): void {
    const last = waiting.length > underWay ? waiting.at(-1) : undefined
    if (last?.row.kind === 'gap') {
      last.row = { ...last.row, json: String(Number(last.row.json) + 1) }
      return
    }
    report('the journal cannot be written and its memory is full: entries are lost')
    push({ kind: 'gap', at: clock.now(), json: '1', number: ++lastNumber }, 0)
  }

  function snapshot(state: RouterSnapshot): void {
    try {
      const json = JSON.stringify(state)
      if (diskTrouble !== undefined) dropWaitingSnapshots()
      push({ kind: 'snapshot', number: lastNumber, at: clock.now(), json }, json.length * 2)
      wakeAfter(diskTrouble === undefined ? commitEvery : millis(retryAfter))
    } catch (error) {
      report(`a snapshot could not be written as JSON and is left out: ${wordsOf(error)}`)
    }
  }

  /** While the disk is full, snapshots do not pile up. */
  function dropWaitingSnapshots(): void {
    const kept = waiting.filter(({ row }, index) => index < underWay || row.kind !== 'snapshot')
    if (kept.length === waiting.length) return
    appended -= waiting.length - kept.length
    waiting = kept
    waitingBytes = kept.reduce((sum, { bytes }) => sum + bytes, 0)
    asking = asking.map((one) => ({ ...one, upTo: Math.min(one.upTo, appended) }))
  }

  function wakeAfter(wait: ReturnType<typeof millis>): void {
    if (cancelWake !== undefined || writing !== undefined || waiting.length === 0 || closed) return
    cancelWake = clock.wake(after(clock.now(), wait), () => {
      cancelWake = undefined
      void write()
    })
  }

  function committed(): Promise<Result<void, string>> {
    if (stored === appended) return Promise.resolve(done)
    return new Promise((resolve) => {
      asking.push({ upTo: appended, resolve })
      void write()
    })
  }

  /** One batch, unless one is under way; then that one. */
  function write(): Promise<void> {
    if (writing !== undefined) return writing
    if (waiting.length === 0) return Promise.resolve()
    cancelWake?.()
    cancelWake = undefined
    writing = writeBatch().finally(() => {
      writing = undefined
      // Who asks now asked after the batch was over: that is a new attempt.
      if (asking.length > 0) void write()
      else if (diskTrouble !== undefined) wakeAfter(millis(retryAfter))
      else if (waiting.length >= mostRows) void write()
      else wakeAfter(commitEvery)
    })
    return writing
  }

  async function writeBatch(): Promise<void> {
    const batch = waiting.slice(0, mostRows)
    underWay = batch.length
    const answer = await thread.ask({ type: 'write', rows: batch.map(({ row }) => row) })
    underWay = 0
    if (!answer.ok) return fail(answer.problem.message)
    waiting = waiting.slice(batch.length)
    waitingBytes -= batch.reduce((sum, { bytes }) => sum + bytes, 0)
    stored += batch.length
    retryAfter = firstRetry
    say(undefined)
    answerThose(({ upTo }) => upTo <= stored, done)
  }

  function fail(message: string): void {
    say(message)
    retryAfter = Math.min(retryAfter * 2, lastRetry)
    answerThose(() => true, failed(message))
  }

  function answerThose(whose: (one: (typeof asking)[number]) => boolean, outcome: Result<void, string>): void {
    const answered = asking.filter(whose)
    asking = asking.filter((one) => !answered.includes(one))
    for (const { resolve } of answered) resolve(outcome)
  }

  function say(trouble: string | undefined): void {
    if (trouble === diskTrouble) return
    diskTrouble = trouble
    if (trouble === undefined) log?.warn(`${file}: written again`)
    else report(trouble)
    tell()
  }

  function reportDamage(words: string): void {
    damage = words
    report(words)
    tell()
  }

  function report(words: string): void {
    if (troubles.length < 100) troubles.push(words)
    log?.warn(words)
  }

  function tell(): void {
    for (const listener of listeners) listener(diskTrouble ?? damage)
  }

  async function recover(): ReturnType<Journal['recover']> {
    await write()
    for (let attempt = 1; ; attempt++) {
      const found = await readState()
      // The damaged file was set aside: what could be saved of it is in the new one.
      if (found.ok) return found.value
      report(found.problem)
      if (attempt === 3) return { events: [] }
    }
  }

  async function readState(): Promise<Result<Awaited<ReturnType<Journal['recover']>>, string>> {
    const found = await newestSnapshot()
    if (!found.ok) return found
    const { state, number } = found.value
    const events: RoutingEvent[] = []
    try {
      for await (const entry of pages({ after: number, kinds: ['event', 'gap'] }))
        if (entry.kind === 'event') events.push(entry.event)
    } catch (error) {
      return failed(wordsOf(error))
    }
    return { ok: true, value: state === undefined ? { events } : { snapshot: state, events } }
  }

  async function newestSnapshot(): Promise<Result<{ state?: RouterSnapshot; number: number }, string>> {
    for (let before = Number.MAX_SAFE_INTEGER; ;) {
      const answer = await thread.ask({ type: 'snapshot', before })
      if (!answer.ok) return failed(answer.problem.message)
      if (answer.value === undefined) return { ok: true, value: { number: 0 } }
      const { number, json } = answer.value
      const state = readSnapshot(json)
      if (state !== undefined) return { ok: true, value: { state, number } }
      report(`${file}: the snapshot behind entry ${number} cannot be read; an older one is used`)
      before = number
    }
  }

  async function* pages(range: Omit<EntryRange, 'limit'>): AsyncGenerator<JournalEntry> {
    for (let last = range.after; ;) {
      const answer = await thread.ask({ type: 'entries', range: { ...range, after: last, limit: mostRows } })
      if (!answer.ok) throw new Error(answer.problem.message)
      for (const row of answer.value) {
        const entry = readEntry(row)
        if (entry !== undefined) yield entry
        else if (row.kind === 'gap') report(`${file}: ${row.json} entries are missing before entry ${row.number + 1}`)
        else report(`${file}: entry ${row.number} cannot be read and is left out`)
      }
      const newest = answer.value.at(-1)
      if (newest === undefined) return
      last = newest.number
    }
  }

  async function* read({ from, to }: Parameters<Journal['read']>[0]): AsyncGenerator<JournalEntry> {
    await committed()
    yield* pages({ after: 0, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) })
  }

  async function prune(before: Instant): Promise<number> {
    for (let deleted = 0; ;) {
      const answer = await thread.ask({ type: 'prune', before, limit: mostRows })
      if (!answer.ok) report(`${file}: old entries could not be deleted: ${answer.problem.message}`)
      if (!answer.ok || answer.value === 0) return deleted
      deleted += answer.value
    }
  }

  function pruneDaily(): void {
    cancelDaily = clock.wake(after(clock.now(), millis(day)), pruneDaily)
    void prune(instant(clock.now() - retentionDays * day))
  }

  async function close(): Promise<void> {
    if (closed) return
    closed = true
    cancelDaily()
    cancelWake?.()
    const outcome = await committed()
    if (!outcome.ok) log?.warn(`${file}: ${waiting.length} entries are lost at closing: ${outcome.problem}`)
    await thread.ask({ type: 'close' })
    await thread.end()
  }

  return {
    append,
    committed,
    snapshot,
    recover,
    read,
    troubled(listener) {
      listeners.add(listener)
      const now = diskTrouble ?? damage
      if (now !== undefined) listener(now)
      return () => listeners.delete(listener)
    },
    prune,
    troubles,
    close,
  }
}
