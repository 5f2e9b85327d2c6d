import type { AdministrationAsk, HistoryRead, RevisionRead } from '../../contract/administration.ts'
import { changedFields } from '../../core/configuration/changed-fields.ts'
import { difference, type Change } from '../../core/configuration/difference.ts'
import { summaryInWords } from '../../core/configuration/difference-in-words.ts'
import type { Configuration, GroupNumberId } from '../../core/configuration/types.ts'
import { failed, ok, type Result } from '../../core/result.ts'
import { readableBy } from '../console/readable-configuration.ts'
import { reachOf } from '../console/rights.ts'
import type { Account, ConfigurationStore, Revision } from '../ports.ts'

/** Reads versions as an account may see them. */
export interface OwnReading {
  /** What the account may read of a configuration. */
  partOf(account: Account, configuration: Configuration): Configuration
  version(account: Account, revision: number): Promise<Result<Configuration, string>>
  compare(account: Account, from: number, to: number): Promise<Result<readonly Change[], string>>
  history(account: Account, ask: Extract<AdministrationAsk, { type: 'history' }>): Promise<HistoryRead>
}

/** What a revision is to who may see a part; it never changes. Reading a version back takes most of the time. */
const mostRemembered = 2000
/** Versions next to each other are read one after the other. */
const mostVersions = 4

export function openOwnReading(store: Pick<ConfigurationStore, 'current' | 'history' | 'version'>): OwnReading {
  const remembered = new Map<string, { readonly all: number; readonly own: readonly Change[] }>()
  const versions = new Map<number, Configuration>()

  const seesAll = ({ roles }: Account) => reachOf(roles, 'version').has('all')

  function partOf(account: Account, configuration: Configuration): Configuration {
    return seesAll(account) ? configuration : readableBy(account.supervises, configuration)
  }

  async function whole(revision: number): Promise<Result<Configuration, string>> {
    const now = store.current()
    if (revision === now.revision) return ok(now.configuration)
    const known = versions.get(revision)
    if (known) return ok(known)
    const found = await store.version(revision)
    if (!found.ok) return failed(`version ${String(revision)} is not kept`)
    remember(versions, revision, found.value, mostVersions)
    return found
  }

  async function version(account: Account, revision: number): Promise<Result<Configuration, string>> {
    const found = await whole(revision)
    return found.ok ? ok(partOf(account, found.value)) : found
  }

  async function compare(account: Account, from: number, to: number): Promise<Result<readonly Change[], string>> {
    const [before, after] = [await version(account, from), await version(account, to)]
    if (!before.ok) return before
    return after.ok ? ok(difference(before.value, after.value)) : after
  }

  async function history(account: Account, ask: Parameters<OwnReading['history']>[1]): Promise<HistoryRead> {
    const { before = Infinity, limit = 50 } = ask
    const older = store.history().filter(({ revision }) => revision < before)
    if (seesAll(account)) return { revisions: older.slice(0, limit).map(told), more: older.length > limit }
    const revisions: RevisionRead[] = []
    for (const revision of older) {
      const seen = await seenOf(account, revision)
      if (!seen) continue
      if (revisions.length === limit) return { revisions, more: true }
      revisions.push(seen)
    }
    return { revisions, more: false }
  }

  /** As a supervisor sees it: only what it changed in the own part, and the author's words only if that was all. */
  async function seenOf(account: Account, given: Revision): Promise<RevisionRead | undefined> {
    const whose = ownerOf(given, account.supervises)
    if (whose !== 'unclear') return whose === 'own' ? told(given) : undefined
    const changed = await changedBy(account, given.revision)
    if (!changed || changed.own.length === 0) return undefined
    const { company } = store.current().configuration
    return changed.own.length === changed.all
      ? told(given)
      : { ...told(given), summary: summaryInWords(changed.own, company.language) }
  }

  async function changedBy(account: Account, revision: number) {
    const key = [revision, ...account.supervises].join(' ')
    const known = remembered.get(key)
    if (known) return known
    const [after, before] = [await whole(revision), await whole(revision - 1)]
    if (!before.ok || !after.ok) return undefined
    const all = changedFields(before.value, after.value).length
    const own = difference(partOf(account, before.value), partOf(account, after.value))
    const changed = { all, own }
    remember(remembered, key, changed, mostRemembered)
    return changed
  }

  return { partOf, version, compare, history }
}

const told = ({ revision, at, author, summary }: Revision): RevisionRead => ({ revision, at, author, summary })

const groupTouched = /^groupNumbers\/(?<id>.+)$/

/** Whose group numbers alone a version changed; what else it may have changed is read from the versions themselves. */
function ownerOf({ touches = [] }: Revision, own: readonly GroupNumberId[]): 'own' | 'others' | 'unclear' {
  const groups = touches.map((touched) => groupTouched.exec(touched)?.groups?.id)
  if (groups.length === 0 || groups.some((id) => id === undefined || id === 'order')) return 'unclear'
  if (groups.every((id) => own.some((each) => each === id))) return 'own'
  return groups.some((id) => own.some((each) => each === id)) ? 'unclear' : 'others'
}

/** The oldest goes. */
function remember<Key, Value>(known: Map<Key, Value>, key: Key, value: Value, most: number) {
  known.set(key, value)
  const [oldest] = known.keys()
  if (known.size > most && oldest !== undefined) known.delete(oldest)
}
