import { z } from 'zod'
import type { Change } from '../core/configuration/difference.ts'
import type { EditProblem } from '../core/configuration/edits/edit-problem.ts'
import type { Effect } from '../core/configuration/edits/effect.ts'
import type { FieldPath } from '../core/configuration/fields.ts'
import type {
  Agent,
  AgentId,
  AgreementId,
  Configuration,
  E164,
  GroupNumberId,
  Language,
} from '../core/configuration/types.ts'
import type { Instant } from '../core/time.ts'
import type { AuditSaid } from './audit.ts'

// The edits themselves are core's: `editSchema` parses one, `applyEdits` does them, here and in the service alike.
export type { Edit, EditOf, EditType } from '../core/configuration/edits/edit-schema.ts'

const id = <Id extends string>() => z.string().min(1).max(200) as unknown as z.ZodType<Id, string>
const e164 = z.string().regex(/^\+[1-9]\d{6,14}$/) as unknown as z.ZodType<E164, string>
const instant = z.number().min(-8.64e15).max(8.64e15) as unknown as z.ZodType<Instant, number>
const revision = z.int().min(1)
const path = z.array(z.string().max(300)).max(20)
/** Read one by one in the service, so that a mistake in one is answered with its place. */
const edits = z.array(z.unknown()).min(1).max(5000)

const roles = z.enum(['admin', 'supervisor', 'agent', 'reviewer'])

/** What an account is, but for its password. The same name is the same account. */
export const accountPutSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  roles: z.array(roles).min(1).max(4),
  agent: id<AgentId>().optional(),
  supervises: z.array(id<GroupNumberId>()).max(10_000),
})
export type AccountPut = z.infer<typeof accountPutSchema>

/** What the supervisor's console asks, beside what every console asks (`askSchema`, which holds these too). */
export const administrationAsks = [
  /**
   * Answers `EditOutcome`. `onto`: the revision that the console showed; where it is not the newest, fields that others
   * changed meanwhile keep their change, and the same field changed twice is a conflict. `choices` settles one.
   * `summary`: in the author's words; absent: the change in the company's language.
   */
  z.strictObject({
    type: z.literal('edit'),
    onto: revision,
    edits,
    summary: z.string().trim().min(1).max(500).optional(),
    choices: z.strictObject({ on: revision, yours: z.array(path).max(5000) }).optional(),
  }),
  /** Answers `Effect[]` within `EffectsRead`: what else these edits would change. Nothing is changed. */
  z.strictObject({ type: z.literal('effects'), edits }),
  /** Answers `HistoryRead`, newest first. `before`: older than this revision. */
  z.strictObject({
    type: z.literal('history'),
    before: revision.optional(),
    limit: z.int().min(1).max(200).optional(),
  }),
  /** Answers `ConfigurationRead` of a kept version. */
  z.strictObject({ type: z.literal('version'), revision }),
  /** Answers `Compared`. `to` absent: the newest. */
  z.strictObject({ type: z.literal('compare'), from: revision, to: revision.optional() }),
  /** Makes a kept version the newest one: for a supervisor, of the supervised group numbers. Answers `EditOutcome`. */
  z.strictObject({ type: z.literal('restore'), revision }),
  /** Takes back what `revision` changed (absent: the newest that this account may take back). Answers `EditOutcome`. */
  z.strictObject({ type: z.literal('undo'), revision: revision.optional() }),
  /** Answers `CheckRead`. `edits`: of the configuration as it would be then. */
  z.strictObject({ type: z.literal('check'), edits: edits.optional() }),
  /** Answers `CallerWay`. `edits`: of the configuration as it would be then. */
  z.strictObject({
    type: z.literal('whatCallerHears'),
    number: e164,
    at: instant,
    from: e164.optional(),
    staffing: z.enum(['none', 'busy', 'free']),
    waiting: z.int().min(0).max(10_000).optional(),
    edits: edits.optional(),
  }),
  /** Answers `AgentFound | null`: who has this phone, under any of the company's agreements. */
  z.strictObject({ type: z.literal('findAgent'), phone: e164 }),

  /** Answers `AccountRead[]`. */
  z.strictObject({ type: z.literal('listAccounts') }),
  /** Creates, or changes the account with this name. Answers `AccountRead`. */
  z.strictObject({ type: z.literal('putAccount'), account: accountPutSchema }),
  z.strictObject({ type: z.literal('removeAccount'), account: id() }),
  /** Answers `Invitation`: a link that signs in once, within 72 hours. */
  z.strictObject({ type: z.literal('inviteAccount'), account: id() }),
  /** Answers `SessionRead[]`, newest first. `account` absent: the asking one's own. */
  z.strictObject({ type: z.literal('sessions'), account: id().optional() }),
  z.strictObject({ type: z.literal('endSession'), session: id() }),
  /** All of an account; absent: all of the asking one. */
  z.strictObject({ type: z.literal('endSessions'), account: id().optional() }),
  /** Answers `PinRead` of the asking account. */
  z.strictObject({ type: z.literal('pin') }),
  /** Of the asking account: a new one, or in place of the one it has. */
  z.strictObject({ type: z.literal('setPin'), pin: z.string().max(100) }),
  /** `account` absent: the asking one's own. */
  z.strictObject({ type: z.literal('removePin'), account: id().optional() }),
  /** The tries begin anew with the same PIN. */
  z.strictObject({ type: z.literal('unlockPin'), account: id() }),
  /** Answers `AuditRead[]`, newest first. `from` is inside, `to` outside; `containing`: whatever its case. */
  z.strictObject({
    type: z.literal('audit'),
    from: instant.optional(),
    to: instant.optional(),
    by: z.string().max(200).optional(),
    containing: z.string().max(200).optional(),
    /** So many of the newest are left out. */
    skip: z.int().min(0).optional(),
    limit: z.int().min(1).max(1000).optional(),
  }),
] as const

