import type { AgentId, Configuration, E164, GroupNumberId } from '../../core/configuration/types.ts'
import type { CallId } from '../../core/routing/messages.ts'
import type { CallView } from '../../core/routing/view.ts'
import {
  contactsShown,
  type CallAbout,
  type CallAsk,
  type CallAskOf,
  type CallDetailRecord,
  type Contact,
} from '../../contract/call-records.ts'
import type { Reply } from '../../contract/console.ts'
import type { AgentCalls } from '../agent-calls/open-agent-calls.ts'
import { reachOf } from '../console/rights.ts'
import type { LiveCalls } from '../live-calls/live-calls.ts'
import type { Account, ConfigurationStore } from '../ports.ts'
import type { CallRecords } from './open-call-records.ts'

export interface CallAskParts {
  readonly liveCalls: Pick<LiveCalls, 'view'>
  readonly store: Pick<ConfigurationStore, 'current'>
  readonly agentCalls: Pick<AgentCalls, 'talkOf'>
  readonly records: Pick<CallRecords, 'read'>
}

type ProblemKind = Extract<Reply, { ok: false }>['problem']['kind']

/** Answers what is asked about calls, where the account may ask it. */
export function openCallAsks({ liveCalls, store, agentCalls, records }: CallAskParts) {
  async function ask(account: Account, asked: CallAsk): Promise<Reply> {
    return callAbout(account, asked)
  }

  async function callAbout(account: Account, { type, call: id }: CallAskOf<'callAbout'>): Promise<Reply> {
    const reach = reachOf(account.roles, type)
    if (!['all', 'groups', 'self'].some((each) => reach.has(each as 'all')))
      return refusal('forbidden', `this account may not ask ${type}`)
    const groups = reach.has('all') ? undefined : groupsOf(account, type, store.current().configuration)
    const call = callInSight(account, id, groups)
    // Whoever may not see it is not told either whether there is such a call.
    if (!call) return refusal('unknown', `no call ${id} of this account's`)
    const found = await contacts(account, call.number, groups)
    if (!found.ok) return found
    return { ok: true, value: { contacts: found.value } satisfies CallAbout }
  }

  function callInSight(
    { agent }: Account,
    id: CallId,
    groups: readonly GroupNumberId[] | undefined,
  ): { readonly group: GroupNumberId; readonly number?: E164 } | undefined {
    const call = liveCalls.view().calls.find((each) => each.call === id)
    if (call && (groups === undefined || groups.includes(call.group) || isWith(agent, call)))
      return { group: call.group, ...(call.from !== undefined && { number: call.from }) }
    return agent === undefined ? undefined : agentCalls.talkOf(id, agent)
  }

  async function contacts(
    { agent }: Account,
    number: E164 | undefined,
    groups: readonly GroupNumberId[] | undefined,
  ): Promise<{ ok: true; value: readonly Contact[] } | Extract<Reply, { ok: false }>> {
    if (number === undefined) return { ok: true, value: [] }
    const found = await records.read({
      number,
      ...(groups && { groups }),
      ...(agent !== undefined && groups && { agent }),
      limit: contactsShown,
    })
    return found.ok ? { ok: true, value: found.value.map(contactOf) } : refusal('unavailable', found.problem)
  }

  return { ask }
}

function contactOf({ call: _call, number: _number, name: _name, ...contact }: CallDetailRecord): Contact {
  return contact
}

const isWith = (agent: AgentId | undefined, call: CallView) =>
  agent !== undefined && (call.agent === agent || call.offers.some((offer) => offer.agent === agent))

/** The group numbers that an account sees the callers of. */
function groupsOf(account: Account, type: CallAsk['type'], { groupNumbers }: Configuration): readonly GroupNumberId[] {
  const reach = reachOf(account.roles, type)
  const seen = groupNumbers.filter(
    ({ id, members }) =>
      (reach.has('groups') && account.supervises.includes(id)) ||
      (reach.has('self') && members.some(({ agent }) => agent === account.agent)),
  )
  return seen.map(({ id }) => id)
}

function refusal(kind: ProblemKind, message: string): Extract<Reply, { ok: false }> {
  return { ok: false, problem: { kind, message } }
}
