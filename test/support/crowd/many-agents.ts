import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'

/** Many telephones on one UDP port, told apart by the user they are rung as: the least of RFC 3261 that a call needs. */
export interface ManyAgents {
  readonly port: number
  /** Rings that came to a free telephone, in order. */
  readonly rings: readonly AgentRing[]
  /** Calls that were answered and acknowledged, in order. */
  readonly talks: readonly AgentTalk[]
  /** Rings that came to a telephone in a call; refused with 486. */
  readonly refused: () => number
  close(): void
}

export interface AgentRing {
  readonly agent: string
  /** Whose number was shown. */
  readonly caller: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Since when this telephone had been free by its own hanging up; absent: it had not been in a call. */
  readonly freeSince?: number
}

export interface AgentTalk {
  readonly agent: string
  readonly caller: string
  /** Milliseconds since the epoch. */
  readonly from: number
  /** Absent: it goes on. */
  to?: number
  /** Absent: by the telephone, or it goes on. */
  cut?: true
}

export interface ManyAgentsOptions {
  readonly address: string
  /** Milliseconds that it rings. @default it is answered at once */
  readonly ring?: () => number
  /** Milliseconds from the answer until it hangs up. */
  readonly talk: () => number
}

interface Talk {
  readonly agent: string
  readonly caller: string
  cseq: number
  /** Until it is answered, or sent again until that is acknowledged. */
  answering?: NodeJS.Timeout
  talk?: AgentTalk
  /** Sent again until it is answered (RFC 3261 section 17.1.2.2). */
  bye?: { readonly text: string; readonly timer: NodeJS.Timeout }
  ok?: string
  readonly invite: string
}

const now = () => performance.timeOrigin + performance.now()

/** Milliseconds; RFC 3261 section 13.3.1.4 has 32 s, but whoever has not heard us by then has died. */
const unacknowledged = 6000

