import type { AgentId, Configuration, GroupNumberId } from '../../core/configuration/types.ts'
import type { AgentLive, GroupLive, OfferPassed, PastCall, ServiceLive } from '../../contract/console.ts'
import type { CallView } from '../../core/routing/view.ts'
import type { Account } from '../ports.ts'

/** What one console sees of the live picture. */
export interface Scope {
  seesGroup(group: GroupNumberId): boolean
  seesCall(call: CallView): boolean
  /** Callers who were not served, and their messages. */
  seesWork(of: { readonly group: GroupNumberId }): boolean
  /** As this console may see it; undefined: not at all. */
  agent(agent: AgentLive): AgentLive | undefined
  group(group: GroupLive): GroupLive | undefined
  service(service: ServiceLive): ServiceLive
  readonly self: AgentId | undefined
}

export type Passed = readonly OfferPassed[]
export type Past = readonly PastCall[]

/**
 * An agent sees the group numbers it is a member of, with colleagues and callers, and of the others, where a caller can be
 * transferred to, which there are and whether they are open; a supervisor the ones it supervises; an admin all; a reviewer
 * whether the group numbers are open, and neither agents nor callers.
 */
export function scopeOf(account: Account, configuration: Configuration): Scope {
  const all = new Set(configuration.groupNumbers.map(({ id }) => id))
  const isAdmin = account.roles.includes('admin')
  const live = isAdmin ? all : liveGroups(account, configuration)
  const groups = account.roles.every((role) => role === 'supervisor') ? live : all
  const agents = agentsIn(live, configuration)
  const self = account.agent

  function agent(given: AgentLive): AgentLive | undefined {
    if (given.agent === self) return given
    const { told: _told, ...told } = given
    if (isAdmin) return told
    if (!agents.has(given.agent)) return undefined
    const { call: _, before, ...rest } = told
    const here = (groups: readonly GroupNumberId[]) => groups.filter((group) => live.has(group))
    // Of an agent who also answers elsewhere, nothing of that place.
    return { ...rest, loggedIn: here(given.loggedIn), ...(before !== undefined && { before: here(before) }) }
  }

  return {
    self,
    seesGroup: (group) => groups.has(group),
    seesCall: (call) => live.has(call.group) || (self !== undefined && call.agent === self),
    seesWork: ({ group }) => live.has(group) || isAdmin,
    agent,
    group: (group) => {
      if (!groups.has(group.group)) return undefined
      return live.has(group.group) ? group : { ...group, members: [] }
    },
    service: (service) => {
      if (isAdmin) return service
      const { trouble: _, callerPage: __, ...rest } = service
      return rest
    },
  }
}

function liveGroups({ roles, agent, supervises }: Account, { groupNumbers }: Configuration): Set<GroupNumberId> {
  const isMember = (members: readonly { agent: AgentId }[]) =>
    agent !== undefined && members.some((member) => member.agent === agent)
  const seen = groupNumbers.filter(
    ({ id, members }) =>
      (roles.includes('supervisor') && supervises.includes(id)) || (roles.includes('agent') && isMember(members)),
  )
  return new Set(seen.map(({ id }) => id))
}

function agentsIn(groups: ReadonlySet<GroupNumberId>, { groupNumbers }: Configuration): Set<AgentId> {
  const seen = groupNumbers.filter(({ id }) => groups.has(id))
  return new Set(seen.flatMap(({ members }) => members.map(({ agent }) => agent)))
}
