import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { sipPath } from '../../../src/contract/softphone.ts'

/** The network between one browser and the service: an HTTP proxy on a free port of 127.0.0.1, whose WebSockets can be troubled. */
export interface Wire {
  /** As a browser is told of a proxy. */
  readonly server: string
  /** For who has no proxy: `ws://127.0.0.1:PORT`. */
  readonly direct: string
  /** Every WebSocket ends at once, without a goodbye, and no other opens until `mend`. */
  cut(): void
  mend(): void
  /** Nothing comes through the WebSockets that are open now, either way, and nobody is told: half-open. New ones are sound. */
  swallow(): void
  /** What becomes of each SIP message from now on; undefined: all go through. */
  rule(rule: SipRule | undefined): void
  /** Of the desk, open now. */
  readonly sockets: number
  close(): Promise<void>
}

export interface SipOnWire {
  readonly text: string
  readonly from: 'desk' | 'switch'
  /** On to whom it was for; `text`: in its place. May be called later. */
  pass(text?: string): void
  /** To who sent it. */
  back(text: string): void
}
export type SipRule = (message: SipOnWire) => void

interface Pair {
  readonly desk: WebSocket
  readonly service: WebSocket
  dead: boolean
}

/** `to`: where all WebSockets lead, whatever they are asked for. */
export async function openWire({ to }: { readonly to?: string } = {}): Promise<Wire> {
  const pairs = new Set<Pair>()
  const raw = new Set<Socket>()
  let isCut = false
  let rule: SipRule | undefined
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    // As the service chose; it is asked first.
    handleProtocols: (offered) => [...offered][0] ?? false,
  })

  /** What a browser sends through a tunnel to plain HTTP: upgrades. */
  const tunnelled = createServer(forward)
  tunnelled.on('upgrade', (upgrade: IncomingMessage, socket: Socket, head: Buffer) => {
    if (isCut) return socket.destroy()
    const { host = '', origin, cookie, 'sec-websocket-protocol': protocols } = upgrade.headers
    const offered = protocols?.split(',').map((each) => each.trim()) ?? []
    const service = new WebSocket(to ?? `ws://${host}${upgrade.url ?? ''}`, offered, {
      headers: { ...(origin !== undefined && { origin }), ...(cookie !== undefined && { cookie }) },
      perMessageDeflate: false,
      autoPong: false,
    })
    service.once('error', () => socket.destroy())
    service.once('open', () => {
      sockets.handleUpgrade(upgrade, socket, head, (desk) => {
        join(desk, service, upgrade.url === sipPath)
      })
    })
  })

  function join(desk: WebSocket, service: WebSocket, isSip: boolean) {
    const pair: Pair = { desk, service, dead: false }
    pairs.add(pair)
    const carry = (from: SipOnWire['from'], by: WebSocket, to: WebSocket) => {
      by.on('message', (data: Buffer, isBinary) => {
        if (pair.dead) return
        const send = (what: WebSocket, text: string | Buffer) => {
          if (!pair.dead && what.readyState === what.OPEN) what.send(text, { binary: isBinary })
        }
        if (!isSip || !rule) return send(to, data)
        const text = data.toString()
        rule({
          text,
          from,
          pass: (other = text) => {
            send(to, other)
          },
          back: (answer) => {
            send(by, answer)
          },
        })
      })
      by.on('error', () => undefined)
      by.on('close', () => {
        if (pair.dead) return
        pairs.delete(pair)
        to.close()
      })
    }
    carry('desk', desk, service)
    carry('switch', service, desk)
    service.on('ping', (data) => {
      if (!pair.dead) service.pong(data)
    })
  }

  const proxy = createServer(forward)
  proxy.on('connect', (_, socket: Socket) => {
    raw.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => raw.delete(socket))
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    tunnelled.emit('connection', socket)
  })
  for (const each of [proxy, tunnelled]) {
    each.listen(0, '127.0.0.1')
    await once(each, 'listening')
  }
  const portOf = (each: Server) => String((each.address() as AddressInfo).port)

  return {
    server: `http://127.0.0.1:${portOf(proxy)}`,
    direct: `ws://127.0.0.1:${portOf(tunnelled)}`,
    cut() {
      isCut = true
      for (const { desk, service } of pairs) for (const each of [desk, service]) each.terminate()
      pairs.clear()
    },
    mend() {
      isCut = false
    },
    swallow() {
      for (const pair of pairs) pair.dead = true
    },
    rule(next) {
      rule = next
    },
    get sockets() {
      return pairs.size
    },
    async close() {
      for (const { desk, service } of pairs) for (const each of [desk, service]) each.terminate()
      for (const socket of raw) socket.destroy()
      for (const each of [proxy, tunnelled]) {
        each.closeAllConnections()
        each.close()
        await once(each, 'close')
      }
    },
  }
}

function forward(asked: IncomingMessage, answer: ServerResponse) {
  const url = new URL(asked.url ?? '', `http://${asked.headers.host ?? ''}`)
  const passed = request(url, { method: asked.method, headers: asked.headers }, (given) => {
    answer.writeHead(given.statusCode ?? 502, given.headers)
    given.pipe(answer)
  })
  passed.on('error', () => answer.destroy())
  asked.pipe(passed)
}

/** A final answer to a request in a dialog, as its far side would write it. */
export function answerTo(text: string, status: number, reason: string): string {
  const kept = text.split('\r\n').filter((line) => /^(via|from|to|call-id|cseq):/i.test(line))
  return [`SIP/2.0 ${String(status)} ${reason}`, ...kept, 'Content-Length: 0', '', ''].join('\r\n')
}

/** `INVITE`, `BYE` ... of a request, and `200 INVITE` of an answer. */
export function kindOf(text: string): string {
  const method = /^CSeq:\s*\d+\s+(\w+)/im.exec(text)?.[1] ?? ''
  const status = /^SIP\/2\.0 (\d+)/.exec(text)?.[1]
  return status === undefined ? (text.split(' ')[0] ?? '') : `${status} ${method}`
}

/** Whether it is a request in a dialog that there is. */
export const inDialog = (text: string) => /^To:.*;tag=/im.test(text)
