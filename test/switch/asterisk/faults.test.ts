import { once } from 'node:events'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { E164, GroupNumberId } from '../../../src/core/configuration/types.ts'
import type { CallId, OfferId, SwitchEvent } from '../../../src/core/routing/messages.ts'
import { legVariable } from '../../../src/switch/asterisk/kept-call.ts'
import { withoutPeers } from '../../e2e/support/peers.ts'
import { anna, ben, number, sound } from '../behaves-as-switch.ts'
import { asteriskStage, closeServer, type AsteriskStage } from './asterisk-stage.ts'

const caller = '+46701234567' as E164
const offer = 'offer-1' as OfferId
const show = { group: 'group' as GroupNumberId, number: caller }
const waiting = { timeout: 10_000, interval: 20 }

let stage: AsteriskStage | undefined
afterEach(async () => {
  await stage?.close()
  stage = undefined
})
afterAll(closeServer)

async function attach(on: AsteriskStage, epoch: number) {
  const line = await on.reach()
  const events: SwitchEvent[] = []
  const losses: string[] = []
  const attached = await line.attach({
    epoch,
    heard: (event) => events.push(event),
    lost: (reason) => losses.push(reason),
  })
  if (!attached.ok) throw new Error(`not attached: ${attached.problem.kind}`)
  expect(await line.prepare(on.setup)).toEqual({ ok: true })
  return { line, events, losses, calls: attached.value.calls }
}

type Service = Awaited<ReturnType<typeof attach>>
type Ari = AsteriskStage['asterisk']['ari']

const asking = ({ url, user, password }: Ari) => {
  const headers = { authorization: `Basic ${btoa(`${user}:${password}`)}`, 'content-type': 'application/json' }
  return {
    headers,
    ask: (method: string, path: string, body?: object) =>
      fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) }),
  }
}

async function channelsIn(ari: Ari): Promise<readonly string[]> {
  return ((await (await asking(ari).ask('GET', '/channels')).json()) as { id: string }[]).map(({ id }) => id)
}

/** As a service does that goes before it rings: makes the leg, sees it come, and is no more. */
async function leavesLeg(ari: Ari, channelId: string, variables: Readonly<Record<string, string>>) {
  const { headers, ask } = asking(ari)
  const { url, application } = ari
  const socket = new WebSocket(`${url.replace('http', 'ws')}/events?app=${application}`, { headers })
  await once(socket, 'open')
  const came = once(socket, 'message')
  const made = await ask('POST', `/channels/create?endpoint=PJSIP/${anna}&app=${application}&channelId=${channelId}`, {
    variables,
  })
  expect(made.status).toBe(200)
  await came
  await expect.poll(() => channelsIn(ari), waiting).toContain(channelId)
  socket.terminate()
}

/** A caller who hears music. */
async function waits(on: AsteriskStage, { line, events }: Service) {
  const arrived = () => events.filter((event) => event.type === 'callArrived')
  const before = arrived().length
  const phone = await on.dialIn({ to: number, from: caller })
  await expect.poll(() => arrived().length, waiting).toBe(before + 1)
  const { call } = arrived().at(-1)!
  await line.perform({ type: 'answer', call })
  await line.perform({ type: 'music', call, messages: [sound('music')] })
  await expect.poll(() => phone.hears(), waiting).toBe('music')
  return { call, phone }
}

async function talks(on: AsteriskStage, service: Service) {
  const { call, phone } = await waits(on, service)
  const desk = await on.phone(anna)
  await service.line.perform({ type: 'ring', call, agent: anna, offer, show })
  await expect.poll(() => desk.state, waiting).toBe('ringing')
  await desk.answers()
  await expect.poll(() => service.events.some(({ type }) => type === 'agentAnswered'), waiting).toBe(true)
  await service.line.perform({ type: 'connect', call, agent: anna, offer })
  await expect.poll(() => phone.hears(), waiting).toBe('anna')
  return { call, phone, desk }
}

