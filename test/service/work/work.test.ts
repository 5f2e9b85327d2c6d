import { mkdirSync, writeFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Ask } from '../../../src/contract/console.ts'
import type { E164 } from '../../../src/core/configuration/types.ts'
import type { CallId, Command } from '../../../src/core/routing/messages.ts'
import type { Switch } from '../../../src/contract/switch.ts'
import { presetDestinations } from '../../../src/core/destinations/allowed-destination.ts'
import { done } from '../../../src/core/result.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts'
import { company } from '../../support/routing/company.ts'
import {
  anna,
  ben,
  caller,
  cia,
  dan,
  sales,
  salesNumber,
  startScene,
  support,
  supportNumber,
  twoGroups,
  type Scene,
} from '../console/service-scene.ts'

const item = `support ${caller}`
const desk = async (scene: Scene, agent: typeof anna) => scene.opensConsole(await scene.signsIn({ name: agent, agent }))

function missedIn(scene: Scene, name = 'first') {
  const call = scene.engine.dialIn({ to: supportNumber, from: caller, call: name as CallId })
  scene.clock.pass(5000)
  scene.engine.callerHangsUp(call)
}

test('[W8] a missed caller is seen at the desks of the group number, and owned, noted and marked there', async () => {
  const scene = await startScene()
  const annas = await desk(scene, anna)
  const bens = await desk(scene, ben)
  const cias = await desk(scene, cia)
  missedIn(scene)
  expect((await bens.sees((live) => live.missed[item] !== undefined)).missed[item]).toMatchObject({
    number: caller,
    tries: 1,
    why: 'abandoned',
    state: 'open',
  })
  expect(await annas.ask({ type: 'missed', item, own: true, note: ' söker Karin ' })).toEqual({ ok: true })
  const owned = await bens.sees((live) => live.missed[item]?.owner !== undefined)
  expect(owned.missed[item]).toMatchObject({ owner: { name: 'anna Exempel' }, note: 'söker Karin' })
  expect(await bens.ask({ type: 'missed', item, own: false, note: '', mark: 'calledBack' })).toEqual({ ok: true })
  const back = (await annas.sees((live) => live.missed[item]?.state === 'calledBack')).missed[item]
  expect(back).not.toHaveProperty('owner')
  expect(back).not.toHaveProperty('note')
  expect(cias.live.missed).toEqual({})
  expect(await cias.ask({ type: 'missed', item, mark: 'done' })).toMatchObject({ problem: { kind: 'unknown' } })
})

test('[W7] it closes by itself when the caller gets through', async () => {
  const scene = await startScene()
  const annas = await desk(scene, anna)
  missedIn(scene)
  await annas.ask({ type: 'logIn', agent: anna })
  scene.engine.registers(anna)
  scene.engine.dialIn({ to: supportNumber, from: caller })
  scene.engine.agentAnswers(anna)
  const { missed } = await annas.sees((live) => live.missed[item]?.state === 'gotThrough')
  expect(missed[item]).toMatchObject({ tries: 1 })
})

test('[W9] what is to be done is there after a restart, also what had not reached the disk', async () => {
  const directory = temporaryDirectory()
  const clock = fakeClock()
  const before = await startScene({ directory, clock })
  const annas = await desk(before, anna)
  missedIn(before)
  await annas.ask({ type: 'missed', item, own: true })
  await before.stops()
  const between = await startScene({ directory, clock })
  expect((await desk(between, anna)).live.missed[item]).toMatchObject({ tries: 1, owner: { name: 'anna Exempel' } })
  missedIn(between, 'second')
  const kept = join(directory, 'work.json')
  const disk = [kept, `${kept}.copy`]
  await between.stops()
  for (const file of disk) writeFileSync(file, 'nonsense')
  const after = await startScene({ directory, clock })
  expect((await desk(after, anna)).live.missed[item]).toMatchObject({ tries: 2 })
  expect(after.logged.some((line) => line.includes('the missed callers are damaged'))).toBe(true)
})

// --- by hand --------------------------------------------------------------------------------------

const nobodyRung = company([
  { id: 'support', number: supportNumber, members: ['anna', 'ben', 'dan'] },
  { id: 'sales', number: salesNumber, members: ['cia', 'dan'] },
])