export async function openManyAgents({ address, ring, talk }: ManyAgentsOptions): Promise<ManyAgents> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 8 * 1024 * 1024 })
  socket.bind(0, address)
  await once(socket, 'listening')
  const { port } = socket.address()
  const rings: AgentRing[] = []
  const talks = new Map<string, Talk>()
  const talked: AgentTalk[] = []
  const busy = new Set<string>()
  const freeSince = new Map<string, number>()
  let refused = 0
  let tags = 0
  let closed = false

  socket.on('message', (bytes, from) => {
    const text = bytes.toString('latin1')
    const send = (answer: string) => socket.send(answer, from.port, from.address)
    const call = headerOf(text, 'Call-ID')
    if (text.startsWith('SIP/2.0 ')) answered(call, text)
    else if (text.startsWith('INVITE ')) invited(text, call, send)
    else if (text.startsWith('ACK ')) acknowledged(call, send)
    else {
      send(answerTo(text, 200, 'OK'))
      const talking = talks.get(call)
      if (text.startsWith('BYE ')) {
        if (talking?.talk && !talking.bye) talking.talk.cut = true
        free(call)
      }
      if (text.startsWith('CANCEL ') && talking?.ok === undefined) {
        if (talking) send(answerTo(talking.invite, 487, 'Request Terminated'))
        free(call)
      }
    }
  })

  function invited(text: string, call: string, send: (answer: string) => void) {
    const known = talks.get(call)
    if (known) {
      if (known.ok !== undefined) send(known.ok)
      return
    }
    const at = now()
    const agent = /^INVITE sip:([^@;]+)@/.exec(text)?.[1] ?? ''
    if (busy.has(agent)) {
      refused += 1
      send(answerTo(text, 486, 'Busy Here'))
      return
    }
    busy.add(agent)
    const since = freeSince.get(agent)
    const caller = /^From:.*?sip:([^@>;]+)/im.exec(text)?.[1] ?? ''
    rings.push({ agent, caller, at, ...(since !== undefined && { freeSince: since }) })
    const body = `v=0\r\no=- 1 1 IN IP4 ${address}\r\ns=-\r\nc=IN IP4 ${address}\r\nt=0 0\r\nm=audio ${String(port)} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n`
    tags += 1
    const tag = `agent${String(tags)}`
    const talking: Talk = { agent, caller, cseq: 0, invite: text }
    talks.set(call, talking)
    const answer = () => {
      const more = [`Contact: <sip:${agent}@${address}:${String(port)}>`, 'Content-Type: application/sdp']
      const ok = answerTo(text, 200, 'OK', { tag, more, body })
      talking.ok = ok
      send(ok)
      const answered = now()
      talking.answering = setInterval(() => {
        if (now() - answered > unacknowledged) free(call)
        else send(ok)
      }, 500)
    }
    const delay = ring?.() ?? 0
    if (delay === 0) {
      answer()
      return
    }
    send(answerTo(text, 180, 'Ringing', { tag }))
    talking.answering = setTimeout(answer, delay)
  }

  function acknowledged(call: string, send: (text: string) => void) {
    const talking = talks.get(call)
    if (talking?.cseq !== 0) return
    talking.cseq = 1
    clearInterval(talking.answering)
    talking.talk = { agent: talking.agent, caller: talking.caller, from: now() }
    talked.push(talking.talk)
    setTimeout(() => {
      if (closed || !talks.has(call)) return
      const bye = byeOf(talking, { address, port })
      const again = setInterval(() => {
        send(bye)
      }, 500)
      talking.bye = { text: bye, timer: again }
      freeSince.set(talking.agent, now())
      busy.delete(talking.agent)
      send(bye)
    }, talk())
  }

  function answered(call: string, text: string) {
    if (!/^CSeq: \d+ BYE/im.test(text)) return
    free(call)
  }

  function free(call: string) {
    const talking = talks.get(call)
    if (!talking) return
    clearInterval(talking.bye?.timer)
    clearInterval(talking.answering)
    talks.delete(call)
    if (talking.talk) talking.talk.to = now()
    // Who hung up itself is free already, and may be rung again.
    if (!talking.bye) {
      freeSince.set(talking.agent, now())
      busy.delete(talking.agent)
    }
  }

  return {
    port,
    rings,
    talks: talked,
    refused: () => refused,
    close() {
      closed = true
      for (const { bye, answering } of talks.values()) {
        clearInterval(bye?.timer)
        clearInterval(answering)
      }
      socket.close()
    },
  }
}

const headerOf = (text: string, name: string) => new RegExp(`^${name}: *(.*?)\\r?$`, 'im').exec(text)?.[1] ?? ''

function answerTo(
  request: string,
  status: number,
  reason: string,
  { tag = 'agent', more = [], body = '' }: { tag?: string; more?: readonly string[]; body?: string } = {},
): string {
  const vias = [...request.matchAll(/^Via: .*$/gim)].map(([line]) => line.trim())
  const to = headerOf(request, 'To')
  return [
    `SIP/2.0 ${String(status)} ${reason}`,
    ...vias,
    `From: ${headerOf(request, 'From')}`,
    `To: ${to.includes(';tag=') ? to : `${to};tag=${tag}`}`,
    `Call-ID: ${headerOf(request, 'Call-ID')}`,
    `CSeq: ${headerOf(request, 'CSeq')}`,
    ...more,
    `Content-Length: ${String(body.length)}`,
    '',
    body,
  ].join('\r\n')
}

function byeOf({ invite, ok = '' }: Talk, { address, port }: { address: string; port: number }): string {
  const target = /<([^>]+)>/.exec(headerOf(invite, 'Contact'))?.[1] ?? ''
  return [
    `BYE ${target} SIP/2.0`,
    `Via: SIP/2.0/UDP ${address}:${String(port)};branch=z9hG4bK${headerOf(invite, 'Call-ID')}bye;rport`,
    'Max-Forwards: 70',
    `From: ${headerOf(ok, 'To')}`,
    `To: ${headerOf(invite, 'From')}`,
    `Call-ID: ${headerOf(invite, 'Call-ID')}`,
    'CSeq: 1 BYE',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')
}
