import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { AgentId } from '../../core/configuration/types.ts'
import { instant, type Instant } from '../../core/time.ts'
import { realDisk, removeLeftovers, wordsOf, type Disk } from '../files.ts'
import { oneAtATime } from '../one-at-a-time.ts'
import { StartProblem, type Account, type Accounts, type AuditEntry, type Clock, type Session } from '../ports.ts'
import {
  accountSchema,
  noAccounts,
  readAccounts,
  writeDocument,
  type AccountDocument,
  type KeptAccount,
} from './account-document.ts'
import { createAttempts } from './attempts.ts'
import { openAuditLog, type AuditFilter } from './audit-log.ts'
import { doubledFile } from './doubled-file.ts'
import { createPasswords, type PasswordWork } from './password.ts'
import { openPins } from './pins.ts'
import { openSessionBook } from './session-book.ts'

export interface AccountsOptions {
  /** Where `accounts.json`, `sessions.json` and `audit.jsonl` lie: beside the configuration, this process its owner. */
  readonly directory: string
  readonly clock: Pick<Clock, 'now'>
  readonly log?: { warn(message: string): void }
  /** @default crypto.randomBytes */
  readonly random?: (bytes: number) => Buffer
  /** What a guess of a password costs; tests take less. @default 19 MiB, two passes */
  readonly passwordWork?: PasswordWork
  /** @default the real one */
  readonly disk?: Disk
}

export interface OpenedAccounts extends Accounts {
  /** Takes the account away, with its sessions and links. Unknown: no effect. */
  remove(account: string, by: string): Promise<void>
  /** Ends the sessions of an account, but for the one whose token is `except`; its links too. */
  endSessions(account: string, except?: string): Promise<void>
  /** The sessions that are good now. `id` is no token, and of no use but to end the session. */
  sessions(): readonly KeptSession[]
  /** Unknown: no effect. */
  endSession(id: string): Promise<void>
  /**
   * Called with an account's id when it has changed, or any of its sessions has ended: who holds a
   * session's token asks `session` again. Rights are looked up at each question, never kept in a session.
   */
  changed(listener: (account: string) => void): () => void
  /** Newest first. */
  readAudit(filter: AuditFilter): Promise<readonly AuditEntry[]>
  /** What was found wrong so far, in words. */
  readonly troubles: readonly string[]
}

export interface KeptSession {
  readonly id: string
  /** The account's id. */
  readonly account: string
  readonly began: Instant
  readonly seen: Instant
}

/** What an account may not be; the message says why. */
class AccountProblem extends Error {
  override readonly name = 'AccountProblem'
}

/**
 * Opens the accounts. A damaged `accounts.json` is set aside and its copy used (`troubles`).
 *
 * Throws `StartProblem` rather than begin with no accounts where there were some: then the first to
 * come would be made the admin.
 */
