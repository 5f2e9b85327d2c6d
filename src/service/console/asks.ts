import type { ActorId } from '../../core/routing/messages.ts'
import type { AgentId, Configuration, GroupNumberId } from '../../core/configuration/types.ts'
import { never } from '../../core/brand.ts'
import { isAdministrationAsk, type AdministrationAsk } from '../../contract/administration.ts'
import type { AuditSaid } from '../../contract/audit.ts'
import type { Ask, ConfigurationRead, Reply } from '../../contract/console.ts'
import { isCallAsk, type CallAsk } from '../../contract/call-records.ts'
import { isWorkAsk, type WorkAsk } from '../../contract/work.ts'
import type { AgentCalls } from '../agent-calls/open-agent-calls.ts'
import type { LiveCalls } from '../live-calls/live-calls.ts'
import type { Account, Accounts, Clock, ConfigurationStore } from '../ports.ts'
import type { Log } from '../log.ts'
import { reachOf } from './rights.ts'
import { readableBy } from './readable-configuration.ts'

export interface AskParts {
  readonly liveCalls: Pick<LiveCalls, 'happened' | 'order' | 'view' | 'committed'>
  readonly store: Pick<ConfigurationStore, 'current'>
  readonly accounts: Pick<Accounts, 'audit' | 'setFlag'>
  readonly administration: { ask(account: Account, ask: AdministrationAsk): Promise<Reply> }
  readonly agentCalls: Pick<AgentCalls, 'hangUp'>
  readonly calls: { ask(account: Account, ask: CallAsk): Promise<Reply> }
  readonly work: { ask(account: Account, ask: WorkAsk): Promise<Reply> }
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
}

type ProblemKind = Extract<Reply, { ok: false }>['problem']['kind']
type AgentAsk = Extract<Ask, { agent: AgentId }>

/** In which group numbers an ask about an agent holds; undefined: in all of them. */
type Through = ReadonlySet<GroupNumberId> | undefined

