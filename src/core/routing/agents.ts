import type { GroupNumberId } from '../configuration/types.ts'
import { after, seconds } from '../time.ts'
import type { Floor } from './floor.ts'
import type { ActorId, EventOf } from './messages.ts'
import type { AgentRecord } from './state.ts'
import { leave } from './stays.ts'
import { isConsulted, takeOffer } from './transfer.ts'

const byWhom = (by: ActorId | undefined) => (by === undefined ? {} : { by })

export function logIn(floor: Floor, agent: AgentRecord, { group, as, by }: EventOf<'loggedIn'>): void {
  const remembered = as === 'before' ? agent.memberships.filter((each) => agent.before.includes(each.group.id)) : []
  const asked = remembered.length > 0 ? remembered : agent.memberships
  const joining = asked.filter(
    (membership) => (group === undefined || membership.group.id === group) && !agent.loggedIn.has(membership.group.id),
  )
  if (joining.length === 0) return
  if (agent.loggedIn.size === 0) agent.loggedInAt = floor.now
  agent.misses = 0
  for (const membership of joining) {
    agent.loggedIn.add(membership.group.id)
    membership.group.loggedIn += 1
    if (agent.free) floor.enter(membership)
  }
  floor.changed(agent)
  tell(floor, agent, { ...(group !== undefined && { group }), ...byWhom(by) })
}

export function logOut(floor: Floor, agent: AgentRecord, { group, by }: EventOf<'loggedOut'>): void {
  const leaving = group === undefined ? [...agent.loggedIn] : [group].filter((id) => agent.loggedIn.has(id))
  if (leaving.length === 0) return
  for (const id of leaving) takeOut(floor, agent, id)
  floor.changed(agent)
  if (agent.loggedIn.size === 0) agent.before = leaving
  // Out of the last one by itself: told once more, for all.
  if (group === undefined && agent.loggedIn.size === 0) agent.told = 'loggedOut'
  floor.notice({
    type: 'agentState',
    agent: agent.id,
    ...(group !== undefined && { group }),
    state: 'loggedOut',
    ...byWhom(by),
  })
  for (const id of leaving) releaseIfNobodyIsLeft(floor, id)
}

/** Out of one group number: its offer is withdrawn, its call goes on, and the last one out takes the pause and the rest along. */
export function takeOut(floor: Floor, agent: AgentRecord, id: GroupNumberId): void {
  const membership = agent.memberships.find(({ group }) => group.id === id)
  if (membership !== undefined) {
    floor.exit(membership)
    membership.group.loggedIn -= 1
  }
  agent.loggedIn.delete(id)
  if (agent.engaged?.kind === 'offer' && agent.engaged.call.group.id === id) withdrawOffer(floor, agent)
  if (agent.loggedIn.size > 0) return
  agent.paused = undefined
  floor.takeBack(agent.wrapUp)
  agent.wrapUp = undefined
}

/** `whenNoAgents`, when the last member has logged out. */
export function releaseIfNobodyIsLeft(floor: Floor, id: GroupNumberId): void {
  const group = floor.compiled.groups.get(id)
  if (group === undefined || group.loggedIn > 0 || group.settings.whenNoAgents.do === 'queue') return
  for (const call of [...group.waiting]) if (call.away === undefined) leave(floor, call, 'noAgents')
}

export function pause(floor: Floor, agent: AgentRecord, { reason, by }: EventOf<'paused'>): void {
  if (agent.loggedIn.size === 0) return
  if (agent.paused !== undefined && agent.paused.reason === reason) return
  agent.paused = reason === undefined ? {} : { reason }
  withdrawOffer(floor, agent)
  floor.changed(agent)
  agent.told = 'paused'
  floor.notice({
    type: 'agentState',
    agent: agent.id,
    state: 'paused',
    ...(reason !== undefined && { reason }),
    ...byWhom(by),
  })
}

export function resume(floor: Floor, agent: AgentRecord, { by }: EventOf<'resumed'>): void {
  if (agent.paused === undefined) return
  agent.paused = undefined
  agent.misses = 0
  floor.changed(agent)
  tell(floor, agent, byWhom(by))
}

export function device(floor: Floor, agent: AgentRecord, { state }: EventOf<'deviceChanged'>): void {
  if (agent.device === state) return
  agent.device = state
  if (state !== 'ready') withdrawOffer(floor, agent)
  floor.changed(agent)
}

export function endWrapUp(floor: Floor, agent: AgentRecord): void {
  if (agent.wrapUp === undefined) return
  floor.takeBack(agent.wrapUp)
  agent.wrapUp = undefined
  floor.changed(agent)
}

export function extendWrapUp(floor: Floor, agent: AgentRecord, { seconds: more }: EventOf<'wrapUpExtended'>): void {
  if (agent.wrapUp === undefined || !(more > 0) || !Number.isFinite(more)) return
  const until = after(agent.wrapUp.at, seconds(more))
  floor.takeBack(agent.wrapUp)
  agent.wrapUp = floor.set(until, { kind: 'wrapUp', agent })
}

/** No miss: it was not the agent who let it ring. Who is consulted, or waits for a caller to be rung back, goes on. */
function withdrawOffer(floor: Floor, agent: AgentRecord): void {
  const { engaged } = agent
  if (engaged?.kind !== 'offer' || engaged.call.away?.calling === engaged) return
  if (engaged.answered && isConsulted(engaged)) return
  takeOffer(floor, engaged)
}

/** The notice of what was done to an agent, with the state they are in now. */
function tell(floor: Floor, agent: AgentRecord, about: { group?: GroupNumberId; by?: ActorId }): void {
  const state = floor.stateOf(agent)
  const reason = state === 'paused' ? agent.paused?.reason : undefined
  agent.told = state
  floor.notice({
    type: 'agentState',
    agent: agent.id,
    ...about,
    state,
    ...(reason !== undefined && { reason }),
  })
}
