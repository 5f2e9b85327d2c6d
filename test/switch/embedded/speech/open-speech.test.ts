import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import type { MessageId } from '../../../../src/core/configuration/types.ts'
import type { SpokenPart } from '../../../../src/core/routing/messages.ts'
import { numberWords } from '../../../../src/core/speech/words-of-number.ts'
import type { Sound } from '../../../../src/switch/embedded/media/media.ts'
import { writeWav } from '../../../../src/switch/embedded/media/wav.ts'
import { speakByEspeak } from '../../../../src/switch/embedded/speech/espeak.ts'
import { openSpeech, type Voice } from '../../../../src/switch/embedded/speech/open-speech.ts'

/** Sounds known by their lengths. */
const welcome: Sound = { seconds: 100 }
const pieces = Object.keys(numberWords.sv)
const pieceSound = (piece: string): Sound => ({ seconds: pieces.indexOf(piece) })
const voice: Voice = {
  language: 'sv',
  messages: new Map([['welcome' as MessageId, welcome]]),
  numbers: new Map(pieces.map((piece) => [piece, pieceSound(piece)])),
}
const parts: readonly SpokenPart[] = [
  { say: 'message', message: 'welcome' as MessageId },
  { say: 'text', text: 'väntat' },
  { say: 'number', number: 21, gender: 'common' },
  { say: 'text', text: '7' },
]

test('parts are said in order; a text that is a number needs no synthesizer', async () => {
  const { speech, asked } = scene()
  expect(await speech.soundsOf(parts, voice)).toEqual([
    welcome,
    { seconds: 6 },
    pieceSound('20'),
    pieceSound('en'),
    pieceSound('7'),
  ])
  expect(asked).toEqual(['sv väntat'])
})

test('a text is made once for each language', async () => {
  const { speech, asked } = scene()
  await speech.soundsOf([...parts, ...parts], voice)
  await speech.soundsOf(parts, { ...voice, language: 'en' })
  await speech.soundsOf(parts, voice)
  expect(asked).toEqual(['sv väntat', 'en väntat'])
})

test('without a synthesizer a text is left out, and asked for again the next time', async () => {
  const { speech, asked } = scene(false)
  const without = [welcome, pieceSound('20'), pieceSound('en'), pieceSound('7')]
  expect(await speech.soundsOf(parts, voice)).toEqual(without)
  expect(await speech.soundsOf(parts, voice)).toEqual(without)
  expect(asked).toEqual(['sv väntat', 'sv väntat'])
})

test('what is not known or is no number is left out whole', async () => {
  const { speech } = scene()
  const odd: readonly SpokenPart[] = [
    { say: 'message', message: 'nothing' as MessageId },
    { say: 'number', number: 12_000 },
    { say: 'number', number: -1 },
    { say: 'text', text: '  ' },
  ]
  expect(await speech.soundsOf(odd, voice)).toEqual([])
  const few = { ...voice, numbers: new Map([['20', pieceSound('20')]]) }
  expect(await speech.soundsOf([{ say: 'number', number: 21 }], few)).toEqual([])
})

test('a recording is said by its name, and one that is not there is left out', async () => {
  const { speech } = scene()
  const recordings = ['kept.wav', '../kept.wav'].map((file) => ({ say: 'recording', file }) as const)
  expect(await speech.soundsOf(recordings, voice)).toEqual([{ seconds: 9 }])
})

const espeak = spawnSync('espeak-ng', ['--version']).status === 0
test.skipIf(!espeak).each([
  ['sv', 'Kundtjänst, väntat två minuter, tryck ett'],
  ['en', '-w /tmp/never $(touch never) <speak>'],
] as const)(
  '[needs espeak-ng] a text in %s is said as speech at 8 kHz, and nothing in it is an option',
  async (language, text) => {
    const samples = (await speakByEspeak(text, language)) ?? new Int16Array(0)
    expect(samples.length).toBeGreaterThan(8000)
    expect(samples.length).toBeLessThan(80_000)
    expect(Math.max(...samples)).toBeGreaterThan(10_000)
  },
)

/** A synthesizer whose sounds are as many seconds long as the text has letters. */
function scene(installed = true) {
  const asked: string[] = []
  const speech = openSpeech({
    media: { soundOf: (samples) => Promise.resolve({ seconds: samples.length }) },
    recordings: { read: (name) => Promise.resolve(name === 'kept.wav' ? writeWav(new Int16Array(9)) : undefined) },
    speak: (text, language) => {
      asked.push(`${language} ${text}`)
      return Promise.resolve(installed ? new Int16Array(text.length) : undefined)
    },
  })
  return { speech, asked }
}
