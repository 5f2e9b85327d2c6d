import { byId, documentShape, isKeyed, isList, isSame, keysOf, shapeOf, type FieldPath, type Shape } from './fields.ts'
import type { Configuration } from './types.ts'

export interface FieldChange {
  readonly path: FieldPath
  /** `added` and `removed`: an item of a list, whole; `reordered`: `before` and `after` are the ids in order. */
  readonly kind: 'added' | 'removed' | 'changed' | 'reordered'
  /** Absent where the field was absent, or the item added. */
  readonly before?: unknown
  readonly after?: unknown
}

/** Every field in which two documents differ, in the order of the document. */
export function changedFields(before: Configuration, after: Configuration): readonly FieldChange[] {
  const changes: FieldChange[] = []
  compare(documentShape, before, after, [])
  return changes

  function compare(shape: Shape, one: unknown, other: unknown, path: FieldPath) {
    if (one === other) return
    if (shape.kind === 'keys' && isKeyed(one) && isKeyed(other)) {
      for (const key of keysOf(one, other)) compare(shapeOf(shape.of, key), one[key], other[key], [...path, key])
    } else if (shape.kind === 'list' && isList(one) && isList(other)) {
      compareItems(shape, byId(one, shape.id), byId(other, shape.id), path)
    } else if (!isSame(one, other)) {
      changes.push({ path, kind: 'changed', ...valued('before', one), ...valued('after', other) })
    }
  }

  function compareItems(
    { item }: Extract<Shape, { kind: 'list' }>,
    was: ReadonlyMap<string, unknown>,
    is: ReadonlyMap<string, unknown>,
    path: FieldPath,
  ) {
    for (const [id, value] of was)
      if (is.has(id)) {
        // Most are as they were: looked at before their fields are put in order.
        if (!isSame(value, is.get(id))) compare(item, value, is.get(id), [...path, id])
      } else changes.push({ path: [...path, id], kind: 'removed', before: value })
    for (const [id, value] of is) if (!was.has(id)) changes.push({ path: [...path, id], kind: 'added', after: value })
    const wasOrder = [...was.keys()].filter((id) => is.has(id))
    const isOrder = [...is.keys()].filter((id) => was.has(id))
    if (!isSame(wasOrder, isOrder))
      changes.push({ path: [...path, 'order'], kind: 'reordered', before: [...was.keys()], after: [...is.keys()] })
  }
}

const valued = <Name extends string>(name: Name, value: unknown) =>
  (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, unknown>>
