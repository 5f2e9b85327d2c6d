import type { Sound } from './sound.ts'

/** Gives a sound another rate, piece by piece. */
export interface Resampler {
  /** What can be said of the sound so far. */
  push(samples: Float32Array): Float32Array
  /** The rest. */
  end(): Float32Array
}

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
export function openResampler(from: number, to: number): Resampler {
  if (from === to) return { push: (samples) => samples, end: () => new Float32Array() }
  const ratio = to / from
  const scale = Math.min(1, ratio) * passed
  const reach = Math.ceil(crossings / scale)
  const kernels = openKernels({ scale, reach, phases: to / divisor(from, to) })
  /** The newest samples; `before` came earlier and are no longer needed. */
  let samples = new Float32Array()
  let before = 0
  let written = 0

  function write(upTo: number): Float32Array {
    const out = new Float32Array(Math.max(0, upTo - written))
    for (let index = 0; index < out.length; index += 1) {
      const place = (written + index) * from
      const centre = Math.floor(place / to)
      const kernel = kernels((place - centre * to) / to)
      const first = centre - reach - before
      const last = Math.min(kernel.length, samples.length - first)
      let sum = 0
      for (let tap = Math.max(0, -first); tap < last; tap += 1) sum += (samples[first + tap] ?? 0) * (kernel[tap] ?? 0)
      out[index] = sum
    }
    written += out.length
    const needed = Math.max(before, Math.floor(written / ratio) - reach)
    samples = samples.subarray(Math.min(samples.length, needed - before))
    before = needed
    return out
  }

  return {
    push(given) {
      const joined = new Float32Array(samples.length + given.length)
      joined.set(samples)
      joined.set(given, samples.length)
      samples = joined
      return write(Math.floor((before + samples.length - 2 - reach) * ratio))
    },
    end: () => write(Math.max(1, Math.round((before + samples.length) * ratio))),
  }
}

/** All of a sound at once. */
export function resample({ rate: from, samples }: Sound, rate: number): Sound {
  if (from === rate) return { rate, samples }
  const resampler = openResampler(from, rate)
  return { rate, samples: joined([resampler.push(samples), resampler.end()]) }
}

export function joined(pieces: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(pieces.reduce((length, piece) => length + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

/** The filter's weights of the samples around a place between two of them; as many are made as there are such places. */
function openKernels({ scale, reach, phases }: { scale: number; reach: number; phases: number }) {
  const made = new Map<number, Float32Array>()
  return (fraction: number): Float32Array => {
    const phase = Math.round(fraction * phases)
    const known = made.get(phase)
    if (known) return known
    const kernel = Float32Array.from(
      { length: 2 * reach + 2 },
      (_, tap) => filterAt(Math.abs(tap - reach - fraction) * scale) * scale,
    )
    made.set(phase, kernel)
    return kernel
  }
}

const divisor = (one: number, other: number): number => (other === 0 ? one : divisor(other, one % other))

const table = Float32Array.from({ length: crossings * steps + 2 }, (_, index) => {
  const at = index / steps
  if (at >= crossings) return 0
  const sinc = at === 0 ? 1 : Math.sin(Math.PI * at) / (Math.PI * at)
  // Blackman's window.
  const phase = (Math.PI * at) / crossings
  return sinc * (0.42 + 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase))
})

function filterAt(at: number): number {
  if (at >= crossings) return 0
  const place = at * steps
  const index = Math.floor(place)
  const low = table[index] ?? 0
  return low + ((table[index + 1] ?? 0) - low) * (place - index)
}
