import type { Brand } from '../brand.ts'
import type { Weekday } from '../configuration/types.ts'
import { daysFromCivil, twoDigits } from './local-time.ts'
import { weekdays } from './week.ts'

/** A day of the calendar as `YYYY-MM-DD`; two of them compare as text. */
export type LocalDate = Brand<string, 'LocalDate'>

/** Days since 1970-01-01. */
export type DayNumber = Brand<number, 'DayNumber'>

export const dayNumberOf = (year: number, month: number, day: number) => daysFromCivil(year, month, day) as DayNumber

export const daysAfter = (day: DayNumber, count: number) => (day + count) as DayNumber

export const readLocalDate = (date: LocalDate) =>
  dayNumberOf(twoDigits(date, 0) * 100 + twoDigits(date, 2), twoDigits(date, 5), twoDigits(date, 8))

/** Inverse of `daysFromCivil`: the date of a day of the proleptic Gregorian calendar, from year 0 to 9999. */
export function localDateOf(day: DayNumber): LocalDate {
  const { year, month, day: ofMonth } = civilFromDays(day)
  return `${String(year).padStart(4, '0')}-${twoFigures(month)}-${twoFigures(ofMonth)}` as LocalDate
}

/** 1970-01-01 was a Thursday. */
export const weekdayOf = (day: DayNumber): Weekday => weekdays[(((day + 3) % 7) + 7) % 7] ?? 'mon'

const twoFigures = (count: number) => String(count).padStart(2, '0')

/** Counts in cycles of 400 years that begin on 1 March, so that a leap day ends its year, its century and its cycle. */
function civilFromDays(day: DayNumber) {
  const shifted = day + 719_468
  const cycle = Math.floor(shifted / 146_097)
  const inCycle = shifted - cycle * 146_097
  const yearInCycle = Math.floor(
    (inCycle - Math.floor(inCycle / 1460) + Math.floor(inCycle / 36_524) - Math.floor(inCycle / 146_096)) / 365,
  )
  const inYear = inCycle - (365 * yearInCycle + Math.floor(yearInCycle / 4) - Math.floor(yearInCycle / 100))
  const marchMonth = Math.floor((5 * inYear + 2) / 153)
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return {
    year: yearInCycle + cycle * 400 + (month <= 2 ? 1 : 0),
    month,
    day: inYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  }
}
