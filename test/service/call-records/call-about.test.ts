import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { CallAbout, CallQuality, CallRecordsRead } from '../../../src/contract/call-records.ts'
import { askSchema, type Role } from '../../../src/contract/console.ts'
import type { AgentId, E164 } from '../../../src/core/configuration/types.ts'
import type { CallId } from '../../../src/core/routing/messages.ts'
import { openScriptedSwitch } from '../../../src/switch/scripted/open-scripted-switch.ts'
import { company } from '../../support/routing/company.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'
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
  type Console,
  type Scene,
} from '../console/service-scene.ts'

const other = '+46701740606' as E164

const outcomes = [
  { code: '1', name: 'Beställning', active: true },
  { code: '2', name: 'Klagomål', active: true },
  { code: '3', name: 'Fax', active: false },
]
const callPage = { url: 'https://crm.example.com/?tel={number}&by={agent}', at: 'ringing' as const }
const supportSettings = { wrapUpSeconds: 0, outcomes, outcomeRequired: true, callPage }
const configuration = company([
  { id: 'support', number: supportNumber, members: ['anna', 'ben', 'dan'], settings: supportSettings },
  { id: 'sales', number: salesNumber, members: ['cia', 'dan'], settings: { wrapUpSeconds: 0 } },
])

async function office() {
  const clock = fakeClock()
  const engine = openScriptedSwitch({ clock })
  const scene = await startScene({
    clock,
    engine,
    configuration,
    switch: (real) => ({
      ...real,
      softphoneSocket: undefined,
      prepare: (setup) => real.prepare({ ...setup, trunks: [{ name: 'line', address: '127.0.0.1', outbound: true }] }),
    }),
  })
  for (const agent of [anna, ben, cia, dan]) engine.registers(agent)
  return { scene, engine, clock }
}
type Office = Awaited<ReturnType<typeof office>>

let accountsMade = 0
const desk = async (scene: Scene, agent: AgentId) =>
  scene.opensConsole(await scene.signsIn({ name: `${agent} ${(accountsMade += 1)}`, agent }))
const asRole = async (scene: Scene, role: Role, supervises = [support]) =>
  scene.opensConsole(await scene.signsIn({ name: role, roles: [role], supervises }))

async function about(console_: Console, call: CallId): Promise<CallAbout> {
  const reply = await console_.ask({ type: 'callAbout', call })
  if (!reply.ok) throw new Error(JSON.stringify(reply))
  return reply.value as CallAbout
}

/** Rings, is answered by `agent` after 7 s and talks 12 s. */
async function talks(
  { engine, clock }: Office,
  desk: Console,
  { to = supportNumber, from = caller, agent = anna } = {},
) {
  const call = engine.dialIn({ to, from })
  clock.pass(7000)
  await expect.poll(() => engine.phone(agent).state).toBe('ringing')
  engine.agentAnswers(agent)
  clock.pass(12_000)
  engine.callerHangsUp(call)
  // A console that hears nothing for long is gone.
  await desk.ask({ type: 'sessions' })
  clock.pass(1000)
  return call
}

test('[W31] while a caller rings, the last contacts are there: when, which group number, with whom, how it ended', async () => {
  const there = await office()
  const { scene, engine, clock } = there
  const annas = await desk(scene, anna)
  await annas.ask({ type: 'logIn', agent: anna })
  await talks(there, annas)
  await annas.ask({ type: 'pause', agent: anna })
  const missed = engine.dialIn({ to: supportNumber, from: caller })
  clock.pass(12_000)
  engine.callerHangsUp(missed)
  clock.pass(1000)
  await annas.ask({ type: 'resume', agent: anna })
  const call = engine.dialIn({ to: supportNumber, from: caller })
  expect(await about(annas, call)).toMatchObject({
    contacts: [
      { way: 'in', group: support, end: 'abandoned', waited: 12 },
      { way: 'in', group: support, end: 'answered', agent: anna, agentName: 'anna Exempel', waited: 7, talked: 12 },
    ],
  })
  expect(JSON.stringify(await about(annas, call))).not.toContain(caller)
})