test('[W10] two who pick one caller: the first is rung, the other is told who has the caller', async () => {
  const scene = await startScene({ configuration: nobodyRung })
  const annas = await desk(scene, anna)
  const bens = await desk(scene, ben)
  scene.engine.registers(anna)
  scene.engine.registers(ben)
  const call = scene.engine.dialIn({ to: supportNumber, from: caller })
  await bens.sees((live) => live.calls[call] !== undefined)
  expect(await annas.ask({ type: 'pick', call })).toEqual({ ok: true, value: { outcome: 'ringing' } })
  expect(await bens.ask({ type: 'pick', call })).toEqual({ ok: true, value: { outcome: 'taken', by: anna } })
  scene.engine.agentAnswers(anna)
  expect(await bens.ask({ type: 'pick', call })).toEqual({ ok: true, value: { outcome: 'taken', by: anna } })
  expect(scene.engine.phone(ben)).toMatchObject({ state: 'idle' })
  scene.engine.callerHangsUp(call)
  expect(await bens.ask({ type: 'pick', call })).toEqual({ ok: true, value: { outcome: 'gone' } })
})

test('[W10] who has no phone that can ring is told so', async () => {
  const scene = await startScene()
  const annas = await desk(scene, anna)
  const call = scene.engine.dialIn({ to: supportNumber, from: caller })
  expect(await annas.ask({ type: 'pick', call })).toEqual({ ok: true, value: { outcome: 'notReady' } })
})

test('[W11] a supervisor moves and prioritises in the own group numbers, and it is written down', async () => {
  const scene = await startScene()
  const boss = await scene.opensConsole(
    await scene.signsIn({ name: 'boss', roles: ['supervisor'], supervises: [support] }),
  )
  const first = scene.engine.dialIn({ to: supportNumber, from: caller })
  const second = scene.engine.dialIn({ to: supportNumber, from: '+46812345678' as E164 })
  expect(await boss.ask({ type: 'prioritise', call: second, priority: 10 })).toEqual({ ok: true })
  const { calls } = await boss.sees((live) => live.calls[second]?.position === 1)
  expect(calls[first]).toMatchObject({ position: 2 })
  expect(await boss.ask({ type: 'moveCall', call: first, group: sales })).toMatchObject({
    problem: { kind: 'forbidden' },
  })
  const admin = await scene.opensConsole(await scene.signsIn({ name: 'root', roles: ['admin'] }))
  expect(await admin.ask({ type: 'moveCall', call: first, group: sales })).toEqual({ ok: true })
  await admin.sees((live) => live.calls[first]?.group === sales)
  const audit = await scene.accounts.readAudit({})
  expect(audit.map(({ by, what }) => `${by}: ${what}`)).toEqual(
    expect.arrayContaining([
      `boss: prioritise ${second} in support: 10`,
      `root: moveCall ${first} from support to sales`,
    ]),
  )
  expect(audit.map(({ said }) => said)).toEqual(
    expect.arrayContaining([
      { kind: 'callPrioritised', values: { caller: '+46812345678', group: support, priority: '10' } },
      { kind: 'callMoved', values: { caller, from: support, to: sales } },
    ]),
  )
})

// --- rights ---------------------------------------------------------------------------------------

test.each<[string, (call: CallId) => Ask, readonly string[]]>([
  ['pick', (call) => ({ type: 'pick', call }), ['admin', 'supervisor', 'agent']],
  ['moveCall', (call) => ({ type: 'moveCall', call, group: sales }), ['admin']],
  ['prioritise', (call) => ({ type: 'prioritise', call, priority: 1 }), ['admin', 'supervisor']],
  ['missed', () => ({ type: 'missed', item, mark: 'open' }), ['admin', 'supervisor', 'agent']],
  ['destinations', () => ({ type: 'destinations' }), ['admin']],
  ['setDestinations', () => ({ type: 'setDestinations', rules: [], onto: [] }), ['admin']],
])('[W4] who may ask %s', async (_, ask, may) => {
  const scene = await startScene()
  missedIn(scene)
  for (const role of ['admin', 'supervisor', 'agent', 'reviewer'] as const) {
    // Anna answers support; the supervisor supervises support.
    const call = scene.engine.dialIn({ to: supportNumber, from: '+46812345678' as E164 })
    const cookie = await scene.signsIn({ name: role, roles: [role], agent: anna, supervises: [support] })
    const reply = await (await scene.opensConsole(cookie)).ask(ask(call))
    expect(reply, role).toMatchObject(may.includes(role) ? { ok: true } : { problem: { kind: 'forbidden' } })
    scene.engine.callerHangsUp(call)
  }
  // Cia answers sales, and does nothing in support.
  const call = scene.engine.dialIn({ to: supportNumber })
  const reply = await (await desk(scene, cia)).ask(ask(call))
  expect(reply.ok).toBe(false)
})

