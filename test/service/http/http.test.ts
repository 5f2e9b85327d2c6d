import { mkdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { CallerCredential } from '../../../src/contract/console.ts'
import { company } from '../../support/routing/company.ts'
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts'
import { anna, cia, cookieOf, post, redeem, startScene, supportNumber, type Scene } from '../console/service-scene.ts'

const problemOf = async (answer: Response) =>
  ((await answer.json()) as { error: { kind: string; message: string } }).error

test('a link signs in once, with a cookie that no page reads and no other site sends', async () => {
  const { service, accounts } = await startScene()
  await accounts.put({ name: 'anna', roles: ['agent'], agent: anna, supervises: [] }, 'test')
  const link = await service.makeLink('anna')
  if (!link.ok) throw new Error(link.problem)
  expect(link.value).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#link=[\w-]{43}$/)

  const answer = await redeem(service, link.value)
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({ name: 'anna', roles: ['agent'], agent: 'anna', hasPassword: false })
  expect(answer.headers.getSetCookie()[0]).toMatch(
    /^gruppnummer-\d+=[\w-]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/,
  )

  const again = await redeem(service, link.value)
  expect(again.status).toBe(401)
  expect((await problemOf(again)).kind).toBe('link')
})

test('a password is chosen, signs in, and is asked for before another is chosen', async () => {
  const { service, signsIn } = await startScene()
  const cookie = await signsIn({ name: 'anna', agent: anna })
  const { origin } = service
  expect((await post(`${origin}/api/password`, { password: 'correct horse' }, { cookie })).status).toBe(204)

  const wrong = await post(`${origin}/api/session`, { name: 'anna', password: 'wrong' })
  const unknown = await post(`${origin}/api/session`, { name: 'nobody', password: 'wrong' })
  expect([wrong.status, await problemOf(wrong)]).toEqual([unknown.status, await problemOf(unknown)])

  const right = await post(`${origin}/api/session`, { name: 'anna', password: 'correct horse' })
  expect(right.status).toBe(200)
  const other = cookieOf(right)
  expect((await post(`${origin}/api/password`, { password: 'battery staple' }, { cookie: other })).status).toBe(403)
  const change = { current: 'correct horse', password: 'battery staple' }
  expect((await post(`${origin}/api/password`, change, { cookie: other })).status).toBe(204)
})

test('who has a password already is told so by a link, and need not choose one', async () => {
  const { service, signsIn } = await startScene()
  const cookie = await signsIn({ name: 'anna', agent: anna })
  await post(`${service.origin}/api/password`, { password: 'correct horse' }, { cookie })
  const link = await service.makeLink('anna')
  if (!link.ok) throw new Error(link.problem)
  expect(await (await redeem(service, link.value)).json()).toMatchObject({ name: 'anna', hasPassword: true })
})

test('who has just come by a link may replace a forgotten password, and not ten minutes later', async () => {
  const { service, signsIn, clock } = await startScene()
  const { origin } = service
  await post(
    `${origin}/api/password`,
    { password: 'correct horse' },
    { cookie: await signsIn({ name: 'anna', agent: anna }) },
  )
  const again = await signsIn({ name: 'anna', agent: anna })
  expect((await post(`${origin}/api/password`, { password: 'battery staple' }, { cookie: again })).status).toBe(204)
  const late = await signsIn({ name: 'anna', agent: anna })
  clock.pass(600_001)
  expect((await post(`${origin}/api/password`, { password: 'third of them' }, { cookie: late })).status).toBe(403)
})

test('who is signed in is told, until signed out', async () => {
  const { service, signsIn } = await startScene()
  const cookie = await signsIn({ name: 'anna', agent: anna })
  const session = `${service.origin}/api/session`
  expect((await fetch(session)).status).toBe(401)
  expect(await (await fetch(session, { headers: { cookie } })).json()).toMatchObject({ name: 'anna' })
  const out = await fetch(session, { method: 'DELETE', headers: { cookie, origin: service.origin } })
  expect(out.status).toBe(204)
  expect((await fetch(session, { headers: { cookie } })).status).toBe(401)
})

test('the desktop program’s own page signs in with a token instead of the cookie', async () => {
  const { service, signsIn } = await startScene()
  const cookie = await signsIn({ name: 'anna', agent: anna })
  const session = `${service.origin}/api/session`
  const origin = 'app://gruppnummer'
  const link = await service.makeLink('anna')
  if (!link.ok) throw new Error(link.problem)
  const answer = await fetch(`${service.origin}/api/session/link`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ link: link.value.split('#link=')[1] }),
  })
  expect(answer.status).toBe(200)
  expect(answer.headers.getSetCookie()).toEqual([])
  const authorization = `Bearer ${answer.headers.get('gruppnummer-session') ?? ''}`
  expect(await (await fetch(session, { headers: { origin, authorization } })).json()).toMatchObject({ name: 'anna' })
  // Its cookie counts for nothing.
  expect((await fetch(session, { headers: { origin, cookie } })).status).toBe(401)
  expect((await fetch(session, { headers: { origin, authorization: 'Bearer nonsense' } })).status).toBe(401)
  expect((await fetch(session, { method: 'DELETE', headers: { origin, authorization } })).status).toBe(204)
  expect((await fetch(session, { headers: { origin, authorization } })).status).toBe(401)
})

