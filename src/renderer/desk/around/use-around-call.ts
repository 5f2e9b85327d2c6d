import { computed, shallowRef, watch } from 'vue'
import type { CallAbout } from '../../../contract/call-records.ts'
import type { PastCall } from '../../../contract/console.ts'
import type { CallId } from '../../../core/routing/messages.ts'
import { useConsoleStore } from '../../stores/console-store.ts'
import type { DeskCall } from '../desk-call.ts'
import { readCallAbout } from './read-call-about.ts'

/** What the service knows of the caller in front of the agent. The call itself never waits for it. */
export function useAroundCall(front: () => DeskCall, past: () => readonly PastCall[]) {
  const service = useConsoleStore()
  const call = computed(() => callerInFront(front(), past()))
  const told = shallowRef<{ readonly of: CallId; readonly about: CallAbout }>()

  watch(
    call,
    async (id) => {
      if (id === undefined) return
      const reply = await service.ask({ type: 'callAbout', call: id })
      const about = reply.ok ? readCallAbout(reply.value) : undefined
      if (about && id === call.value) told.value = { of: id, about }
    },
    { immediate: true },
  )

  return { call, about: computed(() => (told.value?.of === call.value ? told.value?.about : undefined)) }
}

/** The caller who rings, is talked to or was talked to last, while that is wrapped up; undefined: nobody of the queue's. */
export function callerInFront(front: DeskCall, past: readonly PastCall[]): CallId | undefined {
  switch (front.kind) {
    case 'ringing':
      return front.groupName === undefined ? undefined : front.call
    case 'ongoing':
      return front.ofQueue ? front.call : undefined
    case 'wrapUp':
      return past
        .filter(({ group, way }) => group !== undefined && way === 'taken')
        .toSorted((one, other) => other.at - one.at)[0]?.call
    case 'idle':
      return undefined
  }
}
