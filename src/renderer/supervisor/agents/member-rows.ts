import type { AgentLive } from '../../../contract/console.ts'
import type { Agent, AgentId, Configuration, GroupNumber, Member } from '../../../core/configuration/types.ts'
import type { Shown } from '../../shared/agent-state.ts'
import { stateIn } from './state-in.ts'

export interface MemberRow {
  readonly member: Member
  /** From 1: the order in which they are tried, within a level. */
  readonly place: number
  /** Absent: not to be seen by this account. */
  readonly agent: Agent | undefined
  readonly name: string
  readonly live: AgentLive | undefined
  readonly state: Shown
}

/** The members of a group number in their order. */
export function memberRows(
  group: GroupNumber,
  { agents }: Pick<Configuration, 'agents'>,
  live: Readonly<Record<string, AgentLive>>,
): readonly MemberRow[] {
  const known = new Map(agents.map((agent) => [agent.id, agent]))
  return group.members.map((member, index) => {
    const agent = known.get(member.agent)
    return {
      member,
      place: index + 1,
      agent,
      name: agent === undefined ? member.agent : nameOf(agent),
      live: live[member.agent],
      state: stateIn(group.id, live[member.agent]),
    }
  })
}

export function nameOf({ firstName, lastName, phone }: Pick<Agent, 'firstName' | 'lastName' | 'phone'>): string {
  const name = `${firstName} ${lastName}`.trim()
  return name === '' ? phone : name
}

/** One member taken out and put in at `to`, counted from 0 among all. */
export function moved(members: readonly Member[], agent: AgentId, to: number): readonly Member[] {
  const from = members.findIndex((member) => member.agent === agent)
  const [member] = members.slice(from, from + 1)
  if (member === undefined || from === to || to < 0 || to >= members.length) return members
  return members.toSpliced(from, 1).toSpliced(to, 0, member)
}

/** Level 1 is what applies where none is said. */
export function withLevel(members: readonly Member[], agent: AgentId, level: number): readonly Member[] {
  return members.map((member) => {
    if (member.agent !== agent) return member
    const { level: _, ...rest } = member
    return level === 1 ? rest : { ...rest, level }
  })
}
