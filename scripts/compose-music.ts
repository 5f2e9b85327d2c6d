import { sampleRate } from './write-wav.ts'

/*
 * Music on hold of our own: eight bars of slow chords with a plucked figure above them. Everything lies between
 * 200 and 3400 Hz, since a phone carries no more, and the tails of the last bar ring into the first, so it loops.
 */

const barSeconds = 3
/** MIDI notes: four of a chord, twice in two turns. */
const bars: readonly (readonly number[])[] = [
  [60, 64, 67, 71],
  [57, 60, 64, 67],
  [62, 65, 69, 72],
  [59, 62, 65, 67],
  [60, 64, 67, 74],
  [64, 67, 71, 74],
  [65, 69, 72, 76],
  [62, 67, 71, 74],
]
/** Which note of the chord is plucked at each eighth; a rest is -1. */
const figure: readonly number[] = [0, 2, 1, 3, -1, 2, 1, 2]

interface Note {
  readonly at: number
  readonly pitch: number
  readonly length: number
  readonly level: number
  /** Strength of each harmonic. */
  readonly harmonics: readonly number[]
  /** Seconds to full strength, and the time in which it falls to a third. */
  readonly attack: number
  readonly decay: number
}

export function composeMusic(): Int16Array {
  const length = bars.length * barSeconds * sampleRate
  const mix = new Float64Array(length)
  for (const note of notes()) add(mix, note)

  const peak = mix.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return Int16Array.from(mix, (value) => Math.round((value / peak) * 0.45 * 32_767))
}

function notes(): Note[] {
  return bars.flatMap((chord, bar) => {
    const start = bar * barSeconds
    const pads = chord.map((pitch) => ({
      at: start,
      pitch,
      length: barSeconds + 0.8,
      level: 0.22,
      harmonics: [1, 0.35, 0.12, 0.05],
      attack: 0.5,
      decay: 2.5,
    }))
    const plucked = figure.flatMap((step, eighth) => {
      const pitch = chord[step]
      if (pitch === undefined) return []
      return [
        {
          at: start + (eighth * barSeconds) / figure.length,
          pitch: pitch + 12,
          length: 1.6,
          level: eighth === 0 ? 0.3 : 0.22,
          harmonics: [1, 0.2, 0.25, 0.06],
          attack: 0.008,
          decay: 0.4,
        },
      ]
    })
    return [...pads, ...plucked]
  })
}

/** Past the end goes on at the beginning. */
function add(mix: Float64Array, { at, pitch, length, level, harmonics, attack, decay }: Note) {
  const frequency = 440 * 2 ** ((pitch - 69) / 12)
  const count = Math.round(length * sampleRate)
  const first = Math.round(at * sampleRate)
  for (let index = 0; index < count; index += 1) {
    const time = index / sampleRate
    const release = Math.min(1, (length - time) / 0.3)
    const strength = level * Math.min(1, time / attack) * Math.exp(-time / decay) * release
    let value = 0
    for (const [harmonic, amount] of harmonics.entries()) {
      const tone = frequency * (harmonic + 1)
      if (tone < 3400) value += amount * Math.sin(2 * Math.PI * tone * time)
    }
    const place = (first + index) % mix.length
    mix[place] = (mix[place] ?? 0) + strength * value
  }
}
