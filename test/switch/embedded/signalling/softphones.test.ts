import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sipDomain } from '../../../../src/contract/softphone.ts'
import type { AgentId, E164 } from '../../../../src/core/configuration/types.ts'
import {
  anna,
  ben,
  caller,
  embeddedScene,
  groupNumber,
  guest,
  invitation,
  offer,
  registration,
  show,
  type Scene,
} from '../../../support/sip/embedded-scene.ts'
import { sdpOf } from '../../../support/sip/quiet-media.ts'
import { authorization, ha1, inDialog } from '../../../support/sip/sip-peer.ts'

let scene: Scene
beforeEach(async () => {
  scene = await embeddedScene()
})
afterEach(() => scene.close())

const stranger = { user: 'stranger', password: 'whatever' }

describe('registration', () => {
  test('gives the contact back with its expiry, and tells that the device is ready', async () => {
    const phone = await scene.connection()
    const answered = await phone.askWithDigest({ ...registration(anna), headers: ['Expires: 120'] }, anna)
    expect(answered.status).toBe(200)
    expect(answered.header('contact')).toBe(`${phone.contact};expires=120`)
    expect(await scene.service.told('deviceChanged')).toEqual({ type: 'deviceChanged', agent: 'anna', state: 'ready' })
  })

  test('ends with the connection', async () => {
    const phone = await scene.register(anna)
    await scene.service.told('deviceChanged')
    phone.close()
    expect(await scene.service.told('deviceChanged')).toMatchObject({ agent: 'anna', state: 'gone' })
  })

  test('ends at its expiry, and when the phone says so', async () => {
    const phone = await scene.connection()
    await phone.askWithDigest({ ...registration(anna), headers: ['Expires: 60'] }, anna)
    await scene.service.told('deviceChanged')
    scene.clock.pass(59_999)
    expect(scene.service.events).toHaveLength(1)
    scene.clock.pass(1)
    expect(await scene.service.told('deviceChanged')).toMatchObject({ state: 'gone' })

    await scene.register(anna, phone)
    await scene.service.told('deviceChanged')
    await phone.askWithDigest({ ...registration(anna), headers: ['Expires: 0'] }, anna)
    expect(await scene.service.told('deviceChanged')).toMatchObject({ state: 'gone' })
  })

  test('ends when the agent is taken out of the setup', async () => {
    await scene.register(anna)
    await scene.service.told('deviceChanged')
    await scene.prepare({ softphones: [] })
    expect(await scene.service.told('deviceChanged')).toMatchObject({ agent: 'anna', state: 'gone' })
  })

  test('is for the own address only', async () => {
    const phone = await scene.connection()
    const answered = await phone.askWithDigest({ ...registration(ben) }, anna)
    expect(answered.status).toBe(403)
  })

  test('belongs to the newest connection, and an older one does not take it back', async () => {
    const older = await scene.register(anna)
    const newer = await scene.register(anna)
    expect((await older.askWithDigest(registration(anna), anna)).status).toBe(403)
    older.close()
    const { call } = await scene.callIn(await scene.trunk())
    await scene.does({ type: 'ring', call, agent: anna.agent, offer: offer('o1'), show: { group: 'g' as never } })
    const rung = await newer.asked('INVITE')
    expect(rung.header('from')).toMatch(/^"Anonymous" <sip:anonymous@anonymous\.invalid>/)
    expect(scene.service.events.filter(({ type }) => type === 'deviceChanged')).toHaveLength(1)
  })
})

