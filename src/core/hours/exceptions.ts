import type { Exception } from '../configuration/types.ts'
import {
  dayMillis,
  daysFromCivil,
  isLeapYear,
  localMillis,
  minuteMillis,
  partsOf,
  readLocalDateTime,
  startOfYear,
  yearOf,
  type LocalMillis,
  type LocalParts,
} from './local-time.ts'

/** One time that an exception applies: a yearly one has one each year. */
export interface Occurrence {
  readonly exception: Exception
  /** Its place in the group number's list. */
  readonly index: number
  readonly from: LocalMillis
  readonly to: LocalMillis
}

export interface Exceptions {
  /** Which exception decides at this reading of the clock, and the next reading at which that may change. */
  decidingAt(local: LocalMillis): { readonly deciding: Exception | undefined; readonly until: number }
  /** Whether an exception with this effect can decide after this reading. */
  mayDecideAfter(local: LocalMillis, effect: Exception['effect']): boolean
  /** When the last one that does not recur has ended; -Infinity: there is none. */
  readonly lastEnd: number
}

export function compileExceptions(exceptions: readonly Exception[]): Exceptions {
  const once: Occurrence[] = []
  const yearly: { exception: Exception; index: number; from: LocalParts; to: LocalParts }[] = []
  const lastEnds = { open: -Infinity, closed: -Infinity }

  for (const [index, exception] of exceptions.entries()) {
    if (exception.yearly) {
      yearly.push({ exception, index, from: partsOf(exception.from), to: partsOf(exception.to) })
      lastEnds[exception.effect] = Infinity
      continue
    }
    const to = readLocalDateTime(exception.to)
    once.push({ exception, index, from: readLocalDateTime(exception.from), to })
    lastEnds[exception.effect] = Math.max(lastEnds[exception.effect], to)
  }

  const ofYears = new Map<number, readonly Occurrence[]>()

  /** The occurrences of yearly exceptions that can touch this year, or are the next after it. */
  function recurring(year: number): readonly Occurrence[] {
    const known = ofYears.get(year)
    if (known) return known
    const occurrences = yearly.flatMap(({ exception, index, from, to }) =>
      [year - 1, year, year + 1]
        .filter((each) => each >= from.year)
        .map((each) => ({
          exception,
          index,
          from: inYear(from, each),
          to: inYear(to, each + to.year - from.year),
        })),
    )
    if (ofYears.size >= 1000) ofYears.clear()
    ofYears.set(year, occurrences)
    return occurrences
  }

  return {
    lastEnd: once.reduce((last, { to }) => Math.max(last, to), -Infinity),
    mayDecideAfter: (local, effect) => lastEnds[effect] > local,
    decidingAt(local) {
      const found = new Deciding(local)
      for (const occurrence of once) found.see(occurrence)
      if (yearly.length > 0) {
        const year = yearOf(local)
        for (const occurrence of recurring(year)) found.see(occurrence)
        found.until = Math.min(found.until, startOfYear(year + 2))
      }
      return found
    },
  }
}

/** Of the occurrences seen: the shortest that covers the reading, and of equals the last in the list. */
class Deciding {
  deciding: Exception | undefined = undefined
  until = Infinity
  readonly #local: LocalMillis
  #length = Infinity
  #index = -1

  constructor(local: LocalMillis) {
    this.#local = local
  }

  see({ exception, index, from, to }: Occurrence) {
    if (from >= to || to <= this.#local) return
    if (from > this.#local) {
      if (from < this.until) this.until = from
      return
    }
    if (to < this.until) this.until = to
    const length = to - from
    if (length > this.#length || (length === this.#length && index < this.#index)) return
    this.deciding = exception
    this.#length = length
    this.#index = index
  }
}

/**
 * The same date and time in another year. 29 February, in a year without one, has no length: every time
 * on it is the midnight between 28 February and 1 March.
 */
function inYear({ month, day, hour, minute }: LocalParts, year: number): LocalMillis {
  if (month === 2 && day === 29 && !isLeapYear(year)) return localMillis(daysFromCivil(year, 3, 1) * dayMillis)
  return localMillis(daysFromCivil(year, month, day) * dayMillis + (hour * 60 + minute) * minuteMillis)
}
