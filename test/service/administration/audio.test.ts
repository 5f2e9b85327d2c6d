import { describe, expect, test } from 'vitest'
import { convertAudio, type Converted } from '../../../src/service/administration/audio/convert-audio.ts'
import { readWav } from '../../../src/service/administration/audio/read-wav.ts'
import { resample } from '../../../src/service/administration/audio/resample.ts'
import { espeak } from '../../../src/service/administration/audio/speak.ts'
import { writeWav } from '../../../src/service/administration/audio/write-wav.ts'

const tone = (size: number, { rate = 8000, hertz = 440, seconds = 1 } = {}) =>
  Float32Array.from({ length: rate * seconds }, (_, index) => size * Math.sin((2 * Math.PI * hertz * index) / rate))

/** A WAV file of any form. */
function wavOf(form: { code?: number; channels?: number; rate?: number; bits: number }, data: Buffer): Buffer {
  const { code = 1, channels = 1, rate = 8000, bits } = form
  const format = Buffer.alloc(16)
  format.writeUInt16LE(code, 0)
  format.writeUInt16LE(channels, 2)
  format.writeUInt32LE(rate, 4)
  format.writeUInt32LE((rate * channels * bits) / 8, 8)
  format.writeUInt16LE((channels * bits) / 8, 12)
  format.writeUInt16LE(bits, 14)
  const chunk = (name: string, content: Buffer) => {
    const head = Buffer.alloc(8)
    head.write(name, 0, 'latin1')
    head.writeUInt32LE(content.length, 4)
    return Buffer.concat([head, content, Buffer.alloc(content.length % 2)])
  }
  return Buffer.concat([
    Buffer.from('RIFF....WAVE', 'latin1'),
    chunk('LIST', Buffer.from('odd')),
    chunk('fmt ', format),
    chunk('data', data),
  ])
}

const samplesOf = (file: Buffer) => {
  const read = readWav(file)
  if (!read.ok) throw new Error(read.problem.message)
  return [...read.value.samples]
}

test.each<[string, { code?: number; channels?: number; bits: number }, number[], number[]]>([
  ['8 bits, without sign', { bits: 8 }, [0, 128, 192], [-1, 0, 0.5]],
  ['16 bits', { bits: 16 }, [0x00, 0x80, 0x00, 0x00, 0x00, 0x40], [-1, 0, 0.5]],
  ['24 bits', { bits: 24 }, [0x00, 0x00, 0x80, 0x00, 0x00, 0x40], [-1, 0.5]],
  ['32 bits', { bits: 32 }, [0x00, 0x00, 0x00, 0x80, 0x00, 0x00, 0x00, 0x40], [-1, 0.5]],
  ['floating point', { code: 3, bits: 32 }, [0x00, 0x00, 0x00, 0x3f, 0x00, 0x00, 0x80, 0x7f], [0.5, 0]],
  ['two channels, mixed', { channels: 2, bits: 16 }, [0x00, 0x40, 0x00, 0x00], [0.25]],
])('[A20] WAV of %s is read', (_, form, bytes, expected) => {
  expect(samplesOf(wavOf(form, Buffer.from(bytes)))).toEqual(expected)
})

test.each<[string, () => Buffer, string]>([
  ['cut short', () => writeWav({ rate: 8000, samples: tone(0.1) }).subarray(0, 1000), 'damaged'],
  ['without sound', () => wavOf({ bits: 16 }, Buffer.alloc(0)), 'empty'],
  ['of compressed sound', () => wavOf({ code: 17, bits: 4 }, Buffer.alloc(100)), 'unsupported'],
  ['of no channels', () => wavOf({ channels: 0, bits: 16 }, Buffer.alloc(100)), 'damaged'],
  ['of a rate that nothing has', () => wavOf({ rate: 1, bits: 16 }, Buffer.alloc(100)), 'damaged'],
  ['longer than 20 minutes', () => wavOf({ rate: 4000, bits: 8 }, Buffer.alloc(4000 * 1200 + 1)), 'tooLong'],
])('[A20] a WAV file %s is refused', (_, file, kind) => {
  expect(readWav(file())).toMatchObject({ ok: false, problem: { kind } })
})

describe('[A20] a recording', () => {
  const converted = (samples: Float32Array, rate = 8000): Converted => {
    const done = convertAudio(writeWav({ rate, samples }), resample)
    if (!done.ok) throw new Error(done.problem.message)
    return done.value
  }
  const loudnessOf = ({ file }: Converted) => {
    const samples = samplesOf(file).slice(800, -800)
    return 20 * Math.log10(Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length))
  }

  test.each([0.02, 0.1, 0.5, 0.9])('is set to the common loudness from a size of %d', (size) => {
    expect(loudnessOf(converted(tone(size)))).toBeCloseTo(-20, 0)
    expect(loudnessOf(converted(tone(size, { rate: 48_000 }), 48_000))).toBeCloseTo(-20, 0)
  })
  test('keeps its length whatever its rate', () => {
    for (const rate of [8000, 11_025, 16_000, 44_100, 48_000, 96_000])
      expect(converted(tone(0.3, { rate, seconds: 2 }), rate).seconds).toBe(2)
  })
  test('that is silent, clipped or quiet is named', () => {
    expect(converted(tone(0)).warnings).toEqual(['silent'])
    expect(converted(tone(0.001)).warnings).toEqual(['silent'])
    expect(converted(tone(3)).warnings).toEqual(['clipped'])
    expect(converted(tone(3, { rate: 44_100 }), 44_100).warnings).toEqual(['clipped'])
    expect(converted(tone(0.02)).warnings).toEqual(['quiet'])
    expect(converted(tone(0.3)).warnings).toEqual([])
  })
  test('never reaches full scale, however loud its peaks are beside the rest', () => {
    const samples = tone(0.05)
    samples.set(tone(0.95, { seconds: 1 }).subarray(0, 400), 4000)
    expect(Math.max(...samplesOf(converted(samples).file).map(Math.abs))).toBeLessThan(0.96)
  })
})

describe('[A20] speech', () => {
  test('is not there where espeak-ng is not installed', async () => {
    const speech = espeak('no-such-program')
    expect(await speech.isAvailable()).toBe(false)
    expect(await speech.speak('Hej', 'sv')).toEqual({ ok: false, problem: 'espeak-ng is not installed' })
  })
  test('[needs espeak-ng] is a WAV file where it is, whatever the text looks like', async (context) => {
    const speech = espeak()
    if (!(await speech.isAvailable())) context.skip('espeak-ng is not installed')
    const spoken = await speech.speak('--help $(reboot) `x` <voice name="en"> [[h@]] Välkommen', 'sv')
    if (!spoken.ok) throw new Error(spoken.problem)
    const made = convertAudio(spoken.value, resample)
    expect(made).toMatchObject({ ok: true, value: { warnings: [] } })
    expect(made.ok && made.value.seconds).toBeGreaterThan(1)
  })
})
