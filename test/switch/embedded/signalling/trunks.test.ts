import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { reliableDatagrams } from '../../../../src/switch/embedded/sip/reliable-datagrams.ts'
import { fakeClock } from '../../../support/persistence/fake-clock.ts'
import { caller, embeddedScene, groupNumber, invitation, type Scene } from '../../../support/sip/embedded-scene.ts'
import { ha1, inDialog } from '../../../support/sip/sip-peer.ts'

const options = { method: 'OPTIONS', uri: 'sip:gruppnummer@127.0.0.1' }

describe('SIP over UDP', () => {
  let scene: Scene
  beforeEach(async () => {
    scene = await embeddedScene()
  })
  afterEach(() => scene.close())

  test('is taken from configured trunks alone: others hear nothing', async () => {
    const [stranger, trunk] = [await scene.trunk('127.0.0.9'), await scene.trunk()]
    stranger.ask(options)
    stranger.ask(invitation())
    // What came after has been answered, so what came before has been dropped.
    expect((await trunk.answerTo(trunk.ask(options))).status).toBe(200)
    expect(stranger.heard).toEqual([])
    expect(scene.engine.calls).toBe(0)
  })

  test('is taken from the port of the trunk alone, where it names one', async () => {
    const [wrong, right] = [await scene.trunk(), await scene.trunk()]
    await scene.prepare({ trunks: [{ name: 'trunk', address: '127.0.0.1', port: right.port }] })
    wrong.ask(options)
    expect((await right.answerTo(right.ask(options))).status).toBe(200)
    expect(wrong.heard).toEqual([])
  })

  test('asks a trunk with an account for its password', async () => {
    const account = { user: 'line', password: 'line-secret' }
    await scene.prepare({
      trunks: [{ name: 'trunk', address: '127.0.0.1', account: { user: account.user, ha1: ha1(account) } }],
    })
    const trunk = await scene.trunk()
    expect((await trunk.askWithDigest(invitation(), { ...account, password: 'wrong' })).status).toBe(401)
    const answering = trunk.askWithDigest(invitation(), account)
    const { call, from } = await scene.service.told('callArrived')
    expect(from).toBe(caller)
    await scene.does({ type: 'answer', call })
    expect((await answering).status).toBe(200)
  })

  test('refuses a number that nobody answers', async () => {
    const trunk = await scene.trunk()
    expect((await trunk.answerTo(trunk.ask(invitation({ to: '+46122260989' })))).status).toBe(404)
  })

  test('refuses to register anybody', async () => {
    const trunk = await scene.trunk()
    const asked = trunk.ask({
      method: 'REGISTER',
      uri: 'sip:gruppnummer.invalid',
      to: '<sip:anna@gruppnummer.invalid>',
    })
    expect((await trunk.answerTo(asked)).status).toBe(405)
  })

  test('takes a repeated INVITE for the same call', async () => {
    const trunk = await scene.trunk()
    const invite = trunk.ask(invitation())
    await scene.service.told('callArrived')
    trunk.send(invite.text)
    await trunk.answerTo(trunk.ask(options))
    expect(scene.engine.calls).toBe(1)
    expect(trunk.heard.filter(({ status, method }) => method === 'INVITE' && status === 180)).toHaveLength(2)
  })

  test('goes on answering after a flood, and lets what is too much fall', async () => {
    const trunk = await scene.trunk()
    for (let sent = 0; sent < 1500; sent += 1) {
      trunk.ask(options)
      // The socket's buffer is emptied now and then.
      if (sent % 100 === 99) await new Promise((resolve) => setImmediate(resolve))
    }
    scene.clock.pass(10_000)
    const { call } = await scene.callIn(trunk)
    expect(call).toBeDefined()
    expect(trunk.heard.filter(({ method }) => method === 'OPTIONS').length).toBeLessThanOrEqual(1001)
  })

  test('finds the dialog when the trunk goes on from another port', async () => {
    const [first, second] = [await scene.trunk(), await scene.trunk()]
    const { dialog } = await scene.callIn(first)
    const bye = second.ask(inDialog(dialog, { method: 'BYE' }))
    expect((await second.answerTo(bye)).status).toBe(200)
    await scene.service.told('callerHungUp')
  })
})

