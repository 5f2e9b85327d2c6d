import type { AgentId, Configuration, E164 } from '../../core/configuration/types.ts'
import type { CallId } from '../../core/routing/messages.ts'
import type { LiveCalls } from '../live-calls/live-calls.ts'
import type { Log } from '../log.ts'
import type { JournalEntry } from '../ports.ts'
import { agentCallBook, type AgentCallBook } from './agent-call-book.ts'
import { decideCall } from './agent-call-rules.ts'

/** The calls that agents make: each is answered with what may be called, and remembered. */
export interface AgentCalls extends Pick<AgentCallBook, 'past' | 'talkOf' | 'wasIn'> {
  /** What was journaled before this service; in order. */
  readonly saw: (entry: JournalEntry) => void
  /** Ends a call that the agent has made or has taken from a colleague; whether there was one. */
  hangUp(agent: AgentId, call: CallId): boolean
  close(): void
}

export interface AgentCallsParts {
  readonly liveCalls: Pick<LiveCalls, 'give' | 'listen'>
  readonly configuration: () => Configuration
  /** Whether this number outside may be rung. */
  readonly mayRing: (number: E164) => boolean
  readonly log: Log
}

export function openAgentCalls({ liveCalls, configuration, mayRing, log }: AgentCallsParts): AgentCalls {
  const book = agentCallBook()
  const unlisten = liveCalls.listen((entries) => {
    for (const entry of entries) {
      book.saw(entry)
      if (entry.kind === 'event') answer(entry.event)
    }
  })

  function answer(event: Extract<JournalEntry, { kind: 'event' }>['event']) {
    if (event.type === 'agentCalled') {
      const decided = decideCall(event, configuration(), mayRing)
      if (decided.type === 'refuseCall')
        log.info({ agent: event.agent, to: event.to, why: decided.why }, 'a call of an agent is refused')
      liveCalls.give(decided)
    } else if (event.type === 'commandFailed' && event.command === 'placeCall')
      liveCalls.give({ type: 'refuseCall', call: event.call, why: 'unavailable' })
  }

  return {
    saw: book.saw,
    past: book.past,
    wasIn: (call, agent) => book.wasIn(call, agent),
    talkOf: (call, agent) => book.talkOf(call, agent),
    hangUp(agent, call) {
      const found = book.of(call)
      if (found?.agent !== agent && found?.colleague !== agent) return false
      liveCalls.give({ type: 'hangUp', call, why: 'agentHungUp' })
      return true
    },
    close: unlisten,
  }
}
