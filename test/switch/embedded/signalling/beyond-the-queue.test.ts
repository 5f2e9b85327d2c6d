import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AgentId, E164 } from '../../../../src/core/configuration/types.ts'
import type { CallId } from '../../../../src/core/routing/messages.ts'
import {
  anna,
  ben,
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
import { dialogOf, inDialog, type SipPeer } from '../../../support/sip/sip-peer.ts'

const cora = 'cora' as AgentId
const coraNumber = '+46709000001' as E164
const outside = '+46855512345' as E164
const one = offer('o1')

let directory: string
let recordings: string
let scene: Scene
let line: SipPeer & { readonly port: number }
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'gruppnummer-'))
  recordings = join(directory, 'recordings')
  scene = await embeddedScene({
    recordings,
    speak: (text) => Promise.resolve(text.startsWith('mute') ? undefined : new Int16Array(8000 * text.length)),
  })
  line = await scene.trunk('127.0.0.2')
  await scene.prepare(setup())
})
afterEach(async () => {
  await scene.close()
  rmSync(directory, { recursive: true })
})

const setup = () => ({
  phones: [{ agent: cora, number: coraNumber }],
  trunks: [
    { name: 'in', address: '127.0.0.1' },
    { name: 'out', address: '127.0.0.2', port: line.port, outbound: true as const },
  ],
})

describe('an agent on an ordinary phone', () => {
  async function rings(shown: typeof show | { group: typeof show.group } = show) {
    const { call } = await scene.callIn(await scene.trunk())
    await scene.does({ type: 'ring', call, agent: cora, offer: one, show: shown })
    return { call, invite: await line.asked('INVITE') }
  }

  test('is rung at their number, and the trunk is told nothing of our own', async () => {
    const { invite } = await rings()
    expect(invite.text).toMatch(/^INVITE sip:\+46709000001@127\.0\.0\.2/)
    expect(invite.header('from')).toMatch(/<sip:\+46701234567@/)
    expect(invite.text).not.toMatch(/X-Gruppnummer/i)
  })

  test('is shown no number where none is to be shown', async () => {
    const { invite } = await rings({ group: show.group })
    expect(invite.header('from')).toMatch(/<sip:anonymous@anonymous\.invalid>/)
  })

  test.each([
    [480, 'noAnswer'],
    [408, 'noAnswer'],
    [486, 'busy'],
    [603, 'rejected'],
    [404, 'unreachable'],
    [500, 'failed'],
  ])('that is answered %i is told as %s', async (status, cause) => {
    const { call, invite } = await rings()
    line.answer(invite, status)
    await line.asked('ACK')
    expect(await scene.service.told('agentDeclined')).toEqual({
      type: 'agentDeclined',
      call,
      agent: cora,
      offer: one,
      cause,
    })
  })

  test('presses digits by INFO and in the sound, and a dead line is told as lost', async () => {
    const { call, invite } = await rings()
    line.answer(invite, 200, { body: sdpOf(), tag: 'answering' })
    await line.asked('ACK')
    await scene.service.told('agentAnswered')
    const tagged = { ...invite, header: (name: string) => withTag(invite.header(name) ?? '', name) }
    const dialog = dialogOf(invite, tagged, 'uas')
    const body = 'Signal= 1\r\n'
    line.ask(inDialog(dialog, { method: 'INFO', body, contentType: 'application/dtmf-relay' }))
    const about = { call, agent: cora, offer: one }
    expect(await scene.service.told('agentDigit')).toEqual({ type: 'agentDigit', ...about, digit: '1' })
    scene.media.opened[1]?.presses('2')
    expect(await scene.service.told('agentDigit')).toEqual({ type: 'agentDigit', ...about, digit: '2' })
    scene.media.opened[1]?.loses()
    expect(await scene.service.told('agentLost')).toEqual({ type: 'agentLost', ...about })
  })

  test('cannot be reached without a trunk for calls out', async () => {
    await scene.prepare({ phones: setup().phones })
    const { call } = await scene.callIn(await scene.trunk())
    await scene.does({ type: 'ring', call, agent: cora, offer: one, show })
    expect(await scene.service.told('agentDeclined')).toMatchObject({ agent: cora, cause: 'unreachable' })
  })

  test('is there whatever their softphone does', async () => {
    expect(await scene.service.told('deviceChanged')).toEqual({ type: 'deviceChanged', agent: cora, state: 'ready' })
    await scene.prepare({ ...setup(), phones: [{ agent: anna.agent, number: coraNumber }] })
    await scene.register(anna)
    await scene.register(ben)
    const told = scene.service.events.filter(({ type }) => type === 'deviceChanged')
    expect(told).toMatchObject([
      { agent: cora, state: 'ready' },
      { agent: cora, state: 'gone' },
      { agent: anna.agent, state: 'ready' },
      { agent: ben.agent, state: 'ready' },
    ])
  })
})

