import { expect, test } from 'vitest'
import { isAdministrationAsk } from '../../../src/contract/administration.ts'
import type { Ask, Role } from '../../../src/contract/console.ts'
import { isCallAsk } from '../../../src/contract/call-records.ts'
import { isWorkAsk } from '../../../src/contract/work.ts'
import type { CallId } from '../../../src/core/routing/messages.ts'
import { rights } from '../../../src/service/console/rights.ts'
import { anna, ben, cia, dan, sales, startScene, support, type Scene } from './service-scene.ts'

const call = 'gone' as CallId
const aboutAgents: Readonly<Record<string, (agent: typeof anna) => Ask>> = {
  logIn: (agent) => ({ type: 'logIn', agent }),
  logOut: (agent) => ({ type: 'logOut', agent }),
  pause: (agent) => ({ type: 'pause', agent }),
  resume: (agent) => ({ type: 'resume', agent }),
  endWrapUp: (agent) => ({ type: 'endWrapUp', agent }),
  extendWrapUp: (agent) => ({ type: 'extendWrapUp', agent, seconds: 10 }),
  hangUp: (agent) => ({ type: 'hangUp', agent, call }),
}
const others: Readonly<Record<string, Ask>> = {
  readConfiguration: { type: 'readConfiguration' },
  allowCallerPage: { type: 'allowCallerPage', allow: true },
}

/** All are Anna, who answers support; the supervisor supervises support. Ben is there too, Cia is not. */
const may: Readonly<Record<Role, { readonly anna: boolean; readonly ben: boolean; readonly cia: boolean }>> = {
  admin: { anna: true, ben: true, cia: true },
  supervisor: { anna: true, ben: true, cia: false },
  agent: { anna: true, ben: false, cia: false },
  reviewer: { anna: false, ben: false, cia: false },
}
const mayOther: Readonly<Record<string, readonly Role[]>> = {
  readConfiguration: ['admin', 'supervisor', 'reviewer'],
  allowCallerPage: ['admin'],
}
const roles = Object.keys(may) as Role[]

const signedInAs = async (scene: Scene, role: Role) =>
  scene.opensConsole(await scene.signsIn({ name: role, roles: [role], agent: anna, supervises: [support] }))

test('the table of rights has a line for every ask, and a test of every cell', () => {
  // Those of administration: `test/service/administration/rights.test.ts`; those of `workAsks`: `test/service/work/`; of `callAsks`:
  // `test/service/call-records/`.
  const asElsewhere = [isAdministrationAsk, isWorkAsk, isCallAsk]
  const asks = Object.keys(rights).filter((type) => !asElsewhere.some((is) => is({ type })))
  expect(asks.toSorted()).toEqual([...Object.keys(aboutAgents), ...Object.keys(others)].toSorted())
})

test.each(roles)('%s may ask exactly what the table says', async (role) => {
  const scene = await startScene()
  const console_ = await signedInAs(scene, role)
  for (const [type, asks] of Object.entries(aboutAgents))
    for (const [name, agent] of Object.entries({ anna, ben, cia })) {
      const reply = await console_.ask(asks(agent))
      const expected = may[role][name as 'anna'] ? { ok: true } : { ok: false, problem: { kind: 'forbidden' } }
      expect(reply, `${role} ${type} ${name}`).toMatchObject(expected)
    }
  for (const [type, ask] of Object.entries(others)) {
    const reply = await console_.ask(ask)
    const expected = mayOther[type]?.includes(role) ? { ok: true } : { ok: false, problem: { kind: 'forbidden' } }
    expect(reply, `${role} ${type}`).toMatchObject(expected)
  }
})

test('a supervisor logs an agent out everywhere in the supervised group numbers, and only there', async () => {
  const scene = await startScene()
  const admin = await scene.opensConsole(await scene.signsIn({ name: 'root', roles: ['admin'] }))
  await admin.ask({ type: 'logIn', agent: dan })
  await admin.sees((live) => live.agents[dan]?.loggedIn.length === 2)
  const boss = await scene.opensConsole(
    await scene.signsIn({ name: 'boss', roles: ['supervisor'], supervises: [support] }),
  )

  expect(await boss.ask({ type: 'logOut', agent: dan })).toEqual({ ok: true })
  const { agents } = await admin.sees((live) => live.agents[dan]?.loggedIn.length === 1)
  expect(agents[dan]?.loggedIn).toEqual([sales])
  expect(await boss.ask({ type: 'logOut', agent: dan, group: sales })).toMatchObject({ problem: { kind: 'forbidden' } })

  const audit = await scene.accounts.readAudit({})
  expect(audit).toContainEqual(
    expect.objectContaining({ by: 'boss', what: 'logOut dan', said: { kind: 'logOut', values: { agent: dan } } }),
  )
  expect(audit).toContainEqual(expect.objectContaining({ by: 'root', what: 'logIn dan' }))
})

test('an agent who is also a supervisor logs in everywhere, also outside the supervised group numbers', async () => {
  const scene = await startScene()
  const both = await scene.opensConsole(
    await scene.signsIn({ name: 'dan', roles: ['supervisor', 'agent'], agent: dan, supervises: [support] }),
  )
  await both.ask({ type: 'logIn', agent: dan })
  const { agents } = await both.sees((live) => live.agents[dan]?.loggedIn.length === 2)
  expect(agents[dan]?.loggedIn).toEqual([support, sales])
})

test('a supervisor reads the configuration of the supervised group numbers alone', async () => {
  const scene = await startScene()
  const boss = await scene.opensConsole(
    await scene.signsIn({ name: 'boss', roles: ['supervisor'], supervises: [support] }),
  )
  const reply = await boss.ask({ type: 'readConfiguration' })
  expect(reply).toMatchObject({
    ok: true,
    value: { revision: 1, configuration: { groupNumbers: [{ id: 'support' }] } },
  })
  const { configuration } = (reply as unknown as { value: { configuration: { agents: { id: string }[] } } }).value
  // Cia is of the same agreement, so she may be added.
  expect(configuration.agents.map(({ id }) => id)).toEqual(['anna', 'ben', 'dan', 'cia'])
})
