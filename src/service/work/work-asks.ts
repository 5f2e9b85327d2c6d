import { never } from '../../core/brand.ts'
import type { AgentId, Configuration, GroupNumberId } from '../../core/configuration/types.ts'
import { isSame } from '../../core/configuration/fields.ts'
import type { DestinationTable } from '../../core/destinations/allowed-destination.ts'
import type { CallView } from '../../core/routing/view.ts'
import type { Reply } from '../../contract/console.ts'
import type { DestinationsSet, Picked, WorkAsk, WorkAskOf } from '../../contract/work.ts'
import { reachOf } from '../console/rights.ts'
import type { Destinations } from '../destinations/open-destinations.ts'
import { wordsOf } from '../files.ts'
import type { LiveCalls } from '../live-calls/live-calls.ts'
import type { Log } from '../log.ts'
import type { Account, Accounts, AuditEntry, Clock, ConfigurationStore } from '../ports.ts'
import type { MissedChange } from './missed-callers.ts'
import type { Work } from './open-work.ts'

export interface WorkAskParts {
  readonly liveCalls: Pick<LiveCalls, 'happened' | 'view' | 'committed'>
  readonly store: Pick<ConfigurationStore, 'current'>
  readonly accounts: Pick<Accounts, 'audit' | 'list'>
  readonly work: Work
  readonly destinations: Destinations
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
}

type ProblemKind = Extract<Reply, { ok: false }>['problem']['kind']

type Told = Pick<AuditEntry, 'what' | 'said'>

const done: Reply = { ok: true }

