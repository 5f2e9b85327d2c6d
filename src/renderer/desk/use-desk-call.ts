import { computed } from 'vue'
import { useConsoleStore } from '../stores/console-store.ts'
import { deskCalls, type DeskCalls } from './desk-call.ts'
import { useSoftphoneStore } from './softphone-store.ts'

/** For pages: the signed-in agent, the call in front of them, and those beside it. */
export function useDeskCall() {
  const service = useConsoleStore()
  const softphone = useSoftphoneStore()
  const me = computed(() => {
    const agent = service.signedIn?.agent
    return agent === undefined ? undefined : service.live?.agents[agent]
  })
  const calls = computed<DeskCalls>(() => {
    if (me.value === undefined || service.live === undefined) return { front: { kind: 'idle' }, others: [] }
    return deskCalls({
      me: me.value,
      live: service.live,
      registered: softphone.registration.state === 'registered',
      ringing: softphone.ringing,
      phoneCalls: softphone.calls,
      offset: service.offset,
    })
  })
  const call = computed(() => calls.value.front)
  const others = computed(() => calls.value.others)
  return { me, call, others }
}
