import { defineStore } from 'pinia'
import { useAutoAnswer } from './use-auto-answer.ts'
import { useDeskCall } from './use-desk-call.ts'
import { useSoftphoneStore } from './softphone-store.ts'
import { useSoundStore } from './sound-store.ts'

/** The window's one automatic answer, whatever page is shown. */
export const useAutoAnswerStore = defineStore('autoAnswer', () => {
  const softphone = useSoftphoneStore()
  const sound = useSoundStore()
  const { me, call, others } = useDeskCall()
  return useAutoAnswer(
    () => ({
      me: me.value,
      calls: { front: call.value, others: others.value },
      phoneCalls: softphone.calls,
      microphone: softphone.microphone,
    }),
    { answer: (offer) => softphone.phone?.answer(offer), speaker: () => sound.speaker?.id },
  )
})
