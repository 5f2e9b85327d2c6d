import { expect, test } from 'vitest'
import { judge } from '../../../src/renderer/caller/hearing.ts'

const rate = 48_000
const bins = 2_048

/** A spectrum in dB: `levels` at the named bins, and -100 elsewhere. */
function spectrum(levels: Record<number, number>) {
  return Float32Array.from({ length: bins }, (_, bin) => levels[bin] ?? -100)
}

const loud = Float32Array.from({ length: 4_096 }, (_, n) => 0.25 * Math.sin(n / 4))
const still = new Float32Array(4_096)

test('nothing above the noise is silence', () => {
  expect(judge(still, spectrum({ 85: -20 }), rate)).toEqual({ kind: 'silence' })
})

test('one pitch alone is a tone, named within a bin', () => {
  const heard = judge(loud, spectrum({ 84: -26, 85: -20, 86: -26 }), rate)
  expect(heard.kind).toBe('tone')
  expect(heard.kind === 'tone' && Math.abs(heard.hertz - 1_000)).toBeLessThan(12)
})

test('several pitches are speech or music', () => {
  expect(judge(loud, spectrum({ 40: -20, 85: -20, 160: -22, 300: -25 }), rate)).toEqual({ kind: 'sound' })
})
