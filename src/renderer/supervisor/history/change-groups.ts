import type { Change } from '../../../core/configuration/difference.ts'
import { inWords } from '../../../core/configuration/difference-in-words.ts'
import type { Language } from '../../../core/configuration/types.ts'

/** The changes of one thing: a group number with all in it, an agent, a message. `name` absent: the company itself. */
export interface ChangeGroup {
  readonly key: string
  readonly name?: string
  readonly lines: readonly { readonly kind: Change['kind']; readonly words: string }[]
}

/** In words, by what they are changes of; `only`: of this group number and what is in it. */
export function changeGroups(changes: readonly Change[], language: Language, only?: string): readonly ChangeGroup[] {
  const groups = new Map<string, { key: string; name?: string; lines: { kind: Change['kind']; words: string }[] }>()
  for (const change of changes) {
    const [first] = change.subjects
    if (only !== undefined && !(first?.kind === 'groupNumber' && first.id === only)) continue
    const key = first === undefined ? 'company' : `${first.kind} ${first.id}`
    const name = first === undefined ? undefined : first.name || first.id
    const group = groups.get(key) ?? { key, ...(name !== undefined && { name }), lines: [] }
    groups.set(key, group)
    group.lines.push({ kind: change.kind, words: capital(withoutOwner(inWords(change, language), name)) })
  }
  return [...groups.values()]
}

/** The heading names it already. */
function withoutOwner(words: string, name: string | undefined): string {
  if (name === undefined) return words
  for (const mark of [': ', ', ']) if (words.startsWith(name + mark)) return words.slice(name.length + mark.length)
  return words
}

const capital = (words: string) => words.slice(0, 1).toUpperCase() + words.slice(1)
