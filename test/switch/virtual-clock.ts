import { after, millis, type Instant } from '../../src/core/time.ts'

/** Time that passes only when told to; fits every `clock` option. */
export interface VirtualClock {
  now(): Instant
  wake(at: Instant, then: () => void): () => void
  /** Fires what is due on the way, each at its own time. */
  passes(length: number): void
}

export function virtualClock(start = Date.UTC(2026, 10, 23, 8)): VirtualClock {
  let now = start as Instant
  let waiting: { readonly at: Instant; readonly then: () => void }[] = []

  return {
    now: () => now,
    wake(at, then) {
      const entry = { at, then }
      waiting.push(entry)
      return () => {
        waiting = waiting.filter((each) => each !== entry)
      }
    },
    passes(length) {
      const end = after(now, millis(length))
      for (;;) {
        const next = waiting.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0]
        if (!next) break
        waiting = waiting.filter((each) => each !== next)
        if (next.at > now) now = next.at
        next.then()
      }
      now = end
    },
  }
}
