import { inject, onScopeDispose, ref, shallowRef } from 'vue'
import type { StoredAudio } from '../../../contract/administration.ts'
import { soundService, soundServiceKey, type Sending, type SoundProblem } from './sound-service.ts'

/** Sends one sound at a time; a newer one, or the end of the caller's scope, cancels the one under way. */
export function useSending() {
  const service = inject(soundServiceKey, soundService)
  const sending = shallowRef<Sending>()
  /** 0 to 1. */
  const share = ref(0)
  const problem = shallowRef<SoundProblem>()
  let latest = 0

  /** The stored sound, or nothing: `problem` says why. */
  async function send(sound: Blob): Promise<StoredAudio | undefined> {
    sending.value?.cancel()
    problem.value = undefined
    share.value = 0
    const number = (latest += 1)
    const mine = service.send(sound, (part) => {
      if (number === latest) share.value = part
    })
    sending.value = mine
    const outcome = await mine.done
    if (number !== latest) return undefined
    sending.value = undefined
    if (outcome.ok) return outcome.value
    if (outcome.problem !== 'cancelled') problem.value = outcome.problem
    return undefined
  }

  const cancel = () => sending.value?.cancel()
  onScopeDispose(cancel)
  return { send, cancel, sending, share, problem }
}
