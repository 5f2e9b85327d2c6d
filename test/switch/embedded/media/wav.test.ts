import { createHash } from 'node:crypto'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decode } from '../../../../src/switch/embedded/media/g711.ts'
import { isLoadedSound, SoundShelf } from '../../../../src/switch/embedded/media/loaded-sound.ts'
import { readWav } from '../../../../src/switch/embedded/media/wav.ts'
import { heardIn, tone } from './listening.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gruppnummer-wav-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('the samples of a WAV file are read, past chunks that mean nothing here', () => {
  const plain = wav(Int16Array.of(1, -2, 32_767, -32_768))
  const withNotes = Buffer.concat([plain.subarray(0, 12), chunk('LIST', Buffer.from('abc')), plain.subarray(12)])
  expect(samplesIn(plain)).toEqual([1, -2, 32_767, -32_768])
  expect(samplesIn(withNotes)).toEqual([1, -2, 32_767, -32_768])
})

test.each<[string, Buffer]>([
  ['is not a WAV file', Buffer.from('ID3')],
  ['is not a WAV file', Buffer.alloc(0)],
  ['has format 7 instead of 1, PCM', wav(Int16Array.of(1), { kind: 7 })],
  ['has 2 channels', wav(Int16Array.of(1), { channels: 2 })],
  ['has 44100 samples a second', wav(Int16Array.of(1), { rate: 44_100 })],
  ['has 8 bits a sample', wav(Int16Array.of(1), { bits: 8 })],
  ['is cut short: 8 bytes of sound are announced, 6 are there', wav(Int16Array.of(1, 2, 3, 4)).subarray(0, -2)],
  ['has no sound in it', wav(Int16Array.of(1)).subarray(0, 36)],
  [
    'has its sound before its format',
    Buffer.concat([wav(Int16Array.of(1)).subarray(0, 12), chunk('data', Buffer.alloc(2))]),
  ],
  [
    'is cut short in its format',
    Buffer.concat([wav(Int16Array.of(1)).subarray(0, 12), chunk('fmt ', Buffer.alloc(4))]),
  ],
])('%s', (problem, file) => {
  const read = readWav(file)
  expect(read.ok ? '' : read.problem).toContain(problem)
})

test('a chunk that claims four gigabytes ends the file, and nothing else', () => {
  const file = wav(Int16Array.of(1, 2))
  file.writeUInt32LE(0xffff_ffff, 16)
  expect(readWav(file)).toMatchObject({ ok: false })
})

test('whatever is done to a file, reading it gives samples or a problem', () => {
  const file = wav(tone(440, 0.01))
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255))), fc.nat(file.length), (changes, length) => {
      const mutated = Buffer.from(file)
      for (const [at, byte] of changes) mutated[at] = byte
      expect(typeof readWav(mutated.subarray(0, length)).ok).toBe('boolean')
    }),
  )
})

test('a sound is loaded in both codecs, its last frame filled up with silence, and read only once', async () => {
  const path = join(folder, 'tone.wav')
  const file = wav(tone(440, 0.25))
  await writeFile(path, file)
  const shelf = new SoundShelf()
  const sha256 = createHash('sha256').update(file).digest('hex')
  const loaded = await shelf.load(path, sha256)
  if (!loaded.ok) throw new Error(loaded.problem)
  expect(loaded.value).toMatchObject({ seconds: 0.25, frames: 13 })
  expect(isLoadedSound(loaded.value)).toBe(true)
  for (const codec of ['PCMA', 'PCMU'] as const) {
    const samples = decode(codec, loaded.value.encoded[codec])
    expect(heardIn(samples.subarray(0, 2000), [440])).toBe(440)
    expect(heardIn(samples.subarray(2000), [440])).toBe('silence')
  }

  await rm(path)
  expect(await shelf.load(path, sha256)).toBe(loaded)
})

test('a file that is missing or too large is a problem with its name in it, and is tried again', async () => {
  const shelf = new SoundShelf()
  const missing = join(folder, 'missing.wav')
  expect(await shelf.load(missing, 'a')).toMatchObject({
    ok: false,
    problem: expect.stringContaining(missing) as string,
  })
  await writeFile(missing, wav(tone(440, 0.02)))
  expect(await shelf.load(missing, 'a')).toMatchObject({ ok: true })

  const large = join(folder, 'large.wav')
  await writeFile(large, '')
  await truncate(large, 100 * 1024 * 1024)
  expect(await shelf.load(large, 'b')).toMatchObject({
    ok: false,
    problem: expect.stringContaining('too large') as string,
  })
})

function samplesIn(file: Buffer): number[] {
  const read = readWav(file)
  if (!read.ok) throw new Error(read.problem)
  return [...read.value]
}

function wav(
  samples: Int16Array,
  format: { kind?: number; channels?: number; rate?: number; bits?: number } = {},
): Buffer {
  const { kind = 1, channels = 1, rate = 8000, bits = 16 } = format
  const fmt = Buffer.alloc(16)
  fmt.writeUInt16LE(kind, 0)
  fmt.writeUInt16LE(channels, 2)
  fmt.writeUInt32LE(rate, 4)
  fmt.writeUInt16LE(bits, 14)
  const data = Buffer.alloc(samples.length * 2)
  samples.forEach((sample, at) => data.writeInt16LE(sample, at * 2))
  const chunks = Buffer.concat([Buffer.from('WAVE'), chunk('fmt ', fmt), chunk('data', data)])
  return chunk('RIFF', chunks)
}

function chunk(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(name, 'latin1')
  head.writeUInt32LE(content.length, 4)
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)])
}