test('[W31] a call made to the caller counts, answered or not, and none to anybody else', async () => {
  const { scene, engine, clock } = await office()
  const annas = await desk(scene, anna)
  await annas.ask({ type: 'logIn', agent: anna })
  for (const [number, act] of [
    [caller, () => engine.outsideDeclines(caller, 'busy')],
    [other, () => engine.outsideAnswers(other)],
  ] as const) {
    const made = engine.agentDials(anna, number, supportNumber)
    await expect.poll(() => engine.outside(number).state).toBe('ringing')
    act()
    clock.pass(5000)
    if (number === other) engine.dialledHangsUp(made)
  }
  clock.pass(1000)
  const call = engine.dialIn({ to: supportNumber, from: caller })
  expect((await about(annas, call)).contacts).toMatchObject([{ way: 'out', group: support, end: 'busy', agent: anna }])
})

test('[W32] of group numbers that one does not answer nothing is told, but of what one did oneself', async () => {
  const there = await office()
  const { scene, engine } = there
  const [annas, cias, dans] = [await desk(scene, anna), await desk(scene, cia), await desk(scene, dan)]
  await cias.ask({ type: 'logIn', agent: cia })
  await talks(there, cias, { to: salesNumber, agent: cia })
  await cias.ask({ type: 'logOut', agent: cia })
  await annas.ask({ type: 'logIn', agent: anna })
  const call = engine.dialIn({ to: supportNumber, from: caller })
  expect((await about(annas, call)).contacts).toEqual([])
  // Dan answers both.
  expect((await about(dans, call)).contacts).toMatchObject([{ group: sales, agent: cia }])
  expect((await about(await asRole(scene, 'supervisor'), call)).contacts).toEqual([])
  expect((await about(await asRole(scene, 'admin'), call)).contacts).toMatchObject([{ group: sales }])
})

test('[W32] nobody else asks of a call, and whoever may not is told that there is none', async () => {
  const { scene, engine } = await office()
  const call = engine.dialIn({ to: supportNumber, from: caller })
  const cias = await desk(scene, cia)
  const unknown = { ok: false, problem: { kind: 'unknown' } }
  expect(await cias.ask({ type: 'callAbout', call })).toMatchObject(unknown)
  expect(await cias.ask({ type: 'callAbout', call: 'none' as CallId })).toMatchObject(unknown)
  const other = await asRole(scene, 'supervisor', [sales])
  expect(await other.ask({ type: 'callAbout', call })).toMatchObject(unknown)
  const reviewer = await asRole(scene, 'reviewer')
  expect(await reviewer.ask({ type: 'callAbout', call })).toMatchObject({ problem: { kind: 'forbidden' } })
})

test('[W32] of a hidden number nothing is told', async () => {
  const { scene, engine, clock } = await office()
  const annas = await desk(scene, anna)
  const first = engine.dialIn({ to: supportNumber })
  clock.pass(10_000)
  engine.callerHangsUp(first)
  const call = engine.dialIn({ to: supportNumber })
  expect(await about(annas, call)).toMatchObject({ contacts: [] })
})

test('[W31] no more than five are told, and they are there after a restart; a lost or damaged file is made again', async () => {
  const there = await office()
  const { scene, engine, clock } = there
  const annas = await desk(scene, anna)
  await annas.ask({ type: 'logIn', agent: anna })
  for (let time = 0; time < 6; time += 1) await talks(there, annas)
  const times = (contacts: CallAbout['contacts'] = []) => contacts.map(({ at }) => at)
  const asked = engine.dialIn({ to: supportNumber, from: caller })
  const before = times((await about(annas, asked)).contacts)
  expect(before).toHaveLength(5)
  expect(before).toEqual(before.toSorted((one, next) => next - one))
  await scene.stops()

  const file = join(scene.directory, 'calls.sqlite')
  expect(existsSync(file)).toBe(true)
  for (const damage of [undefined, Buffer.alloc(readFileSync(file).length, 7)]) {
    if (damage) writeFileSync(file, damage)
    const next = await startScene({ directory: scene.directory, clock, engine })
    const again = await desk(next, anna)
    const call = engine.dialIn({ to: supportNumber, from: caller })
    // A damaged file is set aside by the question that meets it.
    if (damage) await again.ask({ type: 'callAbout', call })
    await next.stops()
    const last = await startScene({ directory: scene.directory, clock, engine })
    const once = await desk(last, anna)
    expect(times((await about(once, call)).contacts)).toEqual(before)
    await last.stops()
  }
})

