import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'

export interface AskedOfAri {
  readonly method: string
  /** After `/ari/`. */
  readonly uri: string
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
}

/** What it answers: a status and a body; undefined: nothing, ever. */
type Reply = { readonly status: number; readonly body?: unknown } | undefined

/** Asterisk's REST interface as far as a client sees it: requests over HTTP, and a WebSocket with events. */
export interface FakeAri {
  readonly url: string
  readonly asked: readonly AskedOfAri[]
  /** The next sockets are refused with this status. */
  refuses(status: number): void
  /** Of every socket that stands. */
  sends(text: string): void
  /** Does not even answer a ping from here on. */
  freezes(): void
  /** All sockets, as when Asterisk ends. */
  drops(): void
  /** All connections on which something was asked. */
  dropsRequests(): void
  /** On which something was ever asked. */
  readonly connections: number
  readonly sockets: number
  close(): Promise<void>
}

export async function openFakeAri(
  { user, password }: { readonly user: string; readonly password: string },
  answer: (asked: AskedOfAri) => Reply = () => ({ status: 204 }),
): Promise<FakeAri> {
  const asked: AskedOfAri[] = []
  let refused: number | undefined
  const sockets = new WebSocketServer({ noServer: true, autoPong: false })
  let frozen = false
  const connections = new Set<Socket>()
  const server = createServer((request, response) => {
    void reply(request, response)
  })

  server.on('upgrade', (request, socket, head) => {
    const status = refused ?? (isKnown(request) ? undefined : 401)
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${String(status)} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, socket, head, welcome)
  })

  const isKnown = ({ headers }: IncomingMessage) => headers.authorization === `Basic ${btoa(`${user}:${password}`)}`

  function welcome(socket: WebSocket) {
    socket.on('ping', () => {
      if (!frozen) socket.pong()
    })
  }

  async function reply(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '', 'http://ari')
    let text = ''
    for await (const piece of request.setEncoding('utf8')) text += String(piece)
    const question = {
      method: request.method ?? '',
      uri: url.pathname.replace('/ari/', ''),
      query: Object.fromEntries(url.searchParams),
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    }
    asked.push(question)
    connections.add(request.socket)
    if (!isKnown(request)) {
      response.writeHead(401).end()
      return
    }
    const answered = frozen ? undefined : answer(question)
    if (!answered) return
    const body = answered.body === undefined ? '' : JSON.stringify(answered.body)
    response.writeHead(answered.status, answered.status < 300 ? 'OK' : 'No', {
      'content-length': Buffer.byteLength(body),
    })
    response.end(body)
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/ari`,
    asked,
    refuses(status) {
      refused = status
    },
    sends(text) {
      for (const socket of sockets.clients) socket.send(text)
    },
    freezes() {
      frozen = true
    },
    drops() {
      for (const socket of sockets.clients) socket.terminate()
    },
    dropsRequests() {
      for (const socket of connections) socket.destroy()
    },
    get connections() {
      return connections.size
    },
    get sockets() {
      return sockets.clients.size
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