test('[W4] only who talks in a call may transfer it', async () => {
  const scene = await startScene()
  const annas = await desk(scene, anna)
  const bens = await desk(scene, ben)
  await annas.ask({ type: 'logIn', agent: anna })
  scene.engine.registers(anna)
  const call = scene.engine.dialIn({ to: supportNumber, from: caller })
  scene.engine.agentAnswers(anna)
  const to = { number: '+46812345678' as E164 }
  expect(await bens.ask({ type: 'transfer', call, to, how: 'now' })).toMatchObject({ problem: { kind: 'unknown' } })
  const abroad = { number: '+4722334455' as E164 }
  expect(await annas.ask({ type: 'transfer', call, to: abroad, how: 'now' })).toMatchObject({
    problem: { kind: 'invalid', message: 'to: +4722334455 is not an allowed destination' },
  })
  expect(await annas.ask({ type: 'transfer', call, to, how: 'consult' })).toEqual({ ok: true })
})

test('[W4] a colleague is asked first, and takes the caller over when both agree', async () => {
  const scene = await startScene()
  const annas = await desk(scene, anna)
  await annas.ask({ type: 'logIn', agent: anna })
  scene.engine.registers(anna)
  scene.engine.registers(ben)
  const call = scene.engine.dialIn({ to: supportNumber, from: caller })
  scene.engine.agentAnswers(anna)
  expect(await annas.ask({ type: 'transfer', call, to: { agent: ben }, how: 'consult' })).toEqual({ ok: true })
  await annas.sees((live) => live.calls[call]?.consulting !== undefined)
  scene.engine.agentAnswers(ben)
  await annas.sees((live) => live.calls[call]?.consulting?.answered === true)
  expect(await annas.ask({ type: 'confirmTransfer', call })).toEqual({ ok: true })
  const { calls } = await annas.sees((live) => live.calls[call]?.agent === ben)
  expect(calls[call]).toMatchObject({ phase: 'talking' })
  expect(scene.engine.phone(anna)).toMatchObject({ state: 'idle' })
})

test('[W4] who may listen in on whom', async () => {
  const scene = await startScene()
  for (const agent of [anna, cia, dan]) scene.engine.registers(agent)
  const annas = await desk(scene, anna)
  await annas.ask({ type: 'logIn', agent: anna })
  const call = scene.engine.dialIn({ to: supportNumber, from: caller })
  const listen: Ask = { type: 'monitor', call, mode: 'listen' }
  const boss = { name: 'boss', roles: ['supervisor' as const], supervises: [support], agent: dan }
  const bosses = await scene.opensConsole(await scene.signsIn(boss))
  // Nobody talks yet.
  expect(await bosses.ask(listen)).toMatchObject({ problem: { kind: 'unknown' } })
  scene.engine.agentAnswers(anna)
  await bosses.sees((live) => live.calls[call]?.agent === anna)
  const others = [
    [{ name: 'dans', agent: dan }, 'forbidden'],
    [{ name: 'reads', roles: ['reviewer' as const], agent: dan }, 'forbidden'],
    [{ ...boss, name: 'elsewhere', supervises: [sales] }, 'forbidden'],
    [{ ...boss, name: 'own', agent: anna }, 'invalid'],
    [{ name: 'nowhere', roles: ['admin' as const] }, 'unavailable'],
    [{ ...boss, name: 'away', agent: ben }, 'unavailable'],
  ] as const
  for (const [account, kind] of others) {
    const asks = await scene.opensConsole(await scene.signsIn(account))
    expect(await asks.ask(listen), account.name).toMatchObject({ problem: { kind } })
  }
  expect(await bosses.ask(listen)).toEqual({ ok: true })
  const root = await scene.opensConsole(await scene.signsIn({ name: 'root', roles: ['admin'], agent: cia }))
  expect(await root.ask({ ...listen, mode: 'barge' })).toEqual({ ok: true })
})

