import { spawnSync } from 'node:child_process'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Service } from '../../src/service/start-service.ts'
import { anna, cookieOf, openConsole, redeem, support, twoGroups } from '../service/console/service-scene.ts'
import { fakeClock } from '../support/persistence/fake-clock.ts'
import { temporaryDirectory } from '../support/persistence/temporary-directory.ts'
import { runCommand } from './run-command.ts'

const originIn = (printed: string) => /^Gruppnummer listens on (http:\/\/127\.0\.0\.1:\d+)$/m.exec(printed)?.[1] ?? ''

async function takenPort(): Promise<number> {
  const server = createServer()
  onTestFinished(() => void server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

test('an empty directory begins with a link that makes the first admin, once', async () => {
  const directory = join(temporaryDirectory(), 'data')
  const serving = runCommand('serve', ['--config', directory, '--port', '0'])
  const printed = await serving.prints(/#link=/)
  const origin = originIn(printed)
  expect(printed.split('\n')[0]).toBe(`Gruppnummer listens on ${origin}`)
  const link = /#link=([\w-]{43})$/m.exec(printed)?.[1]

  const answer = await fetch(`${origin}/api/session/link`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ link }),
  })
  expect(await answer.json()).toMatchObject({ name: 'admin', roles: ['admin'] })
  expect(JSON.parse(readFileSync(join(directory, 'gruppnummer.json'), 'utf8'))).toMatchObject({
    groupNumbers: [],
    messages: expect.arrayContaining([expect.objectContaining({ origin: 'prerecorded' })]),
  })
  expect(statSync(directory).mode & 0o77).toBe(0)
  expect(readFileSync(join(directory, 'service.log'), 'utf8')).not.toContain(link)

  serving.process.kill('SIGTERM')
  expect((await serving.ended).code).toBe(0)
  const again = runCommand('serve', ['--config', directory, '--port', '0'])
  expect(await again.prints(/listens on/)).not.toContain('#link=')
})

test('a log-in that was answered is there after a kill, and the next service attaches to the same switch', async () => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'gruppnummer.json'), JSON.stringify(twoGroups))
  const serveAndSignIn = async () => {
    const serving = runCommand('serve', ['--config', directory])
    const origin = originIn(await serving.prints(/listens on/))
    const { stdout } = await runCommand('link', ['admin', '--config', directory]).ended
    const cookie = cookieOf(await redeem({ origin } as Service, stdout.trim()))
    return { serving, console: await openConsole({ origin }, fakeClock(), { cookie }) }
  }
  const before = await serveAndSignIn()
  expect(await before.console.ask({ type: 'logIn', agent: anna })).toEqual({ ok: true })
  await before.console.sees((live) => live.service.service.switch === 'attached')
  before.serving.process.kill('SIGKILL')
  await before.serving.ended

  const after = await serveAndSignIn()
  const live = await after.console.sees(({ service }) => service.service.switch === 'attached')
  expect(live.agents[anna]?.loggedIn).toEqual([support])
  expect(readFileSync(join(directory, 'switch.log'), 'utf8').match(/"what":"started"/g)).toHaveLength(1)
})

test('a second service on the same directory ends with exit code 2 and one line', async () => {
  const directory = temporaryDirectory()
  await runCommand('serve', ['--config', directory, '--port', '0']).prints(/#link=/)
  const { code, stdout, stderr } = await runCommand('serve', ['--config', directory, '--port', '0']).ended
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^gruppnummer serve: .*another service owns this directory.*\n$/)
})

test('a port in use that was asked for ends with exit code 2 and one line', async () => {
  const port = await takenPort()
  const { code, stderr } = await runCommand('serve', ['--config', temporaryDirectory(), '--port', String(port)]).ended
  expect(code).toBe(2)
  expect(stderr).toBe(`gruppnummer serve: 127.0.0.1: port ${port} in use; expected a free one, by --port\n`)
})

test('without a port the next free one is taken, and kept at the next start', async () => {
  const directory = temporaryDirectory()
  const kept = await takenPort()
  writeFileSync(join(directory, 'listening.json'), `{"origin":"http://127.0.0.1:${kept}","port":${kept}}`)
  const first = runCommand('serve', ['--config', directory])
  const origin = originIn(await first.prints(/#link=/))
  const port = Number(new URL(origin).port)
  expect(port).not.toBe(kept)
  expect(port).toBeGreaterThanOrEqual(8330)
  first.process.kill('SIGTERM')
  expect((await first.ended).code).toBe(0)
  expect(originIn(await runCommand('serve', ['--config', directory]).prints(/listens on/))).toBe(origin)
})

test.each<[string, string[], RegExp]>([
  ['off loopback without TLS', ['--host', '0.0.0.0'], /--host 0\.0\.0\.0: expected --tls-cert and --tls-key/],
  ['a certificate without its key', ['--tls-cert', 'x'], /expected both, or neither/],
  ['a certificate that is not there', ['--tls-cert', '/none.pem', '--tls-key', '/none.pem'], /--tls-cert \/none\.pem/],
  ['a port that is none', ['--port', '99999'], /--port 99999: expected a port/],
  ['an option that is none', ['--prot', '1'], /--prot/],
  ['an engine that is none', ['--switch', 'telepathy'], /--switch telepathy: expected embedded or asterisk/],
  ['Asterisk without its file', ['--switch', 'asterisk'], /asterisk.json: expected the file that/],
  ['an RTP range upside down', ['--rtp', '9-5'], /--rtp 9-5: expected MIN-MAX/],
  ['a SIP address that is none', ['--sip-udp', 'localhost:5060'], /--sip-udp localhost:5060: expected an IPv4 address/],
])('%s ends with exit code 2 and one line', async (_, args, words) => {
  const directory = join(temporaryDirectory(), 'never-made')
  const { code, stdout, stderr } = await runCommand('serve', ['--config', directory, ...args]).ended
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(words)
  expect(stderr.split('\n')).toHaveLength(2)
  expect(() => statSync(directory)).toThrow()
})

test('a trunk that is described wrongly is named with file and path', async () => {
  const directory = temporaryDirectory()
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'trunks.json'), '[{"name":"Operatör","address":"sip.example.com"}]')
  const { code, stderr } = await runCommand('serve', ['--config', directory, '--port', '0']).ended
  expect(code).toBe(2)
  expect(stderr).toContain(join(directory, 'trunks.json'))
  expect(stderr).toContain('$.0.address')
})

test.skipIf(spawnSync('openssl', ['version']).status !== 0)(
  '[needs openssl] off loopback it listens by the name in its certificate, and only TLS is spoken',
  async () => {
    const directory = temporaryDirectory()
    const [certificate, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')]
    const made = spawnSync('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate],
    ])
    expect(made.status, String(made.stderr)).toBe(0)
    const tls = ['--tls-cert', certificate, '--tls-key', key]
    const wide = ['--host', '0.0.0.0', '--media-address', '127.0.0.1', '--port', '0']
    const serving = runCommand('serve', ['--config', join(directory, 'data'), ...wide, ...tls])
    const origin = /listens on (https:\/\/localhost:\d+)$/m.exec(await serving.prints(/#link=/))?.[1] ?? ''
    const asked = get(`${origin}/api/health`, { ca: readFileSync(certificate) })
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    expect([answer.statusCode, answer.headers['strict-transport-security']]).toEqual([200, 'max-age=15552000'])
    answer.destroy()
    await expect(fetch(origin.replace('https', 'http'))).rejects.toThrow()
  },
)
