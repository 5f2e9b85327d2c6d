import { FLACDecoder } from '@wasm-audio-decoders/flac'
import { MPEGDecoder } from 'mpg123-decoder'
import { OggOpusDecoder } from 'ogg-opus-decoder'
import type { Listener } from './listen.ts'
import type { AudioFault } from './sound.ts'

export type Compressed = 'MP3' | 'Ogg' | 'FLAC'

interface Decoded {
  readonly channelData: readonly Float32Array[]
  readonly sampleRate: number
}

interface Decoder {
  readonly ready: Promise<void>
  decode(piece: Uint8Array): Decoded | Promise<Decoded>
  flush?(): Decoded | Promise<Decoded>
  free(): void
}

/** So much at a time, in bytes: silence packs so well that what a larger piece becomes would not fit in memory. */
const pieceBytes = 4096

/** Decodes a file into a listener, until its end or until the listener has had enough; the fault says why it cannot. */
export async function decodeCompressed(
  kind: Compressed,
  file: Buffer,
  listener: Listener,
): Promise<AudioFault | undefined> {
  const foreign = kind === 'Ogg' ? foreignOgg(file) : undefined
  if (foreign) return foreign
  const decoder: Decoder = decoders[kind]()
  let frames = 0
  const hear = ({ channelData, sampleRate }: Decoded) => {
    frames += channelData[0]?.length ?? 0
    return listener.hear(channelData, sampleRate)
  }
  try {
    await decoder.ready
    for (let at = 0; at < file.length; at += pieceBytes) {
      // A copy: a decoder may keep what it is given, or hand its memory on.
      const fault = hear(await decoder.decode(Uint8Array.from(file.subarray(at, at + pieceBytes))))
      if (fault) return fault
    }
    const rest = await decoder.flush?.()
    const fault = rest && hear(rest)
    if (fault) return fault
    return isCutShort[kind](file, frames) ? damaged(kind, 'it is cut short') : undefined
  } catch (fault) {
    return damaged(kind, fault instanceof Error ? fault.message : String(fault))
  } finally {
    decoder.free()
  }
}

const decoders: Readonly<Record<Compressed, () => Decoder>> = {
  MP3: () => new MPEGDecoder(),
  Ogg: () => new OggOpusDecoder(),
  FLAC: () => new FLACDecoder(),
}

/** Ogg holds many kinds of sound; the first packet says which (RFC 7845 section 5.1). */
function foreignOgg(file: Buffer): AudioFault | undefined {
  if (file.subarray(0, 512).includes('OpusHead')) return undefined
  const found = file.subarray(0, 512).includes('vorbis') ? 'Ogg Vorbis' : 'an Ogg file without Opus'
  return { kind: 'unsupported', message: `${found} is not read: save the recording as Ogg Opus, MP3, FLAC or WAV` }
}

/** By what a file says of its own end. MP3 says nothing. */
const isCutShort: Readonly<Record<Compressed, (file: Buffer, frames: number) => boolean>> = {
  MP3: () => false,
  // Bit 2 of a page's flags: the last of its stream (RFC 3533 section 6).
  Ogg(file) {
    const last = file.lastIndexOf('OggS')
    return last < 0 || last + 5 >= file.length || (file.readUInt8(last + 5) & 4) === 0
  },
  // STREAMINFO comes first; 36 bits of it are the number of samples, or 0 (RFC 9639 section 8.2).
  FLAC(file, frames) {
    if (file.length < 26) return true
    return frames < (file.readUInt8(21) & 0x0f) * 2 ** 32 + file.readUInt32BE(22)
  },
}

const damaged = (kind: Compressed, why: string): AudioFault => ({
  kind: 'damaged',
  message: `the ${kind} file is damaged: ${why}`,
})
