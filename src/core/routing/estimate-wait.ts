import { between, millis, seconds, type Instant, type Millis } from '../time.ts'
import type { GroupRecord, Pace } from './state.ts'

/** Assumed of a caller and an agent until callers have been served. */
const assumedWork = seconds(180)
/** The mean forgets: about as many connections count. */
const remembered = 16

export const newPace = (): Pace => ({ work: assumedWork, samples: 0, since: undefined })

/**
 * A caller is connected. Between two connections all agents together have done one caller's work, if callers have
 * waited unrung all the time; with fewer waiting the agents idle, and the time says nothing.
 */
export function notePace({ pace, loggedIn, wanting }: GroupRecord, now: Instant): void {
  if (pace.since !== undefined && loggedIn > 0) {
    pace.samples = Math.min(pace.samples + 1, remembered)
    pace.work += (between(pace.since, now) * loggedIn - pace.work) / pace.samples
  }
  pace.since = wanting.at(-1)?.offers.length === 0 ? now : undefined
}

/** How long the caller at `position`, from 1, has yet to wait; undefined: nobody is logged in. */
export function estimateWait(
  { pace, loggedIn }: Pick<GroupRecord, 'pace' | 'loggedIn'>,
  position: number,
): Millis | undefined {
  return loggedIn === 0 ? undefined : millis((position * pace.work) / loggedIn)
}
