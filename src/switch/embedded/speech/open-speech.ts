import { createHash } from 'node:crypto'
import type { MessageId } from '../../../core/configuration/types.ts'
import type { SpokenPart } from '../../../core/routing/messages.ts'
import { wordsOfNumber, type SpokenLanguage } from '../../../core/speech/words-of-number.ts'
import type { Media, Sound } from '../media/media.ts'
import { readWav } from '../media/wav.ts'
import type { Recordings } from '../recordings.ts'
import type { Speak } from './espeak.ts'

/** The sounds that the setup names, loaded. */
export interface Voice {
  readonly messages: ReadonlyMap<MessageId, Sound>
  readonly language: SpokenLanguage
  /** By the name of the piece. */
  readonly numbers: ReadonlyMap<string, Sound>
}

export interface Speech {
  /** The sounds that say the parts one after the other; a part that cannot be said is left out. */
  soundsOf(parts: readonly SpokenPart[], voice: Voice): Promise<readonly Sound[]>
}

export interface SpeechOptions {
  readonly media: Pick<Media, 'soundOf'>
  readonly speak: Speak
  readonly recordings: Pick<Recordings, 'read'> | undefined
}

/** Texts kept; one of five seconds is 80 kB. */
const mostTexts = 200

export function openSpeech({ media, speak, recordings }: SpeechOptions): Speech {
  const texts = new Map<string, Promise<Sound | undefined>>()
  /** One text is made at a time: there are calls to be carried on the same machine. */
  let making: Promise<unknown> = Promise.resolve()

  async function partOf(part: SpokenPart, voice: Voice): Promise<readonly (Sound | undefined)[]> {
    switch (part.say) {
      case 'message':
        return [voice.messages.get(part.message)]
      case 'number':
        return numberOf(part.number, voice, part.gender)
      case 'text':
        return textOf(part.text, voice)
      case 'recording':
        return [await recordingOf(part.file)]
    }
  }

  async function recordingOf(file: string): Promise<Sound | undefined> {
    const wav = await recordings?.read(file)
    const samples = wav && readWav(wav)
    return samples?.ok ? media.soundOf(samples.value) : undefined
  }

  async function textOf(text: string, voice: Voice): Promise<readonly (Sound | undefined)[]> {
    const said = text.trim()
    if (said === '') return []
    // Such as the key to press: said without a synthesizer too.
    return /^\d{1,4}$/.test(said) ? numberOf(Number(said), voice) : [await made(said, voice.language)]
  }

  function made(text: string, language: SpokenLanguage): Promise<Sound | undefined> {
    const key = createHash('sha256').update(`${language} ${text}`).digest('hex')
    const known = texts.get(key)
    if (known) return known
    const sound = making.then(async () => {
      const samples = await speak(text, language)
      return samples && samples.length > 0 ? media.soundOf(samples) : undefined
    })
    making = sound.catch(() => undefined)
    texts.set(key, sound)
    // A program that is installed later, or failed once, gets another chance.
    void making.then((done) => done ?? texts.delete(key))
    for (const old of texts.keys()) {
      if (texts.size <= mostTexts) break
      texts.delete(old)
    }
    return sound
  }

  return {
    async soundsOf(parts, voice) {
      const sounds = await Promise.all(parts.map((part) => partOf(part, voice)))
      return sounds.flat().filter((sound) => sound !== undefined)
    },
  }
}

/** All of its pieces, or nothing: half a number is a wrong one. */
function numberOf(number: number, { language, numbers }: Voice, gender?: 'common'): readonly Sound[] {
  const pieces = wordsOfNumber(number, language, gender)?.map((piece) => numbers.get(piece)) ?? []
  const found = pieces.filter((piece) => piece !== undefined)
  return found.length === pieces.length ? found : []
}
