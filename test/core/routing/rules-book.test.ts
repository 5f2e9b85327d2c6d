import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const rules = readFileSync(new URL('../../../docs/behaviour/routing.md', import.meta.url), 'utf8')
const numbers = [...rules.matchAll(/^- (R\d+) /gm)].map(([, number]) => number)

test('every rule of docs/behaviour/routing.md has a number of its own and a test that quotes it', () => {
  expect(numbers).toEqual([...new Set(numbers)])
  const tests = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
    .join('\n')
  expect(numbers.filter((number) => number !== undefined && !tests.includes(`[${number}]`))).toEqual([])
})
