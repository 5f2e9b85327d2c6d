import type { Result } from '../../../core/result.ts'
import { failed, ok } from '../../../core/result.ts'

const expected = 'expected a WAV file of 8 kHz, mono, 16 bit PCM'

/**
 * The samples of a WAV file (RIFF): 8 kHz, mono, 16 bit linear PCM. Everything else is a problem that says what was
 * found. Chunk sizes are believed only as far as the file reaches.
 */
export function readWav(file: Buffer): Result<Int16Array, string> {
  if (file.length < 12 || file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE')
    return failed(`is not a WAV file (${expected})`)

  let formatSeen = false
  let at = 12
  while (at + 8 <= file.length) {
    const name = file.toString('latin1', at, at + 4)
    const size = file.readUInt32LE(at + 4)
    const start = at + 8
    if (name === 'fmt ') {
      const problem = checkFormat(file.subarray(start, start + size))
      if (problem !== undefined) return failed(`${problem} (${expected})`)
      formatSeen = true
    }
    if (name === 'data') {
      if (!formatSeen) return failed(`has its sound before its format (${expected})`)
      if (size > file.length - start)
        return failed(`is cut short: ${size} bytes of sound are announced, ${file.length - start} are there`)
      return ok(samplesOf(file.subarray(start, start + size)))
    }
    at = start + size + (size % 2)
  }
  return failed(`has no sound in it (${expected})`)
}

function checkFormat(format: Buffer): string | undefined {
  if (format.length < 16) return 'is cut short in its format'
  const kind = format.readUInt16LE(0)
  const channels = format.readUInt16LE(2)
  const rate = format.readUInt32LE(4)
  const bits = format.readUInt16LE(14)
  if (kind !== 1) return `has format ${kind} instead of 1, PCM`
  if (channels !== 1) return `has ${channels} channels`
  if (rate !== 8000) return `has ${rate} samples a second`
  if (bits !== 16) return `has ${bits} bits a sample`
  return undefined
}

function samplesOf(data: Buffer): Int16Array {
  const samples = new Int16Array(data.length >> 1)
  for (let at = 0; at < samples.length; at++) samples[at] = data.readInt16LE(at * 2)
  return samples
}
