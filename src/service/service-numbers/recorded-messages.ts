import { join } from 'node:path'
import type { EditOutcome } from '../../contract/administration.ts'
import type { AuditSaid } from '../../contract/audit.ts'
import { editSchema } from '../../core/configuration/edits/edit-schema.ts'
import type { Configuration, MessageId } from '../../core/configuration/types.ts'
import { vocabularies } from '../../core/configuration/vocabulary.ts'
import { zoneOf } from '../../core/hours/zone.ts'
import type { CallId, Notice, RecordedKind } from '../../core/routing/messages.ts'
import { after, instant, seconds, type Instant } from '../../core/time.ts'
import type { Changed, ChangeConfiguration } from '../administration/change-configuration.ts'
import { storeAudio } from '../administration/audio/store-audio.ts'
import type { FileWork } from '../file-work/file-work.ts'
import { wordsOf, type Disk } from '../files.ts'
import type { LiveCalls } from '../live-calls/live-calls.ts'
import type { Log } from '../log.ts'
import { oneAtATime } from '../one-at-a-time.ts'
import type { Accounts, Clock, ConfigurationStore, Journal, JournalEntry } from '../ports.ts'

/** Makes messages of what was recorded by telephone and accepted. */
export interface RecordedMessages {
  /** Resolves when what was accepted so far is made, or was refused. */
  close(): Promise<void>
}

interface RecordedMessageParts {
  /** The data directory: what was recorded lies in `recordings/`. */
  readonly directory: string
  readonly disk: Disk
  readonly files: Pick<FileWork, 'convert'>
  readonly journal: Pick<Journal, 'read'>
  readonly liveCalls: Pick<LiveCalls, 'listen' | 'view'>
  readonly store: Pick<ConfigurationStore, 'current' | 'soundPath'>
  readonly accounts: Pick<Accounts, 'find' | 'audit'>
  readonly change: Pick<ChangeConfiguration, 'edit'>
  /** Whether a file in `recordings/` is a message that a caller has left. */
  readonly isVoicemail: (file: string) => boolean
  readonly clock: Clock
  readonly log: Log
}

type Recorded = NonNullable<Extract<Notice, { type: 'served' }>['recorded']>

/** How far back is looked for what a service that was killed had not made yet, where a recording is left that is nothing else. */
const lookback = 30 * 24 * 60 * 60 * 1000
const retryAfter = seconds(60)

/**
 * Each recording is one message, made as an edit by the account whose PIN it was, and so in history and audit log. The
 * recording is deleted when the message is in the configuration: one that is still there at a start is made then. One that
 * was recorded anew, or not accepted, is deleted; one that was refused is kept under another name.
 */
