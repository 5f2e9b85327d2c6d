import { expect, test } from 'vitest'
import { resample } from '../../../../src/switch/embedded/speech/resample.ts'
import { heardIn } from '../media/listening.ts'

test.each([300, 1000, 3000])('a tone of %i Hz is the same tone at another rate', (hertz) => {
  const samples = Int16Array.from({ length: 22_050 }, (_, at) => 16_000 * Math.sin((2 * Math.PI * hertz * at) / 22_050))
  const resampled = resample(samples, 22_050, 8000)
  expect(resampled).toHaveLength(8000)
  expect(heardIn(resampled, [hertz])).toBe(hertz)
  const peak = Math.max(...resampled.subarray(1000, 7000))
  expect(peak).toBeGreaterThan(15_200)
  expect(peak).toBeLessThan(16_500)
})

test('what the lower rate cannot carry is left out, not folded back', () => {
  const samples = Int16Array.from({ length: 22_050 }, (_, at) => 16_000 * Math.sin((2 * Math.PI * 6000 * at) / 22_050))
  expect(heardIn(resample(samples, 22_050, 8000).subarray(200, 7800), [2000])).toBe('silence')
})

test('samples at the right rate are left as they are', () => {
  const samples = Int16Array.from([1, -2, 3])
  expect(resample(samples, 8000, 8000)).toEqual(samples)
})
