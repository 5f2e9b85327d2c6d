import { spawnSync } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { serverFiles } from '../../../src/switch/asterisk/server/server-files.ts'
import type { ServerOptions } from '../../../src/switch/asterisk/server/server-options.ts'
import { testWith } from '../../e2e/support/peers.ts'
import { startAsterisk } from '../../support/asterisk/start-asterisk.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

testWith('asterisk')('[T1] a real Asterisk loads the generated configuration without a warning', async () => {
  const asterisk = await startAsterisk()
  closing.push(() => asterisk.close())
  expect(asterisk.complaints()).toEqual([])
})

testWith('asterisk', 'openssl')(
  '[T1] so it does with TLS, address translation, a fallback telephone and a trunk that wants a registration',
  async () => {
    const operator = await answersEverything('127.0.0.3')
    const certificate = makeCertificate()
    const [https, sipTls] = [30_000 + Math.floor(Math.random() * 1000), 31_000 + Math.floor(Math.random() * 1000)]
    const asterisk = await startAsterisk({
      options: {
        https: { address: '127.0.0.1', port: https, ...certificate },
        sipTls: { port: sipTls, ...certificate },
        outside: { address: '127.0.0.1', localNetworks: ['127.0.0.0/8'] },
        fallbackNumber: '+46855512345',
        peers: [{ name: 'south', address: '127.0.0.5', port: 5060 }],
        trunks: [
          {
            name: 'trunk',
            host: '127.0.0.3',
            port: operator.address().port,
            transport: 'udp',
            from: ['127.0.0.3', '127.0.4.0/24'],
            account: { user: 'company', password: 'semi;colon' },
            qualifySeconds: 60,
          },
          { name: 'second', host: '127.0.0.4', port: 5061, transport: 'tls', from: ['127.0.0.4'], qualifySeconds: 0 },
        ],
      },
    })
    closing.push(() => asterisk.close())
    const [registered] = (await once(operator, 'message')) as [Buffer]
    expect(registered.toString()).toMatch(/^(REGISTER|OPTIONS) sip:127\.0\.0\.3/)
    expect(asterisk.complaints()).toEqual([])
  },
)

test('[T2] the same options give the same bytes, and only what holds a password is marked as secret', () => {
  const files = serverFiles(options)
  expect(serverFiles(options)).toEqual(files)
  const secrets = files.filter(({ text }) => text.includes('ari-secret') || text.includes('trunk-secret'))
  expect(secrets.map(({ name }) => name)).toEqual(['ari.conf', 'pjsip.conf', 'gruppnummer.json'])
  expect(files.filter(({ secret }) => secret)).toEqual(secrets)
})

test('[T3] ARI, AMI and the softphones are offered on loopback alone', () => {
  const text = (name: string) => serverFiles(options).find((file) => file.name === name)?.text ?? ''
  expect(text('http.conf')).toContain('bindaddr=127.0.0.1\n')
  expect(text('http.conf')).not.toContain('tls')
  expect(text('manager.conf')).toContain('enabled=no')
})

test('[T6] nothing in the dialplan rings anybody, but for the fallback telephone', () => {
  const dialplan = (more: Partial<ServerOptions>) =>
    serverFiles({ ...options, ...more }).find(({ name }) => name === 'extensions.conf')?.text ?? ''
  expect(dialplan({})).not.toMatch(/Dial\(|System|TrySystem|AGI|Transfer\(/)
  // The watch over a caller who is left alone: a wait, in Asterisk itself.
  expect(dialplan({}).match(/Originate\([^,]*,/g)).toEqual(['Originate(Local/wait@gruppnummer-alone/n,'])
  const peers = [{ name: 'south', address: '192.0.2.2', port: 5060 }]
  expect(dialplan({ peers }).match(/Dial\([^,]*/g)).toEqual(['Dial(PJSIP/${USER}'])
  expect(dialplan({ fallbackNumber: '+46855512345' }).match(/Dial\([^,]*/g)).toEqual(['Dial(PJSIP/+46855512345@trunk'])
})

test('[T16] a caller on a trunk may be silent for ever; whether it is there, the far side is asked', () => {
  const pjsip = serverFiles(options).find(({ name }) => name === 'pjsip.conf')?.text ?? ''
  expect(pjsip).not.toContain('rtp_timeout')
  expect(pjsip).toContain('timers=always\n')
})

const options: ServerOptions = {
  application: 'gruppnummer',
  directory: '/etc/asterisk',
  sip: { address: '192.0.2.1', port: 5060 },
  http: { address: '127.0.0.1', port: 8088 },
  rtp: { min: 10_000, max: 19_999 },
  ari: { user: 'gruppnummer', password: 'ari-secret' },
  services: ['127.0.0.1'],
  trunks: [
    {
      name: 'trunk',
      host: '192.0.2.10',
      port: 5060,
      transport: 'udp',
      from: ['192.0.2.10'],
      account: { user: 'company', password: 'trunk-secret' },
      qualifySeconds: 60,
    },
  ],
  language: 'sv',
}

/** An operator who agrees to every request. */
async function answersEverything(address: string): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.bind(0, address)
  await once(socket, 'listening')
  closing.push(() => socket.close())
  socket.on('message', (request, from) => {
    const kept = /^(Via|From|To|Call-ID|CSeq|Contact|Expires):.*\r$/gim
    const lines = (request.toString().match(kept) ?? []).map((line) => line.trim())
    socket.send(`SIP/2.0 200 OK\r\n${lines.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`, from.port, from.address)
  })
  return socket
}

function makeCertificate() {
  const directory = mkdtempSync(join(tmpdir(), 'certificate-'))
  closing.push(() => rmSync(directory, { recursive: true }))
  const [certificate, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')]
  const { status, stderr } = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate],
  ])
  expect(status, String(stderr)).toBe(0)
  return { certificate, key }
}
