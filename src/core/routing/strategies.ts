import type { Strategy } from '../configuration/types.ts'
import type { FreeAgents } from './free-agents.ts'
import type { AgentRecord, StrategyRule } from './state.ts'

const inMemberOrder = () => 0
const evenly = () => 1
const least = (free: FreeAgents) => free.first()

/** Since the later of log-in and the end of the last completed call. */
const idleSince = (agent: AgentRecord) => Math.max(agent.loggedInAt, agent.completedAt ?? -Infinity)

/** Design section 7, the table of strategies. */
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
