import type { AgentId, Configuration, E164, GroupNumber, GroupNumberId } from '../configuration/types.ts'
import type { Instant } from '../time.ts'
import { callRecord } from './call-record.ts'
import { compile, ghost, ghostOf, newAgent } from './compile.ts'
import { Floor } from './floor.ts'
import type { CompileHours } from './hours-of-group.ts'
import type { AgentState, CallId, DeviceState, MonitorMode, OfferId } from './messages.ts'
import type { RouterSnapshot } from './router.ts'
import type { AgentRecord, Away, CallRecord, Deadline, Due, OfferRecord, Pace, ServedCall, Transfer } from './state.ts'

const version = 1

/** The floor as plain JSON; `restore` makes the same floor of it. */
interface FloorSnapshot {
  readonly version: typeof version
  readonly now: Instant
  readonly seed: number
  readonly midnight: Instant
  readonly offersMade: number
  readonly playsMade: number
  readonly arrivals: number
  readonly deadlinesSet: number
  readonly lostAt: Instant | null
  readonly configuration: Configuration
  readonly agents: readonly AgentSnapshot[]
  readonly calls: readonly CallSnapshot[]
  readonly emergencies?: readonly CallId[]
  readonly hungUp?: readonly CallId[]
  readonly served?: readonly Omit<ServedCall, 'idle'>[]
  /** By group number. */
  readonly lastOffered: readonly (readonly [GroupNumberId, number])[]
  readonly paces?: readonly (readonly [GroupNumberId, Pace])[]
  readonly deadlines: readonly DeadlineSnapshot[]
}

interface AgentSnapshot {
  readonly id: AgentId
  readonly loggedIn: readonly GroupNumberId[]
  readonly before?: readonly GroupNumberId[]
  readonly loggedInAt: Instant
  readonly device: DeviceState
  readonly paused: { readonly reason?: string } | null
  readonly misses: number
  readonly completedAt: Instant | null
  readonly calls: number
  readonly talked: number
  readonly state: AgentState
  readonly since: Instant
  readonly told: AgentState
}

type StageSnapshot =
  | Exclude<CallRecord['stage'], { phase: 'talking' | 'leaving' }>
  | { readonly phase: 'talking'; readonly agent: AgentId; readonly offer: OfferId; readonly since: Instant }
  | Extract<CallRecord['stage'], { phase: 'leaving' }>

interface CallSnapshot {
  readonly id: CallId
  readonly to: E164
  readonly from: E164 | null
  readonly name: string | null
  readonly group: GroupNumberId
  readonly groupNumber: E164
  /** No longer configured. */
  readonly removed?: GroupNumber
  readonly stage: StageSnapshot
  readonly answered: boolean
  readonly priority: number
  readonly order: number
  readonly arrived: Instant
  readonly play: NonNullable<CallRecord['play']> | null
  readonly keypad?: NonNullable<CallRecord['keypad']>
  readonly away?: Omit<Away, 'calling'> & { readonly calling: OfferId | null }
  readonly transfer?: TransferSnapshot
  readonly monitors?: readonly (readonly [AgentId, Exclude<MonitorMode, 'off'>])[]
  readonly offers: readonly OfferSnapshot[]
  readonly tried: readonly AgentId[]
  readonly declined: readonly (readonly [AgentId, Instant])[]
  readonly visited: readonly GroupNumberId[]
  readonly timedOut: NonNullable<CallRecord['timedOut']> | null
}

interface OfferSnapshot {
  readonly id: OfferId
  readonly agent: AgentId
  readonly level: number
  readonly since: Instant
  readonly picked?: true
  readonly answered?: true
}

interface TransferSnapshot extends Omit<Transfer, 'party' | 'threeWay'> {
  readonly threeWay?: NonNullable<Transfer['threeWay']>
  readonly party: {
    readonly group: GroupNumberId
    readonly groupNumber: E164
    readonly arrived: Instant
    readonly tried: readonly AgentId[]
    readonly offers: readonly OfferSnapshot[]
  } | null
}

