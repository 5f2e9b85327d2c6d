import { afterEach, beforeEach, expect, test } from 'vitest'
import { againHeader, offerHeader } from '../../../../src/contract/softphone.ts'
import { anna, embeddedScene, offer, type Scene } from '../../../support/sip/embedded-scene.ts'
import { sdpOf } from '../../../support/sip/quiet-media.ts'
import type { SipPeer } from '../../../support/sip/sip-peer.ts'

const one = offer('o1')
let scene: Scene
beforeEach(async () => {
  scene = await embeddedScene()
})
afterEach(() => scene.close())

async function talks() {
  const phone = await scene.register(anna)
  const { call } = await scene.callIn(await scene.trunk())
  await scene.agentAnswers(call, anna, phone, one)
  await scene.does({ type: 'connect', call, agent: anna.agent, offer: one })
  return { phone, call }
}

const gone = () => scene.service.events.some(({ type }) => type === 'agentLost' || type === 'agentHungUp')
const closes = async (phone: SipPeer) => {
  phone.close()
  await expect.poll(() => scene.service.events.at(-1)).toMatchObject({ type: 'deviceChanged', state: 'gone' })
}

test('an agent whose page was loaded anew is given the call again, and the caller hears them again', async () => {
  const { phone, call } = await talks()
  const [callers, before] = scene.media.opened
  await closes(phone)
  const again = await scene.register(anna)
  const invite = await again.asked('INVITE')
  expect([invite.header(offerHeader), invite.header(againHeader)]).toEqual([`${call}/${one}`, 'yes'])
  expect(callers?.bridgedTo).toBe(before)
  again.answer(invite, 200, { body: sdpOf() })
  await again.asked('ACK')
  await expect.poll(() => callers?.bridgedTo).toBe(scene.media.opened.at(-1))
  expect(before?.closed).toBe(true)
  // The sound of the telephone that is gone is no news any more.
  before?.loses()
  expect(gone()).toBe(false)
  await scene.does({ type: 'hangUpAgent', call, agent: anna.agent, offer: one })
  await again.asked('BYE')
})

test('one that does not take it is lost when its sound is', async () => {
  const { phone } = await talks()
  const before = scene.media.opened[1]
  await closes(phone)
  const again = await scene.register(anna)
  again.answer(await again.asked('INVITE'), 480)
  await again.asked('ACK')
  expect(gone()).toBe(false)
  before?.loses()
  expect(await scene.service.told('agentLost')).toMatchObject({ agent: anna.agent, offer: one })
})

test('what is lost meanwhile stops the second ring', async () => {
  const { phone } = await talks()
  await closes(phone)
  const again = await scene.register(anna)
  again.answer(await again.asked('INVITE'), 180)
  scene.media.opened[1]?.loses()
  await scene.service.told('agentLost')
  await again.asked('CANCEL')
})

test('a second window while the first one lives takes no call away', async () => {
  await talks()
  const second = await scene.register(anna)
  expect(second.heard.filter(({ method, status }) => method === 'INVITE' && status === 0)).toEqual([])
})
