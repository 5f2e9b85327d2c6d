import { dayMillis } from '../hours/local-time.ts'
import { zoneOf } from '../hours/zone.ts'
import { instant, type Instant } from '../time.ts'
import type { Floor } from './floor.ts'

/** What agents have done today counts from midnight in the company's zone: at the first look after it, from nothing. */
export function startDay(floor: Floor): void {
  if (floor.now < floor.midnight) return
  floor.midnight = midnightAfter(floor.now, floor.configuration.company.timeZone)
  for (const agent of floor.agents.values()) {
    if (agent.calls === 0 && agent.talked === 0) continue
    agent.calls = 0
    agent.talked = 0
    if (!agent.free) continue
    for (const membership of agent.memberships) {
      if (!agent.loggedIn.has(membership.group.id)) continue
      floor.exit(membership)
      floor.enter(membership)
    }
  }
}

/** The first instant of the next local date; where the clock skips midnight, the change. */
function midnightAfter(at: Instant, timeZone: string): Instant {
  const zone = zoneOf(timeZone)
  const span = zone.spanAt(at)
  const midnight = (Math.floor((at + span.offset) / dayMillis) + 1) * dayMillis
  const here = midnight - span.offset
  return instant(here < span.to ? here : Math.max(span.to, midnight - zone.spanAt(span.to).offset))
}
