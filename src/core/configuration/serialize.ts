import { readShape } from './read-shape.ts'
import type { Configuration } from './types.ts'

/**
 * The bytes of an export: keys in the order of the schema, two spaces, a final newline, nothing added and
 * nothing left out. The same content is always the same text, whatever order its keys had.
 *
 * @throws ZodError if the value is no configuration, which its type rules out.
 */
export function serializeConfiguration(configuration: Configuration): string {
  const read = readShape(configuration)
  if (read?.success !== true) throw read?.error ?? new Error('no configuration: it has too many faults to list')
  return `${JSON.stringify(read.data, null, 2)}\n`
}
