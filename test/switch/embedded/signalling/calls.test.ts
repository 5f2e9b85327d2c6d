import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { offerHeader } from '../../../../src/contract/softphone.ts'
import type { MessageId } from '../../../../src/core/configuration/types.ts'
import type { CallId, StopRingingReason } from '../../../../src/core/routing/messages.ts'
import {
  anna,
  ben,
  caller,
  embeddedScene,
  fallback,
  groupNumber,
  invitation,
  offer,
  playId,
  show,
  song,
  welcome,
  type Scene,
} from '../../../support/sip/embedded-scene.ts'
import { sdpOf } from '../../../support/sip/quiet-media.ts'
import { dialogOf, inDialog } from '../../../support/sip/sip-peer.ts'

let scene: Scene
beforeEach(async () => {
  scene = await embeddedScene()
})
afterEach(() => scene.close())

const one = offer('o1')

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
  trunk.ask(inDialog(dialogOf(invite, answered, 'uac'), { method: 'ACK' }))

  await does({ type: 'play', call, message: welcome, as: 'welcome', play: playId('p1') })
  media.opened[0]?.playsOut()
  expect(await service.told('played')).toEqual({ type: 'played', call, message: welcome, play: 'p1' })
  await does({ type: 'music', call, messages: [song] })
  expect(media.opened[0]?.musicSounds).toHaveLength(1)

  await does({ type: 'ring', call, agent: anna.agent, offer: one, show })
  const rung = await phone.asked('INVITE')
  expect(rung.header(offerHeader)).toBe(`${call}/o1`)
  expect(rung.header('from')).toMatch(/^"Kerstin" <sip:\+46701234567@gruppnummer\.invalid>/)
  phone.answer(rung, 180)
  phone.answer(rung, 200, { body: sdpOf() })
  await phone.asked('ACK')
  expect(await service.told('agentAnswered')).toEqual({ type: 'agentAnswered', call, agent: 'anna', offer: 'o1' })
  expect(media.opened[0]?.bridgedTo).toBeUndefined()

  await does({ type: 'connect', call, agent: anna.agent, offer: one })
  expect(media.opened[0]?.bridgedTo).toBe(media.opened[1])

  await does({ type: 'hangUp', call, why: 'served' })
  await does({ type: 'hangUp', call, why: 'served' })
  expect((await trunk.asked('BYE')).header('call-id')).toBe(invite.header('call-id'))
  expect((await phone.asked('BYE')).header('call-id')).toBe(rung.header('call-id'))
  expect(scene.engine.calls).toBe(0)
  expect(media.legs).toBe(0)
})

