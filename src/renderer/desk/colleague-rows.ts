import type { AgentLive, GroupLive } from '../../contract/console.ts'
import type { AgentId } from '../../core/configuration/types.ts'
import { shownState, type Shown } from '../shared/agent-state.ts'

export interface ColleagueRow {
  readonly agent: AgentLive
  readonly name: string
  /** As `shownState` says. */
  readonly shown: Shown
}

/** Everybody else in these group numbers; who can take a call first, then by name. */
export function colleagueRows(
  agents: Readonly<Record<string, AgentLive>>,
  groups: readonly GroupLive[],
  me: AgentId,
): readonly ColleagueRow[] {
  const members = new Set(groups.flatMap((group) => group.members))
  const colleagues = [...members].flatMap((member) => (member === me ? [] : (agents[member] ?? [])))
  const sameFirstName = (one: AgentLive) => colleagues.filter(({ firstName }) => firstName === one.firstName).length > 1
  return colleagues
    .map((agent) => ({
      agent,
      name:
        sameFirstName(agent) || agent.firstName === ''
          ? `${agent.firstName} ${agent.lastName}`.trim()
          : agent.firstName,
      shown: shownState(agent),
    }))
    .sort((one, other) => order[one.shown] - order[other.shown] || one.name.localeCompare(other.name, 'sv'))
}

const order: Readonly<Record<Shown, number>> = {
  available: 0,
  ringing: 1,
  talking: 2,
  wrapUp: 3,
  paused: 4,
  problem: 5,
  loggedOut: 6,
}
