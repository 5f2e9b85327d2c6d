import { join } from 'node:path'
import { z } from 'zod'
import { settingsOf } from '../../core/configuration/presets.ts'
import type { AgentId, Configuration, GroupNumberId } from '../../core/configuration/types.ts'
import { after, instant, millis, seconds, type Instant } from '../../core/time.ts'
import type { MissedCaller, Voicemail, VoicemailTarget } from '../../contract/work.ts'
import { doubledFile } from '../accounts/doubled-file.ts'
import { realDisk, wordsOf, type Disk } from '../files.ts'
import type { LiveCalls } from '../live-calls/live-calls.ts'
import type { Log } from '../log.ts'
import { oneAtATime } from '../one-at-a-time.ts'
import { atOf, type Clock, type Journal, type JournalEntry } from '../ports.ts'
import { callerBook, keptCallersSchema, type KeptCallers } from './caller-book.ts'
import { keptMissedSchema, missedCallers, type KeptMissed, type MissedChange } from './missed-callers.ts'
import { keptVoicemailsSchema, voicemails, type KeptVoicemails } from './voicemails.ts'

/** Callers who were not served, and the messages they left: kept until somebody has dealt with them. */
export interface Work {
  /** Both: the same map, and the same entries in it, until they change. */
  missed(): ReadonlyMap<string, MissedCaller>
  voicemails(): ReadonlyMap<string, Voicemail>
  /** These four: on disk when they resolve; reject where that cannot be. */
  changeMissed(id: string, change: Omit<MissedChange, 'at'>): Promise<void>
  markVoicemail(id: string, done: { readonly by: string } | undefined): Promise<void>
  removeVoicemail(id: string): Promise<void>
  forwardVoicemail(id: string, to: VoicemailTarget, by: string): Promise<void>
  /** Absolute. */
  recordingPath(id: string): string
  changed(listener: () => void): () => void
  close(): Promise<void>
}

export interface WorkParts {
  /** The data directory: it holds `work.json`, and the callers' messages in `recordings/`. */
  readonly directory: string
  readonly clock: Clock
  readonly journal: Pick<Journal, 'read' | 'committed'>
  readonly liveCalls: Pick<LiveCalls, 'listen'>
  configuration(): Configuration
  readonly disk?: Disk
  readonly log: Log
}

/** What has changed by itself waits this long for the disk: until then it is in the journal alone. */
const saveAfter = seconds(1)
const day = seconds(24 * 60 * 60)
/** How far back the journal is read where nothing is kept yet. */
const lookback = 7 * day

const keptSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** The time of the newest entry of the journal that is in it. */
  seen: z.number() as unknown as z.ZodType<Instant>,
  callers: keptCallersSchema,
  missed: keptMissedSchema,
  voicemails: keptVoicemailsSchema,
})
interface Kept {
  readonly schemaVersion: 1
  readonly seen: Instant
  readonly callers: KeptCallers
  readonly missed: KeptMissed
  readonly voicemails: KeptVoicemails
}

