import type { E164 } from '../../../src/core/configuration/types.ts'
import type { CallId } from '../../../src/core/routing/messages.ts'
import { instant } from '../../../src/core/time.ts'
import type { JournalEntry } from '../../../src/service/ports.ts'

const nine = Date.parse('2026-11-23T09:00:00Z')

/** Call `call-N` rings, N milliseconds past nine on 23 November 2026. */
export function arrival(number: number, at = nine + number): Extract<JournalEntry, { kind: 'event' }> {
  const call = `call-${number}` as CallId
  return { kind: 'event', event: { type: 'callArrived', at: instant(at), call, to: '+46122260980' as E164 } }
}

/** It is answered. */
export function answer(number: number): Extract<JournalEntry, { kind: 'command' }> {
  return {
    kind: 'command',
    at: instant(nine + number),
    command: { type: 'answer', call: `call-${number}` as CallId },
  }
}
