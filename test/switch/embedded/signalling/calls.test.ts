import { afterEach, beforeEach, expect, test } from 'vitest'
import { callHeader, offerHeader } from '../../../../src/contract/softphone.ts'
import {
  anna,
  caller,
  embeddedScene,
  groupNumber,
  offer,
  playId,
  show,
  song,
  welcome,
  type Scene,
} from '../../../support/sip/embedded-scene.ts'
import { sdpOf } from '../../../support/sip/quiet-media.ts'
import { inDialog } from '../../../support/sip/sip-peer.ts'

let scene: Scene
beforeEach(async () => {
  scene = await embeddedScene()
})
afterEach(() => scene.close())

test('a caller is answered, hears the welcome and music, is put through, and is hung up', async () => {
  const { does, service, media } = scene
  const phone = await scene.register(anna)
  expect(await service.told('deviceChanged')).toEqual({ type: 'deviceChanged', agent: 'anna', state: 'ready' })

  const trunk = await scene.trunk()
  const { invite, call, arrived } = await scene.ringIn(trunk)
  expect(arrived).toEqual({ type: 'callArrived', call, to: groupNumber, from: caller, name: 'Kerstin Ek' })
  expect((await trunk.answerTo(invite, 'any')).status).toBe(100)
  expect((await trunk.answerTo(invite, 'any')).status).toBe(180)
  await does({ type: 'answer', call })
  const answered = await trunk.answerTo(invite)
  expect(answered.status).toBe(200)
  expect(answered.body).toContain('m=audio')

  await does({ type: 'play', call, message: welcome, as: 'welcome', play: playId('p1') })
  media.opened[0]?.playsOut()
  expect(await service.told('played')).toEqual({ type: 'played', call, message: welcome, play: 'p1' })
  await does({ type: 'music', call, messages: [song] })
  expect(media.opened[0]?.musicSounds).toHaveLength(1)

  await does({ type: 'ring', call, agent: anna.agent, offer: offer('o1'), show })
  const rung = await phone.asked('INVITE')
  expect(rung.header(callHeader)).toBe(call)
  expect(rung.header(offerHeader)).toBe('o1')
  expect(rung.header('from')).toMatch(/^"Kerstin" <sip:\+46701234567@gruppnummer\.invalid>/)
  phone.answer(rung, 180)
  phone.answer(rung, 200, { body: sdpOf() })
  await phone.asked('ACK')
  expect(await service.told('agentAnswered')).toEqual({ type: 'agentAnswered', call, agent: 'anna', offer: 'o1' })
  expect(media.opened[0]?.bridgedTo).toBeUndefined()

  await does({ type: 'connect', call, agent: anna.agent, offer: offer('o1') })
  expect(media.opened[0]?.bridgedTo).toBe(media.opened[1])

  const dialog = { ...(await import('../../../support/sip/sip-peer.ts')).dialogOf(invite, answered, 'uac') }
  trunk.ask(inDialog(dialog, { method: 'ACK' }))
  await does({ type: 'hangUp', call, why: 'served' })
  expect((await trunk.asked('BYE')).header('call-id')).toBe(invite.header('call-id'))
  expect((await phone.asked('BYE')).header('call-id')).toBe(rung.header('call-id'))
  expect(scene.engine.calls).toBe(0)
  expect(media.legs).toBe(0)
})