interface DeadlineSnapshot {
  readonly at: Instant
  readonly order: number
  readonly kind: Due['kind']
  /** Of the offer, the agent, the call or the group number. */
  readonly of: string
}

export function takeSnapshot(floor: Floor): RouterSnapshot {
  const deadlines = [...floor.deadlines.all, ...floor.held]
  const snapshot: FloorSnapshot = {
    version,
    now: floor.now,
    seed: floor.seed,
    midnight: floor.midnight,
    offersMade: floor.offersMade,
    playsMade: floor.playsMade,
    arrivals: floor.arrivals,
    deadlinesSet: floor.deadlinesSet,
    lostAt: floor.lostAt ?? null,
    configuration: floor.configuration,
    agents: [...floor.agents.values()].map(agentSnapshot),
    calls: [...floor.calls.values()].map(callSnapshot),
    emergencies: [...floor.emergencies],
    hungUp: [...floor.hungUp],
    served: [...floor.served.values()].map(({ idle: _, ...served }) => served),
    lastOffered: [...floor.compiled.groups.values()].map(({ id, lastOffered }) => [id, lastOffered] as const),
    paces: [...floor.compiled.groups.values()].map(({ id, pace }) => [id, { ...pace }] as const),
    deadlines: deadlines
      .toSorted((one, other) => one.order - other.order)
      .map(({ at, order, due }) => ({ at, order, kind: due.kind, of: ownerOf(due) })),
  }
  return { ...snapshot }
}

function ownerOf(due: Due): string {
  switch (due.kind) {
    case 'ring':
      return due.offer.id
    case 'wrapUp':
      return due.agent.id
    case 'closing':
      return due.group.id
    case 'served':
      return due.served.id
    default:
      return due.call.id
  }
}

function agentSnapshot(agent: AgentRecord): AgentSnapshot {
  const { id, loggedInAt, device, misses, calls, talked, state, since, told } = agent
  return {
    id,
    loggedIn: [...agent.loggedIn],
    ...(agent.before.length > 0 && { before: agent.before }),
    loggedInAt,
    device,
    paused: agent.paused ?? null,
    misses,
    completedAt: agent.completedAt ?? null,
    calls,
    talked,
    state,
    since,
    told,
  }
}

function callSnapshot(call: CallRecord): CallSnapshot {
  const { id, to, group, answered, priority, order, arrived, visited } = call
  return {
    id,
    to,
    from: call.from ?? null,
    name: call.name ?? null,
    group: group.id,
    groupNumber: group.configured.number,
    ...(group.removed && { removed: group.configured }),
    stage: stageSnapshot(call.stage),
    answered,
    priority,
    order,
    arrived,
    play: call.play ?? null,
    ...(call.keypad !== undefined && { keypad: call.keypad }),
    ...(call.away !== undefined && { away: { ...call.away, calling: call.away.calling?.id ?? null } }),
    ...(call.transfer !== undefined && { transfer: transferSnapshot(call.transfer) }),
    ...(call.monitors.size > 0 && { monitors: [...call.monitors] }),
    offers: call.offers.map(offerSnapshot),
    tried: [...call.tried],
    declined: [...call.declined],
    visited,
    timedOut: call.timedOut ?? null,
  }
}

function offerSnapshot({ id, agent, level, since, picked, answered }: OfferRecord): OfferSnapshot {
  return { id, agent: agent.id, level, since, ...(picked && { picked }), ...(answered && { answered }) }
}

function transferSnapshot({ to, answered, party, threeWay }: Transfer): TransferSnapshot {
  const joined = threeWay && { threeWay: { ...threeWay } }
  if (party === undefined) return { to, answered, party: null, ...joined }
  const { group, arrived, tried, offers } = party
  return {
    to,
    answered,
    ...joined,
    party: {
      group: group.id,
      groupNumber: group.configured.number,
      arrived,
      tried: [...tried],
      offers: offers.map(offerSnapshot),
    },
  }
}