test('[W19] listening in, and how, is seen by all who see the call, and is in the audit log', async () => {
  const scene = await startScene()
  for (const agent of [anna, dan]) scene.engine.registers(agent)
  const annas = await desk(scene, anna)
  await annas.ask({ type: 'logIn', agent: anna })
  const call = scene.engine.dialIn({ to: supportNumber, from: caller })
  scene.engine.agentAnswers(anna)
  const boss = { name: 'boss', roles: ['supervisor' as const], supervises: [support], agent: dan }
  const bosses = await scene.opensConsole(await scene.signsIn(boss))
  await bosses.ask({ type: 'monitor', call, mode: 'listen' })
  expect(scene.engine.phone(dan)).toMatchObject({ state: 'ringing', call })
  await annas.sees((live) => live.calls[call]?.monitors !== undefined)
  scene.engine.agentAnswers(dan)
  await bosses.ask({ type: 'monitor', call, mode: 'whisper' })
  const { calls } = await annas.sees((live) => live.calls[call]?.monitors?.[0]?.mode === 'whisper')
  expect(calls[call]?.monitors).toEqual([{ agent: dan, mode: 'whisper' }])
  expect(scene.engine.phone(anna)).toMatchObject({ hears: ['caller', dan] })
  await bosses.ask({ type: 'monitor', call, mode: 'off' })
  await annas.sees((live) => live.calls[call]?.monitors === undefined)
  expect(scene.engine.phone(dan)).toMatchObject({ state: 'idle' })
  const said = (await scene.accounts.readAudit({})).map(({ by, what }) => `${by}: ${what}`)
  expect(said.filter((line) => line.includes('monitor'))).toEqual([
    `boss: monitor whisper anna in support, call ${call}`,
    `boss: monitor listen anna in support, call ${call}`,
  ])
  // To stop when it has ended is no fault.
  scene.engine.callerHangsUp(call)
  expect(await bosses.ask({ type: 'monitor', call, mode: 'off' })).toEqual({ ok: true })
})

test('[W19] to stop needs no right', async () => {
  const scene = await startScene()
  for (const agent of [anna, dan]) scene.engine.registers(agent)
  const annas = await desk(scene, anna)
  await annas.ask({ type: 'logIn', agent: anna })
  const call = scene.engine.dialIn({ to: supportNumber, from: caller })
  scene.engine.agentAnswers(anna)
  const boss = { name: 'boss', roles: ['supervisor' as const], supervises: [support], agent: dan }
  const bosses = await scene.opensConsole(await scene.signsIn(boss))
  await bosses.ask({ type: 'monitor', call, mode: 'listen' })
  const dans = await desk(scene, dan)
  expect(await dans.ask({ type: 'monitor', call, mode: 'barge' })).toMatchObject({ problem: { kind: 'forbidden' } })
  expect(await dans.ask({ type: 'monitor', call, mode: 'off' })).toEqual({ ok: true })
  await annas.sees((live) => live.calls[call]?.agent === anna && live.calls[call].monitors === undefined)
})

test('[W19] whose right is withdrawn listens no more', async () => {
  const scene = await startScene()
  for (const agent of [anna, dan]) scene.engine.registers(agent)
  const annas = await desk(scene, anna)
  await annas.ask({ type: 'logIn', agent: anna })
  const call = scene.engine.dialIn({ to: supportNumber, from: caller })
  scene.engine.agentAnswers(anna)
  const boss = { name: 'boss', roles: ['supervisor' as const], supervises: [support], agent: dan }
  const bosses = await scene.opensConsole(await scene.signsIn(boss))
  await bosses.ask({ type: 'monitor', call, mode: 'listen' })
  await annas.sees((live) => live.calls[call]?.monitors !== undefined)
  await scene.accounts.put({ ...boss, supervises: [support, sales] }, 'root')
  expect(scene.engine.phone(dan)).toMatchObject({ call })
  await scene.accounts.put({ ...boss, supervises: [sales] }, 'root')
  await annas.sees((live) => live.calls[call]?.agent === anna && live.calls[call].monitors === undefined)
  expect(scene.engine.phone(dan)).toMatchObject({ state: 'idle' })
})

