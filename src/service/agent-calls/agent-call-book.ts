import type { AgentId, E164, GroupNumberId } from '../../core/configuration/types.ts'
import type {
  AgentCallEnd,
  CallId,
  Command,
  HeldAgentCall,
  Notice,
  RoutingEvent,
  ThirdParty,
} from '../../core/routing/messages.ts'
import { instant, type Instant } from '../../core/time.ts'
import type { RecordedOutcome, Remark } from '../../contract/call-records.ts'
import type { PastCall } from '../../contract/console.ts'
import type { JournalEntry } from '../ports.ts'

/** The calls that agents make, and whom each agent has spoken with: derived from the journal, so that a restart finds them again. */
export interface AgentCallBook {
  /** In the order of the journal. */
  readonly saw: (entry: JournalEntry) => void
  /** Of a call that goes on: who made it, and the colleague called. */
  of(call: CallId): { readonly agent: AgentId; readonly colleague?: AgentId } | undefined
  /** Of a caller whom the agent talks with, or has talked with; the newest. */
  talkOf(call: CallId, agent: AgentId): CallerTalk | undefined
  /** Whether the agent is, or was, in this call; whoever made it. */
  wasIn(call: CallId, agent: AgentId): boolean
  /** Newest last; the same list until it changes. */
  readonly past: (agent: AgentId) => readonly PastCall[]
}

export interface CallerTalk {
  readonly group: GroupNumberId
  /** Absent: hidden. */
  readonly number?: E164
  /** Absent: it goes on. */
  readonly ended?: Instant
  readonly note?: string
  readonly outcome?: RecordedOutcome
}

/** As many as a desk shows. */
const kept = 100
const none: readonly PastCall[] = []

interface Made {
  readonly agent: AgentId
  readonly at: Instant
  readonly dialled: string
  readonly placed?: Extract<Command, { type: 'placeCall' }>
  readonly answered?: Instant
}

interface Talk {
  readonly agent: AgentId
  readonly at: Instant
  readonly group: GroupNumberId
  readonly caller: Caller
  readonly with: readonly ThirdParty[]
  readonly said: Said
}

interface Caller {
  readonly number?: E164
  readonly name?: string
}

/** Three speak with each other, or the agent has just left the caller with another one. */
interface Three {
  readonly by: AgentId
  readonly at: Instant
}

/** What the agent has written of a talk. */
type Said = Pick<PastCall, 'note' | 'outcome'>

type NoticeOf<Type extends Notice['type']> = Extract<Notice, { type: Type }>

