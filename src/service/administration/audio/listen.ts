import { failed, ok, type Result } from '../../../core/result.ts'
import { joined, openResampler, type Resampler } from './resample.ts'
import { longestSeconds, telephoneRate, tooLong, type AudioFault, type Sound } from './sound.ts'

export interface Heard {
  /** At the telephone's rate. */
  readonly sound: Sound
  /** It was recorded too loud: flat tops at full scale, more often than now and then. */
  readonly clipped: boolean
}

/** Takes a sound in piece by piece, of any rate and number of channels, so that a long one is never in memory whole. */
export interface Listener {
  /** The channels of one piece, equally long. A fault: nothing more is taken. */
  hear(channels: readonly Float32Array[], rate: number): AudioFault | undefined
  end(): Result<Heard, AudioFault>
}

/** Three samples in a row at full scale are a flat top. */
const fullScale = 0.999
const flatTop = 3
const fewTops = 2

export function openListener(): Listener {
  const pieces: Float32Array[] = []
  let resampler: Resampler | undefined
  let rate = 0
  let frames = 0
  const runs: number[] = []
  let tops = 0

  function hear(channels: readonly Float32Array[], given: number): AudioFault | undefined {
    const [first] = channels
    if (first === undefined || first.length === 0) return undefined
    if (given < 4000 || given > 384_000) return damaged(`it says ${String(given)} samples a second`)
    if (resampler !== undefined && given !== rate) return damaged('its rate changes on the way')
    rate = given
    resampler ??= openResampler(rate, telephoneRate)
    frames += first.length
    if (frames > rate * longestSeconds) return tooLong
    for (const [index, channel] of channels.entries()) lookForTops(channel, index)
    pieces.push(resampler.push(mixed(channels)))
    return undefined
  }

  function lookForTops(samples: Float32Array, channel: number) {
    let run = runs[channel] ?? 0
    for (const sample of samples) {
      run = Math.abs(sample) >= fullScale ? run + 1 : 0
      if (run === flatTop) tops += 1
    }
    runs[channel] = run
  }

  function end(): Result<Heard, AudioFault> {
    if (resampler === undefined) return failed({ kind: 'empty', message: 'there is no sound in it' })
    const samples = joined([...pieces, resampler.end()])
    return ok({ sound: { rate: telephoneRate, samples }, clipped: tops > fewTops })
  }

  return { hear, end }
}

const damaged = (why: string): AudioFault => ({ kind: 'damaged', message: `the file is damaged: ${why}` })

/** One channel of all, within full scale, and silence for what is no number. */
function mixed(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array()] = channels
  return first.map((_, at) => {
    let sum = 0
    for (const channel of channels) sum += channel[at] ?? 0
    const mean = sum / channels.length
    return Number.isFinite(mean) ? Math.max(-1, Math.min(1, mean)) : 0
  })
}
