import { z } from 'zod'
import type { E164 } from '../../core/configuration/types.ts'
import type { CallId } from '../../core/routing/messages.ts'
import type { JournalEntry } from '../ports.ts'

/** Who rings in the calls there are: the journal's notices name only the call. */
export interface CallerBook {
  /** In the order of the journal, and before others see the entry. */
  saw(entry: JournalEntry): void
  of(call: CallId): Caller | undefined
  kept(): KeptCallers
}

export interface Caller {
  /** Absent: hidden. Of a callback: the number rung back. */
  readonly number?: E164
  readonly name?: string
  /** To be rung back: the end of the line is not the end of the call. */
  readonly away?: true
}

const text = z.string()
export const keptCallersSchema = z.array(
  z.tuple([
    text,
    z.strictObject({
      number: text.exactOptional(),
      name: text.exactOptional(),
      away: z.literal(true).exactOptional(),
    }),
  ]),
) as unknown as z.ZodType<KeptCallers>
/** What a later start goes on from. */
export type KeptCallers = readonly (readonly [CallId, Caller])[]

export function callerBook(kept: KeptCallers = []): CallerBook {
  const callers = new Map<CallId, Caller>(kept)
  /** Their lines have ended; what is still told of them comes before the next event. */
  const over = new Set<CallId>()

  function saw(entry: JournalEntry) {
    if (entry.kind === 'command') {
      if (entry.command.type === 'hangUp') lineEnds(entry.command.call)
      return
    }
    if (entry.kind === 'notice') {
      const { notice } = entry
      if (notice.type === 'callbackAsked')
        callers.set(notice.call, { ...callers.get(notice.call), number: notice.number, away: true })
      else if (notice.type === 'connected') isThere(notice.call)
      else if (notice.type === 'left' && callers.get(notice.call)?.away) over.add(notice.call)
      return
    }
    if (entry.kind === 'remark') return
    for (const call of over) callers.delete(call)
    over.clear()
    const { event } = entry
    if (event.type === 'callerHungUp') lineEnds(event.call)
    else if (event.type === 'callArrived')
      callers.set(event.call, {
        ...(event.from !== undefined && { number: event.from }),
        ...(event.name !== undefined && { name: event.name }),
      })
  }

  function lineEnds(call: CallId) {
    if (!callers.get(call)?.away) over.add(call)
  }

  function isThere(call: CallId) {
    const { away, ...caller } = callers.get(call) ?? {}
    if (away) callers.set(call, caller)
  }

  return { saw, of: (call) => callers.get(call), kept: () => [...callers] }
}
