import { randomInt } from 'node:crypto'
import { frameLength, samplesPerSecond } from './g711.ts'
import { sequenceDistance, timestampDistance } from './rtp.ts'

/** Where a packet stands on the line. */
export interface Place {
  readonly sequence: number
  readonly timestamp: number
  readonly marker: boolean
}

/** Beyond these a sender has started over (RFC 3550 appendix A.1). */
const largestDropout = 3000
const largestMisorder = 100

/**
 * The one RTP line that a leg sends: one SSRC, one sequence, one timestamp, whoever speaks on it. When the source
 * changes, the timestamp goes on by the time that passed, and the marker is set. Within a relayed source the offset is
 * fixed, so that what that source lost is seen to be lost.
 */
export class OutgoingLine {
  readonly ssrc = randomInt(1, 2 ** 32)
  /** Highest sent; below 2^15 at first, as RFC 3711 section 3.3.1 advises. */
  #sequence = randomInt(0, 2 ** 15)
  #timestamp = randomInt(0, 2 ** 32)
  /** When the packet of `#timestamp` was sent, monotonic milliseconds. */
  #at: number | undefined
  #source: unknown = undefined
  #sequenceOffset = 0
  #timestampOffset = 0
  /** The source's first and highest sequence numbers, as the source counts. */
  #first = 0
  #highest = 0

  /** The next packet goes on by the time that passed: after a pause, a stall, a hold. */
  breakOff(): void {
    this.#source = undefined
  }

  /** The place of a frame of our own. */
  frame(now: number): Place {
    const marker = this.#source !== 'frames'
    this.#source = 'frames'
    this.#timestamp = marker ? this.#continued(now) : (this.#timestamp + frameLength) >>> 0
    this.#at = now
    return this.#next(marker)
  }

  /** The place of the first packet of an event of our own (RFC 4733). */
  eventStart(now: number): Place {
    this.#source = undefined
    this.#timestamp = this.#continued(now)
    this.#at = now
    return this.#next(true)
  }

  /** The places of the event's other packets: all bear its first timestamp. */
  eventGoesOn(): Place {
    return this.#next(false)
  }

  /** The place of a packet relayed from `source`; undefined where it is older than that source's time on this line. */
  relay(source: unknown, from: Place, now: number): Place | undefined {
    if (this.#source !== source || this.#isStartingOver(from.sequence)) return this.#relayFirst(source, from, now)
    if (sequenceDistance(this.#first, from.sequence) < 0) return undefined

    const sequence = (from.sequence + this.#sequenceOffset) & 0xffff
    const timestamp = (from.timestamp + this.#timestampOffset) >>> 0
    if (sequenceDistance(this.#highest, from.sequence) > 0) {
      this.#highest = from.sequence
      this.#sequence = sequence
      // The first is left behind only as far as a late packet may be, or it would come round the circle.
      if (sequenceDistance(this.#first, from.sequence) > largestMisorder)
        this.#first = (from.sequence - largestMisorder) & 0xffff
    }
    if (timestampDistance(this.#timestamp, timestamp) > 0) {
      this.#timestamp = timestamp
      this.#at = now
    }
    return { sequence, timestamp, marker: from.marker }
  }

  #relayFirst(source: unknown, from: Place, now: number): Place {
    this.#source = source
    this.#timestamp = this.#continued(now)
    this.#at = now
    const place = this.#next(true)
    this.#first = this.#highest = from.sequence
    this.#sequenceOffset = place.sequence - from.sequence
    this.#timestampOffset = place.timestamp - from.timestamp
    return place
  }

  #isStartingOver(sequence: number): boolean {
    const distance = sequenceDistance(this.#highest, sequence)
    return distance > largestDropout || distance < -largestMisorder
  }

  #next(marker: boolean): Place {
    this.#sequence = (this.#sequence + 1) & 0xffff
    return { sequence: this.#sequence, timestamp: this.#timestamp, marker }
  }

  #continued(now: number): number {
    if (this.#at === undefined) return this.#timestamp
    const passed = Math.round(((now - this.#at) * samplesPerSecond) / 1000)
    return (this.#timestamp + Math.max(frameLength, passed)) >>> 0
  }
}
