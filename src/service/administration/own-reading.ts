import type { AdministrationAsk, HistoryRead, RevisionRead } from '../../contract/administration.ts'
import { difference, type Change } from '../../core/configuration/difference.ts'
import { summaryInWords } from '../../core/configuration/difference-in-words.ts'
import type { Configuration } from '../../core/configuration/types.ts'
import { failed, ok, type Result } from '../../core/result.ts'
import { readableBy } from '../console/readable-configuration.ts'
import { reachOf } from '../console/rights.ts'
import type { Account, ConfigurationStore } from '../ports.ts'

/** Reads versions as an account may see them. */
export interface OwnReading {
  /** What the account may read of a configuration. */
  partOf(account: Account, configuration: Configuration): Configuration
  version(account: Account, revision: number): Promise<Result<Configuration, string>>
  compare(account: Account, from: number, to: number): Promise<Result<readonly Change[], string>>
  history(account: Account, ask: Extract<AdministrationAsk, { type: 'history' }>): Promise<HistoryRead>
}

/** What a revision changed, by revision: it never changes. */
const mostRemembered = 300

export function openOwnReading(store: Pick<ConfigurationStore, 'current' | 'history' | 'version'>): OwnReading {
  const remembered = new Map<number, readonly Change[]>()

  const seesAll = ({ roles }: Account) => reachOf(roles, 'version').has('all')

  function partOf(account: Account, configuration: Configuration): Configuration {
    return seesAll(account) ? configuration : readableBy(account.supervises, configuration)
  }

  async function whole(revision: number): Promise<Result<Configuration, string>> {
    const now = store.current()
    if (revision === now.revision) return ok(now.configuration)
    const found = await store.version(revision)
    return found.ok ? found : failed(`version ${String(revision)} is not kept`)
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
    if (seesAll(account)) return { revisions: older.slice(0, limit), more: older.length > limit }
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
  async function seenOf(account: Account, given: RevisionRead): Promise<RevisionRead | undefined> {
    const [before, after] = [await whole(given.revision - 1), await whole(given.revision)]
    if (!before.ok || !after.ok) return undefined
    const all = changesOf(given.revision, before.value, after.value)
    const own = difference(partOf(account, before.value), partOf(account, after.value))
    if (own.length === 0) return undefined
    const { company } = store.current().configuration
    return own.length === all.length ? given : { ...given, summary: summaryInWords(own, company.language) }
  }

  function changesOf(revision: number, before: Configuration, after: Configuration): readonly Change[] {
    const known = remembered.get(revision) ?? difference(before, after)
    remembered.set(revision, known)
    const [oldest] = remembered.keys()
    if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest)
    return known
  }

  return { partOf, version, compare, history }
}
