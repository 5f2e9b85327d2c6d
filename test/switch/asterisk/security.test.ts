import { createHash, randomUUID } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, describe, expect } from 'vitest'
import { WebSocket } from 'ws'
import { sipRealm } from '../../../src/contract/softphone.ts'
import { entrances } from '../../../src/switch/asterisk/server/names.ts'
import { testWith } from '../../e2e/support/peers.ts'
import { startScene } from '../../service/console/service-scene.ts'
import { startAsterisk, type RunningAsterisk } from '../../support/asterisk/start-asterisk.ts'

const number = '+46122260980'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function server(wishes: Parameters<typeof startAsterisk>[0] = {}) {
  const asterisk = await startAsterisk(wishes)
  closing.push(() => asterisk.close())
  for (const user of ['anna', 'ben']) await makeSoftphone(asterisk, user)
  return asterisk
}

/** As the service makes one over ARI. */
async function makeSoftphone({ ari: { url, user: name, password } }: RunningAsterisk, user: string) {
  const ha1 = md5(`${user}:${sipRealm}:${secretOf(user)}`)
  const objects: [string, Record<string, string>][] = [
    ['auth', { auth_type: 'md5', username: user, realm: sipRealm, md5_cred: ha1 }],
    ['aor', { max_contacts: '1', remove_existing: 'yes' }],
    ['endpoint', { auth: user, aors: user, webrtc: 'yes', disallow: 'all', allow: 'alaw', context: entrances.desk }],
  ]
  for (const [type, fields] of objects) {
    const made = await fetch(`${url}/asterisk/config/dynamic/res_pjsip/${type}/${user}`, {
      method: 'PUT',
      headers: { authorization: basic(name, password), 'content-type': 'application/json' },
      body: JSON.stringify({ fields: Object.entries(fields).map(([attribute, value]) => ({ attribute, value })) }),
    })
    expect(made.status, `${type} ${user}`).toBe(200)
  }
}

const secretOf = (user: string) => `secret of ${user}`
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
const md5 = (text: string) => createHash('md5').update(text).digest('hex')

// --- SIP, written out -----------------------------------------------------------------------------

interface Wish {
  readonly method: 'REGISTER' | 'INVITE' | 'OPTIONS'
  readonly user: string
  /** Whom an INVITE is for. */
  readonly to?: string
  readonly password?: string
  /** Who it says it is, where that is another. */
  readonly from?: string
  readonly more?: readonly string[]
}

interface Line {
  send(text: string): void
  /** The next final answer to `callId`; undefined: the line was cut. */
  answer(callId: string): Promise<string | undefined>
  readonly via: string
}

/** Without a password once; with one, after the challenge. */
async function ask(line: Line, wish: Wish): Promise<string | undefined> {
  const call = randomUUID()
  line.send(requestOf(line, wish, call, 1))
  const first = await line.answer(call)
  if (wish.password === undefined || first === undefined || statusOf(first) !== 401) return first
  line.send(requestOf(line, wish, call, 2, credentials(wish, first)))
  return line.answer(call)
}

function requestOf(line: Line, wish: Wish, call: string, sequence: number, more: readonly string[] = []): string {
  const { method, user, from = user } = wish
  const uri = uriOf(wish)
  const body =
    method === 'INVITE'
      ? 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n'
      : ''
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: ${line.via};branch=z9hG4bK${randomUUID()};rport`,
    'Max-Forwards: 70',
    `From: <sip:${from}@${sipRealm}>;tag=${randomUUID()}`,
    `To: <${method === 'REGISTER' ? `sip:${from}@${sipRealm}` : uri}>`,
    `Call-ID: ${call}`,
    `CSeq: ${String(sequence)} ${method}`,
    `Contact: <sip:${user}@127.0.0.1:5999;transport=${line.via.includes('WS') ? 'ws' : 'udp'}>`,
    ...more,
    ...(wish.more ?? []),
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${String(body.length)}`,
    '',
    body,
  ].join('\r\n')
}

const uriOf = ({ method, to = number }: Wish) => (method === 'REGISTER' ? `sip:${sipRealm}` : `sip:${to}@${sipRealm}`)

function credentials(wish: Wish, challenge: string): string[] {
  const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? ''
  const [nonce, opaque, uri] = [field('nonce'), field('opaque'), uriOf(wish)]
  const ha1 = md5(`${wish.user}:${sipRealm}:${wish.password ?? ''}`)
  const response = md5(`${ha1}:${nonce}:00000001:abc:auth:${md5(`${wish.method}:${uri}`)}`)
  return [
    `Authorization: Digest username="${wish.user}", realm="${sipRealm}", nonce="${nonce}", uri="${uri}", ` +
      `response="${response}", algorithm=MD5, cnonce="abc", opaque="${opaque}", qop=auth, nc=00000001`,
  ]
}