export async function openAccounts(options: AccountsOptions): Promise<OpenedAccounts> {
  const { directory, clock, log, random = randomBytes, passwordWork, disk = realDisk } = options
  const troubles: string[] = []
  const file = doubledFile({
    path: join(directory, 'accounts.json'),
    disk,
    now: () => clock.now(),
    readText: readAccounts,
    troubled,
  })

  let document = await readOrBegin()
  const audit = openAuditLog({ file: join(directory, 'audit.jsonl'), disk })
  const book = await openSessionBook({ file: join(directory, 'sessions.json'), disk, clock, random, troubled })
  const passwords = createPasswords({ random, work: passwordWork })
  const attempts = createAttempts(clock)
  const inTurn = oneAtATime()
  const listeners = new Set<(account: string) => void>()

  function troubled(words: string): void {
    if (troubles.length < 100) troubles.push(words)
    log?.warn(words)
  }

  async function readOrBegin(): Promise<AccountDocument> {
    try {
      await removeLeftovers(disk, directory)
      const found = await file.read()
      if (found !== undefined) return found
      const names = await disk.list(directory)
      const relic = names.find((name) => ['audit.jsonl', 'sessions.json'].includes(name))
      if (relic !== undefined)
        throw new StartProblem(
          `${join(directory, 'accounts.json')}: missing, though ${relic} is there; restore it, or move ${relic} away to begin without accounts`,
        )
      await file.write(writeDocument(noAccounts))
      return noAccounts
    } catch (error) {
      if (error instanceof StartProblem) throw error
      throw new StartProblem(`${directory}: the accounts cannot be opened: ${wordsOf(error)}`)
    }
  }

  /** One change at a time, told in the audit log before it is in force, and in force only when written. */
  function change(work: (now: AccountDocument) => AccountDocument, told?: Omit<AuditEntry, 'at'>): Promise<void> {
    return inTurn(async () => {
      const next = work(document)
      if (told !== undefined) await audit.add({ at: clock.now(), ...told })
      await file.write(writeDocument(next))
      document = next
    })
  }

  async function put(wanted: Omit<Account, 'id'>, by: string): Promise<Account> {
    const parsed = accountSchema.safeParse(wanted)
    const fault = parsed.error?.issues[0]
    if (!parsed.success)
      throw new AccountProblem(`${fault?.path.join('.') ?? ''}: ${fault?.message ?? 'not an account'}`)
    const given = { ...parsed.data, roles: [...new Set(parsed.data.roles)] }
    const newId = randomUUID()
    await change(
      (now) => {
        const before = byName(now, given.name)
        const { id = newId, password, pin } = before ?? {}
        const secrets = { ...(password !== undefined && { password }), ...(pin !== undefined && { pin }) }
        const account: KeptAccount = { ...given, id, ...secrets }
        return withAdmin(now, { ...now, accounts: [...now.accounts.filter((one) => one.id !== id), account] })
      },
      {
        by,
        what: `account ${given.name}: ${rightsOf(given)}`,
        said: {
          kind: 'accountPut',
          values: {
            account: given.name,
            roles: [...given.roles],
            supervises: [...given.supervises],
            ...(given.agent !== undefined && { agent: given.agent }),
          },
        },
      },
    )
    const account = byName(document, given.name)
    if (account === undefined) throw new AccountProblem(`${given.name}: taken away at the same time`)
    tell(account.id)
    return publicOf(account)
  }

  async function remove(nameOrId: string, by: string): Promise<void> {
    const account = findKept(nameOrId)
    if (account === undefined) return
    await change((now) => withAdmin(now, { ...now, accounts: now.accounts.filter(({ id }) => id !== account.id) }), {
      by,
      what: `account ${account.name}: taken away`,
      said: { kind: 'accountRemoved', values: { account: account.name } },
    })
    await book.endAll(account.id)
    tell(account.id)
  }

  async function signIn(name: string, password: string, from: string): Promise<Session | 'refused' | 'limited'> {
    const attempt = attempts.begin(keyOf(name), from)
    if (attempt === undefined) return 'limited'
    const hashed = byName(document, name)?.password
    const right = await passwords.matches(password, hashed)
    // It may have been changed or taken away meanwhile.
    const account = byName(document, name)
    if (!right || hashed === undefined || account?.password !== hashed) return 'refused'
    attempt.succeeded()
    if (passwords.isOutdated(hashed)) await setPassword(account.id, password).catch(() => undefined)
    return begin(account)
  }

  async function redeem(token: string): Promise<Session | undefined> {
    const id = await book.redeem(token)
    const account = id === undefined ? undefined : byId(id)
    return account === undefined ? undefined : begin(account)
  }

  async function begin(account: KeptAccount): Promise<Session> {
    const token = await book.begin(account.id)
    const { id, ...rest } = publicOf(account)
    return { token, signedIn: { account: id, ...rest } }
  }

  async function setPassword(nameOrId: string, password: string): Promise<void> {
    const { id } = known(nameOrId)
    const hashed = await passwords.hash(password)
    await change((now) => ({
      ...now,
      accounts: now.accounts.map((account) => (account.id === id ? { ...account, password: hashed } : account)),
    }))
  }

  async function softphoneSecret(agent: AgentId): Promise<string> {
    const fresh = random(24).toString('base64url')
    if (!Object.hasOwn(document.softphones, agent))
      await change((now) =>
        Object.hasOwn(now.softphones, agent) ? now : { ...now, softphones: { ...now.softphones, [agent]: fresh } },
      )
    return document.softphones[agent] ?? fresh
  }

  function known(nameOrId: string): KeptAccount {
    const account = findKept(nameOrId)
    if (account === undefined) throw new AccountProblem(`${nameOrId}: no such account`)
    return account
  }

  function tell(account: string): void {
    for (const listener of listeners) listener(account)
  }

  const byId = (id: string) => document.accounts.find((account) => account.id === id)
  const findKept = (nameOrId: string) => byId(nameOrId) ?? byName(document, nameOrId)
  const pins = openPins({ find: byId, change, passwords })

  return {
    list: () => document.accounts.map(publicOf),
    find(nameOrId) {
      const account = findKept(nameOrId)
      return account === undefined ? undefined : publicOf(account)
    },
    put,
    remove,
    makeLink: async (account, lifetimeMillis) => book.makeLink(known(account).id, lifetimeMillis),
    redeem,
    signIn,
    setPassword,
    hasPassword: (account) => findKept(account)?.password !== undefined,
    pin: (account) => pins.of(findKept(account)?.id ?? ''),
    setPin: (account, pin, by) => pins.set(known(account).id, pin, by),
    unlockPin: (account, by) => pins.unlock(known(account).id, by),
    async checkPin(accounts, pin) {
      const found = await pins.check(accounts, pin)
      return found && publicOf(found)
    },
    session(token) {
      const id = book.accountOf(token)
      const account = id === undefined ? undefined : byId(id)
      return account === undefined ? undefined : publicOf(account)
    },
    async signOut(token) {
      const account = await book.end(token)
      if (account !== undefined) tell(account)
    },
    async endSessions(account, except) {
      const { id } = known(account)
      await book.endAll(id, except)
      tell(id)
    },
    sessions: () =>
      book.list().map(({ hash, account, began, seen }) => ({
        id: hash,
        account,
        began: instant(began),
        seen: instant(seen),
      })),
    async endSession(id) {
      const account = book.list().find(({ hash }) => hash === id)?.account
      await book.endByHash(id)
      if (account !== undefined) tell(account)
    },
    softphoneSecret,
    audit: (entry) => audit.add(entry),
    readAudit: (filter) => audit.read(filter),
    flag: (name) => document.flags[name] ?? false,
    setFlag: (name, value, by) =>
      change((now) => ({ ...now, flags: { ...now.flags, [name]: value } }), {
        by,
        what: `${name}: ${String(value)}`,
        said: { kind: value ? 'callerPageOpened' : 'callerPageClosed', values: {} },
      }),
    changed(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    troubles,
    async close() {
      await inTurn.idle()
      await book.idle()
      await audit.idle()
    },
  }
}

/** Nobody could give the right back. */
function withAdmin(before: AccountDocument, next: AccountDocument): AccountDocument {
  const hasAdmin = ({ accounts }: AccountDocument) => accounts.some(({ roles }) => roles.includes('admin'))
  if (hasAdmin(before) && !hasAdmin(next)) throw new AccountProblem('expected at least one account with the role admin')
  return next
}

function rightsOf({ roles, agent, supervises }: Omit<Account, 'id'>): string {
  const parts = [roles.join(', ')]
  if (agent !== undefined) parts.push(`is the agent ${agent}`)
  if (supervises.length > 0) parts.push(`supervises ${supervises.join(', ')}`)
  return parts.join('; ')
}

function publicOf({ id, name, roles, agent, supervises }: KeptAccount): Account {
  return { id, name, roles, supervises, ...(agent === undefined ? {} : { agent }) }
}

function byName({ accounts }: AccountDocument, name: string): KeptAccount | undefined {
  const key = keyOf(name)
  return accounts.find((account) => keyOf(account.name) === key)
}

/** Names are the same whatever their case, and however their letters were typed. */
const keyOf = (name: string) => name.trim().normalize('NFC').toLowerCase()
