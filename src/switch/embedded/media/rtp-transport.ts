import type { Socket } from 'node:dgram'
import { createSocket } from 'node:dgram'
import type { lookup as dnsLookup } from 'node:dns'
import type { Result } from '../../../core/result.ts'
import { done, failed, ok } from '../../../core/result.ts'
import type { FarAudio, TransportLines } from './sdp.ts'
import type { PacketListener, Transport } from './transport.ts'

/** Ports that media may use, both inside. */
export interface PortRange {
  readonly min: number
  readonly max: number
}

export interface RtpTransportOptions {
  readonly address: string
  readonly ports: PortRange | undefined
  /** The only address that packets are taken from. */
  readonly peer: string
  readonly packet: PacketListener
}

const attempts = 50

/** Plain RTP over UDP (RFC 3550), on an even port. RTCP is neither sent nor read. */
export class RtpTransport implements Transport {
  readonly needsReoffer = false
  readonly #options: RtpTransportOptions
  readonly #peer: string
  #socket: Socket | undefined
  #port = 0
  #protocol = 'RTP/AVP'
  /** Where packets go: the latched source, and before that what the far side's description says. */
  #target: number | undefined
  #latched = false
  /** The far side's address and port as last described. */
  #described: string | undefined
  #closed = false

  constructor(options: RtpTransportOptions) {
    this.#options = options
    this.#peer = options.peer.replace(/^::ffff:/i, '')
  }

  get ready(): boolean {
    return this.#socket !== undefined && this.#target !== undefined
  }

  async offer(): Promise<Result<TransportLines, string>> {
    return (await this.#open()) ? ok(this.#lines()) : failed('no free port for RTP')
  }

  async answer(far: FarAudio): Promise<Result<TransportLines, string>> {
    const accepted = this.accept(far)
    return accepted.ok ? this.offer() : accepted
  }

  accept(far: FarAudio): Result<void, string> {
    if (far.ice !== undefined || !/^RTP\/AVPF?$/.test(far.protocol))
      return failed(`${far.protocol} is offered where plain RTP (RTP/AVP) was expected`)
    this.#protocol = far.protocol
    if (this.#described !== `${far.address} ${far.port}`) {
      this.#described = `${far.address} ${far.port}`
      this.#latched = false
      this.#target = far.port
    }
    return done
  }

  send(packet: Buffer): void {
    if (this.#target === undefined) return
    // To the signalling peer only, whatever its description says: nobody can have our packets sent to a third.
    this.#socket?.send(packet, this.#target, this.#peer, ignoreError)
  }

  death(): undefined {
    return undefined
  }

  close(): void {
    this.#closed = true
    this.#socket?.close()
    this.#socket = undefined
  }

  #lines(): TransportLines {
    return { protocol: this.#protocol, address: this.#options.address, port: this.#port, attributes: [] }
  }

  async #open(): Promise<boolean> {
    if (this.#socket) return true
    for (const port of candidatePorts(this.#options.ports)) {
      const socket = await bind(port, this.#options.address)
      if (!socket) continue
      const bound = socket.address().port
      if (this.#closed || bound % 2 === 1) {
        socket.close()
        if (this.#closed) return false
        continue
      }
      this.#socket = socket
      this.#port = bound
      socket.on('message', (packet, from) => {
        this.#receive(packet, from)
      })
      return true
    }
    return false
  }

  #receive(packet: Buffer, from: { address: string; port: number }): void {
    if (from.address !== this.#peer || this.#described === undefined) return
    if (!this.#latched) {
      // RTP version 2; anything else must not take the latch.
      if (packet.length < 12 || (packet[0] ?? 0) >> 6 !== 2) return
      this.#latched = true
      this.#target = from.port
    }
    if (from.port === this.#target) this.#options.packet(packet)
  }
}

let nextInRange = 0

/** Even ports of the range from where the last call left off, or as many tries of a free one. */
function* candidatePorts(range: PortRange | undefined): Generator<number> {
  if (!range) {
    for (let attempt = 0; attempt < attempts; attempt++) yield 0
    return
  }
  const first = range.min + (range.min % 2)
  const count = Math.floor((range.max - first) / 2) + 1
  for (let attempt = 0; attempt < count; attempt++) yield first + (nextInRange++ % count) * 2
}

/** Addresses are given as numbers; nothing is asked of a resolver. */
const lookup = ((address: string, _: unknown, found: (error: null, address: string, family: number) => void) => {
  found(null, address, 4)
}) as typeof dnsLookup

function bind(port: number, address: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: 'udp4', lookup })
    socket.once('error', () => {
      socket.close()
      resolve(undefined)
    })
    socket.bind({ port, address, exclusive: true }, () => {
      socket.removeAllListeners('error')
      // Such as a far port that is closed; the leg learns of it by silence.
      socket.on('error', ignoreError)
      resolve(socket)
    })
  })
}

function ignoreError(): void {
  // A packet that cannot be sent is a packet lost.
}