test('[W33] an answer does not wait for the call records, nor fails where they do', async () => {
  const there = await office()
  const { scene, engine, clock } = there
  const annas = await desk(scene, anna)
  await annas.ask({ type: 'logIn', agent: anna })
  await scene.stops()
  // A directory in the place of the file: nothing can be read or written.
  for (const beside of ['', '-wal', '-shm']) rmSync(join(scene.directory, `calls.sqlite${beside}`), { force: true })
  mkdirSync(join(scene.directory, 'calls.sqlite'))
  const next = await startScene({ directory: scene.directory, clock, engine })
  const again = await desk(next, anna)
  const call = engine.dialIn({ to: supportNumber, from: caller })
  expect(await again.ask({ type: 'callAbout', call })).toEqual({
    ok: true,
    value: expect.objectContaining({ outcomes: [expect.anything(), expect.anything()] }) as unknown,
  })
  engine.agentAnswers(anna)
  await again.sees((live) => live.agents.anna?.state === 'talking')
})

test('[W34] the agent writes of the call in it and after it; it is in the record, the history and the next contact', async () => {
  const there = await office()
  const { scene, engine, clock } = there
  const [annas, bens] = [await desk(scene, anna), await desk(scene, ben)]
  await annas.ask({ type: 'logIn', agent: anna })
  const call = engine.dialIn({ to: supportNumber, from: caller })
  expect(await about(annas, call)).toMatchObject({
    outcomes: [
      { code: '1', name: 'Beställning' },
      { code: '2', name: 'Klagomål' },
    ],
    outcomeRequired: true,
  })
  engine.agentAnswers(anna)
  const written = { type: 'noteCall', call, note: ' Vill ha en till \nRing efter tolv ', outcome: '2' } as const
  expect(await annas.ask(written)).toEqual({ ok: true })
  expect(await about(annas, call)).toMatchObject({ note: 'Vill ha en till \nRing efter tolv', outcome: { code: '2' } })
  // It is Anna's.
  expect(await about(bens, call)).not.toHaveProperty('note')
  engine.callerHangsUp(call)
  clock.pass(1000)
  const { history } = await annas.sees((live) => Object.keys(live.history).length > 0)
  const [past] = Object.values(history)
  expect(past).toMatchObject({ call, note: 'Vill ha en till \nRing efter tolv', outcome: { name: 'Klagomål' } })
  expect(await annas.ask({ type: 'noteCall', call, note: 'Ändrat', outcome: '1' })).toEqual({ ok: true })
  await annas.sees((live) => Object.values(live.history)[0]?.note === 'Ändrat')
  // What is not said stays, and what is empty goes.
  expect(await annas.ask({ type: 'noteCall', call, outcome: '' })).toEqual({ ok: true })
  expect(await about(annas, call)).toMatchObject({ note: 'Ändrat' })
  expect(await about(annas, call)).not.toHaveProperty('outcome')
  expect(await annas.ask({ type: 'noteCall', call, outcome: '1' })).toEqual({ ok: true })
  expect(await annas.ask({ type: 'noteCall', call, note: 'Ändrat' })).toEqual({ ok: true })
  await scene.stops()
  const next = await startScene({ directory: scene.directory, clock, engine })
  const again = await desk(next, ben)
  const second = engine.dialIn({ to: supportNumber, from: caller })
  expect((await about(again, second)).contacts).toMatchObject([
    { agent: anna, outcome: { code: '1', name: 'Beställning' }, note: 'Ändrat' },
  ])
  const [once] = Object.values((await desk(next, anna)).live.history)
  expect(once).toMatchObject({ note: 'Ändrat', outcome: { code: '1' } })
})

