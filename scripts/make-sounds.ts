import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseConfiguration } from '../src/core/configuration/parse.ts'
import { serializeConfiguration } from '../src/core/configuration/serialize.ts'
import type { Message } from '../src/core/configuration/types.ts'
import { composeMusic } from './compose-music.ts'
import { makeAsteriskSounds } from './make-asterisk-sounds.ts'
import { makeNumbers } from './make-numbers.ts'
import { speak } from './speak.ts'
import { sampleRate, writeWav } from './write-wav.ts'

/*
 * Makes the audio files of the documents we ship: speech from each message's transcript, by espeak-ng and sox, and music by
 * `compose-music.ts`; and writes their lengths and sums into the documents; and the sounds of
 * numbers and of Asterisk's fallback. Run by hand when a transcript or a word changes.
 */
makeNumbers()
makeAsteriskSounds()
for (const folder of ['prerecorded', 'example']) {
  const directory = new URL(`../resources/${folder}/`, import.meta.url).pathname
  const file = join(directory, 'gruppnummer.json')
  const document = JSON.parse(readFileSync(file, 'utf8')) as { messages: Message[] }
  document.messages = document.messages.map((message) => withSound(message, join(directory, message.file)))

  const parsed = parseConfiguration(document)
  if (!parsed.ok) throw new Error(`${file}: ${JSON.stringify(parsed.problem)}`)
  writeFileSync(file, serializeConfiguration(parsed.value))
}

function withSound(message: Message, file: string): Message {
  const sound = message.kind === 'music' ? composeMusic() : speak(message.transcript, message.language)
  const wav = writeWav(sound)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, wav)
  return {
    ...message,
    seconds: Math.round((sound.length / sampleRate) * 1000) / 1000,
    sha256: createHash('sha256').update(wav).digest('hex'),
  }
}
