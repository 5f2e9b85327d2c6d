import type { Weekday } from '../configuration/types.ts'
import { dayNumberOf, daysAfter, localDateOf, weekdayOf, type DayNumber, type LocalDate } from './local-date.ts'

export type SwedishHolidayName =
  | 'newYearsDay'
  | 'twelfthNight'
  | 'epiphany'
  | 'maundyThursday'
  | 'goodFriday'
  | 'easterEve'
  | 'easterSunday'
  | 'easterMonday'
  | 'walpurgisEve'
  | 'mayDay'
  | 'ascensionDay'
  | 'whitsunEve'
  | 'whitSunday'
  | 'whitMonday'
  | 'nationalDay'
  | 'midsummerEve'
  | 'midsummerDay'
  | 'allSaintsEve'
  | 'allSaintsDay'
  | 'christmasEve'
  | 'christmasDay'
  | 'boxingDay'
  | 'newYearsEve'

export interface SwedishHoliday {
  readonly name: SwedishHolidayName
  readonly date: LocalDate
  readonly weekday: Weekday
  /** `red`: a public holiday by law (1989:253); `eve`: a day on which many close, or close early. */
  readonly kind: 'red' | 'eve'
  /** The same date each year. */
  readonly fixed: boolean
}

/** The public holidays of a year in Sweden and the eves beside them, by date; ordinary Sundays are not among them. */
export function swedishHolidays(year: number): readonly SwedishHoliday[] {
  const easter = easterSunday(year)
  const midsummer = firstOnOrAfter('sat', dayNumberOf(year, 6, 20))
  const allSaints = firstOnOrAfter('sat', dayNumberOf(year, 10, 31))
  const on = (month: number, day: number) => dayNumberOf(year, month, day)

  return [
    red('newYearsDay', on(1, 1), true),
    eve('twelfthNight', on(1, 5), true),
    red('epiphany', on(1, 6), true),
    eve('maundyThursday', daysAfter(easter, -3)),
    red('goodFriday', daysAfter(easter, -2)),
    eve('easterEve', daysAfter(easter, -1)),
    red('easterSunday', easter),
    red('easterMonday', daysAfter(easter, 1)),
    eve('walpurgisEve', on(4, 30), true),
    red('mayDay', on(5, 1), true),
    red('ascensionDay', daysAfter(easter, 39)),
    eve('whitsunEve', daysAfter(easter, 48)),
    red('whitSunday', daysAfter(easter, 49)),
    // The national day took the place of Whit Monday in 2005 (law 2004:1320).
    ...(year < 2005 ? [red('whitMonday', daysAfter(easter, 50))] : [red('nationalDay', on(6, 6), true)]),
    eve('midsummerEve', daysAfter(midsummer, -1)),
    red('midsummerDay', midsummer),
    eve('allSaintsEve', daysAfter(allSaints, -1)),
    red('allSaintsDay', allSaints),
    eve('christmasEve', on(12, 24), true),
    red('christmasDay', on(12, 25), true),
    red('boxingDay', on(12, 26), true),
    eve('newYearsEve', on(12, 31), true),
  ].sort((one, other) => Number(one.date > other.date) - Number(one.date < other.date))
}

const red = (name: SwedishHolidayName, day: DayNumber, fixed = false) => holiday(name, day, 'red', fixed)
const eve = (name: SwedishHolidayName, day: DayNumber, fixed = false) => holiday(name, day, 'eve', fixed)

function holiday(
  name: SwedishHolidayName,
  day: DayNumber,
  kind: SwedishHoliday['kind'],
  fixed: boolean,
): SwedishHoliday {
  return { name, date: localDateOf(day), weekday: weekdayOf(day), kind, fixed }
}

function firstOnOrAfter(weekday: Weekday, day: DayNumber): DayNumber {
  for (let each = day; ; each = daysAfter(each, 1)) if (weekdayOf(each) === weekday) return each
}

/** The Gregorian computus (Meeus, Astronomical Algorithms, chapter 8). */
function easterSunday(year: number): DayNumber {
  const golden = year % 19
  const century = Math.floor(year / 100)
  const ofCentury = year % 100
  const moonShift = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3)
  const epact = (19 * golden + century - Math.floor(century / 4) - moonShift + 15) % 30
  const toSunday = (32 + 2 * (century % 4) + 2 * Math.floor(ofCentury / 4) - epact - (ofCentury % 4)) % 7
  const correction = Math.floor((golden + 11 * epact + 22 * toSunday) / 451)
  const fromMarch = epact + toSunday - 7 * correction + 114
  return dayNumberOf(year, Math.floor(fromMarch / 31), (fromMarch % 31) + 1)
}
