import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { configurationJsonSchema } from '../../../src/core/configuration/json-schema.ts'
import { parseConfiguration, parseConfigurationText } from '../../../src/core/configuration/parse.ts'
import { serializeConfiguration } from '../../../src/core/configuration/serialize.ts'
import type { Configuration } from '../../../src/core/configuration/types.ts'
import { documentOf } from './document.ts'

function parsed(document: unknown): Configuration {
  const result = parseConfiguration(document)
  if (!result.ok) throw new Error(JSON.stringify(result.problem))
  return result.value
}

const exported = `${JSON.stringify(documentOf(), null, 2)}\n`

test('[C1] two spaces, the keys in the order of the schema, a final newline', () => {
  expect(serializeConfiguration(parsed(documentOf()))).toBe(exported)
})

test('[C1] the same content is always the same bytes, in whatever order its keys came', () => {
  const turn = fc.infiniteStream(fc.integer({ min: 0, max: 1_000_000 }))
  fc.assert(
    fc.property(turn, (numbers) => {
      const shuffled = shuffleKeys(documentOf(), () => numbers.next().value as number)
      expect(serializeConfiguration(parsed(shuffled))).toBe(exported)
      expect(serializeConfiguration(shuffled as Configuration)).toBe(exported)
    }),
  )
})

function shuffleKeys(value: unknown, draw: () => number): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => shuffleKeys(item, draw))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => ({ key, item: shuffleKeys(item, draw), place: draw() }))
      .sort((a, b) => a.place - b.place)
      .map(({ key, item }) => [key, item]),
  )
}

test('[C3] an import exports unchanged: nothing is added, nothing lost', () => {
  const read = parseConfigurationText(exported)
  expect(read.ok && serializeConfiguration(read.value)).toBe(exported)
})

test('[C16] the JSON schema that is shipped is that of the parser (vitest -u writes it anew)', async () => {
  await expect(configurationJsonSchema()).toMatchFileSnapshot('../../../resources/gruppnummer.schema.json')
})
