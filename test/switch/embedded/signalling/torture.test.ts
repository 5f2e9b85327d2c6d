import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sipDomain } from '../../../../src/contract/softphone.ts'
import { readMessage } from '../../../../src/switch/embedded/sip/read-message.ts'
import { embeddedScene, invitation, type Scene } from '../../../support/sip/embedded-scene.ts'
import { sdpOf } from '../../../support/sip/quiet-media.ts'
import { dialogOf, inDialog, type SipPeer } from '../../../support/sip/sip-peer.ts'

const folder = join(import.meta.dirname, '../../../fixtures/sip-torture')
const messages = readdirSync(folder)
  .filter((file) => file.endsWith('.dat'))
  .map((file) => ({ name: file.replace('.dat', ''), text: readFileSync(join(folder, file), 'latin1') }))
const textOf = (name: string) => messages.find((message) => message.name === name)?.text ?? ''
const source = { address: '192.0.2.1', port: 5060 }

function summaryOf(text: string) {
  const read = readMessage(text, source)
  if (read.kind === 'request') return read.request.method
  if (read.kind === 'response') return String(read.response.statusCode)
  return read.kind === 'refuse' ? `refuse ${read.status}` : 'drop'
}

describe('the messages of RFC 4475', () => {
  test('are 49', () => {
    expect(messages).toHaveLength(49)
  })

  test.each([
    ['wsinv', 'INVITE'],
    ['esc01', 'INVITE'],
    ['esc02', 'refuse 501'],
    ['escnull', 'REGISTER'],
    ['intmeth', 'refuse 501'],
    ['lwsdisp', 'OPTIONS'],
    // Its Via is that of RFC 2543, without a branch.
    ['longreq', 'refuse 400'],
    ['dblreq', 'REGISTER'],
    ['semiuri', 'OPTIONS'],
    ['transports', 'OPTIONS'],
    ['mpart01', 'refuse 405'],
    ['unreason', '200'],
    ['noreason', '100'],
    ['clerr', 'refuse 400'],
    ['ncl', 'refuse 400'],
    ['scalar02', 'refuse 400'],
    ['scalarlg', 'drop'],
    ['quotbal', 'refuse 400'],
    ['ltgtruri', 'refuse 400'],
    ['lwsruri', 'refuse 400'],
    ['lwsstart', 'refuse 400'],
    ['badvers', 'refuse 505'],
    ['mismatch01', 'refuse 400'],
    ['mismatch02', 'refuse 400'],
    ['bigcode', 'drop'],
    ['badbranch', 'refuse 400'],
    ['insuf', 'refuse 400'],
    ['unkscm', 'refuse 416'],
    ['novelsc', 'refuse 416'],
    ['bext01', 'refuse 420'],
    ['invut', 'refuse 415'],
    ['multi01', 'refuse 400'],
    ['mcl01', 'refuse 400'],
    ['zeromf', 'OPTIONS'],
    ['cparam01', 'REGISTER'],
    ['cparam02', 'REGISTER'],
    ['regescrt', 'REGISTER'],
    ['inv2543', 'refuse 400'],
  ])('%s is read as %s', (name, expected) => {
    expect(summaryOf(textOf(name))).toBe(expected)
  })

  test('leave what follows the end of a datagram', () => {
    const read = readMessage(textOf('dblreq'), source)
    expect(read.kind === 'request' && read.request.body).toBe('')
  })
})

test.each([
  ['named as a property of every object', '__proto__: x\r\nconstructor: x'],
  ['of many words', `Contact: ${'a '.repeat(3000)}<sip:a@b>`],
  ['three hundred times', `${'X-Header: 1\r\n'.repeat(300)}X: 1`],
  ['of 20,000 letters', `Subject: ${'a'.repeat(20_000)}`],
  ['of NUL', '\0: \0'],
])('a header %s throws nothing', (_, header) => {
  expect(() => summaryOf(withHeader(header))).not.toThrow()
})

test('a header that would take the parser long is refused', () => {
  expect(summaryOf(withHeader(`Contact: ${'a '.repeat(600)}<sip:a@b>`))).toBe('refuse 400')
})

test('answers to the address that a datagram came from', () => {
  const read = readMessage(withHeader('Via: SIP/2.0/UDP 198.51.100.9;branch=z9hG4bKnext'), source)
  expect(read.kind === 'request' && read.request.getHeaders('via')).toEqual([
    'SIP/2.0/UDP 198.51.100.1:5061;branch=z9hG4bKfirst;rport=5060;received=192.0.2.1',
    'SIP/2.0/UDP 198.51.100.9;branch=z9hG4bKnext',
  ])
})

