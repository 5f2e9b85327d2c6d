import type {
  AccountRead,
  AdministrationAsk,
  AgentFound,
  AuditRead,
  CheckProblem,
  CheckRead,
  Compared,
  EffectsRead,
  Invitation,
  PinRead,
  SessionRead,
  VersionRead,
} from '../../contract/administration.ts'
import type { Reply } from '../../contract/console.ts'
import { never } from '../../core/brand.ts'
import { applyEdits, parseEdits } from '../../core/configuration/edits/apply-edits.ts'
import type { EditProblem } from '../../core/configuration/edits/edit-problem.ts'
import type { Edit } from '../../core/configuration/edits/edit-schema.ts'
import { effectsOf } from '../../core/configuration/edits/effects-of.ts'
import type { Configuration, GroupNumberId, Message } from '../../core/configuration/types.ts'
import type { CallerWay } from '../../core/hours/caller-way.ts'
import { whatCallerMeets } from '../../core/hours/what-caller-meets.ts'
import { pinFault } from '../../core/pin.ts'
import { failed, ok, type Result } from '../../core/result.ts'
import { after, millis } from '../../core/time.ts'
import { reachOf, type Reach } from '../console/rights.ts'
import type { Account, Accounts, Clock, ConfigurationStore } from '../ports.ts'
import type { Log } from '../log.ts'
import { openChangeConfiguration, type Changed } from './change-configuration.ts'
import { changeableFields, mayEdit, ownPart } from './edit-rights.ts'
import { openOwnReading } from './own-reading.ts'

export interface AdministrationParts {
  readonly store: Pick<ConfigurationStore, 'current' | 'change' | 'history' | 'version'>
  readonly accounts: AdministeredAccounts
  /** Whether the audio that a message names is there, byte for byte. */
  readonly hasSound: (message: Pick<Message, 'file' | 'sha256'>) => Promise<boolean>
  /** What is wrong with the audio files of a configuration. */
  readonly checkSounds: (configuration: Configuration) => Promise<readonly CheckProblem[]>
  readonly check: (configuration: Configuration) => readonly CheckProblem[]
  /** A one-time sign-in link for an account's id. */
  readonly makeLink: (account: string, lifetimeMillis: number) => Promise<Result<string, string>>
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
}

/** What administration needs of the accounts, beside what every ask does. */
export interface AdministeredAccounts extends Pick<
  Accounts,
  'list' | 'find' | 'put' | 'hasPassword' | 'pin' | 'setPin' | 'unlockPin' | 'audit'
> {
  /** Takes the account away, with its sessions and links. */
  remove(account: string, by: string): Promise<void>
  /** Ends all sessions of an account, and its links. */
  endSessions(account: string): Promise<void>
  /** The sessions that are good now. `id` is no token, and of no use but to end the session. */
  sessions(): readonly {
    readonly id: string
    readonly account: string
    readonly began: SessionRead['began']
    readonly seen: SessionRead['seen']
  }[]
  endSession(id: string): Promise<void>
  /** Newest first. */
  readAudit(filter: Omit<Extract<AdministrationAsk, { type: 'audit' }>, 'type'>): Promise<readonly AuditRead[]>
}

export interface Administration {
  /** Never throws what an asker did wrong. */
  ask(account: Account, ask: AdministrationAsk): Promise<Reply>
  readonly change: ReturnType<typeof openChangeConfiguration>
}

type AskOf<Type extends AdministrationAsk['type']> = Extract<AdministrationAsk, { type: Type }>

const invitationMillis = 72 * 60 * 60 * 1000

