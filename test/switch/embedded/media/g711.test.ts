import { expect, test } from 'vitest'
import type { Codec } from '../../../../src/switch/embedded/media/g711.ts'
import { decode, encode, silence, transcode } from '../../../../src/switch/embedded/media/g711.ts'

/** Decision and quantised values of ITU-T G.711 tables 1 and 2, scaled to 16 bits (13 bits times 8, 14 bits times 4). */
test.each<[Codec, number, number, number]>([
  ['PCMA', 0, 0xd5, 8],
  ['PCMA', 15, 0xd5, 8],
  ['PCMA', 16, 0xd4, 24],
  ['PCMA', -1, 0x55, -8],
  ['PCMA', 512, 0xf5, 528],
  ['PCMA', 1024, 0xe5, 1056],
  ['PCMA', 16_384, 0xa5, 16_896],
  ['PCMA', 32_767, 0xaa, 32_256],
  ['PCMA', -32_768, 0x2a, -32_256],
  ['PCMU', 0, 0xff, 0],
  ['PCMU', 4, 0xfe, 8],
  ['PCMU', -4, 0x7e, -8],
  ['PCMU', 124, 0xef, 132],
  ['PCMU', 16_252, 0x8f, 16_764],
  ['PCMU', 32_767, 0x80, 32_124],
  ['PCMU', -32_768, 0x00, -32_124],
])('%s takes %i to byte %i and back to %i', (codec, sample, byte, value) => {
  expect(encode(codec, Int16Array.of(sample))[0]).toBe(byte)
  expect(decode(codec, Uint8Array.of(byte))[0]).toBe(value)
})

test.each<Codec>(['PCMA', 'PCMU'])('%s: every byte is what its own value is encoded to', (codec) => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  const again = encode(codec, decode(codec, bytes))
  // Mu-law has two zeros; the negative one comes back as the positive.
  const expected = bytes.map((byte) => (codec === 'PCMU' && byte === 0x7f ? 0xff : byte))
  expect([...again]).toEqual([...expected])
})

test.each<Codec>(['PCMA', 'PCMU'])('%s: a sample is never further off than half its step', (codec) => {
  const samples = Int16Array.from({ length: 65_536 }, (_, at) => at - 32_768)
  const back = decode(codec, encode(codec, samples))
  const worst = samples.reduce((most, sample, at) => {
    const off = Math.abs(sample - (back[at] ?? 0))
    return Math.max(most, off / Math.max(16, Math.abs(sample)))
  }, 0)
  expect(worst).toBeLessThan(0.51)
  expect(Math.abs((back[60_000] ?? 0) - 27_232)).toBeLessThanOrEqual(512)
})

test.each<Codec>(['PCMA', 'PCMU'])('%s: silence is silent, and transcodes to silence', (codec) => {
  expect(Math.abs(decode(codec, Uint8Array.of(silence[codec]))[0] ?? 99)).toBeLessThanOrEqual(8)
  const other = Buffer.alloc(3)
  transcode(codec, Uint8Array.of(silence[codec]), other, 2)
  expect(Math.abs(decode(codec === 'PCMA' ? 'PCMU' : 'PCMA', other.subarray(2))[0] ?? 99)).toBeLessThanOrEqual(8)
})
