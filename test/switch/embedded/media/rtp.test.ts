import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readRtp, writeRtpHeader } from '../../../../src/switch/embedded/media/rtp.ts'

const header = { payloadType: 8, marker: true, sequence: 65_535, timestamp: 4_294_967_295, ssrc: 0xdead_beef }

test('what is written is read', () => {
  const packet = Buffer.alloc(172)
  writeRtpHeader(packet, header)
  expect(readRtp(packet)).toEqual({ ...header, start: 12, end: 172 })
})

test('contributing sources, an extension and padding are left out of the payload', () => {
  const packet = Buffer.alloc(12 + 8 + 8 + 160 + 4)
  writeRtpHeader(packet, header)
  packet[0] = 0xb2
  packet.writeUInt16BE(1, 22)
  packet[packet.length - 1] = 4
  expect(readRtp(packet)).toMatchObject({ start: 28, end: 188 })
})

test.each<[string, (packet: Buffer) => Buffer]>([
  ['shorter than a header', (packet) => packet.subarray(0, 11)],
  ['of another version', (packet) => set(packet, 0, 0x40)],
  ['RTCP', (packet) => set(packet, 1, 200)],
  ['with more contributing sources than it has room for', (packet) => set(packet, 0, 0x8f).subarray(0, 60)],
  ['with an extension beyond its end', (packet) => set(set(packet, 0, 0x90), 14, 0xff)],
  ['with more padding than payload', (packet) => set(set(packet, 0, 0xa0), 171, 200)],
  ['with padding of no length', (packet) => set(packet, 0, 0xa0)],
])('a packet %s is none', (_, damage) => {
  const packet = Buffer.alloc(172)
  writeRtpHeader(packet, header)
  expect(readRtp(damage(packet))).toBeUndefined()
})

test('whatever comes, the payload lies inside the packet', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const read = readRtp(Buffer.from(bytes))
      if (!read) return
      expect(read.start).toBeGreaterThanOrEqual(12)
      expect(read.end).toBeGreaterThanOrEqual(read.start)
      expect(read.end).toBeLessThanOrEqual(bytes.length)
    }),
    { numRuns: 2000 },
  )
})

function set(packet: Buffer, at: number, byte: number): Buffer {
  packet[at] = byte
  return packet
}
