import type { AgentId } from '../../core/configuration/types.ts'
import type { ActorId, EventOf, RoutingEvent } from '../../core/routing/messages.ts'
import type { AgentTold } from '../../contract/console.ts'
import type { JournalEntry } from '../ports.ts'

/** What others did to each agent's state, newest last, until the agent has a say again. */
export interface ToldAgents {
  /** In the order of the journal. */
  readonly saw: (entry: JournalEntry) => void
  /** The same list until it changes. */
  readonly of: (agent: AgentId) => readonly AgentTold[]
}

/** One act of a supervisor may be one event for each group number. */
const kept = 10
const none: readonly AgentTold[] = []

type Did = EventOf<AgentTold['did']>

/** Derived from what the journal holds, so that a restart finds it again. `isOwn`: the account is the agent's. */
export function toldAgents(isOwn: (account: ActorId, agent: AgentId) => boolean): ToldAgents {
  const told = new Map<AgentId, readonly AgentTold[]>()
  let latest: Did | undefined

  function saw(entry: JournalEntry) {
    if (entry.kind === 'event') sawEvent(entry.event)
    // A log-out of one who was out already has no notice, and is nothing to tell.
    else if (entry.kind === 'notice' && entry.notice.type === 'agentState' && latest?.agent === entry.notice.agent)
      tell(latest)
  }

  function sawEvent(event: RoutingEvent) {
    latest = isDid(event) ? event : undefined
    if (latest !== undefined && isBySelf(latest)) told.delete(latest.agent)
  }

  function tell(event: Did) {
    latest = undefined
    const { agent, at, by } = event
    if (by === undefined || isBySelf(event)) return
    const added: AgentTold = {
      at,
      by,
      did: event.type,
      ...((event.type === 'loggedIn' || event.type === 'loggedOut') &&
        event.group !== undefined && { group: event.group }),
      ...(event.type === 'paused' && event.reason !== undefined && { reason: event.reason }),
    }
    told.set(agent, [...(told.get(agent) ?? none), added].slice(-kept))
  }

  const isBySelf = ({ by, agent }: Did) => by === undefined || isOwn(by, agent)

  return { saw, of: (agent) => told.get(agent) ?? none }
}

const isDid = (event: RoutingEvent): event is Did =>
  event.type === 'loggedIn' || event.type === 'loggedOut' || event.type === 'paused' || event.type === 'resumed'
