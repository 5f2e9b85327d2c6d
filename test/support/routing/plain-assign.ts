import type { Floor } from '../../../src/core/routing/floor.ts'
import type { Instant } from '../../../src/core/time.ts'
import { ring, wasRung } from '../../../src/core/routing/offers.ts'
import type { AgentRecord, CallRecord, Membership } from '../../../src/core/routing/state.ts'

/**
 * The assignment pass as one would write it down: sort every caller, and for each look at every agent.
 * Uses none of the indexes that the real one keeps.
 */
export function plainAssign(floor: Floor): void {
  for (const call of [...floor.calls.values()].filter((call) => wantsAnAgent(call, floor.now)).toSorted(byTurn)) {
    const chosen = choose(floor, call)
    for (const membership of chosen) ring(floor, call, membership)
    if (chosen.length > 0) wasRung(floor, call)
  }
  floor.stirred.clear()
}

function wantsAnAgent({ stage, offers, group, progress, away }: CallRecord, now: Instant): boolean {
  if (stage.phase !== 'waiting') return false
  if (away && (!away.open || away.notBefore > now || away.calling)) return false
  if (offers.some(({ picked }) => picked)) return false
  const { rings } = group.strategy
  return offers.length === 0 || rings === 'all' || (rings === 'more' && progress === undefined)
}

function byTurn(one: CallRecord, other: CallRecord): number {
  return (
    other.group.settings.priority - one.group.settings.priority ||
    other.priority - one.priority ||
    one.order - other.order
  )
}

function choose(floor: Floor, call: CallRecord): readonly Membership[] {
  const eligible = [...floor.agents.values()]
    .flatMap(({ memberships }) => memberships.filter(({ group }) => group === call.group))
    .filter(({ agent }) => isFree(agent, call) && (call.declined.get(agent.id) ?? -Infinity) <= floor.now)
    .filter(({ level }) => isOpenLevel(floor, call, level.level))
    .toSorted(
      (one, other) =>
        one.level.level - other.level.level ||
        call.group.strategy.key(one.agent) - call.group.strategy.key(other.agent) ||
        one.order - other.order,
    )
  const untried = pick(
    floor,
    call,
    eligible.filter(({ agent }) => !call.tried.has(agent.id)),
  )
  if (untried.length > 0 || call.offers.length > 0 || call.tried.size === 0) return untried
  const again = pick(floor, call, eligible)
  if (again.length > 0) call.tried.clear()
  return again
}

function isFree(agent: AgentRecord, { group }: CallRecord): boolean {
  return (
    agent.loggedIn.has(group.id) &&
    agent.device === 'ready' &&
    agent.paused === undefined &&
    agent.wrapUp === undefined &&
    agent.engaged === undefined
  )
}

function isOpenLevel(floor: Floor, { group, arrived, offers }: CallRecord, level: number): boolean {
  const { escalateSeconds } = group.settings
  if (escalateSeconds !== null) return floor.now - arrived >= (level - 1) * escalateSeconds * 1000
  return offers.length === 0 || offers.some((offer) => level <= offer.level)
}

/** `ready` is in order: by level, the strategy's key, and member order. */
function pick(floor: Floor, { group, offers }: CallRecord, ready: readonly Membership[]): readonly Membership[] {
  const { strategy, escalateSeconds } = group.settings
  const [first] = ready
  if (first === undefined) return []
  const allLevels = escalateSeconds !== null || offers.length > 0
  if (strategy === 'ringAll') return allLevels ? ready : ready.filter(({ level }) => level === first.level)
  const level = ready.filter((membership) => membership.level === first.level)
  if (strategy === 'roundRobin') return [level.find(({ order }) => order > group.lastOffered) ?? first]
  if (strategy !== 'random' && strategy !== 'weightedRandom') return [first]
  const weight = (membership: Membership) => (strategy === 'random' ? 1 : membership.weight)
  let left = floor.draw() * level.reduce((sum, membership) => sum + weight(membership), 0)
  const drawn = level.find((membership) => (left -= weight(membership)) < 0)
  return [drawn ?? first]
}
