import {
  byId,
  documentShape,
  interleave,
  isKeyed,
  isList,
  isSame,
  keysOf,
  shapeOf,
  type FieldPath,
  type Keyed,
  type Shape,
} from './fields.ts'
import type { Configuration } from './types.ts'

export interface Conflict {
  readonly path: FieldPath
  /** Absent: not there. */
  readonly before?: unknown
  readonly yours?: unknown
  readonly theirs?: unknown
}

export interface Merged {
  /** Not validated: what each of two changes says may not fit together. Conflicts not settled are theirs. */
  readonly document: unknown
  readonly conflicts: readonly Conflict[]
}

/**
 * Puts two changes of one document together, field by field. A field changed in both, differently, is a conflict, unless
 * its path is among `settled`, which says whose it becomes.
 */
export function mergeDocuments(
  versions: { readonly before: Configuration; readonly yours: Configuration; readonly theirs: Configuration },
  settled: (path: FieldPath) => 'yours' | 'theirs' | undefined = () => undefined,
): Merged {
  const conflicts: Conflict[] = []
  const { before, yours, theirs } = versions
  return { document: merge(documentShape, before, yours, theirs, []), conflicts }

  function merge(shape: Shape, was: unknown, mine: unknown, other: unknown, path: FieldPath): unknown {
    if (isSame(mine, other) || isSame(mine, was)) return other
    if (isSame(other, was)) return mine
    if (shape.kind === 'keys' && isKeyed(mine) && isKeyed(other) && isKeyed(was))
      return mergeKeys(shape, was, mine, other, path)
    if (shape.kind === 'list' && isList(mine) && isList(other) && isList(was))
      return mergeItems(shape, was, mine, other, path)
    return settle(path, was, mine, other)
  }

  function mergeKeys(
    { of }: Extract<Shape, { kind: 'keys' }>,
    was: Keyed,
    mine: Keyed,
    other: Keyed,
    path: FieldPath,
  ): Keyed {
    const entries = keysOf(other, mine).map((key): [string, unknown] => [
      key,
      merge(shapeOf(of, key), was[key], mine[key], other[key], [...path, key]),
    ])
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
  }

  function mergeItems(
    { id, item }: Extract<Shape, { kind: 'list' }>,
    was: readonly Keyed[],
    mine: readonly Keyed[],
    other: readonly Keyed[],
    path: FieldPath,
  ): readonly unknown[] {
    const [wasById, mineById, otherById] = [byId(was, id), byId(mine, id), byId(other, id)]
    const orders = { was: [...wasById.keys()], mine: [...mineById.keys()], other: [...otherById.keys()] }
    return orderOf(orders, path).flatMap((key) => {
      const value = merge(item, wasById.get(key), mineById.get(key), otherById.get(key), [...path, key])
      return value === undefined ? [] : [value]
    })
  }

  /** Of all ids on either side; what one side added keeps its place. */
  function orderOf(orders: { was: string[]; mine: string[]; other: string[] }, path: FieldPath): readonly string[] {
    const { was, mine, other } = orders
    const reordered = (list: readonly string[]) => !isSame(common(list, was), common(was, list))
    if (!reordered(mine)) return interleave(other, mine)
    if (!reordered(other) || isSame(common(mine, other), common(other, mine))) return interleave(mine, other)
    return settle([...path, 'order'], was, mine, other) === mine ? interleave(mine, other) : interleave(other, mine)
  }

  function settle(path: FieldPath, was: unknown, mine: unknown, other: unknown): unknown {
    const whose = settled(path)
    if (whose === undefined)
      conflicts.push({
        path,
        ...(was !== undefined && { before: was }),
        ...(mine !== undefined && { yours: mine }),
        ...(other !== undefined && { theirs: other }),
      })
    return whose === 'yours' ? mine : other
  }
}

function common(list: readonly string[], with_: readonly string[]): readonly string[] {
  const known = new Set(with_)
  return list.filter((id) => known.has(id))
}
