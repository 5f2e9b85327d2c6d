import { expect, test } from 'vitest'
import type { Switch, SwitchSetup } from '../../../src/contract/switch.ts'
import type { Journal, JournalEntry } from '../../../src/service/ports.ts'
import { openScriptedSwitch } from '../../../src/switch/scripted/open-scripted-switch.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts'
import {
  anna,
  ben,
  caller,
  startScene,
  support,
  supportNumber,
  twoGroups,
  type Scene,
} from '../console/service-scene.ts'

const desk = async (scene: Scene, agent: typeof anna) => scene.opensConsole(await scene.signsIn({ name: agent, agent }))

test('everyone who was logged in stays logged in when the service starts again', async () => {
  const directory = temporaryDirectory()
  const clock = fakeClock()
  const before = await startScene({ directory, clock })
  await (await desk(before, anna)).ask({ type: 'logIn', agent: anna })
  await (await desk(before, ben)).ask({ type: 'logIn', agent: ben })
  await (await desk(before, ben)).ask({ type: 'pause', agent: ben, reason: 'lunch' })
  await before.stops()

  clock.pass(3_600_000)
  const after = await startScene({ directory, clock })
  const { live } = await desk(after, anna)
  expect(live.agents[anna]).toMatchObject({ loggedIn: [support], misses: 0 })
  expect(live.agents[ben]).toMatchObject({ loggedIn: [support], state: 'paused', pauseReason: 'lunch' })
})

test('a call that rings while the service is away rings on, and is answered by the next service', async () => {
  const directory = temporaryDirectory()
  const clock = fakeClock()
  const engine = openScriptedSwitch({ clock })
  const before = await startScene({ directory, clock, engine })
  const annas = await desk(before, anna)
  await annas.ask({ type: 'logIn', agent: anna })
  engine.registers(anna)
  const call = engine.dialIn({ to: supportNumber, from: caller })
  await annas.sees((live) => live.calls[call]?.phase === 'ringing')
  await before.stops()

  clock.pass(25_000)
  expect(engine.phone(anna)).toMatchObject({ state: 'ringing', rings: 1 })
  const after = await startScene({ directory, clock, engine })
  const again = await desk(after, anna)
  expect((await again.sees((live) => live.calls[call]?.phase === 'ringing')).passed).toEqual({})
  engine.agentAnswers(anna)
  const { calls } = await again.sees((live) => live.calls[call]?.phase === 'talking')
  expect(calls[call]).toMatchObject({ agent: anna })
  expect(engine.phone(anna)).toMatchObject({ state: 'answered', connected: true, rings: 1 })
})

test('time does not go backwards in the journal when the clock was set back between two starts', async () => {
  const directory = temporaryDirectory()
  const times: number[] = []
  const journal = (real: Journal): Journal => ({
    ...real,
    append: (entries) => {
      times.push(...entries.flatMap((entry) => (entry.kind === 'event' ? [entry.event.at] : [])))
      real.append(entries)
    },
  })
  const before = await startScene({ directory, journal, clock: fakeClock('2026-11-23T09:00:00Z') })
  await (await desk(before, anna)).ask({ type: 'logIn', agent: anna })
  await before.stops()
  const after = await startScene({ directory, journal, clock: fakeClock('2026-11-23T08:00:00Z') })
  await (await desk(after, anna)).ask({ type: 'logOut', agent: anna })
  expect(times.length).toBeGreaterThan(4)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
})

test('a configuration changed while the service was away is in force when it starts', async () => {
  const directory = temporaryDirectory()
  const clock = fakeClock()
  const before = await startScene({ directory, clock })
  const annas = await desk(before, anna)
  await annas.ask({ type: 'logIn', agent: anna })
  await before.store.change({ onto: 1, author: 'test', summary: 'Anna leaves', configuration: withoutAnna })
  await before.stops()
  const after = await startScene({ directory, clock })
  const bens = await desk(after, ben)
  expect(bens.live.groups[support]?.members).toEqual(['ben', 'dan'])
})