describe('what a network loses', () => {
  const request = (method: string) =>
    `${method} sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP b;branch=z9hG4bK1\r\nCSeq: 1 ${method}\r\n\r\n`
  const answer = (status: number, method: string) =>
    `SIP/2.0 ${status} X\r\nVia: SIP/2.0/UDP b;branch=z9hG4bK1\r\nCSeq: 1 ${method}\r\n\r\n`

  function line() {
    const clock = fakeClock()
    const sent: { at: number; message: string }[] = []
    const start = clock.now()
    const reliable = reliableDatagrams(clock, (message) => sent.push({ at: clock.now() - start, message }))
    return { clock, sent, reliable, times: () => sent.map(({ at }) => at) }
  }

  test('an INVITE is sent again at doubled times (timer A), until any answer', () => {
    const { clock, reliable, times } = line()
    reliable.send(request('INVITE'))
    clock.pass(4000)
    expect(times()).toEqual([0, 500, 1500, 3500])
    reliable.heardResponse({ method: 'INVITE', viaBranch: 'z9hG4bK1', statusCode: 100 })
    clock.pass(60_000)
    expect(times()).toHaveLength(4)
  })

  test('another request is sent again at most every 4 s (timer E), and slowly once it is in hand', () => {
    const { clock, reliable, times } = line()
    reliable.send(request('BYE'))
    clock.pass(12_000)
    expect(times()).toEqual([0, 500, 1500, 3500, 7500, 11_500])
    clock.pass(60_000)
    // 64 x T1.
    expect(Math.max(...times())).toBeLessThan(36_000)
    const later = line()
    later.reliable.send(request('BYE'))
    later.reliable.heardResponse({ method: 'BYE', viaBranch: 'z9hG4bK1', statusCode: 100 })
    later.clock.pass(9000)
    expect(later.times()).toEqual([0, 500, 4500, 8500])
    later.reliable.heardResponse({ method: 'BYE', viaBranch: 'z9hG4bK1', statusCode: 200 })
    later.clock.pass(60_000)
    expect(later.times()).toHaveLength(4)
  })

  test('a refusal of an INVITE is sent again until its ACK (timer G)', () => {
    const { clock, reliable, times } = line()
    expect(reliable.heardRequest({ method: 'INVITE', viaBranch: 'z9hG4bK1' })).toBe('new')
    reliable.send(answer(486, 'INVITE'))
    clock.pass(1500)
    expect(times()).toEqual([0, 500, 1500])
    expect(reliable.heardRequest({ method: 'ACK', viaBranch: 'z9hG4bK1' })).toBe('new')
    clock.pass(60_000)
    expect(times()).toHaveLength(3)
  })

  test('a repeated request is given the last answer again (timer J), for 32 s', () => {
    const { clock, reliable, sent } = line()
    reliable.heardRequest({ method: 'BYE', viaBranch: 'z9hG4bK1' })
    expect(reliable.heardRequest({ method: 'BYE', viaBranch: 'z9hG4bK1' })).toBe('repeated')
    expect(sent).toEqual([])
    reliable.send(answer(200, 'BYE'))
    expect(reliable.heardRequest({ method: 'BYE', viaBranch: 'z9hG4bK1' })).toBe('repeated')
    expect(sent).toHaveLength(2)
    clock.pass(32_001)
    reliable.send(answer(200, 'OPTIONS'))
    expect(reliable.heardRequest({ method: 'BYE', viaBranch: 'z9hG4bK1' })).toBe('new')
  })

  test('a repeated refusal of our INVITE is acknowledged again (timer D)', () => {
    const { reliable, sent } = line()
    reliable.send(request('INVITE'))
    reliable.heardResponse({ method: 'INVITE', viaBranch: 'z9hG4bK1', statusCode: 486 })
    reliable.send(request('ACK'))
    reliable.heardResponse({ method: 'INVITE', viaBranch: 'z9hG4bK1', statusCode: 486 })
    expect(sent.map(({ message }) => message.slice(0, 3))).toEqual(['INV', 'ACK', 'ACK'])
  })
})

const sipp = '/usr/bin/sipp'

describe.skipIf(!existsSync(sipp))('[needs SIPp] SIPp', () => {
  const scenario = `<?xml version="1.0"?>
<scenario name="basic call">
  <send retrans="500"><![CDATA[

    INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: "Sipp" <sip:+46701234567@[local_ip]:[local_port]>;tag=[call_number]
    To: <sip:[service]@[remote_ip]:[remote_port]>
    Call-ID: [call_id]
    CSeq: 1 INVITE
    Contact: <sip:sipp@[local_ip]:[local_port]>
    Max-Forwards: 70
    Content-Type: application/sdp
    Content-Length: [len]

    v=0
    o=- 1 1 IN IP4 [local_ip]
    s=-
    c=IN IP4 [media_ip]
    t=0 0
    m=audio [media_port] RTP/AVP 8 101
    a=rtpmap:8 PCMA/8000
    a=rtpmap:101 telephone-event/8000

  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="200" rrs="true"/>
  <send><![CDATA[

    ACK [next_url] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: "Sipp" <sip:+46701234567@[local_ip]:[local_port]>;tag=[call_number]
    To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
    Call-ID: [call_id]
    CSeq: 1 ACK
    Max-Forwards: 70
    Content-Length: 0

  ]]></send>
  <recv request="BYE"/>
  <send><![CDATA[

    SIP/2.0 200 OK
    [last_Via:]
    [last_From:]
    [last_To:]
    [last_Call-ID:]
    [last_CSeq:]
    Content-Length: 0

  ]]></send>
</scenario>
`

  test.each([
    ['one call', 1, '0'],
    ['twenty calls where a tenth of all datagrams is lost', 20, '10'],
  ])('makes %s that is answered and hung up by us', { timeout: 60_000 }, async (_, count, lost) => {
    // Retransmissions are what is tested, so time is the machine's.
    const { systemClock } = await import('../../../../src/switch/embedded/clock.ts')
    const scene = await embeddedScene({ clock: systemClock() })
    const folder = mkdtempSync(join(tmpdir(), 'gruppnummer-sipp-'))
    try {
      writeFileSync(join(folder, 'basic.xml'), scenario)
      const port = String(scene.engine.sipUdp?.port)
      const sending = promisify(execFile)(
        sipp,
        [
          ...[`127.0.0.1:${port}`, '-sf', join(folder, 'basic.xml'), '-s', groupNumber, '-i', '127.0.0.1'],
          ...['-m', String(count), '-r', '20', '-lost', lost, '-timeout', '45', '-nostdin', '-trace_err'],
        ],
        { cwd: folder },
      )
      for (let taken = 0; taken < count; taken += 1) {
        const { call } = await scene.service.told('callArrived')
        await scene.does({ type: 'answer', call })
        await scene.does({ type: 'hangUp', call, why: 'served' })
      }
      // SIPp exits with 0 only when every call went as written.
      await expect(sending).resolves.toBeDefined()
    } finally {
      await scene.close()
      rmSync(folder, { recursive: true })
    }
  })
})