test('[W19] who cannot be let in listens no more', async () => {
  const refuses = (engine: Switch): Switch => ({
    ...engine,
    perform: (command: Command) =>
      command.type === 'monitor'
        ? Promise.resolve({ ok: false as const, problem: { kind: 'refused' as const, why: 'no port is left' } })
        : engine.perform(command),
  })
  const scene = await startScene({ switch: refuses })
  for (const agent of [anna, dan]) scene.engine.registers(agent)
  const annas = await desk(scene, anna)
  await annas.ask({ type: 'logIn', agent: anna })
  const call = scene.engine.dialIn({ to: supportNumber, from: caller })
  scene.engine.agentAnswers(anna)
  const boss = { name: 'boss', roles: ['supervisor' as const], supervises: [support], agent: dan }
  const bosses = await scene.opensConsole(await scene.signsIn(boss))
  const listen: Ask = { type: 'monitor', call, mode: 'listen' }
  expect(await bosses.ask(listen)).toEqual({ ok: true })
  await bosses.sees((live) => live.calls[call]?.agent === anna && live.calls[call].monitors === undefined)
})

// --- what may be rung outside ---------------------------------------------------------------------

const forwarding = (to: string) =>
  company([{ id: 'support', number: supportNumber, settings: { whenNoAgents: { do: 'forward', to: to as E164 } } }])

test.each([
  ['+46812345678', true],
  ['+469001234567', false],
  ['+4722334455', false],
])('[W3] a forward to %s reaches the switch: %s', async (to, allowed) => {
  const given: Command[] = []
  const scene = await startScene({
    configuration: forwarding(to),
    switch: (engine): Switch => ({
      ...engine,
      softphoneSocket: engine.softphoneSocket,
      perform: (command) => {
        given.push(command)
        return command.type === 'forward' ? Promise.resolve(done) : engine.perform(command)
      },
    }),
  })
  scene.engine.dialIn({ to: supportNumber, from: caller })
  expect(given.map(({ type }) => type)).toEqual(allowed ? ['answer', 'forward'] : ['answer', 'hangUp'])
  expect(scene.logged.some((line) => line.includes(`${to} is not an allowed destination`))).toBe(!allowed)
})

test('[W2] an admin opens a country; it is audited, holds at once and after a restart', async () => {
  const directory = temporaryDirectory()
  const clock = fakeClock()
  const before = await startScene({ directory, clock, configuration: twoGroups })
  const admin = await before.opensConsole(await before.signsIn({ name: 'root', roles: ['admin'] }))
  expect(await admin.ask({ type: 'destinations' })).toEqual({ ok: true, value: presetDestinations })
  const rules = [...presetDestinations, { prefix: '+47', open: true, name: 'Norge' }]
  const onto = [...presetDestinations]
  const done = { ok: true, value: { outcome: 'done' } }
  expect(await admin.ask({ type: 'setDestinations', rules, onto })).toEqual(done)
  // Who has not seen that changes nothing.
  const late = await admin.ask({ type: 'setDestinations', rules: [], onto })
  expect(late).toEqual({ ok: true, value: { outcome: 'conflict', table: rules } })
  expect(await admin.ask({ type: 'destinations' })).toEqual({ ok: true, value: rules })
  expect((await before.accounts.readAudit({})).at(0)).toMatchObject({
    by: 'root',
    what: 'setDestinations: +47 open',
    said: { kind: 'destinationsChanged', values: { opened: ['+47'], closed: [], removed: [] } },
  })
  await before.stops()
  const after = await startScene({ directory, clock })
  const again = await after.opensConsole(await after.signsIn({ name: 'root', roles: ['admin'] }))
  expect(await again.ask({ type: 'destinations' })).toEqual({ ok: true, value: rules })
})

// --- messages left --------------------------------------------------------------------------------

/** The scripted switch tells of a message of 7 s, whose file is there. */
function leavesMessage(scene: Scene) {
  const file = 'a1b2c3.wav'
  mkdirSync(join(scene.directory, 'recordings'), { recursive: true })
  writeFileSync(join(scene.directory, 'recordings', file), 'RIFF0123456789')
  scene.engine.dialIn({ to: supportNumber, from: caller })
}

const voicemail = company([
  { id: 'support', number: supportNumber, members: ['anna'], settings: { whenNoAgents: { do: 'voicemail' } } },
  { id: 'sales', number: salesNumber, members: ['cia'] },
])

