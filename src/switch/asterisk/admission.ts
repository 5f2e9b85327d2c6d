/**
 * Who comes in where a server has as many new callers as it can serve. Past that every caller would wait for all others, those
 * inside too: so the next one is turned away at once, which costs next to nothing.
 */
export interface Admission {
  /** Of a new caller, once; `behind`: what Asterisk was asked and has not answered yet. */
  admits(behind: number): boolean
}

export interface AdmissionOptions {
  /** New callers a second; what two cores can serve is in docs/measured.md. @default 200 */
  readonly perSecond?: number
  /** Milliseconds, from any time on, never back. */
  readonly now: () => number
  /** Those of the last seconds, told once for all of them. */
  readonly turnedAway: (count: number, why: string) => void
}

/** Seconds' worth of callers that may come at one moment. */
const burstSeconds = 0.5
/** Requests. Asterisk has fewer than twenty before it while it keeps up. */
const mostBehind = 300
/** Milliseconds between two reports. */
const reportEvery = 10_000

export function openAdmission({ perSecond = 200, now, turnedAway }: AdmissionOptions): Admission {
  const burst = Math.max(1, perSecond * burstSeconds)
  /** How many may come at this moment. */
  let places = burst
  let counted = now()
  let reported = -Infinity
  let away = 0

  function turnAway(why: string): false {
    away += 1
    if (now() - reported < reportEvery) return false
    reported = now()
    turnedAway(away, why)
    away = 0
    return false
  }

  return {
    admits(behind) {
      const at = now()
      places = Math.min(burst, places + ((at - counted) / 1000) * perSecond)
      counted = at
      if (behind > mostBehind) return turnAway(`Asterisk is ${String(behind)} requests behind`)
      if (places < 1) return turnAway(`more than ${String(perSecond)} new callers a second`)
      places -= 1
      return true
    },
  }
}
