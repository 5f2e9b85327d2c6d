import { computed, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { AgentId } from '../../core/configuration/types.ts'
import type { CallId } from '../../core/routing/messages.ts'
import { formatPhoneNumber } from '../shared/phone-number.ts'
import { useConsoleStore } from '../stores/console-store.ts'
import type { TransferTo } from './transfer-targets.ts'

/** The transfer of the call in front of the agent, and who else is in it. `call`: undefined while there is none. */
export function useTransfer(call: () => CallId | undefined, me: () => AgentId | undefined) {
  const { t } = useI18n()
  const service = useConsoleStore()
  const open = ref(false)
  const trouble = ref<string>()
  /** Asked for, and neither ended nor given up by us. */
  const asked = ref(false)

  const view = computed(() => {
    const id = call()
    return id === undefined ? undefined : service.live?.calls[id]
  })
  const consulting = computed(() => {
    const { consulting: now, agent } = view.value ?? {}
    return now && agent === me() ? { name: nameOf(now), answered: now.answered, threeWay: now.threeWay } : undefined
  })
  /** Who else is in the call, in a sentence; undefined: the caller alone. */
  const company = computed(() => {
    const { consulting: now, agent } = view.value ?? {}
    if (!now?.answered || agent === undefined) return undefined
    const name = agent === me() ? nameOf(now) : agentName(agent)
    if (now.threeWay === 'callerLeft') return t('transfer.callerLeft', { name })
    if (now.threeWay) return t('transfer.three', { name })
    return agent === me() ? undefined : t('transfer.askedBy', { name })
  })

  watch(call, () => {
    open.value = false
    asked.value = false
    trouble.value = undefined
  })
  watch(
    consulting,
    (now, before) => {
      if (now) open.value = true
      // Gone though we did not give up, and the caller is still with us: nobody took the call.
      else if (before && asked.value && view.value)
        trouble.value = t(before.threeWay ? 'transfer.left' : 'transfer.failed', { name: before.name })
      if (!now) asked.value = false
    },
    // A page loaded anew finds it so.
    { immediate: true },
  )

  function nameOf({ to, agent: asking }: NonNullable<NonNullable<typeof view.value>['consulting']>): string {
    const agent = asking ?? ('agent' in to ? to.agent : undefined)
    if (agent !== undefined && service.live?.agents[agent]) return agentName(agent)
    if ('number' in to) return formatPhoneNumber(to.number)
    return 'group' in to ? (service.live?.groups[to.group]?.name ?? '') : ''
  }

  function agentName(agent: AgentId): string {
    const { firstName = '', lastName = '' } = service.live?.agents[agent] ?? {}
    return `${firstName} ${lastName}`.trim()
  }

  async function ask(given: Parameters<typeof service.ask>[0]) {
    trouble.value = undefined
    const reply = await service.ask(given)
    if (reply.ok) return
    // Its form is right, or it would not have been sent: the table of destinations is what refuses a number.
    const refused = given.type === 'transfer' && 'number' in given.to && reply.problem === 'invalid'
    trouble.value = refused ? t('transfer.closed') : t(`desk.problem.${reply.problem}`)
  }

  function withCall(act: (id: CallId) => Promise<void>) {
    const id = call()
    if (id !== undefined) void act(id)
  }

  return {
    open,
    trouble,
    consulting,
    company,
    joinThree: () => withCall((id) => ask({ type: 'threeWay', call: id })),
    transfer: (to: TransferTo, how: 'now' | 'consult') =>
      withCall((id) => {
        asked.value = how === 'consult'
        return ask({ type: 'transfer', call: id, to, how })
      }),
    confirm: () =>
      withCall((id) => {
        asked.value = false
        return ask({ type: 'confirmTransfer', call: id })
      }),
    cancel: () =>
      withCall((id) => {
        asked.value = false
        return ask({ type: 'cancelTransfer', call: id })
      }),
  }
}
