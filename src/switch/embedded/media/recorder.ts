import type { Codec } from './g711.ts'
import { encode, frameLength, samplesPerSecond } from './g711.ts'
import type { LoadedSound } from './loaded-sound.ts'
import type { Recorded } from './media.ts'
import { writeWav } from './wav.ts'

const framesPerSecond = samplesPerSecond / frameLength
/** Quieter than this, as the root of the mean square of 20 ms, is no speech: about -46 dB below full scale. */
const quiet = 160
/** Silence after the last word ends a recording, in frames. */
const silenceEnds = 3 * framesPerSecond
/** Who has not begun to speak is given longer. */
const nothingSaidEnds = 10 * framesPerSecond
/** Of the silence at the end so much is kept, so that the last word is not cut short. */
const keptAtEnd = 0.3 * framesPerSecond

/** A message as it is spoken: ends when full, or when nothing more is said, and leaves out the silence at its end. */
export class Recorder {
  readonly #mostFrames: number
  readonly #frames: (Int16Array | undefined)[] = []
  /** How many frames there are up to the last one with speech in it. */
  #spoken = 0

  constructor(maxSeconds: number) {
    this.#mostFrames = Math.floor(maxSeconds * framesPerSecond)
  }

  /** One frame more; false when it was the last. */
  take(frame: Int16Array | undefined): boolean {
    if (this.#frames.length >= this.#mostFrames) return false
    this.#frames.push(frame)
    if (frame && loudness(frame) >= quiet) this.#spoken = this.#frames.length
    if (this.#frames.length >= this.#mostFrames) return false
    return this.#frames.length - this.#spoken < (this.#spoken === 0 ? nothingSaidEnds : silenceEnds)
  }

  finish(): Recorded {
    const kept = this.#spoken === 0 ? 0 : Math.min(this.#frames.length, this.#spoken + keptAtEnd)
    const samples = new Int16Array(kept * frameLength)
    this.#frames.slice(0, kept).forEach((frame, at) => {
      if (frame) samples.set(frame, at * frameLength)
    })
    return { seconds: samples.length / samplesPerSecond, wav: writeWav(samples) }
  }
}

function loudness(frame: Int16Array): number {
  let power = 0
  for (const sample of frame) power += sample * sample
  return Math.sqrt(power / frame.length)
}

/** A quarter of a second at 1 kHz, at a quarter of full scale: now it is your turn. */
export const beep: LoadedSound = soundOfBeep()

function soundOfBeep(): LoadedSound {
  const frames = 12
  const samples = Int16Array.from(
    { length: frames * frameLength },
    (_, at) => 8000 * Math.sin((2 * Math.PI * 1000 * at) / samplesPerSecond),
  )
  const encoded: Record<Codec, Buffer> = { PCMA: encode('PCMA', samples), PCMU: encode('PCMU', samples) }
  return { seconds: frames / framesPerSecond, frames, encoded }
}
