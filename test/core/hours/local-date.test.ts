import { expect, test } from 'vitest'
import { dayNumberOf, daysAfter, localDateOf, readLocalDate, weekdayOf } from '../../../src/core/hours/local-date.ts'

test('every day of 400 years has the date that the language gives it, and is read back', () => {
  const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
  const first = dayNumberOf(1900, 1, 1)
  for (let count = 0; count < 146_097; count += 1) {
    const day = daysAfter(first, count)
    const theirs = new Date(day * 86_400_000)
    const date = localDateOf(day)
    if (date !== theirs.toISOString().slice(0, 10)) expect(date).toBe(theirs.toISOString().slice(0, 10))
    if (weekdayOf(day) !== names[theirs.getUTCDay()]) expect([date, weekdayOf(day)]).toBe(names[theirs.getUTCDay()])
    if (readLocalDate(date) !== day) expect(readLocalDate(date)).toBe(day)
  }
})
