import { z } from 'zod'
import type { ConfigurationRead } from '../../contract/console.ts'
import { configurationSchema } from '../../core/configuration/schema.ts'

const schema = z.object({ revision: z.number(), configuration: configurationSchema })

/**
 * Reads the answer to `readConfiguration`; undefined when it is none.
 *
 * Its form alone is judged: what a supervisor may read is a part, which may name what is not in it.
 */
export function parseConfigurationRead(value: unknown): ConfigurationRead | undefined {
  const read = schema.safeParse(value)
  return read.success ? read.data : undefined
}
