import { WebSocket } from 'ws'
import type { z } from 'zod'
import { failed, ok, type Result } from '../../core/result.ts'
import { type AriEvent, eventTypes, parseAriMessage, parsedJson } from './ari-messages.ts'

/**
 * Asterisk's REST interface, over the same WebSocket that its events come on (since 22.4). It ends with its socket:
 * events meanwhile are kept by nobody, so whoever opens another reads the whole picture anew.
 */
export interface AriClient {
  /** `path` begins after `/ari`, such as `/channels`; parameters go in `query`, which is encoded here. */
  request<Body>(request: AriRequest<Body>): Promise<Result<Body, AriProblem>>
  /** What comes of it is of no matter. */
  send(request: Omit<AriRequest<unknown>, 'reply'>): Promise<Result<unknown, AriProblem>>
  /** Resolves when everything that was asked is answered, and nothing more followed from the answers. */
  settled(): Promise<void>
  /** No socket from here on; every open request answers `gone`. Calls go on in Asterisk. */
  close(): void
}

export interface AriRequest<Body> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: unknown
  /** What the reply's body must be; a reply without one is `undefined`. */
  readonly reply: z.ZodType<Body>
}

export type AriProblem =
  /** No socket. */
  | { readonly kind: 'gone' }
  /** No reply in time: it may have been done, or not. */
  | { readonly kind: 'timedOut' }
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string }
  | { readonly kind: 'malformed' }

/** Where Asterisk is, and as whom we speak with it. */
export interface AriAccess {
  /** Such as `http://127.0.0.1:8088/ari`. */
  readonly url: string
  readonly user: string
  readonly password: string
}

export interface AriOptions extends AriAccess {
  readonly application: string
  /** Milliseconds; preset 5000. */
  readonly requestTimeout?: number
  /** Milliseconds between two signs of life, each of which is answered before the next; preset 2000. */
  readonly pingEvery?: number
  heard(event: AriEvent): void
  /** Told once: the socket has closed, or Asterisk does not answer on it any more. Not after `close`. */
  ended(why: 'gone' | 'frozen'): void
  /** A frame that could not be believed was dropped. */
  malformed?(): void
}

/** Resolves when the socket stands, and the events that we do not act on are switched off. */
export async function openAriClient(options: AriOptions): Promise<Result<AriClient, AriProblem>> {
  const socket = new WebSocket(eventsUrl(options), {
    headers: { authorization: basicAuthorization(options) },
    handshakeTimeout: options.requestTimeout ?? 5000,
  })
  const opened = await opening(socket)
  if (!opened.ok) return opened
  const client = clientOn(socket, options)
  const filtered = await client.send({
    method: 'PUT',
    path: `/applications/${options.application}/eventFilter`,
    // Replies are events to the filter too.
    body: { allowed: [...eventTypes, 'RESTResponse'].map((type) => ({ type })) },
  })
  if (filtered.ok) return ok(client)
  client.close()
  return filtered
}

function opening(socket: WebSocket): Promise<Result<void, AriProblem>> {
  return new Promise((resolve) => {
    socket.once('open', () => {
      resolve(ok(undefined))
    })
    socket.once('unexpected-response', (_, { statusCode = 0, statusMessage = '' }) => {
      resolve(failed({ kind: 'refused', status: statusCode, reason: statusMessage }))
      socket.terminate()
    })
    socket.on('error', () => {
      resolve(failed({ kind: 'gone' }))
    })
  })
}

