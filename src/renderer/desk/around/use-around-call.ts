import { computed, shallowRef, watch } from 'vue'
import type { CallAbout } from '../../../contract/call-records.ts'
import type { PastCall } from '../../../contract/console.ts'
import type { CallId } from '../../../core/routing/messages.ts'
import { useConsoleStore } from '../../stores/console-store.ts'
import type { DeskCall } from '../desk-call.ts'
import { readCallAbout } from './read-call-about.ts'
import { useCallPage } from './use-call-page.ts'
import { useCallNote } from './use-call-note.ts'

/**
 * What the service knows of a call; undefined until it has told. The call itself never waits for it. `phase`: asked again when it
 * changes, since a colleague who puts the caller through has written something meanwhile.
 */
export function useCallAbout(call: () => CallId | undefined, phase: () => unknown = () => undefined) {
  const service = useConsoleStore()
  const told = shallowRef<{ readonly of: CallId; readonly about: CallAbout }>()

  async function ask(id: CallId) {
    const reply = await service.ask({ type: 'callAbout', call: id })
    const about = reply.ok ? readCallAbout(reply.value) : undefined
    if (about && id === call()) told.value = { of: id, about }
  }
  watch(
    [call, phase],
    ([id]) => {
      if (id !== undefined) void ask(id)
    },
    { immediate: true },
  )
  // What was asked while there was no contact came to nothing.
  watch(
    () => service.link.state,
    (state) => {
      const id = call()
      if (state === 'open' && id !== undefined && told.value?.of !== id) void ask(id)
    },
  )

  return computed(() => (told.value?.of === call() ? told.value?.about : undefined))
}

/** The caller in front of the agent, what is known of them, and what the agent writes of the call. */
export function useAroundCall(front: () => DeskCall, past: () => readonly PastCall[], isTelephoneHere: () => boolean) {
  const call = computed(() => callerInFront(front(), past()))
  const about = useCallAbout(
    () => call.value,
    () => (front().kind === 'ringing' ? 'ringing' : 'talking'),
  )
  const note = useCallNote(
    () => (front().kind === 'ringing' ? undefined : call.value),
    () => about.value,
  )
  const { blocked } = useCallPage(
    () => front().kind,
    () => call.value,
    () => about.value,
    isTelephoneHere,
  )
  return { about, note, blocked }
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
