import type { Snippet } from './tones.ts'

/** A party's mouth and ears on RTP (RFC 3550) with G.711 A-law: says one tone, keeps the last moment of what it hears. */
export interface RtpVoice {
  received(packet: Buffer): void
  /** The last 100 ms; empty when nothing came in the last 300. */
  hears(): readonly Snippet[]
  /** All of it, from the beginning on; what was lost is left out. */
  heardSoFar(): Snippet
  /** How many packets of sound have come. */
  heardPackets(): number
  /** The keys that the far side has pressed (RFC 4733), of payload type 101. */
  readonly keys: readonly string[]
  /** Presses a key (RFC 4733). */
  press(digit: string, payloadType?: number): void
  close(): void
}

const rate = 8000
/** Samples in a packet of 20 ms. */
const packetSamples = 160

/**
 * A quarter of full scale: three of them together are not cut off. Asterisk mixes all, and takes out of it what one says oneself;
 * of what was cut off something of the own tone would be left.
 */
const amplitude = 8192
const keyNames = '0123456789*#ABCD'

/** Its own A-law and RTP on purpose: a fault in the switch's would else be heard by nobody. */
export function openRtpVoice(hertz: number, send: (packet: Buffer) => void): RtpVoice {
  let heard: number[] = []
  let lastHeard = -Infinity
  let packets = 0
  const keys: string[] = []
  let lastKeyAt: number | undefined
  const whole: Buffer[] = []
  let sequence = 1000
  let timestamp = 0
  let said = 0
  const start = performance.now()

  const speaking = setInterval(() => {
    const due = Math.floor((performance.now() - start) / 20)
    // After a stall the lost moments are not caught up: nobody could hear them in time.
    if (due - said > 5) said = due - 1
    while (said < due) {
      said++
      timestamp = (timestamp + packetSamples) >>> 0
      const packet = begin(packetSamples, 8, timestamp)
      for (let at = 0; at < packetSamples; at++)
        packet[12 + at] = toAlaw(amplitude * Math.sin((2 * Math.PI * hertz * (timestamp + at)) / rate))
      send(packet)
    }
  }, 10)

  function begin(length: number, payloadType: number, at: number): Buffer {
    sequence = (sequence + 1) & 0xffff
    const packet = Buffer.alloc(12 + length)
    packet[0] = 0x80
    packet[1] = payloadType
    packet.writeUInt16BE(sequence, 2)
    packet.writeUInt32BE(at, 4)
    packet.writeUInt32BE(hertz, 8)
    return packet
  }

  /** All packets of one key bear the time of its beginning. */
  function hearKey(packet: Buffer) {
    if (packet.length < 16 || (packet[1]! & 0x7f) !== 101 || packet.readUInt32BE(4) === lastKeyAt) return
    lastKeyAt = packet.readUInt32BE(4)
    keys.push(keyNames.charAt(packet[12]!))
  }

  return {
    received(packet) {
      hearKey(packet)
      if (packet.length < 12 || packet[0]! >> 6 !== 2 || (packet[1]! & 0x7f) !== 8) return
      lastHeard = performance.now()
      packets++
      const sound = packet.subarray(12 + 4 * (packet[0]! & 0x0f))
      whole.push(sound)
      heard = [...heard, ...sound].slice(-5 * packetSamples)
    },
    heardSoFar: () => ({ rate, samples: Array.from(Buffer.concat(whole), (byte) => fromAlaw(byte) / 32_768) }),
    heardPackets: () => packets,
    keys,
    hears() {
      if (performance.now() - lastHeard > 300) return []
      return [{ rate, samples: heard.map((byte) => fromAlaw(byte) / 32_768) }]
    },
    press(digit, payloadType = 101) {
      // RFC 4733 section 2.5.1.4: the last packet is sent three times.
      const updates = [
        { duration: 160, end: false },
        { duration: 320, end: false },
        ...Array.from({ length: 3 }, () => ({ duration: 480, end: true })),
      ]
      const at = timestamp
      for (const { duration, end } of updates) {
        const packet = begin(4, payloadType, at)
        packet[12] = keyNames.indexOf(digit)
        packet[13] = (end ? 0x80 : 0) | 10
        packet.writeUInt16BE(duration, 14)
        send(packet)
      }
    },
    close() {
      clearInterval(speaking)
    },
  }
}

/** G.711 A-law (ITU-T G.711): from one of 16 bits. */
function toAlaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0
  let magnitude = Math.min(32_635, Math.abs(Math.round(sample)))
  if (sign === 0) magnitude = Math.max(0, magnitude - 1)
  let exponent = 7
  for (let mask = 0x4000; (magnitude & mask) === 0 && exponent > 0; mask >>= 1) exponent--
  const mantissa = exponent === 0 ? (magnitude >> 4) & 0x0f : (magnitude >> (exponent + 3)) & 0x0f
  return (sign | (exponent << 4) | mantissa) ^ 0x55
}

function fromAlaw(byte: number): number {
  const value = byte ^ 0x55
  const exponent = (value & 0x70) >> 4
  const mantissa = value & 0x0f
  const magnitude = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1)
  return value & 0x80 ? magnitude : -magnitude
}
