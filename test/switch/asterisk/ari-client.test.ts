import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import type { AriEvent } from '../../../src/switch/asterisk/ari-messages.ts'
import { openAriClient, type AriOptions } from '../../../src/switch/asterisk/open-ari-client.ts'
import { openFakeAri, type FakeAri } from './fake-ari.ts'

const account = { user: 'gruppnummer', password: 'not told' }
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function fake(answer?: Parameters<typeof openFakeAri>[1]): Promise<FakeAri> {
  const ari = await openFakeAri(account, answer)
  closing.push(() => ari.close())
  return ari
}

async function client(ari: FakeAri, options: Partial<AriOptions> = {}) {
  const events: AriEvent[] = []
  const ends: string[] = []
  let malformed = 0
  const opened = await openAriClient({
    ...account,
    url: ari.url,
    application: 'gruppnummer',
    heard: (event) => events.push(event),
    ended: (why) => ends.push(why),
    malformed: () => malformed++,
    ...options,
  })
  if (opened.ok)
    closing.push(() => {
      opened.value.close()
    })
  return { opened, events, ends, malformed: () => malformed }
}

async function opened(ari: FakeAri, options?: Partial<AriOptions>) {
  const made = await client(ari, options)
  if (!made.opened.ok) throw new Error(JSON.stringify(made.opened.problem))
  return { ...made, ari: made.opened.value }
}

const ping = { method: 'GET', path: '/asterisk/ping', reply: z.object({ ping: z.string() }) } as const

test('asks for the events that it acts on, of every channel', async () => {
  const ari = await fake()
  await opened(ari)
  expect(ari.asked).toMatchObject([
    { method: 'PUT', uri: 'applications/gruppnummer/eventFilter' },
    { method: 'POST', uri: 'applications/gruppnummer/subscription', query: { eventSource: 'channel:' } },
  ])
  const { allowed } = ari.asked[0]?.body as { allowed: { type: string }[] }
  expect(allowed).toContainEqual({ type: 'StasisStart' })
  expect(allowed).not.toContainEqual({ type: 'ChannelVarset' })
})

test('gives each reply to whoever asked', async () => {
  const ari = await fake(({ uri, query }) => ({ status: 200, body: { ping: `${uri} ${query.of ?? ''}` } }))
  const { ari: asked } = await opened(ari)
  const replies = await Promise.all(['a', 'b'].map((of) => asked.request({ ...ping, query: { of } })))
  expect(replies).toEqual(['a', 'b'].map((of) => ({ ok: true, value: { ping: `asterisk/ping ${of}` } })))
})

test.each([
  ['what is refused', () => ({ status: 404 }), { kind: 'refused', status: 404, reason: 'No' }],
  ['a reply of another shape', () => ({ status: 200, body: { pong: 1 } }), { kind: 'malformed' }],
  ['a reply without a body', () => ({ status: 200 }), { kind: 'malformed' }],
])('tells of %s', async (_, reply, problem) => {
  const ari = await fake(({ uri }) => (uri.startsWith('applications/') ? { status: 204 } : reply()))
  const { ari: asked } = await opened(ari)
  expect(await asked.request(ping)).toEqual({ ok: false, problem })
})

test('waits no longer for a reply than it was told to', async () => {
  const ari = await fake(({ uri }) => (uri.startsWith('applications/') ? { status: 204 } : undefined))
  const { ari: asked } = await opened(ari, { requestTimeout: 30 })
  expect(await asked.request(ping)).toEqual({ ok: false, problem: { kind: 'timedOut' } })
})

test('is over when its socket is, for those who wait for a reply too; another can be opened', async () => {
  const ari = await fake(({ uri }) => (uri === 'asterisk/ping' ? undefined : { status: 204 }))
  const first = await opened(ari)
  const waiting = first.ari.request(ping)
  await expect.poll(() => ari.asked.length).toBe(2)
  ari.drops()
  expect(await waiting).toEqual({ ok: false, problem: { kind: 'gone' } })
  expect(first.ends).toEqual(['gone'])
  expect(await first.ari.request(ping)).toEqual({ ok: false, problem: { kind: 'gone' } })
  expect((await client(ari)).opened.ok).toBe(true)
})

test('is over when a connection closes while an answer is awaited: nobody knows what was done', async () => {
  const ari = await fake(({ uri }) => (uri === 'asterisk/ping' ? undefined : { status: 204 }))
  const { ari: asked, ends } = await opened(ari)
  const waiting = asked.request(ping)
  await expect.poll(() => ari.asked.length).toBe(2)
  ari.dropsRequests()
  expect(await waiting).toEqual({ ok: false, problem: { kind: 'gone' } })
  await expect.poll(() => ends).toEqual(['gone'])
})

test('takes one for frozen that does not answer a ping', async () => {
  const ari = await fake()
  const { ends } = await opened(ari, { pingEvery: 20 })
  ari.freezes()
  await expect.poll(() => ends).toEqual(['frozen'])
})

test('says nothing of its end when it is closed', async () => {
  const ari = await fake()
  const { ari: asked, ends } = await opened(ari)
  asked.close()
  await expect.poll(() => ari.sockets).toBe(0)
  expect(ends).toEqual([])
})

test.each([
  ['a user or password that is not known', 401, { kind: 'refused', status: 401, reason: 'No' }],
  ['an Asterisk that is not ready', 503, { kind: 'refused', status: 503, reason: 'No' }],
])('tells of %s', async (_, status, problem) => {
  const ari = await fake()
  ari.refuses(status)
  expect((await client(ari)).opened).toEqual({ ok: false, problem })
})

test('tells that nobody is there', async () => {
  const ari = await openFakeAri(account)
  await ari.close()
  expect((await client(ari)).opened).toEqual({ ok: false, problem: { kind: 'gone' } })
})

const channel = {
  id: '1.1',
  name: 'PJSIP/trunk-00000001',
  state: 'Ring',
  caller: { number: '+46701234567', name: '' },
  dialplan: {
    exten: '+46122260980',
    context: 'gruppnummer-callers',
    app_name: 'Stasis',
    app_data: 'gruppnummer,caller',
  },
}

test('hears what it knows, drops what it cannot believe, and passes over the rest', async () => {
  const ari = await fake()
  const { events, malformed } = await opened(ari)
  for (const text of [
    'not JSON',
    '{"type":7}',
    JSON.stringify({ type: 'StasisStart', args: 'caller', channel }),
    JSON.stringify({ type: 'StasisStart', args: [], channel: { id: '1.1' } }),
    JSON.stringify({ type: 'TextMessageReceived', message: {} }),
    JSON.stringify({ type: 'StasisStart', args: ['caller'], channel }),
  ])
    ari.sends(text)
  await expect.poll(() => events.length).toBe(1)
  expect(events).toMatchObject([{ type: 'StasisStart', args: ['caller'], channel: { id: '1.1' } }])
  expect(malformed()).toBe(4)
})
