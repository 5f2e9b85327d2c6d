import { expect, test } from 'vitest'
import { addSecond, qualityOf, type QualitySum } from '../../../src/renderer/desk/softphone/quality-sum.ts'
import { qualityBetween, type SoundCount } from '../../../src/renderer/desk/softphone/quality.ts'

/** Fifty packets a second; of each second how many are lost, and the rest in milliseconds. */
function summed(seconds: readonly { readonly lost?: number; readonly jitter?: number; readonly roundTrip?: number }[]) {
  let earlier: SoundCount = { received: 0, lost: 0, jitter: 0 }
  let sum: QualitySum | undefined
  for (const { lost = 0, jitter = 2, roundTrip } of seconds) {
    const now: SoundCount = {
      received: earlier.received + 50 - lost,
      lost: earlier.lost + lost,
      jitter: jitter / 1000,
      ...(roundTrip !== undefined && { roundTrip: roundTrip / 1000 }),
    }
    const quality = qualityBetween(earlier, now)
    if (quality) sum = addSecond(sum, { quality, earlier, now })
    earlier = now
  }
  return qualityOf(sum)
}

test('[W60] nothing measured is no quality', () => {
  expect(qualityOf(undefined)).toBeUndefined()
  expect(summed([])).toBeUndefined()
})

test('[W60] a good call has its means, and no cause', () => {
  const quality = summed([{ roundTrip: 20 }, { jitter: 4, roundTrip: 40 }, { jitter: 3 }])
  expect(quality).toMatchObject({ seconds: 3, loss: 0, jitter: 3, roundTrip: 30, poorSeconds: 0 })
  expect(quality?.score).toBeGreaterThan(4.3)
  expect(quality).not.toHaveProperty('cause')
  expect(summed([{}])).not.toHaveProperty('roundTrip')
})

test('[W60] a bad one says what made most of its bad seconds so, and how bad the worst was', () => {
  const quality = summed([{}, {}, { lost: 15 }, { lost: 20 }, { jitter: 300 }])
  expect(quality).toMatchObject({ seconds: 5, loss: 14, poorSeconds: 3, cause: 'loss' })
  expect(quality?.worst).toBeLessThan(2)
  expect(quality?.score).toBeGreaterThan(quality?.worst ?? 5)
  expect(summed([{ jitter: 300 }])).toMatchObject({ cause: 'jitter' })
  expect(summed([{ roundTrip: 1500 }])).toMatchObject({ cause: 'delay' })
})