const withoutAnna = {
  ...twoGroups,
  groupNumbers: twoGroups.groupNumbers.map((group) => ({
    ...group,
    members: group.members.filter(({ agent }) => agent !== anna),
  })),
}

test('missed calls are still there after a restart', async () => {
  const directory = temporaryDirectory()
  const clock = fakeClock()
  const before = await startScene({ directory, clock })
  const annas = await desk(before, anna)
  await annas.ask({ type: 'logIn', agent: anna })
  before.engine.registers(anna)
  before.engine.dialIn({ to: supportNumber, from: caller })
  clock.pass(20_000)
  const missed = await annas.sees((live) => Object.values(live.passed).some(({ why }) => why === 'missed'))
  await before.stops()
  const after = await startScene({ directory, clock })
  const again = await desk(after, anna)
  expect(Object.values(again.live.passed)).toContainEqual(Object.values(missed.passed)[0])
})

test('a switch that dies is attached again, with a greater epoch and the whole setup', async () => {
  const clock = fakeClock()
  let engine = openScriptedSwitch({ clock })
  const epochs: number[] = []
  const setups: SwitchSetup[] = []
  const changing: Switch = {
    softphoneSocket: undefined,
    attach: (attachment) => {
      epochs.push(attachment.epoch)
      return engine.attach(attachment)
    },
    prepare: (setup) => {
      setups.push(setup)
      return engine.prepare(setup)
    },
    perform: (command) => engine.perform(command),
    detach: () => engine.detach(),
  }
  const scene = await startScene({ clock, switch: () => changing })
  const annas = await desk(scene, anna)
  await annas.ask({ type: 'logIn', agent: anna })
  engine.registers(anna)
  const call = engine.dialIn({ to: supportNumber, from: caller })
  await annas.sees((live) => live.calls[call]?.phase === 'ringing')

  engine.dies()
  const lost = await annas.sees((live) => live.service.service.switch === 'lost')
  expect(lost.agents[anna]).toMatchObject({ loggedIn: [support] })
  engine = openScriptedSwitch({ clock })
  await tryAgain(scene)
  const back = await annas.sees((live) => live.service.service.switch === 'attached')
  expect(back.calls).toEqual({})
  expect(epochs.length).toBeGreaterThan(1)
  expect(epochs).toEqual(epochs.toSorted((a, b) => a - b))
  expect(new Set(epochs).size).toBe(epochs.length)
  expect(setups.at(-1)).toMatchObject({
    numbers: [supportNumber, '+46122260990'],
    softphones: [{ agent: anna, user: 'anna' }],
  })

  engine.registers(anna)
  const next = engine.dialIn({ to: supportNumber })
  await annas.sees((live) => live.calls[next]?.phase === 'ringing')
})

/** Lets the back-off pass, step by step, until the switch is attached. */
async function tryAgain({ clock, service }: Scene) {
  for (;;) {
    clock.pass(100)
    const health = (await (await fetch(`${service.origin}/api/health`)).json()) as { switch: string }
    if (health.switch === 'attached') return
  }
}

test('a command that the switch refuses comes back as an event, and the journal has all of it in order', async () => {
  const scene = await startScene({
    switch: refusingRings,
    journal: (real) => ({ ...real, append: (entries) => (all.push(...entries), real.append(entries)) }),
  })
  const annas = await desk(scene, anna)
  await annas.ask({ type: 'logIn', agent: anna })
  scene.engine.registers(anna)
  const call = scene.engine.dialIn({ to: supportNumber, from: caller })
  await annas.ask({ type: 'resume', agent: anna })

  const ofCall = all.flatMap(inWords(call))
  expect(ofCall.slice(0, 2)).toEqual(['event callArrived', 'command answer'])
  expect(ofCall.indexOf('command ring')).toBeLessThan(ofCall.indexOf('event commandFailed ring'))
  const times = all.flatMap((entry) => (entry.kind === 'event' ? [entry.event.at] : []))
  expect(times).toEqual(times.toSorted((a, b) => a - b))
})

