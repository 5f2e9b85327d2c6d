import type { Instant } from '../../../core/time.ts'

/** At most `burst` at once and `perSecond` in the long run (token bucket). */
export function rateLimit({ burst, perSecond }: { readonly burst: number; readonly perSecond: number }) {
  let left = burst
  let seen: Instant | undefined
  return {
    /** Whether one more is allowed now. */
    take(now: Instant): boolean {
      left = Math.min(burst, left + ((now - (seen ?? now)) / 1000) * perSecond)
      seen = now
      if (left < 1) return false
      left -= 1
      return true
    },
  }
}
