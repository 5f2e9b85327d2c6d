import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { Message, MessageId } from '../../core/configuration/types.ts'
import { openFile, type GivenFile, type Reviewed, type ReviewProblem } from './open-file.ts'

/** What is open to be reviewed, and what it is compared with. Needs no service, and changes nothing. */
export const useReviewStore = defineStore('review', () => {
  const shown = shallowRef<Reviewed>()
  const other = shallowRef<Reviewed>()
  const problem = shallowRef<ReviewProblem & { readonly name: string }>()
  const busy = ref(false)
  const addresses = shallowRef<ReadonlyMap<MessageId, string>>(new Map())

  watch(shown, (now) => {
    for (const address of new Set(addresses.value.values())) URL.revokeObjectURL(address)
    const made = new Map<Blob, string>()
    for (const sound of now?.sounds.values() ?? []) if (!made.has(sound)) made.set(sound, URL.createObjectURL(sound))
    addresses.value = new Map([...(now?.sounds ?? [])].map(([id, sound]) => [id, made.get(sound) ?? '']))
  })

  async function open(file: GivenFile, as: 'shown' | 'other'): Promise<boolean> {
    busy.value = true
    problem.value = undefined
    const opened = await openFile(file)
    busy.value = false
    if (!opened.ok) {
      problem.value = { ...opened.problem, name: file.name }
      return false
    }
    if (as === 'shown') show(opened.value)
    else other.value = opened.value
    return true
  }
  function show(reviewed: Reviewed) {
    problem.value = undefined
    other.value = undefined
    shown.value = reviewed
  }
  /** There is no such file to be had. */
  function refuse(name: string) {
    problem.value = { kind: 'unreadable', name }
  }
  function close() {
    shown.value = other.value = problem.value = undefined
  }

  return {
    shown,
    other,
    problem,
    busy,
    /** Empty: it cannot be heard here. */
    soundAddress: computed(() => (message: Message) => addresses.value.get(message.id) ?? ''),
    open,
    show,
    refuse,
    stopComparing: () => (other.value = undefined),
    close,
  }
})
