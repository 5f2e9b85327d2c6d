import { computed, shallowRef, watch } from 'vue'
import type { CheckProblem } from '../../../contract/administration.ts'
import { useAdministration } from '../../stores/administration.ts'
import { useDraftStore } from '../../stores/draft-store.ts'

/** What `check` finds in the configuration as it is proposed; with `group`, of that group number. */
export function useCheck(group?: () => string) {
  const ask = useAdministration()
  const draft = useDraftStore()
  const all = shallowRef<readonly CheckProblem[]>([])
  const state = shallowRef<'checking' | 'checked' | 'failed'>('checking')

  let latest = 0
  watch(() => [draft.newest?.revision, draft.edits] as const, look, { immediate: true })

  async function look() {
    if (draft.newest === undefined) return
    const { edits } = draft
    const mine = (latest += 1)
    const reply = await ask({
      type: 'check',
      ...(edits.length === 0 || draft.problems.length > 0 ? {} : { edits: [...edits] }),
    })
    if (mine !== latest) return
    state.value = reply.ok ? 'checked' : 'failed'
    if (reply.ok) all.value = reply.value.problems
  }

  return {
    /** What was found stays while it is looked again. */
    state,
    again: look,
    problems: computed(() => {
      const wanted = group?.()
      return wanted === undefined
        ? all.value
        : all.value.filter(({ path }) => path[0] === 'groupNumbers' && path[1] === wanted)
    }),
  }
}