function stageSnapshot(stage: CallRecord['stage']): StageSnapshot {
  if (stage.phase !== 'talking') return stage
  const { agent, offer, since } = stage.talk
  return { phase: 'talking', agent: agent.id, offer, since }
}

/** @throws on a snapshot of another version: the journal's events are then played from the start. */
export function restore(given: RouterSnapshot, compileHours: CompileHours): Floor {
  if (given.version !== version) throw new Error(`router snapshot of version ${String(given.version)}`)
  const snapshot = given as unknown as FloorSnapshot
  const agents = new Map(snapshot.agents.map((agent) => [agent.id, restoredAgent(agent)]))
  const compiled = compile(snapshot.configuration, agents, compileHours)
  const floor = new Floor({ now: snapshot.now, seed: snapshot.seed, compiled })
  floor.midnight = snapshot.midnight
  floor.offersMade = snapshot.offersMade
  floor.playsMade = snapshot.playsMade
  floor.arrivals = snapshot.arrivals
  floor.deadlinesSet = snapshot.deadlinesSet
  floor.lostAt = snapshot.lostAt ?? undefined
  for (const [id, agent] of agents) floor.agents.set(id, agent)
  for (const [id, lastOffered] of snapshot.lastOffered) {
    const group = compiled.groups.get(id)
    if (group !== undefined) group.lastOffered = lastOffered
  }
  for (const call of snapshot.calls) restoreCall(floor, call)
  for (const call of snapshot.emergencies ?? []) floor.emergencies.add(call)
  for (const call of snapshot.hungUp ?? []) floor.hungUp.add(call)
  for (const served of snapshot.served ?? []) floor.served.set(served.id, restoredService(served))
  restoreDeadlines(floor, snapshot.deadlines)
  for (const agent of agents.values()) {
    for (const { group } of agent.memberships) if (agent.loggedIn.has(group.id)) group.loggedIn += 1
    floor.changed(agent)
  }
  for (const call of floor.calls.values())
    if (call.stage.phase === 'welcome' || call.stage.phase === 'waiting') floor.join(call)
  // Joining has touched them.
  for (const [id, pace] of snapshot.paces ?? []) {
    const group = compiled.groups.get(id)
    if (group !== undefined) Object.assign(group.pace, { since: undefined }, pace)
  }
  floor.tellAgents()
  floor.takeOutputs()
  floor.stirred.clear()
  return floor
}

function restoredAgent(agent: AgentSnapshot): AgentRecord {
  return {
    ...newAgent(agent.id, agent.since),
    loggedIn: new Set(agent.loggedIn),
    before: agent.before ?? [],
    loggedInAt: agent.loggedInAt,
    device: agent.device,
    paused: agent.paused ?? undefined,
    misses: agent.misses,
    completedAt: agent.completedAt ?? undefined,
    calls: agent.calls,
    talked: agent.talked,
    state: agent.state,
    told: agent.told,
  }
}

function restoreCall(floor: Floor, saved: CallSnapshot): void {
  const { from, name } = saved
  const arrival = { call: saved.id, to: saved.to, ...(from !== null && { from }), ...(name !== null && { name }) }
  const group = floor.compiled.groups.get(saved.group) ?? ghostFrom(saved)
  const call = callRecord(arrival, group, saved.arrived)
  Object.assign(call, {
    answered: saved.answered,
    priority: saved.priority,
    order: saved.order,
    play: saved.play ?? undefined,
    keypad: saved.keypad,
    visited: saved.visited,
    timedOut: saved.timedOut ?? undefined,
  } satisfies Partial<CallRecord>)
  for (const agent of saved.tried) call.tried.add(agent)
  for (const [agent, until] of saved.declined) call.declined.set(agent, until)
  for (const [agent, mode] of saved.monitors ?? []) call.monitors.set(agent, mode)
  floor.calls.set(call.id, call)
  for (const offer of saved.offers) restoreOffer(floor, call, offer)
  if (saved.away !== undefined) {
    const { calling } = saved.away
    call.away = { ...saved.away, calling: call.offers.find(({ id }) => id === calling) }
  }
  call.stage = restoredStage(floor, call, saved.stage)
  if (saved.transfer !== undefined) call.transfer = restoredTransfer(floor, call, saved.transfer)
}

