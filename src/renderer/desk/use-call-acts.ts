import { watch, type ComputedRef } from 'vue'
import type { AgentLive } from '../../contract/console.ts'
import type { OfferId } from '../../core/routing/messages.ts'
import { useConsoleStore } from '../stores/console-store.ts'
import type { DeskCall } from './desk-call.ts'
import { useSoftphoneStore } from './softphone-store.ts'

/** What is done to the call in front of the agent from outside the desk's page: a headset, the tray, a card, a shortcut. */
export function useCallActs(me: ComputedRef<AgentLive | undefined>, call: ComputedRef<DeskCall>) {
  const service = useConsoleStore()
  const softphone = useSoftphoneStore()
  const ringingHere = () =>
    call.value.kind === 'ringing' && call.value.answer === 'here' ? call.value.offer : undefined

  /** Asked for while the service had told of the call and the softphone had not got it: done when it has. */
  let wished: { readonly offer: OfferId; readonly act: 'answer' | 'reject' } | undefined
  watch(ringingHere, (offer) => {
    if (offer !== undefined && offer === wished?.offer) void softphone.phone?.[wished.act](offer)
    wished = undefined
  })
  function meet(act: 'answer' | 'reject') {
    if (call.value.kind !== 'ringing') return
    const { offer, answer } = call.value
    if (answer === 'here') void softphone.phone?.[act](offer)
    else if (answer === 'arriving') wished = { offer, act }
  }

  return {
    answer: () => {
      meet('answer')
    },
    reject: () => {
      meet('reject')
    },
    /** Undefined: the other way than now. */
    mute: (on?: boolean) => softphone.phone?.mute(on ?? !(call.value.kind === 'ongoing' && call.value.muted)),
    hold() {
      if (call.value.kind !== 'ongoing' || call.value.line === undefined) return
      const { line, state } = call.value
      void (state === 'held' ? softphone.phone?.resume(line) : softphone.phone?.hold(line))
    },
    hangUp() {
      if (call.value.kind !== 'ongoing') return
      const agent = me.value?.agent
      const { call: ended, line } = call.value
      // Both ways, as the desk does: a BYE on a dead socket is lost.
      if (line !== undefined) void softphone.phone?.hangUp(line)
      if (agent !== undefined && ended !== undefined) void service.ask({ type: 'hangUp', agent, call: ended })
    },
  }
}
