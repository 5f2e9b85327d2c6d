import type { Instant } from '../../core/time.ts'

/** The time, handed in so that tests own it. `now` never goes backwards. */
export interface Clock {
  now(): Instant
  /** Calls `then` once at or after `at`; the returned function takes it back. */
  wake(at: Instant, then: () => void): () => void
}

/** This machine's: monotonic, set by the wall clock at the start. Its timers keep no process alive. */
export function systemClock(): Clock {
  const now = () => (performance.timeOrigin + performance.now()) as Instant
  return {
    now,
    wake(at, then) {
      const timer = setTimeout(then, Math.max(0, Math.ceil(at - now())))
      timer.unref()
      return () => {
        clearTimeout(timer)
      }
    },
  }
}
