import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SwitchSetup } from '../../../src/contract/switch.ts'
import { ok } from '../../../src/core/result.ts'
import { watchDevices, type Devices } from '../../../src/switch/asterisk/devices.ts'
import type { AriClient } from '../../../src/switch/asterisk/open-ari-client.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
const closing: Devices[] = []
afterEach(() => {
  for (const devices of closing.splice(0)) devices.close()
  vi.useRealTimers()
})

/** A server that many softphones may register with: who does, how often it is asked, and what is told of the agents. */
async function server(softphones: number) {
  const users = Array.from({ length: softphones }, (_, at) => `user${String(at)}`)
  const online = new Set<string>()
  let looks = 0
  const told: string[] = []
  const ari = {
    request: ({ reply }) => {
      looks += 1
      const endpoints = users.map((resource) => ({ resource, state: online.has(resource) ? 'online' : 'offline' }))
      return Promise.resolve(ok(reply.parse(endpoints)))
    },
  } as Pick<AriClient, 'request'> as AriClient
  const devices = watchDevices({
    ari,
    tell: ({ agent, state }) => told.push(`${agent} ${state}`),
    busy: () => new Set(),
  })
  closing.push(devices)
  const setup = { softphones: users.map((user) => ({ user, agent: user })) } as unknown as SwitchSetup
  await devices.setUp(setup, false)
  return {
    devices,
    online,
    told,
    /** Virtual time. */
    looksIn: async (millis: number) => {
      const before = looks
      await vi.advanceTimersByTimeAsync(millis)
      return looks - before
    },
  }
}

test('few softphones are looked at twice a second', async () => {
  const { looksIn } = await server(20)
  expect(await looksIn(10_000)).toBe(20)
})

test('many are looked at less often, since a look names all of them', async () => {
  const { looksIn } = await server(700)
  await looksIn(5000)
  // 500 ms, and 5 for each of 600.
  expect(await looksIn(35_000)).toBe(10)
})

test('one that is about to register is soon told of, among however many', async () => {
  const { devices, online, told, looksIn } = await server(700)
  await looksIn(5000)
  devices.moved()
  await looksIn(300)
  online.add('user7')
  await looksIn(700)
  expect(told).toEqual(['user7 ready'])
})

test('looks come also while somebody moves all the time', async () => {
  const { devices, looksIn } = await server(700)
  await looksIn(5000)
  let looks = 0
  for (let moves = 0; moves < 40; moves += 1) {
    devices.moved()
    looks += await looksIn(100)
  }
  expect(looks).toBeGreaterThanOrEqual(7)
})

test('who is missing in one look is gone if missing in the next one, which comes soon', async () => {
  const { online, told, looksIn } = await server(700)
  online.add('user7').add('user8')
  await looksIn(4000)
  online.delete('user7')
  online.delete('user8')
  while ((await looksIn(100)) === 0);
  online.add('user8')
  await looksIn(600)
  expect(told).toEqual(['user7 ready', 'user8 ready', 'user7 gone'])
})
