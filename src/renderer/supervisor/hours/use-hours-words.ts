import { useI18n } from 'vue-i18n'
import { weekdays, type Bar } from '../../configuration/week.ts'
import type { Locale } from '../../i18n/i18n.ts'
import { formatDate } from './date-words.ts'
import { timeOf } from './typed-time.ts'
import type { DayChange } from './year-hours.ts'

/** How the hours of a day, and what changes in them, are said in the language chosen. */
export function useHoursWords() {
  const { t, locale } = useI18n()

  const openHours = (open: readonly Bar[]) =>
    open.length === 0
      ? t('hoursEdit.closedThen')
      : open.map(({ from, to }) => `${timeOf(from)}–${timeOf(to)}`).join(', ')

  /** `mån–fre` of days in any order; those that stand alone are said alone. */
  function weekdayNames(changes: readonly DayChange[]): string {
    const has = weekdays.map((day) => changes.some(({ weekday }) => weekday === day))
    const names: string[] = []
    for (let at = 0; at < 7; at += 1) {
      if (!has[at]) continue
      const first = at
      while (has[at + 1]) at += 1
      const [from, to] = [first, at].map((index) => t(`configuration.day.${weekdays[index] ?? 'mon'}`))
      names.push(first === at ? `${from}` : `${from}–${to}`)
    }
    return names.join(', ')
  }

  /** Days that change alike: each by its date, or where there are many, by weekday and how many. */
  function changedDates(changes: readonly [DayChange, ...DayChange[]]): string {
    const date = (change: DayChange) => formatDate(change.date, locale.value as Locale, 'dated')
    if (changes.length <= 3) return changes.map(date).join(', ')
    return t('hoursEdit.manyDays', { days: weekdayNames(changes), from: date(changes[0]), count: changes.length })
  }

  return { openHours, changedDates }
}
