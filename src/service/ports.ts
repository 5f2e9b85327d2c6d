import type { AgentId, Configuration, GroupNumberId } from '../core/configuration/types.ts'
import type { Result } from '../core/result.ts'
import type { RouterSnapshot } from '../core/routing/router.ts'
import type { Command, Notice, RoutingEvent } from '../core/routing/messages.ts'
import type { Instant } from '../core/time.ts'
import type { AuditSaid } from '../contract/audit.ts'
import type { Remark } from '../contract/call-records.ts'
import type { Role, SignedIn } from '../contract/console.ts'

/** The time, handed in so that tests own it. `now` never goes backwards. */
export interface Clock {
  now(): Instant
  /** Calls `then` once at or after `at`; the returned function takes it back. */
  wake(at: Instant, then: () => void): () => void
}

/** A fault that ends a command of the command line: one line, exit 2. */
export class StartProblem extends Error {
  override readonly name = 'StartProblem'
}

// --- configuration ------------------------------------------------------------------------------

export interface Revision {
  readonly revision: number
  readonly at: Instant
  readonly author: string
  readonly summary: string
  /**
   * Each thing that it changed, as `groupNumbers/ID` or `company`, in whatever way and once; absent: not known, or too many.
   */
  readonly touches?: readonly string[]
}

export interface ConfigurationStore {
  current(): { readonly revision: number; readonly configuration: Configuration }
  /** Validated, written, fsynced, renamed, and only then answered. `onto` is the revision the change was made on. */
  change(change: {
    readonly onto: number
    readonly author: string
    readonly summary: string
    readonly configuration: unknown
    readonly touches?: readonly string[] | undefined
  }): Promise<Result<{ readonly revision: number }, StoreProblem>>
  /** Newest first. */
  history(): readonly Revision[]
  /** As it was kept, byte for byte; one of an older program may be none that could be stored now. */
  version(revision: number): Promise<Result<Configuration, StoreProblem>>
  /** The absolute path of a message's audio. */
  soundPath(file: string): string
  /** Called after each acknowledged change. */
  changed(listener: (now: { revision: number; configuration: Configuration }) => void): () => void
  /** What went wrong at opening and was mended, in words: shown loudly. */
  readonly troubles: readonly string[]
  close(): Promise<void>
}

export type StoreProblem =
  | { readonly kind: 'invalid'; readonly problems: readonly { readonly path: string; readonly message: string }[] }
  | { readonly kind: 'conflict'; readonly revision: number }
  | { readonly kind: 'unknownRevision'; readonly revision: number }
  | { readonly kind: 'disk'; readonly message: string }

// --- journal ------------------------------------------------------------------------------------

export type JournalEntry =
  | { readonly kind: 'event'; readonly event: RoutingEvent }
  | { readonly kind: 'command'; readonly at: Instant; readonly command: Command }
  | { readonly kind: 'notice'; readonly notice: Notice }
  /** Of an agent, about a talk: no event, since it changes nothing of the call. */
  | { readonly kind: 'remark'; readonly at: Instant; readonly remark: Remark }

export function atOf(entry: JournalEntry): Instant {
  if (entry.kind === 'event') return entry.event.at
  return entry.kind === 'notice' ? entry.notice.at : entry.at
}

export interface Journal {
  /** In order; committed within 20 ms. Never throws and never waits. */
  append(entries: readonly JournalEntry[]): void
  /** Resolves when all appended so far is on disk, or says why not. */
  committed(): Promise<Result<void, string>>
  /** Every 10,000 events; after a snapshot only the entries behind it matter for recovery. */
  snapshot(snapshot: RouterSnapshot): void
  /** The newest snapshot and the events behind it, in order. */
  recover(): Promise<{ readonly snapshot?: RouterSnapshot; readonly events: readonly RoutingEvent[] }>
  /** In order of writing, for reports and replays. */
  read(range: { readonly from?: Instant; readonly to?: Instant }): AsyncIterable<JournalEntry>
  /** Told when the disk is full or broken, and when it works again (undefined). Calls go on. */
  troubled(listener: (trouble: string | undefined) => void): () => void
  close(): Promise<void>
}

// --- accounts -----------------------------------------------------------------------------------

export interface Account {
  readonly id: string
  /** The name signed in with. */
  readonly name: string
  readonly roles: readonly Role[]
  readonly agent?: AgentId
  readonly supervises: readonly GroupNumberId[]
}

export interface Accounts {
  list(): readonly Account[]
  find(nameOrId: string): Account | undefined
  /** Creates, or changes the account with this name. */
  put(account: Omit<Account, 'id'>, by: string): Promise<Account>
  /** A new one-time link's token: 256 bits, base64url; kept hashed; redeemed once. */
  makeLink(account: string, lifetimeMillis: number): Promise<string>
  redeem(token: string): Promise<Session | undefined>
  /** Wrong name and wrong password are answered alike and take alike; too many attempts: `limited`. */
  signIn(name: string, password: string, from: string): Promise<Session | 'refused' | 'limited'>
  setPassword(account: string, password: string): Promise<void>
  /** Whether a password is set: then it must be given to change it. */
  hasPassword(account: string): boolean
  /** For the service numbers. `locked`: five wrong ones in a row; then none is right. */
  pin(account: string): 'none' | 'set' | 'locked'
  /** Ends a lock; undefined: no PIN any more. */
  setPin(account: string, pin: string | undefined, by: string): Promise<void>
  /** The tries begin anew with the same PIN. */
  unlockPin(account: string, by: string): Promise<void>
  /** The account whose PIN this is, of those with these ids; counts as a try for all of them. */
  checkPin(accounts: readonly string[], pin: string): Promise<Account | undefined>
  /** By the session's token. */
  session(token: string): Account | undefined
  signOut(token: string): Promise<void>
  /** The random SIP secret of an agent's softphone, made at first asking, kept with owner-only rights. */
  softphoneSecret(agent: AgentId): Promise<string>
  audit(entry: AuditEntry): Promise<void>
  /** Small settings that are not configuration, such as whether `/caller` is allowed off loopback. */
  flag(name: 'callerPage'): boolean
  setFlag(name: 'callerPage', value: boolean, by: string): Promise<void>
  close(): Promise<void>
}

/** Who did what. */
export interface AuditEntry {
  readonly at: Instant
  /** An account's name, or the part of the program that did it. */
  readonly by: string
  /** In English, for who reads the file. */
  readonly what: string
  /** The same for the reader's language; absent: of an older program. */
  readonly said?: AuditSaid | undefined
}

export interface Session {
  /** Opaque, 256 bits; kept hashed. */
  readonly token: string
  readonly signedIn: SignedIn
}
