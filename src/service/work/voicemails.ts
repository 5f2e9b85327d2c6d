import { z } from 'zod'
import type { GroupNumberId } from '../../core/configuration/types.ts'
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
  remove(id: string): void
  /** Those that have been kept as long as their group number keeps them. */
  outdated(now: Instant, retentionDays: (group: GroupNumberId) => number): readonly Voicemail[]
  kept(): KeptVoicemails
}

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
    }),
  ),
  /** The newest ones taken away, so that the journal does not bring them back. */
  removed: z.array(text),
})

/** What a later start goes on from. */
export interface KeptVoicemails {
  readonly list: readonly Voicemail[]
  readonly removed: readonly string[]
}
export const keptVoicemailsSchema = keptSchema as unknown as z.ZodType<KeptVoicemails>

/** Names of recordings, and nothing that could lead out of their directory. */
const fileName = /^([\w-]{1,100})\.wav$/

/** Of a voicemail's id. */
export const recordingOf = (id: string) => `${id}.wav`

const removedKnown = 200

export function voicemails(
  callers: Pick<CallerBook, 'of'>,
  kept: KeptVoicemails = { list: [], removed: [] },
): Voicemails {
  let list: ReadonlyMap<string, Voicemail> = new Map(kept.list.map((each) => [each.id, each]))
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

  function put(voicemail: Voicemail) {
    list = new Map([...list, [voicemail.id, voicemail]])
  }

  function markDone(id: string, done: Voicemail['done']) {
    const { done: _, ...voicemail } = list.get(id) ?? {}
    if ('id' in voicemail) put({ ...voicemail, ...(done && { done }) })
  }

  return {
    saw,
    list: () => list,
    markDone,
    remove: (id) => {
      removed = [...removed, id].slice(-removedKnown)
      list = new Map([...list].filter(([each]) => each !== id))
    },
    outdated: (now, retentionDays) =>
      [...list.values()].filter(({ at, group }) => now - at > retentionDays(group) * day),
    kept: () => ({ list: [...list.values()], removed }),
  }
}
