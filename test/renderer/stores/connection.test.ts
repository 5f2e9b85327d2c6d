import { expect, test } from 'vitest'
import type { Live, SignedIn } from '../../../src/contract/console.ts'
import type { Result } from '../../../src/core/result.ts'
import { instant } from '../../../src/core/time.ts'
import { createConnection, type AskProblem, type Link } from '../../../src/renderer/stores/connection.ts'
import { fakeConsole } from '../support/fake-console.ts'
import { agentLive, anna, at, bo, boLive, callView, firstCall, liveOf, tenOClock } from '../support/live.ts'

function desk(given?: { random?: number }) {
  const console = fakeConsole(given)
  const links: string[] = []
  const state: { link?: Link; live?: Live; signedIn?: SignedIn; offset?: number } = {}
  const connection = createConnection(console.ports, {
    link: (link) => {
      state.link = link
      links.push(link.state === 'ended' ? `ended ${link.why}` : link.state)
    },
    live: (live) => (state.live = live),
    welcomed: (signedIn) => (state.signedIn = signedIn),
    offset: (offset) => (state.offset = offset),
  })
  connection.open()
  const delta = (revision: number, ...changes: { in: keyof Live; key: string; value: unknown }[]) =>
    console.socket.say({ type: 'delta', revision, now: tenOClock, changes })
  return { console, connection, links, state, delta }
}

test('says hello first, and is open with the snapshot', () => {
  const { console, links, state } = desk()
  console.welcome()
  expect(console.socket.heard).toEqual([{ type: 'hello', protocol: 1 }])
  expect(links).toEqual(['connecting', 'open'])
  expect(state.live).toEqual(liveOf())
  expect(state.signedIn?.agent).toBe(anna)
})

test('applies deltas in order: changed, added and gone', () => {
  const { console, state, delta } = desk()
  console.welcome()
  const before = state.live?.groups
  delta(
    2,
    { in: 'agents', key: anna, value: agentLive({ state: 'paused' }) },
    { in: 'calls', key: firstCall, value: callView() },
  )
  delta(3, { in: 'calls', key: firstCall, value: null }, { in: 'agents', key: bo, value: null })
  expect(state.live?.agents).toEqual({ anna: agentLive({ state: 'paused' }) })
  expect(state.live?.calls).toEqual({})
  expect(state.live?.groups).toBe(before)
})

test('asks for a snapshot after a gap, and shows nothing of what comes before it', () => {
  const { console, state, delta } = desk()
  console.welcome()
  delta(3, { in: 'agents', key: anna, value: null })
  delta(4, { in: 'agents', key: anna, value: null })
  expect(console.socket.heard.slice(1)).toEqual([{ type: 'resynchronise' }])
  expect(state.live?.agents).toHaveProperty(anna)
  console.socket.say({ type: 'snapshot', revision: 4, now: tenOClock, live: liveOf({ agents: [boLive()] }) })
  expect(Object.keys(state.live?.agents ?? {})).toEqual([bo])
})

test('a delta that the snapshot already holds changes nothing', () => {
  const { console, state, delta } = desk()
  console.welcome(liveOf(), {}, 7)
  delta(6, { in: 'agents', key: anna, value: null })
  expect(state.live?.agents).toHaveProperty(anna)
  expect(console.socket.heard).toHaveLength(1)
})

test.each([
  ['no JSON'],
  ['{"type":"surprise"}'],
  ['{"type":"delta","revision":2,"now":0,"changes":[{"in":"agents","key":"x","value":{}}]}'],
])('what is no message of ours is passed over: %s', (text) => {
  const { console, state } = desk()
  console.welcome()
  console.socket.sayText(text)
  expect(state.live).toEqual(liveOf())
  expect(state.link).toEqual({ state: 'open' })
})

test('[W55] comes back within a second for five minutes, then within five, each time after a random wait', () => {
  const { console, state } = desk({ random: 1 })
  const waitOf = () => {
    console.socket.drop()
    const wait = state.link?.state === 'waiting' ? state.link.retryAt - console.ports.now() : -1
    console.pass(wait / 1000)
    return wait
  }
  expect([waitOf(), waitOf(), waitOf()]).toEqual([500, 1000, 1000])
  for (let tries = 0; tries < 297; tries += 1) expect(waitOf()).toBe(1000)
  expect([waitOf(), waitOf(), waitOf()]).toEqual([1000, 5000, 5000])
  // Each outage counts for itself.
  console.welcome()
  expect([waitOf(), waitOf()]).toEqual([500, 1000])
})

test('[W55] a socket that does not open within 4 s is given up, and another one is tried', () => {
  const { console, links } = desk({ random: 1 })
  console.pass(4)
  expect(console.sockets[0]?.closed).toBe(true)
  console.pass(0.5)
  expect(console.sockets).toHaveLength(2)
  console.welcome()
  console.pass(20)
  expect(links).toEqual(['connecting', 'waiting', 'connecting', 'open'])
})

