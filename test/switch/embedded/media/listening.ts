import type { Clock } from '../../../../src/switch/embedded/media/frame-clock.ts'
import type { Codec } from '../../../../src/switch/embedded/media/g711.ts'
import { decode, encode, frameLength } from '../../../../src/switch/embedded/media/g711.ts'
import type { LoadedSound } from '../../../../src/switch/embedded/media/loaded-sound.ts'
import { soundOf } from '../../../../src/switch/embedded/media/loaded-sound.ts'
import type { RtpHeader } from '../../../../src/switch/embedded/media/rtp.ts'
import { readRtp } from '../../../../src/switch/embedded/media/rtp.ts'

/** A clock that moves only by hand. */
export class HandClock implements Clock {
  #now = 1_000_000
  #sleeping: { at: number; wake: () => void } | undefined

  now(): number {
    return this.#now
  }

  after(millis: number, wake: () => void): () => void {
    const sleeping = { at: this.#now + millis, wake }
    this.#sleeping = sleeping
    return () => {
      if (this.#sleeping === sleeping) this.#sleeping = undefined
    }
  }

  /** Wakes the sleeper each time it is due on the way. */
  advance(millis: number): void {
    const until = this.#now + millis
    while (this.#sleeping && this.#sleeping.at <= until) {
      this.#now = this.#sleeping.at
      this.#wake()
    }
    this.#now = until
  }

  /** Nobody runs for so long; then the sleeper wakes once, late. */
  stall(millis: number): void {
    this.#now += millis
    this.#wake()
  }

  #wake(): void {
    const sleeping = this.#sleeping
    this.#sleeping = undefined
    sleeping?.wake()
  }
}

/** Samples of a sine at half of full scale. */
export function tone(hertz: number, seconds: number): Int16Array {
  return Int16Array.from({ length: seconds * 8000 }, (_, at) => 16_000 * Math.sin((2 * Math.PI * hertz * at) / 8000))
}

export function toneSound(hertz: number, seconds: number): Promise<LoadedSound> {
  return soundOf(tone(hertz, seconds))
}

/** Frame `at` of an endless tone, encoded. */
export function toneFrame(codec: Codec, hertz: number, at: number): Buffer {
  const samples = Int16Array.from(
    { length: frameLength },
    (_, sample) => 16_000 * Math.sin((2 * Math.PI * hertz * (at * frameLength + sample)) / 8000),
  )
  return encode(codec, samples)
}

/** The share of the sound's power at a frequency, 0 to 1 (Goertzel). */
function share(samples: Int16Array, hertz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / 8000)
  let [before, last, power] = [0, 0, 0]
  for (const sample of samples) {
    power += sample * sample
    const next = sample + turn * last - before
    before = last
    last = next
  }
  if (power === 0) return 0
  return (2 * (before * before + last * last - turn * before * last)) / (samples.length * power)
}

/** Which of the tones is heard, or `silence`, or `noise`. */
export function heardIn(samples: Int16Array, tones: readonly number[]): number | 'silence' | 'noise' {
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  if (loudest < 100) return 'silence'
  return tones.find((hertz) => share(samples, hertz) > 0.9) ?? 'noise'
}

/** A packet that came, with its payload. */
export interface Heard extends RtpHeader {
  readonly payload: Buffer
}

export function heardPacket(packet: Buffer): Heard | undefined {
  const header = readRtp(packet)
  return header && { ...header, payload: Buffer.from(packet.subarray(header.start, header.end)) }
}

/** The sound of packets of one codec. */
export function soundIn(packets: readonly Heard[], codec: Codec): Int16Array {
  return decode(codec, Buffer.concat(packets.map(({ payload }) => payload)))
}

/** Once it is so; a test that waits in vain is ended by its time limit. */
export async function until(isSo: () => boolean, meanwhile: () => void = () => undefined): Promise<void> {
  while (!isSo()) {
    meanwhile()
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}
