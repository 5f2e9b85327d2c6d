import { z } from 'zod'
import type { AgentId, GroupNumberId } from '../../core/configuration/types.ts'
import type { CallId } from '../../core/routing/messages.ts'
import type { Instant } from '../../core/time.ts'
import type { Voicemail } from '../../contract/work.ts'
import type { JournalEntry } from '../ports.ts'
import type { CallerBook } from './caller-book.ts'

/** The messages that callers have left. Their id is the name of their file without `.wav`. */
export interface Voicemails {
  /** In the order of the journal; the same entries twice change nothing more. */
  saw(entry: JournalEntry): void
  /** The same map, and the same entries in it, until they change. */
  list(): ReadonlyMap<string, Voicemail>
  markDone(id: string, done: Voicemail['done']): void
  /** In the other group number's list it is one of its own: done there or not, and kept as long as that one keeps them. */
  sendTo(id: string, group: GroupNumberId, by: Stamp): void
  assign(id: string, agent: AgentId, by: Stamp): void
  remove(id: string): void
  /** Whether another one has the same recording. */
  isShared(id: string): boolean
  /** The name of its file. */
  recording(id: string): string
  /** Those that have been kept as long as their group number keeps them. */
  outdated(now: Instant, retentionDays: (group: GroupNumberId) => number): readonly Voicemail[]
  kept(): KeptVoicemails
}

interface Stamp {
  readonly by: string
  readonly at: Instant
}

/** `recording`: the name of the file without `.wav`; absent: the id. */
type KeptVoicemail = Voicemail & { readonly recording?: string }

const day = 24 * 60 * 60 * 1000
const text = z.string()
const keptSchema = z.strictObject({
  list: z.array(
    z.strictObject({
      id: text,
      group: text,
      from: text.exactOptional(),
      name: text.exactOptional(),
      at: z.number(),
      seconds: z.number(),
      done: z.strictObject({ by: text, at: z.number() }).exactOptional(),
      for: text.exactOptional(),
      forwarded: z.strictObject({ by: text, at: z.number(), from: text.exactOptional() }).exactOptional(),
      sentTo: z.array(text).exactOptional(),
      recording: text.exactOptional(),
    }),
  ),
  /** The newest ones taken away, so that the journal does not bring them back. */
  removed: z.array(text),
})

/** What a later start goes on from. */
export interface KeptVoicemails {
  readonly list: readonly KeptVoicemail[]
  readonly removed: readonly string[]
}
export const keptVoicemailsSchema = keptSchema as unknown as z.ZodType<KeptVoicemails>

/** Names of recordings, and nothing that could lead out of their directory. */
const fileName = /^([\w-]{1,100})\.wav$/

const removedKnown = 200

export function voicemails(
  callers: Pick<CallerBook, 'of'>,
  kept: KeptVoicemails = { list: [], removed: [] },
): Voicemails {
  let list: ReadonlyMap<string, KeptVoicemail> = new Map(kept.list.map((each) => [each.id, each]))
  let removed = kept.removed

  function saw(entry: JournalEntry) {
    if (entry.kind === 'notice' && entry.notice.type === 'voicemailLeft') left(entry.notice)
  }

  interface Left {
    readonly call: CallId
    readonly group: GroupNumberId
    readonly file: string
    readonly seconds: number
    readonly at: Instant
  }

  function left({ call, group, file, seconds, at }: Left) {
    const id = fileName.exec(file)?.[1]
    if (id === undefined || list.has(id) || removed.includes(id)) return
    const { number, name } = callers.of(call) ?? {}
    put({
      id,
      group,
      ...(number !== undefined && { from: number }),
      ...(name !== undefined && { name }),
      at,
      seconds,
    })
  }

  function put(voicemail: KeptVoicemail) {
    list = new Map([...list, [voicemail.id, voicemail]])
  }

  function markDone(id: string, done: Voicemail['done']) {
    const { done: _, ...voicemail } = list.get(id) ?? {}
    if ('id' in voicemail) put({ ...voicemail, ...(done && { done }) })
  }

  function sendTo(id: string, group: GroupNumberId, stamp: Stamp) {
    const voicemail = list.get(id)
    if (voicemail === undefined) return
    const { for: _, done: __, sentTo: ___, ...rest } = voicemail
    const sent = [...(voicemail.sentTo ?? []), group]
    put({ ...voicemail, sentTo: sent, done: stamp })
    put({
      ...rest,
      id: freshId(recordingName(id)),
      group,
      recording: recordingName(id),
      forwarded: { ...stamp, from: voicemail.group },
    })
  }

  function freshId(recording: string): string {
    for (let count = 2; ; count += 1) {
      const id = `${recording}-${String(count)}`
      if (!list.has(id) && !removed.includes(id)) return id
    }
  }

  const recordingName = (id: string) => list.get(id)?.recording ?? id
  const keptFrom = (forwarded: Voicemail['forwarded']) =>
    forwarded?.from === undefined ? {} : { from: forwarded.from }

  return {
    saw,
    list: () => list,
    markDone,
    sendTo,
    assign: (id, agent, stamp) => {
      const { done: _, ...voicemail } = list.get(id) ?? {}
      if ('id' in voicemail)
        put({ ...voicemail, for: agent, forwarded: { ...stamp, ...keptFrom(voicemail.forwarded) } })
    },
    remove: (id) => {
      removed = [...removed, id].slice(-removedKnown)
      list = new Map([...list].filter(([each]) => each !== id))
    },
    isShared: (id) => [...list.keys()].some((each) => each !== id && recordingName(each) === recordingName(id)),
    recording: (id) => `${recordingName(id)}.wav`,
    outdated: (now, retentionDays) =>
      [...list.values()].filter(({ at, group }) => now - at > retentionDays(group) * day),
    kept: () => ({ list: [...list.values()], removed }),
  }
}