test('a rebound name and another origin are turned away from everything', async () => {
  const { service, signsIn } = await startScene()
  const cookie = await signsIn({ name: 'anna', agent: anna })
  for (const path of ['/', '/api/session', '/api/health', '/caller']) {
    expect(await statusWith(service.port, path, { host: 'evil.example', cookie }), path).toBe(421)
    expect(await statusWith(service.port, path, { origin: 'https://evil.example', cookie }), path).toBe(403)
  }
  const noOrigin = await fetch(`${service.origin}/api/session`, { method: 'DELETE', headers: { cookie } })
  expect(noOrigin.status).toBe(403)
  expect((await fetch(`${service.origin}/api/session`, { headers: { cookie } })).status).toBe(200)
})

test.each(['/api/console', '/sip'])(
  'an upgrade of %s by another page, or by a rebound name, is turned away',
  async (path) => {
    const { service, signsIn } = await startScene()
    const cookie = await signsIn({ name: 'anna', agent: anna })
    const url = `${service.origin.replace('http', 'ws')}${path}`
    expect(await upgradeStatus(url, { origin: 'https://evil.example', cookie })).toBe(403)
    expect(await upgradeStatus(url, { cookie })).toBe(403)
    expect(await upgradeStatus(url, { host: 'evil.example', origin: 'http://evil.example', cookie })).toBe(421)
  },
)

test('an upgrade of any other path is not found', async () => {
  const { service } = await startScene()
  const url = `${service.origin.replace('http', 'ws')}/other`
  expect(await upgradeStatus(url, { origin: service.origin })).toBe(404)
})

test('bodies are parsed and limited, and the answer says what was expected', async () => {
  const { service } = await startScene()
  const url = `${service.origin}/api/session`
  const extra = await post(url, { name: 'a', password: 'b', admin: true })
  expect(extra.status).toBe(400)
  expect((await problemOf(extra)).message).toContain('admin')
  const short = await problemOf(await post(`${service.origin}/api/session/link`, { link: 'short' }))
  expect(short.message).toMatch(/^link: /)
  expect((await post(url, { name: 'a', password: 'b'.repeat(20_000) })).status).toBe(413)
  const form = await fetch(url, {
    method: 'POST',
    headers: { origin: service.origin },
    body: new URLSearchParams('a=b'),
  })
  expect(form.status).toBe(415)
  const broken = await fetch(url, {
    method: 'POST',
    headers: { origin: service.origin, 'content-type': 'application/json' },
    body: '{',
  })
  expect(broken.status).toBe(400)
})

test('the page /caller gets a short-lived credential that the switch knows, on this machine without signing in', async () => {
  let callers: readonly { user: string; until: number }[] = []
  const { service, clock } = await startScene({
    switch: (scripted) => ({
      ...scripted,
      prepare: (setup) => {
        callers = setup.callers
        return scripted.prepare(setup)
      },
    }),
  })
  const answer = await post(`${service.origin}/api/caller`)
  expect(answer.status).toBe(200)
  const credential = (await answer.json()) as CallerCredential
  expect(credential.numbers[0]).toEqual({ number: supportNumber, name: expect.any(String) })
  expect(credential.until).toBe(clock.now() + 600_000)
  expect(callers).toMatchObject([{ user: credential.user, until: credential.until }])
  expect(JSON.stringify(callers)).not.toContain(credential.secret)

  clock.pass(600_000)
  await post(`${service.origin}/api/caller`)
  expect(callers).toHaveLength(1)
})

test('sign-in attempts from one address are limited', async () => {
  const { service } = await startScene()
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => post(`${service.origin}/api/session/link`, { link: 'x'.repeat(43) })),
  )
  const limited = answers.filter(({ status }) => status === 429)
  expect(limited).toHaveLength(10)
  expect((await problemOf(limited[0]!)).kind).toBe('tooMany')
})

