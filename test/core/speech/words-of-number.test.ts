import fc from 'fast-check'
import { expect, test } from 'vitest'
import { numberWords, wordsOfNumber, type SpokenLanguage } from '../../../src/core/speech/words-of-number.ts'

const said = (number: number, language: SpokenLanguage, gender?: 'common' | 'neuter') =>
  wordsOfNumber(number, language, gender)
    ?.map((piece) => numberWords[language][piece] ?? '?')
    .join(' ')

test.each([
  [0, 'noll'],
  [1, 'ett'],
  [2, 'två'],
  [11, 'elva'],
  [18, 'arton'],
  [20, 'tjugo'],
  [21, 'tjugo ett'],
  [99, 'nittio nio'],
  [100, 'ett hundra'],
  [101, 'ett hundra ett'],
  [1000, 'ett tusen'],
  [1001, 'ett tusen ett'],
  [2340, 'två tusen tre hundra fyrtio'],
  [9999, 'nio tusen nio hundra nittio nio'],
])('%i is said "%s" in Swedish', (number, words) => {
  expect(said(number, 'sv')).toBe(words)
})

test.each([
  [1, 'en'],
  [21, 'tjugo en'],
  [101, 'ett hundra en'],
  [1000, 'ett tusen'],
  [11, 'elva'],
])('%i minutes are said "%s" in Swedish', (number, words) => {
  expect(said(number, 'sv', 'common')).toBe(words)
})

test.each([
  [0, 'zero'],
  [13, 'thirteen'],
  [21, 'twenty one'],
  [100, 'one hundred'],
  [101, 'one hundred and one'],
  [1000, 'one thousand'],
  [1005, 'one thousand and five'],
  [1100, 'one thousand one hundred'],
  [2340, 'two thousand three hundred and forty'],
])('%i is said "%s" in English', (number, words) => {
  expect(said(number, 'en')).toBe(words)
  expect(said(number, 'en', 'common')).toBe(words)
})

test.each([-1, 10_000, 1.5, NaN, Infinity])('%d is not said', (number) => {
  expect(wordsOfNumber(number, 'sv')).toBeUndefined()
})

test('no two numbers are said alike, and every piece has its word', () => {
  fc.assert(
    fc.property(fc.nat(9999), fc.nat(9999), fc.constantFrom('sv' as const, 'en' as const), (one, other, language) => {
      expect(said(one, language)).not.toContain('?')
      expect(said(one, language) === said(other, language)).toBe(one === other)
    }),
  )
})
