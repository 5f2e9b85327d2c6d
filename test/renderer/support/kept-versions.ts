import { readFileSync } from 'node:fs'
import type { AuditRead, EditOutcome, HistoryRead, RevisionRead } from '../../../src/contract/administration.ts'
import type { Ask } from '../../../src/contract/console.ts'
import { difference } from '../../../src/core/configuration/difference.ts'
import { summaryInWords } from '../../../src/core/configuration/difference-in-words.ts'
import type { Configuration } from '../../../src/core/configuration/types.ts'
import { at } from './live.ts'

export const exampleCompany = JSON.parse(readFileSync('resources/example/gruppnummer.json', 'utf8')) as Configuration

/** A service's versions and log in memory: each restore and undo is a new version, as in the store. */
export function keptVersions(first: Configuration = exampleCompany) {
  const versions: { readonly read: RevisionRead; readonly configuration: Configuration }[] = []
  const log: AuditRead[] = []
  save(first, 'anna', 'Första versionen')

  function save(configuration: Configuration, author: string, summary?: string): number {
    const last = versions.at(-1)
    const revision = versions.length + 1
    const words = summary ?? (last ? summaryInWords(difference(last.configuration, configuration), 'sv') : '')
    versions.push({ read: { revision, at: at(revision * 60 - 3600), author, summary: words }, configuration })
    return revision
  }
  const of = (revision: number) => versions[revision - 1]?.configuration ?? first

  function answer(ask: Ask): unknown {
    switch (ask.type) {
      case 'history': {
        const older = versions.map(({ read }) => read).filter(({ revision }) => revision < (ask.before ?? Infinity))
        const revisions = older.toReversed().slice(0, ask.limit)
        return { revisions, more: older.length > revisions.length } satisfies HistoryRead
      }
      case 'compare': {
        const to = ask.to ?? versions.length
        return { from: ask.from, to, changes: difference(of(ask.from), of(to)) }
      }
      case 'restore':
        return done(save(of(ask.revision), 'admin'))
      case 'undo':
        return done(save(of((ask.revision ?? versions.length) - 1), 'admin'))
      case 'audit':
        return log
          .filter((entry) => ask.by === undefined || entry.by === ask.by)
          .filter((entry) => entry.at >= (ask.from ?? -Infinity) && entry.at < (ask.to ?? Infinity))
          .filter(({ what }) => what.toLowerCase().includes((ask.containing ?? '').toLowerCase()))
          .toReversed()
          .slice(ask.skip ?? 0)
          .slice(0, ask.limit)
      default:
        return undefined
    }
  }
  const done = (revision: number): EditOutcome => ({ outcome: 'done', revision })

  return { answer, save, log, newest: () => of(versions.length) }
}
