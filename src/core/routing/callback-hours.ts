import type { Floor } from './floor.ts'
import type { CallRecord } from './state.ts'

/** Whether a caller who is away may be rung back now, and the clock for when that changes. */
export function keepHours(floor: Floor, call: CallRecord): void {
  const { away } = call
  if (away === undefined) return
  floor.takeBack(call.callback)
  const { open, next } = call.group.hours.statusAt(floor.now)
  away.open = open
  const changes = [...(next === null ? [] : [next.at]), ...(away.notBefore > floor.now ? [away.notBefore] : [])]
  call.callback =
    changes.length === 0
      ? undefined
      : floor.set(changes.toSorted((one, other) => one - other)[0] ?? floor.now, { kind: 'callback', call })
  floor.reconsider(call)
}
