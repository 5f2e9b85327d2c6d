import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Sound } from '../../contract/switch.ts'
import { numberWords, type SpokenLanguage } from '../../core/speech/words-of-number.ts'

const known = new Map<SpokenLanguage, Readonly<Record<string, Sound>>>()

/** The sounds that numbers are said with, by the name of the piece; none where they were not installed. Read once. */
export function numberSounds(language: SpokenLanguage): Readonly<Record<string, Sound>> {
  const read =
    known.get(language) ?? readSounds(join('resources', 'numbers', language), Object.keys(numberWords[language]))
  known.set(language, read)
  return read
}

function readSounds(place: string, pieces: readonly string[]): Readonly<Record<string, Sound>> {
  const directory = findAbove(import.meta.dirname, place)
  if (directory === undefined) return {}
  const sounds: [string, Sound][] = []
  for (const piece of pieces) {
    const path = join(directory, `${piece}.wav`)
    if (!existsSync(path)) continue
    sounds.push([piece, { path, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') }])
  }
  return Object.fromEntries(sounds)
}

/** Source and built code lie at different depths below the program's directory. */
function findAbove(from: string, place: string): string | undefined {
  for (let directory = from; ; directory = dirname(directory)) {
    const wanted = join(directory, place)
    if (existsSync(wanted)) return wanted
    if (directory === dirname(directory)) return undefined
  }
}