async function voicemailScene(options: { directory?: string; clock?: ReturnType<typeof fakeClock> } = {}) {
  return startScene({
    ...options,
    configuration: voicemail,
    switch: (engine): Switch => {
      let heard: Parameters<Switch['attach']>[0]['heard'] | undefined
      return {
        softphoneSocket: undefined,
        attach: (attachment) => {
          heard = (told) => attachment.heard(told)
          return engine.attach(attachment)
        },
        prepare: (setup) => engine.prepare(setup),
        perform: (command) => {
          if (command.type !== 'record')
            return command.type === 'takeMessage' ? Promise.resolve(done) : engine.perform(command)
          heard?.({ type: 'recorded', call: command.call, file: 'a1b2c3.wav', seconds: 7 })
          return Promise.resolve(done)
        },
        detach: () => engine.detach(),
      }
    },
  })
}

test('[W12] a message is listed for its group number, played there by ranges, and marked done', async () => {
  const scene = await voicemailScene()
  const cookie = await scene.signsIn({ name: 'anna', agent: anna })
  const annas = await scene.opensConsole(cookie)
  leavesMessage(scene)
  const { voicemails, missed } = await annas.sees((live) => live.voicemails.a1b2c3 !== undefined)
  expect(voicemails.a1b2c3).toMatchObject({ group: support, from: caller, seconds: 7 })
  expect(missed[item]).toMatchObject({ why: 'noAgents', voicemail: true })

  const url = `${scene.service.origin}/api/voicemails/a1b2c3`
  const part = await fetch(url, { headers: { cookie, range: 'bytes=4-7' } })
  expect([part.status, await part.text()]).toEqual([206, '0123'])
  const stranger = await scene.signsIn({ name: 'cia', agent: cia })
  expect((await fetch(url, { headers: { cookie: stranger } })).status).toBe(404)
  expect((await fetch(url)).status).toBe(401)

  expect(await annas.ask({ type: 'voicemailDone', voicemail: 'a1b2c3', done: true })).toEqual({ ok: true })
  const marked = await annas.sees((live) => live.voicemails.a1b2c3?.done !== undefined)
  expect(marked.voicemails.a1b2c3?.done).toMatchObject({ by: 'anna Exempel' })
})

test('[W21] a message is forwarded to another group number’s list, where it is to be dealt with anew', async () => {
  const scene = await voicemailScene()
  const dans = await scene.opensConsole(
    await scene.signsIn({ name: 'boss', roles: ['supervisor'], supervises: [support, sales] }),
  )
  const annas = await desk(scene, anna)
  const cookie = await scene.signsIn({ name: 'cia', agent: cia })
  const cias = await scene.opensConsole(cookie)
  leavesMessage(scene)
  await annas.sees((live) => live.voicemails.a1b2c3 !== undefined)
  const send = (to: object) => ({ type: 'forwardVoicemail', voicemail: 'a1b2c3', to }) as Ask
  // Who does not see both lists sends nothing between them.
  expect(await annas.ask(send({ group: sales }))).toMatchObject({ problem: { kind: 'forbidden' } })
  expect(await cias.ask(send({ group: sales }))).toMatchObject({ problem: { kind: 'unknown' } })
  expect(await dans.ask(send({ group: support }))).toMatchObject({ problem: { kind: 'invalid' } })
  expect(await dans.ask(send({ group: 'never' }))).toMatchObject({ problem: { kind: 'unknown' } })
  expect(await dans.ask(send({ group: sales }))).toEqual({ ok: true })

  const { voicemails } = await cias.sees((live) => Object.keys(live.voicemails).length === 1)
  const [copy] = Object.values(voicemails)
  expect(copy).toMatchObject({
    group: sales,
    from: caller,
    seconds: 7,
    forwarded: { by: 'boss', from: support },
  })
  expect(copy).not.toHaveProperty('done')
  const before = await annas.sees((live) => live.voicemails.a1b2c3?.sentTo !== undefined)
  expect(before.voicemails.a1b2c3).toMatchObject({ sentTo: [sales], done: { by: 'boss' } })
  expect((await scene.accounts.readAudit({})).at(0)).toMatchObject({
    by: 'boss',
    what: `forwardVoicemail from ${caller} in support to sales`,
    said: { kind: 'voicemailToGroup', values: { caller, group: support, to: sales } },
  })

  // The one recording is there until the last list has let go of it.
  const url = `${scene.service.origin}/api/voicemails/${copy?.id ?? ''}`
  const file = join(scene.directory, 'recordings', 'a1b2c3.wav')
  expect(await (await fetch(url, { headers: { cookie } })).text()).toBe('RIFF0123456789')
  expect(await annas.ask({ type: 'removeVoicemail', voicemail: 'a1b2c3' })).toEqual({ ok: true })
  expect(existsSync(file)).toBe(true)
  await scene.stops()
  const after = await startScene({ directory: scene.directory, clock: scene.clock })
  const again = await desk(after, cia)
  expect(Object.values(again.live.voicemails)).toMatchObject([{ id: copy?.id, forwarded: { by: 'boss' } }])
  expect(await again.ask({ type: 'removeVoicemail', voicemail: copy?.id ?? '' })).toEqual({ ok: true })
  expect(existsSync(file)).toBe(false)
})

