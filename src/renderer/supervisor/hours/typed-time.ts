import type { LocalTime } from '../../../core/configuration/types.ts'

/**
 * The time that somebody typed: `8`, `830`, `8.30`, `08:30`, `kl. 8`. 24 is a time only as an end.
 *
 * @returns undefined where it is none.
 */
export function readTime(typed: string, as: 'from' | 'to'): LocalTime | undefined {
  const found = /^(?:kl\.?\s*)?(\d{1,2})(?:[:.,\s]?(\d{2}))?$/i.exec(typed.trim())
  if (!found) return undefined
  const [, hours = '', minutes = '00'] = found
  const time = `${hours.padStart(2, '0')}:${minutes}`
  if (time === '24:00') return as === 'to' ? (time as LocalTime) : undefined
  return Number(hours) < 24 && Number(minutes) < 60 ? (time as LocalTime) : undefined
}

/** From 00:00, 0 to 1440. */
export const minutesOf = (time: LocalTime) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/** Of minutes from 00:00, 0 to 1440. */
export const timeOf = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}` as LocalTime