test('a message is heard by those who work with it, by parts too', async () => {
  const scene = await withSound()
  const url = `${scene.service.origin}/api/sounds/hello`
  const annas = await scene.signsIn({ name: 'anna', agent: anna })
  const heard = await fetch(url, { headers: { cookie: annas } })
  expect(heard.status).toBe(200)
  expect(heard.headers.get('content-type')).toContain('audio')
  expect(await heard.text()).toBe('RIFF of support')
  const part = await fetch(url, { headers: { cookie: annas, range: 'bytes=0-3' } })
  expect([part.status, await part.text()]).toEqual([206, 'RIFF'])

  expect((await fetch(url)).status).toBe(401)
  const cias = await scene.signsIn({ name: 'cia', agent: cia })
  expect((await fetch(url, { headers: { cookie: cias } })).status).toBe(404)
  expect(
    (await fetch(`${scene.service.origin}/api/sounds/..%2F..%2Faccounts.json`, { headers: { cookie: annas } })).status,
  ).toBe(404)
})

async function withSound(): Promise<Scene> {
  const directory = temporaryDirectory()
  mkdirSync(join(directory, 'audio'))
  writeFileSync(join(directory, 'audio', 'hello.wav'), 'RIFF of support')
  const message = {
    id: 'hello',
    name: 'Hej',
    kind: 'welcome',
    groupNumber: 'support',
    language: 'sv',
    transcript: 'Hej',
    seconds: 1,
    file: 'audio/hello.wav',
    sha256: '0'.repeat(64),
    origin: 'recorded',
  }
  const groups = [
    { id: 'support', number: supportNumber, members: ['anna'] },
    { id: 'sales', number: '+46122260990', members: ['cia'] },
  ]
  return startScene({ directory, configuration: company(groups, { messages: [message as never] }) })
}

test('the console is served under a strict policy, and every page of it at any address of its own', async () => {
  const consoleDirectory = temporaryDirectory()
  mkdirSync(join(consoleDirectory, 'assets'))
  writeFileSync(join(consoleDirectory, 'index.html'), 'the console')
  writeFileSync(join(consoleDirectory, 'caller.html'), 'the caller')
  writeFileSync(join(consoleDirectory, 'assets', 'main-1a2b.js'), 'code')
  const { service } = await startScene({ consoleDirectory })

  const home = await fetch(`${service.origin}/`)
  expect(await home.text()).toBe('the console')
  expect(home.headers.get('content-security-policy')).toBe(
    "default-src 'self';connect-src 'self';media-src 'self' blob:;object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none';require-trusted-types-for 'script';trusted-types vue",
  )
  expect(home.headers.get('permissions-policy')).toContain('microphone=(self)')
  expect(home.headers.get('x-content-type-options')).toBe('nosniff')
  expect(home.headers.get('cache-control')).toBe('no-cache')
  expect(await (await fetch(`${service.origin}/groups/support`)).text()).toBe('the console')
  expect(await (await fetch(`${service.origin}/caller`)).text()).toBe('the caller')
  const code = await fetch(`${service.origin}/assets/main-1a2b.js`)
  expect(code.headers.get('cache-control')).toContain('immutable')
  expect((await fetch(`${service.origin}/assets/gone.js`)).status).toBe(404)
  expect((await fetch(`${service.origin}/api/nothing`)).status).toBe(404)
})

test('where the console is not built, it says how to build it', async () => {
  const { service } = await startScene()
  const home = await fetch(`${service.origin}/`)
  expect(home.status).toBe(503)
  expect(await home.text()).toContain('npm run build')
})

test('no secret, token or cookie is in the log', async () => {
  const scene = await startScene()
  const cookie = await scene.signsIn({ name: 'anna', agent: anna })
  const desk = await scene.opensConsole(cookie)
  const { softphone } = await desk.hears('welcome')
  const { secret } = (await (await post(`${scene.service.origin}/api/caller`)).json()) as CallerCredential
  await post(`${scene.service.origin}/api/session`, { name: 'anna', password: 'correct horse' })
  const log = scene.logged.join('')
  expect(log).toContain('listening')
  for (const hidden of [cookie.split('=')[1] ?? '', softphone?.secret ?? '', secret, 'correct horse']) {
    expect(hidden.length).toBeGreaterThan(8)
    expect(log).not.toContain(hidden)
  }
})

function statusWith(port: number, path: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers: { host: `127.0.0.1:${port}`, ...headers } })
    asked.on('response', (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    asked.on('error', reject)
    asked.end()
  })
}

function upgradeStatus(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, { headers })
    socket.on('unexpected-response', (_, answer) => resolve(answer.statusCode))
    socket.on('open', () => resolve(101))
    socket.on('error', () => undefined)
  })
}
