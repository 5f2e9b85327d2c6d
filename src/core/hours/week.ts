import type { Schedule, Weekday } from '../configuration/types.ts'
import { dayMillis, minuteMillis, twoDigits, type LocalMillis } from './local-time.ts'

/** A schedule's week as one line from Monday 00:00, with what touches or overlaps joined. */
export interface Week {
  isOpen(local: LocalMillis): boolean
  /** The first reading of the clock after this one at which `isOpen` changes; Infinity: it never does. */
  nextFlip(local: LocalMillis): number
  readonly everOpen: boolean
  readonly everClosed: boolean
}

const weekMillis = 7 * dayMillis
/** 1970-01-01 was a Thursday. */
const mondayOffset = 3 * dayMillis
export const weekdays: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

export function compileWeek(week: Schedule['week']): Week {
  const open = joined(intervalsOf(week))
  const first = open[0]
  if (first === undefined) return always(false)
  if (first.from === 0 && first.to === weekMillis) return always(true)

  // Where the week's end and its beginning are both open, midnight between them is no flip.
  const wraps = first.from === 0 && open.at(-1)?.to === weekMillis
  const flips = open.flatMap(({ from, to }) => [from, to]).filter((at) => !wraps || (at !== 0 && at !== weekMillis))
  const firstFlip = flips[0] ?? 0

  return {
    everOpen: true,
    everClosed: true,
    isOpen(local) {
      const at = placeInWeek(local)
      for (const { from, to } of open) if (at < to) return at >= from
      return false
    },
    nextFlip(local) {
      const at = placeInWeek(local)
      for (const flip of flips) if (flip > at) return local - at + flip
      return local - at + weekMillis + firstFlip
    },
  }
}

const always = (open: boolean): Week => ({
  everOpen: open,
  everClosed: !open,
  isOpen: () => open,
  nextFlip: () => Infinity,
})

const placeInWeek = (local: LocalMillis) => (((local + mondayOffset) % weekMillis) + weekMillis) % weekMillis

interface Stretch {
  readonly from: number
  to: number
}

/** In milliseconds from Monday 00:00; what runs past Sunday midnight begins the week. */
function intervalsOf(week: Schedule['week']): Stretch[] {
  const stretches: Stretch[] = []
  for (const [index, weekday] of weekdays.entries()) {
    const midnight = index * dayMillis
    for (const interval of week[weekday]) {
      const from = midnight + timeOf(interval.from)
      const end = midnight + timeOf(interval.to)
      const to = end > from ? end : end + dayMillis
      stretches.push({ from, to: Math.min(to, weekMillis) })
      if (to > weekMillis) stretches.push({ from: 0, to: to - weekMillis })
    }
  }
  return stretches
}

const timeOf = (time: string) => (twoDigits(time, 0) * 60 + twoDigits(time, 3)) * minuteMillis

function joined(stretches: Stretch[]): readonly Stretch[] {
  stretches.sort((a, b) => a.from - b.from)
  const open: Stretch[] = []
  for (const stretch of stretches) {
    const last = open.at(-1)
    if (last && stretch.from <= last.to) last.to = Math.max(last.to, stretch.to)
    else open.push(stretch)
  }
  return open
}
