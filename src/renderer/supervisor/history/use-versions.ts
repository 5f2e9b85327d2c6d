import { computed, shallowRef, watch } from 'vue'
import type { EditOutcome, RevisionRead } from '../../../contract/administration.ts'
import type { Change } from '../../../core/configuration/difference.ts'
import { useAdministration } from '../../stores/administration.ts'
import type { AskProblem } from '../../stores/connection.ts'
import { useConsoleStore } from '../../stores/console-store.ts'

/** What became of a restore or an undo, for the one who asked. */
export type Came =
  | { readonly kind: 'done'; readonly revision: number; readonly did: 'restored' | 'undone' }
  | { readonly kind: 'same' }
  | { readonly kind: 'notDone'; readonly outcome: Exclude<EditOutcome, { outcome: 'done' }> }
  | { readonly kind: 'ask'; readonly problem: AskProblem }

const atOnce = 50

/** The kept versions, newest first, the comparison of two of them, and going back. */
export function useVersions() {
  const ask = useAdministration()
  const service = useConsoleStore()
  const revisions = shallowRef<readonly RevisionRead[]>([])
  const more = shallowRef(false)
  const state = shallowRef<'loading' | 'loaded' | AskProblem>('loading')
  const from = shallowRef<number>()
  const to = shallowRef<number>()
  const compared = shallowRef<readonly Change[]>()
  const compareProblem = shallowRef<AskProblem>()
  const came = shallowRef<Came>()
  const busy = shallowRef(false)
  let follows = true

  watch(() => service.live?.service.service.revision, load, { immediate: true })
  watch([from, to], compare)

  async function load() {
    const reply = await ask({ type: 'history', limit: atOnce })
    if (!reply.ok) return void (state.value = reply.problem)
    state.value = 'loaded'
    revisions.value = reply.value.revisions
    more.value = reply.value.more
    const [newest, before] = revisions.value
    // Until somebody chooses otherwise, the newest change is what is shown.
    if (!follows || newest === undefined) return
    to.value = newest.revision
    from.value = before?.revision
  }

  async function loadMore() {
    const last = revisions.value.at(-1)
    if (last === undefined) return
    const reply = await ask({ type: 'history', before: last.revision, limit: atOnce })
    if (!reply.ok) return void (state.value = reply.problem)
    revisions.value = [...revisions.value, ...reply.value.revisions]
    more.value = reply.value.more
  }

  let latest = 0
  async function compare() {
    const mine = (latest += 1)
    compareProblem.value = undefined
    if (from.value === undefined || to.value === undefined) return void (compared.value = undefined)
    if (from.value === to.value) return void (compared.value = [])
    const reply = await ask({ type: 'compare', from: from.value, to: to.value })
    if (mine !== latest) return
    compared.value = reply.ok ? reply.value.changes : undefined
    compareProblem.value = reply.ok ? undefined : reply.problem
  }

  function choose(which: 'from' | 'to', revision: number) {
    follows = false
    if (which === 'from') from.value = revision
    else to.value = revision
  }

  /** What restoring a version would change: from the newest to it. */
  async function wouldChange(revision: number) {
    const [newest] = revisions.value
    return newest === undefined ? undefined : await ask({ type: 'compare', from: newest.revision, to: revision })
  }

  async function goBack(did: 'restored' | 'undone', revision?: number) {
    const before = revisions.value[0]?.revision
    busy.value = true
    const reply =
      did === 'restored' && revision !== undefined
        ? await ask({ type: 'restore', revision })
        : await ask({ type: 'undo', ...(revision === undefined ? {} : { revision }) })
    busy.value = false
    follows = true
    if (!reply.ok) came.value = { kind: 'ask', problem: reply.problem }
    else if (reply.value.outcome !== 'done') came.value = { kind: 'notDone', outcome: reply.value }
    else if (reply.value.revision === before) came.value = { kind: 'same' }
    else came.value = { kind: 'done', revision: reply.value.revision, did }
    await load()
  }

  return {
    revisions,
    more,
    state,
    from,
    to,
    compared,
    compareProblem,
    came,
    busy,
    newest: computed(() => revisions.value[0]),
    load,
    loadMore,
    choose,
    wouldChange,
    restore: (revision: number) => goBack('restored', revision),
    undo: (revision?: number) => goBack('undone', revision),
    dismiss: () => (came.value = undefined),
  }
}
