import { expect, test } from 'vitest'
import type { Attachment } from '../../../src/contract/switch.ts'
import type { AgentId, E164, MessageId } from '../../../src/core/configuration/types.ts'
import type { SwitchEvent } from '../../../src/core/routing/messages.ts'
import { joinServers } from '../../../src/switch/asterisk/join-servers.ts'
import { openScriptedSwitch } from '../../../src/switch/scripted/open-scripted-switch.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'

const number = '+46122260980' as E164
const anna = 'anna' as AgentId
const setup = { numbers: [number], softphones: [], callers: [], trunks: [], sounds: {} }

/** A server whose network may be away; its calls are not. */
function server(name: string) {
  const scripted = openScriptedSwitch({ clock: fakeClock() })
  let away = false
  let attached: Attachment | undefined
  return {
    name,
    scripted,
    engine: {
      ...scripted,
      attach: async (attachment: Attachment) => {
        if (away) return { ok: false, problem: { kind: 'gone' } } as const
        attached = attachment
        return scripted.attach(attachment)
      },
      answers: () => Promise.resolve(!away),
      joins: () => undefined,
    },
    goes() {
      away = true
      attached?.lost('gone')
    },
    isBack() {
      away = false
    },
  }
}

async function attach(line: ReturnType<typeof joinServers>, epoch: number) {
  const events: SwitchEvent[] = []
  const losses: string[] = []
  const attached = await line.attach({
    epoch,
    heard: (event) => events.push(event),
    lost: (reason) => losses.push(reason),
  })
  if (attached.ok) await line.prepare(setup)
  return { attached, events, losses, calls: attached.ok ? attached.value.calls.map(({ call }) => call).toSorted() : [] }
}

function two() {
  const [north, south] = [server('north'), server('south')]
  return { north, south, line: joinServers([north, south]) }
}

test('one server is the switch itself', () => {
  const only = server('north')
  expect(joinServers([only])).toBe(only.engine)
})

test('tells of calls by their server, and hands each command to the one that has the call', async () => {
  const { north, south, line } = two()
  const { events } = await attach(line, 1)
  const calls = [north.scripted.dialIn({ to: number }), south.scripted.dialIn({ to: number })] as const
  const told = events.flatMap((event) => (event.type === 'callArrived' ? [event.call] : []))
  expect(told).toEqual([`north:${calls[0]}`, `south:${calls[1]}`])
  expect(await line.perform({ type: 'answer', call: told[1]! })).toMatchObject({ ok: true })
  expect(north.scripted.caller(calls[0]).state).toBe('ringing')
  expect(south.scripted.caller(calls[1]).state).toBe('answered')
  expect((await attach(line, 2)).calls).toEqual(told)
})

test.each(['nobody', 'east:call-1', 'north:nobody'])('knows no call %s', async (call) => {
  const { line } = two()
  await attach(line, 1)
  const stop = { type: 'stopPlaying', call } as unknown as Parameters<typeof line.perform>[0]
  expect(await line.perform(stop)).toMatchObject({ ok: false, problem: { kind: 'unknown' } })
})

test('has a phone that is on any of them', async () => {
  const { north, south, line } = two()
  const { events } = await attach(line, 1)
  const told = () => events.flatMap((event) => (event.type === 'deviceChanged' ? [event.state] : []))
  north.scripted.registers(anna)
  south.scripted.registers(anna)
  north.scripted.unregisters(anna)
  expect(told()).toEqual(['ready'])
  south.scripted.isBusyElsewhere(anna, true)
  south.scripted.unregisters(anna)
  expect(told()).toEqual(['ready', 'busy', 'gone'])
})

test('loses the calls of the server that goes alone, and has them again when it is back', async () => {
  const { north, south, line } = two()
  const first = await attach(line, 1)
  const [kept, other] = [north.scripted.dialIn({ to: number }), south.scripted.dialIn({ to: number })]
  south.goes()
  expect(first.losses).toEqual(['gone'])
  const second = await attach(line, 2)
  expect(second.calls).toEqual([`north:${kept}`])
  expect(await line.perform({ type: 'answer', call: `north:${kept}` as never })).toMatchObject({ ok: true })
  north.scripted.dialIn({ to: number })
  expect(second.events.map(({ type }) => type)).toContain('callArrived')
  south.isBack()
  await expect.poll(() => second.losses, { timeout: 5000 }).toEqual(['gone'])
  expect((await attach(line, 3)).calls).toContain(`south:${other}`)
})

test('is gone where none of them is there, and refuses an older service', async () => {
  const { north, south, line } = two()
  await attach(line, 5)
  expect((await attach(line, 4)).attached).toEqual({ ok: false, problem: { kind: 'staleEpoch' } })
  north.goes()
  south.goes()
  expect((await attach(line, 6)).attached).toEqual({ ok: false, problem: { kind: 'gone' } })
  expect(await line.perform({ type: 'music', call: 'north:1' as never, messages: [] as MessageId[] })).toMatchObject({
    ok: false,
  })
})
