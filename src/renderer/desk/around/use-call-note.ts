import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { CallAbout, RecordedOutcome } from '../../../contract/call-records.ts'
import type { CallId } from '../../../core/routing/messages.ts'
import { useConsoleStore } from '../../stores/console-store.ts'

/** What stands in the fields. */
export interface CallNote {
  readonly note: string
  /** A code; empty: none. */
  readonly outcome: string
}

const empty: CallNote = { note: '', outcome: '' }
/** As long a pause that typing is over, in milliseconds. */
const pause = 800

/**
 * The note and outcome of the call in front of the agent: kept by the service as they are written, so that neither a window that is
 * loaded again nor the end of the wrap-up loses them.
 */
export function useCallNote(call: () => CallId | undefined, about: () => CallAbout | undefined) {
  const service = useConsoleStore()
  const typed = shallowRef(empty)
  const state = ref<'same' | 'typing' | 'saving' | 'failed'>('same')
  /** The call that what is typed belongs to. */
  let of: CallId | undefined
  /** What was written here: it counts also where what the service has kept is told only after it. */
  let written: Partial<CallNote> = {}
  /** What the service has kept of it is in the fields; what is told later may be older than they are. */
  let isFilled = false
  let waiting: ReturnType<typeof setTimeout> | undefined

  watch(
    [call, about],
    ([id, told]) => {
      if (id !== of) {
        save()
        of = id
        typed.value = empty
        written = {}
        state.value = 'same'
        isFilled = false
      }
      if (!told || id === undefined || isFilled) return
      isFilled = true
      typed.value = { note: told.note ?? '', outcome: told.outcome?.code ?? '', ...written }
    },
    { immediate: true },
  )

  function write(given: Partial<CallNote>) {
    written = { ...written, ...given }
    typed.value = { ...typed.value, ...given }
    state.value = 'typing'
    clearTimeout(waiting)
    // A choice is made at once.
    if (given.outcome !== undefined) save()
    else waiting = setTimeout(save, pause)
  }

  function save() {
    clearTimeout(waiting)
    if (of !== undefined && (state.value === 'typing' || state.value === 'failed')) void send(of, written)
  }

  async function send(id: CallId, sent: Partial<CallNote>) {
    state.value = 'saving'
    const reply = await service.ask({ type: 'noteCall', call: id, ...sent })
    // Of another call by now, or written on meanwhile.
    if (id !== of || sent !== written) return
    state.value = reply.ok ? 'same' : 'failed'
  }

  // Contact is there again.
  watch(
    () => service.link.state,
    (link) => {
      if (link === 'open' && state.value === 'failed') save()
    },
  )
  window.addEventListener('pagehide', save)
  onScopeDispose(() => {
    window.removeEventListener('pagehide', save)
    save()
  })

  /** Those to choose, and the one chosen where it is not offered any more. */
  const outcomes = computed((): readonly RecordedOutcome[] => {
    const { outcomes: offered = [], outcome } = about() ?? {}
    return outcome && !offered.some(({ code }) => code === outcome.code) ? [outcome, ...offered] : offered
  })
  /** An outcome is asked for, and none chosen. */
  const isMissing = computed(
    () => about()?.outcomeRequired === true && outcomes.value.length > 0 && typed.value.outcome === '',
  )

  return { typed, state, outcomes, isMissing, write, save }
}
