import type { AgentId, Configuration, Settings } from '../configuration/types.ts'
import { after, seconds, type Instant } from '../time.ts'
import { Deadlines } from './deadlines.ts'
import type { AgentState, CallId, Command, Notice, OfferId, PlayId } from './messages.ts'
import type { Output } from './router.ts'
import type {
  AgentRecord,
  CallRecord,
  Compiled,
  Deadline,
  Due,
  GroupRecord,
  Membership,
  OfferRecord,
  ServedCall,
  TalkRecord,
} from './state.ts'

type Untimed<Timed> = Timed extends unknown ? Omit<Timed, 'at'> : never

/** More than end in the moment that it takes to find out that the switch is away. */
const hungUpKept = 300

/** More than are given in the moments that a journal may miss. */
const idsSkipped = 1000

/** The router's whole state, mutable, with the steps that keep its indexes true. */
export class Floor {
  now: Instant
  compiled: Compiled
  readonly agents = new Map<AgentId, AgentRecord>()
  readonly calls = new Map<CallId, CallRecord>()
  /** Calls to 112. */
  readonly emergencies = new Set<CallId>()
  /** Calls that were to be hung up, lately: a switch that was away may still hold them. */
  readonly hungUp = new Set<CallId>()
  /** Calls to service numbers. */
  readonly served = new Map<CallId, ServedCall>()
  readonly deadlines = new Deadlines()
  /** While no switch is attached: all deadlines but wrap-ups. */
  readonly held: Deadline[] = []
  /** When the switch was lost; undefined: attached. */
  lostAt: Instant | undefined
  /** Of `draw`. */
  seed: number
  /** When `calls` and `talked` of the agents count from nothing again. */
  midnight: Instant
  offersMade = 0
  playsMade = 0
  arrivals = 0
  deadlinesSet = 0
  /** Group numbers in which somebody became free, or a caller wants an agent, since the last pass. */
  readonly stirred = new Set<GroupRecord>()
  #out: Output[] = []
  #touched: AgentRecord[] = []

  constructor(start: { now: Instant; seed: number; compiled: Compiled }) {
    this.now = start.now
    this.midnight = start.now
    this.seed = start.seed
    this.compiled = start.compiled
  }

  get configuration(): Configuration {
    return this.compiled.configuration
  }

  // --- output -----------------------------------------------------------------------------------

  command(command: Command): void {
    this.#out.push({ at: this.now, kind: 'command', command })
    if (command.type === 'hangUp') this.#rememberHungUp(command.call)
  }

