import { byId, documentShape, isKeyed, isList, shapeOf, type FieldPath, type Shape } from './fields.ts'

/** A place that a `Problem` names by position, `groupNumbers[0].members[2].agent`, named by ids. */
export function fieldPathOf(path: string, document: unknown): FieldPath {
  let shape: Shape | undefined = documentShape
  let value = document
  return partsOf(path).map((part) => {
    if (shape?.kind === 'list' && isList(value)) {
      const item: unknown = value[Number(part)]
      const id: unknown = isKeyed(item) ? item[shape.id] : undefined
      shape = shape.item
      value = item
      return typeof id === 'string' ? id : part
    }
    shape = shape?.kind === 'keys' ? shapeOf(shape.of, part) : undefined
    value = isKeyed(value) ? value[part] : undefined
    return part
  })
}

/** The value at a place; undefined: there is none. */
export function valueAt(path: FieldPath, document: unknown): unknown {
  let shape: Shape | undefined = documentShape
  let value = document
  for (const part of path) {
    if (shape?.kind === 'list' && isList(value)) {
      value = byId(value, shape.id).get(part)
      shape = shape.item
    } else {
      shape = shape?.kind === 'keys' ? shapeOf(shape.of, part) : undefined
      value = isKeyed(value) && Object.hasOwn(value, part) ? value[part] : undefined
    }
  }
  return value
}

/** The parts of `groupNumbers[0]["odd key"].name`. */
function partsOf(path: string): readonly string[] {
  return [...path.matchAll(/\[("(?:[^"\\]|\\.)*")\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, key]) =>
    quoted === undefined ? (index ?? key ?? '') : String(JSON.parse(quoted)),
  )
}
