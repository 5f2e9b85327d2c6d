import { expect, test } from 'vitest'
import { meanOpinionScore } from '../../../src/renderer/desk/softphone/quality.ts'

const start = { received: 0, lost: 0, jitter: 0 }

test.each([
  ['a line without fault is as good as G.711 can be', { received: 100, lost: 0, jitter: 0, roundTrip: 0 }, 4.4],
  ['a slow line is a little worse', { received: 100, lost: 0, jitter: 0, roundTrip: 0.6 }, 3.85],
  ['one packet in twenty lost is heard', { received: 95, lost: 5, jitter: 0, roundTrip: 0 }, 4.05],
  ['one in five lost is hard to follow', { received: 80, lost: 20, jitter: 0.05, roundTrip: 0.2 }, 2.2],
  ['nothing but losses is as bad as it gets', { received: 0, lost: 100, jitter: 0, roundTrip: 0 }, 1],
])('%s', (_, now, score) => {
  expect(meanOpinionScore(start, now)).toBeCloseTo(score, 0)
})

test('nothing is said of a time without packets', () => {
  const now = { received: 100, lost: 2, jitter: 0.01, roundTrip: 0.02 }
  expect(meanOpinionScore(now, now)).toBeUndefined()
})

test('a packet that came late after all does not count as a loss below none', () => {
  expect(
    meanOpinionScore({ received: 100, lost: 4, jitter: 0 }, { received: 150, lost: 2, jitter: 0 }),
  ).toBeGreaterThan(4.3)
})