/** Goes on from what is kept, and from the entries of the journal behind it. */
export async function openWork(parts: WorkParts): Promise<Work> {
  const { directory, clock, journal, liveCalls, log, disk = realDisk } = parts
  const path = join(directory, 'work.json')
  const file = doubledFile({
    path,
    disk,
    now: () => clock.now(),
    readText: readKept,
    troubled: (words) => log.error({ trouble: words }, 'the missed callers are in trouble'),
  })
  const inTurn = oneAtATime()
  const listeners = new Set<() => void>()
  /** What happens while the journal is read comes after it. */
  let meanwhile: JournalEntry[] | undefined = []
  const unlisten = liveCalls.listen((entries) => {
    if (meanwhile) meanwhile.push(...entries)
    else if (sawAll(entries)) changedByItself()
  })

  const kept = await readOrSetAside()
  const callers = callerBook(kept?.callers)
  const missed = missedCallers(callers, kept?.missed, isMember)
  const messages = voicemails(callers, kept?.voicemails)
  let seen = kept?.seen ?? instant(Math.max(0, clock.now() - lookback))
  let cancelSave: (() => void) | undefined
  let cancelDaily: (() => void) | undefined
  let closed = false

  await journal.committed()
  for await (const entry of journal.read({ from: seen })) saw(entry)
  const held = meanwhile
  meanwhile = undefined
  sawAll(held)
  cancelDaily = clock.wake(clock.now(), prune)
  saveSoon()

  function isMember(agent: AgentId, id: GroupNumberId): boolean {
    const group = parts.configuration().groupNumbers.find((each) => each.id === id)
    return group?.members.some((member) => member.agent === agent) === true
  }

  async function readOrSetAside(): Promise<Kept | undefined> {
    try {
      return await file.read()
    } catch (fault) {
      const aside = `${path}.damaged-${String(clock.now())}`
      log.error({ fault: wordsOf(fault), aside }, 'the missed callers are damaged: those of a week are found again')
      await disk.rename(path, aside).catch(() => undefined)
      return undefined
    }
  }

  function saw(entry: JournalEntry) {
    const at = atOf(entry)
    if (at > seen) seen = at
    callers.saw(entry)
    missed.saw(entry)
    messages.saw(entry)
  }

  /** Whether that changed what is to be done. */
  function sawAll(entries: readonly JournalEntry[]): boolean {
    const before = [missed.list(), messages.list()]
    for (const entry of entries) saw(entry)
    return before[0] !== missed.list() || before[1] !== messages.list()
  }

  function changedByItself() {
    saveSoon()
    tell()
  }

  function saveSoon() {
    if (closed) return
    cancelSave ??= clock.wake(after(clock.now(), saveAfter), () => {
      save().catch((fault: unknown) => {
        log.error({ fault: wordsOf(fault) }, 'the missed callers could not be written; they are in the journal')
      })
    })
  }

  function save(): Promise<void> {
    cancelSave?.()
    cancelSave = undefined
    return inTurn(() => {
      const now: Kept = {
        schemaVersion: 1,
        seen,
        callers: callers.kept(),
        missed: missed.kept(),
        voicemails: messages.kept(),
      }
      return file.write(`${JSON.stringify(now)}\n`)
    })
  }

  function prune() {
    const now = clock.now()
    const before = missed.list()
    missed.prune(now)
    const outdated = messages.outdated(now, retentionDays)
    for (const { id } of outdated) {
      const path = recordingPath(id)
      const isShared = messages.isShared(id)
      messages.remove(id)
      if (isShared) continue
      disk.remove(path).catch((fault: unknown) => {
        log.error({ fault: wordsOf(fault), voicemail: id }, 'a message that is too old could not be deleted')
      })
    }
    if (outdated.length > 0) log.info({ voicemails: outdated.length }, 'messages were kept long enough and are deleted')
    if (outdated.length > 0 || before !== missed.list()) changedByItself()
    cancelDaily = clock.wake(after(now, millis(day)), prune)
  }

  function retentionDays(id: GroupNumberId): number {
    const group = parts.configuration().groupNumbers.find((each) => each.id === id)
    return settingsOf(group ?? { settings: {} }).voicemail.retentionDays
  }

  const recordingPath = (id: string) => join(directory, 'recordings', messages.recording(id))

  function tell() {
    for (const listener of listeners) listener()
  }

  return {
    missed: () => missed.list(),
    voicemails: () => messages.list(),
    changeMissed: async (id, change) => {
      missed.change(id, { ...change, at: clock.now() })
      tell()
      await save()
    },
    markVoicemail: async (id, done) => {
      messages.markDone(id, done && { ...done, at: clock.now() })
      tell()
      await save()
    },
    removeVoicemail: async (id) => {
      const path = recordingPath(id)
      if (messages.isShared(id)) messages.remove(id)
      else {
        await disk.remove(path)
        messages.remove(id)
      }
      tell()
      await save()
    },
    forwardVoicemail: async (id, to, by) => {
      const stamp = { by, at: clock.now() }
      if ('group' in to) messages.sendTo(id, to.group, stamp)
      else messages.assign(id, to.agent, stamp)
      tell()
      await save()
    },
    recordingPath,
    changed: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {
      closed = true
      unlisten()
      cancelDaily?.()
      await save().catch((fault: unknown) => {
        log.error({ fault: wordsOf(fault) }, 'the missed callers could not be written; they are in the journal')
      })
    },
  }
}

function readKept(text: string): Kept | undefined {
  try {
    return keptSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
