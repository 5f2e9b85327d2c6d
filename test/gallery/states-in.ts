import { deskCalls } from '../../src/renderer/desk/desk-call.ts'
import type { OngoingCall } from '../../src/renderer/desk/desk-call.ts'
import { anna } from '../renderer/support/live.ts'
import type { Picture, StateShown } from './pictures.ts'

const flags = ['ofQueue', 'early', 'muted', 'changing', 'soundLost'] as const satisfies readonly (keyof OngoingCall)[]

/** What is in a picture, by the desk's own rule of which call stands where; not what comes of a button. */
export async function statesIn({ live, phone, quality, link, does }: Picture): Promise<ReadonlySet<StateShown>> {
  const found = new Set<StateShown>()
  const me = live.agents[anna]
  if (!me) throw new Error('a picture without the agent')
  const registration = phone.registration ?? { state: 'registered' }
  const microphone = phone.microphone ?? { state: 'ready', label: '' }
  const { front, others } = deskCalls({
    me,
    live,
    registered: registration.state === 'registered',
    ringing: phone.ringing ?? [],
    phoneCalls: phone.calls ?? [],
  })
  found.add(`agent ${me.state}`).add(`device ${me.device}`).add(`desk ${front.kind}`)
  for (const call of [front, ...others]) {
    if (call !== front && (call.kind === 'ringing' || call.kind === 'ongoing')) found.add(`beside ${call.kind}`)
    if (call.kind === 'ringing') found.add(`rings ${call.answer}`)
    if (call.kind !== 'ongoing') continue
    found.add(`call ${call.state}`).add(`at ${call.where}`)
    if (call.failed) found.add(`came to nothing: ${call.failed}`)
    for (const flag of flags) if (call[flag]) found.add(`call is ${flag}`)
  }
  found.add(`telephone ${registration.state}`).add(`microphone ${microphone.state}`)
  if (registration.state === 'failed') found.add(`no telephone: ${registration.why}`)
  if (microphone.state === 'listenOnly') found.add(`no microphone: ${microphone.why}`)
  if (quality?.cause) found.add(`sounds bad: ${quality.cause}`)
  found.add(`contact ${link ?? 'open'}`).add(`switch ${live.service.service.switch}`)
  for (const { agent, consulting, monitors = [] } of Object.values(live.calls)) {
    if (consulting) found.add(`third party ${consulting.answered ? 'answered' : 'asked'}`)
    if (consulting?.threeWay) found.add(`three: ${consulting.threeWay}`)
    for (const { agent: by, mode } of monitors) {
      if (by === anna) found.add(`listens in: ${mode}`)
      if (agent === anna) found.add(`is listened to: ${mode}`)
    }
  }
  if (me.autoAnswer) found.add('agent is autoAnswer')
  if (phone.listening) found.add(`listening ${phone.listening.state}`)
  for (const { did } of me.told ?? []) found.add(`told ${did}`)
  for (const { why } of Object.values(live.passed)) found.add(`passed: ${why}`)
  for (const { way, why } of Object.values(live.history)) {
    found.add(`past ${way}`)
    if (why) found.add(`past, ended: ${why}`)
  }
  const [ring] = phone.ringing ?? []
  const answered = ring && does?.answer && (await Promise.race([does.answer(ring.offer), Promise.resolve(undefined)]))
  if (answered?.ok === false) found.add(`not answered: ${answered.problem.kind}`)
  const [line] = phone.calls ?? []
  const held = line && does?.hold && (await does.hold(line.line))
  if (held?.ok === false) found.add(`not held: ${held.problem.kind}`)
  return found
}