describe('a caller', () => {
  test('who cancels before the answer is told as gone, once', async () => {
    const trunk = await scene.trunk()
    const { invite, call } = await scene.ringIn(trunk)
    await trunk.answerTo(invite, 'any')
    trunk.send(
      invite.text
        .replace(/^INVITE/, 'CANCEL')
        .replace('CSeq: 1 INVITE', 'CSeq: 1 CANCEL')
        .replace(/Content-Type.*$/s, 'Content-Length: 0\r\n\r\n'),
    )
    expect((await trunk.answerTo(invite)).status).toBe(487)
    expect(await scene.service.told('callerHungUp')).toEqual({ type: 'callerHungUp', call })
    expect(scene.engine.calls).toBe(0)
  })

  test('who hangs up ends the agents’ legs too', async () => {
    const phone = await scene.register(anna)
    const trunk = await scene.trunk()
    const { call, dialog } = await scene.callIn(trunk)
    await scene.does({ type: 'ring', call, agent: anna.agent, offer: one, show })
    phone.answer(await phone.asked('INVITE'), 180)
    const bye = trunk.ask(inDialog(dialog, { method: 'BYE' }))
    expect((await trunk.answerTo(bye)).status).toBe(200)
    expect(await scene.service.told('callerHungUp')).toEqual({ type: 'callerHungUp', call })
    expect((await phone.asked('CANCEL')).header('reason')).toContain('cause=487')
    const late = await scene.engine.perform({ type: 'hangUp', call, why: 'timeout' })
    expect(late).toMatchObject({ ok: false, problem: { kind: 'unknown' } })
  })

  test('whose sound is lost is hung up', async () => {
    const trunk = await scene.trunk()
    const { call } = await scene.callIn(trunk)
    scene.media.opened[0]?.loses()
    expect(await scene.service.told('callerHungUp')).toEqual({ type: 'callerHungUp', call })
    await trunk.asked('BYE')
  })

  test('who is hung up before the ACK is said goodbye to after it', async () => {
    const trunk = await scene.trunk()
    const { invite, call } = await scene.ringIn(trunk)
    await scene.does({ type: 'answer', call })
    const answered = await trunk.answerTo(invite)
    await scene.does({ type: 'hangUp', call, why: 'full' })
    expect(trunk.heard.some(({ method, status }) => method === 'BYE' && status === 0)).toBe(false)
    trunk.ask(inDialog(dialogOf(invite, answered, 'uac'), { method: 'ACK' }))
    await trunk.asked('BYE')
  })

  test('without an answer is refused with a status that says why', async () => {
    const trunk = await scene.trunk()
    const { invite, call } = await scene.ringIn(trunk)
    await scene.does({ type: 'hangUp', call, why: 'full' })
    expect((await trunk.answerTo(invite)).status).toBe(486)
  })

  test('may leave the offer to us, and answer it in the ACK', async () => {
    const trunk = await scene.trunk()
    const invite = trunk.ask(invitation({ body: '' }))
    const { call } = await scene.service.told('callArrived')
    await scene.does({ type: 'answer', call })
    const answered = await trunk.answerTo(invite)
    expect(answered.body).toContain('m=audio')
    trunk.ask(inDialog(dialogOf(invite, answered, 'uac'), { method: 'ACK', body: sdpOf({ direction: 'sendonly' }) }))
    await expect.poll(() => scene.media.opened[0]?.heldByFarSide).toBe(true)
  })

  test.each([
    ['Privacy: id', undefined, undefined],
    ['P-Asserted-Identity: "Anna Ek" <sip:+46812345678@net.example>', '+46812345678', 'Anna Ek'],
    ['P-Asserted-Identity: <tel:+46812345678>', '+46812345678', 'Kerstin Ek'],
  ])('is known by %s', async (header, from, name) => {
    const { arrived } = await scene.ringIn(await scene.trunk(), [header])
    expect([arrived.from, arrived.name]).toEqual([from, name])
  })

  test.each([
    ['turning the text round', '"Bo\u202E\\\u0007 Ek" <sip:0701234567@x>', '+46701234567', 'Bo Ek'],
    ['of a long name', `"${'a'.repeat(200)}" <sip:0046701234567@x>`, '+46701234567', 'a'.repeat(64)],
    ['without a name', '<sip:anonymous@anonymous.invalid>', undefined, undefined],
    ['without a number', 'sip:reception@x', undefined, undefined],
  ])('%s is shown in a form that does no harm', async (_, from, number, name) => {
    const trunk = await scene.trunk()
    trunk.ask({ ...invitation(), from })
    const arrived = await scene.service.told('callArrived')
    expect([arrived.from, arrived.name]).toEqual([number, name])
  })

  test('presses digits by INFO and in the sound', async () => {
    const trunk = await scene.trunk()
    const { call, dialog } = await scene.callIn(trunk)
    const info = trunk.ask(
      inDialog(dialog, { method: 'INFO', body: 'Signal=5\r\nDuration=160', contentType: 'application/dtmf-relay' }),
    )
    expect((await trunk.answerTo(info)).status).toBe(200)
    expect(await scene.service.told('digitPressed')).toEqual({ type: 'digitPressed', call, digit: '5' })
    scene.media.opened[0]?.presses('#')
    expect(await scene.service.told('digitPressed')).toEqual({ type: 'digitPressed', call, digit: '#' })
  })
})

