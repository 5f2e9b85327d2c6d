/** Zero crossings of the filter on each side of its middle. */
const crossings = 12
/** Of the lower rate's bandwidth so much is let through; the rest is the filter's slope. */
const passed = 0.92

/**
 * Samples at another rate: a windowed sinc as low-pass (Hann), one set of weights for each phase that the two rates meet in.
 * Rates are whole numbers of samples a second.
 */
export function resample(samples: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return samples
  const common = greatestCommonDivisor(from, to)
  const [up, down] = [to / common, from / common]
  const cutoff = Math.min(1, to / from) * passed
  const reach = Math.ceil(crossings / cutoff)
  const phases = Array.from({ length: up }, (_, phase) => weights(phase / up, reach, cutoff))
  const resampled = new Int16Array(Math.floor((samples.length * up) / down))
  for (let at = 0; at < resampled.length; at++) {
    const middle = Math.floor((at * down) / up)
    const phase = phases[(at * down) % up] ?? []
    let sum = 0
    for (let tap = 0; tap < phase.length; tap++) sum += (samples[middle - reach + 1 + tap] ?? 0) * (phase[tap] ?? 0)
    resampled[at] = Math.min(32_767, Math.max(-32_768, Math.round(sum)))
  }
  return resampled
}

/** For a moment that lies `part` of a sample after one; their sum is 1. */
function weights(part: number, reach: number, cutoff: number): readonly number[] {
  const raw = Array.from({ length: 2 * reach }, (_, tap) => {
    const distance = tap - reach + 1 - part
    const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / (reach + 1))
    return sinc(distance * cutoff) * window
  })
  const sum = raw.reduce((total, one) => total + one, 0)
  return raw.map((one) => one / sum)
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other)
}
