import { computed, ref } from 'vue'
import type { Staffing } from '../../../core/hours/caller-way.ts'
import type { Instant } from '../../../core/time.ts'
import { readPhoneNumber } from '../../shared/phone-field.ts'
import { isWallTime, momentOf, wallTimeAt } from '../../shared/wall-clock.ts'

/** What was typed: a moment by the company's clock, who calls (empty: a hidden number), who could answer, how many wait. */
export interface TypedQuestion {
  readonly wall: string
  readonly from: string
  readonly staffing: Staffing
  readonly waiting: number | ''
}

/** "What does a caller hear?" as it is typed, and what of it can be asked. */
export function useCallerQuestion(now: Instant, zone: () => string) {
  const typed = ref<TypedQuestion>({ wall: wallTimeAt(now, zone()), from: '', staffing: 'free', waiting: 0 })
  const at = computed(() => (isWallTime(typed.value.wall) ? momentOf(typed.value.wall, zone()) : undefined))
  const from = computed(() => (typed.value.from.trim() === '' ? undefined : readPhoneNumber(typed.value.from)))
  const isWrongCaller = computed(() => typed.value.from.trim() !== '' && from.value === undefined)
  const asked = computed(() => {
    const { staffing, waiting } = typed.value
    if (at.value === undefined || isWrongCaller.value) return undefined
    return {
      at: at.value,
      staffing,
      ...(from.value === undefined ? {} : { from: from.value }),
      waiting: typeof waiting === 'number' ? Math.min(10_000, Math.max(0, Math.floor(waiting))) : 0,
    }
  })
  return { typed, at, isWrongCaller, /** Undefined while something is no moment or no number. */ asked }
}
