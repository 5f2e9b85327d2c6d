import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { after, seconds } from '../../core/time.ts'
import { openConsoleConnection, type ConnectionParts, type ConsoleConnection } from './console-connection.ts'

/** Where consoles connect. */
export interface ConsoleEndpoint {
  /** `cookie`: the session's token, where the request carried one that may be believed. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, cookie: string | undefined): void
  signedOut(token: string): void
  /** Accounts or sessions have changed: who may no longer look is sent away. */
  recheck(): void
  /** Says goodbye to all, and waits for them a little. */
  stop(): Promise<void>
}

/** Bytes; the greatest ask is an edit that brings in a list of agents. */
const maxPayload = 512 * 1024
/** A socket that answers no ping for this long is of a machine that sleeps or is gone. */
const pingEvery = seconds(30)
/** Who has not taken the goodbye by then is not waited for. */
const goodbyeMillis = 500

export function openConsoleEndpoint(parts: ConnectionParts): ConsoleEndpoint {
  const server = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false, clientTracking: false })
  const open = new Map<WebSocket, { readonly connection: ConsoleConnection; answered: boolean }>()
  let cancelPing = pingLater()

  function pingLater() {
    return parts.clock.wake(after(parts.clock.now(), pingEvery), () => {
      for (const [socket, state] of open) {
        if (!state.answered) socket.terminate()
        state.answered = false
        socket.ping()
      }
      cancelPing = pingLater()
    })
  }

  function accept(socket: WebSocket, cookie: string | undefined) {
    const connection = openConsoleConnection(parts, socket, cookie)
    const state = { connection, answered: true }
    open.set(socket, state)
    socket.on('message', (message, isBinary) => {
      state.answered = true
      if (isBinary || !Buffer.isBuffer(message)) socket.close(1003, 'text only')
      else connection.received(message.toString('utf8'))
    })
    socket.on('pong', () => (state.answered = true))
    // A fault of the peer's; `close` follows.
    socket.on('error', (error) => parts.log.debug({ error: error.message }, 'console socket'))
    socket.on('close', () => {
      open.delete(socket)
      connection.closed()
    })
  }

  const each = (act: (connection: ConsoleConnection) => void) => {
    for (const { connection } of [...open.values()]) act(connection)
  }

  return {
    upgrade: (request, socket, head, cookie) =>
      server.handleUpgrade(request, socket, head, (webSocket) => accept(webSocket, cookie)),
    signedOut: (token) => each((connection) => connection.signedOut(token)),
    recheck: () => each((connection) => connection.recheck()),
    stop: async () => {
      cancelPing()
      each((connection) => connection.stop())
      const left = [...open.keys()].map((socket) => new Promise((resolve) => socket.once('close', resolve)))
      const patience = new Promise((resolve) => {
        setTimeout(resolve, goodbyeMillis).unref()
      })
      await Promise.race([Promise.all(left), patience])
      for (const socket of open.keys()) socket.terminate()
    },
  }
}
