import { expect, test } from 'vitest'
import type { E164 } from '../../../src/core/configuration/types.ts'
import type { CallId } from '../../../src/core/routing/messages.ts'
import { openScriptedSwitch } from '../../../src/switch/scripted/open-scripted-switch.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'
import { anna, ben, caller, startScene, supportNumber, type Scene } from '../console/service-scene.ts'

const desk = async (scene: Scene, agent: typeof anna) => scene.opensConsole(await scene.signsIn({ name: agent, agent }))

async function office() {
  const clock = fakeClock()
  const engine = openScriptedSwitch({ clock })
  const scene = await startScene({
    clock,
    engine,
    switch: (real) => ({
      ...real,
      softphoneSocket: undefined,
      prepare: (setup) => real.prepare({ ...setup, trunks: [{ name: 'line', address: '127.0.0.1', outbound: true }] }),
    }),
  })
  engine.registers(anna)
  engine.registers(ben)
  return { scene, engine, clock }
}

test('[W14] an agent’s call is placed, and is in their history when it is over; meanwhile the queue does not ring them', async () => {
  const { scene, engine, clock } = await office()
  const annas = await desk(scene, anna)
  await annas.ask({ type: 'logIn', agent: anna })
  const call = engine.agentDials(anna, caller, supportNumber)
  await expect.poll(() => engine.outside(caller)).toMatchObject({ state: 'ringing', shown: supportNumber })
  expect((await annas.sees((live) => live.agents.anna?.device === 'busy')).agents.anna?.state).toBe('available')
  engine.outsideAnswers(caller)
  engine.dialIn({ to: supportNumber })
  expect(engine.phone(anna).rings).toBe(0)
  clock.pass(42_000)
  engine.dialledHangsUp(call)
  expect(engine.phone(anna).rings).toBe(1)
  const { history } = await annas.sees((live) => Object.keys(live.history).length > 0)
  expect(Object.values(history)).toMatchObject([{ way: 'made', number: caller, as: supportNumber, seconds: 42 }])
})

test('[W14] one that may not be made is refused, and the history says so', async () => {
  const { scene, engine } = await office()
  const annas = await desk(scene, anna)
  const call = engine.agentDials(anna, '+46900123456')
  expect(engine.dialled(call)).toEqual({ state: 'refused', status: 403 })
  const { history } = await annas.sees((live) => Object.keys(live.history).length > 0)
  expect(Object.values(history)).toMatchObject([{ way: 'made', dialled: '+46900123456', why: 'refused' }])
})

test('[W16] a colleague’s call is in the history of both, missed where it was not answered', async () => {
  const { scene, engine } = await office()
  const bens = await desk(scene, ben)
  engine.agentDials(anna, ben)
  await expect.poll(() => engine.phone(ben).state).toBe('ringing')
  engine.agentDeclines(ben, 'rejected')
  engine.agentDials(anna, ben)
  await expect.poll(() => engine.phone(ben).state).toBe('ringing')
  engine.agentAnswers(ben)
  engine.agentHangsUp(ben)
  const { history } = await bens.sees((live) => Object.keys(live.history).length > 1)
  expect(Object.values(history)).toMatchObject([
    { way: 'missed', colleague: anna },
    { way: 'taken', colleague: anna, seconds: 0 },
  ])
})

test('a desk hangs up its own call through the service too, and no other one’s', async () => {
  const { scene, engine } = await office()
  const [annas, bens] = [await desk(scene, anna), await desk(scene, ben)]
  const call = engine.agentDials(anna, 'echo')
  await expect.poll(() => engine.dialled(call).state).toBe('answered')
  await bens.ask({ type: 'hangUp', agent: ben, call })
  expect(engine.dialled(call).state).toBe('answered')
  await annas.ask({ type: 'hangUp', agent: anna, call })
  expect(engine.dialled(call).state).toBe('ended')
})

test('[W17] who is rung back and answers is called back, for those whose group number it is', async () => {
  const { scene, engine } = await office()
  const annas = await desk(scene, anna)
  const missed = engine.dialIn({ to: supportNumber, from: caller, call: 'first' as CallId })
  engine.callerHangsUp(missed)
  const item = `support ${caller}`
  await annas.sees((live) => live.missed[item] !== undefined)
  const vain = engine.agentDials(anna, caller, supportNumber)
  await expect.poll(() => engine.outside(caller).state).toBe('ringing')
  engine.outsideDeclines(caller, 'noAnswer')
  expect(engine.dialled(vain)).toMatchObject({ state: 'refused' })
  engine.agentDials(anna, caller, supportNumber)
  await expect.poll(() => engine.outside(caller).state).toBe('ringing')
  expect(annas.live.missed[item]?.state).toBe('open')
  engine.outsideAnswers(caller)
  await annas.sees((live) => live.missed[item]?.state === 'calledBack')
})

test('a call made goes on over a restart of the service, and the history is found again', async () => {
  const { scene, engine, clock } = await office()
  const call = engine.agentDials(anna, '+46701740606')
  await expect.poll(() => engine.outside('+46701740606' as E164).state).toBe('ringing')
  engine.outsideAnswers('+46701740606' as E164)
  const early = engine.agentDials(anna, 'echo')
  engine.dialledHangsUp(early)
  await scene.stops()
  const next = await startScene({ directory: scene.directory, clock, engine })
  const annas = await next.opensConsole(await next.signsIn({ name: 'anna again', agent: anna }))
  expect(engine.dialled(call).state).toBe('answered')
  clock.pass(5000)
  engine.dialledHangsUp(call)
  const { history } = await annas.sees((live) => Object.keys(live.history).length > 0)
  expect(Object.values(history)).toMatchObject([{ way: 'made', number: '+46701740606', seconds: 5 }])
})
