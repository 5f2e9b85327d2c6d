import type { Codec } from './g711.ts'
import { decode, frameLength } from './g711.ts'

/** Frames kept back at first, so that a packet a little late is still in time. */
const cushion = 2
/** More than so many frames waiting is a far side whose clock runs fast, or a burst; the oldest are given up. */
const mostWaiting = 10
/** Nobody listens any more when nothing has been asked for so long, in milliseconds. */
const listeningFor = 200

/**
 * What a leg receives, as samples on our own 20 ms clock, for those who record or mix it. Costs nothing while nobody listens.
 * Lost sound is left out, not made up: nobody sees it on a line of its own.
 */
export class ReceivedSound {
  #waiting: Int16Array = new Int16Array(0)
  #flowing = false
  #askedAt = -Infinity
  #frame: Int16Array | undefined

  push(codec: Codec, payload: Uint8Array, now: number): void {
    if (now - this.#askedAt > listeningFor) return
    const samples = decode(codec, payload)
    const joined = new Int16Array(this.#waiting.length + samples.length)
    joined.set(this.#waiting)
    joined.set(samples, this.#waiting.length)
    this.#waiting =
      joined.length > mostWaiting * frameLength ? joined.subarray(joined.length - cushion * frameLength) : joined
  }

  /** The 20 ms of this tick, the same for all who ask in it; undefined where nothing has come. */
  frame(tick: number): Int16Array | undefined {
    if (tick === this.#askedAt) return this.#frame
    if (tick - this.#askedAt > listeningFor) this.#startOver()
    this.#askedAt = tick
    if (this.#waiting.length >= cushion * frameLength) this.#flowing = true
    if (!this.#flowing || this.#waiting.length < frameLength) {
      this.#flowing = false
      this.#frame = undefined
    } else {
      this.#frame = this.#waiting.subarray(0, frameLength)
      this.#waiting = this.#waiting.subarray(frameLength)
    }
    return this.#frame
  }

  #startOver(): void {
    this.#waiting = new Int16Array(0)
    this.#flowing = false
  }
}
