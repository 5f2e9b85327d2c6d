import { expect, test } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'
import { ok } from '../../../src/core/result.ts'
import type { RingingCall } from '../../../src/renderer/desk/desk-call.ts'
import IdleCard from '../../../src/renderer/desk/IdleCard.vue'
import RingingCard from '../../../src/renderer/desk/RingingCard.vue'
import type { SoftphoneCall } from '../../../src/renderer/desk/softphone/softphone.ts'
import { takenByItself, useAutoAnswer, type AutoAnswerQuestion } from '../../../src/renderer/desk/use-auto-answer.ts'
import { agentLive, ringingCall as rings } from '../support/live.ts'
import { expectNoFaults, show } from '../support/mount.ts'

const { until: _, ...ofColleague } = rings
const usual: AutoAnswerQuestion = {
  me: agentLive({ autoAnswer: true }),
  calls: { front: rings, others: [] },
  phoneCalls: [],
  microphone: { state: 'ready', label: 'Headset' },
}
const held = { line: 'l1', state: 'held', muted: false, changing: false, soundLost: false } as unknown as SoftphoneCall

test('[W43] a caller of the queue is taken by itself where that is wanted', () => {
  expect(takenByItself(usual)).toBe(rings)
  const over = { ...held, state: 'ended' as const }
  expect(takenByItself({ ...usual, phoneCalls: [over] })).toBe(rings)
})

test.each<[string, Partial<AutoAnswerQuestion>]>([
  ['where it is not wanted', { me: agentLive() }],
  ['at an ordinary phone', { me: agentLive({ autoAnswer: true, answersAt: 'phone' }) }],
  ['of a colleague', { calls: { front: ofColleague, others: [] } }],
  ['beside another that rings', { calls: { front: rings, others: [ofColleague] } }],
  ['beside one that is held', { phoneCalls: [held] }],
  ['while another is talked in', { calls: { front: { kind: 'idle' }, others: [rings] } }],
  ['that only an ordinary phone can answer', { calls: { front: { ...rings, answer: 'phone' }, others: [] } }],
  ['without a microphone that may be used', { microphone: { state: 'listenOnly', why: 'denied' } }],
  ['before the microphone is there', { microphone: { state: 'unasked' } }],
])('[W44] no call is taken by itself %s', (_, given) => {
  expect(takenByItself({ ...usual, ...given })).toBeUndefined()
})

/** With a tone that is ended by hand. */
function desk() {
  const question = shallowRef<AutoAnswerQuestion>({ ...usual, calls: { front: { kind: 'idle' }, others: [] } })
  const answers: string[] = []
  const tones: ((heard: boolean) => void)[] = []
  const scope = effectScope()
  const used = scope.run(() =>
    useAutoAnswer(() => question.value, {
      answer: (offer) => Promise.resolve(answers.push(offer)).then(() => ok(undefined)),
      speaker: () => undefined,
      tone: () => new Promise((resolve) => tones.push(resolve)),
    }),
  )
  if (!used) throw new Error('no scope')
  const settle = async () => {
    for (let turn = 0; turn < 5; turn++) await nextTick()
  }
  const shows = async (front: AutoAnswerQuestion['calls']['front']) => {
    question.value = { ...usual, calls: { front, others: [] } }
    await settle()
  }
  const hears = async (heard: boolean) => {
    tones.shift()?.(heard)
    await settle()
  }
  return { ...used, answers, tones, shows, hears, scope }
}

test('[W43] the tone first, then the answer; and it is remembered that it came by itself', async () => {
  const { shows, hears, answers, tones, answering, answered, scope } = desk()
  await shows({ ...rings, answer: 'arriving' })
  expect([answering.value, tones.length]).toEqual(['o1', 0])
  await shows(rings)
  expect([answering.value, answers]).toEqual(['o1', []])
  await hears(true)
  expect([answers, answered.value]).toEqual([['o1'], 'o1'])
  scope.stop()
})

test('[W43] one that is refused or taken back while the tone sounds is not answered', async () => {
  const { shows, hears, answers, answering, scope } = desk()
  await shows(rings)
  await shows({ kind: 'idle' })
  await hears(true)
  expect([answers, answering.value]).toEqual([[], undefined])
  scope.stop()
})

test('[W44] where the tone cannot be heard it rings as for anybody, and the next one is tried anew', async () => {
  const { shows, hears, answers, tones, answering, scope } = desk()
  await shows(rings)
  await hears(false)
  expect([answers, answering.value]).toEqual([[], undefined])
  await shows({ ...rings, offer: 'o2' as RingingCall['offer'] })
  expect([answering.value, tones.length]).toEqual(['o2', 1])
  scope.stop()
})

test('[W43] the desk says so before and meanwhile', async () => {
  const idle = show(IdleCard, { state: 'available', canLogIn: true, asBefore: false, answersItself: true })
  expect(idle.text()).toContain('besvaras av sig själva')
  const ringing = show(RingingCard, { call: rings, answering: false, byItself: true })
  expect(ringing.text()).toContain('Kopplas fram av sig självt')
  await expectNoFaults(ringing)
})
