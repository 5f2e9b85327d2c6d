import { afterEach, beforeEach, expect, test } from 'vitest'
import { callHeader, offerHeader, readOffer } from '../../../../src/contract/softphone.ts'
import type { E164 } from '../../../../src/core/configuration/types.ts'
import type { CallId, Command } from '../../../../src/core/routing/messages.ts'
import { anna, ben, embeddedScene, groupNumber, invitation, type Scene } from '../../../support/sip/embedded-scene.ts'
import { sdpOf } from '../../../support/sip/quiet-media.ts'
import { authorization, dialogOf, inDialog, type SipPeer, type SipText } from '../../../support/sip/sip-peer.ts'

const outside = '+46855512345' as E164

let scene: Scene
let line: SipPeer & { readonly port: number }
let phone: SipPeer
let dialled = 0
beforeEach(async () => {
  scene = await embeddedScene()
  line = await scene.trunk('127.0.0.2')
  await scene.prepare({ trunks: [{ name: 'out', address: '127.0.0.2', port: line.port, outbound: true }] })
  phone = await scene.register(anna)
})
afterEach(() => scene.close())

/** The INVITE with the right digest, not answered yet. */
async function dials(to: string, headers: readonly string[] = []): Promise<SipText> {
  const request = { ...invitation({ to, headers }), callId: `dialled-${String(++dialled)}`, fromTag: 'anna' }
  const challenged = await phone.answerTo(phone.ask(request))
  expect(challenged.status).toBe(401)
  return phone.ask({ ...request, cseq: 2, headers: [...headers, authorization(challenged, request, anna)] })
}

const place = (call: CallId): Command => ({
  type: 'placeCall',
  call,
  agent: anna.agent,
  to: { number: outside },
  show: { number: groupNumber, name: 'Support' },
  music: [],
})

async function rings() {
  const invite = await dials(outside)
  const { call } = await scene.service.told('agentCalled')
  await scene.does(place(call))
  return { invite, call, rung: await line.asked('INVITE') }
}

test.each([
  [`<sip:${groupNumber}@gruppnummer.invalid>`, groupNumber],
  [`"Support" <tel:${groupNumber}>`, groupNumber],
  ['<sip:0122260980@gruppnummer.invalid>', groupNumber],
  ['<sip:nobody@gruppnummer.invalid>', undefined],
  ['nonsense <', undefined],
])('reads what the agent asks to be shown as: %s', async (value, as) => {
  await dials(outside, [`P-Preferred-Identity: ${value}`])
  expect((await scene.service.told('agentCalled')).as).toBe(as)
})

test('hands on what was dialled as it is, decoded', async () => {
  await dials('agent%20one')
  expect((await scene.service.told('agentCalled')).to).toBe('agent one')
})

test.each(['a'.repeat(201), '%20'])('answers 404 where %s is dialled', async (to) => {
  expect((await phone.answerTo(await dials(to))).status).toBe(404)
  expect(scene.service.events.filter(({ type }) => type === 'agentCalled')).toEqual([])
})

test('takes an agent who rings a group number as its caller', async () => {
  const invite = await dials(groupNumber)
  const { call } = await scene.service.told('callArrived')
  await scene.does({ type: 'answer', call })
  expect((await phone.answerTo(invite)).status).toBe(200)
})

test('says that it rings only when the far side does, under the id of the call', async () => {
  const { invite, call, rung } = await rings()
  expect(rung.header('from')).toMatch(/^"Support" <sip:\+46122260980@/)
  line.answer(rung, 180)
  const ringing = await phone.next(({ status, method }) => method === 'INVITE' && status > 100)
  expect([ringing.status, ringing.header(callHeader), ringing.body]).toEqual([180, call, ''])
  line.answer(rung, 200, { body: sdpOf() })
  const answered = await phone.answerTo(invite)
  expect([answered.status, answered.header(callHeader)]).toEqual([200, call])
  const [mine, theirs] = scene.media.opened.slice(-2)
  expect(mine?.bridgedTo).toBe(theirs)
})

