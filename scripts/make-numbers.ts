import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { numberWords, type SpokenLanguage } from '../src/core/speech/words-of-number.ts'
import { speak } from './speak.ts'
import { writeWav } from './write-wav.ts'

/**
 * Makes the sounds that spoken numbers are put together from, `resources/numbers/LANGUAGE/PIECE.wav`: 0 to 19, the tens,
 * hundred, thousand, the Swedish "en" and the English "and".
 */
export function makeNumbers() {
  for (const language of Object.keys(numberWords) as SpokenLanguage[]) {
    const directory = fileURLToPath(new URL(`../resources/numbers/${language}/`, import.meta.url))
    mkdirSync(directory, { recursive: true })
    for (const [piece, word] of Object.entries(numberWords[language]))
      writeFileSync(`${directory}${piece}.wav`, writeWav(speak(word, language, { before: 0, after: 0.06 })))
  }
}
