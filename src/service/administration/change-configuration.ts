import type { AdministrationAsk, EditOutcome } from '../../contract/administration.ts'
import { changedFields } from '../../core/configuration/changed-fields.ts'
import { difference } from '../../core/configuration/difference.ts'
import { summaryInWords } from '../../core/configuration/difference-in-words.ts'
import { applyEdits, parseEdits, validated } from '../../core/configuration/edits/apply-edits.ts'
import type { EditProblem } from '../../core/configuration/edits/edit-problem.ts'
import type { Edit } from '../../core/configuration/edits/edit-schema.ts'
import { isSame, type FieldPath } from '../../core/configuration/fields.ts'
import { mergeDocuments, type Conflict, type Merged } from '../../core/configuration/merge-documents.ts'
import type { Configuration, Message } from '../../core/configuration/types.ts'
import { failed, ok, type Result } from '../../core/result.ts'
import type { Account, Accounts, Clock, ConfigurationStore } from '../ports.ts'
import type { Log } from '../log.ts'
import { findForbidden, mayEdit, ownPart } from './edit-rights.ts'
import { ownVersion } from './own-version.ts'

export interface ChangeParts {
  readonly store: Pick<ConfigurationStore, 'current' | 'change' | 'history' | 'version'>
  readonly accounts: Pick<Accounts, 'audit'>
  /** Whether the audio that a message names is there, byte for byte. */
  readonly hasSound: (message: Pick<Message, 'file' | 'sha256'>) => Promise<boolean>
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
}

/** Why a change was not even looked at, or could not be kept. */
export interface ChangeRefused {
  readonly kind: 'forbidden' | 'unknown' | 'unavailable'
  readonly message: string
}

export type Changed = Result<EditOutcome, ChangeRefused>

export interface ChangeConfiguration {
  edit(account: Account, ask: Extract<AdministrationAsk, { type: 'edit' }>): Promise<Changed>
  undo(account: Account, revision: number | undefined): Promise<Changed>
  restore(account: Account, revision: number): Promise<Changed>
  /** Replaces all of it; for admins. `onto` absent: the newest. */
  replace(account: Account, document: Configuration, summary: string, onto?: number): Promise<Changed>
}

/** What is to be stored in place of what is in force. */
type Made = Result<{ readonly configuration: Configuration; readonly summary?: string }, Changed>
type InForce = ReturnType<ConfigurationStore['current']>

/** How often a change is tried anew when others keep coming first. */
const tries = 20
const untried = { ok: true } as const
const forbidden: Changed = failed({ kind: 'forbidden', message: 'this account may not change that' })

