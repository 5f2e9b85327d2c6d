import { expect, test } from 'vitest'
import { failed, ok } from '../../../src/core/result.ts'
import { openBridges, openLine } from '../../../src/switch/asterisk/line.ts'
import type { AriClient, AriRequest } from '../../../src/switch/asterisk/open-ari-client.ts'

type Asked = Omit<AriRequest<unknown>, 'reply'>

function lineTo(
  channel: string,
  { answers = () => Promise.resolve(ok(undefined)), ...more }: { making?: true; answers?: AriClient['send'] } = {},
) {
  const asked: Asked[] = []
  const send = (request: Asked) => {
    asked.push(request)
    return answers(request)
  }
  const ari = { send } as Partial<AriClient> as AriClient
  const none = () => Promise.resolve(undefined)
  const line = openLine({
    ...{ ari, channel, answered: true, ...more },
    streams: { prepare: none, entered: () => undefined, left: () => undefined },
    bridges: openBridges(ari),
    troubled: () => undefined,
  })
  return { line, asked }
}

test('what is to be written on a channel waits until Asterisk has taken it in, which refuses it before', () => {
  const { line, asked } = lineTo('leg', { making: true })
  line.write('STATE', 'first')
  line.write('STATE', 'second')
  expect(asked).toEqual([])
  line.entered()
  expect(asked).toEqual([
    { method: 'POST', path: '/channels/leg/variable', body: { variable: 'STATE', value: 'second' } },
  ])
})

test('a variable is written at once where nothing sounds, and after what is played', async () => {
  const { line, asked } = lineTo('caller')
  line.write('STATE', 'first')
  expect(asked.map(({ path }) => path)).toEqual(['/channels/caller/variable'])
  line.wants({ kind: 'playback', id: 'p1', files: ['beep'], millis: 100 })
  await expect.poll(() => asked.map(({ path }) => path)).toContain('/channels/caller/play/p1')
  const before = asked.length
  line.write('STATE', 'second')
  expect(asked).toHaveLength(before)
  line.finished('p1')
  expect(asked.at(-1)).toMatchObject({ body: { variable: 'STATE', value: 'second' } })
})

test('[T12] a bridge that somebody could not come into is ended with its call all the same', async () => {
  const asked: string[] = []
  const send = ({ method, path }: Asked) => {
    asked.push(`${method} ${path}`)
    return Promise.resolve({ ok: true, value: undefined } as const)
  }
  const bridges = openBridges({ send } as Partial<AriClient> as AriClient)
  await bridges.make('talk-1')
  bridges.doubt('talk-1')
  bridges.end('talk-1')
  bridges.end('talk-1')
  expect(asked.splice(0)).toEqual(['POST /bridges/talk-1', 'DELETE /bridges/talk-1'])

  await bridges.make('talk-2')
  bridges.doubt('talk-2')
  await bridges.make('talk-2')
  await bridges.make('talk-2')
  bridges.end('talk-2')
  expect(asked).toEqual(['POST /bridges/talk-2', 'POST /bridges/talk-2', 'DELETE /bridges/talk-2'])
})

test('[T10] who is led away from the others is looked after before', async () => {
  const { line, asked } = lineTo('caller')
  line.wants({ kind: 'bridge', id: 'talk' })
  await expect.poll(() => line.hears.kind).toBe('bridge')
  line.wants({ kind: 'music', id: 'music' })
  await expect.poll(() => asked.map(({ path }) => path)).toContain('/bridges/music/addChannel')
  const paths = asked.map(({ path }) => path)
  expect(paths.indexOf('/channels/caller/variable')).toBeLessThan(paths.indexOf('/bridges/talk/removeChannel'))
  expect(paths.indexOf('/channels/caller/variable')).toBeGreaterThan(0)
})

test('two who are joined in one moment are joined in one request; where that is refused, each alone', async () => {
  const asked: Asked[] = []
  const send = (request: Asked) => {
    asked.push(request)
    const together = request.query?.channel?.includes(',') === true
    return Promise.resolve(
      together ? failed({ kind: 'refused', status: 404, reason: 'gone' } as const) : ok<unknown>(undefined),
    )
  }
  const bridges = openBridges({ send } as Partial<AriClient> as AriClient)
  const joined = await Promise.all(['caller', 'leg'].map((channel) => bridges.join('talk', channel, () => undefined)))
  expect(joined.map((each) => each.ok)).toEqual([true, true])
  expect(asked.map(({ query }) => query?.channel)).toEqual(['caller,leg', 'caller', 'leg'])
})

test('a conversation is asked for whole, before any of it is answered', async () => {
  const { line, asked } = lineTo('caller', { answers: () => new Promise(() => undefined) })
  line.wants({ kind: 'bridge', id: 'talk' })
  await expect.poll(() => asked.map(({ path }) => path)).toContain('/channels/caller/variable')
  expect(asked.map(({ path }) => path)).toEqual([
    '/bridges/talk',
    '/bridges/talk/addChannel',
    '/channels/caller/variable',
  ])
})

test('[T10] who could not come into the company of others is looked after again', async () => {
  const { line, asked } = lineTo('caller', {
    answers: ({ path }) =>
      Promise.resolve(
        path.endsWith('/addChannel') ? failed({ kind: 'refused', status: 404, reason: 'gone' }) : ok(undefined),
      ),
  })
  line.wants({ kind: 'bridge', id: 'talk' })
  const limits = () => asked.flatMap(({ body }) => (body === undefined ? [] : [body]))
  await expect.poll(limits).toHaveLength(2)
  expect(limits()).toEqual(['0', '33'].map((value) => ({ variable: 'TIMEOUT(absolute)', value })))
})
