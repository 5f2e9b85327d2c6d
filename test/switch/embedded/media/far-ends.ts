import type { Socket } from 'node:dgram'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Codec } from '../../../../src/switch/embedded/media/g711.ts'
import type {
  OurIce,
  PeerConnection,
  PeerLibrary,
  PeerState,
} from '../../../../src/switch/embedded/media/peer-connection.ts'
import { writeRtpHeader } from '../../../../src/switch/embedded/media/rtp.ts'
import type { Direction, FarDescription } from '../../../../src/switch/embedded/media/sdp.ts'
import { readSdp, writeSdp } from '../../../../src/switch/embedded/media/sdp.ts'
import type { Heard } from './listening.ts'
import { heardPacket, toneFrame } from './listening.ts'

const payloadTypes: Record<Codec, number> = { PCMA: 8, PCMU: 0 }

/** What both kinds of far end can: speak on one RTP line, and keep what they hear. */
abstract class FarEnd {
  readonly codec: Codec
  readonly digits: number | undefined
  readonly heard: Heard[] = []
  readonly ssrc = 4711
  sequence = 65_530
  timestamp = 4_294_960_000
  #frame = 0
  #waiting: (() => void)[] = []

  constructor(codec: Codec, digits: number | undefined) {
    this.codec = codec
    this.digits = digits
  }

  abstract send(packet: Buffer): void

