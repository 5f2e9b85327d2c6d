import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { convertAudio, type Converted } from '../../../src/service/administration/audio/convert-audio.ts'
import { readWav } from '../../../src/service/administration/audio/read-wav.ts'
import { loudnessOf } from '../../../src/service/administration/audio/loudness.ts'
import { joined, openResampler, resample } from '../../../src/service/administration/audio/resample.ts'
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

const converted = async (file: Buffer): Promise<Converted> => {
  const done = await convertAudio(file)
  if (!done.ok) throw new Error(done.problem.message)
  return done.value
}
const recorded = (samples: Float32Array, rate = 8000) => converted(writeWav({ rate, samples }))
const heardIn = ({ file }: Converted) => ({ rate: 8000, samples: Float32Array.from(samplesOf(file)) })

describe('[A20] a recording', () => {
  test.each([0.02, 0.1, 0.5, 0.9])('is set to the common loudness from a size of %d', async (size) => {
    for (const rate of [8000, 48_000])
      expect(loudnessOf(heardIn(await recorded(tone(size, { rate, seconds: 2 }), rate)))).toBeCloseTo(-23, 0)
  })
  test('keeps its length whatever its rate', async () => {
    for (const rate of [8000, 11_025, 16_000, 44_100, 48_000, 96_000])
      expect((await recorded(tone(0.3, { rate, seconds: 2 }), rate)).seconds).toBe(2)
  })
  test('that is silent, clipped or quiet is named', async () => {
    const warningsOf = async (...given: Parameters<typeof recorded>) => (await recorded(...given)).warnings
    expect(await warningsOf(tone(0))).toEqual(['silent'])
    expect(await warningsOf(tone(0.001))).toEqual(['silent'])
    expect(await warningsOf(tone(3))).toEqual(['clipped'])
    expect(await warningsOf(tone(3, { rate: 44_100 }), 44_100)).toEqual(['clipped'])
    expect(await warningsOf(tone(0.02))).toEqual(['quiet'])
    expect(await warningsOf(tone(0.3))).toEqual([])
  })
  test('never reaches full scale, however loud its peaks are beside the rest', async () => {
    const samples = tone(0.05)
    samples.set(tone(0.95, { seconds: 1 }).subarray(0, 400), 4000)
    expect(Math.max(...samplesOf((await recorded(samples)).file).map(Math.abs))).toBeLessThan(0.96)
  })
  test('sounds the same however many pieces it comes in', () => {
    for (const rate of [11_025, 44_100, 48_000]) {
      const samples = tone(0.5, { rate })
      const resampler = openResampler(rate, 8000)
      const pieces = Array.from({ length: Math.ceil(rate / 1000) }, (_, at) =>
        resampler.push(samples.subarray(at * 1000, (at + 1) * 1000)),
      )
      expect(joined([...pieces, resampler.end()])).toEqual(resample({ rate, samples }, 8000).samples)
    }
  })
})

describe('[A20] loudness', () => {
  // BS.1770-5 annex 1: a sine of 997 Hz at full scale in one channel is -3.01 LUFS.
  test.each([8000, 44_100, 48_000])('of the standard’s tone at %d Hz is what the standard says', (rate) => {
    const at = (size: number) => loudnessOf({ rate, samples: tone(size, { rate, hertz: 997, seconds: 3 }) })
    expect(at(1)).toBeCloseTo(-3.01, 1)
    expect(at(0.1)).toBeCloseTo(-23.01, 1)
  })
  test('of speech with long pauses is that of the speech', () => {
    const samples = new Float32Array(8000 * 12)
    samples.set(tone(0.1, { seconds: 3 }))
    const whole = loudnessOf({ rate: 8000, samples })
    expect(whole).toBeCloseTo(loudnessOf({ rate: 8000, samples: tone(0.1, { seconds: 3 }) }), 0)
  })
  test('of silence is none, and of what is shorter than a block that of all of it', () => {
    expect(loudnessOf({ rate: 8000, samples: new Float32Array(8000) })).toBe(-Infinity)
    expect(loudnessOf({ rate: 8000, samples: new Float32Array() })).toBe(-Infinity)
    expect(loudnessOf({ rate: 8000, samples: tone(0.5).subarray(0, 800) })).toBeGreaterThan(-15)
  })
})

/** Made by sox and ffmpeg: a second of a tone of 440 Hz, a second of silence, and twenty minutes of it. */
const soundFile = (name: string) => readFileSync(new URL(`sounds/${name}`, import.meta.url))

describe('[A20] a compressed file', () => {
  test.each(['tone.mp3', 'tone.opus', 'tone.flac'])('is heard: %s', async (name) => {
    const made = await converted(soundFile(name))
    expect(made.seconds).toBeCloseTo(1, 1)
    expect(made.warnings).toEqual([])
    const sound = heardIn(made)
    expect(loudnessOf(sound)).toBeCloseTo(-23, 0)
    // The tone and little else: 440 crossings upwards in a second.
    const middle = sound.samples.subarray(2000, 6000)
    expect(middle.filter((sample, at) => at > 0 && sample >= 0 && (middle[at - 1] ?? 0) < 0).length).toBeCloseTo(
      220,
      -1,
    )
  })
  test('that is silent or clipped is named', async () => {
    expect((await converted(soundFile('silence.flac'))).warnings).toEqual(['silent'])
    expect((await converted(soundFile('clipped.mp3'))).warnings).toEqual(['clipped'])
  })
  test.each<[string, () => Buffer, string]>([
    ['cut short FLAC', () => soundFile('tone.flac').subarray(0, 2000), 'damaged'],
    ['FLAC that ends in its header', () => soundFile('tone.flac').subarray(0, 20), 'damaged'],
    ['cut short Opus', () => soundFile('tone.opus').subarray(0, 2000), 'damaged'],
    ['Ogg Vorbis', () => soundFile('tone.ogg'), 'unsupported'],
    ['MP3 without a frame', () => Buffer.concat([Buffer.from('ID3'), Buffer.alloc(3000, 0x41)]), 'empty'],
    ['twenty minutes and a second in 26 kB', () => soundFile('long.flac'), 'tooLong'],
    ['nothing', () => Buffer.alloc(0), 'unsupported'],
    ['a picture', () => Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'), 'unsupported'],
  ])('is refused in words: %s', async (_, file, kind) => {
    expect(await convertAudio(file())).toMatchObject({ ok: false, problem: { kind } })
  })
  test('of which any byte is another is read or refused, and nothing else', async () => {
    for (const name of ['tone.mp3', 'tone.opus', 'tone.flac']) {
      const file = soundFile(name)
      for (let at = 0; at < file.length; at += Math.ceil(file.length / 40)) {
        const broken = Buffer.from(file)
        broken.writeUInt8(broken.readUInt8(at) ^ 0xff, at)
        const made = await convertAudio(broken)
        expect(made.ok ? 'read' : made.problem.kind).toMatch(/^(read|damaged|unsupported|empty|tooLong)$/)
      }
    }
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
    const made = await converted(spoken.value)
    expect(made.warnings).toEqual([])
    expect(made.seconds).toBeGreaterThan(1)
  })
})
