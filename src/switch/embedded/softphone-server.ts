import { createServer, type Server } from 'node:http'
import { WebSocketServer, type WebSocket } from 'ws'
import { sipPath } from '../../contract/softphone.ts'
import type { Clock } from './clock.ts'
import type { Channel } from './sip/peer.ts'
import { largestMessage } from './sip/read-message.ts'
import { rateLimit } from './sip/rate-limit.ts'

export interface SoftphoneServer {
  /** To be put on a socket; not listening yet. */
  readonly server: Server
  close(): void
}

export interface SoftphoneServerOptions {
  readonly clock: Clock
  readonly opened: (channel: Channel) => void
  readonly heard: (message: string, channel: Channel) => void
  readonly closed: (channel: Channel) => void
}

/** Milliseconds of this machine's own time: a far side that is asked needs as much to answer, whatever the clock says. */
const pingEvery = 20_000
const mostConnections = 2000
/** What a connection may leave unread, in bytes, before it is cut off. */
const mostUnsent = 1_000_000

/** SIP over WebSocket: RFC 7118. */
export function openSoftphoneServer({ clock, opened, heard, closed }: SoftphoneServerOptions): SoftphoneServer {
  const server = createServer((_, response) => {
    response.writeHead(426, { Upgrade: 'websocket', Connection: 'close' }).end()
  })
  server.maxConnections = mostConnections
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: largestMessage,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('sip') ? 'sip' : false),
  })
  let order = 0

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim())
    const path = (request.url ?? '').replace(/\?.*$/s, '')
    if (path !== sipPath || !offered.includes('sip')) {
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, welcome)
  })

  function welcome(socket: WebSocket) {
    const channel = channelOf(socket, ++order, () => {
      closed(channel)
    })
    const limit = rateLimit({ burst: 400, perSecond: 100 })
    let answered = true
    const pings = setInterval(() => {
      if (!answered) {
        socket.terminate()
        return
      }
      answered = false
      socket.ping()
    }, pingEvery).unref()

    socket.on('pong', () => {
      answered = true
    })
    socket.on('error', () => {
      socket.terminate()
    })
    socket.on('close', () => {
      clearInterval(pings)
      closed(channel)
    })
    socket.on('message', (data) => {
      answered = true
      if (!limit.take(clock.now())) {
        socket.close(1008)
        return
      }
      const message = textOf(data)
      // RFC 5626 section 4.4.1: a double CRLF asks for a single one.
      if (/^(\r\n)*$/.test(message)) {
        if (message.length === 4) channel.send('\r\n')
        return
      }
      heard(message, channel)
    })
    opened(channel)
  }

  return {
    server,
    close() {
      for (const socket of sockets.clients) socket.close(1001)
      sockets.close()
      server.close()
      server.closeAllConnections()
    },
  }
}

/** `left`: told when we close it; a far side that is gone would answer that never. */
function channelOf(socket: WebSocket, order: number, left: () => void): Channel {
  return {
    protocol: 'WS',
    order,
    source: `connection ${order}`,
    get open() {
      return socket.readyState === socket.OPEN
    },
    send(message) {
      if (socket.bufferedAmount > mostUnsent) socket.terminate()
      else socket.send(message)
    },
    close() {
      if (socket.readyState !== socket.OPEN) return
      socket.close(1001)
      left()
    },
  }
}

function textOf(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString()
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString()
}