const statusOf = (answer: string | undefined) => Number(/^SIP\/2\.0 (\d{3})/.exec(answer ?? '')?.[1])

function answersIn(listen: (heard: (text: string) => void) => void, cut: Promise<unknown>) {
  const answers: string[] = []
  const waiting = new Set<() => void>()
  listen((text) => {
    answers.push(text)
    for (const look of waiting) look()
  })
  return (call: string) =>
    new Promise<string | undefined>((resolve) => {
      const look = () => {
        const at = answers.findIndex((text) => text.includes(call) && statusOf(text) >= 200)
        if (at < 0) return
        waiting.delete(look)
        resolve(answers.splice(at, 1)[0])
      }
      waiting.add(look)
      void cut.then(() => resolve(undefined))
      look()
    })
}

async function overUdp(from: string, port: number): Promise<Line> {
  const socket = createSocket('udp4')
  socket.bind(0, from)
  await once(socket, 'listening')
  closing.push(() => socket.close())
  const never = new Promise(() => undefined)
  const answer = answersIn((heard) => socket.on('message', (text) => heard(text.toString())), never)
  return {
    via: `SIP/2.0/UDP ${from}:${String(socket.address().port)}`,
    send: (text) => socket.send(text, port, '127.0.0.1'),
    answer,
  }
}

/** Through the port of a real service, as every softphone. */
async function softphonesDoor(asterisk: RunningAsterisk) {
  const { hostname: host, port, pathname: url } = new URL(asterisk.webSocket)
  const softphoneSocket = { host, port: Number(port), url }
  const scene = await startScene({ switch: (scripted) => ({ ...scripted, softphoneSocket }) })
  const open = async (): Promise<Line> => {
    const socket = new WebSocket(`${scene.service.origin.replace('http', 'ws')}/sip`, 'sip', {
      origin: scene.service.origin,
    })
    closing.push(() => socket.terminate())
    const cut = once(socket, 'close')
    const answer = answersIn((heard) => socket.on('message', (text: Buffer) => heard(text.toString())), cut)
    await once(socket, 'open')
    return { via: 'SIP/2.0/WS desk.invalid', send: (text) => socket.send(text), answer }
  }
  return { open, clock: scene.clock }
}

// --- the scenes -----------------------------------------------------------------------------------

/** An answer without what differs from one to the next by nature. */
const shape = (answer: string | undefined) =>
  (answer ?? '')
    .replace(/(nonce|opaque|branch|tag|rport|received)="?[^";,\s]*"?/g, '$1')
    .replace(/^(Call-ID|Via|From|To|Date): .*$/gim, '$1')

