import { computed, ref } from 'vue'
import type { GroupNumberId } from '../../core/configuration/types.ts'
import type { VoicemailTarget, WorkAskOf } from '../../contract/work.ts'
import { formatPhoneNumber } from '../shared/phone-number.ts'
import type { AskProblem } from '../stores/connection.ts'
import { useSoftphoneStore } from '../desk/softphone-store.ts'
import { useConsoleStore } from '../stores/console-store.ts'
import { missedRows, voicemailRows } from './work-rows.ts'

export type MissedAct = Omit<WorkAskOf<'missed'>, 'type' | 'item'>

/** Callers who were not served, and the messages they left, in `only` these group numbers; absent: in all one sees. */
export function useWork(only?: () => ReadonlySet<GroupNumberId> | undefined) {
  const service = useConsoleStore()
  const softphone = useSoftphoneStore()
  const trouble = ref<`desk.problem.${AskProblem}` | 'work.notCopied' | 'call.problem.refused'>()

  const groups = computed(() => service.live?.groups ?? {})
  const agents = computed(() => service.live?.agents ?? {})
  const missed = computed(() => missedRows(service.live?.missed ?? {}, groups.value, only?.()))
  const voicemails = computed(() =>
    voicemailRows(service.live?.voicemails ?? {}, { groups: groups.value, agents: agents.value }, only?.()),
  )
  const open = computed(() => missed.value.filter(({ item }) => item.state === 'open').length)
  const unheard = computed(() => voicemails.value.filter(({ voicemail }) => voicemail.done === undefined).length)

  const rings = computed(() => softphone.registration.state === 'registered')

  async function ask(given: Parameters<typeof service.ask>[0]) {
    trouble.value = undefined
    const reply = await service.ask(given)
    if (!reply.ok) trouble.value = `desk.problem.${reply.problem}`
  }

  return {
    missed,
    voicemails,
    open,
    unheard,
    trouble,
    /** The account, by which the own items are known. */
    me: computed(() => service.signedIn?.account),
    rings,
    act: (item: string, act: MissedAct) => ask({ type: 'missed', item, ...act }),
    /** By the softphone, as the group number that was rung; without one the number goes where another phone can take it. */
    callBack: async (item: string, number: string) => {
      trouble.value = undefined
      if (rings.value) {
        const group = service.live?.missed[item]?.group
        const dialled = await softphone.dial(number, groups.value[group ?? '']?.number ?? '')
        if (dialled?.ok !== true) trouble.value = 'call.problem.refused'
        // Answered, it closes by itself.
        else await ask({ type: 'missed', item, own: true })
        return
      }
      try {
        await navigator.clipboard.writeText(formatPhoneNumber(number))
      } catch {
        trouble.value = 'work.notCopied'
        return
      }
      await ask({ type: 'missed', item, own: true, mark: 'calledBack' })
    },
    markDone: (voicemail: string, done: boolean) => ask({ type: 'voicemailDone', voicemail, done }),
    forward: (voicemail: string, to: VoicemailTarget) => ask({ type: 'forwardVoicemail', voicemail, to }),
    remove: (voicemail: string) => ask({ type: 'removeVoicemail', voicemail }),
  }
}
