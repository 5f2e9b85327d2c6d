import type { CallQuality } from '../../../contract/call-records.ts'
import { poorScore, type SoundCount, type SoundQuality } from './quality.ts'

/** How a call has sounded, all its measured seconds together. */
export interface QualitySum {
  readonly seconds: number
  readonly score: number
  readonly worst: number
  readonly received: number
  readonly lost: number
  readonly jitter: number
  readonly roundTrips: { readonly sum: number; readonly count: number }
  /** Seconds in which it was hard to follow, by what made it so. */
  readonly poor: Readonly<Record<NonNullable<SoundQuality['cause']>, number>>
}

const nothing: QualitySum = {
  seconds: 0,
  score: 0,
  worst: Infinity,
  received: 0,
  lost: 0,
  jitter: 0,
  roundTrips: { sum: 0, count: 0 },
  poor: { loss: 0, jitter: 0, delay: 0 },
}

/** One more second. */
export function addSecond(
  sum: QualitySum = nothing,
  { quality, earlier, now }: { readonly quality: SoundQuality; readonly earlier: SoundCount; readonly now: SoundCount },
): QualitySum {
  const { score, jitter, roundTrip, cause } = quality
  return {
    seconds: sum.seconds + 1,
    score: sum.score + score,
    worst: Math.min(sum.worst, score),
    received: sum.received + Math.max(0, now.received - earlier.received),
    lost: sum.lost + Math.max(0, now.lost - earlier.lost),
    jitter: sum.jitter + jitter,
    roundTrips: {
      sum: sum.roundTrips.sum + (roundTrip ?? 0),
      count: sum.roundTrips.count + (roundTrip === undefined ? 0 : 1),
    },
    poor: score < poorScore && cause ? { ...sum.poor, [cause]: sum.poor[cause] + 1 } : sum.poor,
  }
}

/** Undefined: nothing was measured. */
export function qualityOf(sum: QualitySum | undefined): CallQuality | undefined {
  if (sum === undefined || sum.seconds === 0) return undefined
  const { seconds, score, worst, received, lost, jitter, roundTrips, poor } = sum
  const poorSeconds = poor.loss + poor.jitter + poor.delay
  const [cause] = (['loss', 'jitter', 'delay'] as const).toSorted((one, other) => poor[other] - poor[one])
  return {
    seconds,
    score: rounded(score / seconds),
    worst: rounded(worst),
    loss: rounded(received + lost === 0 ? 0 : (100 * lost) / (received + lost)),
    jitter: rounded(jitter / seconds),
    ...(roundTrips.count > 0 && { roundTrip: rounded(roundTrips.sum / roundTrips.count) }),
    poorSeconds,
    ...(poorSeconds > 0 && cause && { cause }),
  }
}

const rounded = (value: number) => Math.round(value * 100) / 100
