import type { Instant } from '../time.ts'
import type { EventOf } from './messages.ts'
import type { CallRecord, GroupRecord } from './state.ts'

type Arrival = Pick<EventOf<'callArrived'>, 'call' | 'to' | 'from' | 'name'>

/** A call that nothing has been done about. */
export function callRecord({ call: id, to, from, name }: Arrival, group: GroupRecord, now: Instant): CallRecord {
  return {
    id,
    to,
    from,
    name,
    group,
    stage: { phase: 'waiting' },
    answered: false,
    priority: 0,
    order: 0,
    arrived: now,
    play: undefined,
    keypad: undefined,
    away: undefined,
    transfer: undefined,
    monitors: new Map(),
    offers: [],
    tried: new Set(),
    declined: new Map(),
    wants: false,
    visited: [],
    limit: undefined,
    comfort: undefined,
    callback: undefined,
    retry: undefined,
    escalate: undefined,
    progress: undefined,
    timedOut: undefined,
  }
}
