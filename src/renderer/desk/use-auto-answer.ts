import { computed, readonly, ref, watch } from 'vue'
import type { AgentLive } from '../../contract/console.ts'
import type { OfferId } from '../../core/routing/messages.ts'
import type { DeskCalls, RingingCall } from './desk-call.ts'
import { playConnectTone } from './sound/connect-tone.ts'
import type { AnswerProblem, Microphone, SoftphoneCall } from './softphone/softphone.ts'
import type { Result } from '../../core/result.ts'

export interface AutoAnswerQuestion {
  readonly me: AgentLive | undefined
  readonly calls: DeskCalls
  /** Of the softphone, whatever the desk shows of them. */
  readonly phoneCalls: readonly SoftphoneCall[]
  readonly microphone: Microphone
}

/**
 * The caller who is taken without a click: of the queue, while there is no other call, by an agent of whom that is wanted and who
 * can be heard. A colleague who calls or asks is not: `until` is of the queue's rings alone.
 */
export function takenByItself({ me, calls, phoneCalls, microphone }: AutoAnswerQuestion): RingingCall | undefined {
  const { front, others } = calls
  if (me?.autoAnswer !== true || me.answersAt !== 'softphone' || microphone.state !== 'ready') return undefined
  if (front.kind !== 'ringing' || front.until === undefined) return undefined
  if (front.answer !== 'here' && front.answer !== 'arriving') return undefined
  if (others.length > 0 || phoneCalls.some(({ state }) => state !== 'ended')) return undefined
  return front
}

/**
 * For the window, once: takes such a caller when the tone has been heard, and remembers whom. Where the tone cannot be heard
 * (a page that nobody has clicked in), it rings as for anybody.
 */
export function useAutoAnswer(
  question: () => AutoAnswerQuestion,
  {
    answer,
    speaker,
    tone = playConnectTone,
  }: {
    readonly answer: (offer: OfferId) => Promise<Result<void, AnswerProblem>> | undefined
    readonly speaker: () => string | undefined
    /** Settles when it has been heard: true; or cannot be. */
    readonly tone?: (device: string | undefined) => Promise<boolean>
  },
) {
  const expected = computed(() => takenByItself(question()))
  const taken = computed(() => (expected.value?.answer === 'here' ? expected.value.offer : undefined))
  /** Given up: the tone could not be heard, or the call not be answered. */
  const given = ref<OfferId>()
  const answered = ref<OfferId>()
  /** The call that is taken now: no ringing for it. */
  const answering = computed(() => (expected.value?.offer === given.value ? undefined : expected.value?.offer))

  watch(taken, (offer) => {
    if (offer !== undefined) void take(offer)
  })

  async function take(offer: OfferId) {
    const heard = await tone(speaker())
    // It may have been taken back, refused, or answered by hand meanwhile.
    if (taken.value !== offer) return
    const done = heard ? await answer(offer) : undefined
    if (done?.ok === true) answered.value = offer
    else given.value = offer
  }

  return { answering, answered: readonly(answered) }
}
