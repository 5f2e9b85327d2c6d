import { computed, shallowRef, watch } from 'vue'
import type { CheckProblem } from '../../../contract/administration.ts'
import { useAdministration } from '../../stores/administration.ts'
import { useDraftStore } from '../../stores/draft-store.ts'

/** What `check` finds in the configuration as it is proposed; with `group`, of that group number. */
export function useCheck(group?: () => string) {
  const ask = useAdministration()
  const draft = useDraftStore()
  const all = shallowRef<readonly CheckProblem[]>([])

  let latest = 0
  watch(
    () => [draft.newest?.revision, draft.edits] as const,
    async ([revision, edits]) => {
      if (revision === undefined) return
      const mine = (latest += 1)
      const reply = await ask({
        type: 'check',
        ...(edits.length === 0 || draft.problems.length > 0 ? {} : { edits: [...edits] }),
      })
      if (mine === latest && reply.ok) all.value = reply.value.problems
    },
    { immediate: true },
  )

  return {
    problems: computed(() => {
      const wanted = group?.()
      return wanted === undefined
        ? all.value
        : all.value.filter(({ path }) => path[0] === 'groupNumbers' && path[1] === wanted)
    }),
  }
}