  #rememberHungUp(call: CallId): void {
    this.hungUp.add(call)
    const [oldest] = this.hungUp
    if (this.hungUp.size > hungUpKept && oldest !== undefined) this.hungUp.delete(oldest)
  }

  notice(notice: Untimed<Notice>): void {
    this.#out.push({ at: this.now, kind: 'notice', notice: { at: this.now, ...notice } as Notice })
  }

  takeOutputs(): readonly Output[] {
    const taken = this.#out
    this.#out = []
    return taken
  }

  // --- ids and chance ---------------------------------------------------------------------------

  nextOffer(): OfferId {
    this.offersMade += 1
    return `o${String(this.offersMade)}` as OfferId
  }

  nextPlay(): PlayId {
    this.playsMade += 1
    return `p${String(this.playsMade)}` as PlayId
  }

  /**
   * The last moments before a service died may be missing in the journal, though the switch heard of them: an id that it has
   * heard for the same call would be an order that it has carried out already.
   */
  skipIds(): void {
    this.offersMade += idsSkipped
    this.playsMade += idsSkipped
  }

  nextArrival(): number {
    this.arrivals += 1
    return this.arrivals
  }

  /** From 0, inclusive, to 1, exclusive (mulberry32). */
  draw(): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }

  // --- deadlines --------------------------------------------------------------------------------

  /** In the past: due now. */
  set(at: Instant, due: Due): Deadline {
    this.deadlinesSet += 1
    const deadline: Deadline = { at: at < this.now ? this.now : at, order: this.deadlinesSet, due, place: -1 }
    this.place(deadline)
    return deadline
  }

  place(deadline: Deadline): void {
    if (this.lostAt === undefined || deadline.due.kind === 'wrapUp') this.deadlines.add(deadline)
    else this.held.push(deadline)
  }

  takeBack(deadline: Deadline | undefined): void {
    if (deadline === undefined) return
    if (deadline.place >= 0) return this.deadlines.remove(deadline)
    const place = this.held.indexOf(deadline)
    if (place >= 0) this.held.splice(place, 1)
  }

  // --- agents -----------------------------------------------------------------------------------

  /** Called after every change of an agent: frees or takes them everywhere, and remembers to tell. */
  changed(agent: AgentRecord): void {
    if (!agent.touched) {
      agent.touched = true
      this.#touched.push(agent)
    }
    const free =
      agent.engaged === undefined &&
      agent.device === 'ready' &&
      agent.loggedIn.size > 0 &&
      agent.paused === undefined &&
      agent.wrapUp === undefined
    if (free === agent.free) return
    agent.free = free
    for (const membership of agent.memberships)
      if (agent.loggedIn.has(membership.group.id)) {
        if (free) this.enter(membership)
        else this.exit(membership)
      }
  }

  /** Among the free of one group number. */
  enter(membership: Membership): void {
    const { agent, group, level, place } = membership
    if (level.free.has(place)) return
    level.free.add(place, group.strategy.key(agent), group.strategy.weight(membership))
    group.free += 1
    if (group.wanting.length > 0) this.stirred.add(group)
  }

  exit({ group, level, place }: Membership): void {
    if (!level.free.has(place)) return
    level.free.remove(place)
    group.free -= 1
  }

  /** Tells each agent's new state, once, however often it changed since the last telling. */
  tellAgents(): void {
    if (this.#touched.length === 0) return
    const touched = this.#touched
    this.#touched = []
    for (const agent of touched) {
      agent.touched = false
      const state = this.stateOf(agent)
      if (state === agent.state) continue
      agent.state = state
      agent.since = this.now
      if (state === agent.told) continue
      agent.told = state
      const reason = state === 'paused' ? agent.paused?.reason : undefined
      this.notice({ type: 'agentState', agent: agent.id, state, ...(reason !== undefined && { reason }) })
    }
  }

  stateOf(agent: AgentRecord): AgentState {
    if (agent.engaged !== undefined) return isTalking(agent.engaged) ? 'talking' : 'ringing'
    if (agent.loggedIn.size === 0) return 'loggedOut'
    if (agent.wrapUp !== undefined) return 'wrapUp'
    return agent.paused === undefined ? 'available' : 'paused'
  }

  // --- the queue --------------------------------------------------------------------------------

  /** Where the caller stands among those who wait in the group number, from 1. */
  position(call: CallRecord): number {
    return placeIn(call.group.waiting, call) + 1
  }

  join(call: CallRecord): void {
    const { waiting } = call.group
    waiting.splice(placeIn(waiting, call), 0, call)
    this.reconsider(call)
  }

  quit(call: CallRecord): void {
    const { group } = call
    removeFrom(group.waiting, call)
    this.#stopWanting(call)
    if (group.waiting.length > 0) return
    this.takeBack(group.closing)
    group.closing = undefined
  }

  /** Whether an agent is to be rung for this caller, now or as soon as one is free. */
  reconsider(call: CallRecord): void {
    const { group } = call
    const wants =
      call.stage.phase === 'waiting' &&
      isThere(call, this.now) &&
      (call.offers.length === 0 ||
        (group.strategy.rings !== 'one' &&
          !isPicked(call) &&
          (group.strategy.rings === 'all' || call.progress === undefined)))
    if (!wants) return this.#stopWanting(call)
    if (group.free > 0) this.stirred.add(group)
    if (call.wants) return
    call.wants = true
    group.wanting.splice(placeIn(group.wanting, call), 0, call)
  }

  #stopWanting(call: CallRecord): void {
    if (!call.wants) return
    const { wanting, pace } = call.group
    call.wants = false
    removeFrom(wanting, call)
    if (wanting.length === 0) pace.since = undefined
  }

  /** A new place among those who wait, with the priority it has now. */
  replace(call: CallRecord, change: () => void): void {
    const { group, wants } = call
    removeFrom(group.waiting, call)
    if (wants) removeFrom(group.wanting, call)
    change()
    group.waiting.splice(placeIn(group.waiting, call), 0, call)
    if (wants) group.wanting.splice(placeIn(group.wanting, call), 0, call)
    this.stirred.add(group)
  }
}

/** With a caller, or consulted about one. */
function isTalking(engaged: OfferRecord | TalkRecord): boolean {
  return engaged.kind === 'talk' || (engaged.answered && engaged.call.stage.phase === 'consulted')
}

/** On the line, or may be rung back now. */
export function isThere({ away }: CallRecord, now: Instant): boolean {
  return away === undefined || (away.open && away.notBefore <= now && away.calling === undefined)
}

/** An agent has taken the caller by hand, and is rung. */
export function isPicked({ offers }: CallRecord): boolean {
  return offers[0]?.picked === true
}

/** Higher priority first, then who arrived first. */
export function isServedBefore(one: CallRecord, other: CallRecord): boolean {
  return one.priority === other.priority ? one.order < other.order : one.priority > other.priority
}

/** When this caller's `maxWaitSeconds` are over; undefined: never. */
export function limitOf(call: CallRecord, { maxWaitSeconds }: Settings): Instant | undefined {
  return maxWaitSeconds > 0 ? after(call.arrived, seconds(maxWaitSeconds)) : undefined
}

function placeIn(queue: readonly CallRecord[], call: CallRecord): number {
  let low = 0
  let high = queue.length
  while (low < high) {
    const middle = (low + high) >> 1
    const there = queue[middle]
    if (there !== undefined && isServedBefore(there, call)) low = middle + 1
    else high = middle
  }
  return low
}

function removeFrom(queue: CallRecord[], call: CallRecord): void {
  const place = placeIn(queue, call)
  if (queue[place] === call) queue.splice(place, 1)
}
