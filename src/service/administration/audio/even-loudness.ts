import { loudnessOf } from './loudness.ts'
import type { Sound } from './sound.ts'

export interface Evened {
  readonly sound: Sound
  readonly warnings: readonly ('silent' | 'quiet')[]
}

/** Where speech and music are set, in LUFS (EBU R 128), as the prerecorded messages are; callers shall not reach for the volume. */
const target = -23
/** In LUFS; below it nothing can be heard. */
const audible = -55
/** In dB; no further up: noise would be. */
const mostGain = 24
const quietGain = 12
/** From here peaks are bent, to never reach `ceiling`. */
const knee = ratioOf(-3)
const ceiling = ratioOf(-0.5)

/** Sets a sound to the common loudness; says if it is silent, or so quiet that noise may be heard. */
export function evenLoudness(sound: Sound): Evened {
  const loudness = loudnessOf(sound)
  if (loudness < audible) return { sound, warnings: ['silent'] }
  const gain = Math.min(target - loudness, mostGain)
  const factor = ratioOf(gain)
  return {
    sound: { ...sound, samples: sound.samples.map((sample) => limited(sample * factor)) },
    warnings: gain > quietGain ? ['quiet'] : [],
  }
}

function limited(sample: number): number {
  const size = Math.abs(sample)
  if (size <= knee) return sample
  return Math.sign(sample) * (knee + (ceiling - knee) * Math.tanh((size - knee) / (ceiling - knee)))
}

function ratioOf(decibels: number): number {
  return 10 ** (decibels / 20)
}
