import { writeFileSync } from 'node:fs'
import { configurationJsonSchema } from '../src/core/configuration/json-schema.ts'

writeFileSync(new URL('../resources/gruppnummer.schema.json', import.meta.url), configurationJsonSchema())
