import { computed, onScopeDispose, ref, type ComputedRef } from 'vue'
import { instant, type Instant } from '../../core/time.ts'

/**
 * The service's time, refreshed every 500 ms for as long as the caller's scope lives.
 *
 * Twice a second, since a clock drawn once a second at times skips one.
 */
export function useNow(offset: () => number): ComputedRef<Instant> {
  const mine = ref(Date.now())
  const timer = setInterval(() => (mine.value = Date.now()), 500)
  onScopeDispose(() => clearInterval(timer))
  return computed(() => instant(mine.value + offset()))
}
