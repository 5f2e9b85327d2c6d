import { afterEach, expect, test } from 'vitest'
import { openAriLanes, orderOf } from '../../../src/switch/asterisk/open-ari-lanes.ts'
import { openFakeAri, type AskedOfAri } from './fake-ari.ts'

const account = { user: 'gruppnummer', password: 'not told' }
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function lanes(answer: (asked: AskedOfAri) => { status: number; body?: unknown } | undefined) {
  const ari = await openFakeAri(account, answer)
  let ended = 0
  const authorization = `Basic ${btoa(`${account.user}:${account.password}`)}`
  const opened = openAriLanes({ url: ari.url, authorization, ended: () => ended++ })
  closing.push(
    () => ari.close(),
    () => {
      opened.close()
    },
  )
  return { ari, lanes: opened, ended: () => ended }
}

test('a call does not wait for another that Asterisk does not answer, and what is asked of one keeps its order', async () => {
  const { ari, lanes: to } = await lanes(({ uri }) => (uri.startsWith('channels/slow/') ? undefined : { status: 204 }))
  void to.ask({ method: 'POST', path: '/channels/slow/answer' })
  void to.ask({ method: 'POST', path: '/channels/slow/play' })
  await expect.poll(() => ari.asked.map(({ uri }) => uri)).toContain('channels/slow/answer')
  expect(await to.ask({ method: 'POST', path: '/channels/quick/answer' })).toEqual({ ok: true, value: '' })
  expect(to.waiting).toBe(2)
  expect(ari.connections).toBe(2)
})

test('what can wait is asked when nothing urgent is open, and soon all the same', async () => {
  const { ari, lanes: to } = await lanes(({ uri }) => (uri.endsWith('/unheard') ? undefined : { status: 204 }))
  const answer = (id: string) => to.ask({ method: 'POST', path: `/channels/${id}/answer`, patient: true })
  const ring = (id: string) => to.ask({ method: 'POST', path: `/channels/${id}`, urgent: true })
  await Promise.all([answer('caller'), ring('leg')])
  expect(ari.asked.map(({ uri }) => uri)).toEqual(['channels/leg', 'channels/caller/answer'])
  void ring('unheard')
  expect(await answer('other')).toMatchObject({ ok: true })
  expect(to.waiting).toBe(1)
})

test('what is asked of a channel behind something that can wait takes it along', async () => {
  const { ari, lanes: to } = await lanes(({ uri }) => (uri.endsWith('/unheard') ? undefined : { status: 204 }))
  void to.ask({ method: 'POST', path: '/channels/unheard', urgent: true })
  void to.ask({ method: 'POST', path: '/channels/caller/answer', patient: true })
  await to.ask({ method: 'POST', path: '/channels/caller/play' })
  expect(ari.asked.map(({ uri }) => uri).filter((uri) => uri.includes('caller'))).toEqual([
    'channels/caller/answer',
    'channels/caller/play',
  ])
})

test('of many at once no more connections are opened than fit into the backlog of Asterisk', async () => {
  const { lanes: to } = await lanes(() => ({ status: 204 }))
  const each = Array.from({ length: 40 }, (_, at) => to.ask({ method: 'POST', path: `/channels/${String(at)}/answer` }))
  expect(to.connections).toBe(4)
  expect(await Promise.all(each)).toEqual(Array.from({ length: 40 }, () => ({ ok: true, value: '' })))
})

test('one connection is enough for one after the other', async () => {
  const { ari, lanes: to } = await lanes(({ uri, body }) => ({ status: 200, body: { uri, body } }))
  for (const id of ['a', 'b', 'ö c'])
    expect(
      await to.ask({
        method: 'POST',
        path: `/channels/${encodeURIComponent(id)}/play`,
        query: { of: 'å &b' },
        body: { id },
      }),
    ).toMatchObject({ ok: true })
  expect(ari.connections).toBe(1)
  expect(ari.asked.at(-1)).toMatchObject({ query: { of: 'å &b' }, body: { id: 'ö c' } })
})

test('a connection that closes while nothing is asked is no loss', async () => {
  const { ari, lanes: to, ended } = await lanes(() => ({ status: 204 }))
  const ask = () => to.ask({ method: 'GET', path: '/channels' })
  await ask()
  ari.dropsRequests()
  await expect.poll(() => to.connections).toBe(0)
  expect(await ask()).toMatchObject({ ok: true })
  expect(ended()).toBe(0)
})

test('what is asked of a channel, and of the bridge of its call, keeps its order', () => {
  const keys = [
    { path: '/channels/1.1/answer' },
    { path: '/channels/create', query: { channelId: '1.1' } },
    { path: '/channels/other/snoop/1.1' },
    { path: '/bridges/gruppnummer-talk-1.1' },
    { path: '/bridges/gruppnummer-talk-1.1/addChannel', query: { channel: 'gruppnummer-leg' } },
    { path: '/bridges/gruppnummer-aside-1.1/removeChannel', query: { channel: 'gruppnummer-leg' } },
    { path: '/bridges/gruppnummer-music-abc/addChannel', query: { channel: '1.1' } },
  ].map(orderOf)
  expect(new Set(keys)).toEqual(new Set(['1.1']))
})

test('shared music keeps an order of its own', () => {
  expect(orderOf({ path: '/bridges/gruppnummer-music-abc/play/1' })).toBe('gruppnummer-music-abc')
  expect(orderOf({ path: '/playbacks/1', lane: 'gruppnummer-music-abc' })).toBe('gruppnummer-music-abc')
})
