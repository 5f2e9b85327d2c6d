import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { EditOutcome, EffectsRead } from '../../contract/administration.ts'
import type { ConfigurationRead } from '../../contract/console.ts'
import type { EditProblem } from '../../core/configuration/edits/edit-problem.ts'
import type { Edit } from '../../core/configuration/edits/edit-schema.ts'
import type { FieldPath } from '../../core/configuration/fields.ts'
import { failed, ok, type Result } from '../../core/result.ts'
import { parseConfigurationRead } from '../configuration/parse-read.ts'
import { useAdministration } from './administration.ts'
import type { AskProblem } from './connection.ts'
import { useConsoleStore } from './console-store.ts'
import { draftOf } from './draft.ts'

export type Conflict = Extract<EditOutcome, { outcome: 'conflict' }>

/** Why nothing was saved: the service could not be asked, or it refused, or others changed the same fields. */
export type NotSaved =
  | { readonly kind: 'ask'; readonly problem: AskProblem }
  | { readonly kind: 'refused'; readonly problems: readonly EditProblem[] }
  | { readonly kind: 'conflict'; readonly conflict: Conflict }

/**
 * What this person has changed and not saved yet, over the configuration it was changed in.
 *
 * ```
 * nothing proposed ── propose ──▶ proposed ── save ──▶ saving ── done ──▶ nothing proposed
 *   ▲  base follows the service      │ ▲                  │ conflict, refused
 *   └──────── discard ───────────────┘ └──────────────────┘
 * ```
 *
 * While something is proposed the base stays, so that the service can tell who else changed the same field. A page reads
 * `configuration` and calls `propose`; what takes effect at once (open now, a new agent) is `saveNow` or `apply`.
 */
