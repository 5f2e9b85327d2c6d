import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import en from '../../../src/renderer/i18n/en.json'
import sv from '../../../src/renderer/i18n/sv.json'

type Words = { readonly [key: string]: string | Words }

const flat = (words: Words, path = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value]] : flat(value, `${path}${key}.`),
  )
const swedish = new Map(flat(sv))
const english = new Map(flat(en))
const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted()

test('Swedish and English have the same keys in the same order', () => {
  expect([...english.keys()]).toEqual([...swedish.keys()])
})

test('no text is empty, and both languages fill in the same', () => {
  for (const [key, text] of swedish) {
    expect(text, key).not.toBe('')
    expect(placeholders(english.get(key) ?? ''), key).toEqual(placeholders(text))
  }
})

test('every text that is asked for is there, and every text there is asked for', () => {
  const root = 'src/renderer'
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(vue|ts)$/.test(file))
  const source = files
    .filter((file) => !file.startsWith('caller'))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n')
  const exact = [...source.matchAll(/'([a-z]\w*(?:\.\w+)+)'/gi)].map(([, key]) => key ?? '')
  const begun = [...source.matchAll(/`([a-z]\w*\.[\w.]*)\$\{/gi)].map(([, key]) => key ?? '')
  const sections = Object.keys(sv)

  const missing = exact.filter((key) => sections.includes(key.split('.')[0] ?? '') && !swedish.has(key))
  expect(missing).toEqual([])
  const unused = [...swedish.keys()].filter(
    (key) => !exact.includes(key) && !begun.some((start) => key.startsWith(start)),
  )
  expect(unused).toEqual([])
})