export function openAdministration(parts: AdministrationParts): Administration {
  const { store, accounts, clock } = parts
  const change = openChangeConfiguration(parts)
  const reading = openOwnReading(store)

  async function ask(account: Account, asked: AdministrationAsk): Promise<Reply> {
    const reach = reachOf(account.roles, asked.type)
    if ([...reach].every((each) => each === 'no')) return refusal('forbidden', `this account may not ask ${asked.type}`)
    switch (asked.type) {
      case 'edit':
        return outcome(await change.edit(account, asked))
      case 'undo':
        return outcome(await change.undo(account, asked.revision))
      case 'restore':
        return outcome(await change.restore(account, asked.revision))
      case 'effects':
        return effects(account, asked)
      case 'history':
        return answered(await reading.history(account, asked))
      case 'version':
        return version(account, asked)
      case 'compare':
        return compare(account, asked)
      case 'check':
        return check(account, asked)
      case 'whatCallerHears':
        return whatCallerHears(account, asked)
      case 'findAgent':
        return answered(findAgent(account, asked))
      case 'listAccounts':
        return answered(listAccounts())
      case 'putAccount':
        return putAccount(account, asked)
      case 'removeAccount':
        return removeAccount(account, asked)
      case 'inviteAccount':
        return inviteAccount(account, asked)
      case 'sessions':
        return sessions(account, asked, reach)
      case 'endSession':
        return endSession(account, asked, reach)
      case 'endSessions':
        return endSessions(account, asked, reach)
      case 'pin':
        return answered({ pin: accounts.pin(account.id) } satisfies PinRead)
      case 'setPin':
        return setPin(account, asked)
      case 'removePin':
        return removePin(account, asked, reach)
      case 'unlockPin':
        return unlockPin(account, asked)
      case 'audit':
        return audit(asked)
      default:
        return never(asked)
    }
  }

  // --- the configuration ------------------------------------------------------------------------

  function effects(account: Account, { edits: given }: AskOf<'effects'>): Reply {
    const edits = readEdits(account, given)
    if (!edits.ok) return edits.problem === 'forbidden' ? forbidden : problems(edits.problem)
    const { configuration } = store.current()
    const found = effectsOf(ownPart(account, configuration), edits.value)
    if (!found.ok) return problems(found.problem)
    return answered({
      effects: found.value,
      accounts: account.roles.includes('admin') ? accountsNaming(edits.value) : [],
      problems: [],
    } satisfies EffectsRead)
  }

  function accountsNaming(edits: readonly Edit[]): EffectsRead['accounts'] {
    const agents = new Set(edits.flatMap((edit) => (edit.type === 'removeAgent' ? [edit.agent] : [])))
    const groups = new Set(edits.flatMap((edit) => (edit.type === 'removeGroupNumber' ? [edit.group] : [])))
    return accounts
      .list()
      .filter(
        ({ agent, supervises }) =>
          (agent !== undefined && agents.has(agent)) || supervises.some((group) => groups.has(group)),
      )
      .map(({ id, name }) => ({ account: id, name }))
  }

  async function version(account: Account, { revision }: AskOf<'version'>): Promise<Reply> {
    const found = await reading.version(account, revision)
    if (!found.ok) return refusal('unknown', found.problem)
    return answered({ revision, configuration: found.value } satisfies VersionRead)
  }

  async function compare(account: Account, { from, to = store.current().revision }: AskOf<'compare'>): Promise<Reply> {
    const changes = await reading.compare(account, from, to)
    return changes.ok
      ? answered({ from, to, changes: changes.value } satisfies Compared)
      : refusal('unknown', changes.problem)
  }

  async function check(account: Account, { edits: given = [] }: AskOf<'check'>): Promise<Reply> {
    const edited = editedFor(account, given)
    if (!edited.ok) return edited.problem === 'forbidden' ? forbidden : invalid(edited.problem)
    const whole = edited.value
    const found = [...(await parts.checkSounds(whole)), ...parts.check(whole)]
    const seen = reading.partOf(account, whole)
    const isSeen = ({ path: [list, id] }: CheckProblem) =>
      seen === whole ||
      (list === 'groupNumbers' && seen.groupNumbers.some((group) => group.id === id)) ||
      (list === 'agents' && seen.agents.some((agent) => agent.id === id)) ||
      (list === 'messages' && seen.messages.some((message) => message.id === id))
    return answered({ problems: found.filter(isSeen) } satisfies CheckRead)
  }

  function whatCallerHears(account: Account, { edits: given = [], ...question }: AskOf<'whatCallerHears'>): Reply {
    const edited = editedFor(account, given)
    if (!edited.ok) return edited.problem === 'forbidden' ? forbidden : invalid(edited.problem)
    const { type: _, from, waiting, ...rest } = question
    const seen = new Set(reading.partOf(account, edited.value).groupNumbers.map(({ id }) => id))
    const way = whatCallerMeets(edited.value, {
      ...rest,
      ...(from !== undefined && { from }),
      ...(waiting !== undefined && { waiting }),
    })
    return answered(seenOf(way, seen))
  }

  /** What the caller meets in another's group number is not told. */
  function seenOf(way: CallerWay, seen: ReadonlySet<GroupNumberId>): CallerWay {
    if (way.kind === 'unknown') return way
    const [first] = way.steps
    if (first && !seen.has(first.group)) return { kind: 'unknown' }
    return { kind: 'way', steps: way.steps.filter(({ group }) => seen.has(group)) }
  }

  /** The configuration as it would be after edits of this account. */
  function editedFor(
    account: Account,
    given: readonly unknown[],
  ): Result<Configuration, 'forbidden' | readonly EditProblem[]> {
    const { configuration } = store.current()
    if (given.length === 0) return ok(configuration)
    const edits = readEdits(account, given)
    if (!edits.ok) return edits
    const tried = applyEdits(ownPart(account, configuration), edits.value)
    return tried.ok ? applyEdits(configuration, edits.value) : tried
  }

  function readEdits(
    account: Account,
    given: readonly unknown[],
  ): Result<readonly Edit[], 'forbidden' | readonly EditProblem[]> {
    const edits = parseEdits(given)
    if (!edits.ok) return edits
    return edits.value.every((edit) => mayEdit(account, edit)) ? edits : failed('forbidden')
  }

  function findAgent(account: Account, { phone }: AskOf<'findAgent'>): AgentFound | null {
    const { configuration } = store.current()
    const agent = configuration.agents.find((each) => each.phone === phone)
    if (!agent) return null
    const isMember = ({ members }: Configuration['groupNumbers'][number]) =>
      members.some((member) => member.agent === agent.id)
    const groups = configuration.groupNumbers.filter(isMember).map(({ id }) => id)
    const seen = new Set(reading.partOf(account, configuration).groupNumbers.map(({ id }) => id))
    const agreement = configuration.agreements.find(({ id }) => id === agent.agreement)
    return {
      agent,
      agreement: { id: agent.agreement, name: agreement?.name ?? '' },
      memberOf: groups.filter((group) => seen.has(group)),
      elsewhere: groups.some((group) => !seen.has(group)),
      mayChange: changeableFields(account, agent, configuration),
    }
  }

  // --- accounts ---------------------------------------------------------------------------------

  function listAccounts(): readonly AccountRead[] {
    const sessions = Map.groupBy(accounts.sessions(), ({ account }) => account)
    return accounts.list().map((account) => accountRead(account, sessions.get(account.id)?.length ?? 0))
  }

  function accountRead({ id, name, roles, agent, supervises }: Account, sessions = sessionsOf(id).length): AccountRead {
    return {
      id,
      name,
      roles,
      ...(agent !== undefined && { agent }),
      supervises,
      hasPassword: accounts.hasPassword(id),
      pin: accounts.pin(id),
      sessions,
    }
  }

  function sessionsOf(id: string) {
    return accounts.sessions().filter(({ account }) => account === id)
  }

  async function putAccount(by: Account, { account: given }: AskOf<'putAccount'>): Promise<Reply> {
    const { agent, ...rest } = given
    const { configuration } = store.current()
    if (agent !== undefined && !configuration.agents.some(({ id }) => id === agent))
      return refusal('invalid', `agent: there is no agent ${agent}`)
    if (given.roles.includes('agent') && agent === undefined)
      return refusal('invalid', 'agent: expected which agent the account is')
    const groups = new Set(configuration.groupNumbers.map(({ id }) => id))
    const supervises = [...new Set(rest.supervises)].filter((group) => groups.has(group))
    return tried(async () => {
      const put = await accounts.put({ ...rest, supervises, ...(agent !== undefined && { agent }) }, by.name)
      return answered(accountRead(put))
    })
  }

  async function removeAccount(by: Account, { account }: AskOf<'removeAccount'>): Promise<Reply> {
    const found = accounts.find(account)
    if (!found) return refusal('unknown', 'there is no such account')
    return tried(async () => {
      await accounts.remove(found.id, by.name)
      return { ok: true }
    })
  }

  async function inviteAccount(by: Account, { account }: AskOf<'inviteAccount'>): Promise<Reply> {
    const found = accounts.find(account)
    if (!found) return refusal('unknown', 'there is no such account')
    const link = await parts.makeLink(found.id, invitationMillis)
    if (!link.ok) return refusal('unavailable', link.problem)
    await accounts.audit({
      at: clock.now(),
      by: by.name,
      what: `account ${found.name}: invited`,
      said: { kind: 'accountInvited', values: { account: found.name } },
    })
    return answered({ link: link.value, until: after(clock.now(), millis(invitationMillis)) } satisfies Invitation)
  }

  function sessions(by: Account, { account = by.id }: AskOf<'sessions'>, reach: ReadonlySet<Reach>): Reply {
    if (account !== by.id && !reach.has('all')) return forbidden
    return answered(
      sessionsOf(account)
        .map(({ id, began, seen }): SessionRead => ({ id, began, seen }))
        .toSorted((one, other) => other.seen - one.seen),
    )
  }

  async function endSession(by: Account, { session }: AskOf<'endSession'>, reach: ReadonlySet<Reach>): Promise<Reply> {
    const found = accounts.sessions().find(({ id }) => id === session)
    if (!found || (found.account !== by.id && !reach.has('all'))) return refusal('unknown', 'there is no such session')
    if (found.account !== by.id) await auditEnd(by, found.account)
    await accounts.endSession(session)
    return { ok: true }
  }

  async function endSessions(
    by: Account,
    { account = by.id }: AskOf<'endSessions'>,
    reach: ReadonlySet<Reach>,
  ): Promise<Reply> {
    if (account !== by.id && !reach.has('all')) return forbidden
    const found = accounts.find(account)
    if (!found) return refusal('unknown', 'there is no such account')
    if (found.id !== by.id) await auditEnd(by, found.id)
    await accounts.endSessions(found.id)
    return { ok: true }
  }

  async function auditEnd(by: Account, account: string) {
    const name = accounts.find(account)?.name ?? account
    await accounts.audit({
      at: clock.now(),
      by: by.name,
      what: `account ${name}: signed out`,
      said: { kind: 'accountSignedOut', values: { account: name } },
    })
  }

  async function setPin(by: Account, { pin }: AskOf<'setPin'>): Promise<Reply> {
    const fault = pinFault(pin)
    if (fault !== undefined) return refusal('invalid', `pin: ${fault}`)
    await accounts.setPin(by.id, pin, by.name)
    return { ok: true }
  }

  async function removePin(by: Account, { account = by.id }: AskOf<'removePin'>, reach: ReadonlySet<Reach>) {
    if (account !== by.id && !reach.has('all')) return forbidden
    const found = accounts.find(account)
    if (!found) return refusal('unknown', 'there is no such account')
    await accounts.setPin(found.id, undefined, by.name)
    return { ok: true } as const
  }

  async function unlockPin(by: Account, { account }: AskOf<'unlockPin'>): Promise<Reply> {
    const found = accounts.find(account)
    if (!found) return refusal('unknown', 'there is no such account')
    await accounts.unlockPin(found.id, by.name)
    return { ok: true }
  }

  async function audit({ type: _, ...filter }: AskOf<'audit'>): Promise<Reply> {
    return answered(await accounts.readAudit(filter))
  }

  return { ask, change }
}

/** What an account may not be is told in the words of the one who keeps them. */
async function tried(work: () => Promise<Reply>): Promise<Reply> {
  try {
    return await work()
  } catch (fault) {
    if (fault instanceof Error && fault.name === 'AccountProblem') return refusal('invalid', fault.message)
    throw fault
  }
}

function outcome(changed: Changed): Reply {
  return changed.ok ? answered(changed.value) : refusal(changed.problem.kind, changed.problem.message)
}

const problems = (found: readonly EditProblem[]): Reply =>
  answered({ effects: [], accounts: [], problems: found } satisfies EffectsRead)

function invalid(found: readonly EditProblem[]): Reply {
  return refusal(
    'invalid',
    found
      .map(({ path, message }) => `${path.join('/')}: ${message}`)
      .join('; ')
      .slice(0, 2000),
  )
}

const answered = (value: unknown): Reply => ({ ok: true, value })

type ProblemKind = Extract<Reply, { ok: false }>['problem']['kind']

const refusal = (kind: ProblemKind, message: string): Reply => ({ ok: false, problem: { kind, message } })

const forbidden = refusal('forbidden', 'this account may not do that')
