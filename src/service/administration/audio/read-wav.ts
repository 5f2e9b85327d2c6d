import { failed, ok, type Result } from '../../../core/result.ts'
import { longestSeconds, tooLong, type AudioFault, type Sound } from './sound.ts'

interface Form {
  readonly coding: 'integer' | 'float'
  readonly channels: number
  readonly rate: number
  readonly bits: number
}

/** `WAVE_FORMAT_PCM`, `WAVE_FORMAT_IEEE_FLOAT`, `WAVE_FORMAT_EXTENSIBLE` (RFC 2361 and mmreg.h). */
const codings: Readonly<Partial<Record<number, Form['coding'] | 'extensible'>>> = {
  1: 'integer',
  3: 'float',
  0xfffe: 'extensible',
}
/** A writer that did not know the length in advance says this, or 0. */
const unknownLength = 0x7ffff000

/** Reads a RIFF WAVE file of PCM in any rate, depth and number of channels; the channels are mixed to one. */
export function readWav(file: Buffer): Result<Sound, AudioFault> {
  let form: Form | undefined
  let at = 12
  while (at + 8 <= file.length) {
    const name = file.toString('latin1', at, at + 4)
    const length = file.readUInt32LE(at + 4)
    const body = at + 8
    if (name === 'fmt ') {
      const read = readForm(file.subarray(body, Math.min(body + length, file.length)))
      if (!read.ok) return read
      form = read.value
    } else if (name === 'data') {
      if (!form) return damaged('its sound comes before its format')
      const isStream = length === 0 || length >= unknownLength
      if (!isStream && body + length > file.length) return damaged('it is cut short')
      return readSamples(file.subarray(body, isStream ? file.length : body + length), form)
    }
    // Chunks begin at even places.
    at = body + length + (length % 2)
  }
  return damaged('there is no sound in it')
}

function readForm(chunk: Buffer): Result<Form, AudioFault> {
  if (chunk.length < 16) return damaged('its format is cut short')
  const code = chunk.readUInt16LE(0)
  const outer = codings[code]
  const coding = outer === 'extensible' && chunk.length >= 26 ? codings[chunk.readUInt16LE(24)] : outer
  const form = { channels: chunk.readUInt16LE(2), rate: chunk.readUInt32LE(4), bits: chunk.readUInt16LE(14) }
  const depths = coding === 'float' ? [32, 64] : [8, 16, 24, 32]
  if (coding === undefined || coding === 'extensible' || !depths.includes(form.bits))
    return failed({
      kind: 'unsupported',
      message: `a WAV file of kind ${String(code)} with ${String(form.bits)} bits is not read: save it as PCM, 16 bits`,
    })
  if (form.channels < 1 || form.channels > 32) return damaged(`it says ${String(form.channels)} channels`)
  if (form.rate < 4000 || form.rate > 384_000) return damaged(`it says ${String(form.rate)} samples a second`)
  return ok({ ...form, coding })
}

function readSamples(data: Buffer, { coding, channels, rate, bits }: Form): Result<Sound, AudioFault> {
  const width = bits / 8
  const frames = Math.floor(data.length / (width * channels))
  if (frames === 0) return failed({ kind: 'empty', message: 'there is no sound in it' })
  if (frames > rate * longestSeconds) return failed(tooLong)
  const read = readers[`${coding}${String(bits)}`]
  if (!read) return damaged('its format is unknown')
  const samples = new Float32Array(frames)
  for (let frame = 0; frame < frames; frame += 1) {
    let sum = 0
    for (let channel = 0; channel < channels; channel += 1) sum += read(data, (frame * channels + channel) * width)
    const mixed = sum / channels
    samples[frame] = Number.isFinite(mixed) ? Math.max(-1, Math.min(1, mixed)) : 0
  }
  return ok({ rate, samples })
}

const readers: Readonly<Partial<Record<string, (data: Buffer, at: number) => number>>> = {
  // 8 bits are without sign.
  integer8: (data, at) => (data.readUInt8(at) - 128) / 128,
  integer16: (data, at) => data.readInt16LE(at) / 32_768,
  integer24: (data, at) => data.readIntLE(at, 3) / 8_388_608,
  integer32: (data, at) => data.readInt32LE(at) / 2_147_483_648,
  float32: (data, at) => data.readFloatLE(at),
  float64: (data, at) => data.readDoubleLE(at),
}

const damaged = (why: string): Result<never, AudioFault> =>
  failed({ kind: 'damaged', message: `the WAV file is damaged: ${why}` })
