import { createHash, randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { WebSocket } from 'ws'
import { sipDomain, sipPath, sipRealm } from '../../../src/contract/softphone.ts'

/** A message as text, with what tests ask of it. */
export interface SipText {
  readonly text: string
  /** 0 for a request. */
  readonly status: number
  /** Of a request its own, of an answer that of its CSeq. */
  readonly method: string
  header(name: string): string | undefined
  readonly body: string
}

export interface SipDialog {
  readonly callId: string
  readonly localTag: string
  readonly remoteTag: string
  /** `From` and `To` of our requests, without tags. */
  readonly local: string
  readonly remote: string
  readonly target: string
  cseq: number
}

export interface SipRequest {
  readonly method: string
  /** The Request-URI. */
  readonly uri: string
  readonly from?: string
  readonly to?: string
  readonly headers?: readonly string[]
  readonly body?: string
  readonly contentType?: string
  readonly callId?: string
  readonly cseq?: number
  readonly branch?: string
  readonly fromTag?: string
  readonly toTag?: string
}

/** A small SIP end, over WebSocket or UDP, that does only what a test tells it to. */
export interface SipPeer {
  /** In the Contact of what it sends. */
  readonly contact: string
  send(text: string): void
  /** Writes and sends a request; what was written. */
  ask(request: SipRequest): SipText
  /** The first message, of those that came and were not taken yet, that fits. */
  next(fits: (message: SipText) => boolean): Promise<SipText>
  /** The next answer to the request, or the first final one. */
  answerTo(request: SipText, want?: 'any' | 'final'): Promise<SipText>
  /** The next request of the method. */
  asked(method: string): Promise<SipText>
  answer(request: SipText, status: number, more?: { body?: string; headers?: readonly string[]; tag?: string }): void
  /** Asks, and once more with a digest when challenged; the final answer. */
  askWithDigest(request: SipRequest, account: { user: string; password: string }): Promise<SipText>
  /** Everything that came, taken or not. */
  readonly heard: readonly SipText[]
  readonly closed: boolean
  close(): void
}

interface Wire {
  readonly protocol: 'WS' | 'UDP'
  readonly host: string
  send(text: string): void
  close(): void
}

/** A softphone's connection, as the service would hand it on. */
export async function overWebSocket(socketPath: string): Promise<SipPeer> {
  const socket = new WebSocket(`ws+unix:${socketPath}:${sipPath}`, 'sip', { perMessageDeflate: false })
  const peer = sipPeer({
    protocol: 'WS',
    host: `${randomBytes(4).toString('hex')}.invalid`,
    send: (text) => {
      socket.send(text)
    },
    close: () => {
      socket.terminate()
    },
  })
  socket.on('message', (data: Buffer) => {
    peer.hear(data.toString())
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => undefined)
  socket.on('close', peer.ended)
  return peer
}

/** A trunk on a free port of `address`, speaking to `port` of loopback. */
export async function overUdp(port: number, address = '127.0.0.1'): Promise<SipPeer & { readonly port: number }> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => {
    socket.bind(0, address, resolve)
  })
  const own = socket.address().port
  const peer = sipPeer({
    protocol: 'UDP',
    host: `${address}:${own}`,
    send: (text) => {
      socket.send(text, port, '127.0.0.1')
    },
    close: () => {
      socket.close()
    },
  })
  socket.on('message', (data) => {
    peer.hear(data.toString())
  })
  return Object.assign(peer, { port: own })
}

