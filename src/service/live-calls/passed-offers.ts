import type { AgentId, E164, GroupNumberId } from '../../core/configuration/types.ts'
import type {
  CallId,
  Command,
  EventOf,
  Notice,
  OfferId,
  RoutingEvent,
  StopRingingReason,
} from '../../core/routing/messages.ts'
import type { Instant } from '../../core/time.ts'
import type { OfferPassed } from '../../contract/console.ts'
import type { JournalEntry } from '../ports.ts'

/** Each agent's offers that came to nothing, newest last. */
export interface PassedOffers {
  /** In the order of the journal. */
  readonly saw: (entry: JournalEntry) => void
  /** The same list until it changes. */
  of(agent: AgentId): readonly OfferPassed[]
}

type NoticeOf<Type extends Notice['type']> = Extract<Notice, { type: Type }>

/** As many as a desk shows. */
const kept = 50

const none: readonly OfferPassed[] = []

const passedWhy: Readonly<Record<StopRingingReason, OfferPassed['why']>> = {
  answeredElsewhere: 'answeredElsewhere',
  noAnswer: 'missed',
  callerGone: 'callerGone',
  withdrawn: 'withdrawn',
}

interface Ringing {
  readonly agent: AgentId
  readonly call: CallId
  readonly offer: OfferId
  readonly group: GroupNumberId
  readonly caller: Caller
}

interface Caller {
  readonly from?: E164
  readonly name?: string
}

/** Derived from what the journal holds, so that a restart finds them again. */
export function passedOffers(): PassedOffers {
  const ringing = new Map<OfferId, Ringing>()
  const callers = new Map<CallId, Caller>()
  const answeredBy = new Map<CallId, AgentId>()
  const passed = new Map<AgentId, readonly OfferPassed[]>()

  function saw(entry: JournalEntry) {
    if (entry.kind === 'event') sawEvent(entry.event)
    else if (entry.kind === 'command') sawCommand(entry.command, entry.at)
    else if (entry.kind === 'notice' && entry.notice.type === 'connected') connected(entry.notice)
  }

  function sawEvent(event: RoutingEvent) {
    switch (event.type) {
      case 'callArrived':
        callers.set(event.call, {
          ...(event.from !== undefined && { from: event.from }),
          ...(event.name !== undefined && { name: event.name }),
        })
        return
      case 'agentAnswered':
        if (event.offer !== undefined) ringing.delete(event.offer)
        return
      case 'agentDeclined':
        declined(event)
        return
      case 'commandFailed':
        if (event.command === 'ring' && event.offer !== undefined) ringing.delete(event.offer)
        return
      case 'callerHungUp':
        forget(event.call)
        return
      default:
        return
    }
  }

  function declined({ offer: id, cause, at }: EventOf<'agentDeclined'>) {
    const offer = id === undefined ? undefined : ringing.get(id)
    if (!offer) return
    // The agent saw nothing of an offer that never reached the phone.
    if (cause === 'noAnswer') pass(offer, 'missed', at)
    else if (cause === 'rejected') pass(offer, 'rejected', at)
    else ringing.delete(offer.offer)
  }

  function sawCommand(command: Command, at: Instant) {
    if (command.type === 'ring') {
      const { agent, call, offer, show } = command
      ringing.set(offer, { agent, call, offer, group: show.group, caller: callers.get(call) ?? {} })
    } else if (command.type === 'stopRinging') {
      const offer = ringing.get(command.offer)
      if (offer) pass(offer, passedWhy[command.why], at)
    } else if (command.type === 'hangUp') forget(command.call)
  }

  function connected({ call, agent, at }: NoticeOf<'connected'>) {
    answeredBy.set(call, agent)
    for (const [other, list] of passed) {
      const last = list.at(-1)
      // The other rings are stopped before or after the connection is told, at the same instant.
      if (last?.call !== call || last.why !== 'answeredElsewhere' || last.at !== at) continue
      passed.set(other, [...list.slice(0, -1), { ...last, answeredBy: agent }])
    }
  }

  function pass({ agent, call, offer, group, caller }: Ringing, why: OfferPassed['why'], at: Instant) {
    ringing.delete(offer)
    const by = why === 'answeredElsewhere' ? answeredBy.get(call) : undefined
    const newest = { offer, call, group, ...caller, at, why, ...(by !== undefined && { answeredBy: by }) }
    passed.set(agent, [...(passed.get(agent) ?? []), newest].slice(-kept))
  }

  function forget(call: CallId) {
    callers.delete(call)
    answeredBy.delete(call)
  }

  return { saw, of: (agent) => passed.get(agent) ?? none }
}
