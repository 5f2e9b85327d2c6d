import { isServedBefore, type Floor } from './floor.ts'
import { ringNext } from './offers.ts'
import type { CallRecord, GroupRecord } from './state.ts'

/**
 * Rings whoever is free for whoever waits: callers by (group priority, caller priority, arrival), each
 * with the agents who may take them. A caller nobody can take does not hold up the next one.
 *
 * Only group numbers where something changed since the last pass are looked at: elsewhere nobody free
 * could take anybody then, and so nobody can now.
 */
export function assign(floor: Floor): void {
  const { stirred } = floor
  if (stirred.size === 0) return
  for (const group of stirred) group.looked = 0
  for (let call = firstOf(stirred); call !== undefined; call = firstOf(stirred)) {
    const { group } = call
    ringNext(floor, call)
    // Still wanting, since nobody could be rung or since more may join: the next one's turn.
    if (group.wanting[group.looked] === call) group.looked += 1
  }
  stirred.clear()
}

function firstOf(stirred: ReadonlySet<GroupRecord>): CallRecord | undefined {
  let first: CallRecord | undefined
  for (const group of stirred) {
    if (group.free === 0) continue
    const call = group.wanting[group.looked]
    if (call !== undefined && (first === undefined || isAhead(call, first))) first = call
  }
  return first
}

function isAhead(one: CallRecord, other: CallRecord): boolean {
  const priorities = one.group.settings.priority - other.group.settings.priority
  return priorities === 0 ? isServedBefore(one, other) : priorities > 0
}
