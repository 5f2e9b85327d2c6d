import { samplesPerSecond } from './g711.ts'
import type { RtpHeader } from './rtp.ts'
import { sequenceDistance, timestampDistance } from './rtp.ts'

const largestDropout = 3000
const largestMisorder = 100

/** What a leg receives, counted as in RFC 3550 sections 6.4.1, A.3 and A.8. */
export class IncomingLine {
  received = 0
  #ssrc: number | undefined
  #expectedBefore = 0
  /** First and highest sequence number of this sender, the highest with its cycles. */
  #first = 0
  #highest = 0
  #transit: number | undefined
  #jitter = 0

  count(header: RtpHeader, now: number): void {
    this.received++
    const distance = sequenceDistance(this.#highest, header.sequence)
    if (this.#ssrc !== header.ssrc || distance > largestDropout || distance < -largestMisorder) this.#startOver(header)
    else if (distance > 0) this.#highest += distance
    this.#measure(header, now)
  }

  get expected(): number {
    return this.#ssrc === undefined ? 0 : this.#expectedBefore + this.#highest - this.#first + 1
  }

  /** Cumulative; late and repeated packets count as received, so it is never told below nothing. */
  get lost(): number {
    return Math.max(0, this.expected - this.received)
  }

  /** Milliseconds. */
  get jitter(): number {
    return (this.#jitter * 1000) / samplesPerSecond
  }

  #startOver(header: RtpHeader): void {
    this.#expectedBefore = this.expected
    this.#ssrc = header.ssrc
    this.#first = this.#highest = header.sequence
    this.#transit = undefined
  }

  #measure(header: RtpHeader, now: number): void {
    const arrival = Math.round((now * samplesPerSecond) / 1000) | 0
    const transit = timestampDistance(header.timestamp, arrival)
    if (this.#transit !== undefined) {
      const difference = Math.abs(timestampDistance(this.#transit, transit))
      // More than two seconds is a sender that jumps, not a network.
      if (difference < samplesPerSecond * 2) this.#jitter += (difference - this.#jitter) / 16
    }
    this.#transit = transit
  }
}
