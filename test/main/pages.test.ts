import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openPages } from '../../src/main/open-pages.ts'
import { pageFile, pagePolicy } from '../../src/main/pages.ts'
import { temporaryDirectory } from '../support/persistence/temporary-directory.ts'

test.each([
  ['/', 'index.html'],
  ['/desk', 'index.html'],
  ['/admin/numbers/support/agents', 'index.html'],
  ['/card.html', 'card.html'],
  ['/assets/index-B4_x-1.js', 'assets/index-B4_x-1.js'],
])('%s is %s', (path, file) => {
  expect(pageFile(path)?.file).toBe(file)
})

test.each([
  '/../package.json',
  '/assets/../../package.json',
  '/assets/..%2f..%2fpackage.json',
  '/%2e%2e/package.json',
  '/..\\package.json',
  '//server/share/index.html',
  '/assets/nested/deep.js',
  '/secret.exe',
  '/.env',
  '/C:/Windows/win.ini',
])('%s is nothing', (path) => {
  expect(pageFile(path)).toBeUndefined()
})

function console_() {
  const directory = temporaryDirectory()
  mkdirSync(join(directory, 'built/assets'), { recursive: true })
  writeFileSync(join(directory, 'built/index.html'), 'the console')
  writeFileSync(join(directory, 'built/assets/a-1.js'), 'its script')
  writeFileSync(join(directory, 'secret.html'), 'a secret')
  const forwarded: string[] = []
  const answer = openPages({
    directory: join(directory, 'built'),
    service: 'https://tele.example.se',
    forward: (request) => {
      forwarded.push(request.url)
      return Promise.resolve(new Response('the service'))
    },
  })
  return { forwarded, ask: async (url: string, init?: RequestInit) => answer(new Request(url, init)) }
}

test('pages are sent with their policy, and what is asked of the service goes to it', async () => {
  const { ask, forwarded } = console_()
  const page = await ask('app://gruppnummer/desk')
  expect([page.status, await page.text()]).toEqual([200, 'the console'])
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.headers.get('content-security-policy')).toBe(pagePolicy('https://tele.example.se'))
  expect((await ask('app://gruppnummer/assets/a-1.js')).headers.get('content-type')).toContain('text/javascript')
  expect(await (await ask('app://gruppnummer/api/session')).text()).toBe('the service')
  expect(forwarded).toEqual(['app://gruppnummer/api/session'])
})

test.each([
  'app://gruppnummer/../secret.html',
  'app://gruppnummer/%2e%2e/secret.html',
  'app://gruppnummer/assets/missing.js',
  'app://other/desk',
])('%s is not found', async (url) => {
  const answer = await console_().ask(url)
  expect(await answer.text()).not.toContain('secret')
  if (!url.includes('secret')) expect(answer.status).toBe(404)
})

test('a page is only read', async () => {
  expect((await console_().ask('app://gruppnummer/desk', { method: 'POST' })).status).toBe(404)
})

test('the policy lets in nothing from outside, nothing inline, and sockets to the service alone', () => {
  const policy = pagePolicy('https://tele.example.se:8443')
  expect(policy.split(';')).toEqual([
    "default-src 'self'",
    "connect-src 'self' wss://tele.example.se:8443",
    "media-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types vue',
  ])
  expect(pagePolicy('http://127.0.0.1:8330')).toContain("connect-src 'self' ws://127.0.0.1:8330;")
})
