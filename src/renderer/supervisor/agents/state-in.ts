import type { AgentLive } from '../../../contract/console.ts'
import type { GroupNumberId } from '../../../core/configuration/types.ts'
import { shownState, type Shown } from '../../shared/agent-state.ts'

/**
 * An agent's state as one group number meets it: logged out of it, though perhaps logged in to another; `problem` for one
 * who is logged in with a telephone that cannot ring. Absent: never seen, so logged out.
 */
export function stateIn(group: GroupNumberId, agent: AgentLive | undefined): Shown {
  if (agent === undefined) return 'loggedOut'
  if (agent.state === 'talking' || agent.state === 'ringing') return agent.state
  if (!agent.loggedIn.includes(group)) return 'loggedOut'
  return shownState(agent)
}
