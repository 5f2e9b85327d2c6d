import { onScopeDispose } from 'vue'

/** As long a pause that typing is over, in milliseconds. */
const pause = 600

/**
 * When what is typed counts: after a pause, on leaving the field, and before Ctrl S saves.
 *
 * The handlers go on the field, or on what is around it.
 */
export function useTyping(take: () => void) {
  let waiting: ReturnType<typeof setTimeout> | undefined

  function now() {
    clearTimeout(waiting)
    waiting = undefined
    take()
  }
  function later() {
    clearTimeout(waiting)
    waiting = setTimeout(now, pause)
  }
  onScopeDispose(() => {
    if (waiting !== undefined) now()
  })

  return {
    onInput: later,
    onChange: now,
    onKeydown(event: KeyboardEvent) {
      if ((event.ctrlKey || event.metaKey) && event.code === 'KeyS') now()
    },
  }
}
