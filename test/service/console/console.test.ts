import { expect, test } from 'vitest'
import { company } from '../../support/routing/company.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'
import {
  anna,
  ben,
  caller,
  openConsole,
  sales,
  startScene,
  support,
  supportNumber,
  twoGroups,
} from './service-scene.ts'

const ringAll = company([
  { id: 'support', number: supportNumber, members: ['anna', 'ben', 'dan'], settings: { strategy: 'ringAll' } },
])

test('an agent signs in by a link, sees the group number and logs in', async () => {
  const scene = await startScene()
  const cookie = await scene.signsIn({ name: 'anna', agent: anna })
  const desk = await scene.opensConsole(cookie)

  const welcome = await desk.hears('welcome')
  expect(welcome.signedIn).toMatchObject({ name: 'anna', roles: ['agent'], agent: anna })
  expect(welcome.softphone).toMatchObject({ user: 'anna' })
  expect(desk.live.groups[support]).toMatchObject({ open: true, ringMillis: 20_000, members: ['anna', 'ben', 'dan'] })
  const { service } = await desk.sees((live) => live.service.service.switch === 'attached')
  expect(service.service).toEqual({ switch: 'attached', engine: 'scripted', revision: 1 })

  expect(await desk.ask({ type: 'logIn', agent: anna })).toEqual({ ok: true })
  const { agents } = await desk.sees((live) => live.agents[anna]?.loggedIn.length === 1)
  expect(agents[anna]).toMatchObject({ firstName: 'anna', answersAt: 'softphone', loggedIn: [support] })
})

test('a call rings, is answered, and a colleague sees that it was answered elsewhere', async () => {
  const scene = await startScene({ configuration: ringAll })
  const annas = await scene.opensConsole(await scene.signsIn({ name: 'anna', agent: anna }))
  const bens = await scene.opensConsole(await scene.signsIn({ name: 'ben', agent: ben }))
  await annas.ask({ type: 'logIn', agent: anna })
  await bens.ask({ type: 'logIn', agent: ben })
  scene.engine.registers(anna)
  scene.engine.registers(ben)

  const call = scene.engine.dialIn({ to: supportNumber, from: caller })
  const ringing = await annas.sees((live) => live.calls[call]?.phase === 'ringing')
  expect(ringing.calls[call]).toMatchObject({ group: support, from: caller, position: 1 })
  expect(scene.engine.phone(ben)).toMatchObject({ state: 'ringing', call })

  scene.engine.agentAnswers(anna)
  const talking = await bens.sees((live) => live.calls[call]?.phase === 'talking')
  expect(talking.calls[call]).toMatchObject({ agent: anna })
  expect(Object.values(talking.passed)).toMatchObject([{ why: 'answeredElsewhere', answeredBy: anna, from: caller }])
  expect(Object.values((await annas.sees((live) => live.calls[call]?.phase === 'talking')).passed)).toEqual([])
})

test('the same ask twice is done once and answered alike', async () => {
  const scene = await startScene()
  const desk = await scene.opensConsole(await scene.signsIn({ name: 'anna', agent: anna }))
  await desk.ask({ type: 'logIn', agent: anna })
  scene.engine.registers(anna)
  const call = scene.engine.dialIn({ to: supportNumber, from: caller })
  scene.engine.agentAnswers(anna)
  scene.engine.callerHangsUp(call)
  const before = (await desk.sees((live) => live.agents[anna]?.state === 'wrapUp')).agents[anna]?.wrapUpUntil

  expect(await desk.ask({ type: 'extendWrapUp', agent: anna, seconds: 30 }, 'once')).toEqual({ ok: true })
  const again = await scene.opensConsole(await scene.signsIn({ name: 'anna', agent: anna }))
  expect(await again.ask({ type: 'extendWrapUp', agent: anna, seconds: 30 }, 'once')).toEqual({ ok: true })
  const { agents } = await again.sees((live) => live.agents[anna]?.wrapUpUntil !== before)
  expect(agents[anna]?.wrapUpUntil).toBe(Number(before) + 30_000)
})

test('a log-in is answered as unavailable when the disk refuses it, and holds all the same', async () => {
  const scene = await startScene({
    journal: (journal) => ({
      ...journal,
      committed: () => Promise.resolve({ ok: false, problem: 'the disk is full' }),
    }),
  })
  const desk = await scene.opensConsole(await scene.signsIn({ name: 'anna', agent: anna }))
  const reply = await desk.ask({ type: 'logIn', agent: anna })
  expect(reply).toMatchObject({ ok: false, problem: { kind: 'unavailable' } })
  await desk.sees((live) => live.agents[anna]?.loggedIn.length === 1)
})

test('an unknown agent, a group number of others and a message that is none are told as such', async () => {
  const scene = await startScene()
  const admin = await scene.opensConsole(await scene.signsIn({ name: 'root', roles: ['admin'] }))
  expect(await admin.ask({ type: 'logIn', agent: 'nobody' as typeof anna })).toMatchObject({
    problem: { kind: 'unknown' },
  })
  expect(await admin.ask({ type: 'logIn', agent: anna, group: sales })).toMatchObject({ problem: { kind: 'invalid' } })
  admin.socket.send('{"type":"ask","id":"x","ask":{"type":"logIn","agent":"anna","also":1}}')
  expect(await admin.closed).toBe(1008)
})

