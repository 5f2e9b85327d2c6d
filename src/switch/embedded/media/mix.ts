import { frameLength } from './g711.ts'

const [lowest, highest] = [-32_768, 32_767]

/** The sum of frames of 20 ms, cut off where it is too loud; undefined where there is nothing to hear. */
export function mix(frames: readonly (Int16Array | undefined)[]): Int16Array | undefined {
  const heard = frames.filter((frame) => frame !== undefined)
  if (heard.length < 2) return heard[0]
  const sum = new Int16Array(frameLength)
  for (let at = 0; at < frameLength; at++) {
    let total = 0
    for (const frame of heard) total += frame[at] ?? 0
    sum[at] = Math.min(highest, Math.max(lowest, total))
  }
  return sum
}