const all: JournalEntry[] = []

const inWords =
  (call: string) =>
  (entry: JournalEntry): string[] => {
    if (entry.kind === 'command') return entry.command.call === call ? [`command ${entry.command.type}`] : []
    if (entry.kind === 'notice')
      return 'call' in entry.notice && entry.notice.call === call ? [`notice ${entry.notice.type}`] : []
    if (entry.kind === 'remark' || !('call' in entry.event) || entry.event.call !== call) return []
    return [`event ${entry.event.type}${entry.event.type === 'commandFailed' ? ` ${entry.event.command}` : ''}`]
  }

function refusingRings(scripted: Switch): Switch {
  return {
    ...scripted,
    perform: (command) =>
      command.type === 'ring'
        ? Promise.resolve({ ok: false, problem: { kind: 'refused', why: 'no line' } })
        : scripted.perform(command),
  }
}

test("a hang-up from the console ends the agent's leg and the call, when the softphone cannot", async () => {
  const scene = await startScene()
  const annas = await desk(scene, anna)
  await annas.ask({ type: 'logIn', agent: anna })
  scene.engine.registers(anna)
  const call = scene.engine.dialIn({ to: supportNumber, from: caller })
  scene.engine.agentAnswers(anna)
  expect(scene.engine.phone(anna)).toMatchObject({ state: 'answered', connected: true })

  expect(await annas.ask({ type: 'hangUp', agent: anna, call })).toEqual({ ok: true })
  expect(scene.engine.phone(anna)).toMatchObject({ state: 'idle', stopped: 'hungUp' })
  expect(scene.engine.caller(call)).toMatchObject({ state: 'ended', by: 'switch', why: 'agentHungUp' })
  await annas.sees((live) => live.agents[anna]?.state === 'wrapUp')
})

test('a ringing call declined from the console stops the ring and stays in the queue', async () => {
  const scene = await startScene()
  const annas = await desk(scene, anna)
  await annas.ask({ type: 'logIn', agent: anna })
  scene.engine.registers(anna)
  const call = scene.engine.dialIn({ to: supportNumber, from: caller })
  await annas.ask({ type: 'hangUp', agent: anna, call })
  expect(scene.engine.phone(anna)).toMatchObject({ state: 'idle' })
  const { passed } = await annas.sees((live) => live.calls[call]?.phase === 'waiting')
  expect(Object.values(passed)).toMatchObject([{ call, why: 'rejected', from: caller }])
})

test('a ring ends at its own time, also where an earlier one was answered before its end', async () => {
  const clock = fakeClock()
  const scene = await startScene({ clock, engine: openScriptedSwitch({ clock }) })
  const [annas, bens] = [await desk(scene, anna), await desk(scene, ben)]
  await annas.ask({ type: 'logIn', agent: anna })
  scene.engine.registers(anna)
  scene.engine.dialIn({ to: supportNumber, from: caller })
  clock.pass(5000)
  scene.engine.agentAnswers(anna)
  clock.pass(5000)
  await bens.ask({ type: 'logIn', agent: ben })
  scene.engine.registers(ben)
  const second = scene.engine.dialIn({ to: supportNumber, from: caller })
  // The first one's end passes.
  clock.pass(19_999)
  expect(scene.engine.phone(ben)).toMatchObject({ state: 'ringing', rings: 1 })
  // Nobody else is free.
  clock.pass(1)
  expect(scene.engine.phone(ben)).toMatchObject({ state: 'ringing', rings: 2 })
  const { passed } = await bens.sees((live) => Object.keys(live.passed).length > 0)
  expect(Object.values(passed)).toMatchObject([{ call: second, why: 'missed' }])
})