test('who asks too much is told so, and may ask again later', async () => {
  const scene = await startScene()
  const desk = await scene.opensConsole(await scene.signsIn({ name: 'anna', agent: anna }))
  const replies = await Promise.all(Array.from({ length: 61 }, () => desk.ask({ type: 'resume', agent: anna })))
  expect(replies.filter(({ ok }) => ok)).toHaveLength(60)
  expect(replies.at(-1)).toMatchObject({ problem: { kind: 'tooMany' } })
  scene.clock.pass(1000)
  expect(await desk.ask({ type: 'resume', agent: anna })).toEqual({ ok: true })
})

test('a console of another version, or without a session, is sent away', async () => {
  const { service, clock, signsIn } = await startScene()
  const cookie = await signsIn({ name: 'anna', agent: anna })
  const old = await openConsole(service, clock, { cookie, hello: { type: 'hello', protocol: 99 } })
  expect(await old.hears('goodbye')).toEqual({ type: 'goodbye', why: 'protocol' })
  const stranger = await openConsole(service, clock, { cookie: 'gruppnummer-1=nonsense' })
  expect(await stranger.hears('goodbye')).toEqual({ type: 'goodbye', why: 'notSignedIn' })
})

test('a page of the desktop program signs in by token, and its cookie counts for nothing', async () => {
  const { service, clock, signsIn } = await startScene()
  const cookie = await signsIn({ name: 'anna', agent: anna })
  const token = cookie.split('=')[1] ?? ''
  const origin = 'app://gruppnummer'
  const byToken = await openConsole(service, clock, { origin, hello: { type: 'hello', protocol: 1, token } })
  expect((await byToken.hears('welcome')).signedIn.name).toBe('anna')
  const byCookie = await openConsole(service, clock, { origin, cookie })
  expect((await byCookie.hears('goodbye')).why).toBe('notSignedIn')
})

test('signing out in one window ends the session in all, and taken rights are gone at once', async () => {
  const scene = await startScene()
  const cookie = await scene.signsIn({ name: 'anna', agent: anna })
  const desk = await scene.opensConsole(cookie)
  await fetch(`${scene.service.origin}/api/session`, {
    method: 'DELETE',
    headers: { cookie, origin: scene.service.origin },
  })
  expect((await desk.hears('goodbye')).why).toBe('signedOut')

  await scene.signsIn({ name: 'root', roles: ['admin'] })
  const boss = await scene.opensConsole(await scene.signsIn({ name: 'boss', roles: ['admin'] }))
  expect(Object.keys(boss.live.groups)).toEqual([support, sales])
  await scene.accounts.put({ name: 'boss', roles: ['supervisor'], supervises: [sales] }, 'test')
  const live = await boss.sees(({ groups }) => Object.keys(groups).length === 1)
  expect(Object.keys(live.agents)).toEqual(['dan', 'cia'])
  expect(boss.messages.filter(({ type }) => type === 'welcome')).toHaveLength(2)
})

test('a change of the configuration reaches the desks and the switch', async () => {
  const scene = await startScene()
  const desk = await scene.opensConsole(await scene.signsIn({ name: 'anna', agent: anna }))
  const closed = { ...twoGroups.groupNumbers[0]!, name: 'Hjälpen', override: { effect: 'closed' as const } }
  const changed = { ...twoGroups, groupNumbers: [closed, twoGroups.groupNumbers[1]!] }
  const saved = await scene.store.change({ onto: 1, author: 'test', summary: 'closed', configuration: changed })
  expect(saved.ok).toBe(true)
  const { groups, service } = await desk.sees((live) => live.groups[support]?.open === false)
  expect(groups[support]).toMatchObject({ name: 'Hjälpen', reason: { kind: 'override' } })
  expect(service.service.revision).toBe(2)
})

test('a group number opens and closes on the desks by itself', async () => {
  const office = Object.fromEntries(
    ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [{ from: '08:00', to: '16:00' }]]),
  )
  const schedules = [{ id: 'office', name: 'Kontorstid', week: office }]
  const configuration = company([{ id: 'support', number: supportNumber, members: ['anna'] }])
  const scene = await startScene({
    clock: fakeClock('2026-11-23T14:59:50Z'),
    configuration: {
      ...configuration,
      groupNumbers: [{ ...configuration.groupNumbers[0]!, schedules, activeSchedule: 'office' }] as never,
    },
  })
  const desk = await scene.opensConsole(await scene.signsIn({ name: 'anna', agent: anna }))
  expect(desk.live.groups[support]).toMatchObject({ open: true, next: { at: Date.parse('2026-11-23T15:00:00Z') } })
  scene.clock.pass(10_000)
  const { groups } = await desk.sees((live) => live.groups[support]?.open === false)
  expect(groups[support]?.next).toEqual({ at: Date.parse('2026-11-24T07:00:00Z'), open: true })
})
