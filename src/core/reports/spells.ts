import type { AgentId } from '../configuration/types.ts'
import type { AgentState, Notice } from '../routing/messages.ts'
import type { Instant } from '../time.ts'

/** A stretch of time that an agent was in one state; `loggedOut` is none. */
export interface Spell {
  readonly agent: AgentId
  readonly state: Exclude<AgentState, 'loggedOut'>
  /** Of a pause. */
  readonly reason?: string
  readonly from: Instant
  readonly to: Instant
}

interface Present {
  readonly state: AgentState
  readonly reason?: string | undefined
  /** With a caller, whatever the state told: a pause in a call begins after it. */
  readonly talks: boolean
  readonly since: Instant
}

/** What agents did, in no order. Whoever is logged in at the end is so until `until`. */
export function readSpells(notices: readonly Notice[], until: Instant): readonly Spell[] {
  const spells: Spell[] = []
  const present = new Map<AgentId, Present>()
  const end = (agent: AgentId, at: Instant) => {
    const { state = 'loggedOut', reason, talks = false, since = at } = present.get(agent) ?? {}
    const done = talks ? 'talking' : state
    if (done === 'loggedOut' || at <= since) return
    spells.push({
      agent,
      state: done,
      from: since,
      to: at,
      ...(done === 'paused' && reason !== undefined && { reason }),
    })
  }
  const become = (agent: AgentId, at: Instant, change: Partial<Present>) => {
    end(agent, at)
    present.set(agent, { state: 'loggedOut', talks: false, ...present.get(agent), ...change, since: at })
  }

  for (const notice of notices) {
    switch (notice.type) {
      case 'agentState':
        // Out of one group number: the agent is in others, or it is told once more for all.
        if (notice.state === 'loggedOut' && notice.group !== undefined) break
        become(notice.agent, notice.at, { state: notice.state, reason: notice.reason })
        break
      case 'connected':
        become(notice.agent, notice.at, { talks: true })
        break
      case 'completed':
      case 'returned':
        become(notice.agent, notice.at, { talks: false })
        break
      default:
    }
  }
  for (const agent of present.keys()) end(agent, until)
  return spells
}
