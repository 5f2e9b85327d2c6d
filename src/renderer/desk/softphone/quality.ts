/** What the browser counted of a call's sound between two readings. */
export interface SoundCount {
  /** Packets received in all. */
  readonly received: number
  readonly lost: number
  /** Seconds. */
  readonly jitter: number
  /** Seconds; absent until the far side has reported. */
  readonly roundTrip?: number
}

/** How a call sounds. */
export interface SoundQuality {
  /** Mean opinion score, 1 to 4.5. */
  readonly score: number
  /** Per cent of the packets. */
  readonly loss: number
  /** Both in milliseconds; `roundTrip` absent until the far side has reported. */
  readonly jitter: number
  readonly roundTrip?: number
  /** What makes it bad, where it is. */
  readonly cause?: 'loss' | 'jitter' | 'delay'
}

/** Below this a call is hard to follow. */
export const poorScore = 3.4

/** Reads the counters of the one audio stream of a call. */
export async function countSound(connection: RTCPeerConnection): Promise<SoundCount | undefined> {
  let count: SoundCount | undefined
  let roundTrip: number | undefined
  for (const report of (await connection.getStats()).values() as Iterable<Record<string, unknown>>) {
    if (report.type === 'inbound-rtp' && report.kind === 'audio')
      count = {
        received: numberOf(report.packetsReceived) ?? 0,
        lost: numberOf(report.packetsLost) ?? 0,
        jitter: numberOf(report.jitter) ?? 0,
      }
    if (report.type === 'remote-inbound-rtp') roundTrip = numberOf(report.roundTripTime)
    if (report.type === 'candidate-pair' && report.nominated === true)
      roundTrip ??= numberOf(report.currentRoundTripTime)
  }
  return count && roundTrip !== undefined ? { ...count, roundTrip } : count
}

/**
 * The mean opinion score, 1 to 4.5, by the E-model's simplification (ITU-T G.107): effective delay from half the round
 * trip, twice the jitter and 10 ms of codec; 2.5 points of R for each per cent lost.
 */
export function meanOpinionScore(earlier: SoundCount, now: SoundCount): number | undefined {
  const received = now.received - earlier.received
  const lost = Math.max(0, now.lost - earlier.lost)
  if (received + lost === 0) return undefined
  const delay = ((now.roundTrip ?? 0) / 2 + 2 * now.jitter) * 1000 + 10
  const lossPerCent = (100 * lost) / (received + lost)
  const rating = Math.max(0, 93.2 - (delay < 160 ? delay / 40 : (delay - 120) / 10) - 2.5 * lossPerCent)
  const score = 1 + 0.035 * rating + 7e-6 * rating * (rating - 60) * (100 - rating)
  return Math.min(4.5, Math.max(1, score))
}

export function qualityBetween(earlier: SoundCount, now: SoundCount): SoundQuality | undefined {
  const score = meanOpinionScore(earlier, now)
  if (score === undefined) return undefined
  const lost = Math.max(0, now.lost - earlier.lost)
  const loss = (100 * lost) / (now.received - earlier.received + lost)
  const jitter = now.jitter * 1000
  const roundTrip = now.roundTrip === undefined ? undefined : now.roundTrip * 1000
  const cause = score < poorScore ? worst({ loss, jitter, delay: roundTrip ?? 0 }) : undefined
  return { score, loss, jitter, ...(roundTrip !== undefined && { roundTrip }), ...(cause && { cause }) }
}

/** By how much each takes off the rating: 2.5 for a per cent lost, a tenth for each millisecond of delay. */
function worst({ loss, jitter, delay }: { loss: number; jitter: number; delay: number }) {
  const taken = { loss: 2.5 * loss, jitter: (2 * jitter) / 10, delay: delay / 2 / 10 }
  const [first] = (['loss', 'jitter', 'delay'] as const).toSorted((one, other) => taken[other] - taken[one])
  return first
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
