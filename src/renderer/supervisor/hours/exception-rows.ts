import type { Exception, LocalDateTime } from '../../../core/configuration/types.ts'

export interface ExceptionRows {
  /** Those that apply now or will, the next one first. */
  readonly coming: readonly Exception[]
  /** Those that never apply again, the latest first. */
  readonly expired: readonly Exception[]
}

/** `now` is what the company's wall clock shows. */
export function exceptionRows(exceptions: readonly Exception[], now: LocalDateTime): ExceptionRows {
  const isOver = ({ to, yearly }: Exception) => !yearly && to <= now
  const byTime = (start: (exception: Exception) => string) => (one: Exception, other: Exception) =>
    start(one) < start(other) ? -1 : start(one) > start(other) ? 1 : 0
  return {
    coming: exceptions.filter((exception) => !isOver(exception)).toSorted(byTime((each) => nextStart(each, now))),
    expired: exceptions
      .filter(isOver)
      .toSorted(byTime(({ from }) => from))
      .toReversed(),
  }
}

/** When it applies next, or began where it applies now. A yearly one that is not over this year is of this year. */
function nextStart({ from, to, yearly }: Exception, now: LocalDateTime): string {
  if (!yearly) return from
  const year = Number(now.slice(0, 4))
  const length = Number(to.slice(0, 4)) - Number(from.slice(0, 4))
  const first = Math.max(Number(from.slice(0, 4)), year - length)
  for (let each = first; ; each += 1) {
    const end = `${String(each + length).padStart(4, '0')}${to.slice(4)}`
    if (end > now) return `${String(each).padStart(4, '0')}${from.slice(4)}`
  }
}
