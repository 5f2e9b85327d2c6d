import type { RtpHeader } from './rtp.ts'
import { timestampDistance } from './rtp.ts'

const signs = '0123456789*#ABCD'

/** Length of an event's payload (RFC 4733 section 2.3). */
const eventLength = 4

/** Frames of 20 ms of an event of ours: it sounds for 160 ms, its end is told three times, then 60 ms of rest. */
const soundingFrames = 8
const endFrames = 3
const restFrames = 3
const volume = 10
const samplesInFrame = 160

/** Reads RFC 4733 events: each is told once, by its timestamp, however many of its packets come and in what order. */
export class DigitReader {
  #ssrc: number | undefined
  #last: number | undefined

  /** The digit, where this packet is the first seen of its event. */
  read(header: RtpHeader, packet: Buffer): string | undefined {
    if (header.end - header.start < eventLength) return undefined
    if (this.#ssrc !== header.ssrc) this.#last = undefined
    this.#ssrc = header.ssrc
    if (this.#last !== undefined && timestampDistance(this.#last, header.timestamp) <= 0) return undefined
    this.#last = header.timestamp
    return signs[packet[header.start] ?? 0xff]
  }
}

/** One frame of an event that we send. */
export type DigitFrame =
  { readonly kind: 'event'; readonly starts: boolean; readonly payload: Buffer } | { readonly kind: 'rest' }

/** The events still to be sent, one after the other. */
export class DigitSender {
  readonly #waiting: number[] = []
  #frame = 0

  /** Says whether it was a digit. */
  add(digit: string): boolean {
    const event = digit.length === 1 ? signs.indexOf(digit.toUpperCase()) : -1
    if (event < 0 || this.#waiting.length >= 64) return false
    this.#waiting.push(event)
    return true
  }

  get sending(): boolean {
    return this.#waiting.length > 0
  }

  /** The next 20 ms; undefined where nothing is to be sent. */
  next(): DigitFrame | undefined {
    const event = this.#waiting[0]
    if (event === undefined) return undefined
    this.#frame++
    const frame = this.#frame
    if (frame >= soundingFrames + endFrames + restFrames) {
      this.#waiting.shift()
      this.#frame = 0
    }
    if (frame > soundingFrames + endFrames) return { kind: 'rest' }
    const payload = Buffer.alloc(eventLength)
    payload[0] = event
    payload[1] = (frame > soundingFrames ? 0x80 : 0) | volume
    payload.writeUInt16BE(Math.min(frame, soundingFrames) * samplesInFrame, 2)
    return { kind: 'event', starts: frame === 1, payload }
  }
}
