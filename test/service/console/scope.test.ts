import { expect, test } from 'vitest'
import { anna, ben, caller, cia, dan, sales, salesNumber, startScene, support, supportNumber } from './service-scene.ts'

/** One call waits in each group number; Dan is logged in to both and paused. */
async function twoWaiting() {
  const scene = await startScene()
  const admin = await scene.opensConsole(await scene.signsIn({ name: 'root', roles: ['admin'] }))
  await admin.ask({ type: 'logIn', agent: dan })
  await admin.ask({ type: 'pause', agent: dan, reason: 'lunch' })
  const first = scene.engine.dialIn({ to: supportNumber, from: caller })
  const second = scene.engine.dialIn({ to: salesNumber, from: caller })
  await admin.sees((live) => Object.keys(live.calls).length === 2)
  return { scene, admin, first, second }
}

test('an admin sees all', async () => {
  const { admin, first, second } = await twoWaiting()
  expect(Object.keys(admin.live.groups)).toEqual([support, sales])
  expect(Object.keys(admin.live.agents)).toEqual(['anna', 'ben', 'dan', 'cia'])
  expect(Object.keys(admin.live.calls)).toEqual([first, second])
})

test('an agent sees colleagues and callers of the own group numbers, and of a colleague nothing from elsewhere', async () => {
  const { scene, admin, first, second } = await twoWaiting()
  const { live } = await scene.opensConsole(await scene.signsIn({ name: 'anna', agent: anna }))
  // The other is where a caller can be transferred to.
  expect(Object.values(live.groups)).toMatchObject([
    { group: support, members: [anna, ben, dan] },
    { group: sales, members: [] },
  ])
  expect(Object.keys(live.agents)).toEqual(['anna', 'ben', 'dan'])
  expect(Object.keys(live.calls)).toEqual([first])
  expect(live.agents[dan]).toMatchObject({ state: 'paused', loggedIn: [support] })
  expect(admin.live.agents[dan]).toMatchObject({ loggedIn: [support, sales] })
  expect(JSON.stringify(live)).not.toContain(second)
})

test('[A40] [R109] an agent logs in as before, and colleagues elsewhere are not told where that was', async () => {
  const { scene, admin } = await twoWaiting()
  const dans = await scene.opensConsole(await scene.signsIn({ name: 'dan', agent: dan }))
  await dans.ask({ type: 'logOut', agent: dan, group: support })
  await dans.ask({ type: 'logOut', agent: dan })
  expect((await dans.sees((live) => live.agents[dan]?.before !== undefined)).agents[dan]?.before).toEqual([sales])
  const annas = await scene.opensConsole(await scene.signsIn({ name: 'anna', agent: anna }))
  expect(annas.live.agents[dan]).toMatchObject({ loggedIn: [], before: [] })
  expect(admin.live.agents[dan]).toMatchObject({ before: [sales] })

  expect(await dans.ask({ type: 'logIn', agent: dan, as: 'before' })).toEqual({ ok: true })
  const { agents } = await dans.sees((live) => live.agents[dan]?.loggedIn.length === 1)
  expect(agents[dan]?.loggedIn).toEqual([sales])
  expect(agents[dan]).not.toHaveProperty('before')
})

test('a supervisor sees the supervised group numbers', async () => {
  const { scene, second } = await twoWaiting()
  const cookie = await scene.signsIn({ name: 'boss', roles: ['supervisor'], supervises: [sales] })
  const { live } = await scene.opensConsole(cookie)
  expect(Object.keys(live.groups)).toEqual([sales])
  expect(Object.keys(live.agents)).toEqual(['dan', 'cia'])
  expect(Object.keys(live.calls)).toEqual([second])
})

test('a reviewer sees which group numbers are open, and neither callers nor agents', async () => {
  const { scene } = await twoWaiting()
  const desk = await scene.opensConsole(await scene.signsIn({ name: 'reviewer', roles: ['reviewer'] }))
  expect(Object.keys(desk.live.groups)).toEqual([support, sales])
  expect(desk.live.agents).toEqual({})
  expect(desk.live.calls).toEqual({})
  const before = desk.messages.length
  scene.engine.dialIn({ to: supportNumber, from: caller })
  scene.clock.pass(50)
  await desk.ask({ type: 'readConfiguration' })
  expect(desk.messages.slice(before).map(({ type }) => type)).toEqual(['reply'])
})

test('a caller who has gone is taken away from the desks that saw the call, and from no other', async () => {
  const { scene, first } = await twoWaiting()
  const annas = await scene.opensConsole(await scene.signsIn({ name: 'anna', agent: anna }))
  const cias = await scene.opensConsole(await scene.signsIn({ name: 'cia', agent: cia }))
  const before = cias.messages.length
  scene.engine.callerHangsUp(first)
  const live = await annas.sees(({ calls }) => calls[first] === undefined)
  expect(live.calls).toEqual({})
  await cias.ask({ type: 'resume', agent: cia })
  expect(cias.messages.slice(before).map(({ type }) => type)).toEqual(['reply'])
})