const missing = withoutPeers('asterisk')
describe.skipIf(missing !== undefined)(missing ?? 'a real server', { timeout: 60_000 }, () => {
  test('calls live on while the connection is lost, and are taken up again', async () => {
    stage = await asteriskStage()
    const service = await attach(stage, 1)
    const talking = await talks(stage, service)
    const alone = await waits(stage, service)
    stage.cutsConnections()
    await expect.poll(() => service.losses, waiting).toEqual(['gone'])
    expect(await service.line.perform({ type: 'stopPlaying', call: alone.call })).toMatchObject({ ok: false })
    await expect.poll(() => talking.phone.hears(), waiting).toBe('anna')
    await expect.poll(() => alone.phone.hears(), waiting).toBe('music')

    const next = await attach(stage, 2)
    expect(next.calls).toMatchObject([
      { call: talking.call, hears: { kind: 'agent', agent: anna } },
      { call: alone.call, hears: { kind: 'music' } },
    ])
    await next.line.perform({ type: 'hangUp', call: alone.call, why: 'timeout' })
    await expect.poll(() => alone.phone.state, waiting).toBe('ended')
    await talking.desk.hangsUp()
    await expect.poll(() => talking.phone.hears(), waiting).toBe('music')
    const hungUp = { type: 'agentHungUp', call: talking.call, agent: anna, offer }
    await expect.poll(() => next.events, waiting).toContainEqual(hungUp)
  })

  test('[T12] a leg that was made and never rung is ended, so that the service rings anew', async () => {
    stage = await asteriskStage()
    const service = await attach(stage, 1)
    const { call, phone } = await waits(stage, service)
    await stage.phone(anna)
    await expect.poll(() => service.events, waiting).toContainEqual(expect.objectContaining({ state: 'ready' }))
    stage.cutsConnections()
    await expect.poll(() => service.losses, waiting).toEqual(['gone'])

    const unrung = 'gruppnummer-unrung'
    const leg = { call, id: offer, role: 'agent', agent: anna, softphone: true, mode: 'listen' }
    await leavesLeg(stage.asterisk.ari, unrung, { [legVariable]: JSON.stringify(leg) })
    const next = await attach(stage, 2)
    expect(next.calls).toMatchObject([{ call, offers: [] }])
    await expect.poll(() => channelsIn(stage!.asterisk.ari), waiting).not.toContain(unrung)
    expect(phone.hears()).toBe('music')
  })

  test('a caller who has hung up meanwhile is gone, and nothing of the call is left', async () => {
    stage = await asteriskStage()
    const service = await attach(stage, 1)
    const { phone, desk } = await talks(stage, service)
    stage.cutsConnections()
    await expect.poll(() => service.losses, waiting).toEqual(['gone'])
    await phone.hangsUp()
    const next = await attach(stage, 2)
    expect(next.calls).toEqual([])
    await expect.poll(() => desk.state, waiting).toBe('idle')
  })

  test('[T10] a caller whose agent hangs up just when the service goes, goes to the fallback, and to the next service', async () => {
    stage = await asteriskStage()
    const service = await attach(stage, 1)
    const { phone, desk } = await talks(stage, service)
    stage.cutsConnections()
    await expect.poll(() => service.losses, waiting).toEqual(['gone'])
    await desk.hangsUp()
    await expect.poll(() => phone.hears(), waiting).toBe('fallback')
    expect(phone.state).toBe('answered')

    const next = await attach(stage, 2)
    expect(next.calls).toEqual([])
    await expect
      .poll(() => next.events, waiting)
      .toContainEqual(expect.objectContaining({ type: 'callArrived', to: number }))
  })

  test('[T10] so does one who was rung back', async () => {
    stage = await asteriskStage()
    const service = await attach(stage, 1)
    const desk = await stage.phone(anna)
    const call = 'called-back' as CallId
    await service.line.perform({ type: 'ring', call, agent: anna, offer, show, callback: true })
    await expect.poll(() => desk.state, waiting).toBe('ringing')
    await desk.answers()
    await expect.poll(() => service.events.some(({ type }) => type === 'agentAnswered'), waiting).toBe(true)
    const phone = await stage.outside(caller, 'caller')
    await service.line.perform({ type: 'callOut', call, to: caller, show: { ...show, number } })
    await expect.poll(() => phone.state, waiting).toBe('ringing')
    await phone.answers()
    await expect.poll(() => service.events.some(({ type }) => type === 'callbackAnswered'), waiting).toBe(true)
    await service.line.perform({ type: 'connect', call, agent: anna, offer })
    await expect.poll(() => phone.hears(), waiting).toBe('anna')

    stage.cutsConnections()
    await expect.poll(() => service.losses, waiting).toEqual(['gone'])
    await desk.hangsUp()
    await expect.poll(() => phone.hears(), waiting).toBe('fallback')
    const next = await attach(stage, 2)
    expect(next.calls).toEqual([])
    await expect
      .poll(() => next.events, waiting)
      .toContainEqual(expect.objectContaining({ type: 'callArrived', to: number, from: caller }))
    const again = next.events.flatMap((event) => (event.type === 'callArrived' ? [event.call] : []))
    await next.line.perform({ type: 'music', call: again[0]!, messages: [sound('music')] })
    await expect.poll(() => phone.hears(), waiting).toBe('music')
    expect((await attach(stage, 3)).calls).toMatchObject([{ call: again[0], hears: { kind: 'music' } }])
    expect(phone.state).toBe('answered')
  })

  test('[T10] who goes on talking when a colleague of the call has hung up is left in peace', async () => {
    stage = await asteriskStage()
    const service = await attach(stage, 1)
    const { call, phone, desk } = await talks(stage, service)
    const bens = await stage.phone(ben)
    await service.line.perform({ type: 'consult', call, agent: anna, to: { agent: ben }, offer: 'offer-2' as OfferId })
    await expect.poll(() => bens.state, waiting).toBe('ringing')
    await bens.answers()
    await expect.poll(() => desk.hears(), waiting).toBe('ben')
    await bens.hangsUp()
    await expect.poll(() => phone.hears(), waiting).toBe('anna')
    // Longer than anybody who is alone is left.
    const until = Date.now() + 7000
    await expect.poll(() => Date.now() > until || phone.hears() === 'fallback', { timeout: 10_000 }).toBe(true)
    expect(phone.hears()).toBe('anna')
  })

  test('tells that Asterisk has ended, and takes new calls when it is back', async () => {
    stage = await asteriskStage()
    const service = await attach(stage, 1)
    await waits(stage, service)
    await stage.asterisk.kill()
    await expect.poll(() => service.losses, waiting).toEqual(['gone'])
    const away = await (await stage.reach()).attach({ epoch: 2, heard: () => undefined, lost: () => undefined })
    expect(away).toEqual({ ok: false, problem: { kind: 'gone' } })
    await stage.asterisk.start()
    const next = await attach(stage, 3)
    expect(next.calls).toEqual([])
    await waits(stage, next)
  })

  test('[T10] [R115] of three the agent goes while the service stays away: the other two are left in peace until one of them goes', async () => {
    stage = await asteriskStage()
    const service = await attach(stage, 1)
    const { call, phone, desk } = await talks(stage, service)
    const third = '+46855512345' as E164
    const outside = await stage.outside(third)
    await service.line.perform({ type: 'consult', call, agent: anna, to: { number: third }, show })
    await expect.poll(() => outside.state, waiting).toBe('ringing')
    await outside.answers()
    await expect.poll(() => outside.hears(), waiting).toBe('anna')
    await service.line.perform({ type: 'threeWay', call })
    await expect.poll(() => phone.hearsAll(), waiting).toEqual(['anna', 'outside'])

    stage.cutsConnections()
    await expect.poll(() => service.losses, waiting).toEqual(['gone'])
    await desk.hangsUp()
    await expect.poll(() => phone.hearsAll(), waiting).toEqual(['outside'])
    // Longer than anybody who is alone is left there.
    await phone.listens(7)
    expect(phone.hearsAll()).toEqual(['outside'])
    expect(outside.hearsAll()).toEqual(['caller'])
    await outside.hangsUp()
    await expect.poll(() => phone.hears(), waiting).toBe('fallback')
    expect((await attach(stage, 2)).calls).toEqual([])
    expect(phone.state).toBe('answered')
  })
})