const administrationTypes: ReadonlySet<string> = new Set(administrationAsks.map(({ shape }) => shape.type.value))

/** Whether an ask is the supervisor's console's. */
export const isAdministrationAsk = (ask: { readonly type: string }): ask is AdministrationAsk =>
  administrationTypes.has(ask.type)

export type AdministrationAsk = z.infer<(typeof administrationAsks)[number]>
export type AdministrationAskType = AdministrationAsk['type']

/** How a change ended. Nothing of it is done unless `done`. */
export type EditOutcome =
  /** `revision`: the one in force now; the same as before where nothing was different. */
  | { readonly outcome: 'done'; readonly revision: number }
  /** Others changed the same fields. Ask again with `choices: { on: revision, yours: [paths] }`; all others stay theirs. */
  | {
      readonly outcome: 'conflict'
      readonly revision: number
      /** Who changed them, newest first. */
      readonly byWhom: readonly string[]
      readonly fields: readonly ConflictField[]
    }
  | { readonly outcome: 'refused'; readonly problems: readonly EditProblem[] }

/** Absent: not there; an item was removed, or a setting has its preset. */
export interface ConflictField {
  readonly path: FieldPath
  readonly before?: unknown
  readonly yours?: unknown
  readonly theirs?: unknown
}

export interface EffectsRead {
  readonly effects: readonly Effect[]
  /** Accounts that name what would be removed: they lose that right, or have no agent any more. */
  readonly accounts: readonly { readonly account: string; readonly name: string }[]
  /** Why the edits cannot be done; then `effects` is empty. */
  readonly problems: readonly EditProblem[]
}

export interface HistoryRead {
  readonly revisions: readonly RevisionRead[]
  /** Older ones are kept. */
  readonly more: boolean
}

export interface RevisionRead {
  readonly revision: number
  readonly at: Instant
  readonly author: string
  /** The author's words, or the change in the company's language. */
  readonly summary: string
}