/** Does what is asked about callers who wait or were not served, where the account may. */
export function openWorkAsks(parts: WorkAskParts) {
  const { liveCalls, store, accounts, work, destinations, clock, log } = parts

  async function ask(account: Account, asked: WorkAsk): Promise<Reply> {
    switch (asked.type) {
      case 'pick':
        return pick(account, asked)
      case 'moveCall':
        return moveCall(account, asked)
      case 'prioritise':
        return prioritise(account, asked)
      case 'transfer':
      case 'confirmTransfer':
      case 'cancelTransfer':
      case 'threeWay':
        return transfer(account, asked)
      case 'monitor':
        return monitor(account, asked)
      case 'missed':
        return missed(account, asked)
      case 'voicemailDone':
      case 'removeVoicemail':
        return voicemail(account, asked)
      case 'forwardVoicemail':
        return forwardVoicemail(account, asked)
      case 'destinations':
        return readDestinations(account)
      case 'setDestinations':
        return setDestinations(account, asked)
      default:
        return never(asked)
    }
  }

  // --- waiting callers ----------------------------------------------------------------------------

  async function pick(account: Account, { type, call: id }: WorkAskOf<'pick'>): Promise<Reply> {
    const { agent } = account
    if (agent === undefined) return refusal('forbidden', 'only an account with an agent may pick')
    if (!mayAnywhere(account, type)) return refusal('forbidden', `this account may not ask ${type}`)
    const before = callOf(id)
    if (!before) return picked({ outcome: 'gone' })
    if (!maySee(account, type, before.group)) return refusal('forbidden', notYours(before.group))
    if (!isWaiting(before)) return picked(taken(before, agent))
    liveCalls.happened({ type: 'picked', call: before.call, agent })
    const after = callOf(id)
    if (!after) return picked({ outcome: 'gone' })
    if (after.offers.some((offer) => offer.agent === agent)) return committed({ outcome: 'ringing' })
    const byAnother = !isWaiting(after) || after.offers.length > 0
    return picked(byAnother ? taken(after, agent) : { outcome: 'notReady' })
  }

  async function committed(outcome: Picked): Promise<Reply> {
    const written = await liveCalls.committed()
    if (!written.ok) log.error({ problem: written.problem }, 'picked, but not on disk')
    return picked(outcome)
  }

  function moveCall(account: Account, { type, call: id, group }: WorkAskOf<'moveCall'>): Promise<Reply> {
    return aboutWaiting(account, type, id, (call) => {
      if (!numberOf(group)) return refusal('unknown', `no group number ${group} in the configuration`)
      if (!maySee(account, type, group)) return refusal('forbidden', notYours(group))
      if (call.group === group) return refusal('invalid', `the caller waits in ${group} already`)
      liveCalls.happened({ type: 'callMoved', call: call.call, group })
      return {
        what: `moveCall ${id} from ${call.group} to ${group}`,
        said: { kind: 'callMoved', values: { ...callerOf(call), from: call.group, to: group } },
      }
    })
  }

  function prioritise(account: Account, { type, call: id, priority }: WorkAskOf<'prioritise'>): Promise<Reply> {
    return aboutWaiting(account, type, id, (call) => {
      liveCalls.happened({ type: 'prioritised', call: call.call, priority })
      return {
        what: `prioritise ${id} in ${call.group}: ${String(priority)}`,
        said: {
          kind: 'callPrioritised',
          values: { ...callerOf(call), group: call.group, priority: String(priority) },
        },
      }
    })
  }

  /** `act` answers a refusal, or what the audit log says. */
  async function aboutWaiting(
    account: Account,
    type: WorkAsk['type'],
    id: string,
    act: (call: CallView) => Reply | Told,
  ): Promise<Reply> {
    if (!mayAnywhere(account, type)) return refusal('forbidden', `this account may not ask ${type}`)
    const call = callOf(id)
    if (call && !maySee(account, type, call.group)) return refusal('forbidden', notYours(call.group))
    if (!call || !isWaiting(call)) return refusal('unknown', `no caller ${id} waits`)
    const told = act(call)
    if ('ok' in told) return told
    await accounts.audit({ at: clock.now(), by: account.name, ...told })
    return done
  }

  // --- the own call -------------------------------------------------------------------------------

  function transfer(
    account: Account,
    asked: WorkAskOf<'transfer' | 'confirmTransfer' | 'cancelTransfer' | 'threeWay'>,
  ): Reply {
    const { agent } = account
    if (agent === undefined || !reachOf(account.roles, asked.type).has('self'))
      return refusal('forbidden', 'only the agent who talks to a caller may transfer the call')
    const call = callOf(asked.call)
    if (call?.agent !== agent) return refusal('unknown', `no call ${asked.call} that ${agent} talks in`)
    if (asked.type === 'confirmTransfer') liveCalls.happened({ type: 'transferConfirmed', call: call.call })
    else if (asked.type === 'cancelTransfer') liveCalls.happened({ type: 'transferCancelled', call: call.call })
    else if (asked.type === 'threeWay') return joinThree(call)
    else return beginTransfer(call, agent, asked)
    return done
  }

  function joinThree({ call, consulting }: CallView): Reply {
    if (consulting?.answered !== true) return refusal('unavailable', `nobody is there to join call ${call}`)
    liveCalls.happened({ type: 'threeWayAsked', call })
    return done
  }

  function beginTransfer(call: CallView, agent: AgentId, { to, how }: WorkAskOf<'transfer'>): Reply {
    if ('number' in to && !destinations.mayRing(to.number))
      return refusal('invalid', `to: ${to.number} is not an allowed destination`)
    if ('group' in to && !numberOf(to.group)) return refusal('unknown', `to: no group number ${to.group}`)
    if ('agent' in to && !store.current().configuration.agents.some(({ id }) => id === to.agent))
      return refusal('unknown', `to: no agent ${to.agent}`)
    if ('agent' in to && to.agent === agent) return refusal('invalid', 'to: expected another agent')
    liveCalls.happened({ type: 'transferAsked', call: call.call, agent, to, how })
    return done
  }

  // --- listening in -------------------------------------------------------------------------------

  async function monitor(account: Account, { type, call: id, mode }: WorkAskOf<'monitor'>): Promise<Reply> {
    const { agent: by } = account
    const call = callOf(id)
    // To stop needs no right.
    if (by !== undefined && mode === 'off' && call?.monitors?.some(({ agent }) => agent === by)) {
      liveCalls.happened({ type: 'monitored', call: call.call, by, mode })
      return done
    }
    if (!mayAnywhere(account, type)) return refusal('forbidden', `this account may not ask ${type}`)
    // What has ended has been stopped.
    if (mode === 'off') return done
    if (call && !maySee(account, type, call.group)) return refusal('forbidden', notYours(call.group))
    if (call?.agent === undefined) return refusal('unknown', `no call ${id} that somebody talks in`)
    if (by === call.agent) return refusal('invalid', 'call: expected the call of another agent')
    const cannot = by === undefined ? 'this account answers nowhere' : whyDeaf(by)
    if (by === undefined || cannot !== undefined) return refusal('unavailable', cannot ?? '')
    liveCalls.happened({ type: 'monitored', call: call.call, by, mode })
    await accounts.audit({
      at: clock.now(),
      by: account.name,
      what: `monitor ${mode} ${call.agent} in ${call.group}, call ${call.call}`,
      said: { kind: 'monitored', values: { mode, agent: call.agent, group: call.group } },
    })
    return done
  }

  /** Ends the listening of every agent whose accounts may not, or no longer: a right counts until it is withdrawn. */
  function endForbiddenListening(): void {
    for (const { call, group, monitors = [] } of liveCalls.view().calls)
      for (const { agent: by } of monitors)
        if (!accounts.list().some((account) => account.agent === by && maySee(account, 'monitor', group)))
          liveCalls.happened({ type: 'monitored', call, by, mode: 'off' })
  }

  /** Why this agent cannot listen in just now. An ordinary phone is left alone: its voicemail would listen. */
  function whyDeaf(by: AgentId): string | undefined {
    const known = store.current().configuration.agents.find(({ id }) => id === by)
    if (known?.answersAt !== 'softphone') return 'only a softphone can listen in'
    const { device, state } = liveCalls.view().agents.find(({ agent }) => agent === by) ?? {}
    if (device !== 'ready') return 'the own softphone is not connected'
    return state === 'talking' ? 'the own phone is in a call' : undefined
  }

  // --- callers who were not served ----------------------------------------------------------------

  async function missed(account: Account, asked: WorkAskOf<'missed'>): Promise<Reply> {
    const item = work.missed().get(asked.item)
    if (!item || !maySee(account, asked.type, item.group)) return notFound(account, asked.type, asked.item)
    const change: Omit<MissedChange, 'at'> = {
      ...(asked.own !== undefined && { owner: asked.own ? { account: account.id, name: nameOf(account) } : null }),
      ...(asked.note !== undefined && { note: asked.note === '' ? null : asked.note }),
      ...(asked.mark && { mark: asked.mark }),
    }
    return written(() => work.changeMissed(item.id, change))
  }

  async function voicemail(account: Account, asked: WorkAskOf<'voicemailDone' | 'removeVoicemail'>): Promise<Reply> {
    const found = work.voicemails().get(asked.voicemail)
    if (!found || !maySee(account, asked.type, found.group)) return notFound(account, asked.type, asked.voicemail)
    if (asked.type === 'voicemailDone')
      return written(() => work.markVoicemail(found.id, asked.done ? { by: nameOf(account) } : undefined))
    const from = found.from ?? 'a hidden number'
    await accounts.audit({
      at: clock.now(),
      by: account.name,
      what: `removeVoicemail from ${from} in ${found.group}, ${String(found.seconds)} s`,
      said: {
        kind: 'voicemailRemoved',
        values: { ...callerOf(found), group: found.group, seconds: String(found.seconds) },
      },
    })
    return written(() => work.removeVoicemail(found.id))
  }

  async function forwardVoicemail(account: Account, asked: WorkAskOf<'forwardVoicemail'>): Promise<Reply> {
    const { type, to } = asked
    const found = work.voicemails().get(asked.voicemail)
    if (!found || !maySee(account, type, found.group)) return notFound(account, type, asked.voicemail)
    if ('group' in to) {
      if (!numberOf(to.group)) return refusal('unknown', `to: no group number ${to.group}`)
      if (!maySee(account, type, to.group)) return refusal('forbidden', notYours(to.group))
      if (to.group === found.group) return refusal('invalid', 'to: expected another group number')
    } else if (!numberOf(found.group)?.members.some(({ agent }) => agent === to.agent))
      return refusal('invalid', `to: ${to.agent} does not answer in ${found.group}, and would not see it`)
    const where = 'group' in to ? to.group : to.agent
    const from = found.from ?? 'a hidden number'
    await accounts.audit({
      at: clock.now(),
      by: account.name,
      what: `forwardVoicemail from ${from} in ${found.group} to ${where}`,
      said: {
        kind: 'group' in to ? 'voicemailToGroup' : 'voicemailToAgent',
        values: { ...callerOf(found), group: found.group, to: where },
      },
    })
    return written(() => work.forwardVoicemail(found.id, to, nameOf(account)))
  }

  /** Whoever may not ask is not told either whether there is one. */
  function notFound(account: Account, type: WorkAsk['type'], id: string): Reply {
    if (!mayAnywhere(account, type)) return refusal('forbidden', `this account may not ask ${type}`)
    return refusal('unknown', `nothing with the id ${id} for this account`)
  }

  async function written(write: () => Promise<void>): Promise<Reply> {
    try {
      await write()
      return done
    } catch (fault) {
      log.error({ fault: wordsOf(fault) }, 'done, but not on disk')
      return refusal('unavailable', `done, but not written down: ${wordsOf(fault)}`)
    }
  }

  // --- what may be rung outside -------------------------------------------------------------------

  function readDestinations({ roles }: Account): Reply {
    if (!reachOf(roles, 'destinations').has('all')) return refusal('forbidden', 'only an admin may read this')
    return { ok: true, value: destinations.table() satisfies DestinationTable }
  }

  async function setDestinations(account: Account, { rules, onto }: WorkAskOf<'setDestinations'>): Promise<Reply> {
    if (!reachOf(account.roles, 'setDestinations').has('all'))
      return refusal('forbidden', 'only an admin may change what may be rung outside')
    const before = destinations.table()
    if (!isSame(before, onto)) return set({ outcome: 'conflict', table: before })
    const reply = await written(() => destinations.set(rules))
    if (!reply.ok) return reply
    await accounts.audit({ at: clock.now(), by: account.name, ...differenceOf(before, rules) })
    return set({ outcome: 'done' })
  }

  // --- who and what -------------------------------------------------------------------------------

  /** Through one of the account's roles, in this group number. */
  function maySee(account: Account, type: WorkAsk['type'], group: GroupNumberId): boolean {
    const reach = reachOf(account.roles, type)
    if (reach.has('all')) return true
    if (reach.has('groups') && account.supervises.includes(group)) return true
    const members = numberOf(group)?.members ?? []
    return reach.has('self') && members.some(({ agent }) => agent === account.agent)
  }

  const mayAnywhere = (account: Account, type: WorkAsk['type']) =>
    ['all', 'groups', 'self'].some((reach) => reachOf(account.roles, type).has(reach as 'all'))

  function numberOf(group: GroupNumberId): Configuration['groupNumbers'][number] | undefined {
    return store.current().configuration.groupNumbers.find(({ id }) => id === group)
  }

  const callOf = (id: string) => liveCalls.view().calls.find(({ call }) => call === id)

  function nameOf(account: Account): string {
    const agent = store.current().configuration.agents.find(({ id }) => id === account.agent)
    return agent ? `${agent.firstName} ${agent.lastName}`.trim() : account.name
  }

  return { ask, endForbiddenListening }
}

