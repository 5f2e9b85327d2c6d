import type { Sound } from './sound.ts'

/**
 * The integrated loudness of one channel in LUFS (ITU-R BS.1770-5 annex 1): K-weighted, in blocks of 400 ms that overlap by
 * three quarters, those below -70 LUFS and those 10 LU below the rest left out. -Infinity: nothing above -70 LUFS. What is
 * shorter than a block is one block.
 */
export function loudnessOf({ rate, samples }: Sound): number {
  const powers = blockPowers(weighted(samples, rate), Math.max(1, Math.round(rate * 0.1)))
  const audible = powers.filter((power) => levelOf(power) > absoluteGate)
  const gate = levelOf(mean(audible)) - relativeGate
  return levelOf(mean(audible.filter((power) => levelOf(power) > gate)))
}

const absoluteGate = -70
const relativeGate = 10
/** A block is of so many steps. */
const stepsInBlock = 4

const levelOf = (power: number) => -0.691 + 10 * Math.log10(power)

const mean = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length

/** The mean square of each block. */
function blockPowers(samples: Float32Array, step: number): number[] {
  const sums: number[] = []
  for (let from = 0; from + step <= samples.length; from += step) {
    let sum = 0
    for (const sample of samples.subarray(from, from + step)) sum += sample * sample
    sums.push(sum)
  }
  if (sums.length < stepsInBlock) {
    const whole = samples.reduce((sum, sample) => sum + sample * sample, 0)
    return samples.length === 0 ? [] : [whole / samples.length]
  }
  return sums
    .slice(0, sums.length - stepsInBlock + 1)
    .map((_, at) => sums.slice(at, at + stepsInBlock).reduce((sum, each) => sum + each, 0) / (stepsInBlock * step))
}

interface Biquad {
  readonly b: readonly [number, number, number]
  readonly a: readonly [number, number]
}

/** The two stages of K-weighting: the head's, then the high-pass. */
function weighted(samples: Float32Array, rate: number): Float32Array {
  return filtered(filtered(samples, shelf(rate)), highPass(rate))
}

function filtered(samples: Float32Array, { b: [b0, b1, b2], a: [a1, a2] }: Biquad): Float32Array {
  let [x1, x2, y1, y2] = [0, 0, 0, 0]
  return samples.map((x) => {
    const y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2
    ;[x2, x1, y2, y1] = [x1, x, y1, y]
    return y
  })
}

/*
 * The standard gives the coefficients for 48 kHz alone. These are the analogue filters behind them, as De Man, "Evaluation of
 * implementations of the EBU R128 loudness measurement", AES 145 (2018), works them out, made digital for any rate.
 */

function shelf(rate: number): Biquad {
  const [frequency, quality, gain] = [1681.974450955533, 0.7071752369554196, 3.999843853973347]
  const k = Math.tan((Math.PI * frequency) / rate)
  const high = 10 ** (gain / 20)
  const band = high ** 0.4996667741545416
  const scale = 1 + k / quality + k * k
  return {
    b: [
      (high + (band * k) / quality + k * k) / scale,
      (2 * (k * k - high)) / scale,
      (high - (band * k) / quality + k * k) / scale,
    ],
    a: [(2 * (k * k - 1)) / scale, (1 - k / quality + k * k) / scale],
  }
}

function highPass(rate: number): Biquad {
  const [frequency, quality] = [38.13547087602444, 0.5003270373238773]
  const k = Math.tan((Math.PI * frequency) / rate)
  const scale = 1 + k / quality + k * k
  return { b: [1, -2, 1], a: [(2 * (k * k - 1)) / scale, (1 - k / quality + k * k) / scale] }
}