describe('digest', () => {
  test('challenges a wrong password, an unknown user and an unknown realm alike', async () => {
    const phone = await scene.connection()
    const shapes = []
    for (const account of [{ ...anna, password: 'wrong' }, stranger]) {
      const answered = await phone.askWithDigest(registration(account), account)
      shapes.push(answered.text.replace(/(branch|tag|nonce|rport)=[^;,\r\n]*|^(From|To|Call-ID):.*$/gm, ''))
    }
    expect(shapes[0]).toBe(shapes[1])
    expect(shapes[0]).toMatch(/^SIP\/2\.0 401/)
  })

  test('takes a nonce for five minutes, and says that it is stale after', async () => {
    const phone = await scene.connection()
    const challenged = await phone.answerTo(phone.ask(registration(anna)))
    scene.clock.pass(5 * 60_000 + 1)
    const late = phone.ask({ ...registration(anna), headers: [authorization(challenged, registration(anna), anna)] })
    const answered = await phone.answerTo(late)
    expect(answered.status).toBe(401)
    expect(answered.header('www-authenticate')).toContain('stale=true')
  })

  test('takes no answer twice, and a forged nonce never', async () => {
    const phone = await scene.connection()
    const challenged = await phone.answerTo(phone.ask(registration(anna)))
    const right = authorization(challenged, registration(anna), anna)
    const first = phone.ask({ ...registration(anna), headers: [right] })
    expect((await phone.answerTo(first)).status).toBe(200)
    const replayed = await phone.answerTo(phone.ask({ ...registration(anna), headers: [right] }))
    expect(replayed.status).toBe(401)
    const next = authorization(challenged, registration(anna), anna, 2)
    expect((await phone.answerTo(phone.ask({ ...registration(anna), headers: [next] }))).status).toBe(200)

    const forged = { ...challenged, header: () => 'Digest nonce="l9.AAAA.BBBBBBBBBBBBBBBBBBBBBB"' }
    const header = authorization(forged, registration(anna), anna)
    expect((await phone.answerTo(phone.ask({ ...registration(anna), headers: [header] }))).status).toBe(401)
  })

  test('stops listening to a source after ten wrong passwords, for a minute', async () => {
    const phone = await scene.connection()
    const wrong = { ...anna, password: 'wrong' }
    for (let tries = 0; tries < 10; tries += 1) await phone.askWithDigest(registration(wrong), wrong)
    expect((await phone.askWithDigest(registration(anna), anna)).status).toBe(403)
    scene.clock.pass(60_001)
    expect((await phone.askWithDigest(registration(anna), anna)).status).toBe(200)
  })
})

describe('the page /caller', () => {
  test('rings a group number, and is shown with the number of its account', async () => {
    const page = await scene.connection()
    const answering = page.askWithDigest(invitation(), guest)
    const { call, ...arrived } = await scene.service.told('callArrived')
    expect(arrived).toEqual({ type: 'callArrived', to: groupNumber, from: caller, name: 'Kerstin Ek' })
    expect(scene.media.opened[0]?.kind).toBe('webrtc')
    await scene.does({ type: 'answer', call })
    expect((await answering).status).toBe(200)
  })

  test.each([
    ['another number', '+46122260989', guest, 404],
    ['as nobody', groupNumber, stranger, 401],
  ])('cannot ring %s', async (_, to, account, status) => {
    const page = await scene.connection()
    expect((await page.askWithDigest(invitation({ to }), account)).status).toBe(status)
  })

  test('is let in no longer than its credential lasts', async () => {
    scene.clock.pass(600_000)
    const page = await scene.connection()
    expect((await page.askWithDigest(invitation(), guest)).status).toBe(401)
  })
})

describe('service numbers', () => {
  const long = '+46771000833' as E164
  beforeEach(() =>
    scene.prepare({
      serviceNumbers: ['833', long],
      softphones: [{ agent: anna.agent, user: anna.user, ha1: ha1(anna), number: '+46709000001' as E164 }],
    }),
  )

  test.each([
    ['833', '833'],
    ['+46771000833', long],
    ['0771000833', long],
  ])('are rung from an agent’s softphone as %s, as the agent’s own number whatever From says', async (dialled, to) => {
    const phone = await scene.connection()
    const answering = phone.askWithDigest(invitation({ to: dialled }), anna)
    const { call, ...arrived } = await scene.service.told('callArrived')
    expect(arrived).toEqual({ type: 'callArrived', to, from: '+46709000001', name: 'Kerstin Ek', trusted: true })
    await scene.does({ type: 'answer', call })
    expect((await answering).status).toBe(200)
  })

  test.each(['833', '0771000833'])('are rung over a trunk as %s, whose From is not trusted', async (dialled) => {
    const peer = await scene.trunk()
    peer.ask(invitation({ to: dialled }))
    expect(await scene.service.told('callArrived')).toEqual({
      type: 'callArrived',
      call: expect.any(String) as string,
      to: dialled === '833' ? '833' : long,
      from: caller,
      name: 'Kerstin Ek',
    })
  })

  test('are no numbers for the page /caller', async () => {
    const page = await scene.connection()
    for (const to of ['833', long]) expect((await page.askWithDigest(invitation({ to }), guest)).status).toBe(404)
  })
})

