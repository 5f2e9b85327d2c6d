import { z } from 'zod'
import { configurationSchema } from './schema.ts'

/** The JSON Schema of the document (draft 2020-12), shipped as `resources/gruppnummer.schema.json`. */
export function configurationJsonSchema(): string {
  const schema = z.toJSONSchema(configurationSchema, { io: 'input', reused: 'inline' })
  return `${JSON.stringify({ title: 'Gruppnummer configuration, gruppnummer.json', ...schema }, null, 2)}\n`
}