/** `inWords` says a change in either language. */
export interface Compared {
  readonly from: number
  readonly to: number
  readonly changes: readonly Change[]
}

export interface CheckRead {
  readonly problems: readonly CheckProblem[]
}

export interface CheckProblem {
  readonly severity: 'error' | 'warning'
  /** What it is about; empty: the whole document. */
  readonly path: FieldPath
  readonly words: Readonly<Record<Language, string>>
}

/** An agent found by phone, and what the asking account may change. */
export interface AgentFound {
  readonly agent: Agent
  readonly agreement: { readonly id: AgreementId; readonly name: string }
  /** Of the group numbers that the asking account may see. */
  readonly memberOf: readonly GroupNumberId[]
  /** The agent answers in others too. */
  readonly elsewhere: boolean
  readonly mayChange: readonly (keyof Agent)[]
}

export interface AccountRead {
  readonly id: string
  readonly name: string
  readonly roles: readonly ('admin' | 'supervisor' | 'agent' | 'reviewer')[]
  readonly agent?: AgentId
  readonly supervises: readonly GroupNumberId[]
  readonly hasPassword: boolean
  readonly pin: PinState
  readonly sessions: number
}

/** For the service numbers. `locked`: five wrong ones in a row. */
export type PinState = 'none' | 'set' | 'locked'

export interface PinRead {
  readonly pin: PinState
}

export interface Invitation {
  readonly link: string
  readonly until: Instant
}

export interface SessionRead {
  readonly id: string
  readonly began: Instant
  readonly seen: Instant
}

export interface AuditRead {
  readonly at: Instant
  readonly by: string
  /** In English, for the file. */
  readonly what: string
  /** Absent: of an older program, `what` is all there is. */
  readonly said?: AuditSaid | undefined
}

// --- HTTP ---------------------------------------------------------------------------------------

/** GET: the configuration as a `.zip` with its audio. For a supervisor, of the supervised group numbers. */
export const exportPath = '/api/export'

/**
 * POST a `.zip` (`application/zip`) or a document (`application/json`); for admins. With `?preview=1` answers
 * `ImportPreview` and changes nothing; else `Imported`. `?onto=REVISION`: the one the preview was made on.
 */
export const importPath = '/api/import'

export interface ImportPreview {
  readonly revision: number
  readonly changes: readonly Change[]
  /** Audio files that are not here yet. */
  readonly newAudio: number
  /** Named by the document, and neither in the file nor here: then nothing can be imported. */
  readonly missingAudio: readonly string[]
  /** In the file, and not fit for telephones: callers would hear nothing of it. It can be imported all the same. */
  readonly unplayableAudio: readonly string[]
}

export interface Imported {
  readonly revision: number
}

/** POST audio (`application/octet-stream`, at most 20 MB and 20 minutes): answers `StoredAudio`. The kind is told by its content. */
export const audioPath = '/api/messages/audio'

/** POST `speechSchema` as JSON: answers `StoredAudio`; 503 `unavailable` where espeak-ng is not installed. GET: `{ available }`. */
export const speechPath = '/api/messages/speech'

/** What a message's `file`, `sha256` and `seconds` become. */
export interface StoredAudio {
  readonly file: string
  readonly sha256: string
  readonly seconds: number
  /** `silent`: nothing can be heard. `clipped`: the source was recorded too loud. `quiet`: raised by more than 12 dB. */
  readonly warnings: readonly ('silent' | 'clipped' | 'quiet')[]
}

/** Where a stored file can be heard before a message names it: GET. */
export const storedAudioPath = (sha256: string) => `${audioPath}/${sha256}`

export const speechSchema = z.strictObject({
  text: z.string().trim().min(1).max(2000),
  language: z.enum(['sv', 'en']),
})

/** The answer to `version`, and to `readConfiguration`. */
export interface VersionRead {
  readonly revision: number
  readonly configuration: Configuration
}