describe('an agent', () => {
  test.each([
    [486, 'busy'],
    [600, 'busy'],
    [603, 'rejected'],
    [480, 'unreachable'],
    [408, 'unreachable'],
    [500, 'failed'],
    [301, 'rejected'],
    [302, 'rejected'],
  ])('who answers %i is told as %s', async (status, cause) => {
    const phone = await scene.register(anna)
    const { call } = await scene.callIn(await scene.trunk())
    await scene.does({ type: 'ring', call, agent: anna.agent, offer: one, show })
    phone.answer(await phone.asked('INVITE'), status)
    await phone.asked('ACK')
    expect(await scene.service.told('agentDeclined')).toEqual({
      type: 'agentDeclined',
      call,
      agent: 'anna',
      offer: 'o1',
      cause,
    })
  })

  test('who does not answer in 180 s is told as noAnswer', async () => {
    const phone = await scene.register(anna)
    const { call } = await scene.callIn(await scene.trunk())
    await scene.does({ type: 'ring', call, agent: anna.agent, offer: one, show })
    phone.answer(await phone.asked('INVITE'), 180)
    await scene.engine.detach()
    scene.clock.pass(29_000)
    const next = scene.attachment(2)
    await scene.engine.attach(next.attachment)
    scene.clock.pass(151_000)
    expect(await next.told('agentDeclined')).toMatchObject({ agent: 'anna', cause: 'noAnswer' })
    await phone.asked('CANCEL')
  })

  test.each<[StopRingingReason, string]>([
    ['answeredElsewhere', 'SIP;cause=200;text="Call completed elsewhere"'],
    ['noAnswer', 'SIP;cause=408;text="No answer"'],
    ['callerGone', 'SIP;cause=487;text="Caller hung up"'],
    ['withdrawn', 'SIP;cause=480;text="Withdrawn"'],
  ])('whose ringing is stopped as %s is told why', async (why, reason) => {
    const phone = await scene.register(anna)
    const { call } = await scene.callIn(await scene.trunk())
    await scene.does({ type: 'ring', call, agent: anna.agent, offer: one, show })
    const invite = await phone.asked('INVITE')
    phone.answer(invite, 180)
    // The switch has heard of the ringing when it answers what was sent after it.
    await phone.answerTo(phone.ask({ method: 'OPTIONS', uri: 'sip:x@gruppnummer.invalid' }))
    await scene.does({ type: 'stopRinging', call, agent: anna.agent, offer: one, why })
    await scene.does({ type: 'stopRinging', call, agent: anna.agent, offer: one, why })
    const cancel = await phone.asked('CANCEL')
    expect(cancel.header('reason')).toBe(reason)
    expect(cancel.header('via')).toBe(invite.header('via'))
    phone.answer(cancel, 200)
    phone.answer(invite, 487)
    await phone.asked('ACK')
    expect(scene.service.events.some(({ type }) => type === 'agentDeclined')).toBe(false)
  })

  test('whose answer crosses the CANCEL is acknowledged, and said goodbye to', async () => {
    const phone = await scene.register(anna)
    const { call } = await scene.callIn(await scene.trunk())
    await scene.does({ type: 'ring', call, agent: anna.agent, offer: one, show })
    const invite = await phone.asked('INVITE')
    await scene.does({ type: 'stopRinging', call, agent: anna.agent, offer: one, why: 'answeredElsewhere' })
    phone.answer(invite, 200, { body: sdpOf() })
    await phone.asked('ACK')
    phone.answer(await phone.asked('BYE'), 200)
    expect(scene.service.events.some(({ type }) => type === 'agentAnswered')).toBe(false)
  })

  test('rings together with others, and the caller hears the one who is connected', async () => {
    const [annas, bens] = [await scene.register(anna), await scene.register(ben)]
    const { call } = await scene.callIn(await scene.trunk())
    await scene.does({ type: 'ring', call, agent: anna.agent, offer: one, show })
    await scene.does({ type: 'ring', call, agent: anna.agent, offer: one, show })
    await scene.does({ type: 'ring', call, agent: ben.agent, offer: offer('o2'), show })
    const [first, second] = [await annas.asked('INVITE'), await bens.asked('INVITE')]
    expect(first.header('call-id')).not.toBe(second.header('call-id'))
    bens.answer(second, 200, { body: sdpOf() })
    expect(await scene.service.told('agentAnswered')).toMatchObject({ agent: 'ben', offer: 'o2' })
    await scene.does({ type: 'connect', call, agent: ben.agent, offer: offer('o2') })
    await scene.does({ type: 'connect', call, agent: ben.agent, offer: offer('o2') })
    expect(scene.media.opened[0]?.bridgedTo).toBe(scene.media.opened[2])
    expect(annas.heard.filter(({ method, status }) => method === 'INVITE' && status === 0)).toHaveLength(1)
  })

  test('who is let go is not told as having hung up; the caller hears music', async () => {
    const { phone, call } = await talking()
    await scene.does({ type: 'hangUpAgent', call, agent: anna.agent, offer: one })
    phone.answer(await phone.asked('BYE'), 200)
    expect(scene.media.opened[0]?.bridgedTo).toBeUndefined()
    expect(scene.service.events.some(({ type }) => type === 'agentHungUp')).toBe(false)
  })

  test('who hangs up, or is lost, is told so', async () => {
    const { phone, call, dialog } = await talking()
    const bye = phone.ask(inDialog(dialog, { method: 'BYE' }))
    expect((await phone.answerTo(bye)).status).toBe(200)
    expect(await scene.service.told('agentHungUp')).toEqual({ type: 'agentHungUp', call, agent: 'anna', offer: 'o1' })

    await scene.agentAnswers(call, anna, phone, offer('o2'))
    scene.media.opened[2]?.loses()
    expect(await scene.service.told('agentLost')).toEqual({ type: 'agentLost', call, agent: 'anna', offer: 'o2' })
    await phone.asked('BYE')
  })

  test('who holds gives the caller music, and the line again on resuming', async () => {
    const { phone, dialog } = await talking()
    for (const [direction, bridged] of [
      ['sendonly', false],
      ['sendrecv', true],
      ['inactive', false],
      ['sendrecv', true],
    ] as const) {
      const reinvite = phone.ask(inDialog(dialog, { method: 'INVITE', body: sdpOf({ direction }) }))
      const answered = await phone.answerTo(reinvite)
      expect(answered.status).toBe(200)
      expect(answered.header('contact')).toBeDefined()
      phone.ask(inDialog(dialog, { method: 'ACK' }))
      expect(scene.media.opened[0]?.bridgedTo).toBe(bridged ? scene.media.opened[1] : undefined)
    }
  })

  test('whose new offer cannot be had keeps the call', async () => {
    const { phone, dialog } = await talking()
    const reinvite = phone.ask(inDialog(dialog, { method: 'INVITE', body: 'v=0\r\n' }))
    expect((await phone.answerTo(reinvite)).status).toBe(488)
    expect(scene.media.opened[0]?.bridgedTo).toBe(scene.media.opened[1])
  })

  test('is sent our candidates when its answer had none, again after a 491', async () => {
    const phone = await scene.register(anna)
    const { call } = await scene.callIn(await scene.trunk())
    await scene.does({ type: 'ring', call, agent: anna.agent, offer: one, show })
    const invite = await phone.asked('INVITE')
    const leg = scene.media.opened[1]
    if (leg) leg.wantsReoffer = true
    phone.answer(invite, 200, { body: sdpOf() })
    await phone.asked('ACK')
    phone.answer(await phone.asked('INVITE'), 491)
    await phone.asked('ACK')
    // RFC 3261 section 14.1: at most 4 s.
    scene.clock.pass(4000)
    const again = await phone.asked('INVITE')
    expect(again.header('cseq')).toMatch(/^3 /)
    phone.answer(again, 200, { body: sdpOf() })
    await phone.asked('ACK')
  })

  test('presses digits', async () => {
    const { phone, call, dialog } = await talking()
    const info = phone.ask(
      inDialog(dialog, { method: 'INFO', body: 'Signal= 1\r\n', contentType: 'application/dtmf-relay' }),
    )
    expect((await phone.answerTo(info)).status).toBe(200)
    expect(await scene.service.told('agentDigit')).toEqual({
      type: 'agentDigit',
      call,
      agent: 'anna',
      offer: 'o1',
      digit: '1',
    })
  })
})

