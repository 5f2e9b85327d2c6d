/** The two codecs of ITU-T G.711, by their names in SDP (RFC 3551): PCMA is A-law, PCMU is mu-law. */
export type Codec = 'PCMA' | 'PCMU'

/** Both, the preferred one first. */
export const codecs: readonly Codec[] = ['PCMA', 'PCMU']

export const samplesPerSecond = 8000
/** Samples, and so bytes, in 20 ms. */
export const frameLength = 160
/** The byte that decodes to (almost) nothing. */
export const silence: Record<Codec, number> = { PCMA: 0xd5, PCMU: 0xff }

/** Bytes of G.711 from 16 bit samples. */
export function encode(codec: Codec, samples: Int16Array): Buffer {
  const table = encodings[codec]
  const bytes = Buffer.allocUnsafe(samples.length)
  for (let at = 0; at < samples.length; at++) bytes[at] = table[(samples[at] ?? 0) + 32_768] ?? 0
  return bytes
}

/** 16 bit samples from bytes of G.711. */
export function decode(codec: Codec, bytes: Uint8Array): Int16Array {
  const table = decodings[codec]
  const samples = new Int16Array(bytes.length)
  for (let at = 0; at < bytes.length; at++) samples[at] = table[bytes[at] ?? 0] ?? 0
  return samples
}

/** Writes `from`, bytes of one codec, into `to` at `start` as bytes of the other one. */
export function transcode(codec: Codec, from: Uint8Array, to: Uint8Array, start: number): void {
  const table = transcodings[codec]
  for (let at = 0; at < from.length; at++) to[start + at] = table[from[at] ?? 0] ?? 0
}

/** G.711 table 1: 13 bit samples, eight segments, even bits inverted. */
function encodeALaw(sample: number): number {
  const linear = sample >> 3
  const mask = linear >= 0 ? 0xd5 : 0x55
  const size = linear >= 0 ? linear : -linear - 1
  const segment = size < 32 ? 0 : 31 - Math.clz32(size) - 4
  const step = segment < 2 ? size >> 1 : size >> segment
  return ((segment << 4) | (step & 0x0f)) ^ mask
}

function decodeALaw(byte: number): number {
  const bits = byte ^ 0x55
  const segment = (bits & 0x70) >> 4
  const step = (bits & 0x0f) << 4
  const size = segment === 0 ? step + 8 : (step + 0x108) << (segment - 1)
  return bits & 0x80 ? size : -size
}

const muBias = 33
/** Table 2 ends at 8159, which belongs to the last step. */
const muClip = 8158

/** G.711 table 2: 14 bit samples, eight segments, all bits inverted. */
function encodeMuLaw(sample: number): number {
  const linear = sample >> 2
  const mask = linear >= 0 ? 0xff : 0x7f
  const size = Math.min(Math.abs(linear), muClip) + muBias
  const segment = 31 - Math.clz32(size) - 5
  return ((segment << 4) | ((size >> (segment + 1)) & 0x0f)) ^ mask
}

function decodeMuLaw(byte: number): number {
  const bits = ~byte & 0xff
  const size = ((((bits & 0x0f) << 1) + muBias) << ((bits & 0x70) >> 4)) - muBias
  return (bits & 0x80 ? -size : size) << 2
}

const encodings: Record<Codec, Uint8Array> = {
  PCMA: Uint8Array.from({ length: 65_536 }, (_, at) => encodeALaw(at - 32_768)),
  PCMU: Uint8Array.from({ length: 65_536 }, (_, at) => encodeMuLaw(at - 32_768)),
}

const decodings: Record<Codec, Int16Array> = {
  PCMA: Int16Array.from({ length: 256 }, (_, byte) => decodeALaw(byte)),
  PCMU: Int16Array.from({ length: 256 }, (_, byte) => decodeMuLaw(byte)),
}

/** From the codec named to the other one. */
const transcodings: Record<Codec, Uint8Array> = {
  PCMA: Uint8Array.from({ length: 256 }, (_, byte) => encodeMuLaw(decodeALaw(byte))),
  PCMU: Uint8Array.from({ length: 256 }, (_, byte) => encodeALaw(decodeMuLaw(byte))),
}
