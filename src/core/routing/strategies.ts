import type { Strategy } from '../configuration/types.ts'
import type { FreeAgents } from './free-agents.ts'
import type { AgentRecord, Membership } from './state.ts'

/** Who is rung first of the free agents of one level (design section 7, the table of strategies). */
export interface StrategyRule {
  /** One at a time; all at once; or one more every `progressSeconds`. */
  readonly rings: 'one' | 'all' | 'more'
  /** The least is first, and equals go by member order; taken when the agent becomes free. */
  readonly key: (agent: AgentRecord) => number
  readonly weight: (membership: Membership) => number
  /** A place in the level; there is at least one who is free. */
  readonly choose: (free: FreeAgents, turn: Turn) => number
}

export interface Turn {
  /** The place in this level before which, or at which, the one offered a call last stands; -1: at the top. */
  readonly lastOffered: number
  /** From 0, inclusive, to 1, exclusive. */
  readonly draw: () => number
}

const inMemberOrder = () => 0
const evenly = () => 1
const least = (free: FreeAgents) => free.first()

/** Since the later of log-in and the end of the last completed call. */
const idleSince = (agent: AgentRecord) => Math.max(agent.loggedInAt, agent.completedAt ?? -Infinity)

export const strategies: Readonly<Record<Strategy, StrategyRule>> = {
  longestIdle: { rings: 'one', key: idleSince, weight: evenly, choose: least },
  ringAll: { rings: 'all', key: inMemberOrder, weight: evenly, choose: least },
  roundRobin: {
    rings: 'one',
    key: inMemberOrder,
    weight: evenly,
    choose: (free, { lastOffered }) => {
      const next = lastOffered < 0 ? -1 : free.firstAfter(lastOffered)
      return next < 0 ? free.firstPlace() : next
    },
  },
  fixedOrder: { rings: 'one', key: inMemberOrder, weight: evenly, choose: least },
  fewestCalls: { rings: 'one', key: (agent) => agent.calls, weight: evenly, choose: least },
  leastTalkTime: { rings: 'one', key: (agent) => agent.talked, weight: evenly, choose: least },
  random: { rings: 'one', key: inMemberOrder, weight: evenly, choose: (free, { draw }) => free.drawn(draw()) },
  weightedRandom: {
    rings: 'one',
    key: inMemberOrder,
    weight: (membership) => membership.weight,
    choose: (free, { draw }) => free.drawn(draw()),
  },
  ringProgressively: { rings: 'more', key: idleSince, weight: evenly, choose: least },
}