async function talking() {
  const phone = await scene.register(anna)
  const { call } = await scene.callIn(await scene.trunk())
  const { dialog } = await scene.agentAnswers(call, anna, phone, one)
  await scene.does({ type: 'connect', call, agent: anna.agent, offer: one })
  return { phone, call, dialog }
}

describe('commands', () => {
  test('that repeat a play have no second effect', async () => {
    const { call } = await scene.callIn(await scene.trunk())
    const play = { type: 'play', call, message: welcome, as: 'welcome', play: playId('p1') } as const
    await scene.does(play)
    scene.media.opened[0]?.playsOut()
    await scene.does(play)
    expect(scene.media.opened[0]?.playing).toBeUndefined()
  })

  test('about what is not there are answered as unknown', async () => {
    const { call } = await scene.callIn(await scene.trunk())
    const about = { call, agent: anna.agent, offer: one }
    for (const command of [
      { type: 'answer', call: 'nobody' as CallId },
      { type: 'connect', ...about },
      { type: 'hangUpAgent', ...about },
      { type: 'stopRinging', ...about, why: 'withdrawn' },
      { type: 'play', call, message: 'nothing' as MessageId, as: 'menu', play: playId('p') },
      { type: 'music', call, messages: ['nothing' as MessageId] },
    ] as const)
      expect(await scene.engine.perform(command)).toMatchObject({ ok: false, problem: { kind: 'unknown' } })
  })

  test('to record say so where there is no place to keep it', async () => {
    const { call } = await scene.callIn(await scene.trunk())
    expect(await scene.engine.perform({ type: 'record', call, maxSeconds: 10 })).toEqual({
      ok: false,
      problem: { kind: 'unsupported', command: 'record' },
    })
  })

  test('about a transfer that nobody has begun are answered as unknown', async () => {
    const { call } = await scene.callIn(await scene.trunk())
    for (const type of ['completeTransfer', 'cancelTransfer'] as const)
      expect(await scene.engine.perform({ type, call })).toMatchObject({ ok: false, problem: { kind: 'unknown' } })
  })
})

