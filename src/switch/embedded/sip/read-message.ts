import { Core } from 'sip.js'

export type ReadMessage =
  | { readonly kind: 'request'; readonly request: Core.IncomingRequestMessage }
  | { readonly kind: 'response'; readonly response: Core.IncomingResponseMessage }
  /** A request that is answered before it reaches any transaction. */
  | { readonly kind: 'refuse'; readonly status: number; readonly reply: string }
  | { readonly kind: 'drop'; readonly why: string }

/** Where a datagram came from; absent for a WebSocket, whose answers go back on the connection. */
export interface DatagramSource {
  readonly address: string
  readonly port: number
}

const allowedMethods = ['INVITE', 'ACK', 'BYE', 'CANCEL', 'INFO', 'OPTIONS', 'REGISTER'] as const
export const allowHeader = 'Allow: INVITE, ACK, BYE, CANCEL, INFO, OPTIONS'

/** Methods that exist and that we do not take: 405; any other: 501 (RFC 3261 section 8.2.1). */
const knownMethods = new Set(['MESSAGE', 'NOTIFY', 'PRACK', 'PUBLISH', 'REFER', 'SUBSCRIBE', 'UPDATE'])

/** Characters. A browser's SDP is some 5,000. */
export const largestMessage = 65_536
const longestLine = 8192
const mostHeaders = 100
/** What the parser may be given: its time grows with the square of a value, 4,000 characters take it 60 ms. */
const longestParsed = 1024
const mostParsed = 6000

/** RFC 3261 section 7.3.3, those that we read. */
const wholeNames: ReadonlyMap<string, string> = new Map([
  ['v', 'via'],
  ['f', 'from'],
  ['t', 'to'],
  ['i', 'call-id'],
  ['m', 'contact'],
  ['l', 'content-length'],
  ['c', 'content-type'],
  ['e', 'content-encoding'],
])

/** Read by the parser's grammar as soon as they are met. */
const parsedNames = new Set([
  'via',
  'from',
  'to',
  'call-id',
  'cseq',
  'contact',
  'record-route',
  'max-forwards',
  'content-type',
  'content-disposition',
  'www-authenticate',
  'proxy-authenticate',
])
/** Handed on as they are. Everything else is left out: nothing reads it. */
const rawNames = new Set([
  'route',
  'expires',
  'authorization',
  'privacy',
  'p-asserted-identity',
  'p-preferred-identity',
  'reason',
  'retry-after',
  'require',
])
/** Exactly one in every message (RFC 3261 section 8.1.1). */
const singleNames = ['from', 'to', 'call-id', 'cseq'] as const

interface Header {
  readonly name: string
  readonly value: string
}

const token = String.raw`[A-Za-z0-9\-.!%*_+\`'~]+`
const requestLine = new RegExp(`^(${token}) (\\S+) (SIP/\\d+\\.\\d+) *$`, 'i')
const statusLine = /^SIP\/2\.0 ([1-6]\d\d) ?(.*)$/i
const viaValue = new RegExp(`^SIP\\s*/\\s*2\\.0\\s*/\\s*${token}\\s+[^\\s;,]+`, 'i')
const headerName = /^[A-Za-z][A-Za-z0-9-]*$/
const silent = new Core.LoggerFactory()
silent.builtinEnabled = false
const parserLog = silent.getLogger('parser')

/**
 * Reads one message from the net, and never throws.
 *
 * The parser of sip.js throws on some malformed messages and takes long over large ones. So its size, lines and
 * headers are bounded first, what nothing reads is left out, and it is given the message written anew.
 * What RFC 3261 wants of a message (sections 8.1.1, 8.2, 18.3) is looked at here too, as RFC 4475 tests it.
 */