/** Changes the configuration for an account, where it may: validated, merged, kept, audited; all of a change or nothing. */
export function openChangeConfiguration(parts: ChangeParts): ChangeConfiguration {
  const { store, accounts, clock, log } = parts

  async function change(account: Account, make: (now: InForce) => Promise<Made> | Made): Promise<Changed> {
    for (let tried = 0; tried < tries; tried += 1) {
      const now = store.current()
      const made = await make(now)
      if (!made.ok) return made.problem
      const { configuration } = made.value
      const found = findForbidden(account, now.configuration, configuration)
      if (found) return refusedBy(account, found.path)
      const missing = await missingSounds(now.configuration, configuration)
      if (missing.length > 0) return refused(missing)
      const changes = difference(now.configuration, configuration)
      const summary = made.value.summary ?? summaryInWords(changes, configuration.company.language)
      const touches = [...new Set(changes.map(({ path }) => path.slice(0, 2).join('/')))]
      const kept = await store.change({ onto: now.revision, author: account.name, summary, configuration, touches })
      if (kept.ok) return done(account, now.revision, kept.value.revision, summary)
      if (kept.problem.kind === 'invalid') return refused(kept.problem.problems.map(({ message }) => invalid(message)))
      if (kept.problem.kind !== 'conflict') return unavailable(`not kept: ${JSON.stringify(kept.problem)}`)
    }
    return unavailable('others changed the configuration all the time; ask again')
  }

  async function done(account: Account, before: number, revision: number, summary: string): Promise<Changed> {
    if (revision !== before)
      await accounts
        .audit({
          at: clock.now(),
          by: account.name,
          what: `configuration ${String(revision)}: ${summary}`,
          said: { kind: 'configurationChanged', values: { revision: String(revision), summary } },
        })
        .catch((fault: unknown) => log.error({ fault: String(fault), revision }, 'changed, but not in the audit log'))
    return ok({ outcome: 'done', revision })
  }

  /** For the log only: the answer tells nothing of what is there. */
  function refusedBy(account: Account, path: FieldPath): Changed {
    log.warn({ account: account.name, path: path.join('/') }, 'a change was forbidden')
    return forbidden
  }

  /** Of messages that are new or have another file. */
  async function missingSounds(before: Configuration, after: Configuration): Promise<EditProblem[]> {
    const known = new Set(before.messages.map(({ file, sha256 }) => `${sha256} ${file}`))
    const problems: EditProblem[] = []
    for (const message of after.messages)
      if (!known.has(`${message.sha256} ${message.file}`) && !(await parts.hasSound(message)))
        problems.push({
          path: ['messages', message.id, 'file'],
          key: 'gone',
          message: `there is no audio ${message.file} with this sha256`,
        })
    return problems
  }

  async function edit(account: Account, ask: Extract<AdministrationAsk, { type: 'edit' }>): Promise<Changed> {
    const parsed = parseEdits(ask.edits)
    if (!parsed.ok) return refused(parsed.problem)
    const edits = parsed.value
    if (!edits.every((each) => mayEdit(account, each))) return forbidden
    return change(account, async (now) => {
      const tried = account.roles.includes('admin') ? untried : applyEdits(ownPart(account, now.configuration), edits)
      const made =
        ask.onto === now.revision ? applied(now.configuration, edits) : await merged(account, now, { ...ask, edits })
      // A conflict says more than what no longer fits; what is hidden is told neither way.
      if (made.ok ? tried.ok : isConflict(made.problem))
        return made.ok && ask.summary !== undefined ? ok({ ...made.value, summary: ask.summary }) : made
      return tried.ok ? made : failed(refused(tried.problem))
    })
  }

  function applied(configuration: Configuration, edits: readonly Edit[]): Made {
    const made = applyEdits(configuration, edits)
    return made.ok ? ok({ configuration: made.value }) : failed(refused(made.problem))
  }

  /** The edits were made on an older version. */
  async function merged(
    account: Account,
    now: InForce,
    ask: Pick<Extract<AdministrationAsk, { type: 'edit' }>, 'onto' | 'choices'> & { readonly edits: readonly Edit[] },
  ): Promise<Made> {
    const base = await versionOf(ask.onto)
    if (!base.ok) return base
    const yours = applyEdits(base.value, ask.edits)
    if (!yours.ok) return failed(refused(yours.problem))
    const { choices } = ask
    const settled = (path: FieldPath) => {
      if (choices?.on !== now.revision) return undefined
      return choices.yours.some((each) => isSame(each, path)) ? 'yours' : 'theirs'
    }
    const both = mergeDocuments({ before: base.value, yours: yours.value, theirs: now.configuration }, settled)
    return together(account, now, both, { onto: ask.onto, otherwise: () => applied(now.configuration, ask.edits) })
  }

  async function together(
    account: Account,
    now: InForce,
    { document, conflicts }: Merged,
    { onto, otherwise }: { readonly onto: number; readonly otherwise?: () => Made },
  ): Promise<Made> {
    if (conflicts.length > 0) return failed(await conflict(account, now, conflicts, onto))
    const whole = validated(document)
    if (whole.ok) return ok({ configuration: whole.value })
    // What one removed the other may have named: the edits themselves mend that.
    return otherwise?.() ?? failed(refused(whole.problem))
  }

  async function conflict(
    account: Account,
    now: InForce,
    conflicts: readonly Conflict[],
    onto: number,
  ): Promise<Changed> {
    const touched = { ...now.configuration }
    // Who may not change a field is not told what others made of it.
    const seen = ownPart(account, touched)
    const isSeen = ({ path: [list, id] }: Conflict) =>
      account.roles.includes('admin') ||
      (list === 'groupNumbers' && seen.groupNumbers.some((group) => group.id === id)) ||
      (list === 'agents' && seen.agents.some((agent) => agent.id === id)) ||
      (list === 'messages' && seen.messages.some((message) => message.id === id))
    if (!conflicts.every(isSeen)) return forbidden
    const byWhom = await authorsOf(conflicts, onto)
    return ok({ outcome: 'conflict', revision: now.revision, byWhom, fields: conflicts })
  }

  /** Of the changes after `onto` that touched one of the fields, newest first. */
  async function authorsOf(conflicts: readonly Conflict[], onto: number): Promise<readonly string[]> {
    const authors = new Set<string>()
    for (const { revision, author } of store.history()) {
      if (revision <= onto) break
      const [before, after] = [await store.version(revision - 1), await store.version(revision)]
      if (!before.ok || !after.ok) continue
      const changes = changedFields(before.value, after.value)
      if (changes.some((field) => conflicts.some(({ path }) => isWithin(path, field.path)))) authors.add(author)
    }
    return [...authors]
  }

  async function undo(account: Account, revision: number | undefined): Promise<Changed> {
    if (revision !== undefined) return change(account, (now) => takenBack(account, now, revision))
    for (const each of store.history()) {
      const outcome = await change(account, (now) => takenBack(account, now, each.revision))
      if (outcome.ok || outcome.problem.kind !== 'forbidden') return outcome
    }
    return failed({ kind: 'unknown', message: 'there is no change that this account may take back' })
  }

  /** What is in force, without what a revision changed. */
  async function takenBack(account: Account, now: InForce, revision: number): Promise<Made> {
    const [before, after] = [await versionOf(revision - 1), await versionOf(revision)]
    if (!before.ok) return before
    if (!after.ok) return after
    if (findForbidden(account, after.value, before.value)) return failed(forbidden)
    const both = mergeDocuments({ before: after.value, yours: before.value, theirs: now.configuration })
    const made = await together(account, now, both, { onto: revision })
    const summary = summaryOf(`Ångrade version ${String(revision)}`, `Undid version ${String(revision)}`, now)
    return made.ok ? ok({ ...made.value, summary }) : made
  }

  function restore(account: Account, revision: number): Promise<Changed> {
    return change(account, async (now) => {
      const version = await versionOf(revision)
      if (!version.ok) return version
      const part = account.roles.includes('admin')
        ? version.value
        : ownVersion(account.supervises, now.configuration, version.value)
      const whole = validated(part)
      const summary = summaryOf(`Återställde version ${String(revision)}`, `Restored version ${String(revision)}`, now)
      return whole.ok ? ok({ configuration: whole.value, summary }) : failed(refused(whole.problem))
    })
  }

  function replace(account: Account, document: Configuration, summary: string, onto?: number): Promise<Changed> {
    return change(account, (now) =>
      onto !== undefined && onto !== now.revision
        ? failed(ok({ outcome: 'conflict', revision: now.revision, byWhom: authorsSince(onto), fields: [] }))
        : ok({ configuration: document, summary }),
    )
  }

  const authorsSince = (onto: number) => [
    ...new Set(store.history().flatMap(({ revision, author }) => (revision > onto ? [author] : []))),
  ]

  async function versionOf(revision: number): Promise<Result<Configuration, Changed>> {
    const now = store.current()
    if (revision === now.revision) return ok(now.configuration)
    const found = await store.version(revision)
    if (found.ok) return found
    if (found.problem.kind !== 'unknownRevision') return failed(unavailable(JSON.stringify(found.problem)))
    return failed(failed({ kind: 'unknown', message: `version ${String(revision)} is not kept` }))
  }

  return { edit, undo, restore, replace }
}

const summaryOf = (swedish: string, english: string, { configuration }: InForce) =>
  configuration.company.language === 'sv' ? swedish : english

const isConflict = (changed: Changed) => changed.ok && changed.value.outcome === 'conflict'

const refused = (problems: readonly EditProblem[]): Changed => ok({ outcome: 'refused', problems })

const unavailable = (message: string): Changed => failed({ kind: 'unavailable', message })

const invalid = (message: string): EditProblem => ({ path: [], key: 'invalid', message })

/** One of them is the other, or in it. */
const isWithin = (one: FieldPath, other: FieldPath) => {
  const [short, long] = one.length < other.length ? [one, other] : [other, one]
  return short.every((part, index) => part === long[index])
}
