import { callPageUrl, type CallPageValues } from '../../core/call-page/call-page.ts'
import type { AgentId, Configuration, E164, GroupNumber, GroupNumberId } from '../../core/configuration/types.ts'
import { never } from '../../core/brand.ts'
import { settingsOf } from '../../core/configuration/presets.ts'
import { failed, ok, type Result } from '../../core/result.ts'
import { after, seconds } from '../../core/time.ts'
import type { CallId } from '../../core/routing/messages.ts'
import type { CallView } from '../../core/routing/view.ts'
import {
  contactsShown,
  type CallAbout,
  type CallAsk,
  type CallAskOf,
  type CallDetailRecord,
  type CallRecordsRead,
  type Contact,
  type RecordedOutcome,
} from '../../contract/call-records.ts'
import type { Reply } from '../../contract/console.ts'
import type { CallerTalk } from '../agent-calls/agent-call-book.ts'
import type { AgentCalls } from '../agent-calls/open-agent-calls.ts'
import { reachOf } from '../console/rights.ts'
import type { LiveCalls } from '../live-calls/live-calls.ts'
import type { Log } from '../log.ts'
import type { Account, Clock, ConfigurationStore } from '../ports.ts'
import type { CallRecords } from './open-call-records.ts'

export interface CallAskParts {
  readonly liveCalls: Pick<LiveCalls, 'view' | 'remark' | 'committed'>
  readonly store: Pick<ConfigurationStore, 'current'>
  readonly agentCalls: Pick<AgentCalls, 'talkOf' | 'wasIn'>
  readonly records: Pick<CallRecords, 'read'>
  readonly clock: Clock
  readonly log: Log
}

/** What is told later than this is told too late. */
const contactsLimit = seconds(2)
/** A window may be loaded again in a call, but not for ever. */
const partsMeasured = 20
const callsMeasured = 10_000
/** So long after a talk its note can be written. */
const noteLimit = seconds(24 * 60 * 60)

interface CallInSight {
  readonly group: GroupNumberId
  /** Absent: hidden. */
  readonly number?: E164
}

type ProblemKind = Extract<Reply, { ok: false }>['problem']['kind']

