import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'
import type { DeskCalls } from '../../../src/renderer/desk/desk-call.ts'
import { useWithdrawnRings } from '../../../src/renderer/desk/use-withdrawn-rings.ts'
import { ringingCall as rings } from '../support/live.ts'

/** As the softphone alone has it. */
const { until: _, ...atThePhone } = rings

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function desk() {
  const calls = shallowRef<DeskCalls>({ front: { kind: 'idle' }, others: [] })
  const dismissed: string[] = []
  const scope = effectScope()
  scope.run(() => {
    useWithdrawnRings(
      () => calls.value,
      (offer) => dismissed.push(offer),
    )
  })
  const shows = async (front: DeskCalls['front'], milliseconds: number) => {
    calls.value = { front, others: [] }
    await nextTick()
    await vi.advanceTimersByTimeAsync(milliseconds)
  }
  return { dismissed, shows, scope }
}

test('[W56] a ring that the service has taken back and the switch has not is let go of', async () => {
  const { dismissed, shows, scope } = desk()
  await shows(rings, 10_000)
  await shows(atThePhone, 1_900)
  expect(dismissed).toEqual([])
  await shows(atThePhone, 200)
  expect(dismissed).toEqual(['o1'])
  scope.stop()
})

test('[W56] one that the service has not told of yet, tells of again, or the switch ends, is left alone', async () => {
  const { dismissed, shows, scope } = desk()
  await shows(atThePhone, 10_000)
  await shows(rings, 10_000)
  await shows(atThePhone, 1_000)
  await shows(rings, 10_000)
  await shows(atThePhone, 1_000)
  await shows({ kind: 'idle' }, 10_000)
  expect(dismissed).toEqual([])
  scope.stop()
})