const ghostFrom = ({ group, groupNumber, removed }: CallSnapshot) =>
  removed === undefined ? ghostOf(group, groupNumber) : ghost(removed)

function restoreOffer(floor: Floor, call: CallRecord, saved: OfferSnapshot): void {
  const { id, agent: agentId, level, since, picked = false, answered = false } = saved
  const agent = known(floor, agentId)
  const offer: OfferRecord = { kind: 'offer', id, call, agent, level, since, picked, answered, deadline: undefined }
  call.offers.push(offer)
  agent.engaged = offer
}

function restoredTransfer(floor: Floor, call: CallRecord, saved: TransferSnapshot): Transfer {
  const { to, answered, party } = saved
  const threeWay = saved.threeWay && { ...saved.threeWay }
  if (party === null) return { to, answered, party: undefined, threeWay }
  const group = floor.compiled.groups.get(party.group) ?? ghostOf(party.group, party.groupNumber)
  const { from, name } = call
  const record = callRecord(
    { call: call.id, to: call.to, ...(from !== undefined && { from }), ...(name !== undefined && { name }) },
    group,
    party.arrived,
  )
  record.stage = { phase: 'consulted' }
  for (const agent of party.tried) record.tried.add(agent)
  for (const offer of party.offers) restoreOffer(floor, record, offer)
  return { to, answered, party: record, threeWay }
}

/** What was undefined is not in JSON. */
function restoredService(saved: Omit<ServedCall, 'idle'>): ServedCall {
  return {
    ...saved,
    from: saved.from ?? undefined,
    agent: saved.agent ?? undefined,
    group: saved.group ?? undefined,
    kind: saved.kind ?? undefined,
    recording: saved.recording ?? undefined,
    play: saved.play ?? undefined,
    idle: undefined,
  }
}

function restoredStage(floor: Floor, call: CallRecord, saved: StageSnapshot): CallRecord['stage'] {
  if (saved.phase !== 'talking') return saved
  const agent = known(floor, saved.agent)
  const talk = { kind: 'talk', call, agent, offer: saved.offer, since: saved.since } as const
  agent.engaged = talk
  return { phase: 'talking', talk }
}

function restoreDeadlines(floor: Floor, saved: readonly DeadlineSnapshot[]): void {
  const offers = new Map(
    [...floor.calls.values()]
      .flatMap(({ offers, transfer }) => [...offers, ...(transfer?.party?.offers ?? [])])
      .map((offer) => [offer.id, offer]),
  )
  for (const { at, order, kind, of } of saved) {
    const deadline = (due: Due): Deadline => {
      const restored: Deadline = { at, order, due, place: -1 }
      floor.place(restored)
      return restored
    }
    if (kind === 'ring') {
      const offer = offers.get(of as OfferId)
      if (offer !== undefined) offer.deadline = deadline({ kind, offer })
    } else if (kind === 'wrapUp') {
      const agent = known(floor, of as AgentId)
      agent.wrapUp = deadline({ kind, agent })
    } else if (kind === 'served') {
      const served = floor.served.get(of as CallId)
      if (served !== undefined) served.idle = deadline({ kind, served })
    } else if (kind === 'closing') {
      const group = floor.compiled.groups.get(of as GroupNumberId)
      if (group !== undefined) group.closing = deadline({ kind, group })
    } else {
      const call = floor.calls.get(of as CallId)
      if (call !== undefined) call[kind] = deadline({ kind, call })
    }
  }
}

function known(floor: Floor, id: AgentId): AgentRecord {
  const agent = floor.agents.get(id)
  if (agent === undefined) throw new Error(`router snapshot names an agent it does not hold: ${id}`)
  return agent
}