test('lets the agent hear what the far side says before it answers, and then answers with the same description', async () => {
  const { invite, rung } = await rings()
  line.answer(rung, 183, { body: sdpOf() })
  const early = await phone.next(({ status }) => status === 183)
  expect(early.body).toContain('m=audio')
  const [mine, theirs] = scene.media.opened.slice(-2)
  expect(mine?.bridgedTo).toBe(theirs)
  line.answer(rung, 180)
  line.answer(rung, 200)
  const answered = await phone.answerTo(invite)
  expect([answered.status, answered.body]).toEqual([200, early.body])
  await scene.service.told('agentCallAnswered')
})

test.each([
  [486, 'busy', 486],
  [404, 'unknown', 404],
  [480, 'noAnswer', 480],
  [603, 'rejected', 603],
  [503, 'unreachable', 503],
  [407, 'failed', 500],
  [302, 'failed', 500],
] as const)('hands on a refusal with %i', async (status, why, told) => {
  const { invite, rung } = await rings()
  line.answer(rung, status)
  expect((await scene.service.told('agentCallEnded')).why).toBe(why)
  expect((await phone.answerTo(invite)).status).toBe(told)
})

test('says so where no line leads out', async () => {
  await scene.prepare({ trunks: [] })
  const invite = await dials(outside)
  const { call } = await scene.service.told('agentCalled')
  await scene.does(place(call))
  expect((await scene.service.told('agentCallEnded')).why).toBe('unreachable')
  expect((await phone.answerTo(invite)).status).toBe(502)
})

test('waits ten seconds for what the service says, and two minutes for an answer', async () => {
  const unanswered = await dials(outside)
  await scene.service.told('agentCalled')
  scene.clock.pass(10_000)
  expect((await phone.answerTo(unanswered)).status).toBe(503)
  expect((await scene.service.told('agentCallEnded')).why).toBe('failed')
  const { invite, rung } = await rings()
  line.answer(rung, 180)
  await phone.next(({ status }) => status === 180)
  scene.clock.pass(120_000)
  expect((await phone.answerTo(invite)).status).toBe(480)
  expect((await scene.service.told('agentCallEnded')).why).toBe('noAnswer')
  await line.asked('CANCEL')
})

test('plays music to whom the agent holds, and brings them together again', async () => {
  const { invite, rung } = await rings()
  line.answer(rung, 200, { body: sdpOf() })
  const dialog = dialogOf(invite, await phone.answerTo(invite), 'uac')
  phone.ask(inDialog(dialog, { method: 'ACK' }))
  const [mine, theirs] = scene.media.opened.slice(-2)
  for (const [direction, bridged] of [
    ['sendonly', undefined],
    ['sendrecv', theirs],
  ] as const) {
    const again = phone.ask(inDialog(dialog, { method: 'INVITE', body: sdpOf({ direction }) }))
    expect((await phone.answerTo(again)).status).toBe(200)
    phone.ask(inDialog(dialog, { method: 'ACK' }))
    await expect.poll(() => mine?.bridgedTo).toBe(bridged)
  }
})

test('ends when the sound of one side is lost', async () => {
  const { invite, rung } = await rings()
  line.answer(rung, 200, { body: sdpOf() })
  const dialog = dialogOf(invite, await phone.answerTo(invite), 'uac')
  phone.ask(inDialog(dialog, { method: 'ACK' }))
  scene.media.opened.at(-1)?.loses()
  expect((await scene.service.told('agentCallEnded')).why).toBe('lost')
  await phone.asked('BYE')
})

test('names the colleague who calls to a softphone of ours', async () => {
  const bens = await scene.register(ben)
  await dials('ben')
  const { call } = await scene.service.told('agentCalled')
  await scene.does({ ...place(call), to: { agent: ben.agent } } as Command)
  const rung = await bens.asked('INVITE')
  expect([readOffer(rung.header(offerHeader))?.call, rung.header('x-gruppnummer-agent')]).toEqual([call, 'anna'])
})