export function readMessage(data: string, source?: DatagramSource): ReadMessage {
  if (data.length > largestMessage) return { kind: 'drop', why: 'too large' }
  const headEnd = data.indexOf('\r\n\r\n')
  if (headEnd < 0) return { kind: 'drop', why: 'no end of headers' }
  const [startLine = '', ...lines] = data.slice(0, headEnd).split('\r\n')
  const headers = readHeaders(lines)
  if (typeof headers === 'string') return { kind: 'drop', why: headers }

  const status = statusLine.exec(startLine)
  if (status) return readResponse(startLine, headers, data.slice(headEnd + 4))
  if (/^SIP\//i.test(startLine)) return { kind: 'drop', why: 'bad status line' }
  if (source) stampSource(headers, source)
  return readRequest(startLine, headers, data.slice(headEnd + 4))
}

/** In order, unfolded, with whole names; a string says what is wrong. */
function readHeaders(lines: readonly string[]): Header[] | string {
  if (lines.length > mostHeaders * 2) return 'too many lines'
  const headers: { name: string; value: string }[] = []
  for (const line of lines) {
    if (line.length > longestLine) return 'line too long'
    if (/[\r\n]/.test(line)) return 'bare line end'
    const last = headers.at(-1)
    if (/^[ \t]/.test(line)) {
      if (!last) return 'header continued before the first'
      last.value = `${last.value} ${line.trim()}`
      if (last.value.length > longestLine) return 'header too long'
      continue
    }
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase()
    // A name that we could not use anyway is left out, not refused.
    if (!headerName.test(name)) continue
    headers.push({ name: wholeNames.get(name) ?? name, value: line.slice(colon + 1).trim() })
  }
  return headers.length > mostHeaders ? 'too many headers' : headers
}

/** Where the answer is to go: RFC 3261 section 18.2.1 and RFC 3581 section 4. */
function stampSource(headers: Header[], { address, port }: DatagramSource) {
  const at = headers.findIndex(({ name }) => name === 'via')
  const via = headers[at]
  if (!via) return
  const comma = via.value.indexOf(',')
  const first = comma < 0 ? via.value : via.value.slice(0, comma)
  const stamped = first
    .replace(/;\s*received\s*=[^;,\s]*/gi, '')
    .replace(/;\s*rport\s*(=[^;,\s]*)?(?=\s*(;|$))/i, `;rport=${port}`)
  headers[at] = {
    name: 'via',
    value: `${stamped};received=${address}${comma < 0 ? '' : via.value.slice(comma)}`,
  }
}

function readRequest(startLine: string, headers: readonly Header[], body: string): ReadMessage {
  const refuse = (status: number, phrase: string, extra?: string): ReadMessage => {
    if (/^ACK\b/i.test(startLine)) return { kind: 'drop', why: phrase }
    const reply = writeReply(headers, status, phrase, extra)
    return reply === undefined ? { kind: 'drop', why: phrase } : { kind: 'refuse', status, reply }
  }
  const start = requestLine.exec(startLine)
  if (!start || startLine.length > longestParsed) return refuse(400, 'Bad Request-Line')
  const [, method = '', uri = '', version = ''] = start
  if (version.toUpperCase() !== 'SIP/2.0') return refuse(505, 'Version Not Supported')
  const fault = faultOf(headers, body, method)
  if (fault !== undefined) return refuse(400, fault)
  if (!/^sips?:/i.test(uri)) return refuse(416, 'Unsupported URI Scheme')
  if (!(allowedMethods as readonly string[]).includes(method))
    return knownMethods.has(method)
      ? refuse(405, 'Method Not Allowed', allowHeader)
      : refuse(501, 'Not Implemented', allowHeader)
  const required = headers.filter(({ name }) => name === 'require').map(({ value }) => value)
  if (required.length > 0 && method !== 'ACK' && method !== 'CANCEL')
    return refuse(420, 'Bad Extension', `Unsupported: ${required.join(', ')}`)
  if (method === 'INVITE') {
    if (valueOf(headers, 'contact') === undefined) return refuse(400, 'Missing Contact')
    const type = valueOf(headers, 'content-type')
    if (body.length > 0 && (!type || !/^application\/sdp\s*(;|$)/i.test(type)))
      return refuse(415, 'Unsupported Media Type', 'Accept: application/sdp')
    if (!/^(identity)?$/i.test(valueOf(headers, 'content-encoding') ?? ''))
      return refuse(415, 'Unsupported Media Type', 'Accept-Encoding: identity')
  }
  const message = parse(`${method} ${uri} SIP/2.0`, headers, body)
  if (!(message instanceof Core.IncomingRequestMessage) || !isWhole(message) || !message.ruri)
    return refuse(400, 'Bad Request')
  return { kind: 'request', request: message }
}

function readResponse(startLine: string, headers: readonly Header[], body: string): ReadMessage {
  const fault = startLine.length > longestParsed ? 'status line too long' : faultOf(headers, body)
  if (fault !== undefined) return { kind: 'drop', why: fault }
  const message = parse(startLine, headers, body)
  if (!(message instanceof Core.IncomingResponseMessage) || !isWhole(message))
    return { kind: 'drop', why: 'not parsed' }
  return { kind: 'response', response: message }
}

/** What is wrong with the headers; `method` is the request's. */
function faultOf(headers: readonly Header[], body: string, method?: string): string | undefined {
  for (const name of singleNames) {
    const count = headers.filter((header) => header.name === name).length
    if (count === 0) return `Missing ${name}`
    if (count > 1) return `More than one ${name}`
  }
  const via = valueOf(headers, 'via')
  if (via === undefined || !viaValue.test(via)) return 'Bad Via'
  // Transactions are told apart by it alone; the cookie without more is no name (RFC 4475 section 3.2).
  const branch = /;\s*branch\s*=\s*([^;,\s]+)/i.exec(via)?.[1]
  if (branch === undefined || branch === 'z9hG4bK') return 'Missing branch'
  const cseq = /^(\d{1,10})\s+(\S+)$/.exec(valueOf(headers, 'cseq') ?? '')
  if (!cseq || Number(cseq[1]) >= 2 ** 31) return 'Bad CSeq'
  if (method !== undefined && cseq[2] !== method) return 'CSeq of another method'
  const forwards = valueOf(headers, 'max-forwards')
  if (forwards !== undefined && !(/^\d{1,10}$/.test(forwards) && Number(forwards) <= 255)) return 'Bad Max-Forwards'
  const lengths = headers.filter(({ name }) => name === 'content-length')
  if (lengths.length > 1) return 'More than one Content-Length'
  const length = lengths[0]?.value
  if (length !== undefined && !/^\d{1,6}$/.test(length)) return 'Bad Content-Length'
  if (length !== undefined && Number(length) > Buffer.byteLength(body)) return 'Content-Length larger than the message'
  const expires = valueOf(headers, 'expires')
  if (expires !== undefined && method === 'REGISTER' && !(/^\d{1,10}$/.test(expires) && Number(expires) < 2 ** 32))
    return 'Bad Expires'

  let parsed = 0
  for (const { name, value } of headers) {
    if (!parsedNames.has(name)) continue
    if (value.length > longestParsed) return `Too long ${name}`
    parsed += value.length
  }
  return parsed > mostParsed ? 'Too long headers' : undefined
}

function parse(startLine: string, headers: readonly Header[], body: string): unknown {
  const length = valueOf(headers, 'content-length')
  const content = length === undefined ? body : Buffer.from(body).subarray(0, Number(length)).toString()
  const kept = headers.filter(({ name }) => parsedNames.has(name) || rawNames.has(name))
  const text = [startLine, ...kept.map(({ name, value }) => `${name}: ${value}`), '', content].join('\r\n')
  try {
    return Core.Parser.parseMessage(text, parserLog)
  } catch {
    return undefined
  }
}

/** What the transactions take for granted: the parser leaves out what it could not read. */
function isWhole(message: Core.IncomingMessage): boolean {
  // The declared types say that these are always there.
  const { from, to, via, viaBranch, callId, cseq, method } = message as Partial<Core.IncomingMessage>
  return Boolean(from && to && via && viaBranch && callId && cseq !== undefined && method)
}

/** RFC 3261 section 8.2.6.2; with as much of the request as it has. */
function writeReply(headers: readonly Header[], status: number, phrase: string, extra?: string): string | undefined {
  const via = headers.filter(({ name }) => name === 'via').map(({ value }) => `Via: ${value}`)
  if (!/^SIP\s*\//i.test(valueOf(headers, 'via') ?? '')) return undefined
  const copied = singleNames.flatMap((name) => {
    const value = valueOf(headers, name)
    if (value === undefined) return []
    const tag = name === 'to' && !/;\s*tag\s*=/i.test(value) ? ';tag=refused' : ''
    return [`${wireNames[name]}: ${value}${tag}`]
  })
  return [
    `SIP/2.0 ${status} ${phrase}`,
    ...via,
    ...copied,
    ...(extra === undefined ? [] : [extra]),
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')
}

const wireNames = { from: 'From', to: 'To', 'call-id': 'Call-ID', cseq: 'CSeq' } as const

function valueOf(headers: readonly Header[], name: string): string | undefined {
  return headers.find((header) => header.name === name)?.value
}
