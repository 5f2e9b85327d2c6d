import { changedFields, type FieldChange } from './changed-fields.ts'
import { valueAt } from './field-path-of.ts'
import { isKeyed, type FieldPath } from './fields.ts'
import type { Configuration } from './types.ts'

/** One difference of two documents. `inWords` says it. */
export interface Change extends FieldChange {
  /** Whose field it is, from the outside in: a group number, then its schedule. Empty: the company's. */
  readonly subjects: readonly Subject[]
  /** Of the ids in `before` and `after`. */
  readonly names: Readonly<Record<string, string>>
}

export interface Subject {
  readonly kind: 'agreement' | 'agent' | 'groupNumber' | 'member' | 'schedule' | 'exception' | 'message'
  readonly id: string
  readonly name: string
}

/** What is different in `after`, in the order of the document. */
export function difference(before: Configuration, after: Configuration): readonly Change[] {
  const changes = changedFields(before, after)
  if (changes.length === 0) return []
  const names = { before: namesIn(before), after: namesIn(after) }
  return changes.map((change) => {
    const subjects = subjectsOf(change.path, before, after)
    return { ...change, subjects, names: mentioned(change, subjects, names) }
  })
}

const kinds: Readonly<Partial<Record<string, Subject['kind']>>> = {
  agreements: 'agreement',
  agents: 'agent',
  groupNumbers: 'groupNumber',
  members: 'member',
  schedules: 'schedule',
  exceptions: 'exception',
  messages: 'message',
}

/** Named as they are called in `after`, else as they were. */
function subjectsOf(path: FieldPath, before: Configuration, after: Configuration): readonly Subject[] {
  const subjects: Subject[] = []
  for (const at of [1, 3]) {
    const kind = kinds[path[at - 1] ?? '']
    const id = path[at]
    // The messages that a group number has chosen are no list.
    if (kind === undefined || id === undefined || id === 'order' || (at > 1 && kind === 'message')) break
    const place = path.slice(0, at + 1)
    const named = kind === 'member' ? ['agents', id] : place
    const item = valueAt(named, after) ?? valueAt(named, before)
    subjects.push({ kind, id, name: isKeyed(item) ? nameOf(item) : id })
  }
  return subjects
}

/** By list and id; schedules by group number and id. */
type Names = ReadonlyMap<string, string>

function namesIn({ agreements, agents, groupNumbers, messages }: Configuration): Names {
  const named = (list: string, items: readonly { readonly id: string }[]) =>
    items.map((item): [string, string] => [`${list}/${item.id}`, nameOf(item)])
  return new Map([
    ...named('agreements', agreements),
    ...named('agents', agents),
    ...named('groupNumbers', groupNumbers),
    ...named('messages', messages),
    ...groupNumbers.flatMap(({ id, schedules }) => named(`schedules/${id}`, schedules)),
  ])
}

function nameOf(item: object): string {
  if ('name' in item && typeof item.name === 'string') return item.name
  if (!('firstName' in item) || !('lastName' in item)) return ''
  const name = `${String(item.firstName)} ${String(item.lastName)}`.trim()
  return name === '' && 'phone' in item ? String(item.phone) : name
}

/** In which list a key names an item. */
const lists: Readonly<Partial<Record<string, string>>> = {
  agreement: 'agreements',
  parent: 'agreements',
  agent: 'agents',
  groupNumber: 'groupNumbers',
  to: 'groupNumbers',
  ...Object.fromEntries(
    ['welcome', 'closed', 'comfort', 'overflow', 'music', 'message'].map((key) => [key, 'messages']),
  ),
}

function mentioned(
  { path, before, after }: FieldChange,
  subjects: readonly Subject[],
  names: { readonly before: Names; readonly after: Names },
): Change['names'] {
  const found = new Map<string, string>()
  const schedules = `schedules/${subjects[0]?.id ?? ''}`
  const look = (value: unknown, key: string): void => {
    if (Array.isArray(value)) for (const each of value) look(each, key)
    else if (isKeyed(value)) for (const [inner, each] of Object.entries(value)) look(each, inner)
    else if (typeof value === 'string') {
      const list = key === 'activeSchedule' ? schedules : lists[key]
      const name = names.after.get(`${list ?? ''}/${value}`) ?? names.before.get(`${list ?? ''}/${value}`)
      if (name !== undefined) found.set(value, name)
    }
  }
  look(before, path.at(-1) ?? '')
  look(after, path.at(-1) ?? '')
  return Object.fromEntries(found)
}