const isWaiting = ({ phase }: CallView) => phase === 'welcome' || phase === 'waiting' || phase === 'ringing'

function taken(call: CallView, agent: AgentId): Picked {
  if (call.phase === 'leaving') return { outcome: 'gone' }
  const by = call.agent ?? call.offers.find((offer) => offer.agent !== agent)?.agent
  return { outcome: 'taken', ...(by !== undefined && { by }) }
}

const set = (outcome: DestinationsSet): Reply => ({ ok: true, value: outcome })

const picked = (outcome: Picked): Reply => ({ ok: true, value: outcome })

const notYours = (group: GroupNumberId) => `this account may not do that in ${group}`

/** A hidden number is in neither. */
const callerOf = ({ from }: { readonly from?: string }) => (from === undefined ? {} : { caller: from })

function differenceOf(before: DestinationTable, after: DestinationTable): Told {
  const old = new Map(before.map(({ prefix, open }) => [prefix, open]))
  const young = new Map(after.map(({ prefix, open }) => [prefix, open]))
  const changed = after.filter(({ prefix, open }) => old.get(prefix) !== open)
  const values = {
    opened: changed.filter(({ open }) => open).map(({ prefix }) => prefix),
    closed: changed.filter(({ open }) => !open).map(({ prefix }) => prefix),
    removed: [...old.keys()].filter((prefix) => !young.has(prefix)),
  }
  const changes = [
    ...changed.map(({ prefix, open }) => `${prefix} ${open ? 'open' : 'closed'}`),
    ...values.removed.map((prefix) => `${prefix} removed`),
  ]
  const words = changes.length > 0 ? changes.join(', ') : 'names only'
  return { what: `setDestinations: ${words}`, said: { kind: 'destinationsChanged', values } }
}

function refusal(kind: ProblemKind, message: string): Reply {
  return { ok: false, problem: { kind, message } }
}
