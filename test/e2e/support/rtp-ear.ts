import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import type { Snippet } from './tones.ts'

/** One end of plain RTP (RFC 3550) with G.711 A-law: says one tone, keeps the last moment of what it hears. */
export interface RtpEar {
  readonly port: number
  /** Says it to this address from now on; without this, to whoever is heard first. */
  sayTo(address: string, port: number): void
  /** The last 100 ms; empty when nothing came in the last 300. */
  hears(): readonly Snippet[]
  /** Presses a key (RFC 4733): payload type 101. */
  press(digit: string): void
  readonly packets: number
  close(): void
}

const rate = 8000
/** Samples in a packet of 20 ms. */
const packetSamples = 160

export async function openRtpEar(hertz: number): Promise<RtpEar> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  let other: { address: string; port: number } | undefined
  let heard: number[] = []
  let lastHeard = -Infinity
  let packets = 0
  let sequence = 1000
  let timestamp = 0
  let said = 0
  const start = performance.now()

  socket.on('message', (packet: Buffer, from: RemoteInfo) => {
    if (packet.length < 12 || packet[0]! >> 6 !== 2) return
    other ??= from
    if ((packet[1]! & 0x7f) !== 8) return
    packets++
    lastHeard = performance.now()
    heard.push(...packet.subarray(12 + 4 * (packet[0]! & 0x0f)).map((byte) => byte))
    heard = heard.slice(-5 * packetSamples)
  })

  const speaking = setInterval(() => {
    const due = Math.floor((performance.now() - start) / 20)
    // After a stall the lost moments are not caught up: nobody could hear them in time.
    if (due - said > 5) said = due - 1
    while (said < due) {
      said++
      sequence = (sequence + 1) & 0xffff
      timestamp = (timestamp + packetSamples) >>> 0
      const packet = Buffer.alloc(12 + packetSamples)
      header(packet, 8)
      for (let at = 0; at < packetSamples; at++)
        packet[12 + at] = toAlaw(16_384 * Math.sin((2 * Math.PI * hertz * (timestamp + at)) / rate))
      if (other) socket.send(packet, other.port, other.address)
    }
  }, 10)

  function header(packet: Buffer, payloadType: number) {
    packet[0] = 0x80
    packet[1] = payloadType
    packet.writeUInt16BE(sequence, 2)
    packet.writeUInt32BE(timestamp, 4)
    packet.writeUInt32BE(0x1234, 8)
  }

  return {
    port: socket.address().port,
    sayTo(address, port) {
      other = { address, port }
    },
    hears() {
      if (performance.now() - lastHeard > 300) return []
      return [{ rate, samples: heard.map((byte) => fromAlaw(byte) / 32_768) }]
    },
    press(digit) {
      if (!other) return
      const at = timestamp
      // RFC 4733 section 2.5.1.4: the last packet is sent three times.
      for (const [duration, end] of [
        [160, false],
        [320, false],
        [480, true],
        [480, true],
        [480, true],
      ] as const) {
        sequence = (sequence + 1) & 0xffff
        const packet = Buffer.alloc(16)
        header(packet, 101)
        packet.writeUInt32BE(at, 4)
        packet[12] = '0123456789*#ABCD'.indexOf(digit)
        packet[13] = (end ? 0x80 : 0) | 10
        packet.writeUInt16BE(duration, 14)
        socket.send(packet, other.port, other.address)
      }
    },
    get packets() {
      return packets
    },
    close() {
      clearInterval(speaking)
      socket.close()
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