test('[W34] of a note a contact has the first line', async () => {
  const there = await office()
  const { scene, engine } = there
  const annas = await desk(scene, anna)
  await annas.ask({ type: 'logIn', agent: anna })
  const call = await talks(there, annas)
  await annas.ask({ type: 'noteCall', call, note: `Första raden\n${'x'.repeat(1900)}` })
  const second = engine.dialIn({ to: supportNumber, from: caller })
  expect((await about(annas, second)).contacts).toMatchObject([{ note: 'Första raden' }])
})

test('[W35] nobody writes of a call that is not theirs, nor an outcome that cannot be chosen, nor after a day', async () => {
  const there = await office()
  const { scene, engine, clock } = there
  const [annas, bens, admin] = [await desk(scene, anna), await desk(scene, ben), await asRole(scene, 'admin')]
  await annas.ask({ type: 'logIn', agent: anna })
  const call = engine.dialIn({ to: supportNumber, from: caller })
  const note = { type: 'noteCall', call, note: 'hej' } as const
  const unknown = { ok: false, problem: { kind: 'unknown' } }
  // It rings only.
  expect(await annas.ask(note)).toMatchObject(unknown)
  engine.agentAnswers(anna)
  for (const other of [bens, admin]) expect(await other.ask(note)).toMatchObject(unknown)
  for (const outcome of ['3', '9', 'x'])
    expect(await annas.ask({ ...note, outcome })).toMatchObject({ problem: { kind: 'invalid' } })
  expect(await annas.ask(note)).toEqual({ ok: true })
  engine.callerHangsUp(call)
  for (let hour = 0; hour < 24; hour += 1) clock.pass(3_600_000)
  const late = await desk(scene, anna)
  expect(await late.ask(note)).toEqual({ ok: true })
  clock.pass(1000)
  expect(await late.ask({ ...note, note: 'nu' })).toMatchObject(unknown)
  const reviewer = await asRole(scene, 'reviewer')
  expect(await reviewer.ask(note)).toMatchObject({ problem: { kind: 'forbidden' } })
})

test('[W37] the page of the call is told with its values, and none where it asks for a hidden number', async () => {
  const { scene, engine } = await office()
  const annas = await desk(scene, anna)
  const call = engine.dialIn({ to: supportNumber, from: caller })
  expect((await about(annas, call)).page).toEqual({
    url: 'https://crm.example.com/?tel=%2B46701740605&by=anna',
    at: 'ringing',
  })
  const hidden = engine.dialIn({ to: supportNumber })
  expect(await about(annas, hidden)).not.toHaveProperty('page')
})

const quality: CallQuality = { seconds: 10, score: 4.2, worst: 3, loss: 1, jitter: 4, poorSeconds: 1, cause: 'loss' }
const recordsOf = async (console_: Console, given: { group?: typeof support; limit?: number } = {}) => {
  const reply = await console_.ask({ type: 'callRecords', limit: 100, ...given })
  if (!reply.ok) throw new Error(JSON.stringify(reply))
  return (reply.value as CallRecordsRead).records
}

