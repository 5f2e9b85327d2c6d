import { failed, ok, type Result } from '../result.ts'

const expected = 'expected a WAV file of 8 kHz, mono, 16 bit PCM'

/**
 * The sound in a WAV file (RIFF), as it stands there: 8 kHz, mono, 16 bit linear PCM, low byte first. Everything else is a
 * problem that says what was found. Chunk sizes are believed only as far as the file reaches.
 */
export function pcmInWav(file: Uint8Array): Result<Uint8Array, string> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (file.length < 12 || nameAt(view, 0) !== 'RIFF' || nameAt(view, 8) !== 'WAVE')
    return failed(`is not a WAV file (${expected})`)

  let formatSeen = false
  let at = 12
  while (at + 8 <= file.length) {
    const name = nameAt(view, at)
    const size = view.getUint32(at + 4, true)
    const start = at + 8
    if (name === 'fmt ') {
      const problem = checkFormat(view, start, Math.min(size, file.length - start))
      if (problem !== undefined) return failed(`${problem} (${expected})`)
      formatSeen = true
    }
    if (name === 'data') {
      if (!formatSeen) return failed(`has its sound before its format (${expected})`)
      if (size > file.length - start)
        return failed(`is cut short: ${size} bytes of sound are announced, ${file.length - start} are there`)
      return ok(file.subarray(start, start + size))
    }
    at = start + size + (size % 2)
  }
  return failed(`has no sound in it (${expected})`)
}

function checkFormat(view: DataView, at: number, length: number): string | undefined {
  if (length < 16) return 'is cut short in its format'
  const kind = view.getUint16(at, true)
  const channels = view.getUint16(at + 2, true)
  const rate = view.getUint32(at + 4, true)
  const bits = view.getUint16(at + 14, true)
  if (kind !== 1) return `has format ${kind} instead of 1, PCM`
  if (channels !== 1) return `has ${channels} channels`
  if (rate !== 8000) return `has ${rate} samples a second`
  if (bits !== 16) return `has ${bits} bits a sample`
  return undefined
}

const nameAt = (view: DataView, at: number) =>
  String.fromCharCode(...[0, 1, 2, 3].map((place) => view.getUint8(at + place)))