function withHeader(header: string) {
  return [
    'OPTIONS sip:a@example.org SIP/2.0',
    'Via: SIP/2.0/UDP 198.51.100.1:5061;branch=z9hG4bKfirst;rport',
    'From: <sip:b@example.org>;tag=1',
    'To: <sip:a@example.org>',
    'Call-ID: 1',
    'CSeq: 1 OPTIONS',
    header,
    '',
    '',
  ].join('\r\n')
}

/** What is changed in a message: a piece cut out, doubled, or replaced. */
const mutation = fc.record({
  message: fc.noBias(fc.integer({ min: 0, max: messages.length - 1 })),
  changes: fc.array(
    fc.record({
      /** Of a thousand. */
      at: fc.noBias(fc.integer({ min: 0, max: 999 })),
      length: fc.integer({ min: 0, max: 30 }),
      how: fc.constantFrom('cut', 'double', 'replace'),
      by: fc.oneof(
        fc.string({ maxLength: 8, unit: 'binary' }),
        fc.constantFrom(
          '\r\n',
          ':',
          ';',
          '"',
          '<',
          '>',
          '@',
          ',',
          '[',
          '%',
          '\0',
          '-1',
          '99999999999',
          'sip:',
          'ä',
          '__proto__',
        ),
      ),
    }),
    { minLength: 1, maxLength: 5 },
  ),
})

type Mutation = typeof mutation extends fc.Arbitrary<infer Value> ? Value : never

function mutated({ message, changes }: Mutation, texts: readonly string[] = messages.map(({ text }) => text)) {
  let text = texts[message % texts.length] ?? ''
  for (const { at, length, how, by } of changes) {
    const start = Math.floor((at * text.length) / 1000)
    const piece = text.slice(start, start + length)
    const instead = { cut: '', double: piece + piece, replace: by }[how as 'cut']
    text = text.slice(0, start) + instead + text.slice(start + length)
  }
  return text
}

test('a message is read, refused or dropped, whatever it is', () => {
  fc.assert(
    fc.property(mutation, (change) => {
      summaryOf(mutated(change))
    }),
    { numRuns: 3000, seed: 4475 },
  )
})

test('any text is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      summaryOf(`${text}\r\n\r\n`)
    }),
    { numRuns: 500, seed: 4475 },
  )
})

describe('the switch answers OPTIONS after', () => {
  let scene: Scene
  beforeEach(async () => {
    scene = await embeddedScene()
  })
  afterEach(() => scene.close())

  async function answersOptions(peer: SipPeer) {
    const asked = peer.ask({ method: 'OPTIONS', uri: `sip:anyone@${sipDomain}` })
    const answered = await peer.answerTo(asked)
    expect(answered.status).toBe(200)
    expect(answered.header('allow')).toContain('INVITE')
  }

  /** Between messages the switch's allowance is filled again, by the clock that the test owns. */
  async function survives(peer: SipPeer, texts: readonly string[]) {
    for (const [index, text] of texts.entries()) {
      peer.send(text)
      scene.clock.pass(50)
      // Datagrams are lost where nobody empties the socket's buffer.
      if (index % 50 === 49) await answersOptions(peer)
    }
    await answersOptions(peer)
  }

  const mutations = fc.sample(mutation, { numRuns: 1500, seed: 2543 }).map((change) => mutated(change))
  const all = [...messages.map(({ text }) => text), ...mutations]

  test('every torture message and 1,500 mutations over UDP', async () => {
    await survives(await scene.trunk(), all)
  })

  test('every torture message and 1,500 mutations over WebSocket', async () => {
    await survives(await scene.connection(), all)
  })

  test('every mutation of the messages of a call', async () => {
    const trunk = await scene.trunk()
    const invite = trunk.ask(invitation())
    const { call } = await scene.service.told('callArrived')
    await scene.does({ type: 'answer', call })
    const dialog = dialogOf(invite, await trunk.answerTo(invite), 'uac')
    const inside = [
      { method: 'ACK' },
      { method: 'INVITE', body: sdpOf({ direction: 'sendonly' }) },
      { method: 'INFO', body: 'Signal=1', contentType: 'application/dtmf-relay' },
      { method: 'BYE' },
    ].map((request) => trunk.ask(inDialog(dialog, request)).text)
    // Each as a call of its own, so that it is not taken for a repeated one.
    const changed = fc.sample(mutation, { numRuns: 2000, seed: 3261 }).map((change, index) => {
      const own = invite.text
        .replace(/branch=\S+?;/, `branch=z9hG4bK${index};`)
        .replace(/Call-ID: .*/, `Call-ID: ${index}`)
      return mutated(change, [own, ...inside])
    })
    await survives(trunk, changed)
    expect(scene.engine.calls).toBeGreaterThan(10)
  })
})