describe('forwarding', () => {
  const outside = '+46855512345' as typeof groupNumber

  async function forwarded() {
    const line = await scene.trunk('127.0.0.2')
    await scene.prepare({
      trunks: [
        { name: 'in', address: '127.0.0.1' },
        { name: 'out', address: '127.0.0.2', port: line.port, outbound: true },
      ],
    })
    const trunk = await scene.trunk()
    const { call, dialog } = await scene.callIn(trunk)
    await scene.does({ type: 'forward', call, to: outside })
    const invite = await line.asked('INVITE')
    expect(invite.text).toMatch(/^INVITE sip:\+46855512345@127\.0\.0\.2/)
    return { line, trunk, call, dialog, invite }
  }

  test('bridges the caller with a number outside, until that one hangs up', async () => {
    const { line, call, invite } = await forwarded()
    line.answer(invite, 180)
    line.answer(invite, 200, { body: sdpOf() })
    await line.asked('ACK')
    expect(await scene.service.told('forwarded')).toEqual({ type: 'forwarded', call, result: 'answered' })
    expect(scene.media.opened[0]?.bridgedTo).toBe(scene.media.opened[1])
    const tagged = { ...invite, header: (name: string) => `${invite.header(name) ?? ''};tag=answering` }
    const dialog = dialogOf(invite, tagged, 'uas')
    const bye = line.ask(inDialog(dialog, { method: 'BYE' }))
    expect((await line.answerTo(bye)).status).toBe(200)
    expect(await scene.service.told('forwarded')).toMatchObject({ result: 'ended' })
    expect(scene.engine.calls).toBe(1)
  })

  test.each([
    [486, 'busy'],
    [480, 'noAnswer'],
    [404, 'failed'],
  ])('that is answered %i is told as %s', async (status, result) => {
    const { line, invite } = await forwarded()
    line.answer(invite, status)
    await line.asked('ACK')
    expect(await scene.service.told('forwarded')).toMatchObject({ result })
  })

  test('ends with the caller', async () => {
    const { line, trunk, dialog, invite } = await forwarded()
    line.answer(invite, 180)
    const bye = trunk.ask(inDialog(dialog, { method: 'BYE' }))
    await trunk.answerTo(bye)
    await line.asked('CANCEL')
  })

  test('needs a trunk for calls out', async () => {
    const { call } = await scene.callIn(await scene.trunk())
    expect(await scene.engine.perform({ type: 'forward', call, to: outside })).toMatchObject({
      ok: false,
      problem: { kind: 'refused' },
    })
  })
})

