import type { AgentFound, CheckProblem, EditOutcome, EffectsRead } from '../../../src/contract/administration.ts'
import type { Ask } from '../../../src/contract/console.ts'
import { applyEdits, parseEdits } from '../../../src/core/configuration/edits/apply-edits.ts'
import { effectsOf } from '../../../src/core/configuration/edits/effects-of.ts'
import { mergeDocuments } from '../../../src/core/configuration/merge-documents.ts'
import type { Configuration } from '../../../src/core/configuration/types.ts'
import type { CallerQuestion } from '../../../src/core/hours/caller-way.ts'
import { whatCallerMeets } from '../../../src/core/hours/what-caller-meets.ts'

/** A service in memory that edits as the real one does, with core's own code; it has revisions and knows conflicts. */
export function editingService(first: Configuration, { problems = [] }: { problems?: readonly CheckProblem[] } = {}) {
  const kept: Configuration[] = [first]
  const newest = () => kept.at(-1)!

  /** Somebody else saves. */
  function save(configuration: Configuration): number {
    kept.push(configuration)
    return kept.length
  }

  function edit(asked: Extract<Ask, { type: 'edit' }>): EditOutcome {
    const before = kept[asked.onto - 1]!
    const read = parseEdits(asked.edits)
    const applied = read.ok ? applyEdits(before, read.value) : read
    if (!applied.ok) return { outcome: 'refused', problems: applied.problem }
    const yours = new Set(asked.choices?.yours.map((path) => path.join('/')))
    const settled = asked.choices
      ? (path: readonly string[]) => (yours.has(path.join('/')) ? ('yours' as const) : ('theirs' as const))
      : undefined
    const merged = mergeDocuments({ before, yours: applied.value, theirs: newest() }, settled)
    if (merged.conflicts.length > 0)
      return { outcome: 'conflict', revision: kept.length, byWhom: ['Bo'], fields: merged.conflicts }
    return { outcome: 'done', revision: save(merged.document as Configuration) }
  }

  function answer(ask: Ask): unknown {
    switch (ask.type) {
      case 'readConfiguration':
        return { revision: kept.length, configuration: newest() }
      case 'edit':
        return edit(ask)
      case 'undo':
        return { outcome: 'done', revision: save(kept[(ask.revision ?? kept.length) - 2]!) } satisfies EditOutcome
      case 'effects': {
        const read = parseEdits(ask.edits)
        const found = read.ok ? effectsOf(newest(), read.value) : read
        return found.ok
          ? ({ effects: found.value, accounts: [], problems: [] } satisfies EffectsRead)
          : ({ effects: [], accounts: [], problems: found.problem } satisfies EffectsRead)
      }
      case 'check':
        return { problems }
      case 'whatCallerHears': {
        const { type: _, edits, ...question } = ask
        const read = parseEdits(edits ?? [])
        const applied = read.ok ? applyEdits(newest(), read.value) : read
        return whatCallerMeets(applied.ok ? applied.value : newest(), question as CallerQuestion)
      }
      case 'findAgent':
        return find(ask.phone)
      case 'logIn':
      case 'logOut':
      case 'pause':
      case 'resume':
        return {}
      default:
        return undefined
    }
  }

  function find(phone: string): AgentFound | null {
    const { agents, agreements, groupNumbers } = newest()
    const agent = agents.find((each) => each.phone === phone)
    const agreement = agreements.find(({ id }) => id === agent?.agreement)
    if (!agent || !agreement) return null
    return {
      agent,
      agreement: { id: agreement.id, name: agreement.name },
      memberOf: groupNumbers
        .filter(({ members }) => members.some((each) => each.agent === agent.id))
        .map(({ id }) => id),
      elsewhere: false,
      mayChange: ['firstName', 'lastName', 'phone', 'agreement', 'answersAt', 'wrapUpSeconds', 'autoAnswer'],
    }
  }

  return { answer, save, newest, revision: () => kept.length }
}
