import type { GroupNumberId } from '../configuration/types.ts'
import type { Instant } from '../time.ts'
import type { AgentView } from './view.ts'

/** Why an agent's phone is not ringing now; exactly one, the one the agent can do most about. */
export type WhyNotRung =
  | { readonly kind: 'talking' }
  /** It is ringing. */
  | { readonly kind: 'ringing' }
  | { readonly kind: 'loggedOut' }
  | { readonly kind: 'softphoneNotRegistered' }
  | { readonly kind: 'paused'; readonly reason?: string }
  | { readonly kind: 'wrapUp'; readonly until: Instant }
  /** The same phone is in another call. */
  | { readonly kind: 'deviceBusy' }
  /** `opensAt` is the first opening of any of the group numbers logged in to; absent: none is planned. */
  | { readonly kind: 'allClosed'; readonly opensAt?: Instant }
  | { readonly kind: 'nobodyCalls' }
  /** Callers wait, but other agents are rung for them first, or they hear the welcome message. */
  | { readonly kind: 'othersFirst' }

export interface WhyNotRungQuestion {
  readonly agent: AgentView
  /** The group numbers the agent is a member of. */
  readonly groups: readonly {
    readonly group: GroupNumberId
    readonly open: boolean
    readonly next: { readonly at: Instant; readonly open: boolean } | null
  }[]
  /** For an agent who answers at an ordinary phone: true. */
  readonly softphoneRegistered: boolean
  /** Callers who wait, rung for or not, in the group numbers the agent is logged in to. */
  readonly callersWaiting: number
  readonly now: Instant
}

/**
 * The agent's own state comes first, then what keeps the phone from ringing, then the world outside.
 * A closed group number still rings for callers who were let in before it closed.
 */
export function whyNotRung(question: WhyNotRungQuestion): WhyNotRung {
  const { agent, callersWaiting, now } = question
  if (agent.state === 'talking' || agent.state === 'ringing') return { kind: agent.state }
  if (agent.loggedIn.length === 0) return { kind: 'loggedOut' }
  if (!question.softphoneRegistered) return { kind: 'softphoneNotRegistered' }
  if (agent.state === 'wrapUp' && agent.wrapUpUntil !== undefined && agent.wrapUpUntil > now)
    return { kind: 'wrapUp', until: agent.wrapUpUntil }
  if (agent.state === 'paused')
    return agent.pauseReason === undefined ? { kind: 'paused' } : { kind: 'paused', reason: agent.pauseReason }
  if (agent.device === 'gone') return { kind: 'softphoneNotRegistered' }
  if (agent.device === 'busy') return { kind: 'deviceBusy' }
  if (callersWaiting > 0) return { kind: 'othersFirst' }
  return allClosed(question) ?? { kind: 'nobodyCalls' }
}

function allClosed({ agent, groups, now }: WhyNotRungQuestion): WhyNotRung | undefined {
  const loggedIn = groups.filter(({ group }) => agent.loggedIn.includes(group))
  if (loggedIn.length === 0 || loggedIn.some(({ open }) => open)) return undefined
  const openings = loggedIn.flatMap(({ next }) => (next?.open === true && next.at > now ? [next.at] : []))
  const opensAt = openings.toSorted((one, other) => one - other)[0]
  return opensAt === undefined ? { kind: 'allClosed' } : { kind: 'allClosed', opensAt }
}