test('is tried at once when somebody asks for it, and not twice', () => {
  const { console, connection } = desk()
  console.socket.drop()
  connection.tryNow()
  connection.tryNow()
  expect(console.sockets).toHaveLength(2)
  console.pass(3)
  expect(console.sockets).toHaveLength(2)
})

test('a socket that says nothing for 25 s is taken for lost', () => {
  const { console, links } = desk()
  console.welcome()
  console.pass(20)
  expect(console.socket.heard.filter(({ type }) => type === 'ping')).toHaveLength(2)
  console.pass(11)
  expect(console.sockets[0]?.closed).toBe(true)
  expect(links).toEqual(['connecting', 'open', 'waiting', 'connecting'])
})

test('where there is reason to doubt it, a socket without a sign of life within 2.5 s is lost, and one with it is kept', () => {
  const { console, connection, links } = desk()
  console.welcome()
  console.pass(1)
  connection.check()
  console.pass(1)
  console.socket.say({ type: 'pong', sent: tenOClock + 1000, now: instant(tenOClock + 2000) })
  console.pass(4)
  expect(links).toEqual(['connecting', 'open'])
  connection.check()
  console.pass(2)
  // Doubting it again gives it no more time.
  connection.check()
  console.pass(0.5)
  expect(console.sockets[0]?.closed).toBe(true)
  expect(links).toEqual(['connecting', 'open', 'waiting'])
  connection.check()
  expect(links.at(-1)).toBe('connecting')
})

test('an ask is answered by its own reply', async () => {
  const { console, connection } = desk()
  console.welcome()
  const asked = connection.ask({ type: 'pause', agent: anna })
  console.socket.say({ type: 'reply', id: 'another', reply: { ok: true } })
  console.replyToLast({ ok: false, problem: { kind: 'forbidden', message: '' } })
  expect(await asked).toEqual({ ok: false, problem: 'forbidden' } satisfies Result<never, AskProblem>)
})

test('an ask that was under way is repeated with the same id after a reconnect', async () => {
  const { console, connection } = desk()
  console.welcome()
  const asked = connection.ask({ type: 'logIn', agent: anna })
  console.socket.drop()
  console.pass(1)
  console.welcome()
  const ask = { type: 'ask', id: 'id-1', ask: { type: 'logIn', agent: anna } }
  expect(console.sockets.map(({ heard }) => heard.filter(({ type }) => type === 'ask'))).toEqual([[ask], [ask]])
  console.replyToLast({ ok: true })
  expect(await asked).toEqual({ ok: true, value: undefined })
})

test('an ask is not sent before the welcome', () => {
  const { console, connection } = desk()
  console.socket.open()
  void connection.ask({ type: 'logIn', agent: anna })
  expect(console.socket.heard.map(({ type }) => type)).toEqual(['hello'])
  console.welcome()
  expect(console.asks()).toHaveLength(1)
})

test('an ask that nobody answered for 30 s is given up, and never sent later', async () => {
  const { console, connection } = desk()
  console.socket.drop()
  const asked = connection.ask({ type: 'logIn', agent: anna })
  console.pass(30)
  expect(await asked).toEqual({ ok: false, problem: 'unavailable' })
  console.welcome()
  expect(console.asks()).toEqual([])
})

test.each(['notSignedIn', 'signedOut', 'protocol'] as const)(
  'a goodbye %s ends it and fails what was asked',
  async (why) => {
    const { console, connection, state } = desk()
    console.welcome()
    const asked = connection.ask({ type: 'logIn', agent: anna })
    console.socket.say({ type: 'goodbye', why })
    expect(state.link).toEqual({ state: 'ended', why })
    expect(await asked).toEqual({ ok: false, problem: 'unavailable' })
    console.pass(60)
    expect(console.sockets).toHaveLength(1)
  },
)

test.each(['slow', 'stopping'] as const)('a goodbye %s is followed by a reconnect', (why) => {
  const { console, state } = desk()
  console.welcome()
  console.socket.say({ type: 'goodbye', why })
  console.pass(1)
  console.welcome()
  expect(state.link).toEqual({ state: 'open' })
})

test('a service of another protocol ends it', () => {
  const { console, state } = desk()
  console.socket.say({
    type: 'welcome',
    protocol: 2,
    signedIn: { account: '', name: '', roles: [], supervises: [] },
    now: at(0),
  })
  expect(state.link).toEqual({ state: 'ended', why: 'protocol' })
})

test('the clocks are compared by the quickest answer', () => {
  const { console, state } = desk()
  console.welcome()
  expect(state.offset).toBe(0)
  const pong = (tripSeconds: number, ahead: number) => {
    const sent = console.ports.now() - tripSeconds * 1000
    console.socket.say({ type: 'pong', sent, now: instant(console.ports.now() - (tripSeconds * 1000) / 2 + ahead) })
  }
  pong(0.2, 4000)
  expect(state.offset).toBe(4000)
  pong(2, 9000)
  expect(state.offset).toBe(4000)
})
