import Holidays from 'date-holidays'
import { expect, test } from 'vitest'
import { swedishHolidays, type SwedishHolidayName } from '../../../src/core/hours/swedish-holidays.ts'

/** By the Swedish name that npm `date-holidays` gives; it keeps days of note too, which nobody closes for. */
const theirNames: Readonly<Record<string, SwedishHolidayName>> = {
  nyårsdagen: 'newYearsDay',
  trettondagsafton: 'twelfthNight',
  'trettondedag jul': 'epiphany',
  skärtorsdagen: 'maundyThursday',
  långfredagen: 'goodFriday',
  påskafton: 'easterEve',
  påskdagen: 'easterSunday',
  'annandag påsk': 'easterMonday',
  valborgsmässoafton: 'walpurgisEve',
  'första maj': 'mayDay',
  'Kristi himmelsfärdsdag': 'ascensionDay',
  pingstafton: 'whitsunEve',
  pingstdagen: 'whitSunday',
  'annandag pingst': 'whitMonday',
  nationaldagen: 'nationalDay',
  midsommarafton: 'midsummerEve',
  midsommardagen: 'midsummerDay',
  allhelgonaafton: 'allSaintsEve',
  'alla helgons dag': 'allSaintsDay',
  julafton: 'christmasEve',
  juldagen: 'christmasDay',
  'annandag jul': 'boxingDay',
  nyårsafton: 'newYearsEve',
}
const years = Array.from({ length: 51 }, (_, index) => 2000 + index)

test('from 2000 to 2050 every day is where npm date-holidays has it', () => {
  const theirs = new Holidays('SE', { languages: ['sv'] })
  for (const year of years) {
    const dates = new Map(
      theirs.getHolidays(year).flatMap(({ name, date }) => {
        const ours = theirNames[name]
        return ours === undefined ? [] : [[ours, date.slice(0, 10)] as const]
      }),
    )
    for (const { name, date } of swedishHolidays(year))
      expect([year, name, date]).toEqual([year, name, dates.get(name)])
  }
})

test('from 2000 to 2050 the red days are the public holidays of npm date-holidays, and the whit monday that it forgot', () => {
  const theirs = new Holidays('SE', { languages: ['sv'] })
  for (const year of years) {
    const publicDays = theirs.getHolidays(year, 'sv').filter(({ type }) => type === 'public')
    const names = publicDays.map(({ name }) => theirNames[name])
    const red = swedishHolidays(year).filter(({ kind }) => kind === 'red')
    expect(red.map(({ name }) => name).filter((name) => name !== 'whitMonday')).toEqual(names)
    expect(red.some(({ name }) => name === 'whitMonday')).toBe(year < 2005)
  }
})

test('the days of 2026, as an almanac prints them', () => {
  expect(swedishHolidays(2026).map(({ date, weekday, name, kind }) => `${date} ${weekday} ${name} ${kind}`)).toEqual([
    '2026-01-01 thu newYearsDay red',
    '2026-01-05 mon twelfthNight eve',
    '2026-01-06 tue epiphany red',
    '2026-04-02 thu maundyThursday eve',
    '2026-04-03 fri goodFriday red',
    '2026-04-04 sat easterEve eve',
    '2026-04-05 sun easterSunday red',
    '2026-04-06 mon easterMonday red',
    '2026-04-30 thu walpurgisEve eve',
    '2026-05-01 fri mayDay red',
    '2026-05-14 thu ascensionDay red',
    '2026-05-23 sat whitsunEve eve',
    '2026-05-24 sun whitSunday red',
    '2026-06-06 sat nationalDay red',
    '2026-06-19 fri midsummerEve eve',
    '2026-06-20 sat midsummerDay red',
    '2026-10-30 fri allSaintsEve eve',
    '2026-10-31 sat allSaintsDay red',
    '2026-12-24 thu christmasEve eve',
    '2026-12-25 fri christmasDay red',
    '2026-12-26 sat boxingDay red',
    '2026-12-31 thu newYearsEve eve',
  ])
})

test('two holidays may meet on one day', () => {
  const met = swedishHolidays(2008).filter(({ date }) => date === '2008-05-01')
  expect(met.map(({ name }) => name).toSorted()).toEqual(['ascensionDay', 'mayDay'])
})
