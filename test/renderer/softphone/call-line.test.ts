import { expect, test } from 'vitest'
import { failureOf, glareWait } from '../../../src/renderer/desk/softphone/call-line.ts'

test('after a glare whoever made the call waits 2.1 to 4 s, the other one up to 2 s (RFC 3261 section 14.1)', () => {
  expect([0, 1].map((drawn) => glareWait(true, () => drawn))).toEqual([2_100, 4_000])
  expect([0, 1].map((drawn) => glareWait(false, () => drawn))).toEqual([0, 2_000])
})

test.each([
  [486, 'busy'],
  [480, 'noAnswer'],
  [603, 'rejected'],
  [404, 'unknown'],
  [403, 'closed'],
  [502, 'unreachable'],
  [500, 'failed'],
  [487, undefined],
])('a final answer %i is said as %s', (status, failure) => {
  expect(failureOf(status)).toBe(failure)
})
