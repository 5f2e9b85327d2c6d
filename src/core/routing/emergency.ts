import type { E164 } from '../configuration/types.ts'
import type { Floor } from './floor.ts'
import type { CallId, EventOf } from './messages.ts'

const numbers: readonly string[] = ['112', '+46112']

/** 112 is never queued, refused or blocked, whichever way the call goes. */
export const isEmergency = (number: E164 | undefined) => number !== undefined && numbers.includes(number)

/** Put through at once: no group number's rule is asked. */
export function putThrough(floor: Floor, { call, to }: Pick<EventOf<'callArrived'>, 'call' | 'to'>): void {
  floor.emergencies.add(call)
  floor.command({ type: 'forward', call, to })
}

/** When the call ends, or cannot be put through, so does the caller's leg. */
export function emergencyOver(floor: Floor, call: CallId): void {
  if (!floor.emergencies.delete(call)) return
  floor.command({ type: 'hangUp', call, why: 'transferred' })
}
