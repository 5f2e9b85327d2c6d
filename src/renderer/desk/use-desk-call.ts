import { computed } from 'vue'
import { useConsoleStore } from '../stores/console-store.ts'
import { deskCall } from './desk-call.ts'
import { useSoftphoneStore } from './softphone-store.ts'

/** For pages: the signed-in agent, and the call in front of them. */
export function useDeskCall() {
  const service = useConsoleStore()
  const softphone = useSoftphoneStore()
  const me = computed(() => {
    const agent = service.signedIn?.agent
    return agent === undefined ? undefined : service.live?.agents[agent]
  })
  const call = computed(() => {
    if (me.value === undefined || service.live === undefined) return { kind: 'idle' as const }
    return deskCall({
      me: me.value,
      live: service.live,
      registered: softphone.registration.state === 'registered',
      ringing: softphone.ringing,
      phoneCall: softphone.call,
    })
  })
  return { me, call }
}