describe('a call outlives the connection of its softphone', () => {
  async function inCall() {
    const phone = await scene.register(anna)
    const trunk = await scene.trunk()
    const { call, dialog: callers } = await scene.callIn(trunk)
    const { dialog } = await scene.agentAnswers(call, anna, phone, offer('o1'))
    await scene.does({ type: 'connect', call, agent: anna.agent, offer: offer('o1') })
    return { phone, trunk, call, dialog, callers }
  }

  test('what it missed is told on the next one: the BYE', async () => {
    const { phone, call } = await inCall()
    phone.close()
    expect(await scene.service.told('deviceChanged')).toMatchObject({ state: 'ready' })
    expect(await scene.service.told('deviceChanged')).toMatchObject({ state: 'gone' })
    expect(scene.media.opened[0]?.bridgedTo).toBe(scene.media.opened[1])
    await scene.does({ type: 'hangUp', call, why: 'served' })
    const again = await scene.register(anna)
    again.answer(await again.asked('BYE'), 200)
  })

  test('a re-INVITE over the next one is answered there, before it registers too', async () => {
    const { phone, dialog } = await inCall()
    phone.close()
    const again = await scene.connection()
    const reinvite = again.ask(inDialog(dialog, { method: 'INVITE', body: sdpOf({ version: 2 }) }))
    const answered = await again.answerTo(reinvite)
    expect(answered.status).toBe(200)
    again.ask(inDialog(dialog, { method: 'ACK' }))
    const bye = again.ask(inDialog(dialog, { method: 'BYE' }))
    expect((await again.answerTo(bye)).status).toBe(200)
    expect(await scene.service.told('agentHungUp')).toMatchObject({ agent: 'anna', offer: 'o1' })
  })

  test('an ACK that was lost with the connection does not stand in the way of the next re-INVITE', async () => {
    const { phone, dialog } = await inCall()
    const first = phone.ask(inDialog(dialog, { method: 'INVITE', body: sdpOf({ version: 2 }) }))
    expect((await phone.answerTo(first)).status).toBe(200)
    phone.close()
    const again = await scene.connection()
    const second = again.ask(inDialog(dialog, { method: 'INVITE', body: sdpOf({ version: 3 }) }))
    expect((await again.answerTo(second)).status).toBe(200)
  })

  test('an answer over the next one counts', async () => {
    const phone = await scene.register(anna)
    const { call } = await scene.callIn(await scene.trunk())
    await scene.does({
      type: 'ring',
      call,
      agent: anna.agent,
      offer: offer('o1'),
      show: { group: 'g' as never, number: caller },
    })
    const rung = await phone.asked('INVITE')
    phone.answer(rung, 180)
    phone.close()
    const again = await scene.register(anna)
    again.answer(rung, 200, { body: sdpOf() })
    await again.asked('ACK')
    expect(await scene.service.told('agentAnswered')).toMatchObject({ agent: 'anna', offer: 'o1' })
  })

  test('a stranger who does not know the dialog is told so', async () => {
    const { dialog } = await inCall()
    const other = await scene.connection()
    const bye = other.ask(inDialog({ ...dialog, localTag: 'guessed' }, { method: 'BYE' }))
    expect((await other.answerTo(bye)).status).toBe(481)
  })
})

describe('a softphone that is asleep', () => {
  test('[W45] is not rung any longer when it says nothing, and is gone', async () => {
    const phone = await scene.register(anna)
    await scene.service.told('deviceChanged')
    const { call } = await scene.callIn(await scene.trunk())
    await scene.does({ type: 'ring', call, agent: anna.agent, offer: offer('o1'), show })
    await phone.asked('INVITE')
    expect(await scene.service.told('agentDeclined')).toMatchObject({ agent: 'anna', cause: 'unreachable' })
    expect(await scene.service.told('deviceChanged')).toMatchObject({ agent: 'anna', state: 'gone' })
    await expect.poll(() => phone.closed).toBe(true)
  })

  test('[W45] is gone when its sound is lost, and may come back', async () => {
    const phone = await scene.register(anna)
    await scene.service.told('deviceChanged')
    const { call } = await scene.callIn(await scene.trunk())
    await scene.agentAnswers(call, anna, phone, offer('o1'))
    scene.media.opened[1]?.loses()
    await scene.service.told('agentLost')
    expect(await scene.service.told('deviceChanged')).toMatchObject({ agent: 'anna', state: 'gone' })
    await scene.register(anna)
    expect(await scene.service.told('deviceChanged')).toMatchObject({ agent: 'anna', state: 'ready' })
  })
})

test('UPDATE and what we do not take is refused cleanly', async () => {
  const phone = await scene.connection()
  for (const [method, status] of [
    ['UPDATE', 405],
    ['SUBSCRIBE', 405],
    ['MESSAGE', 405],
    ['DANCE', 501],
  ] as const) {
    const answered = await phone.answerTo(phone.ask({ method, uri: `sip:x@${sipDomain}` }))
    expect(answered.status).toBe(status)
  }
})

test('an account of another agent’s name is another agent', async () => {
  const carla = { agent: 'carla' as AgentId, user: 'carla', password: 'c' }
  await scene.prepare({ softphones: [{ agent: carla.agent, user: carla.user, ha1: ha1(carla) }] })
  await scene.register(carla)
  expect(await scene.service.told('deviceChanged')).toMatchObject({ agent: 'carla' })
})
