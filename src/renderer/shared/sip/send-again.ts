import { type Transport, TransportState } from 'sip.js'

/**
 * Makes a transport that nothing is lost with: what was sent into a dead socket, or while there was none, goes again over the next
 * connection, as it was, so that the far side knows it for the same (RFC 3261 section 17.2.3).
 *
 * The library sends a message once over a WebSocket, and fails its transaction where there is none: a BYE, a 200 or a re-INVITE
 * would be gone with the socket. REGISTER and OPTIONS ask about the connection itself, and are its own affair. `doubted` is told when
 * nothing at all has come back for a second.
 */
export function sendAgain(transport: Transport, doubted: () => void = () => undefined): void {
  const unanswered = new Map<string, Kept>()
  /** Of answered INVITEs; the far side that repeats its 2xx has not got it (RFC 3261 section 13.2.2.4). */
  const acknowledged = new Map<string, Kept>()
  /** Of those asked that the far side has said it works on. */
  const reached = new WeakSet<Kept>()
  const send = transport.send.bind(transport)
  const hear = transport.onMessage

  transport.send = async (message) => {
    const read = readSip(message)
    if (read.request && isOfConnection[read.method] === true) return send(message)
    const kept = { message, since: Date.now() }
    forgetOld()
    if (read.request && read.method === 'ACK') acknowledged.set(read.transaction, kept)
    // A later answer takes the place of an earlier one.
    if (expectsAnswer(read) || !transport.isConnected()) unanswered.set(keyOf(read), kept)
    if (!transport.isConnected()) return
    if (expectsAnswer(read)) doubt(kept, keyOf(read))
    await send(message)
  }

  transport.onMessage = (message) => {
    const read = readSip(message)
    if (read.request) {
      // Of our 2xx: in a transaction of its own, so it is known by its CSeq.
      if (read.method === 'ACK') unanswered.delete(keyOf({ ...read, request: false, method: 'INVITE' }))
    } else if (read.status < 200) {
      const asked = unanswered.get(keyOf({ ...read, request: true }))
      if (asked) reached.add(asked)
    } else {
      unanswered.delete(keyOf({ ...read, request: true }))
      const ack = read.method === 'INVITE' && read.status < 300 ? acknowledged.get(read.transaction) : undefined
      if (ack) {
        // The library would take it for a new answer to an offer that there is no more.
        void transport.send(ack.message).catch(() => undefined)
        return
      }
    }
    hear?.(message)
  }

  transport.stateChange.addListener((state) => {
    if (state !== TransportState.Connected) return
    forgetOld()
    for (const [key, { message }] of unanswered) {
      if (!expectsAnswer(readSip(message))) unanswered.delete(key)
      void send(message).catch(() => undefined)
    }
  })

  function doubt(kept: Kept, key: string) {
    setTimeout(() => {
      if (unanswered.get(key) === kept && !reached.has(kept) && transport.isConnected()) doubted()
    }, doubtAfter)
  }

  function forgetOld() {
    const oldest = Date.now() - worthFor
    for (const kept of [unanswered, acknowledged])
      for (const [key, { since }] of kept) if (since < oldest) kept.delete(key)
  }
}

interface Kept {
  readonly message: string
  /** Milliseconds. */
  readonly since: number
}

/** Milliseconds; a switch that lives answers in a tenth of it. */
const doubtAfter = 1_000
/** 64 times T1: as long as a transaction lives. */
const worthFor = 32_000

const isOfConnection: Readonly<Record<string, boolean>> = { REGISTER: true, OPTIONS: true }

interface SipRead {
  readonly request: boolean
  /** Of an answer that of its request. */
  readonly method: string
  /** 0 of a request. */
  readonly status: number
  /** Call-ID and CSeq number: of an INVITE, its answers and its ACK alike. */
  readonly transaction: string
  readonly branch: string
}

/** Only what is needed here, of messages that the library has written or is about to parse itself. */
function readSip(message: string): SipRead {
  const [head = ''] = message.split('\r\n\r\n', 1)
  const header = (name: string) => new RegExp(`^${name}\\s*:\\s*(.*)$`, 'im').exec(head)?.[1]?.trim() ?? ''
  const [cseq = '', method = ''] = header('CSeq').split(/\s+/)
  const status = /^SIP\/2\.0 (\d{3})/.exec(head)?.[1]
  return {
    request: status === undefined,
    method,
    status: Number(status ?? 0),
    transaction: `${header('(?:Call-ID|i)')} ${cseq}`,
    branch: /branch=([^;,\s]+)/.exec(header('(?:Via|v)'))?.[1] ?? '',
  }
}

/** A request, or a final answer to an INVITE, which waits for its ACK. */
function expectsAnswer({ request, method, status }: SipRead): boolean {
  return request ? method !== 'ACK' : status >= 200 && method === 'INVITE'
}

function keyOf({ request, method, transaction, branch }: SipRead): string {
  return request ? `ask ${method} ${branch}` : `answer ${method} ${transaction}`
}
