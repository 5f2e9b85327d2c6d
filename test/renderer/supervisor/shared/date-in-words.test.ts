import { expect, test } from 'vitest'
import DateInWords from '../../../../src/renderer/supervisor/shared/DateInWords.vue'
import { show } from '../../support/mount.ts'

test.each([
  ['2026-04-03', 'sv', 'fre 3 apr. 2026'],
  ['2026-04-03T08:30', 'sv', 'fre 3 apr. 2026 08:30'],
  ['2026-04-03T08:30', 'en', 'Fri, 3 Apr 2026 08:30'],
  // A year half typed, or with a digit too many.
  ['12026-04-03', 'sv', ''],
  ['2026-13-01', 'sv', ''],
  ['', 'sv', ''],
] as const)('[A37] the field %j is said, in %s, as %j', (wall, locale, words) => {
  expect(show(DateInWords, { wall }, { locale }).text()).toBe(words)
})