export async function openRecordedMessages(parts: RecordedMessageParts): Promise<RecordedMessages> {
  const { directory, disk, files, journal, liveCalls, store, accounts, change, isVoicemail, clock, log } = parts
  const recordings = join(directory, 'recordings')
  const inTurn = oneAtATime()
  const retries = new Set<() => void>()
  /** By call: said, and not accepted yet. */
  const tried = new Map<CallId, string>()
  const unlisten = liveCalls.listen((entries) => {
    for (const entry of entries) {
      saw(entry)
      tidy(entry)
    }
  })
  const left = (await disk.list(recordings)).filter((name) => name.endsWith('.wav') && !isVoicemail(name))
  if (left.length > 0)
    for await (const entry of journal.read({ from: instant(Math.max(0, clock.now() - lookback)) })) saw(entry)

  function saw(entry: JournalEntry) {
    if (entry.kind !== 'notice' || entry.notice.type !== 'served' || entry.notice.recorded === undefined) return
    attempt(entry.notice.recorded, entry.notice.at)
  }

  function attempt(recorded: Recorded, at: Instant) {
    inTurn(() => make(recorded, at)).catch((fault: unknown) => {
      log.error({ fault: wordsOf(fault), recording: recorded.file }, 'a recording by telephone is not a message yet')
      const cancel = clock.wake(after(clock.now(), retryAfter), () => {
        retries.delete(cancel)
        attempt(recorded, at)
      })
      retries.add(cancel)
    })
  }

  function tidy(entry: JournalEntry) {
    if (entry.kind === 'event' && entry.event.type === 'recorded') {
      const { call, file } = entry.event
      if (!liveCalls.view().served?.some((served) => served.call === call)) return
      drop(call)
      if (file !== '') tried.set(call, file)
    } else if (entry.kind === 'notice' && entry.notice.type === 'served') {
      if (entry.notice.recorded !== undefined) tried.delete(entry.notice.call)
      else drop(entry.notice.call)
    }
  }

  function drop(call: CallId) {
    const file = tried.get(call)
    if (file === undefined) return
    tried.delete(call)
    inTurn(() => disk.remove(join(recordings, file))).catch((fault: unknown) => {
      log.warn({ fault: wordsOf(fault), recording: file }, 'a recording that was not accepted is still there')
    })
  }

  async function make(recorded: Recorded, at: Instant): Promise<void> {
    const { group, kind, file, by } = recorded
    const name = /^([\w-]{1,100})\.wav$/.exec(file)?.[1]
    const account = by === undefined ? undefined : accounts.find(by)
    if (name === undefined || account === undefined) {
      log.warn({ recording: file, by }, 'a recording by telephone has no account that it is of')
      return
    }
    const id = `recorded-${name}` as MessageId
    const path = join(recordings, `${name}.wav`)
    const isMade = store.current().configuration.messages.some((message) => message.id === id)
    if (isMade) return disk.remove(path)
    const wav = await disk.read(path)
    // Made before, and removed by hand since.
    if (wav === undefined) return
    const sound = await files.convert(wav)
    if (!sound.ok) {
      log.error({ recording: file, problem: sound.problem.message }, 'a recording by telephone cannot be read')
      return
    }
    const stored = await storeAudio(sound.value, { disk, soundPath: (each) => store.soundPath(each) })
    const { revision, configuration } = store.current()
    const edit = editSchema.parse({
      type: 'putMessage',
      message: {
        id,
        name: nameOf(kind, at, configuration),
        kind,
        groupNumber: group,
        language: configuration.company.language,
        transcript: '',
        seconds: stored.seconds,
        file: stored.file,
        sha256: stored.sha256,
        origin: 'recorded',
      },
    })
    const changed = await change.edit(account, { type: 'edit', onto: revision, edits: [edit] })
    if (changed.ok && changed.value.outcome === 'done') {
      await disk.remove(path)
      return
    }
    // The disk, say: it is tried again.
    if (!changed.ok && changed.problem.kind === 'unavailable') throw new Error(changed.problem.message)
    const why = changed.ok ? wordsOfOutcome(changed.value) : changed.problem.message
    await disk.rename(path, `${path}.refused`)
    log.warn({ recording: file, account: account.name, group, why }, 'a recording by telephone was refused')
    await accounts.audit({
      at: clock.now(),
      by: account.name,
      what: `recording by telephone for ${group} refused: ${why}`,
      said: { kind: 'recordingRefused', values: { group, why: whyOf(changed) } },
    })
  }

  return {
    close: () => {
      unlisten()
      for (const cancel of retries) cancel()
      return inTurn.idle()
    },
  }
}

/** Such as `Stängtmeddelande 2026-11-23 14:05`, by the company's clock. */
function nameOf(kind: RecordedKind, at: Instant, { company: { language, timeZone } }: Configuration): string {
  const local = new Date(at + zoneOf(timeZone).spanAt(at).offset).toISOString()
  return `${vocabularies[language].kinds[kind]} ${local.slice(0, 10)} ${local.slice(11, 16)}`
}

function whyOf(changed: Changed): Extract<AuditSaid, { kind: 'recordingRefused' }>['values']['why'] {
  if (!changed.ok) return changed.problem.kind === 'forbidden' ? 'forbidden' : 'other'
  return changed.value.outcome === 'done' ? 'other' : changed.value.outcome
}

function wordsOfOutcome(outcome: EditOutcome): string {
  return outcome.outcome === 'refused' ? outcome.problems.map(({ message }) => message).join('; ') : outcome.outcome
}
