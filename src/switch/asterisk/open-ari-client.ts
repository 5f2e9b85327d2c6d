import { WebSocket } from 'ws'
import type { z } from 'zod'
import { failed, ok, type Result } from '../../core/result.ts'
import { type AriEvent, eventTypes, parseAriMessage, parsedJson } from './ari-messages.ts'
import type { AriProblem, AriRequest } from './ari-request.ts'
import { openAriLanes } from './open-ari-lanes.ts'

export type { AriProblem, AriRequest }

/**
 * Asterisk's REST interface, and the WebSocket that its events come on. It ends with that socket: events meanwhile are kept
 * by nobody, so whoever opens another reads the whole picture anew.
 */
export interface AriClient {
  /** `path` begins after `/ari`, such as `/channels`; parameters go in `query`, which is encoded here. */
  request<Body>(request: AriRequest<Body>): Promise<Result<Body, AriProblem>>
  /** What comes of it is of no matter. */
  send(request: Omit<AriRequest<unknown>, 'reply'>): Promise<Result<unknown, AriProblem>>
  /** Requests without an answer yet. */
  readonly waiting: number
  /** Resolves when everything that was asked is answered, and nothing more followed from the answers. */
  settled(): Promise<void>
  /** No socket from here on; every open request answers `gone`. Calls go on in Asterisk. */
  close(): void
}

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

/** Resolves when the socket stands, the events that we do not act on are switched off, and those of every channel come. */
export async function openAriClient(options: AriOptions): Promise<Result<AriClient, AriProblem>> {
  const socket = new WebSocket(eventsUrl(options), {
    headers: { authorization: basicAuthorization(options) },
    handshakeTimeout: options.requestTimeout ?? 5000,
  })
  const opened = await opening(socket)
  if (!opened.ok) return opened
  const client = clientOn(socket, options)
  const application = `/applications/${options.application}`
  const filtered = await client.send({
    method: 'PUT',
    path: `${application}/eventFilter`,
    body: { allowed: eventTypes.map((type) => ({ type })) },
  })
  // Of all of them, once: an answer to a question about one names every channel there is, which takes the longer the more there are.
  const subscribed = filtered.ok
    ? await client.send({ method: 'POST', path: `${application}/subscription`, query: { eventSource: 'channel:' } })
    : filtered
  if (subscribed.ok) return ok(client)
  client.close()
  return subscribed
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
  const { url, requestTimeout, pingEvery = 2000 } = options
  let closed = false
  let why: 'gone' | 'frozen' = 'gone'
  let answered = true

  const lanes = openAriLanes({
    url,
    ...(requestTimeout !== undefined && { requestTimeout }),
    authorization: basicAuthorization(options),
    ended: () => {
      socket.terminate()
    },
  })

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
    const message = parseAriMessage(data.toString('utf8'))
    if (message.kind === 'event' && !closed) options.heard(message.event)
    if (message.kind === 'malformed') options.malformed?.()
  })
  // 'close' follows every error.
  socket.on('close', () => {
    clearInterval(pings)
    const news = !closed
    closed = true
    lanes.close()
    if (news) options.ended(why)
  })

  return {
    async request(request) {
      const sent = await lanes.ask(request)
      if (!sent.ok) return sent
      const body = request.reply.safeParse(sent.value === '' ? undefined : parsedJson(sent.value))
      return body.success ? ok(body.data) : failed({ kind: 'malformed' })
    },
    send: (request) => lanes.ask(request),
    get waiting() {
      return lanes.waiting
    },
    async settled() {
      let quiet = 0
      while (!closed && quiet < 2) {
        await new Promise((resolve) => setTimeout(resolve, 10))
        quiet = lanes.waiting === 0 ? quiet + 1 : 0
      }
    },
    close() {
      closed = true
      clearInterval(pings)
      lanes.close()
      socket.close()
      // One that is frozen does not say goodbye.
      setTimeout(() => {
        socket.terminate()
      }, 1000).unref()
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