  /** Speaks 20 ms of a tone. */
  say(hertz: number): void {
    this.sendPayload(payloadTypes[this.codec], toneFrame(this.codec, hertz, this.#frame++))
    this.timestamp = (this.timestamp + 160) >>> 0
  }

  /** As if the next packet had been lost on the way. */
  lose(): void {
    this.sequence = (this.sequence + 1) & 0xffff
    this.timestamp = (this.timestamp + 160) >>> 0
    this.#frame++
  }

  /** Sends an RFC 4733 event in six packets, its end three times. */
  press(event: number): void {
    for (const [end, duration] of [
      [0, 160],
      [0, 320],
      [0, 480],
      [0x80, 640],
      [0x80, 640],
      [0x80, 640],
    ] as const)
      this.sendPayload(this.digits ?? 101, Buffer.from([event, end | 10, duration >> 8, duration & 0xff]))
    this.timestamp = (this.timestamp + 640) >>> 0
  }

  sendPayload(payloadType: number, payload: Buffer): void {
    const packet = Buffer.concat([Buffer.alloc(12), payload])
    writeRtpHeader(packet, {
      payloadType,
      marker: false,
      sequence: this.sequence,
      timestamp: this.timestamp,
      ssrc: this.ssrc,
    })
    this.sequence = (this.sequence + 1) & 0xffff
    this.send(packet)
  }

  /** The first `count` packets, once they have come. */
  async hears(count: number): Promise<readonly Heard[]> {
    while (this.heard.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    return this.heard.slice(0, count)
  }

  protected take(packet: Buffer): void {
    const heard = heardPacket(packet)
    if (heard) this.heard.push(heard)
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

/** A SIP phone of plain RTP on 127.0.0.1. */
export class FarPhone extends FarEnd {
  readonly #socket: Socket
  #to = 0
  #version = 0

  static async open(codec: Codec = 'PCMA', digits: number | undefined = 96): Promise<FarPhone> {
    const socket = createSocket('udp4')
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    return new FarPhone(socket, codec, digits)
  }

  private constructor(socket: Socket, codec: Codec, digits: number | undefined) {
    super(codec, digits)
    this.#socket = socket
    socket.on('message', (packet) => {
      this.take(packet)
    })
  }

  get port(): number {
    return this.#socket.address().port
  }

  /** An offer or an answer. */
  describe(direction: Direction = 'sendrecv'): string {
    return writeSdp({
      session: { id: 1, version: ++this.#version, address: '127.0.0.1' },
      sections: [
        {
          kind: 'audio',
          transport: { protocol: 'RTP/AVP', address: '127.0.0.1', port: this.port, attributes: [] },
          mid: undefined,
          bundled: false,
          codecs: [{ codec: this.codec, payloadType: payloadTypes[this.codec] }],
          digits: this.digits,
          direction,
        },
      ],
    })
  }

  /** Takes the other side's offer or answer. */
  learn(sdp: string): FarDescription {
    const described = read(sdp)
    this.#to = described.audio.port
    return described
  }

  send(packet: Buffer): void {
    this.#socket.send(packet, this.#to, '127.0.0.1')
  }

  close(): void {
    this.#socket.close()
  }
}

/** As one without permission for the microphone writes its candidates. */
const hidden = (sdp: string) => sdp.replaceAll(/(a=candidate:.* )127\.0\.0\.1 /g, '$1b3c.local ')

/** A browser, made of the same library but not of the switch's legs. */
export class FarBrowser extends FarEnd {
  readonly #library: PeerLibrary
  #peer: PeerConnection
  #ours: OurIce | undefined
  #version = 0
  #setup: 'actpass' | 'active' | 'passive' = 'actpass'
  state: PeerState = 'connecting'

  constructor(library: PeerLibrary, codec: Codec = 'PCMA', digits: number | undefined = 126) {
    super(codec, digits)
    this.#library = library
    this.#peer = this.#open()
  }

  /**
   * With hidden candidates, so that we speak first: node-datachannel fails where the association comes about before it has taken the whole
   * answer. A browser waits for that, and our own offers have no candidates.
   */
  async offer(): Promise<string> {
    const ours = await this.#peer.offer()
    if (!ours.ok) throw new Error(ours.problem)
    this.#ours = ours.value
    return hidden(this.describe('sendrecv'))
  }

  /** Answers, with its candidates or as one without permission for the microphone does. */
  async answer(sdp: string, candidates: 'given' | 'hidden' = 'given'): Promise<string> {
    const { ice } = read(sdp).audio
    if (!ice) throw new Error('no ICE in the offer')
    const ours = await this.#peer.answer(ice)
    if (!ours.ok) throw new Error(ours.problem)
    this.#ours = ours.value
    this.#setup = ours.value.setup
    const answer = this.describe('sendrecv')
    return candidates === 'given' ? answer : hidden(answer)
  }

  accept(sdp: string): void {
    const { ice } = read(sdp).audio
    if (!ice) throw new Error('no ICE in the answer')
    const accepted = this.#peer.accept(ice)
    if (!accepted.ok) throw new Error(accepted.problem)
  }

  /** Takes the candidates of a later offer. */
  acceptCandidates(sdp: string): void {
    this.#peer.addCandidates(read(sdp).audio.ice?.candidates ?? [])
  }

  /** A new connection in place of the old one, offered. */
  async restartIce(): Promise<string> {
    this.#peer.close()
    this.state = 'connecting'
    this.#peer = this.#open()
    return this.offer()
  }

  describe(direction: Direction): string {
    if (!this.#ours) throw new Error('nothing to describe yet')
    return writeSdp({
      session: { id: 1, version: ++this.#version, address: '127.0.0.1' },
      sections: [
        {
          kind: 'audio',
          transport: {
            protocol: 'UDP/TLS/RTP/SAVPF',
            address: '0.0.0.0',
            port: 9,
            attributes: [
              `ice-ufrag:${this.#ours.ufrag}`,
              `ice-pwd:${this.#ours.password}`,
              `fingerprint:${this.#ours.fingerprint}`,
              `setup:${this.#setup}`,
              'rtcp-mux',
              ...this.#ours.candidates.map((candidate) => `candidate:${candidate}`),
            ],
          },
          mid: 'audio0',
          bundled: true,
          codecs: [{ codec: this.codec, payloadType: payloadTypes[this.codec] }],
          digits: this.digits,
          direction,
        },
      ],
    })
  }

  send(packet: Buffer): void {
    this.#peer.send(packet)
  }

  close(): void {
    this.#peer.close()
  }

  #open(): PeerConnection {
    return this.#library.open({
      address: '127.0.0.1',
      ports: undefined,
      mid: 'audio0',
      ssrc: this.ssrc,
      packet: (packet) => {
        this.take(packet)
      },
      changed: (state) => {
        this.state = state
      },
    })
  }
}

export function read(sdp: string): FarDescription {
  const described = readSdp(sdp)
  if (!described.ok) throw new Error(described.problem)
  return described.value
}
