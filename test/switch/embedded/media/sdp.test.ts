import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSdp, writeSdp } from '../../../../src/switch/embedded/media/sdp.ts'

const fingerprint = Array.from({ length: 32 }, (_, at) => at.toString(16).padStart(2, '0').toUpperCase()).join(':')

/** As Chromium offers, shortened where it repeats itself. */
const chromium = [
  'v=0',
  'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0 1',
  'a=extmap-allow-mixed',
  'a=msid-semantic: WMS 5a1f',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126',
  'c=IN IP4 0.0.0.0',
  'a=rtcp:9 IN IP4 0.0.0.0',
  'a=candidate:1 1 udp 2113937151 4fb1a0cd.local 51372 typ host generation 0 network-cost 999',
  'a=candidate:2 1 udp 2113937151 192.168.1.7 51373 typ host generation 0 network-cost 999',
  'a=candidate:3 1 tcp 1518280447 192.168.1.7 9 typ host tcptype active generation 0',
  'a=candidate:4 1 udp 2113937151 2001:db8::1 51374 typ host generation 0',
  'a=candidate:5 1 udp 1677729535 192.0.2.9 40001 typ srflx raddr 192.168.1.7 rport 51373 generation 0',
  'a=ice-ufrag:zQp+',
  'a=ice-pwd:w/5cQx9JCNkTS0kMNYqg2ZAb',
  'a=ice-options:trickle',
  `a=fingerprint:sha-256 ${fingerprint}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=sendrecv',
  'a=msid:5a1f 77',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'a=rtpmap:63 red/48000/2',
  'a=rtpmap:9 G722/8000',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:13 CN/8000',
  'a=rtpmap:110 telephone-event/48000',
  'a=rtpmap:126 telephone-event/8000',
  'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
  'c=IN IP4 0.0.0.0',
  'a=mid:1',
  'a=rtpmap:96 VP8/90000',
  '',
].join('\r\n')

const phone = 'v=0\r\no=u 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 8\r\n'

test("a browser's offer is read", () => {
  const read = readSdp(chromium)
  expect(read).toMatchObject({
    ok: true,
    value: {
      audioAt: 0,
      sections: [
        { kind: 'audio', mid: '0' },
        { kind: 'video', formats: '96 97', mid: '1' },
      ],
      audio: {
        codecs: [
          { codec: 'PCMU', payloadType: 0 },
          { codec: 'PCMA', payloadType: 8 },
        ],
        digits: 126,
        direction: 'sendrecv',
        bundled: true,
        rtcpMux: true,
        ice: {
          ufrag: 'zQp+',
          setup: 'actpass',
          fingerprint: { algorithm: 'sha-256', value: fingerprint },
          candidates: [
            '2 1 UDP 2113937151 192.168.1.7 51373 typ host',
            '5 1 UDP 1677729535 192.0.2.9 40001 typ srflx raddr 0.0.0.0 rport 0',
          ],
        },
      },
    },
  })
})

test("a phone's offer without rtpmap is read by the static payload types", () => {
  expect(readSdp(phone)).toMatchObject({
    ok: true,
    value: { audio: { address: '192.0.2.1', port: 4000, digits: undefined, ice: undefined } },
  })
})

test.each<[string, string]>([
  ['sendonly', `${phone}a=sendonly\r\n`],
  ['inactive', phone.replace('c=IN IP4 192.0.2.1', 'c=IN IP4 0.0.0.0')],
  ['recvonly', phone.replace('t=0 0', 't=0 0\r\na=recvonly')],
  ['sendrecv', phone],
])('the direction is %s', (direction, sdp) => {
  expect(readSdp(sdp)).toMatchObject({ ok: true, value: { audio: { direction } } })
})

test.each<[string, string]>([
  ['does not begin with v=0', ''],
  ['longer than 16384 letters', phone + 'a=x\r\n'.repeat(4000)],
  ['more than 500 lines', phone + 'a=x\r\n'.repeat(600)],
  ['a line is longer than 2048', `${phone}a=${'x'.repeat(3000)}\r\n`],
  ['more than 16 m-lines', phone + 'm=audio 0 RTP/AVP 8\r\n'.repeat(20)],
  ['letter=value', `${phone}hello\r\n`],
  ['an m-line cannot be read', phone.replace('4000', 'x')],
  ['no such port', phone.replace('4000', '99999')],
  ['no audio is offered', phone.replace('audio', 'video')],
  ['no audio is offered', phone.replace('4000', '0')],
  ['neither PCMA nor PCMU', phone.replace('0 8\r\n', '9\r\n')],
  ['no fingerprint', chromium.replace('a=fingerprint:sha-256', 'a=fingerprint:sha-1')],
  ['ice-pwd cannot be read', chromium.replace('w/5cQx9JCNkTS0kMNYqg2ZAb', 'short')],
  ['setup cannot be read', chromium.replace('a=setup:actpass', 'a=setup:holdconn')],
])('a problem is told: %s', (problem, sdp) => {
  const read = readSdp(sdp)
  expect(read.ok ? '' : read.problem).toContain(problem)
})

test('what is written is read again', () => {
  const written = writeSdp({
    session: { id: 7, version: 3, address: '192.0.2.5' },
    sections: [
      {
        kind: 'audio',
        transport: { protocol: 'RTP/AVP', address: '192.0.2.5', port: 4002, attributes: [] },
        mid: undefined,
        bundled: false,
        codecs: [{ codec: 'PCMA', payloadType: 8 }],
        digits: 101,
        direction: 'recvonly',
      },
      { kind: 'refused', section: { kind: 'video', protocol: 'RTP/AVP', formats: '96', mid: undefined } },
    ],
  })
  expect(written).toContain('o=- 7 3 IN IP4 192.0.2.5\r\n')
  expect(written).toContain('m=video 0 RTP/AVP 96\r\n')
  expect(readSdp(written)).toMatchObject({
    ok: true,
    value: {
      sections: [{ kind: 'audio' }, { kind: 'video' }],
      audio: { address: '192.0.2.5', port: 4002, digits: 101, direction: 'recvonly' },
    },
  })
})

test('whatever is done to a description, reading it returns', () => {
  const cut = fc.record({ at: fc.nat(chromium.length), remove: fc.nat(60), insert: fc.string({ unit: 'binary' }) })
  fc.assert(
    fc.property(fc.constantFrom(chromium, phone), fc.array(cut, { minLength: 1, maxLength: 8 }), (sdp, cuts) => {
      const mutated = cuts.reduce(
        (text, { at, remove, insert }) => text.slice(0, at) + insert + text.slice(at + remove),
        sdp,
      )
      const read = readSdp(mutated)
      if (!read.ok) expect(read.problem).not.toBe('')
      else expect(read.value.sections.every(({ formats, mid }) => !/[\r\n]/.test(`${formats}${mid ?? ''}`))).toBe(true)
    }),
    { numRuns: 3000 },
  )
})