test('[W21] a message is forwarded to a colleague who sees the same list', async () => {
  const scene = await voicemailScene()
  const annas = await desk(scene, anna)
  const root = await scene.opensConsole(await scene.signsIn({ name: 'root', roles: ['admin'] }))
  leavesMessage(scene)
  await annas.sees((live) => live.voicemails.a1b2c3 !== undefined)
  await annas.ask({ type: 'voicemailDone', voicemail: 'a1b2c3', done: true })
  const send = (agent: typeof anna): Ask => ({ type: 'forwardVoicemail', voicemail: 'a1b2c3', to: { agent } })
  expect(await root.ask(send(cia))).toMatchObject({ problem: { kind: 'invalid' } })
  expect(await root.ask(send(anna))).toEqual({ ok: true })
  const { voicemails } = await annas.sees((live) => live.voicemails.a1b2c3?.for !== undefined)
  expect(voicemails.a1b2c3).toMatchObject({ for: anna, forwarded: { by: 'root' } })
  expect(voicemails.a1b2c3).not.toHaveProperty('done')
})

test('[W4] who may forward a message', async () => {
  const scene = await voicemailScene()
  leavesMessage(scene)
  for (const role of ['admin', 'supervisor', 'agent', 'reviewer'] as const) {
    const cookie = await scene.signsIn({ name: role, roles: [role], agent: anna, supervises: [support] })
    const reply = await (
      await scene.opensConsole(cookie)
    ).ask({ type: 'forwardVoicemail', voicemail: 'a1b2c3', to: { agent: anna } })
    expect(reply, role).toMatchObject(role === 'reviewer' ? { problem: { kind: 'forbidden' } } : { ok: true })
  }
})

test('[W13] a message is deleted by hand, with its file, and stays away after a restart', async () => {
  const scene = await voicemailScene()
  const annas = await desk(scene, anna)
  const cias = await desk(scene, cia)
  leavesMessage(scene)
  await annas.sees((live) => live.voicemails.a1b2c3 !== undefined)
  const file = join(scene.directory, 'recordings', 'a1b2c3.wav')
  expect((await cias.ask({ type: 'removeVoicemail', voicemail: 'a1b2c3' })).ok).toBe(false)
  expect(existsSync(file)).toBe(true)
  expect(await annas.ask({ type: 'removeVoicemail', voicemail: 'a1b2c3' })).toEqual({ ok: true })
  expect(existsSync(file)).toBe(false)
  expect((await scene.accounts.readAudit({})).at(0)).toMatchObject({
    by: 'anna',
    what: `removeVoicemail from ${caller} in support, 7 s`,
    said: { kind: 'voicemailRemoved', values: { caller, group: support, seconds: '7' } },
  })
  await scene.stops()
  const after = await startScene({ directory: scene.directory, clock: scene.clock })
  expect((await desk(after, anna)).live.voicemails).toEqual({})
})

test('[W13] a message is deleted when its group number has kept it long enough', async () => {
  const scene = await voicemailScene()
  leavesMessage(scene)
  const file = join(scene.directory, 'recordings', 'a1b2c3.wav')
  await scene.stops()
  scene.clock.pass(89 * 24 * 60 * 60 * 1000)
  const before = await startScene({ directory: scene.directory, clock: scene.clock })
  expect((await desk(before, anna)).live.voicemails).toHaveProperty('a1b2c3')
  await before.stops()
  scene.clock.pass(2 * 24 * 60 * 60 * 1000)
  const after = await startScene({ directory: scene.directory, clock: scene.clock })
  after.clock.pass(1)
  expect((await desk(after, anna)).live.voicemails).toEqual({})
  await expect.poll(() => existsSync(file)).toBe(false)
})
