import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { gruppnummer } from './command.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'asterisk-config-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const write = (...args: string[]) => gruppnummer(['asterisk-config', join(directory, 'etc'), ...args])
const file = (name: string) => readFileSync(join(directory, 'etc', name), 'utf8')
const contents = () =>
  readdirSync(join(directory, 'etc'), { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => [name, statSync(join(directory, 'etc', name)).isFile() ? file(name) : 'directory'])

test('[T2] run again it changes nothing, not even the password, which is never printed', () => {
  const first = write('--trunk', '192.0.2.10')
  expect(first).toMatchObject({ code: 0, err: '' })
  const { servers } = JSON.parse(file('gruppnummer.json')) as { servers: { password: string }[] }
  const password = servers[0]?.password ?? ''
  expect(password).toMatch(/^[\w-]{43}$/)
  expect(file('ari.conf')).toContain(`password=${password}\n`)
  for (const name of ['ari.conf', 'pjsip.conf', 'gruppnummer.json'])
    expect(statSync(join(directory, 'etc', name)).mode & 0o777, name).toBe(0o600)
  const before = contents()

  const second = write('--trunk', '192.0.2.10')
  expect(second).toMatchObject({ code: 0, err: '' })
  expect(second.out).toContain(`${String(before.filter(([, text]) => text !== 'directory').length)} files unchanged`)
  expect(contents()).toEqual(before)
  expect(first.out + second.out).not.toContain(password)
})

test('[T2] a file with another content is never overwritten unsaid, and nothing else is written then', () => {
  write('--trunk', '192.0.2.10')
  writeFileSync(join(directory, 'etc/rtp.conf'), '[general]\nrtpstart=5000\n')
  const before = contents()
  const refused = write('--trunk', '192.0.2.11')
  expect(refused).toMatchObject({ code: 2, out: '' })
  expect(refused.err).toContain('rtp.conf, pjsip.conf are there with another content; nothing was written')
  expect(contents()).toEqual(before)

  const replaced = write('--trunk', '192.0.2.11', '--replace')
  expect(replaced.out).toContain('rtp.conf: replaced, the old is rtp.conf.old')
  expect(file('rtp.conf.old')).toContain('rtpstart=5000')
  expect(statSync(join(directory, 'etc/pjsip.conf.old')).mode & 0o777).toBe(0o600)
  expect(file('pjsip.conf')).toContain('match=192.0.2.11\n')
})

test('says what an operator wants to be told, and keeps the password in the file for it', () => {
  const secret = join(directory, 'secret')
  writeFileSync(secret, 'hunter2;3\n')
  const trunk = ['--trunk', 'sip.example.net:5062', '--trunk-from', '192.0.2.10,198.51.100.0/24']
  const account = ['--trunk-user', '46812345678', '--trunk-password-file', secret]
  const places = ['--sip', '192.0.2.1:5060', '--outside', '203.0.113.5', '--local-net', '192.0.2.0/24']
  const { code, out, err } = write(...trunk, ...account, ...places, '--fallback-number', '+46701234567')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).not.toContain('hunter2')
  const pjsip = file('pjsip.conf')
  for (const line of [
    'contact=sip:sip.example.net:5062',
    'match=198.51.100.0/24',
    'permit=192.0.2.10/32',
    'permit=198.51.100.0/24',
    String.raw`password=hunter2\;3`,
    'client_uri=sip:46812345678@sip.example.net',
    'external_media_address=203.0.113.5',
  ])
    expect(pjsip).toContain(`${line}\n`)
  expect(file('extensions.conf')).toContain('Dial(PJSIP/+46701234567@trunk,')
})

test.each<[string, string[], string]>([
  ['ARI in the clear off loopback', ['--http', '0.0.0.0:8088'], '--http 0.0.0.0:8088: expected a loopback address'],
  ['https without a certificate', ['--https', '192.0.2.1:8089'], '--https: expected --tls-cert and --tls-key too'],
  ['half a certificate', ['--tls-cert', '/a'], '--tls-cert and --tls-key: expected both'],
  ['a trunk by name without addresses', ['--trunk', 'sip.example.net'], 'expected --trunk-from too'],
  ['a trunk that is a line of its own', ['--trunk', 'a\nb'], 'expected a host name'],
  ['a network of the whole world', ['--trunk', '192.0.2.1', '--trunk-from', '0.0.0.0/0'], '--trunk-from 0.0.0.0/0'],
  ['a user without a password', ['--trunk', '192.0.2.1', '--trunk-user', 'a'], 'expected both, or neither'],
  ['trunk options without a trunk', ['--trunk-user', 'a'], '--trunk-user: expected --trunk HOST[:PORT] too'],
  [
    'a password file that is not there',
    ['--trunk', '192.0.2.1', '--trunk-user', 'a', '--trunk-password-file', '/none'],
    'cannot be read',
  ],
  [
    'TLS to the trunk without its port',
    ['--trunk', '192.0.2.1', '--trunk-transport', 'tls'],
    'expected --sip-tls PORT too',
  ],
  ['a port of none', ['--sip', '192.0.2.1:70000'], '--sip 70000: expected a port'],
  ['no ports for sound', ['--rtp', '10000-10000'], '--rtp 10000-10000: expected MIN-MAX'],
  ['a fallback number without a trunk', ['--fallback-number', '+46701234567'], 'expected --trunk too'],
  ['a relative path', ['--for', 'etc'], '--for etc: expected an absolute path'],
  ['an application with a comma', ['--application', 'a,b'], '--application a,b: expected small letters'],
  ['a language we do not speak', ['--language', 'no'], '--language no: expected sv or en'],
  ['an unknown option', ['--ari-password', 'x'], "Unknown option '--ari-password'"],
])('refuses %s in one line, and writes nothing', (_, args, expected) => {
  const { code, out, err } = write(...args)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err.trim()).toContain(expected)
  expect(existsSync(join(directory, 'etc'))).toBe(false)
})

test('tells of the other servers under the same service', () => {
  const own = ['--name', 'north', '--sip', '192.0.2.1:5060']
  expect(write(...own, '--peer', 'south=192.0.2.2:5060,east=192.0.2.3:5070')).toMatchObject({ code: 0, err: '' })
  expect(file('pjsip.conf')).toContain('[peer-east](trunk-endpoint)')
  expect(file('pjsip.conf')).toContain('contact=sip:192.0.2.3:5070\n')
  expect(file('pjsip.conf')).toContain('permit=192.0.2.2/32\n')
  expect(file('extensions.conf')).toContain('[gruppnummer-peers]')
  expect(JSON.parse(file('gruppnummer.json'))).toMatchObject({ servers: [{ name: 'north' }] })
})

test.each([
  [['--name', 'north'], '--name and --peer: expected both, or neither'],
  [['--name', 'north', '--peer', 'south'], '--peer south: expected NAME=A:PORT'],
  [['--name', 'north', '--peer', 'south=here'], '--peer here: expected an IPv4 address and a port'],
  [['--name', 'north', '--peer', 'north=192.0.2.2:5060'], '--peer north: expected each server once'],
])('refuses %j', (args, problem) => {
  const { code, err } = write(...args)
  expect(code).toBe(2)
  expect(err).toContain(problem)
  expect(existsSync(join(directory, 'etc'))).toBe(false)
})
