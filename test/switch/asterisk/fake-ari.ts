import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
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

/** Asterisk's REST interface as far as a client sees it: a WebSocket with events, requests over it, and their replies. */
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
  const server = createServer((_, response) => response.writeHead(404).end())

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
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as {
        request_id: string
        method: string
        uri: string
        query_strings?: { name: string; value: string }[]
        message_body?: string
      }
      const request = {
        method: frame.method,
        uri: frame.uri,
        query: Object.fromEntries((frame.query_strings ?? []).map(({ name, value }) => [name, value])),
        body: frame.message_body === undefined ? undefined : (JSON.parse(frame.message_body) as unknown),
      }
      asked.push(request)
      const reply = frozen ? undefined : answer(request)
      if (!reply) return
      socket.send(
        JSON.stringify({
          type: 'RESTResponse',
          request_id: frame.request_id,
          status_code: reply.status,
          reason_phrase: reply.status < 300 ? 'OK' : 'No',
          ...(reply.body !== undefined && { message_body: JSON.stringify(reply.body) }),
        }),
      )
    })
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
