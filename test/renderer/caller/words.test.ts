import { expect, test } from 'vitest'
import en from '../../../src/renderer/caller/en.json'
import sv from '../../../src/renderer/caller/sv.json'

function keys(words: object, above = ''): string[] {
  return Object.entries(words)
    .flatMap(([key, value]) => (typeof value === 'string' ? [above + key] : keys(value as object, `${above}${key}.`)))
    .toSorted()
}

test('the caller page says everything in both languages', () => {
  expect(keys(en)).toEqual(keys(sv))
})
