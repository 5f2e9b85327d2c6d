import { randomUUID } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { openRtpEar, type RtpEar } from '../../e2e/support/rtp-ear.ts'
import { heardIn } from '../../e2e/support/tones.ts'
import type { Heard, StageOutside } from '../behaves-as-switch.ts'

type Tones = Readonly<Record<Exclude<Heard, 'silence'>, number>>

/** The far end of a trunk for calls out: telephones by their numbers, SIP over UDP written out by hand, and plain RTP. */
export interface UdpLine {
  readonly port: number
  telephone(number: string, who: 'outside' | 'caller'): Promise<StageOutside>
  close(): void
}

interface Telephone {
  readonly ear: RtpEar
  state: StageOutside['state']
  rings: number
  shown: string | undefined
  invite: Request | undefined
  /** Ours in the dialog. */
  tag: string
  cseq: number
}

interface Request {
  readonly method: string
  readonly number: string
  readonly body: string
  readonly port: number
  header(name: string): string
}

/** Preset: any port of 127.0.0.1. */
export async function openUdpLine(tones: Tones, at = { address: '127.0.0.1', port: 0 }): Promise<UdpLine> {
  const socket = createSocket('udp4')
  socket.bind(at.port, at.address)
  await once(socket, 'listening')
  const { port } = socket.address()
  const telephones = new Map<string, Telephone>()
  const byCall = new Map<string, Telephone>()

  socket.on('message', (message, from) => {
    const request = read(message.toString(), from.port)
    if (request) hear(request)
  })

  function hear(request: Request) {
    const { method } = request
    const call = request.header('Call-ID')
    const known = byCall.get(call)
    if (method === 'INVITE' && !known) ring(request, call)
    else if (method === 'CANCEL') {
      answer(request, 200, known)
      if (known?.state !== 'ringing' || !known.invite) return
      answer(known.invite, 487, known)
      known.state = 'idle'
    } else if (method === 'BYE') {
      answer(request, known ? 200 : 481, known)
      if (known) known.state = 'idle'
    }
  }

  function ring(invite: Request, call: string) {
    const telephone = telephones.get(invite.number)
    if (telephone?.state !== 'idle') {
      answer(invite, telephone ? 486 : 404)
      return
    }
    byCall.set(call, telephone)
    telephone.invite = invite
    telephone.tag = randomUUID()
    telephone.cseq = 1
    telephone.rings++
    telephone.state = 'ringing'
    telephone.shown = /<sip:([^@>]+)@/.exec(invite.header('From'))?.[1]
    answer(invite, 180, telephone)
  }

  function answer(request: Request, status: number, telephone?: Telephone, body = '') {
    const tagged = request.header('To').includes(';tag=') || !telephone ? '' : `;tag=${telephone.tag}`
    const lines = [
      `SIP/2.0 ${status} ${status < 300 ? 'OK' : 'No'}`,
      ...['Via', 'From', 'Call-ID', 'CSeq'].map((name) => `${name}: ${request.header(name)}`),
      `To: ${request.header('To')}${tagged}`,
      `Contact: <sip:line@${at.address}:${port}>`,
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${Buffer.byteLength(body)}`,
    ]
    socket.send(`${lines.join('\r\n')}\r\n\r\n${body}`, request.port, '127.0.0.1')
  }

  function accept(telephone: Telephone, invite: Request) {
    speak(telephone, invite, 200)
    telephone.state = 'answered'
  }

  function speak(telephone: Telephone, invite: Request, status: 183 | 200) {
    const { ear } = telephone
    const audio = /^m=audio (\d+) /m.exec(invite.body)?.[1]
    if (audio) ear.sayTo('127.0.0.1', Number(audio))
    const sdp = [
      'v=0',
      'o=- 1 1 IN IP4 127.0.0.1',
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${ear.port} RTP/AVP 8 101`,
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
      'a=sendrecv',
    ]
    answer(invite, status, telephone, `${sdp.join('\r\n')}\r\n`)
  }

  function bye(telephone: Telephone, invite: Request) {
    telephone.state = 'idle'
    const target = /<([^>]+)>/.exec(invite.header('Contact'))?.[1] ?? ''
    const lines = [
      `BYE ${target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${at.address}:${port};branch=z9hG4bK${randomUUID()};rport`,
      'Max-Forwards: 70',
      `From: ${invite.header('To')};tag=${telephone.tag}`,
      `To: ${invite.header('From')}`,
      `Call-ID: ${invite.header('Call-ID')}`,
      `CSeq: ${telephone.cseq++} BYE`,
      'Content-Length: 0',
    ]
    socket.send(`${lines.join('\r\n')}\r\n\r\n`, invite.port, '127.0.0.1')
  }

  return {
    port,
    async telephone(number, who) {
      const ear = await openRtpEar(tones[who])
      const telephone: Telephone = {
        ear,
        state: 'idle',
        rings: 0,
        shown: undefined,
        invite: undefined,
        tag: '',
        cseq: 1,
      }
      telephones.set(number, telephone)
      const must = (act: (invite: Request) => void) => {
        if (!telephone.invite) return Promise.reject(new Error(`${number} was never rung`))
        act(telephone.invite)
        return Promise.resolve()
      }
      const hearsAll = () => heardIn(tones, ear.hears()).toSorted()
      return {
        get state() {
          return telephone.state
        },
        get rings() {
          return telephone.rings
        },
        get shown() {
          return telephone.shown
        },
        answers: () =>
          must((invite) => {
            accept(telephone, invite)
          }),
        announces: () =>
          must((invite) => {
            speak(telephone, invite, 183)
          }),
        declines: (how) =>
          must((invite) => {
            answer(invite, how === 'busy' ? 486 : 603, telephone)
            telephone.state = 'idle'
          }),
        hearsAll,
        hears: () => heardIn(tones, ear.hears())[0] ?? 'silence',
        presses: (digit) => Promise.resolve(ear.press(digit)),
        hangsUp: () =>
          must((invite) => {
            bye(telephone, invite)
          }),
      }
    },
    close() {
      for (const { ear } of telephones.values()) ear.close()
      socket.close()
    },
  }
}

/** A request, and nothing else. */
function read(text: string, port: number): Request | undefined {
  const [, method, number] = /^([A-Z]+) sip:([^@;>\s]+)\S* SIP\/2\.0\r\n/.exec(text) ?? []
  if (method === undefined || number === undefined) return undefined
  const [head = '', body = ''] = text.split('\r\n\r\n')
  return {
    method,
    number,
    body,
    port,
    header: (name) => new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(head)?.[1]?.trim() ?? '',
  }
}
