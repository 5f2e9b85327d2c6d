import type { Sound } from './sound.ts'

/** Gives a sound another rate. */
export type Resample = (sound: Sound, rate: number) => Sound

/** Zero crossings of the filter on each side: more is steeper. */
const crossings = 24
/** Of the lower rate's half, what is let through; the rest is where the filter falls. */
const passed = 0.94
/** Steps of the filter's table between two zero crossings. */
const steps = 256

/**
 * Band-limited interpolation by a windowed sinc (Smith, "Digital Audio Resampling Home Page", 2002): what a lower rate
 * cannot hold is filtered away first, else it would be heard as another tone.
 */
export const resample: Resample = (sound, rate) => {
  if (sound.rate === rate) return sound
  const ratio = rate / sound.rate
  const scale = Math.min(1, ratio) * passed
  const reach = crossings / scale
  const { samples } = sound
  const out = new Float32Array(Math.max(1, Math.round(samples.length * ratio)))
  for (let index = 0; index < out.length; index += 1) {
    const centre = index / ratio
    const last = Math.min(samples.length - 1, Math.floor(centre + reach))
    let sum = 0
    for (let at = Math.max(0, Math.ceil(centre - reach)); at <= last; at += 1)
      sum += (samples[at] ?? 0) * filterAt(Math.abs(centre - at) * scale)
    out[index] = sum * scale
  }
  return { rate, samples: out }
}

const table = Float32Array.from({ length: crossings * steps + 2 }, (_, index) => {
  const at = index / steps
  if (at >= crossings) return 0
  const sinc = at === 0 ? 1 : Math.sin(Math.PI * at) / (Math.PI * at)
  // Blackman's window.
  const phase = (Math.PI * at) / crossings
  return sinc * (0.42 + 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase))
})

function filterAt(at: number): number {
  const place = at * steps
  const index = Math.floor(place)
  const low = table[index] ?? 0
  return low + ((table[index + 1] ?? 0) - low) * (place - index)
}
