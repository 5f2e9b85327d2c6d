import fc from 'fast-check'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { openSipGuard, type GuardedConnection } from '../../../src/service/http/sip-guard.ts'
import { readMessages } from '../../../src/service/http/web-socket-messages.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'
import { frame } from './web-socket-frame.ts'

const away = '192.0.2.7'
const here = '127.0.0.1'

function guarded() {
  const clock = fakeClock()
  return { clock, guard: openSipGuard({ clock, log: pino({ enabled: false }) }) }
}

const lines = (...given: string[]) => `${given.join('\r\n')}\r\n\r\n`
let last = 0
const ids = () => [`Call-ID: call-${(last += 1)}`, `CSeq: ${last} REGISTER`]

/** Sends credentials and hears the answer; `passed`: they reached the switch. */
function tries(connection: GuardedConnection, user: string, status: number, { stale = false, form = '' } = {}) {
  const own = ids()
  const line = form || `Authorization: Digest username="${user}", realm="gruppnummer", response="0"`
  const request = lines('REGISTER sip:gruppnummer SIP/2.0', ...own, line)
  const passed = connection.mayPass(frame(request, { isMasked: true }))
  const challenge = status === 401 ? [`WWW-Authenticate: Digest realm="gruppnummer"${stale ? ', stale=true' : ''}`] : []
  if (passed) connection.mayReturn(frame(lines(`SIP/2.0 ${status} Word`, ...own, ...challenge)))
  return passed
}

function admitted(guard: ReturnType<typeof guarded>['guard'], from: string) {
  const connection = guard.admit(from)
  if (!connection) throw new Error(`${from} was not admitted`)
  return connection
}

describe('[T8] wrong credentials of softphones', () => {
  test('after five for one user each further one doubles the wait, from a second on', () => {
    const { clock, guard } = guarded()
    const connection = admitted(guard, here)
    for (let attempt = 1; attempt <= 5; attempt++) expect(tries(connection, 'anna', 401)).toBe(true)
    expect(tries(connection, 'anna', 401)).toBe(false)
    for (const wait of [1000, 2000, 4000]) {
      clock.pass(wait - 1)
      expect(tries(admitted(guard, here), 'anna', 401)).toBe(false)
      clock.pass(1)
      expect(tries(admitted(guard, here), 'anna', 401)).toBe(true)
    }
    expect(tries(admitted(guard, here), 'ben', 200), 'another is not held up').toBe(true)
  })

  test('right ones are a clean start, and an old nonce is no fault', () => {
    const connection = admitted(guarded().guard, away)
    for (let round = 0; round < 10; round++) {
      for (let attempt = 1; attempt <= 4; attempt++) tries(connection, 'anna', 401, { stale: round > 0 })
      expect(tries(connection, 'anna', 200)).toBe(true)
    }
  })

  test('who has locked out a name has done so from that address alone', () => {
    const { guard } = guarded()
    for (let attempt = 1; attempt <= 6; attempt++) tries(admitted(guard, away), 'anna', 401)
    expect(tries(admitted(guard, away), 'anna', 401)).toBe(false)
    expect(tries(admitted(guard, '192.0.2.8'), 'anna', 200)).toBe(true)
  })

  test('after twenty from one address, whoever they were for, it is not connected; a proxy on this machine is', () => {
    const { clock, guard } = guarded()
    for (const from of [away, here])
      for (let attempt = 1; attempt <= 20; attempt++)
        expect(tries(admitted(guard, from), `user-${attempt}`, 401)).toBe(true)
    expect(guard.admit(away)).toBeUndefined()
    expect(guard.admit(here)).toBeDefined()
    clock.pass(1000)
    expect(guard.admit(away)).toBeDefined()
  })

  test.each([
    ['a folded line', 'Authorization:\r\n Digest realm="x",\r\n\tusername="anna"'],
    ['another case, and no quotes', 'PROXY-authorization : digest USERNAME=anna'],
    ['a decoy before', 'Authorization: Digest username="decoy"\r\nAuthorization: Digest username="anna"'],
  ])('%s hides nothing', (_, form) => {
    const connection = admitted(guarded().guard, here)
    for (let attempt = 1; attempt <= 5; attempt++) tries(connection, 'anna', 401, { form })
    expect(tries(connection, 'anna', 401)).toBe(false)
  })

  test('many at once gain nothing', () => {
    const connection = admitted(guarded().guard, here)
    const sent = Array.from({ length: 300 }, () =>
      connection.mayPass(
        frame(lines('REGISTER sip:a SIP/2.0', ...ids(), 'Authorization: Digest username="anna"'), { isMasked: true }),
      ),
    )
    expect(sent.filter(Boolean)).toHaveLength(100)
  })
})

describe('reading along', () => {
  test('whatever the pieces, the fragments and the pings between, the texts come out whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ maxLength: 200 }), { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        fc.boolean(),
        (messages, sizes, isMasked) => {
          const frames = messages.flatMap((parts) =>
            parts.flatMap((part, at) => [
              frame(part, { isMasked, isLast: at === parts.length - 1, opcode: at === 0 ? 1 : 0 }),
              frame('ping', { isMasked, opcode: 9 }),
            ]),
          )
          const bytes = Buffer.concat(frames)
          const read = readMessages(65_536)
          const texts: string[] = []
          for (let at = 0, step = 0; at < bytes.length; step++) {
            const size = sizes[step % sizes.length] ?? 1
            texts.push(...(read(bytes.subarray(at, at + size)) ?? ['broken']))
            at += size
          }
          expect(texts).toEqual(messages.map((parts) => parts.join('')))
        },
      ),
    )
  })

  test.each([
    ['an HTTP request', Buffer.from('GET / HTTP/1.1')],
    ['a compressed frame', Buffer.from([0xc1, 1, 0])],
    ['a message too long', frame('a'.repeat(70_000))],
    [
      'one in too many fragments',
      Buffer.concat([1, 0, 0].map((opcode) => frame('a'.repeat(30_000), { isLast: false, opcode }))),
    ],
  ])('%s is not handed on, nor is anything after it', (_, bytes) => {
    const read = readMessages(65_536)
    expect(read(bytes)).toBeUndefined()
    expect(read(frame('OPTIONS'))).toBeUndefined()
  })
})
