import { computed, ref, watch } from 'vue'
import type { CallId, MonitorMode } from '../../core/routing/messages.ts'
import type { CallView } from '../../core/routing/view.ts'
import type { AskProblem } from '../stores/connection.ts'
import { useConsoleStore } from '../stores/console-store.ts'
import { useSoftphoneStore } from './softphone-store.ts'

/** Listening in on the call of another agent: by the service's word, and heard in this window's softphone. */
export function useListening() {
  const service = useConsoleStore()
  const softphone = useSoftphoneStore()
  const trouble = ref<`desk.problem.${AskProblem}`>()

  const agent = computed(() => service.signedIn?.agent)
  /** The call, and how; the service knows of it before the softphone is rung, and in every window. */
  const now = computed(() => {
    for (const call of Object.values(service.live?.calls ?? {})) {
      const mine = call.monitors?.find((each) => each.agent === agent.value)
      if (mine) return { call: call.call, mode: mine.mode, name: nameOf(call) }
    }
    return undefined
  })
  const canListen = computed(() => {
    const me = agent.value === undefined ? undefined : service.live?.agents[agent.value]
    if (me?.answersAt !== 'softphone' || me.device !== 'ready' || me.state === 'talking') return false
    return softphone.registration.state === 'registered'
  })

  /** Whether this account may listen in on this call. */
  function mayListen({ group, agent: talking }: CallView): boolean {
    const { roles = [], supervises = [] } = service.signedIn ?? {}
    if (talking === undefined || talking === agent.value) return false
    return roles.includes('admin') || (roles.includes('supervisor') && supervises.includes(group))
  }

  function nameOf({ agent: talking }: CallView): string {
    const { firstName = '', lastName = '' } = (talking === undefined ? undefined : service.live?.agents[talking]) ?? {}
    return `${firstName} ${lastName}`.trim()
  }

  async function ask(call: CallId, mode: MonitorMode) {
    trouble.value = undefined
    const reply = await service.ask({ type: 'monitor', call, mode })
    if (!reply.ok) trouble.value = `desk.problem.${reply.problem}`
  }

  return { now, canListen, mayListen, nameOf, trouble, ask }
}

/** For the window, once: answers for who has asked to listen, and for nobody else. */
export function useListeningLine() {
  const softphone = useSoftphoneStore()
  const { now } = useListening()
  watch(
    () => [softphone.listening, now.value] as const,
    ([line, asked]) => {
      if (line?.state === 'invited' && asked?.call === line.call) void softphone.phone?.listenIn()
      softphone.phone?.speakInto(line?.state === 'on' && asked?.call === line.call && asked.mode !== 'listen')
    },
  )
}