export function agentCallBook(): AgentCallBook {
  const made = new Map<CallId, Made>()
  const callers = new Map<CallId, Caller>()
  const talks = new Map<CallId, Talk>()
  const threes = new Map<CallId, Three>()
  const pasts = new Map<AgentId, readonly PastCall[]>()

  function saw(entry: JournalEntry) {
    if (entry.kind === 'event') sawEvent(entry.event)
    else if (entry.kind === 'command') sawCommand(entry.command)
    else if (entry.kind === 'notice') sawNotice(entry.notice)
    else sawRemark(entry.remark)
  }

  function sawEvent(event: RoutingEvent) {
    switch (event.type) {
      case 'agentCalled':
        // Told again to a service that has just attached.
        if (!made.has(event.call)) made.set(event.call, { agent: event.agent, at: event.at, dialled: event.to })
        return
      case 'agentCallAnswered': {
        const call = made.get(event.call)
        if (call) made.set(event.call, { ...call, answered: event.at })
        return
      }
      case 'agentCallEnded':
        ended(event.call, event.why, event.at)
        return
      case 'switchAttached':
        lostBut(event.agentCalls ?? [], event.at)
        return
      case 'callArrived':
        callers.set(event.call, {
          ...(event.from !== undefined && { number: event.from }),
          ...(event.name !== undefined && { name: event.name }),
        })
        return
      case 'callerHungUp':
        callers.delete(event.call)
        return
      default:
        return
    }
  }

  function sawCommand(command: Command) {
    if (command.type === 'hangUp') callers.delete(command.call)
    const call = command.type === 'placeCall' ? made.get(command.call) : undefined
    if (call && command.type === 'placeCall') made.set(command.call, { ...call, placed: command })
  }

  /** What the switch holds no more has ended unheard; what waits for an answer is told again. */
  function lostBut(held: readonly HeldAgentCall[], at: Instant) {
    const here = new Set(held.map(({ call }) => call))
    for (const id of [...made.keys()]) if (!here.has(id)) ended(id, 'lost', at)
  }

  function ended(id: CallId, why: AgentCallEnd, at: Instant) {
    const call = made.get(id)
    if (!made.delete(id) || !call) return
    const { placed, answered, dialled, agent } = call
    // Whoever only heard themselves called nobody.
    if (placed && 'echo' in placed.to) return
    const to = placed?.to
    const whom =
      to === undefined
        ? { dialled }
        : 'agent' in to
          ? { colleague: to.agent }
          : 'number' in to
            ? { number: to.number }
            : {}
    const talked = answered === undefined ? {} : { seconds: Math.round((at - answered) / 1000) }
    const about = { call: id, at: call.at, ...talked }
    add(agent, {
      id: `${id} made`,
      way: 'made',
      ...whom,
      ...(placed?.show.number && { as: placed.show.number }),
      ...(answered === undefined && { why }),
      ...about,
    })
    if (to && 'agent' in to)
      add(to.agent, { id: `${id} taken`, way: answered === undefined ? 'missed' : 'taken', colleague: agent, ...about })
  }

  function sawNotice(notice: Notice) {
    switch (notice.type) {
      case 'connected': {
        const { call, agent, at, group } = notice
        const three = threes.get(call)
        threes.delete(call)
        const others = three ? [{ agent: three.by }] : []
        talks.set(call, { agent, at, group, caller: callers.get(call) ?? {}, with: others, said: {} })
        return
      }
      case 'threeWayStarted':
        return joined(notice)
      case 'threeWayEnded':
        return parted(notice)
      case 'completed':
      case 'returned':
        talked(notice)
        return
      default:
        return
    }
  }

  function joined({ call, agent, at, with: third }: NoticeOf<'threeWayStarted'>) {
    threes.set(call, { by: agent, at })
    const talk = talks.get(call)
    if (talk?.agent !== agent) return
    const others = talk.with.filter((other) => JSON.stringify(other) !== JSON.stringify(third))
    talks.set(call, { ...talk, with: [...others, third] })
  }

  /** Whom the agent has left with the caller is `connected` next, and has the call from then on. */
  function parted({ call, agent, group, left, with: third, at }: NoticeOf<'threeWayEnded'>) {
    const three = threes.get(call)
    if (left !== 'agent' || !('agent' in third)) threes.delete(call)
    if (!three || left === 'agent' || !('agent' in third)) return
    add(third.agent, {
      id: `${call} ${String(three.at)}`,
      call,
      at: three.at,
      way: 'taken',
      group,
      ...talks.get(call)?.caller,
      with: [{ agent }],
      seconds: Math.round((at - three.at) / 1000),
    })
  }

  function talked({ call, agent, at }: NoticeOf<'completed' | 'returned'>) {
    const talk = talks.get(call)
    if (talk?.agent !== agent) return
    talks.delete(call)
    add(agent, {
      id: `${call} ${String(talk.at)}`,
      call,
      at: talk.at,
      way: 'taken',
      group: talk.group,
      ...talk.caller,
      ...(talk.with.length > 0 && { with: talk.with }),
      seconds: Math.round((at - talk.at) / 1000),
      ...talk.said,
    })
  }

  function sawRemark(remark: Remark) {
    if (remark.type !== 'noted') return
    const { call, agent, note, outcome } = remark
    const said: Said = { ...(note !== undefined && { note }), ...(outcome && { outcome }) }
    const talk = talks.get(call)
    if (talk?.agent === agent) {
      talks.set(call, { ...talk, said })
      return
    }
    const all = pasts.get(agent) ?? none
    const place = placeOf(call, all)
    const past = all[place]
    if (!past) return
    const { note: _, outcome: __, ...rest } = past
    pasts.set(agent, all.with(place, { ...rest, ...said }))
  }

  const placeOf = (call: CallId, all: readonly PastCall[]) =>
    all.findLastIndex((each) => each.call === call && each.group !== undefined)

  function add(agent: AgentId, call: PastCall) {
    const before = pasts.get(agent) ?? none
    if (before.some(({ id }) => id === call.id)) return
    pasts.set(agent, [...before, call].slice(-kept))
  }

  function talkOf(call: CallId, agent: AgentId): CallerTalk | undefined {
    const now = talks.get(call)
    if (now?.agent === agent) return { group: now.group, ...numberOf(now.caller), ...now.said }
    const all = pasts.get(agent) ?? none
    const { group, at, seconds = 0, number, note, outcome } = all[placeOf(call, all)] ?? {}
    if (group === undefined || at === undefined) return undefined
    return {
      group,
      ...numberOf({ ...(number !== undefined && { number }) }),
      ended: instant(at + seconds * 1000),
      ...(note !== undefined && { note }),
      ...(outcome && { outcome }),
    }
  }

  function wasIn(id: CallId, agent: AgentId): boolean {
    const call = of(id)
    if (call?.agent === agent || call?.colleague === agent || talks.get(id)?.agent === agent) return true
    return (pasts.get(agent) ?? none).some((each) => each.call === id)
  }

  return { saw, of, talkOf, wasIn, past: (agent) => pasts.get(agent) ?? none }

  function of(id: CallId) {
    const call = made.get(id)
    if (!call) return undefined
    const to = call.placed?.to
    return { agent: call.agent, ...(to && 'agent' in to && { colleague: to.agent }) }
  }
}

const numberOf = ({ number }: { readonly number?: E164 }) => (number === undefined ? {} : { number })