function clientOn(socket: WebSocket, options: AriOptions): AriClient {
  const { requestTimeout = 5000, pingEvery = 2000 } = options
  const waiting = new Map<string, (result: Result<string, AriProblem>) => void>()
  let lastId = 0
  let closed = false
  let why: 'gone' | 'frozen' = 'gone'
  let answered = true

  const pings = setInterval(() => {
    if (!answered) {
      why = 'frozen'
      socket.terminate()
      return
    }
    answered = false
    socket.ping()
  }, pingEvery)

  socket.on('pong', () => {
    answered = true
  })
  socket.on('message', (data: Buffer) => {
    answered = true
    hear(data.toString('utf8'))
  })
  // 'close' follows every error.
  socket.on('close', () => {
    clearInterval(pings)
    for (const settle of [...waiting.values()]) settle(failed({ kind: 'gone' }))
    if (!closed) options.ended(why)
    closed = true
  })

  function hear(text: string): void {
    const message = parseAriMessage(text)
    if (message.kind === 'event' && !closed) options.heard(message.event)
    if (message.kind === 'malformed') options.malformed?.()
    if (message.kind !== 'response') return
    const { status, reason, body } = message
    const succeeded = status >= 200 && status < 300
    waiting.get(message.id)?.(succeeded ? ok(body) : failed({ kind: 'refused', status, reason }))
  }

  function ask(request: Omit<AriRequest<unknown>, 'reply'>): Promise<Result<string, AriProblem>> {
    if (closed || socket.readyState !== WebSocket.OPEN) return Promise.resolve(failed({ kind: 'gone' }))
    lastId += 1
    const id = String(lastId)
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        settle(failed({ kind: 'timedOut' }))
      }, requestTimeout)
      const settle = (result: Result<string, AriProblem>) => {
        clearTimeout(timer)
        waiting.delete(id)
        resolve(result)
      }
      waiting.set(id, settle)
      socket.send(requestFrame(id, request))
    })
  }

  return {
    async request(request) {
      const sent = await ask(request)
      if (!sent.ok) return sent
      const body = request.reply.safeParse(sent.value === '' ? undefined : parsedJson(sent.value))
      return body.success ? ok(body.data) : failed({ kind: 'malformed' })
    },
    send: ask,
    async settled() {
      let quiet = 0
      while (!closed && quiet < 2) {
        await new Promise((resolve) => setTimeout(resolve, 10))
        quiet = waiting.size === 0 ? quiet + 1 : 0
      }
    },
    close() {
      closed = true
      clearInterval(pings)
      socket.close()
      // One that is frozen does not say goodbye.
      setTimeout(() => {
        socket.terminate()
      }, 1000).unref()
      for (const settle of [...waiting.values()]) settle(failed({ kind: 'gone' }))
    },
  }
}

/** One question over plain HTTP, where no socket is to be opened for it. */
export async function askOnce<Body>(
  access: AriAccess,
  path: string,
  reply: z.ZodType<Body>,
): Promise<Result<Body, AriProblem>> {
  try {
    const response = await fetch(`${access.url}${path}`, {
      headers: { authorization: basicAuthorization(access) },
      signal: AbortSignal.timeout(5000),
    })
    if (!response.ok) return failed({ kind: 'refused', status: response.status, reason: response.statusText })
    const body = reply.safeParse(parsedJson(await response.text()))
    return body.success ? ok(body.data) : failed({ kind: 'malformed' })
  } catch {
    return failed({ kind: 'gone' })
  }
}

function eventsUrl({ url, application }: AriOptions): string {
  const events = new URL(`${url}/events`)
  events.protocol = events.protocol === 'https:' ? 'wss:' : 'ws:'
  events.searchParams.set('app', application)
  return events.href
}

/** RFC 7617; never in the URL, where it would reach a log. */
export function basicAuthorization({ user, password }: AriAccess): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

function requestFrame(id: string, { method, path, query, body }: Omit<AriRequest<unknown>, 'reply'>): string {
  return JSON.stringify({
    type: 'RESTRequest',
    transaction_id: id,
    request_id: id,
    method,
    uri: path.slice(1),
    ...(query && { query_strings: Object.entries(query).map(([name, value]) => ({ name, value })) }),
    ...(body !== undefined && { content_type: 'application/json', message_body: JSON.stringify(body) }),
  })
}