/** Does what an account asks, where it may. Never throws; a log-in is answered when it is on disk. */
export function openAsks(parts: AskParts): (account: Account, ask: Ask) => Promise<Reply> {
  const { liveCalls, store, accounts, clock, log } = parts

  async function perform(account: Account, ask: Ask): Promise<Reply> {
    if (isAdministrationAsk(ask)) return parts.administration.ask(account, ask)
    if (isWorkAsk(ask)) return parts.work.ask(account, ask)
    if (isCallAsk(ask)) return parts.calls.ask(account, ask)
    switch (ask.type) {
      case 'readConfiguration':
        return readConfiguration(account)
      case 'allowCallerPage':
        return allowCallerPage(account, ask.allow)
      default:
        return aboutAgent(account, ask)
    }
  }

  function readConfiguration(account: Account): Reply {
    const { revision, configuration } = store.current()
    const reach = reachOf(account.roles, 'readConfiguration')
    if (reach.has('all')) return { ok: true, value: { revision, configuration } satisfies ConfigurationRead }
    if (!reach.has('groups')) return refusal('forbidden', 'this account may not read the configuration')
    const readable = readableBy(account.supervises, configuration)
    return { ok: true, value: { revision, configuration: readable } satisfies ConfigurationRead }
  }

  async function allowCallerPage(account: Account, allow: boolean): Promise<Reply> {
    if (!reachOf(account.roles, 'allowCallerPage').has('all'))
      return refusal('forbidden', 'only an admin may open or close the page /caller')
    await accounts.setFlag('callerPage', allow, account.name)
    return { ok: true }
  }

  async function aboutAgent(account: Account, ask: AgentAsk): Promise<Reply> {
    const { configuration } = store.current()
    const through = reaches(account, ask, configuration)
    // Whoever may not ask is not told either whether there is such an agent.
    if (through === 'no') return refusal('forbidden', `this account may not ask ${ask.type} for ${ask.agent}`)
    if (!configuration.agents.some(({ id }) => id === ask.agent))
      return refusal('unknown', `no agent ${ask.agent} in the configuration`)
    const refused = carryOut(account, ask, through, configuration)
    if (refused) return refused
    if (account.agent !== ask.agent)
      await accounts.audit({ at: clock.now(), by: account.name, what: inWords(ask), said: saidOf(ask) })
    const written = await liveCalls.committed()
    if (written.ok) return { ok: true }
    log.error({ problem: written.problem, ask: ask.type }, 'done, but not on disk')
    return refusal('unavailable', `done, but not written down: ${written.problem}`)
  }

  /** Answers why it was not done. */
  function carryOut(
    account: Account,
    ask: AgentAsk,
    through: Through,
    configuration: Configuration,
  ): Reply | undefined {
    const { agent } = ask
    const by = account.agent === agent ? {} : { by: account.name as ActorId }
    switch (ask.type) {
      case 'logIn':
      case 'logOut':
        return logInOrOut(ask, through, by, configuration)
      case 'pause':
        liveCalls.happened({ type: 'paused', agent, ...(ask.reason !== undefined && { reason: ask.reason }), ...by })
        return undefined
      case 'resume':
        liveCalls.happened({ type: 'resumed', agent, ...by })
        return undefined
      case 'endWrapUp':
        liveCalls.happened({ type: 'wrapUpEnded', agent })
        return undefined
      case 'extendWrapUp':
        liveCalls.happened({ type: 'wrapUpExtended', agent, seconds: ask.seconds })
        return undefined
      case 'hangUp':
        return hangUp(ask, through)
      default:
        return never(ask)
    }
  }

  function logInOrOut(
    ask: Extract<Ask, { type: 'logIn' | 'logOut' }>,
    through: Through,
    by: { by?: ActorId },
    configuration: Configuration,
  ): Reply | undefined {
    const { type, agent, group } = ask
    const happened =
      ask.type === 'logIn'
        ? { type: 'loggedIn' as const, ...(ask.as !== undefined && { as: ask.as }) }
        : { type: 'loggedOut' as const }
    const memberships = membershipsOf(agent, configuration)
    if (group !== undefined) {
      if (through && !through.has(group)) return refusal('forbidden', `this account does not supervise ${group}`)
      // One who has been removed may still be logged out.
      if (type === 'logIn' && !memberships.includes(group))
        return refusal('invalid', `${agent} is not a member of ${group}`)
      liveCalls.happened({ ...happened, agent, group, ...by })
      return undefined
    }
    if (type === 'logIn' && memberships.length === 0) return refusal('invalid', `${agent} is in no group number`)
    if (!through) liveCalls.happened({ ...happened, agent, ...by })
    // "Everywhere" means the group numbers of this supervisor.
    else for (const each of through) liveCalls.happened({ ...happened, agent, group: each, ...by })
    return undefined
  }

  function hangUp({ agent, call: id }: Extract<Ask, { type: 'hangUp' }>, through: Through): Reply | undefined {
    const call = liveCalls.view().calls.find((each) => each.call === id)
    if (!call) {
      // Of the agent's own; or gone already, which is what was asked for.
      if (!through) parts.agentCalls.hangUp(agent, id)
      return undefined
    }
    if (through && !through.has(call.group))
      return refusal('forbidden', `this account does not supervise ${call.group}`)
    const offer = call.offers.find((each) => each.agent === agent)
    if (call.agent === agent || (call.consulting?.agent === agent && call.consulting.answered))
      liveCalls.order({ type: 'hangUpAgent', call: id, agent }, { type: 'agentHungUp', call: id, agent })
    else if (offer)
      liveCalls.order(
        { type: 'stopRinging', call: id, agent, offer: offer.offer, why: 'withdrawn' },
        { type: 'agentDeclined', call: id, agent, offer: offer.offer, cause: 'rejected' },
      )
    return undefined
  }

  return async (account, ask) => {
    try {
      return await perform(account, ask)
    } catch (fault) {
      log.error({ fault: fault instanceof Error ? fault.stack : String(fault), ask: ask.type }, 'an ask failed')
      return refusal('unavailable', 'the service failed; its log says why')
    }
  }
}

function reaches(account: Account, ask: AgentAsk, configuration: Configuration): Through | 'no' {
  const reach = reachOf(account.roles, ask.type)
  if (reach.has('all') || (reach.has('self') && account.agent === ask.agent)) return undefined
  if (!reach.has('groups')) return 'no'
  const shared = membershipsOf(ask.agent, configuration).filter((group) => account.supervises.includes(group))
  return shared.length > 0 ? new Set(shared) : 'no'
}

function membershipsOf(agent: AgentId, { groupNumbers }: Configuration): GroupNumberId[] {
  return groupNumbers.filter(({ members }) => members.some((member) => member.agent === agent)).map(({ id }) => id)
}

function inWords(ask: AgentAsk): string {
  const group = 'group' in ask && ask.group !== undefined ? ` in ${ask.group}` : ''
  const reason = 'reason' in ask && ask.reason !== undefined ? ` (${ask.reason})` : ''
  return `${ask.type} ${ask.agent}${group}${reason}`
}

function saidOf(ask: AgentAsk): AuditSaid {
  const { type: kind, agent } = ask
  switch (kind) {
    case 'logIn':
    case 'logOut':
      return { kind, values: { agent, ...(ask.group !== undefined && { group: ask.group }) } }
    case 'pause':
      return { kind, values: { agent, ...(ask.reason !== undefined && { reason: ask.reason }) } }
    case 'extendWrapUp':
      return { kind, values: { agent, seconds: String(ask.seconds) } }
    default:
      return { kind, values: { agent } }
  }
}

function refusal(kind: ProblemKind, message: string): Reply {
  return { ok: false, problem: { kind, message } }
}
