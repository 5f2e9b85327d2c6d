import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Log } from '../log.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'
import { isLoopback } from './names.ts'

/**
 * Hands the softphones' SIP on to the switch (design section 9): the raw upgrade request and then every byte both ways.
 * SIP does its own digest; here only the number of connections is limited.
 */
export interface SipTunnel {
  upgrade(request: IncomingMessage, client: Duplex, head: Buffer): void
  close(): void
}

export interface SipTunnelParts {
  /** Undefined: no switch is attached, or it takes no softphones. */
  readonly socketPath: () => string | undefined
  readonly log: Log
  /** Connections from one address; many desks may sit behind one. Preset: 500; from this machine itself: no limit. */
  readonly limit?: number
}

/** The switch has no business with who is signed in. */
const withheld = new Set(['cookie', 'authorization'])
const connectMillis = 3000

export function openSipTunnel({ socketPath, log, limit = 500 }: SipTunnelParts): SipTunnel {
  const tunnels = new Map<Duplex, string>()

  function upgrade(request: IncomingMessage, client: Duplex, head: Buffer) {
    const from = request.socket.remoteAddress ?? ''
    const path = socketPath()
    if (path === undefined) {
      refuseUpgrade(client, { status: 503, kind: 'unavailable', message: 'the switch is not attached; try again' })
      return
    }
    if (!isLoopback(from) && [...tunnels.values()].filter((each) => each === from).length >= limit) {
      refuseUpgrade(client, { status: 429, kind: 'tooMany', message: `expected at most ${String(limit)} connections` })
      return
    }
    open(request, client, head, path, from)
  }

  function open(request: IncomingMessage, client: Duplex, head: Buffer, path: string, from: string) {
    tunnels.set(client, from)
    request.socket.setNoDelay(true)
    request.socket.setTimeout(0)
    const inner = connect(path)
    inner.setTimeout(connectMillis, () => inner.destroy(new Error('no connection in time')))
    let connected = false
    inner.once('connect', () => {
      connected = true
      inner.setTimeout(0)
      inner.setNoDelay(true)
      inner.write(requestText(request), 'latin1')
      if (head.length > 0) inner.write(head)
      // Pipes keep back-pressure: who reads slowly is read from slowly.
      client.pipe(inner)
      inner.pipe(client)
    })
    inner.on('error', (error) => {
      log.warn({ error: error.message }, 'the softphone socket of the switch')
      if (!connected) refuseUpgrade(client, { status: 503, kind: 'unavailable', message: 'the switch does not answer' })
    })
    inner.once('close', () => {
      tunnels.delete(client)
      if (connected) client.destroy()
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

function requestText({ method = 'GET', url = '/', httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2)
    if (!withheld.has(name.toLowerCase())) lines.push(`${name}: ${value}`)
  }
  return `${lines.join('\r\n')}\r\n\r\n`
}
