import type { Floor } from './floor.ts'
import type { CallId, EventOf } from './messages.ts'

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
