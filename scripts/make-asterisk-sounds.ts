import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { speak } from './speak.ts'
import { writeWav } from './write-wav.ts'

/** What a caller hears from Asterisk itself while the service is away, `resources/asterisk/WHAT-LANGUAGE.wav`. */
const texts = {
  'away-sv': 'Vi har just nu ett tekniskt fel. Vänta kvar, så kopplas du till kön så snart det går.',
  'away-en':
    'We have a technical problem at the moment. Please hold, and you will be put through to the queue as soon as possible.',
  'sorry-sv': 'Vi kan tyvärr inte ta emot ditt samtal just nu. Ring gärna igen om en stund.',
  'sorry-en': 'We are sorry that we cannot take your call right now. Please call again in a while.',
}

export function makeAsteriskSounds() {
  const directory = fileURLToPath(new URL('../resources/asterisk/', import.meta.url))
  mkdirSync(directory, { recursive: true })
  for (const [name, text] of Object.entries(texts))
    writeFileSync(`${directory}${name}.wav`, writeWav(speak(text, name.endsWith('-sv') ? 'sv' : 'en')))
}
