import { instant, type Instant } from '../core/time.ts'
import type { Clock } from './ports.ts'

/** Node's longest timer; a longer wait is taken in steps. */
const longestTimer = 2 ** 31 - 1

/** The machine's clock, which never goes backwards: when it is set back, `now` stands still until it has caught up. */
export function systemClock(): Clock {
  let latest = 0

  function now(): Instant {
    latest = Math.max(latest, Date.now())
    return instant(latest)
  }

  function wake(at: Instant, then: () => void): () => void {
    let timer: NodeJS.Timeout
    const sleep = () => {
      const left = at - now()
      timer = setTimeout(left <= 0 ? then : sleep, Math.min(Math.max(left, 0), longestTimer))
    }
    sleep()
    return () => {
      clearTimeout(timer)
    }
  }

  return { now, wake }
}
