import { useWords } from '../shared/use-words.ts'
import type { Reviewed, ReviewProblem } from './open-file.ts'

/** How a review says what is open, how old it is, and why a file is not opened. */
export function useReviewWords() {
  const { t, now, moment } = useWords()

  function origin({ origin: from }: Reviewed): string {
    return from.kind === 'file' ? from.name : t('review.copyOf', { revision: from.revision })
  }
  /** `från 20 nov. 14:00, 3 dagar gammal`. */
  function age({ origin: { at } }: Pick<Reviewed, 'origin'>): string {
    const days = Math.floor((now.value - at) / 86_400_000)
    const time = t('review.from', { time: moment(at) })
    return days < 1 ? time : `${time}, ${days === 1 ? t('review.dayOld') : t('review.daysOld', { days })}`
  }
  function problem(why: ReviewProblem & { readonly name: string }): string {
    const { name } = why
    switch (why.kind) {
      case 'zip':
        return t(`review.problem.${why.problem}`, { name })
      case 'faults': {
        const [first] = why.problems
        const where = first === undefined ? '' : `${first.path === '' ? '' : `${first.path}: `}${first.message}`
        return `${t('review.problem.faults', { name, count: why.problems.length })} ${where}`
      }
      default:
        return t(`review.problem.${why.kind}`, { name })
    }
  }
  return { origin, age, problem }
}
