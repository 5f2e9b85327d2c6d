import { messageFor, musicFor } from '../configuration/message-for.ts'
import { serviceNumbersOf, settingsOf } from '../configuration/presets.ts'
import type { AgentId, Configuration, E164, GroupNumber, GroupNumberId } from '../configuration/types.ts'
import type { Service } from './messages.ts'
import { compileCallerRules } from './caller-rules.ts'
import { FreeAgents } from './free-agents.ts'
import type { CompileHours } from './hours-of-group.ts'
import type { AgentRecord, Compiled, GroupRecord, LevelRecord, Membership } from './state.ts'
import { newPace } from './estimate-wait.ts'
import { strategies } from './strategies.ts'

/** Compiles the group numbers and gives every agent their memberships; nobody is free or waits in them yet. */
export function compile(
  configuration: Configuration,
  agents: ReadonlyMap<AgentId, AgentRecord>,
  compileHours: CompileHours,
): Compiled {
  const groups = new Map<GroupNumberId, GroupRecord>()
  const byNumber = new Map<E164, GroupRecord>()
  const memberships = new Map<AgentRecord, Membership[]>()
  for (const configured of configuration.groupNumbers) {
    const group = compileGroup(configuration, configured, agents, compileHours)
    groups.set(group.id, group)
    byNumber.set(configured.number, group)
    for (const membership of group.members.values()) {
      const known = memberships.get(membership.agent)
      if (known === undefined) memberships.set(membership.agent, [membership])
      else known.push(membership)
    }
  }
  for (const agent of agents.values()) agent.memberships = memberships.get(agent) ?? []
  for (const { id, wrapUpSeconds, answersAt } of configuration.agents) {
    const agent = agents.get(id)
    if (agent === undefined) continue
    agent.wrapUpSeconds = wrapUpSeconds
    agent.answersAt = answersAt
  }
  return { configuration, groups, byNumber, byService: serviceNumbers(configuration) }
}

/** Rung by the short number or the long one. */
function serviceNumbers({ company }: Configuration): ReadonlyMap<string, Service> {
  const byService = new Map<string, Service>()
  for (const service of ['logIn', 'record'] as const) {
    const { short, long } = serviceNumbersOf(company)[service] ?? {}
    if (short !== undefined) byService.set(short, service)
    if (long !== undefined) byService.set(long, service)
  }
  return byService
}

function compileGroup(
  configuration: Configuration,
  configured: GroupNumber,
  agents: ReadonlyMap<AgentId, AgentRecord>,
  compileHours: CompileHours,
): GroupRecord {
  const settings = settingsOf(configured)
  const levels: { level: number; free: FreeAgents; members: Membership[] }[] = []
  const members = new Map<AgentId, Membership>()
  const group: GroupRecord = {
    id: configured.id,
    configured,
    settings,
    hours: compileHours(configuration, configured),
    callers: compileCallerRules(settings.callers),
    strategy: strategies[settings.strategy],
    comfort: messageFor(configuration, configured, 'comfort'),
    overflow: messageFor(configuration, configured, 'overflow'),
    music: musicFor(configuration, configured),
    levels,
    members,
    loggedIn: 0,
    free: 0,
    waiting: [],
    wanting: [],
    lastOffered: -1,
    closing: undefined,
    pace: newPace(),
    looked: 0,
    removed: false,
  }
  const sizes = new Map<number, number>()
  for (const { level = 1 } of configured.members) sizes.set(level, (sizes.get(level) ?? 0) + 1)
  const byLevel = new Map<number, { free: FreeAgents; members: Membership[]; record: LevelRecord }>()
  for (const [level, size] of [...sizes].toSorted(([one], [other]) => one - other)) {
    const record = { level, free: new FreeAgents(size), members: [] as Membership[] }
    levels.push(record)
    byLevel.set(level, { ...record, record })
  }
  for (const [order, { agent: id, level: number = 1, weight = 1 }] of configured.members.entries()) {
    const agent = agents.get(id)
    const level = byLevel.get(number)
    if (agent === undefined || level === undefined || members.has(id)) continue
    const membership: Membership = { agent, group, level: level.record, place: level.members.length, order, weight }
    level.members.push(membership)
    members.set(id, membership)
  }
  return group
}

export function newAgent(id: AgentId, now: AgentRecord['since']): AgentRecord {
  return {
    id,
    answersAt: 'softphone',
    wrapUpSeconds: undefined,
    memberships: [],
    loggedIn: new Set(),
    before: [],
    loggedInAt: now,
    device: 'gone',
    paused: undefined,
    engaged: undefined,
    wrapUp: undefined,
    misses: 0,
    completedAt: undefined,
    calls: 0,
    talked: 0,
    free: false,
    state: 'loggedOut',
    since: now,
    told: 'loggedOut',
    touched: false,
  }
}

/** A group number that is configured no longer, for the calls that go on in it: its settings hold, and nobody is rung. */
export function ghost(configured: GroupNumber): GroupRecord {
  const settings = settingsOf(configured)
  return {
    id: configured.id,
    configured,
    settings,
    hours: { statusAt: () => ({ open: false, message: null, next: null }) },
    callers: compileCallerRules([]),
    strategy: strategies[settings.strategy],
    comfort: null,
    overflow: null,
    music: [],
    levels: [],
    members: new Map(),
    loggedIn: 0,
    free: 0,
    waiting: [],
    wanting: [],
    lastOffered: -1,
    closing: undefined,
    pace: newPace(),
    looked: 0,
    removed: true,
  }
}

/** As a snapshot of before knew it. */
export function ghostOf(id: GroupNumberId, number: E164): GroupRecord {
  return ghost({
    id,
    number,
    name: '',
    agreement: '' as GroupNumber['agreement'],
    members: [],
    schedules: [],
    exceptions: [],
    messages: { music: [] },
    settings: {},
  })
}