export const useDraftStore = defineStore('draft', () => {
  const service = useConsoleStore()
  const ask = useAdministration()

  const newest = shallowRef<ConfigurationRead>()
  const proposedOn = shallowRef<ConfigurationRead>()
  /** Each what one act proposed, so that undo takes back one act. */
  const steps = shallowRef<readonly (readonly Edit[])[]>([])
  const undone = shallowRef<readonly (readonly Edit[])[]>([])
  const loading = shallowRef<'yes' | 'no' | 'failed'>('no')
  const saving = shallowRef(false)
  const conflict = shallowRef<Conflict>()
  const notSaved = shallowRef<NotSaved>()
  /** Saved in this window a moment ago; what `takeBack` takes back. */
  const saved = shallowRef<{ readonly revision: number; readonly words: string }>()
  /** From the first page that shows it on. */
  const wanted = shallowRef(false)
  let account: string | undefined

  const edits = computed(() => steps.value.flat())
  const isProposed = computed(() => steps.value.length > 0)
  const base = computed(() => (isProposed.value ? proposedOn.value : undefined) ?? newest.value)
  const drafted = computed(() => base.value && draftOf(base.value.configuration, edits.value))

  watch(
    () => [service.signedIn?.account, service.live?.service.service.revision, wanted.value] as const,
    ([who, revision, isWanted]) => {
      if (who === undefined || revision === undefined || !isWanted) return
      if (account !== undefined && account !== who) forget()
      account = who
      if (newest.value?.revision !== revision) void load()
    },
    { immediate: true },
  )

  async function load(): Promise<void> {
    loading.value = 'yes'
    const reply = await service.ask({ type: 'readConfiguration' })
    const read = reply.ok ? parseConfigurationRead(reply.value) : undefined
    loading.value = read === undefined ? 'failed' : 'no'
    if (read !== undefined && read.revision >= (newest.value?.revision ?? 0)) newest.value = read
  }

  function propose(...given: readonly Edit[]) {
    if (given.length === 0 || base.value === undefined) return
    if (!isProposed.value) proposedOn.value = newest.value
    steps.value = [...steps.value, given]
    undone.value = []
    said()
  }

  function undo() {
    const last = steps.value.at(-1)
    if (last === undefined) return
    steps.value = steps.value.slice(0, -1)
    undone.value = [...undone.value, last]
    said()
  }

  function redo() {
    const next = undone.value.at(-1)
    if (next === undefined) return
    if (!isProposed.value) proposedOn.value = newest.value
    undone.value = undone.value.slice(0, -1)
    steps.value = [...steps.value, next]
    said()
  }

  function discard() {
    steps.value = []
    undone.value = []
    said()
  }

  /** What was said about an older draft no longer holds. */
  function said() {
    conflict.value = undefined
    notSaved.value = undefined
    saved.value = undefined
  }

  function forget() {
    newest.value = undefined
    discard()
  }

  /** Saves all that is proposed. `yours`: the fields of `conflict` that keep this person's value. */
  async function save(summary?: string, yours: readonly FieldPath[] = []): Promise<boolean> {
    const on = base.value
    if (on === undefined || !isProposed.value || saving.value) return false
    const settled = conflict.value
    saving.value = true
    const outcome = await send({
      onto: on.revision,
      edits: edits.value,
      ...(summary === undefined ? {} : { summary }),
      ...(settled === undefined ? {} : { choices: { on: settled.revision, yours: yours.map((path) => [...path]) } }),
    })
    saving.value = false
    if (!outcome.ok) {
      notSaved.value = outcome.problem
      conflict.value = outcome.problem.kind === 'conflict' ? outcome.problem.conflict : undefined
      return false
    }
    steps.value = []
    undone.value = []
    said()
    saved.value = { revision: outcome.value, words: summary ?? '' }
    return true
  }

  /** Saves these edits at once, whatever else is proposed; `words` say what was done, for the one who may take it back. */
  async function saveNow(given: readonly Edit[], words = ''): Promise<Result<number, NotSaved>> {
    if (newest.value === undefined) return failed({ kind: 'ask', problem: 'unavailable' })
    let outcome = await send({ onto: newest.value.revision, edits: given })
    // Somebody was quicker by a moment: what is shown is now theirs, and this act is meant over it.
    if (!outcome.ok && outcome.problem.kind === 'conflict') {
      await load()
      outcome = await send({ onto: newest.value.revision, edits: given })
    }
    if (outcome.ok) saved.value = { revision: outcome.value, words }
    return outcome
  }

  /** Saves at once where nothing else is proposed, else proposes: an order half made is not saved by the way. */
  async function apply(given: readonly Edit[], words = ''): Promise<Result<'saved' | 'proposed', NotSaved>> {
    if (isProposed.value) {
      propose(...given)
      return ok('proposed')
    }
    const outcome = await saveNow(given, words)
    return outcome.ok ? ok('saved') : outcome
  }

  async function send(asked: {
    onto: number
    edits: readonly Edit[]
    summary?: string
    choices?: { on: number; yours: string[][] }
  }): Promise<Result<number, NotSaved>> {
    const reply = await ask({ type: 'edit', ...asked, edits: [...asked.edits] })
    if (!reply.ok) return failed({ kind: 'ask', problem: reply.problem })
    switch (reply.value.outcome) {
      case 'done':
        await load()
        return ok(reply.value.revision)
      case 'conflict':
        return failed({ kind: 'conflict', conflict: reply.value })
      case 'refused':
        return failed({ kind: 'refused', problems: reply.value.problems })
    }
  }

  /** Takes back what was saved last in this window. */
  async function takeBack(): Promise<boolean> {
    const last = saved.value
    if (last === undefined) return false
    const reply = await ask({ type: 'undo', revision: last.revision })
    if (!reply.ok) {
      notSaved.value = { kind: 'ask', problem: reply.problem }
      return false
    }
    saved.value = undefined
    if (reply.value.outcome === 'refused') notSaved.value = { kind: 'refused', problems: reply.value.problems }
    await load()
    return reply.value.outcome === 'done'
  }

  /** What else these edits would change, on top of what is proposed. Nothing is changed by asking. */
  async function effects(given: readonly Edit[]): Promise<Result<EffectsRead, AskProblem>> {
    return ask({ type: 'effects', edits: [...edits.value, ...given] })
  }

  return {
    /** What the service has now, and its revision. */
    newest,
    /** What the edits are made on. */
    base,
    edits,
    isProposed,
    canRedo: computed(() => undone.value.length > 0),
    /** The base with the edits done: what the pages show. */
    configuration: computed(() => drafted.value?.configuration),
    /** Why it cannot be saved as it is. */
    problems: computed(() => drafted.value?.problems ?? []),
    /** Others saved something since the first of these edits was proposed. */
    isOvertaken: computed(() => isProposed.value && base.value?.revision !== newest.value?.revision),
    loading,
    saving,
    conflict,
    notSaved,
    saved,
    load,
    /** Read it, and read it again whenever it changes. */
    keepCurrent: () => (wanted.value = true),
    propose,
    undo,
    redo,
    discard,
    save,
    saveNow,
    apply,
    takeBack,
    effects,
    dismiss: said,
  }
})
