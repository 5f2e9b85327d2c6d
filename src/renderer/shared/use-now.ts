import { computed, onScopeDispose, ref, type ComputedRef } from 'vue'
import { instant, type Instant } from '../../core/time.ts'

/**
 * The time as `read` says it, in milliseconds since the epoch, refreshed every 500 ms for as long as the caller's scope lives.
 *
 * Twice a second, since a clock drawn once a second at times skips one.
 */
export function useNow(read: () => number): ComputedRef<Instant> {
  const now = ref(read())
  const timer = setInterval(() => (now.value = read()), 500)
  onScopeDispose(() => clearInterval(timer))
  return computed(() => instant(now.value))
}
