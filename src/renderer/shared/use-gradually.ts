import { computed, onScopeDispose, ref, watch, type ComputedRef } from 'vue'

/** More than a window shows at once. */
const atFirst = 40
const more = 40

/**
 * A long list for a page: what fits in the window at once, and the rest, some at a time, as the thread has nothing better to do.
 * So the page can be used at once, and soon holds everything, for the keyboard, for finding in it and for a screen reader.
 */
export function useGradually<Row>(rows: () => readonly Row[]): ComputedRef<readonly Row[]> {
  const most = ref(atFirst)
  let cancel: (() => void) | undefined

  function goOn() {
    cancel = undefined
    if (most.value >= rows().length) return
    most.value += more
    cancel = whenIdle(goOn)
  }
  watch(
    () => rows().length,
    (length) => {
      // A list that became short begins anew when it is long again.
      most.value = Math.min(most.value, Math.max(atFirst, length))
      if (length > most.value) cancel ??= whenIdle(goOn)
    },
    { immediate: true },
  )
  onScopeDispose(() => cancel?.())

  return computed(() => (rows().length <= most.value ? rows() : rows().slice(0, most.value)))
}

/** A browser without idle times (Safari) waits a moment. */
function whenIdle(work: () => void): () => void {
  if ('requestIdleCallback' in window) {
    const asked = window.requestIdleCallback(work, { timeout: 250 })
    return () => window.cancelIdleCallback(asked)
  }
  const timer = setTimeout(work, 30)
  return () => clearTimeout(timer)
}
