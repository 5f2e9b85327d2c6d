import type { Configuration } from './types.ts'

/**
 * A place in a document, by ids and not by position, so that it means the same in every version:
 * `['groupNumbers', 'support', 'schedules', 'ordinary', 'week', 'mon']`. Members are named by their agent. `order` after
 * the name of a list is the order of its items.
 */
export type FieldPath = readonly string[]

/** How a value is told apart and put together: whole, by its keys, or by the ids of its items. */
export type Shape =
  | { readonly kind: 'whole' }
  | { readonly kind: 'keys'; readonly of: Readonly<Record<string, Shape>> }
  | { readonly kind: 'list'; readonly id: string; readonly item: Shape }

export type Keyed = Readonly<Record<string, unknown>>

const whole: Shape = { kind: 'whole' }
const keys = (of: Readonly<Record<string, Shape>> = {}): Shape => ({ kind: 'keys', of })
const list = (item: Shape, id = 'id'): Shape => ({ kind: 'list', id, item })

/** An interval of a day, an action or a list of music is one field; all else of a document is its smallest parts. */
export const documentShape: Shape = keys({
  company: keys(),
  agreements: list(keys()),
  agents: list(keys()),
  groupNumbers: list(
    keys({
      members: list(keys(), 'agent'),
      schedules: list(keys({ week: keys() })),
      exceptions: list(keys()),
      messages: keys(),
      settings: keys(),
    }),
  ),
  messages: list(keys()),
} satisfies Partial<Record<keyof Configuration, Shape>>)

/** Of a key that the shape does not name. */
export const shapeOf = (shape: Readonly<Record<string, Shape>>, key: string): Shape =>
  Object.hasOwn(shape, key) ? (shape[key] ?? whole) : whole

export const isKeyed = (value: unknown): value is Keyed =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isList = (value: unknown): value is readonly Keyed[] => Array.isArray(value)

/** The items by their id; an id twice is the last one's, which no parsed document has. */
export const byId = (items: readonly Keyed[], id: string) => new Map(items.map((item) => [String(item[id]), item]))

/** The keys of both, in the order that both have. */
export const keysOf = (one: Keyed, other: Keyed) => interleave(Object.keys(one), Object.keys(other))

/** `first` in its order; what only `second` has comes right before the one that it stood before there, else last. */
export function interleave(first: readonly string[], second: readonly string[]): readonly string[] {
  const known = new Set(first)
  const before = new Map<string, readonly string[]>()
  let waiting: string[] = []
  for (const id of second) {
    if (!known.has(id)) {
      waiting.push(id)
      continue
    }
    before.set(id, waiting)
    waiting = []
  }
  return [...first.flatMap((id) => [...(before.get(id) ?? []), id]), ...waiting]
}

/** The same content, whatever the order of keys. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]))
  if (!isKeyed(one) || !isKeyed(other)) return false
  const names = Object.keys(one)
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]))
  )
}