describe('without a service', () => {
  test('new callers are refused with 503, and may come again later', async () => {
    await scene.engine.detach()
    const trunk = await scene.trunk()
    const refused = await trunk.answerTo(trunk.ask(invitation()))
    expect([refused.status, refused.header('retry-after')]).toEqual([503, '10'])
  })

  test('waiting callers hear the fallback message after 30 s and are released; those in talk are not', async () => {
    const phone = await scene.register(anna)
    const [first, second] = [await scene.trunk(), await scene.trunk()]
    const talks = await scene.callIn(first)
    await scene.agentAnswers(talks.call, anna, phone, one)
    await scene.does({ type: 'connect', call: talks.call, agent: anna.agent, offer: one })
    await scene.callIn(second)
    await scene.engine.detach()
    scene.clock.pass(29_999)
    expect(scene.media.opened[2]?.playing).toBeUndefined()
    scene.clock.pass(1)
    expect(scene.media.opened[2]?.playing).toBeDefined()
    scene.media.opened[2]?.playsOut()
    await second.asked('BYE')
    expect(scene.media.opened[0]?.bridgedTo).toBe(scene.media.opened[1])

    const next = scene.attachment(2)
    const attached = await scene.engine.attach(next.attachment)
    expect(attached.ok && attached.value.calls).toMatchObject([
      { call: talks.call, answered: true, hears: { kind: 'agent', agent: 'anna' }, offers: [] },
    ])
    expect(await next.told('deviceChanged')).toEqual({ type: 'deviceChanged', agent: 'anna', state: 'ready' })
  })

  test('a service that comes during the fallback message keeps the caller', async () => {
    await scene.callIn(await scene.trunk())
    await scene.engine.detach()
    scene.clock.pass(30_000)
    const attached = await scene.engine.attach(scene.attachment(2).attachment)
    expect(attached.ok && attached.value.calls).toMatchObject([{ hears: { kind: 'nothing' } }])
    expect(scene.media.opened[0]?.playing).toBeUndefined()
  })

  test('callers are let go at once where there is no fallback message', async () => {
    await scene.prepare({ sounds: { [fallback]: { path: '/broken.wav', sha256: 'broken' } } })
    const trunk = await scene.trunk()
    await scene.callIn(trunk)
    await scene.engine.detach()
    scene.clock.pass(30_000)
    await trunk.asked('BYE')
  })

  test('a service of an older epoch is refused, and one that is replaced is told', async () => {
    expect(await scene.engine.attach(scene.attachment(1).attachment)).toEqual({
      ok: false,
      problem: { kind: 'staleEpoch' },
    })
    await scene.engine.attach(scene.attachment(7).attachment)
    expect(scene.service.lost).toEqual(['replaced'])
  })

  test('an answer meanwhile is part of what the next one is told', async () => {
    const phone = await scene.register(anna)
    const { call } = await scene.callIn(await scene.trunk())
    await scene.does({ type: 'ring', call, agent: anna.agent, offer: one, show })
    const invite = await phone.asked('INVITE')
    await scene.engine.detach()
    phone.answer(invite, 200, { body: sdpOf() })
    await phone.asked('ACK')
    await phone.answerTo(phone.ask({ method: 'OPTIONS', uri: 'sip:x@gruppnummer.invalid' }))
    const attached = await scene.engine.attach(scene.attachment(2).attachment)
    expect(attached.ok && attached.value.calls).toMatchObject([
      { call, offers: [{ agent: 'anna', offer: 'o1', answered: true }] },
    ])
  })
})

test('more callers than the limit are refused with 503', async () => {
  const small = await embeddedScene({ callLimit: 1 })
  try {
    const trunk = await small.trunk()
    await small.ringIn(trunk)
    const refused = await trunk.answerTo(trunk.ask(invitation()))
    expect([refused.status, refused.header('retry-after')]).toEqual([503, '10'])
  } finally {
    await small.close()
  }
})

test('a number in its national form is known', async () => {
  const trunk = await scene.trunk()
  trunk.ask(invitation({ to: '0122260980' }))
  expect(await scene.service.told('callArrived')).toMatchObject({ to: groupNumber })
})
