import { configurationSchema } from './schema.ts'
import type { Configuration } from './types.ts'

/**
 * Reads a document as its schema says, in canonical key order; its references are not looked at.
 *
 * An edit keeps all parts but one or two of a large document: parts that were read before (`keepParts`) are not read
 * again and stay the same objects, so that who compares two versions finds them identical.
 *
 * @returns `undefined`: it has more faults than can be gathered.
 */
export function readShape(document: unknown) {
  return readNewParts(document) ?? readWhole(document)
}

/** Takes the parts of a good document as read. They are frozen, so that they stay good. */
export function keepParts(configuration: Configuration): void {
  for (const list of lists) for (const part of configuration[list]) kept.add(frozen(part))
}

const lists = ['agreements', 'agents', 'groupNumbers', 'messages'] as const
const kept = new WeakSet<object>()

function readWhole(document: unknown) {
  try {
    return configurationSchema.safeParse(document, { reportInput: true })
  } catch (fault) {
    // zod gathers faults on the stack, where a hundred thousand do not fit.
    if (fault instanceof RangeError) return undefined
    throw fault
  }
}

/** @returns `undefined`: none of it was read before, or it has a fault, whose path only the whole can tell. */
function readNewParts(document: unknown) {
  if (!hasLists(document)) return undefined
  const isNew = (part: object) => !kept.has(part)
  const onlyNew = { ...document }
  for (const list of lists) onlyNew[list] = document[list].filter(isNew)
  if (lists.every((list) => onlyNew[list].length === document[list].length)) return undefined
  const parsed = readWhole(onlyNew)
  if (parsed?.success !== true) return undefined

  const inPlace = (list: (typeof lists)[number]) => {
    const read: Iterator<object, undefined> = parsed.data[list].values()
    return document[list].map((part) => (isNew(part) ? read.next().value : part))
  }
  const data = { ...parsed.data, ...Object.fromEntries(lists.map((list) => [list, inPlace(list)])) } as Configuration
  return { success: true as const, data }
}

function hasLists(document: unknown): document is Record<(typeof lists)[number], readonly object[]> {
  if (typeof document !== 'object' || document === null) return false
  const ofParts = (value: unknown) =>
    Array.isArray(value) && value.every((part) => typeof part === 'object' && part !== null)
  return lists.every(
    (list) => Object.hasOwn(document, list) && ofParts((document as Readonly<Record<string, unknown>>)[list]),
  )
}

function frozen<Value extends object>(value: Value): Value {
  if (Object.isFrozen(value)) return value
  for (const inner of Object.values(value) as unknown[]) if (typeof inner === 'object' && inner !== null) frozen(inner)
  return Object.freeze(value)
}
