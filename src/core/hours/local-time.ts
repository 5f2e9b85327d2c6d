import type { LocalDateTime } from '../configuration/types.ts'
import type { Brand } from '../brand.ts'

/**
 * A wall clock's reading in milliseconds since 1970-01-01T00:00 on that clock: an instant plus the
 * zone's offset at that instant. Two of them compare as readings, not as moments.
 */
export type LocalMillis = Brand<number, 'LocalMillis'>

export const localMillis = (reading: number) => reading as LocalMillis

export const minuteMillis = 60_000
export const dayMillis = 86_400_000

/** Reads `YYYY-MM-DDTHH:MM`, already checked by the schema. */
export function readLocalDateTime(text: LocalDateTime): LocalMillis {
  const { year, month, day, hour, minute } = partsOf(text)
  return localMillis(daysFromCivil(year, month, day) * dayMillis + (hour * 60 + minute) * minuteMillis)
}

export interface LocalParts {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
}

/** By place, since this is most of what compiling hours costs. */
export function partsOf(text: LocalDateTime): LocalParts {
  return {
    year: twoDigits(text, 0) * 100 + twoDigits(text, 2),
    month: twoDigits(text, 5),
    day: twoDigits(text, 8),
    hour: twoDigits(text, 11),
    minute: twoDigits(text, 14),
  }
}

const zero = 48
export const twoDigits = (text: string, at: number) =>
  (text.charCodeAt(at) - zero) * 10 + text.charCodeAt(at + 1) - zero

/** Days from 1970-01-01 to a date of the proleptic Gregorian calendar. */
export function daysFromCivil(year: number, month: number, day: number): number {
  // Years are counted from March, so that a leap day is the last of its year.
  const marchYear = month > 2 ? year : year - 1
  const marchMonth = month > 2 ? month - 3 : month + 9
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  return marchYear * 365 + leapDays + Math.floor((153 * marchMonth + 2) / 5) + day - 1 - 719_468
}

export const isLeapYear = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

export const startOfYear = (year: number) => localMillis(daysFromCivil(year, 1, 1) * dayMillis)

export function yearOf(local: LocalMillis): number {
  const guess = 1970 + Math.floor(local / (365.2425 * dayMillis))
  if (local < startOfYear(guess)) return guess - 1
  return local >= startOfYear(guess + 1) ? guess + 1 : guess
}
