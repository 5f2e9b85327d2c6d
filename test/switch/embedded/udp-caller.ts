import { randomUUID } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { openRtpEar, type RtpEar } from '../../e2e/support/rtp-ear.ts'
import { heardIn } from '../../e2e/support/tones.ts'
import type { Heard, StageCaller } from '../behaves-as-switch.ts'

export interface UdpCall {
  readonly to: string
  /** Absent: hidden. */
  readonly from: string | undefined
  readonly switchPort: number
  /** @default 127.0.0.1 */
  readonly switchAddress?: string
  /** Whence it calls. @default 127.0.0.1 */
  readonly address?: string
  /** Sends no sound at all. @default false */
  readonly silent?: boolean
  /** More of its INVITE, such as `Supported: timer`. */
  readonly headers?: readonly string[]
  readonly tones: Readonly<Record<Exclude<Heard, 'silence'>, number>>
}

export interface UdpCaller extends StageCaller {
  readonly ear: RtpEar
  /** Asks to send only (RFC 3264 section 8.4), or both ways again. */
  holds(on: boolean): void
  close(): void
}

/** A telephone line as a trunk brings it: SIP over UDP (RFC 3261), written out by hand, and plain RTP. */
export async function ringOverUdp({
  to,
  from,
  switchPort,
  switchAddress = '127.0.0.1',
  tones,
  address = '127.0.0.1',
  silent = false,
  headers = [],
}: UdpCall): Promise<UdpCaller> {
  const ear = await openRtpEar(tones.caller, { silent })
  const socket = createSocket('udp4')
  socket.bind(0, address)
  await once(socket, 'listening')
  const { port } = socket.address()
  const [call, tag, invite] = [randomUUID(), randomUUID(), randomUUID()]
  const target = `sip:${to}@${switchAddress}:${switchPort}`
  const user = from === undefined ? 'sip:anonymous@anonymous.invalid' : `sip:${from}@${address}:${port}`
  let state: StageCaller['state'] = 'ringing'
  let toHeader = `<${target}>`
  let contact = target
  let cseq = 1

  function say(method: string, uri: string, branch: string, body = '') {
    const lines = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${address}:${port};branch=z9hG4bK${branch};rport`,
      'Max-Forwards: 70',
      `From: <${user}>;tag=${tag}`,
      `To: ${toHeader}`,
      `Call-ID: ${call}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:line@${address}:${port}>`,
      ...(method === 'INVITE' ? headers : []),
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${Buffer.byteLength(body)}`,
    ]
    socket.send(`${lines.join('\r\n')}\r\n\r\n${body}`, switchPort, switchAddress)
  }

  socket.on('message', (message) => {
    const text = message.toString()
    const header = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(text)?.[1]?.trim() ?? ''
    const status = /^SIP\/2\.0 (\d{3})/.exec(text)?.[1]
    if (status === undefined) {
      accept(text, header)
      return
    }
    if (Number(status) < 200 || !header('CSeq').endsWith('INVITE')) return
    toHeader = header('To')
    if (Number(status) >= 300) {
      // RFC 3261 section 17.1.1.3: in the same transaction, to the same address.
      say('ACK', target, invite)
      if (state === 'ringing') state = Number(status)
      return
    }
    contact = /<([^>]+)>/.exec(header('Contact'))?.[1] ?? target
    say('ACK', contact, randomUUID())
    const audio = /^m=audio (\d+) /m.exec(text)?.[1]
    if (audio) ear.sayTo(switchAddress, Number(audio))
    if (state === 'ringing') state = 'answered'
  })

  function accept(text: string, header: (name: string) => string) {
    if (text.startsWith('ACK')) return
    if (text.startsWith('BYE')) state = 'ended'
    const echoed = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map((name) => `${name}: ${header(name)}`)
    socket.send(`SIP/2.0 200 OK\r\n${echoed.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`, switchPort, switchAddress)
  }

  const sdp = (direction: 'sendrecv' | 'sendonly') =>
    [
      'v=0',
      `o=- 1 ${cseq} IN IP4 127.0.0.1`,
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${ear.port} RTP/AVP 8 101`,
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
      'a=ptime:20',
      `a=${direction}`,
      '',
    ].join('\r\n')
  say('INVITE', target, invite, sdp('sendrecv'))

  return {
    ear,
    holds(on) {
      cseq++
      say('INVITE', contact, randomUUID(), sdp(on ? 'sendonly' : 'sendrecv'))
    },
    get state() {
      return state
    },
    hearsAll: () => heardIn(tones, ear.hears()).toSorted(),
    hears: () => heardIn(tones, ear.hears())[0] ?? 'silence',
    async listens(seconds) {
      const enough = ear.heardPackets() + seconds * 50
      while (ear.heardPackets() < enough) await new Promise((resolve) => setTimeout(resolve, 5))
    },
    presses: (digit) => Promise.resolve(ear.press(digit)),
    hangsUp() {
      if (state === 'ringing') say('CANCEL', target, invite)
      else {
        cseq++
        say('BYE', contact, randomUUID())
      }
      state = 'ended'
      return Promise.resolve()
    },
    close() {
      ear.close()
      socket.close()
    },
  }
}
