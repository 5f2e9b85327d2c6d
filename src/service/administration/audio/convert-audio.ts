import { failed, ok, type Result } from '../../../core/result.ts'
import { evenLoudness, type Evened } from './even-loudness.ts'
import { readWav } from './read-wav.ts'
import type { Resample } from './resample.ts'
import { longestSeconds, telephoneRate, type AudioFault } from './sound.ts'
import { writeWav } from './write-wav.ts'

export interface Converted {
  /** A WAV file as telephones hear it: 8 kHz, 16 bits, one channel. */
  readonly file: Buffer
  readonly seconds: number
  readonly warnings: Evened['warnings']
}

/** Makes a recording into what a telephone plays, at the common loudness. What it is is told by its content. */
export function convertAudio(file: Buffer, resample: Resample): Result<Converted, AudioFault> {
  const kind = kindOf(file)
  if (kind !== 'WAV')
    return failed({
      kind: 'unsupported',
      message:
        kind === undefined
          ? 'this is no recording that can be read: expected a WAV file'
          : `${kind} files are not read yet: save the recording as a WAV file`,
    })
  const sound = readWav(file)
  if (!sound.ok) return sound
  const { sound: evened, warnings } = evenLoudness(resample(sound.value, telephoneRate))
  const seconds = evened.samples.length / telephoneRate
  if (seconds > longestSeconds) return failed({ kind: 'tooLong', message: 'it is longer than 20 minutes' })
  // Of what was recorded: filtering takes flat tops away.
  const clipped = evenLoudness(sound.value).warnings.includes('clipped')
  const told = clipped && !warnings.includes('clipped') ? (['clipped', ...warnings] as const) : warnings
  return ok({ file: writeWav(evened), seconds: Math.round(seconds * 1000) / 1000, warnings: told })
}

function kindOf(file: Buffer): string | undefined {
  const start = file.toString('latin1', 0, 4)
  if (start === 'RIFF' && file.toString('latin1', 8, 12) === 'WAVE') return 'WAV'
  if (start === 'OggS') return 'Ogg'
  if (start === 'fLaC') return 'FLAC'
  // Eleven bits set begin a frame (ISO/IEC 11172-3 section 2.4.1.3); ID3 comes before the first.
  if (start.startsWith('ID3') || (file.length > 1 && (file.readUInt16BE(0) & 0xffe0) === 0xffe0)) return 'MP3'
  return undefined
}
