import { createHash } from 'node:crypto'
import { failed, ok, type Result } from '../../../core/result.ts'
import { decodeCompressed, type Compressed } from './decode-compressed.ts'
import { evenLoudness, type Evened } from './even-loudness.ts'
import { openListener, type Heard } from './listen.ts'
import { readWav } from './read-wav.ts'
import { telephoneRate, type AudioFault } from './sound.ts'
import { writeWav } from './write-wav.ts'

export interface Converted {
  /** A WAV file as telephones hear it: 8 kHz, 16 bits, one channel. */
  readonly file: Buffer
  readonly sha256: string
  readonly seconds: number
  readonly warnings: readonly ('clipped' | Evened['warnings'][number])[]
}

/**
 * Makes a recording into what a telephone plays, at the common loudness. What it is is told by its content. It takes seconds
 * of work: a service asks `FileWork` for it.
 */
export async function convertAudio(file: Buffer): Promise<Result<Converted, AudioFault>> {
  const heard = await hear(file)
  if (!heard.ok) return heard
  const { sound, warnings } = evenLoudness(heard.value.sound)
  const seconds = sound.samples.length / telephoneRate
  const made = writeWav(sound)
  return ok({
    file: made,
    sha256: createHash('sha256').update(made).digest('hex'),
    seconds: Math.round(seconds * 1000) / 1000,
    warnings: heard.value.clipped ? ['clipped', ...warnings] : warnings,
  })
}

async function hear(file: Buffer): Promise<Result<Heard, AudioFault>> {
  const kind = kindOf(file)
  const listener = openListener()
  if (kind === undefined)
    return failed({
      kind: 'unsupported',
      message: 'this is no recording that can be read: expected a WAV, MP3, Ogg Opus or FLAC file',
    })
  if (kind === 'WAV') {
    const read = readWav(file)
    if (!read.ok) return read
    const fault = listener.hear([read.value.samples], read.value.rate)
    return fault ? failed(fault) : listener.end()
  }
  const fault = await decodeCompressed(kind, file, listener)
  if (fault) return failed(fault)
  return listener.end()
}

function kindOf(file: Buffer): 'WAV' | Compressed | undefined {
  const start = file.toString('latin1', 0, 4)
  if (start === 'RIFF' && file.toString('latin1', 8, 12) === 'WAVE') return 'WAV'
  if (start === 'OggS') return 'Ogg'
  if (start === 'fLaC') return 'FLAC'
  // Eleven bits set begin a frame (ISO/IEC 11172-3 section 2.4.1.3); ID3 comes before the first.
  if (start.startsWith('ID3') || (file.length > 1 && (file.readUInt16BE(0) & 0xffe0) === 0xffe0)) return 'MP3'
  return undefined
}