describe('speech', () => {
  test('leaves out a text that nothing can say, and says the rest', async () => {
    const { call } = await scene.callIn(await scene.trunk())
    const say = (text: string, id: string) =>
      ({
        type: 'say',
        call,
        play: playId(id),
        parts: [
          { say: 'message', message: welcome },
          { say: 'text', text },
        ],
      }) as const
    await scene.does(say('mute', 'p1'))
    scene.media.opened[0]?.playsOut()
    expect(await scene.service.told('played')).toEqual({ type: 'played', call, play: 'p1' })
    await scene.does(say('four', 'p2'))
    scene.media.opened[0]?.playsOut()
    expect(scene.media.opened[0]?.playing).toEqual({ seconds: 4 })
    scene.media.opened[0]?.playsOut()
    expect(await scene.service.told('played')).toEqual({ type: 'played', call, play: 'p2' })
    expect(
      await scene.engine.perform({ type: 'say', call, play: playId('p3'), parts: [{ say: 'text', text: 'mute' }] }),
    ).toEqual({ ok: false, problem: { kind: 'unsupported', command: 'say' } })
  })

  test('that is overtaken while it is made is not heard any more', async () => {
    const { call } = await scene.callIn(await scene.trunk())
    const saying = scene.engine.perform({
      type: 'say',
      call,
      play: playId('p1'),
      parts: [{ say: 'text', text: 'late' }],
    })
    await scene.does({ type: 'play', call, message: welcome, as: 'menu', play: playId('p2') })
    expect(await saying).toMatchObject({ ok: true })
    expect(scene.media.opened[0]?.playing).toEqual({ seconds: 3 })
    scene.media.opened[0]?.playsOut()
    expect(await scene.service.told('played')).toMatchObject({ play: 'p2' })
  })

  test('is part of what the next service is told', async () => {
    const { call } = await scene.callIn(await scene.trunk())
    await scene.does({ type: 'say', call, play: playId('p1'), parts: [{ say: 'message', message: welcome }] })
    expect(await holdings()).toMatchObject([{ hears: { kind: 'speech', play: 'p1' } }])
  })
})

describe('a recording', () => {
  const record = async () => {
    const trunk = await scene.trunk()
    const { call, dialog } = await scene.callIn(trunk)
    await scene.does({ type: 'record', call, maxSeconds: 60 })
    return { call, dialog, trunk }
  }

  test('is kept under a name of ours that nobody else may read', async () => {
    const { call } = await record()
    expect(await holdings()).toMatchObject([{ hears: { kind: 'recording' } }])
    scene.media.opened[0]?.recorded(7.5)
    const { file, seconds } = await later.told('recorded')
    expect([file, seconds]).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.wav$/), 7.5])
    expect(readFileSync(join(recordings, file), 'utf8')).toBe('said')
    expect(statSync(join(recordings, file)).mode & 0o077).toBe(0)
    expect(readdirSync(recordings)).toEqual([file])
    expect(await holdings()).toMatchObject([{ call, hears: { kind: 'nothing' } }])
  })

  test('in which nothing was said leaves no file', async () => {
    const { call } = await record()
    scene.media.opened[0]?.recorded(0)
    expect(await scene.service.told('recorded')).toEqual({ type: 'recorded', call, file: '', seconds: 0 })
  })

  test('that cannot be kept is told as nothing, and said in the log', async () => {
    writeFileSync(recordings, 'no directory')
    const { call } = await record()
    scene.media.opened[0]?.recorded(5)
    expect(await scene.service.told('recorded')).toEqual({ type: 'recorded', call, file: '', seconds: 0 })
    expect(scene.logged.join()).toContain('a recording is lost')
  })

  test('goes on without a service; the next one is told what became of it', async () => {
    const { call, dialog, trunk } = await record()
    await scene.engine.detach()
    scene.clock.pass(40_000)
    expect(scene.media.opened[0]?.recording).toBe(true)
    await trunk.answerTo(trunk.ask(inDialog(dialog, { method: 'BYE' })))
    await expect.poll(() => readdirSync(directory)).toContain('recordings')
    await expect.poll(() => readdirSync(recordings).filter((name) => name.endsWith('.wav'))).toHaveLength(1)
    expect(await holdings()).toEqual([])
    expect(await later.told('recorded')).toMatchObject({ call, seconds: 2 })
  })

  test('ends when the caller is put through, forwarded or hung up, and is kept', async () => {
    const phone = await scene.register(anna)
    const { call } = await record()
    await scene.agentAnswers(call, anna, phone, one)
    await scene.does({ type: 'connect', call, agent: anna.agent, offer: one })
    expect(await scene.service.told('recorded')).toMatchObject({ call, seconds: 2 })
    const again = await scene.engine.perform({ type: 'record', call, maxSeconds: 60 })
    expect(again).toMatchObject({ ok: false, problem: { kind: 'refused' } })
    const second = await record()
    await scene.does({ type: 'hangUp', call: second.call, why: 'timeout' })
    expect(await scene.service.told('recorded')).toMatchObject({ call: second.call, seconds: 2 })
  })
})

