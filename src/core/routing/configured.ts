import type { AgentId, Configuration } from '../configuration/types.ts'
import { releaseIfNobodyIsLeft, takeOut } from './agents.ts'
import { compile, newAgent } from './compile.ts'
import type { Floor } from './floor.ts'
import type { CompileHours } from './hours-of-group.ts'
import type { AgentRecord, CallRecord, GroupRecord } from './state.ts'
import { closeQueue, leave, scheduleClosing, startWaitClocks } from './stays.ts'
import { failTransfer } from './transfer.ts'

/**
 * The configuration changed while calls run: rings and rests that run keep their end, a removed
 * member's offer is withdrawn, and their call goes on.
 */
export function reconfigure(floor: Floor, configuration: Configuration, compileHours: CompileHours): void {
  const previous = floor.compiled
  const everywhere = agentsLoggedInEverywhere(floor)
  removeGroups(floor, configuration)
  removeMembers(floor, configuration)

  replaceAgents(floor, configuration)
  floor.compiled = compile(configuration, floor.agents, compileHours)
  floor.stirred.clear()
  for (const group of previous.groups.values()) carryOver(floor, group)
  for (const call of floor.calls.values()) call.group = floor.compiled.groups.get(call.group.id) ?? call.group
  for (const call of floor.calls.values()) keepTransfer(floor, call)
  for (const agent of floor.agents.values()) settle(floor, agent, everywhere.has(agent.id))
  for (const group of floor.compiled.groups.values()) settleQueue(floor, group)
}

/** A member of one more group number is logged in to it too, if logged in to all until now. */
function agentsLoggedInEverywhere(floor: Floor): ReadonlySet<AgentId> {
  const everywhere = new Set<AgentId>()
  for (const { id, loggedIn, memberships } of floor.agents.values())
    if (loggedIn.size > 0 && loggedIn.size === memberships.length) everywhere.add(id)
  return everywhere
}

function removeGroups(floor: Floor, configuration: Configuration): void {
  const kept = new Set(configuration.groupNumbers.map(({ id }) => id))
  for (const group of floor.compiled.groups.values()) {
    if (kept.has(group.id)) continue
    group.removed = true
    for (const call of [...group.waiting]) leave(floor, call, 'closed')
  }
}

function removeMembers(floor: Floor, configuration: Configuration): void {
  const kept = new Map(
    configuration.groupNumbers.map(({ id, members }) => [id, new Set(members.map(({ agent }) => agent))]),
  )
  const known = new Set(configuration.agents.map(({ id }) => id))
  for (const agent of floor.agents.values())
    for (const group of [...agent.loggedIn]) {
      if (known.has(agent.id) && kept.get(group)?.has(agent.id) === true) continue
      takeOut(floor, agent, group)
      floor.changed(agent)
    }
}

function replaceAgents(floor: Floor, configuration: Configuration): void {
  const before = new Map(floor.agents)
  floor.agents.clear()
  for (const { id } of configuration.agents) {
    floor.agents.set(id, before.get(id) ?? newAgent(id, floor.now))
    before.delete(id)
  }
  for (const agent of before.values()) if (agent.engaged !== undefined) floor.agents.set(agent.id, agent)
}

/** Those who wait stay in their order, and the turn goes on after the one it had come to. */
function carryOver(floor: Floor, previous: GroupRecord): void {
  floor.takeBack(previous.closing)
  const group = floor.compiled.groups.get(previous.id)
  if (group === undefined) return
  const offeredLast = previous.configured.members[previous.lastOffered]?.agent
  group.lastOffered = offeredLast === undefined ? -1 : (group.members.get(offeredLast)?.order ?? -1)
  Object.assign(group.pace, previous.pace)
  group.waiting.push(...previous.waiting)
  for (const call of group.waiting) {
    call.group = group
    call.wants = false
    for (const offer of call.offers) offer.level = group.members.get(offer.agent.id)?.level.level ?? offer.level
  }
}

/** Whom a caller may be handed over to goes on with the call, unless the group number is no more. */
function keepTransfer(floor: Floor, call: CallRecord): void {
  const party = call.transfer?.party
  if (party === undefined) return
  const group = floor.compiled.groups.get(party.group.id)
  if (group !== undefined) {
    party.group = group
    return
  }
  if (call.transfer?.threeWay !== undefined) {
    party.group = call.group
    return
  }
  floor.command({ type: 'cancelTransfer', call: call.id })
  failTransfer(floor, call, 'unavailable')
}

function settle(floor: Floor, agent: AgentRecord, everywhere: boolean): void {
  for (const { group } of agent.memberships) {
    if (everywhere) agent.loggedIn.add(group.id)
    if (agent.loggedIn.has(group.id)) group.loggedIn += 1
  }
  agent.free = false
  floor.changed(agent)
}

function settleQueue(floor: Floor, group: GroupRecord): void {
  for (const call of group.waiting) {
    startWaitClocks(floor, call)
    floor.reconsider(call)
  }
  releaseIfNobodyIsLeft(floor, group.id)
  const closes = group.settings.atClosing === 'closeQueue' && !group.hours.statusAt(floor.now).open
  if (closes) closeQueue(floor, group)
  else scheduleClosing(floor, group)
}
