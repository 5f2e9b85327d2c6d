import { defineStore } from 'pinia'
import { computed, shallowRef, type Ref } from 'vue'

/**
 * What is typed in a setting and cannot be its value: kept as it is typed, also while another page is shown, until it is
 * mended or taken back. Nothing of it is in the draft.
 */
export const useUnfinishedStore = defineStore('unfinished settings', () => {
  const texts = shallowRef<ReadonlyMap<string, string>>(new Map())

  function keep(place: string, text: string | undefined) {
    if (texts.value.get(place) === text) return
    const next = new Map(texts.value)
    if (text === undefined) next.delete(place)
    else next.set(place, text)
    texts.value = next
  }

  return {
    texts,
    keep,
    /** All that begins with `place`. */
    forget(place: string) {
      texts.value = new Map([...texts.value].filter(([each]) => each !== place && !each.startsWith(`${place}/`)))
    },
  }
})

/** The text of one place: `groupNumberId/setting`, and a part of it. */
export function useUnfinished(place: () => string): Ref<string | undefined> {
  const store = useUnfinishedStore()
  return computed({
    get: () => store.texts.get(place()),
    set: (text) => store.keep(place(), text),
  })
}
