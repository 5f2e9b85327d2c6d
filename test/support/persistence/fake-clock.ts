import { instant } from '../../../src/core/time.ts'
import type { Clock } from '../../../src/service/ports.ts'

/** Virtual time: stands still until told to pass. */
interface FakeClock extends Clock {
  /** Lets `millis` pass; what is due runs at its own time, in order. */
  pass(millis: number): void
}

export function fakeClock(start = '2026-11-23T09:00:00Z'): FakeClock {
  let now = Date.parse(start)
  let due: { at: number; then: () => void }[] = []

  return {
    now: () => instant(now),
    wake(at, then) {
      const wanted = { at, then }
      due.push(wanted)
      return () => {
        due = due.filter((one) => one !== wanted)
      }
    },
    pass(millis) {
      const end = now + millis
      for (;;) {
        const next = due.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0]
        if (next === undefined) break
        due = due.filter((one) => one !== next)
        now = Math.max(now, next.at)
        next.then()
      }
      now = end
    },
  }
}
