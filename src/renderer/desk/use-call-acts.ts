import type { ComputedRef } from 'vue'
import type { AgentLive } from '../../contract/console.ts'
import { useConsoleStore } from '../stores/console-store.ts'
import type { DeskCall } from './desk-call.ts'
import { useSoftphoneStore } from './softphone-store.ts'

/** What is done to the call in front of the agent from outside the desk's page: a headset, the tray, a card, a shortcut. */
export function useCallActs(me: ComputedRef<AgentLive | undefined>, call: ComputedRef<DeskCall>) {
  const service = useConsoleStore()
  const softphone = useSoftphoneStore()
  const ringingHere = () =>
    call.value.kind === 'ringing' && call.value.answer === 'here' ? call.value.offer : undefined

  return {
    answer() {
      const offer = ringingHere()
      if (offer !== undefined) void softphone.phone?.answer(offer)
    },
    reject() {
      const offer = ringingHere()
      if (offer !== undefined) void softphone.phone?.reject(offer)
    },
    /** Undefined: the other way than now. */
    mute: (on?: boolean) => softphone.phone?.mute(on ?? softphone.call?.muted !== true),
    hold: () => void (softphone.call?.state === 'held' ? softphone.phone?.resume() : softphone.phone?.hold()),
    hangUp() {
      if (call.value.kind !== 'ongoing') return
      const agent = me.value?.agent
      const ended = call.value.call
      // Both ways, as the desk does: a BYE on a dead socket is lost.
      if (call.value.where === 'here') void softphone.phone?.hangUp()
      if (agent !== undefined) void service.ask({ type: 'hangUp', agent, call: ended })
    },
  }
}
