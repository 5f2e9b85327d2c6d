import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { consolePath, desktopOrigin } from '../../contract/console.ts'
import { sipPath } from '../../contract/softphone.ts'
import { StartProblem } from '../ports.ts'
import { openDoor, type Door } from './door.ts'
import type { HttpParts, Listen } from './http-parts.ts'
import { isLoopback, listeningNames } from './names.ts'
import { openApp } from './open-app.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'
import { sessionCookie, type SessionCookie } from './session-cookie.ts'

/** The service's one port: the console's pages, its HTTP and WebSocket, and the softphones' SIP. */
export interface Http {
  readonly host: string
  readonly port: number
  /** Such as `http://127.0.0.1:8330`. */
  readonly origin: string
  close(): Promise<void>
}

/** Listens, or throws `StartProblem`. */
export async function openHttp(parts: HttpParts): Promise<Http> {
  const { listen, log } = parts
  const { tls } = listen
  const secure = tls !== undefined
  if (!secure && !isLoopback(listen.host))
    throw new StartProblem(
      `--host ${listen.host}: expected --tls-cert and --tls-key too, since a browser gives no microphone without TLS`,
    )
  const server = tls ? createTlsServer({ cert: tls.certificate, key: tls.key }) : createServer()
  const names = listeningNames(listen.host, tls?.certificate)
  let listening = 0
  const port = () => listening
  const door = openDoor({ names, port, secure, tokenOrigins: [desktopOrigin] })
  const cookie = sessionCookie({ port, secure })
  const app = await openApp({ ...parts, server, door, cookie, secure })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgrade({ request, socket, head, door, cookie, parts })
  })
  // Only now: who comes at once is answered.
  try {
    listening = await listenOn(server, listen)
  } catch (fault) {
    await app.close()
    throw fault
  }
  log.info({ host: listen.host, port: listening, secure }, 'listening')
  return {
    host: listen.host,
    port: listening,
    origin: `${secure ? 'https' : 'http'}://${names[0] ?? 'localhost'}:${String(listening)}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      parts.sip.close()
      await parts.consoles.stop()
      server.closeAllConnections()
      await closed
      await app.close()
    },
  }
}

async function listenOn(server: Server, { host, ports }: Listen): Promise<number> {
  for (const port of ports) {
    const fault = await tryPort(server, host, port)
    if (!fault) return (server.address() as AddressInfo).port
    if (fault.code !== 'EADDRINUSE') throw new StartProblem(`${host}:${String(port)}: cannot listen: ${fault.message}`)
  }
  const tried = ports.length === 1 ? `port ${String(ports[0])}` : `ports ${String(ports[0])} to ${String(ports.at(-1))}`
  throw new StartProblem(`${host}: ${tried} in use; expected a free one, by --port`)
}

function tryPort(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const refused = (fault: NodeJS.ErrnoException) => resolve(fault)
    server.once('error', refused)
    server.listen({ host, port }, () => {
      server.off('error', refused)
      resolve(undefined)
    })
  })
}

interface Upgrade {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
  readonly door: Door
  readonly cookie: SessionCookie
  readonly parts: HttpParts
}

function upgrade({ request, socket, head, door, cookie, parts: { consoles, sip, log } }: Upgrade) {
  const { headers, method = 'GET' } = request
  const refusal = door.refuses({ method, headers, upgrade: true })
  if (refusal) {
    log.warn({ kind: refusal.kind, from: request.socket.remoteAddress }, 'an upgrade was turned away')
    refuseUpgrade(socket, refusal)
    return
  }
  const path = (request.url ?? '').split('?')[0]
  if (path === consolePath) consoles.upgrade(request, socket, head, cookie.read(headers))
  else if (path === sipPath) sip.upgrade(request, socket, head)
  else refuseUpgrade(socket, { status: 404, kind: 'unknown', message: `expected ${consolePath} or ${sipPath}` })
}
