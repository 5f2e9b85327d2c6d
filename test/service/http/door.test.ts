import { expect, test } from 'vitest'
import { openDoor, type Knock } from '../../../src/service/http/door.ts'
import { listeningNames } from '../../../src/service/http/names.ts'

const door = openDoor({
  names: listeningNames('127.0.0.1', undefined),
  port: () => 8330,
  secure: false,
  tokenOrigins: ['app://gruppnummer'],
})
const local = { host: '127.0.0.1:8330' }
const ours = 'http://127.0.0.1:8330'

test.each<[string, Knock, 'host' | 'origin' | undefined]>([
  ['a page of ours', { method: 'POST', headers: { ...local, origin: ours } }, undefined],
  [
    'our page by another of our names',
    { method: 'POST', headers: { host: 'localhost:8330', origin: 'http://localhost:8330' } },
    undefined,
  ],
  ['our IPv6 name', { method: 'GET', headers: { host: '[::1]:8330' } }, undefined],
  ['a program that reads', { method: 'GET', headers: local }, undefined],
  ['a program that writes without an origin', { method: 'POST', headers: local }, 'origin'],
  ['a deletion without an origin', { method: 'DELETE', headers: local }, 'origin'],
  ['another page that writes', { method: 'POST', headers: { ...local, origin: 'https://evil.example' } }, 'origin'],
  ['another page that reads', { method: 'GET', headers: { ...local, origin: 'https://evil.example' } }, 'origin'],
  ['a sandboxed page', { method: 'POST', headers: { ...local, origin: 'null' } }, 'origin'],
  [
    'another port of this machine',
    { method: 'POST', headers: { ...local, origin: 'http://127.0.0.1:3000' } },
    'origin',
  ],
  [
    'our other name, which is another origin',
    { method: 'POST', headers: { ...local, origin: 'http://localhost:8330' } },
    'origin',
  ],
  ['a rebound name', { method: 'GET', headers: { host: 'evil.example:8330' } }, 'host'],
  [
    'a rebound name with its own origin',
    { method: 'POST', headers: { host: 'evil.example:8330', origin: 'http://evil.example:8330' } },
    'host',
  ],
  ['a name that ends like ours', { method: 'GET', headers: { host: 'evil.localhost:8330' } }, 'host'],
  ['our name at another port', { method: 'GET', headers: { host: '127.0.0.1:80' } }, 'host'],
  ['our name without a port', { method: 'GET', headers: { host: '127.0.0.1' } }, 'host'],
  ['no name', { method: 'GET', headers: {} }, 'host'],
  ['a name with a user', { method: 'GET', headers: { host: 'a@127.0.0.1:8330' } }, 'host'],
  ['an upgrade of ours', { method: 'GET', upgrade: true, headers: { ...local, origin: ours } }, undefined],
  ['an upgrade without an origin', { method: 'GET', upgrade: true, headers: local }, 'origin'],
  [
    'an upgrade of another page',
    { method: 'GET', upgrade: true, headers: { ...local, origin: 'https://evil.example' } },
    'origin',
  ],
  [
    'an upgrade of the desktop program',
    { method: 'GET', upgrade: true, headers: { ...local, origin: 'app://gruppnummer' } },
    undefined,
  ],
  [
    'a request of the desktop program',
    { method: 'POST', headers: { ...local, origin: 'app://gruppnummer' } },
    undefined,
  ],
])('%s', (_, knock, refused) => {
  expect(door.refuses(knock)?.kind).toBe(refused)
})

test('off loopback the names are those of the certificate, and a wildcard stands for one label', () => {
  const wide = openDoor({ names: ['*.example.se', 'tele.example.com'], port: () => 443, secure: true })
  const refuses = (host: string) => wide.refuses({ method: 'GET', headers: { host } })?.kind
  expect(refuses('tele.example.com')).toBeUndefined()
  expect(refuses('gn.example.se:443')).toBeUndefined()
  expect(refuses('a.b.example.se')).toBe('host')
  expect(refuses('example.se')).toBe('host')
})