function sipPeer(wire: Wire) {
  const heard: SipText[] = []
  let untaken: SipText[] = []
  let waiting: { readonly fits: (message: SipText) => boolean; readonly take: (message: SipText) => void }[] = []
  let closed = false
  const contact =
    wire.protocol === 'WS'
      ? `<sip:${randomBytes(4).toString('hex')}@${wire.host};transport=ws>`
      : `<sip:peer@${wire.host}>`

  function hear(text: string) {
    if (text.trim() === '') return
    const message = readSip(text)
    heard.push(message)
    const waiter = waiting.find(({ fits }) => fits(message))
    if (!waiter) {
      untaken.push(message)
      return
    }
    waiting = waiting.filter((each) => each !== waiter)
    waiter.take(message)
  }

  function next(fits: (message: SipText) => boolean): Promise<SipText> {
    const here = untaken.find(fits)
    if (here) {
      untaken = untaken.filter((each) => each !== here)
      return Promise.resolve(here)
    }
    return new Promise((take) => {
      waiting.push({ fits, take })
    })
  }

  function ask(request: SipRequest): SipText {
    const { method, uri, body = '' } = request
    const to = request.to ?? `<${uri}>`
    const text = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/${wire.protocol} ${wire.host};branch=${request.branch ?? `z9hG4bK${randomBytes(6).toString('hex')}`};rport`,
      `From: ${request.from ?? `<sip:peer@${sipDomain}>`};tag=${request.fromTag ?? randomBytes(4).toString('hex')}`,
      `To: ${to}${request.toTag === undefined ? '' : `;tag=${request.toTag}`}`,
      `Call-ID: ${request.callId ?? randomBytes(8).toString('hex')}`,
      `CSeq: ${request.cseq ?? 1} ${method}`,
      'Max-Forwards: 70',
      ...(request.headers?.some((header) => /^contact:/i.test(header)) ? [] : [`Contact: ${contact}`]),
      ...(request.headers ?? []),
      ...(body ? [`Content-Type: ${request.contentType ?? 'application/sdp'}`] : []),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n')
    wire.send(text)
    return readSip(text)
  }

  function answerTo(request: SipText, want: 'any' | 'final' = 'final') {
    const branch = branchOf(request)
    return next(
      (message) =>
        message.status >= (want === 'final' ? 200 : 100) &&
        message.method === request.method &&
        branchOf(message) === branch,
    )
  }

  function answer(
    request: SipText,
    status: number,
    more: { body?: string; headers?: readonly string[]; tag?: string } = {},
  ) {
    const { body = '' } = more
    const to = request.header('to') ?? ''
    wire.send(
      [
        `SIP/2.0 ${status} Answer`,
        `Via: ${request.header('via') ?? ''}`,
        `From: ${request.header('from') ?? ''}`,
        `To: ${to}${status > 100 && !to.includes(';tag=') ? `;tag=${more.tag ?? 'answering'}` : ''}`,
        `Call-ID: ${request.header('call-id') ?? ''}`,
        `CSeq: ${request.header('cseq') ?? ''}`,
        `Contact: ${contact}`,
        ...(more.headers ?? []),
        ...(body ? ['Content-Type: application/sdp'] : []),
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n'),
    )
  }

  async function askWithDigest(request: SipRequest, account: { user: string; password: string }) {
    const fixed = {
      callId: randomBytes(8).toString('hex'),
      fromTag: randomBytes(4).toString('hex'),
      ...request,
      cseq: request.cseq ?? 1,
    }
    const first = ask(fixed)
    const challenged = await answerTo(first)
    if (challenged.status !== 401) return challenged
    if (request.method === 'INVITE') acknowledge(first, challenged)
    const again = ask({
      ...fixed,
      cseq: fixed.cseq + 1,
      headers: [...(request.headers ?? []), authorization(challenged, request, account)],
    })
    return answerTo(again)
  }

  /** Of a refusal: in the transaction of the INVITE (RFC 3261 section 17.1.1.3). */
  function acknowledge(invite: SipText, refusal: SipText) {
    wire.send(
      [
        invite.text.split('\r\n')[0]?.replace(/^INVITE/, 'ACK'),
        `Via: ${invite.header('via') ?? ''}`,
        `From: ${invite.header('from') ?? ''}`,
        `To: ${refusal.header('to') ?? ''}`,
        `Call-ID: ${invite.header('call-id') ?? ''}`,
        `CSeq: ${(invite.header('cseq') ?? '').replace('INVITE', 'ACK')}`,
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
    )
  }

  return {
    contact,
    hear,
    heard,
    get closed() {
      return closed
    },
    ended: () => {
      closed = true
    },
    send: (text: string) => {
      wire.send(text)
    },
    ask,
    next,
    answerTo,
    asked: (method: string) => next((message) => message.status === 0 && message.method === method),
    answer,
    askWithDigest,
    close: () => {
      wire.close()
    },
  }
}

export function ha1({ user, password }: { user: string; password: string }): string {
  return md5(`${user}:${sipRealm}:${password}`)
}

/** The `Authorization` that answers a 401. */
export function authorization(
  challenged: SipText,
  request: Pick<SipRequest, 'method' | 'uri'>,
  account: { user: string; password: string },
  count = 1,
): string {
  const nonce = /nonce="([^"]*)"/.exec(challenged.header('www-authenticate') ?? '')?.[1] ?? ''
  const nc = count.toString(16).padStart(8, '0')
  const cnonce = randomBytes(4).toString('hex')
  const response = md5(`${ha1(account)}:${nonce}:${nc}:${cnonce}:auth:${md5(`${request.method}:${request.uri}`)}`)
  return (
    `Authorization: Digest username="${account.user}", realm="${sipRealm}", nonce="${nonce}", ` +
    `uri="${request.uri}", response="${response}", algorithm=MD5, qop=auth, nc=${nc}, cnonce="${cnonce}"`
  )
}

/** The dialog that an answered INVITE made, seen from whoever sent (`uac`) or answered (`uas`) it. */
export function dialogOf(invite: SipText, answered: SipText, side: 'uac' | 'uas'): SipDialog {
  const [from, to] = [invite.header('from') ?? '', answered.header('to') ?? '']
  const contact = (side === 'uac' ? answered : invite).header('contact') ?? ''
  const [local, remote] = side === 'uac' ? [from, to] : [to, from]
  return {
    callId: invite.header('call-id') ?? '',
    localTag: tagOf(local),
    remoteTag: tagOf(remote),
    local: local.replace(/;tag=.*$/, ''),
    remote: remote.replace(/;tag=.*$/, ''),
    target: /<([^>]*)>/.exec(contact)?.[1] ?? '',
    cseq: side === 'uac' ? Number.parseInt(invite.header('cseq') ?? '1') : 0,
  }
}

/** A request inside the dialog, with the next CSeq; an ACK has that of the INVITE. */
export function inDialog(dialog: SipDialog, request: Omit<SipRequest, 'uri'>): SipRequest {
  if (request.method !== 'ACK') dialog.cseq += 1
  return {
    uri: dialog.target,
    from: dialog.local,
    to: dialog.remote,
    fromTag: dialog.localTag,
    toTag: dialog.remoteTag,
    callId: dialog.callId,
    cseq: dialog.cseq,
    ...request,
  }
}

function readSip(text: string): SipText {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [start = '', ...lines] = head.split('\r\n')
  const headers = lines.map((line) => /^([^:]+):\s*(.*)$/.exec(line) ?? [])
  const header = (name: string) => headers.find(([, each]) => each?.toLowerCase() === name.toLowerCase())?.[2]
  const status = Number(/^SIP\/2\.0 (\d+)/.exec(start)?.[1] ?? 0)
  return {
    text,
    status,
    method: status ? (header('cseq')?.split(' ')[1] ?? '') : (start.split(' ')[0] ?? ''),
    header,
    body: rest.join('\r\n\r\n'),
  }
}

function branchOf(message: SipText) {
  return /branch=([^;,\s]+)/.exec(message.header('via') ?? '')?.[1]
}

function tagOf(header: string) {
  return /;tag=([^;\s]+)/.exec(header)?.[1] ?? ''
}

function md5(text: string) {
  return createHash('md5').update(text).digest('hex')
}
