import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { Transform, type Duplex } from 'node:stream'
import type { SoftphoneSocket } from '../../contract/switch.ts'
import type { Log } from '../log.ts'
import type { Clock } from '../ports.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'
import { isLoopback } from './names.ts'
import { openSipGuard, type GuardedConnection } from './sip-guard.ts'

/**
 * Hands the softphones' SIP on to the switch (design section 9): the raw upgrade request and then every byte both ways.
 * SIP does its own digest; here the number of connections is limited, and how often wrong credentials may be tried.
 */
export interface SipTunnel {
  upgrade(request: IncomingMessage, client: Duplex, head: Buffer): void
  close(): void
}

export interface SipTunnelParts {
  /** Undefined: no switch is attached, or it takes no softphones. */
  readonly socket: () => SoftphoneSocket | undefined
  /** Told when a connection to it has begun, and when it has ended. */
  readonly moved?: () => void
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
  /** Connections from one address; many desks may sit behind one. Preset: 500; from this machine itself: no limit. */
  readonly limit?: number
}

/** The switch has no business with who is signed in; and an extension would hide what is said. */
const withheld = new Set(['cookie', 'authorization', 'sec-websocket-extensions'])
const connectMillis = 3000
/** Of the switch's reply to the upgrade, bytes. */
const longestHead = 16_384

export function openSipTunnel({ socket, moved, clock, log, limit = 500 }: SipTunnelParts): SipTunnel {
  const guard = openSipGuard({ clock, log })
  const tunnels = new Map<Duplex, string>()

  function upgrade(request: IncomingMessage, client: Duplex, head: Buffer) {
    const from = request.socket.remoteAddress ?? ''
    const to = socket()
    if (to === undefined) {
      refuseUpgrade(client, { status: 503, kind: 'unavailable', message: 'the switch is not attached; try again' })
      return
    }
    if (!isLoopback(from) && [...tunnels.values()].filter((each) => each === from).length >= limit) {
      refuseUpgrade(client, { status: 429, kind: 'tooMany', message: `expected at most ${String(limit)} connections` })
      return
    }
    const guarded = guard.admit(from)
    if (!guarded) {
      const message = 'too many wrong credentials came from this address; try again later'
      refuseUpgrade(client, { status: 429, kind: 'tooMany', message })
      return
    }
    tunnels.set(client, from)
    open({ request, client, head, to, guarded })
  }

  function open({ request, client, head, to, guarded }: Opening) {
    request.socket.setNoDelay(true)
    request.socket.setTimeout(0)
    const inner = 'path' in to ? connect(to.path) : connect(to.port, to.host)
    inner.setTimeout(connectMillis, () => inner.destroy(new Error('no connection in time')))
    let connected = false
    inner.once('connect', () => {
      connected = true
      moved?.()
      inner.setTimeout(0)
      inner.setNoDelay(true)
      inner.write(requestText(request, 'path' in to ? request.url : to.url), 'latin1')
      const [inward, outward] = [
        passing((piece) => guarded.mayPass(piece)),
        passing(afterHead((piece) => guarded.mayReturn(piece))),
      ]
      for (const way of [inward, outward])
        way.on('error', () => {
          client.destroy()
          inner.destroy()
        })
      if (head.length > 0) inward.write(head)
      // Pipes keep back-pressure: who reads slowly is read from slowly.
      client.pipe(inward).pipe(inner)
      inner.pipe(outward).pipe(client)
    })
    inner.on('error', (error) => {
      log.warn({ error: error.message }, 'the softphone socket of the switch')
      if (!connected) refuseUpgrade(client, { status: 503, kind: 'unavailable', message: 'the switch does not answer' })
    })
    inner.once('close', () => {
      tunnels.delete(client)
      if (!connected) return
      moved?.()
      client.destroy()
    })
    client.on('error', () => inner.destroy())
    client.once('close', () => {
      tunnels.delete(client)
      inner.destroy()
    })
  }

  return {
    upgrade,
    close: () => {
      for (const client of tunnels.keys()) client.destroy()
    },
  }
}

interface Opening {
  readonly request: IncomingMessage
  readonly client: Duplex
  readonly head: Buffer
  readonly to: SoftphoneSocket
  readonly guarded: GuardedConnection
}

/** Every piece, until one may not pass: that one and the rest are lost, as an error. */
function passing(mayPass: (piece: Buffer) => boolean): Transform {
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      if (mayPass(piece)) done(null, piece)
      else done(new Error('not to be handed on'))
    },
  })
}

/** The reply to the upgrade passes unread. */
function afterHead(mayPass: (piece: Buffer) => boolean): (piece: Buffer) => boolean {
  let head: Buffer | undefined = Buffer.alloc(0)
  return (piece) => {
    if (head === undefined) return mayPass(piece)
    head = Buffer.concat([head, piece])
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) return head.length < longestHead
    const rest = head.subarray(end + 4)
    head = undefined
    return rest.length === 0 || mayPass(rest)
  }
}

function requestText({ method = 'GET', httpVersion, rawHeaders }: IncomingMessage, url = '/'): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2)
    if (!withheld.has(name.toLowerCase())) lines.push(`${name}: ${value}`)
  }
  return `${lines.join('\r\n')}\r\n\r\n`
}