describe('a consultation', () => {
  async function talking() {
    const phone = await scene.register(anna)
    const trunk = await scene.trunk()
    const { call, dialog } = await scene.callIn(trunk)
    await scene.does({ type: 'music', call, messages: [song] })
    await scene.agentAnswers(call, anna, phone, one)
    await scene.does({ type: 'connect', call, agent: anna.agent, offer: one })
    return { call, phone, trunk, dialog }
  }

  test('with an agent who cannot be reached gives the caller back at once', async () => {
    const { call } = await talking()
    await scene.does({ type: 'consult', call, agent: anna.agent, to: { agent: ben.agent }, offer: offer('o2'), show })
    expect(await scene.service.told('agentDeclined')).toMatchObject({
      agent: ben.agent,
      offer: 'o2',
      cause: 'unreachable',
    })
    expect(scene.media.opened[0]?.bridgedTo).toBe(scene.media.opened[1])
    expect(await holdings()).toMatchObject([{ hears: { kind: 'agent', agent: 'anna' } }])
  })

  test('is not for a group number, for oneself, or for who does not have the caller', async () => {
    const { call } = await talking()
    const consult = { type: 'consult', call, agent: anna.agent } as const
    expect(await scene.engine.perform({ ...consult, to: { group: show.group } })).toMatchObject({
      problem: { kind: 'refused' },
    })
    expect(await scene.engine.perform({ ...consult, to: { agent: anna.agent } })).toMatchObject({
      problem: { kind: 'refused' },
    })
    expect(await scene.engine.perform({ ...consult, agent: ben.agent, to: { number: outside } })).toMatchObject({
      problem: { kind: 'unknown' },
    })
  })

  test('may be completed while the third party still rings: then it is a forward', async () => {
    const { call, phone } = await talking()
    await scene.does({ type: 'consult', call, agent: anna.agent, to: { number: outside } })
    const invite = await line.asked('INVITE')
    await scene.does({ type: 'completeTransfer', call })
    await phone.asked('BYE')
    expect(scene.media.opened[0]?.bridgedTo).toBeUndefined()
    line.answer(invite, 200, { body: sdpOf() })
    await line.asked('ACK')
    expect(await scene.service.told('forwarded')).toEqual({ type: 'forwarded', call, result: 'answered' })
    expect(scene.media.opened[0]?.bridgedTo).toBe(scene.media.opened[2])
  })

  test('ends all its legs with the call', async () => {
    const { call, phone } = await talking()
    await scene.does({ type: 'consult', call, agent: anna.agent, to: { number: outside } })
    const invite = await line.asked('INVITE')
    line.answer(invite, 180)
    await scene.does({ type: 'hangUp', call, why: 'timeout' })
    await line.asked('CANCEL')
    await phone.asked('BYE')
    expect(scene.media.legs).toBe(0)
  })

  test('whose number does not answer in 180 s is told as noAnswer', async () => {
    const { call } = await talking()
    await scene.does({ type: 'consult', call, agent: anna.agent, to: { number: outside } })
    await line.asked('INVITE')
    scene.clock.pass(180_000)
    expect(await scene.service.told('forwarded')).toEqual({ type: 'forwarded', call, result: 'noAnswer' })
    expect(scene.media.opened[0]?.bridgedTo).toBe(scene.media.opened[1])
  })
})