/** Answers what is asked about calls, where the account may ask it. */
export function openCallAsks({ liveCalls, store, agentCalls, records, clock, log }: CallAskParts) {
  /** Parts told so far, by call and agent; oldest first. */
  const measured = new Map<string, number>()

  async function ask(account: Account, asked: CallAsk): Promise<Reply> {
    switch (asked.type) {
      case 'callAbout':
        return callAbout(account, asked)
      case 'noteCall':
        return noteCall(account, asked)
      case 'measuredCall':
        return measuredCall(account, asked)
      case 'callRecords':
        return callRecords(account, asked)
      default:
        return never(asked)
    }
  }

  async function callAbout(account: Account, { type, call: id }: CallAskOf<'callAbout'>): Promise<Reply> {
    const reach = reachOf(account.roles, type)
    if (!['all', 'groups', 'self'].some((each) => reach.has(each as 'all')))
      return refusal('forbidden', `this account may not ask ${type}`)
    const groups = reach.has('all') ? undefined : groupsOf(account, type, store.current().configuration)
    const call = callInSight(account, id, groups)
    // Whoever may not see it is not told either whether there is such a call.
    if (!call) return refusal('unknown', `no call ${id} of this account's`)
    const found = await soon(contacts(account, call.number, groups))
    // What is written of a call does not wait for what is known of the caller.
    if (!found.ok) log.warn({ call: id, problem: found.problem }, 'the last contacts of a caller could not be read')
    const group = groupOf(call.group)
    const { outcomes, outcomeRequired, callPage } = settingsOf(group ?? { settings: {} })
    const url = group && callPage ? callPageUrl(callPage.url, valuesOf(account, id, call, group)) : undefined
    const { note, outcome } = (account.agent === undefined ? undefined : agentCalls.talkOf(id, account.agent)) ?? {}
    const about: CallAbout = {
      ...(found.ok && { contacts: found.value }),
      outcomes: outcomes.filter(({ active }) => active).map(({ code, name }) => ({ code, name })),
      outcomeRequired,
      ...(callPage && url !== undefined && { page: { url, at: callPage.at } }),
      ...(note !== undefined && { note }),
      ...(outcome && { outcome }),
    }
    return { ok: true, value: about }
  }

  /** A disk that hangs holds up nothing else of the answer. */
  async function soon<Value>(asked: Promise<Result<Value, string>>): Promise<Result<Value, string>> {
    let cancel: (() => void) | undefined
    const late = new Promise<Result<Value, string>>((resolve) => {
      cancel = clock.wake(after(clock.now(), contactsLimit), () => resolve(failed('it took too long')))
    })
    const first = await Promise.race([asked, late])
    cancel?.()
    return first
  }

  async function noteCall(
    { roles, agent }: Account,
    { type, call, note: written, outcome: code }: CallAskOf<'noteCall'>,
  ): Promise<Reply> {
    if (!reachOf(roles, type).has('self')) return refusal('forbidden', `this account may not ask ${type}`)
    const talk = agent === undefined ? undefined : agentCalls.talkOf(call, agent)
    if (agent === undefined || !talk || (talk.ended !== undefined && clock.now() - talk.ended > noteLimit))
      return refusal('unknown', `no call ${call} that this account's agent talks in, or talked in within a day`)
    const outcome = code === undefined ? talk.outcome : code === '' ? undefined : outcomeOf(code, talk)
    if (code && !outcome) return refusal('invalid', `expected one of the active outcomes of ${talk.group}, not ${code}`)
    const note = (written ?? talk.note ?? '').trim()
    liveCalls.remark({ type: 'noted', call, agent, ...(note !== '' && { note }), ...(outcome && { outcome }) })
    const kept = await liveCalls.committed()
    if (kept.ok) return { ok: true }
    log.error({ problem: kept.problem, call }, 'a note is not on disk')
    return refusal('unavailable', `done, but not written down: ${kept.problem}`)
  }

  function measuredCall({ roles, agent }: Account, { type, call, quality }: CallAskOf<'measuredCall'>): Reply {
    if (!reachOf(roles, type).has('self')) return refusal('forbidden', `this account may not ask ${type}`)
    if (agent === undefined || !agentCalls.wasIn(call, agent))
      return refusal('unknown', `no call ${call} that this account's agent is or was in`)
    const key = `${call} ${agent}`
    const parts = (measured.get(key) ?? 0) + 1
    if (parts > partsMeasured) return refusal('tooMany', `expected at most ${String(partsMeasured)} parts of a call`)
    measured.delete(key)
    measured.set(key, parts)
    const [oldest] = measured.keys()
    if (measured.size > callsMeasured && oldest !== undefined) measured.delete(oldest)
    liveCalls.remark({ type: 'measured', call, agent, quality })
    return { ok: true }
  }

  async function callRecords(
    account: Account,
    { type, group, limit, ...when }: CallAskOf<'callRecords'>,
  ): Promise<Reply> {
    const reach = reachOf(account.roles, type)
    if (!reach.has('all') && !reach.has('groups')) return refusal('forbidden', `this account may not ask ${type}`)
    const seen = reach.has('all') ? undefined : groupsOf(account, type, store.current().configuration)
    if (group !== undefined && seen && !seen.includes(group))
      return refusal('forbidden', `this account may not read the calls of ${group}`)
    const groups = group === undefined ? seen : [group]
    const { from, to } = when
    const found = await records.read({
      ...(groups && { groups }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      limit,
    })
    if (!found.ok) return refusal('unavailable', found.problem)
    return { ok: true, value: { records: found.value } satisfies CallRecordsRead }
  }

  /** One that was chosen while it was active stays. */
  function outcomeOf(code: string, talk: CallerTalk): RecordedOutcome | undefined {
    if (talk.outcome?.code === code) return talk.outcome
    const { outcomes } = settingsOf(groupOf(talk.group) ?? { settings: {} })
    const found = outcomes.find((each) => each.active && each.code === code)
    return found && { code, name: found.name }
  }

  function valuesOf(
    { agent: id, name }: Account,
    callId: CallId,
    { number }: CallInSight,
    group: GroupNumber,
  ): CallPageValues {
    const agent = store.current().configuration.agents.find((each) => each.id === id)
    return {
      ...(number !== undefined && { number }),
      groupNumber: group.number,
      groupName: group.name,
      callId,
      agent: id ?? '',
      agentName: agent ? `${agent.firstName} ${agent.lastName}`.trim() : name,
    }
  }

  const groupOf = (group: GroupNumberId) => store.current().configuration.groupNumbers.find(({ id }) => id === group)

  function callInSight(
    { agent }: Account,
    id: CallId,
    groups: readonly GroupNumberId[] | undefined,
  ): CallInSight | undefined {
    const call = liveCalls.view().calls.find((each) => each.call === id)
    if (call && (groups === undefined || groups.includes(call.group) || isWith(agent, call)))
      return { group: call.group, ...(call.from !== undefined && { number: call.from }) }
    return agent === undefined ? undefined : agentCalls.talkOf(id, agent)
  }

  async function contacts(
    { agent }: Account,
    number: E164 | undefined,
    groups: readonly GroupNumberId[] | undefined,
  ): Promise<Result<readonly Contact[], string>> {
    if (number === undefined) return ok([])
    const found = await records.read({
      number,
      ...(groups && { groups }),
      ...(agent !== undefined && groups && { agent }),
      limit: contactsShown,
    })
    return found.ok ? ok(found.value.map(contactOf)) : found
  }

  return { ask }
}

function contactOf({ call: _, number: __, name: ___, quality: ____, note, ...contact }: CallDetailRecord): Contact {
  const [line] = note?.split(/\r\n|[\n\r\u2028]/, 1) ?? []
  return { ...contact, ...(line !== undefined && { note: line.slice(0, 200).toWellFormed() }) }
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
