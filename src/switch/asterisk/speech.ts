import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sound, SwitchSetup } from '../../contract/switch.ts'
import type { MessageId } from '../../core/configuration/types.ts'
import type { SpokenPart } from '../../core/routing/messages.ts'
import { pcmInWav } from '../../core/sound/pcm-in-wav.ts'
import { wordsOfNumber } from '../../core/speech/words-of-number.ts'
import type { Piece } from './music.ts'
import type { Recordings } from './recordings.ts'
import { writeWav } from './write-wav.ts'

/** Makes speech of a text: samples at 8 kHz; undefined where it cannot. */
export type Speak = (text: string, language: 'sv' | 'en') => Promise<Int16Array | undefined>

/** The sounds of the setup, and what is put together of them, as files that Asterisk plays. */
export interface Speech {
  setUp(setup: SwitchSetup): Promise<void>
  pieceOf(message: MessageId): Piece | undefined
  /** The file of the beep before a recording; undefined until the first setup. */
  readonly beep: string | undefined
  /** What says the parts one after the other; a part that cannot be said is left out. */
  piecesOf(parts: readonly SpokenPart[]): Promise<readonly Piece[]>
}

export interface SpeechOptions {
  readonly recordings: Pick<Recordings, 'pathOf'>
  /** Where made texts are kept. */
  readonly directory: string
  readonly speak: Speak
  readonly log: (level: 'warn', text: string) => void
}

export function openSpeech({ recordings, directory, speak, log }: SpeechOptions): Speech {
  /** By the file's contents, so that one is read once. */
  const pieces = new Map<string, Piece>()
  let messages: Readonly<Record<string, Sound>> = {}
  let numbers: Readonly<Record<string, Sound>> = {}
  let language: 'sv' | 'en' = 'sv'
  let beep: string | undefined
  /** One text is made at a time: there are calls to be carried on the same machine. */
  let making: Promise<unknown> = Promise.resolve()

  async function load(sounds: readonly Sound[]) {
    for (const { path, sha256 } of sounds) {
      if (pieces.get(sha256)?.file === withoutEnding(path)) continue
      const piece = await pieceAt(path)
      if (piece) pieces.set(sha256, piece)
      else log('warn', `sound ${path} is not usable: expected a WAV file of 8 kHz, mono, 16 bit PCM`)
    }
  }

  const soundOf = (sound: Sound | undefined) => sound && pieces.get(sound.sha256)

  async function partOf(part: SpokenPart): Promise<readonly (Piece | undefined)[]> {
    switch (part.say) {
      case 'message':
        return [soundOf(messages[part.message])]
      case 'number':
        return numberOf(part.number, part.gender)
      case 'text':
        return textOf(part.text)
      case 'recording': {
        const path = recordings.pathOf(part.file)
        return [path === undefined ? undefined : await pieceAt(path)]
      }
    }
  }

  /** All of its pieces, or nothing: half a number is a wrong one. */
  function numberOf(number: number, gender?: 'common'): readonly Piece[] {
    const words = wordsOfNumber(number, language, gender)?.map((word) => soundOf(numbers[word])) ?? []
    const found = words.filter((word) => word !== undefined)
    return found.length === words.length ? found : []
  }

  async function textOf(text: string): Promise<readonly (Piece | undefined)[]> {
    const said = text.trim()
    if (said === '') return []
    // Such as the key to press: said without a synthesizer too.
    return /^\d{1,4}$/.test(said) ? numberOf(Number(said)) : [await made(said)]
  }

  async function made(text: string): Promise<Piece | undefined> {
    const name = createHash('sha256').update(`${language} ${text}`).digest('hex').slice(0, 32)
    const path = join(directory, `${name}.wav`)
    const known = await pieceAt(path)
    if (known) return known
    const sound = making.then(() => speak(text, language))
    making = sound.catch(() => undefined)
    const samples = await sound.catch(() => undefined)
    if (!samples || samples.length === 0) return undefined
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await writeWhole(path, writeWav(samples))
    return pieceAt(path)
  }

  return {
    get beep() {
      return beep
    },
    async setUp(setup) {
      beep ??= await writeBeep(directory)
      await load([...Object.values(setup.sounds), ...Object.values(setup.speech?.numbers ?? {})])
      messages = setup.sounds
      numbers = setup.speech?.numbers ?? {}
      language = setup.speech?.language ?? 'sv'
    },
    pieceOf: (message) => soundOf(messages[message]),
    async piecesOf(parts) {
      const pieces = await Promise.all(parts.map(partOf))
      return pieces.flat().filter((piece) => piece !== undefined)
    },
  }
}

/** A quarter of a second at 1 kHz, at a quarter of full scale: now it is your turn. */
async function writeBeep(directory: string): Promise<string> {
  const samples = Int16Array.from({ length: 2000 }, (_, at) => 8000 * Math.sin((2 * Math.PI * 1000 * at) / 8000))
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, 'beep.wav')
  await writeWhole(path, writeWav(samples))
  return withoutEnding(path)
}

/** Undefined: no such file, or no sound in it. */
async function pieceAt(path: string): Promise<Piece | undefined> {
  const file = await readFile(path).catch(() => undefined)
  const pcm = file && pcmInWav(file)
  return pcm?.ok && pcm.value.length > 0
    ? { file: withoutEnding(path), millis: pcm.value.length / bytesInMilli }
    : undefined
}

/** 8 kHz, 16 bit. */
const bytesInMilli = 16

/** Asterisk chooses the ending by the formats that it knows. */
const withoutEnding = (path: string) => path.replace(/\.[^./]*$/, '')

/** Several servers play from one directory, and each of them is prepared for itself. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${path}.${randomUUID()}.part`
  await writeFile(unfinished, bytes, { mode: 0o600 })
  await rename(unfinished, path)
}