describe('a callback', () => {
  const call = 'callback' as CallId
  const ring = { type: 'ring', call, agent: anna.agent, offer: one, show, callback: true } as const

  test('of an agent who declines is over, and the same ring is not begun anew', async () => {
    await scene.does(ring)
    expect(await scene.service.told('agentDeclined')).toMatchObject({ call, cause: 'unreachable' })
    expect(scene.engine.calls).toBe(0)
    await scene.does(ring)
    expect(scene.engine.calls).toBe(0)
    await scene.register(anna)
    await scene.does({ ...ring, offer: offer('o2') })
    expect(await holdings()).toMatchObject([{ call, callback: true, answered: false, hears: { kind: 'nothing' } }])
  })

  test('that has not been answered takes no command that needs the caller', async () => {
    await scene.register(anna)
    await scene.does(ring)
    for (const command of [
      { type: 'answer', call },
      { type: 'play', call, message: welcome, as: 'menu', play: playId('p') },
      { type: 'say', call, parts: [] },
      { type: 'record', call, maxSeconds: 3 },
      { type: 'forward', call, to: outside },
      { type: 'takeMessage', call },
    ] as const)
      expect(await scene.engine.perform(command)).toMatchObject({ ok: false, problem: { kind: 'refused' } })
    await scene.does({ type: 'hangUp', call, why: 'served' })
    expect(scene.engine.calls).toBe(0)
    expect(await scene.engine.perform({ type: 'callOut', call, to: outside, show })).toMatchObject({
      problem: { kind: 'unknown' },
    })
    await scene.does(ring)
    expect(scene.engine.calls).toBe(0)
    await scene.does({ ...ring, offer: offer('o2') })
    expect(scene.engine.calls).toBe(1)
  })

  async function ringsBack() {
    await scene.agentAnswers(call, anna, await scene.register(anna), one, { callback: true })
    await scene.does({ type: 'callOut', call, to: outside, show: { ...show, number: groupNumber } })
    return line.asked('INVITE')
  }

  test('that is not answered in 180 s has failed; an unknown call is begun by nothing else', async () => {
    expect((await ringsBack()).header('from')).toContain(groupNumber)
    scene.clock.pass(180_000)
    expect(await scene.service.told('callbackFailed')).toEqual({ type: 'callbackFailed', call, cause: 'noAnswer' })
    await scene.does({ type: 'hangUpAgent', call, agent: anna.agent, offer: one })
    expect([scene.media.legs, scene.engine.calls]).toEqual([0, 0])
    const { callback: _, ...plain } = ring
    expect(await scene.engine.perform({ ...plain, offer: offer('o2') })).toMatchObject({ problem: { kind: 'unknown' } })
  })

  test('is released like any waiting call when no service comes', async () => {
    const invite = await ringsBack()
    line.answer(invite, 200, { body: sdpOf() })
    await scene.service.told('callbackAnswered')
    await scene.engine.detach()
    scene.clock.pass(30_000)
    expect(scene.media.opened[1]?.playing).toEqual({ seconds: 3 })
    scene.media.opened[1]?.playsOut()
    await line.asked('BYE')
    expect(scene.engine.calls).toBe(0)
  })
})

describe('who listens in', () => {
  test('is not one of those who talk, and goes with the call', async () => {
    const phone = await scene.register(anna)
    const bens = await scene.register(ben)
    const { call } = await scene.callIn(await scene.trunk())
    await scene.agentAnswers(call, anna, phone, one)
    await scene.does({ type: 'connect', call, agent: anna.agent, offer: one })
    expect(await scene.engine.perform({ type: 'monitor', call, by: anna.agent, mode: 'listen' })).toMatchObject({
      problem: { kind: 'refused' },
    })
    await scene.does({ type: 'monitor', call, by: ben.agent, mode: 'barge' })
    const invite = await bens.asked('INVITE')
    bens.answer(invite, 200, { body: sdpOf() })
    await bens.asked('ACK')
    const [callers, annas, third] = scene.media.opened
    const whoHears = () =>
      [callers, annas, third].map((leg) => leg?.hearing.map((heard) => [callers, annas, third].indexOf(heard as never)))
    await expect.poll(whoHears).toEqual([
      [1, 2],
      [0, 2],
      [0, 1],
    ])
    await scene.does({ type: 'hangUpAgent', call, agent: anna.agent, offer: one })
    expect([whoHears()[0], whoHears()[2]]).toEqual([[], []])
    await scene.does({ type: 'hangUp', call, why: 'agentHungUp' })
    await bens.asked('BYE')
    expect(scene.media.legs).toBe(0)
  })
})

let later: ReturnType<Scene['attachment']>

/** As the next service is told. */
async function holdings() {
  later = scene.attachment(Math.max(2, ++epoch))
  const attached = await scene.engine.attach(later.attachment)
  if (!attached.ok) throw new Error(attached.problem.kind)
  return attached.value.calls
}
let epoch = 1

const withTag = (header: string, name: string) => `${header}${name === 'to' ? ';tag=answering' : ''}`
