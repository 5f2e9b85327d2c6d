import type { Sound } from './sound.ts'

export interface Evened {
  readonly sound: Sound
  readonly warnings: readonly ('silent' | 'clipped' | 'quiet')[]
}

/** Where speech and music are set, as RMS of what is not silence; callers shall not reach for the volume. */
const target = decibels(-20)
/** Below it a stretch is a pause. */
const pause = decibels(-50)
const audible = decibels(-55)
/** No further up: noise would be. */
const mostGain = decibels(24)
const quietGain = decibels(12)
/** From here peaks are bent, to never reach `ceiling`. */
const knee = decibels(-3)
const ceiling = decibels(-0.5)
/** In seconds. */
const stretch = 0.05

/** Sets a sound to the common loudness; says if it is silent, was recorded too loud, or so quiet that noise may be heard. */
export function evenLoudness({ rate, samples }: Sound): Evened {
  const loudness = loudnessOf(samples, Math.max(1, Math.round(rate * stretch)))
  if (loudness < audible) return { sound: { rate, samples }, warnings: ['silent'] }
  const gain = Math.min(target / loudness, mostGain)
  return {
    sound: { rate, samples: samples.map((sample) => limited(sample * gain)) },
    warnings: [
      ...(isClipped(samples) ? (['clipped'] as const) : []),
      ...(gain > quietGain ? (['quiet'] as const) : []),
    ],
  }
}

/** RMS of the stretches that are no pause; 0: all are. */
function loudnessOf(samples: Float32Array, length: number): number {
  let power = 0
  let count = 0
  for (let from = 0; from < samples.length; from += length) {
    let sum = 0
    const part = samples.subarray(from, from + length)
    for (const sample of part) sum += sample * sample
    if (Math.sqrt(sum / part.length) < pause) continue
    power += sum
    count += part.length
  }
  return count === 0 ? 0 : Math.sqrt(power / count)
}

function limited(sample: number): number {
  const size = Math.abs(sample)
  if (size <= knee) return sample
  return Math.sign(sample) * (knee + (ceiling - knee) * Math.tanh((size - knee) / (ceiling - knee)))
}

/** Flat tops: three samples or more at full scale, more often than now and then. */
function isClipped(samples: Float32Array): boolean {
  let tops = 0
  let run = 0
  for (const sample of samples) {
    run = Math.abs(sample) >= 0.999 ? run + 1 : 0
    if (run === 3) tops += 1
  }
  return tops > 2
}

function decibels(level: number): number {
  return 10 ** (level / 20)
}
