import { expect, test } from 'vitest'
import { openScriptedSwitch } from '../../../src/switch/scripted/open-scripted-switch.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'
import { anna, ben, caller, startScene, supportNumber, type Scene } from '../console/service-scene.ts'

const desk = async (scene: Scene, agent: typeof anna) => scene.opensConsole(await scene.signsIn({ name: agent, agent }))

/** Anna talks to a caller and has asked Ben, who is there. */
async function consulted() {
  const clock = fakeClock()
  const engine = openScriptedSwitch({ clock })
  const scene = await startScene({ clock, engine })
  const annas = await desk(scene, anna)
  const bens = await desk(scene, ben)
  await annas.ask({ type: 'logIn', agent: anna })
  engine.registers(anna)
  engine.registers(ben)
  const call = engine.dialIn({ to: supportNumber, from: caller })
  engine.agentAnswers(anna)
  await annas.ask({ type: 'transfer', call, to: { agent: ben }, how: 'consult' })
  expect(await annas.ask({ type: 'threeWay', call })).toMatchObject({ problem: { kind: 'unavailable' } })
  engine.agentAnswers(ben)
  await annas.sees((live) => live.calls[call]?.consulting?.answered === true)
  return { clock, engine, scene, annas, bens, call }
}

test('[W40] the agent who has the caller puts all three together, nobody else does', async () => {
  const { engine, annas, bens, call } = await consulted()
  expect(await bens.ask({ type: 'threeWay', call })).toMatchObject({ problem: { kind: 'unknown' } })
  expect(await annas.ask({ type: 'threeWay', call })).toEqual({ ok: true })
  const { calls } = await bens.sees((live) => live.calls[call]?.consulting?.threeWay === 'all')
  expect(calls[call]).toMatchObject({ agent: anna, consulting: { agent: ben, threeWay: 'all' } })
  expect(engine.caller(call)).toMatchObject({ parties: [anna, ben] })
})

test('[W40] whoever was put in leaves by the service too', async () => {
  const { engine, annas, bens, call } = await consulted()
  await annas.ask({ type: 'threeWay', call })
  await bens.ask({ type: 'hangUp', agent: ben, call })
  await annas.sees((live) => live.calls[call] !== undefined && live.calls[call].consulting === undefined)
  expect(engine.phone(ben).state).toBe('idle')
  expect(engine.caller(call)).toMatchObject({ parties: [anna] })
})

test('[W41] each one’s history names who else was in the call', async () => {
  const { clock, engine, annas, bens, call } = await consulted()
  clock.pass(5000)
  await annas.ask({ type: 'threeWay', call })
  clock.pass(10_000)
  engine.agentHangsUp(anna)
  clock.pass(20_000)
  engine.callerHangsUp(call)
  const annasPast = await annas.sees((live) => Object.keys(live.history).length > 0)
  expect(Object.values(annasPast.history)).toMatchObject([
    { way: 'taken', number: caller, with: [{ agent: ben }], seconds: 15 },
  ])
  const bensPast = await bens.sees((live) => Object.keys(live.history).length > 0)
  expect(Object.values(bensPast.history)).toMatchObject([
    { way: 'taken', number: caller, with: [{ agent: anna }], seconds: 20 },
  ])
})

test.each([
  ['leaves before the others', (at: Awaited<ReturnType<typeof consulted>>) => at.engine.agentHangsUp(ben)],
  ['stays when the caller has gone', ({ engine, call }) => engine.callerHangsUp(call)],
])('[W41] a colleague who was put in and %s has it in the history', async (_, goes) => {
  const at = await consulted()
  await at.annas.ask({ type: 'threeWay', call: at.call })
  at.clock.pass(7000)
  goes(at)
  const { history } = await at.bens.sees((live) => Object.keys(live.history).length > 0)
  expect(Object.values(history)).toMatchObject([{ way: 'taken', number: caller, with: [{ agent: anna }], seconds: 7 }])
  at.engine.agentHangsUp(anna)
  at.engine.callerHangsUp(at.call)
  const annasPast = await at.annas.sees((live) => Object.keys(live.history).length > 0)
  expect(Object.values(annasPast.history)).toMatchObject([{ way: 'taken', number: caller, with: [{ agent: ben }] }])
})

test('[W42] a service that starts anew finds all three, and shows them', async () => {
  const { clock, engine, scene, annas, call } = await consulted()
  await annas.ask({ type: 'threeWay', call })
  await scene.stops()
  expect(engine.caller(call)).toMatchObject({ parties: [anna, ben] })
  const next = await startScene({ directory: scene.directory, clock, engine })
  const again = await next.opensConsole(await next.signsIn({ name: 'anna again', agent: anna }))
  const { calls } = await again.sees((live) => live.calls[call] !== undefined)
  expect(calls[call]).toMatchObject({ agent: anna, consulting: { agent: ben, answered: true, threeWay: 'all' } })
  expect(engine.caller(call)).toMatchObject({ parties: [anna, ben] })
})