describe('the generated configuration, attacked', { timeout: 60_000 }, () => {
  testWith('asterisk')('[T4] a stranger is refused, whatever is asked and whoever it says it is', async () => {
    const asterisk = await server()
    const stranger = await overUdp('127.0.0.9', asterisk.sipPort)
    for (const method of ['REGISTER', 'INVITE', 'OPTIONS'] as const)
      for (const user of ['anna', 'nobody', 'trunk', number])
        expect(statusOf(await ask(stranger, { method, user })), `${method} ${user}`).toBe(403)
    const guessed = await ask(stranger, { method: 'REGISTER', user: 'anna', password: secretOf('anna') })
    expect(statusOf(guessed), 'with the right password').toBe(403)
    // The words that fail2ban looks for, in the guide.
    const words = /Incoming SIP message from 127\.0\.0\.9:\d+ did not pass ACL test$/
    await expect.poll(() => asterisk.log('messages.log').filter((line) => words.test(line)).length).toBe(13)
  })

  testWith('asterisk')(
    '[T5] without credentials, with wrong ones, and as a user whom nobody has, one is answered alike',
    async () => {
      const asterisk = await server()
      const door = await softphonesDoor(asterisk)
      for (const line of [await door.open(), await overUdp('127.0.0.1', asterisk.sipPort)])
        for (const method of ['REGISTER', 'INVITE'] as const) {
          const answers = [
            await ask(line, { method, user: 'anna' }),
            await ask(line, { method, user: 'anna', password: 'wrong' }),
            await ask(line, { method, user: 'nobody' }),
            await ask(line, { method, user: 'nobody', password: 'wrong' }),
          ]
          expect(answers.map(statusOf), method).toEqual([401, 401, 401, 401])
          const [absent, wrong, unknown, unknownWrong] = answers.map((answer) =>
            shape(answer).replace(/^CSeq: \d/m, 'CSeq: n'),
          )
          expect(unknown, method).toBe(absent)
          expect(unknownWrong, method).toBe(wrong)
        }
    },
  )

  testWith('asterisk')('[T8] guessing is slowed down, then locked out; others register meanwhile', async () => {
    const asterisk = await server()
    const door = await softphonesDoor(asterisk)
    const guesser = await door.open()
    for (let guess = 1; guess <= 5; guess++)
      expect(statusOf(await ask(guesser, { method: 'REGISTER', user: 'anna', password: `guess ${guess}` }))).toBe(401)
    expect(await ask(guesser, { method: 'REGISTER', user: 'anna', password: 'guess 6' }), 'cut off').toBeUndefined()
    const again = await door.open()
    expect(await ask(again, { method: 'REGISTER', user: 'anna', password: secretOf('anna') })).toBeUndefined()
    const ben = await ask(await door.open(), { method: 'REGISTER', user: 'ben', password: secretOf('ben') })
    expect(statusOf(ben)).toBe(200)

    door.clock.pass(1000)
    const right = await ask(await door.open(), { method: 'REGISTER', user: 'anna', password: secretOf('anna') })
    expect(statusOf(right)).toBe(200)
    // In the order of its events.
    const logged = (event: string) =>
      asterisk.log('security.log').filter((line) => line.includes(`SecurityEvent="${event}"`)).length
    await expect.poll(() => logged('SuccessfulAuth')).toBe(2)
    expect(logged('ChallengeResponseFailed'), 'the sixth guess did not reach Asterisk').toBe(5)
  })

  testWith('asterisk')(
    '[T6] what a softphone dials rings nobody by itself: not a paid number, not one abroad, not one in the same town',
    async () => {
      const operator = createSocket('udp4')
      operator.bind(0, '127.0.0.3')
      await once(operator, 'listening')
      closing.push(() => operator.close())
      const rung: string[] = []
      operator.on('message', (text) => rung.push(text.toString().split('\r\n')[0] ?? ''))
      const asterisk = await server({ trunkAt: { host: '127.0.0.3', port: operator.address().port } })
      const desk = await (await softphonesDoor(asterisk)).open()
      for (const to of [
        '+469001234567',
        '+19005551234',
        '+882161234567',
        '+46812345678',
        'trunk',
        'ben',
        '*72+19005551234',
      ]) {
        const answer = await ask(desk, { method: 'INVITE', user: 'anna', password: secretOf('anna'), to })
        expect([404, 503], `${to}: ${String(statusOf(answer))}`).toContain(statusOf(answer))
      }
      expect(rung).toEqual([])
    },
  )

  testWith('asterisk')('[T9] who a caller says it is gives no rights', async () => {
    const asterisk = await server()
    const starts = await listens(asterisk)
    const trunk = await overUdp('127.0.0.2', asterisk.sipPort)
    const posing = { method: 'INVITE', user: 'anna', more: ['P-Asserted-Identity: <sip:anna@gruppnummer>'] } as const
    void ask(trunk, posing)
    const fromTrunk = await starts.next()
    expect(fromTrunk.args[0], 'a trunk is a trunk').toBe('caller')
    expect(fromTrunk.channel.name).toMatch(/^PJSIP\/trunk-/)

    const desk = await (await softphonesDoor(asterisk)).open()
    const asBen = await ask(desk, {
      method: 'INVITE',
      user: 'anna',
      password: secretOf('anna'),
      from: 'ben',
      to: '833',
    })
    expect(statusOf(asBen), 'another name with own credentials').toBe(401)
    const more = [
      'P-Asserted-Identity: <sip:+46701740605@gruppnummer>',
      'Remote-Party-ID: <sip:+46701740605@gruppnummer>',
    ]
    void ask(desk, { method: 'INVITE', user: 'anna', password: secretOf('anna'), to: '833', more })
    const fromDesk = await starts.next()
    expect(fromDesk.args[0]).toBe('desk')
    expect(fromDesk.channel.name).toMatch(/^PJSIP\/anna-/)
    expect(fromDesk.channel.caller.number).not.toContain('46701740605')
  })
})

interface Start {
  readonly args: readonly string[]
  readonly channel: { readonly name: string; readonly caller: { readonly number: string } }
}

/** Has the application, and does nothing with who comes. */
async function listens({ ari: { url, user, password, application } }: RunningAsterisk) {
  const headers = { authorization: basic(user, password) }
  const socket = new WebSocket(`${url.replace('http', 'ws')}/events?app=${application}`, { headers })
  closing.push(() => socket.terminate())
  const starts: Start[] = []
  let look: () => void = () => undefined
  socket.on('message', (text: Buffer) => {
    const event = JSON.parse(text.toString()) as Start & { type: string }
    if (event.type !== 'StasisStart') return
    starts.push(event)
    look()
  })
  await once(socket, 'open')
  return {
    next: () =>
      new Promise<Start>((resolve) => {
        look = () => {
          const start = starts.shift()
          if (start) resolve(start)
        }
        look()
      }),
  }
}
