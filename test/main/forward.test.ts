import { expect, test } from 'vitest'
import { openForward } from '../../src/main/forward.ts'
import type { Secret } from '../../src/main/secret-file.ts'
import { anna, startScene } from '../service/console/service-scene.ts'

function secret(): Secret {
  let kept: string | undefined
  return {
    read: () => kept,
    keep: (text) => (kept = text),
    remove: () => (kept = undefined),
  }
}

const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

test('the page signs in at the real service, asks, and signs out; it never sees the token', async () => {
  const { service, accounts } = await startScene()
  await accounts.put({ name: 'anna', roles: ['agent'], agent: anna, supervises: [] }, 'test')
  const link = await service.makeLink('anna')
  if (!link.ok) throw new Error(link.problem)
  const token = secret()
  const forward = openForward({ service: service.origin, token, fetch: (url, init) => fetch(url, init) })
  const ask = (path: string, init?: RequestInit) => forward(new Request(`app://gruppnummer${path}`, init))

  expect((await ask('/api/session')).status).toBe(401)
  const answer = await ask('/api/session/link', json({ link: link.value.split('#link=')[1] }))
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({ name: 'anna' })
  expect([...answer.headers.keys()]).not.toContain('gruppnummer-session')
  expect(token.read()).toMatch(/^[\w-]{20,}$/)

  expect(await (await ask('/api/session')).json()).toMatchObject({ name: 'anna' })
  expect((await ask('/api/password', json({ password: 'correct horse' }))).status).toBe(204)
  expect((await ask('/api/session', { method: 'DELETE' })).status).toBe(204)
  expect(token.read()).toBeUndefined()
  expect((await ask('/api/session')).status).toBe(401)
})

test('what a page says of itself is not believed', async () => {
  const sent: Headers[] = []
  const token = secret()
  token.keep('the-token')
  const forward = openForward({
    service: 'https://tele.example.se',
    token,
    fetch: (url, { headers, redirect }) => {
      expect(url).toBe('https://tele.example.se/api/sounds/a?b=1')
      expect(redirect).toBe('error')
      sent.push(new Headers(headers))
      return Promise.resolve(new Response('', { headers: { 'set-cookie': 'a=b' } }))
    },
  })
  const answer = await forward(
    new Request('app://gruppnummer/api/sounds/a?b=1', {
      headers: { authorization: 'Bearer mine', range: 'bytes=0-', 'accept-language': 'sv' },
    }),
  )
  expect(Object.fromEntries(sent[0] ?? [])).toMatchObject({
    origin: 'app://gruppnummer',
    authorization: 'Bearer the-token',
    range: 'bytes=0-',
  })
  expect([...answer.headers.keys()]).not.toContain('set-cookie')
})

test('no answer from the service is a failed request, and the token stays', async () => {
  const token = secret()
  token.keep('the-token')
  const forward = openForward({
    service: 'https://tele.example.se',
    token,
    fetch: () => Promise.reject(new Error('no route')),
  })
  expect((await forward(new Request('app://gruppnummer/api/session'))).type).toBe('error')
  expect(token.read()).toBe('the-token')
})