test('[W60] how a call sounded is told by its agent alone, part by part, and stands in its record', async () => {
  const there = await office()
  const { scene, engine, clock } = there
  const [annas, bens] = [await desk(scene, anna), await desk(scene, ben)]
  await annas.ask({ type: 'logIn', agent: anna })
  const call = engine.dialIn({ to: supportNumber, from: caller })
  const told = { type: 'measuredCall', call, quality } as const
  const unknown = { ok: false, problem: { kind: 'unknown' } }
  expect(await annas.ask(told)).toMatchObject(unknown)
  engine.agentAnswers(anna)
  // The window is loaded again in the call: its first part is told, and the rest when it is over.
  expect(await annas.ask(told)).toEqual({ ok: true })
  expect(await bens.ask(told)).toMatchObject(unknown)
  clock.pass(20_000)
  engine.callerHangsUp(call)
  const rest = { seconds: 30, score: 3, worst: 1.2, loss: 5, jitter: 40, roundTrip: 80, poorSeconds: 20 }
  expect(await annas.ask({ ...told, quality: { ...rest, cause: 'jitter' } })).toEqual({ ok: true })
  const admin = await asRole(scene, 'admin')
  const expected = { ...rest, seconds: 40, score: 3.3, loss: 4, jitter: 31, poorSeconds: 21, cause: 'jitter' }
  expect(await recordsOf(admin)).toMatchObject([{ call, agent: anna, talked: 20, quality: expected }])
  // An agent is not told how a colleague heard the caller.
  const next = engine.dialIn({ to: supportNumber, from: caller })
  expect((await about(bens, next)).contacts?.[0]).not.toHaveProperty('quality')
})

test('[W60] of a call there are no more parts than a window is loaded again, and none that cannot be', async () => {
  const { scene, engine } = await office()
  const annas = await desk(scene, anna)
  await annas.ask({ type: 'logIn', agent: anna })
  const call = engine.dialIn({ to: supportNumber, from: caller })
  engine.agentAnswers(anna)
  const told = { type: 'measuredCall', call, quality } as const
  for (let part = 0; part < 20; part += 1) expect(await annas.ask(told)).toEqual({ ok: true })
  expect(await annas.ask(told)).toMatchObject({ problem: { kind: 'tooMany' } })
})

test.each([
  { ...quality, score: 9 },
  { ...quality, seconds: 0 },
  { ...quality, loss: -1 },
  { ...quality, jitter: Infinity },
  { ...quality, cause: 'weather' },
  { ...quality, more: 1 },
  {},
])('[W60] %j is no quality', (given) => {
  const asked = { type: 'measuredCall', call: 'c', quality: given }
  expect(askSchema.safeParse(asked).success).toBe(false)
})

test('[W61] a supervisor reads the calls of the supervised group numbers, an admin all, an agent none', async () => {
  const there = await office()
  const { scene } = there
  const [annas, cias] = [await desk(scene, anna), await desk(scene, cia)]
  await annas.ask({ type: 'logIn', agent: anna })
  await cias.ask({ type: 'logIn', agent: cia })
  const first = await talks(there, annas)
  const second = await talks(there, cias, { to: salesNumber, agent: cia, from: other })
  const [lead, admin] = [await asRole(scene, 'supervisor'), await asRole(scene, 'admin')]
  expect((await recordsOf(lead)).map(({ call }) => call)).toEqual([first])
  expect((await recordsOf(admin)).map(({ call }) => call)).toEqual([second, first])
  expect((await recordsOf(admin, { group: support })).map(({ call }) => call)).toEqual([first])
  expect(await recordsOf(admin, { limit: 1 })).toHaveLength(1)
  const at = (await recordsOf(admin, { group: support }))[0]!.at
  for (const [when, calls] of [
    [{ to: at }, []],
    [{ from: at }, [second, first]],
  ] as const) {
    const reply = await admin.ask({ type: 'callRecords', limit: 10, ...when })
    expect(reply).toMatchObject({ ok: true, value: { records: calls.map((call) => ({ call })) } })
  }
  const forbidden = { ok: false, problem: { kind: 'forbidden' } }
  expect(await lead.ask({ type: 'callRecords', group: sales, limit: 10 })).toMatchObject(forbidden)
  expect(await annas.ask({ type: 'callRecords', limit: 10 })).toMatchObject(forbidden)
  expect(await (await asRole(scene, 'reviewer')).ask({ type: 'callRecords', limit: 10 })).toMatchObject(forbidden)
})
