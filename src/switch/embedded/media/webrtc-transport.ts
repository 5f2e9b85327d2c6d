import type { Result } from '../../../core/result.ts'
import { done, failed, ok } from '../../../core/result.ts'
import type { OurIce, PeerConnection, PeerLibrary, PeerState } from './peer-connection.ts'
import type { PortRange } from './rtp-transport.ts'
import type { FarAudio, FarIce, Setup, TransportLines } from './sdp.ts'
import type { PacketListener, Transport } from './transport.ts'

export interface WebRtcTransportOptions {
  readonly library: PeerLibrary
  readonly address: string
  readonly ports: PortRange | undefined
  readonly ssrc: number
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly packet: PacketListener
}

/** From the two descriptions until packets can go: the far side may still be waiting for our candidates. */
const longestConnecting = 30_000
/** How long it may be disconnected before it is given up; ICE repairs shorter ones by itself. */
const longestDisconnected = 4000
/** The far side has closed; its signalling should say so first. */
const longestClosed = 2000

interface Association {
  readonly peer: PeerConnection
  ours: OurIce | undefined
  far: FarIce | undefined
  state: PeerState
  /** When it is dead unless it recovers. */
  deadline: number
}

/** ICE, DTLS and SRTP with one far side; an ICE restart makes a new association in place of the old one. */
export class WebRtcTransport implements Transport {
  readonly #options: WebRtcTransportOptions
  #association: Association | undefined
  #mid = '0'
  #protocol = 'UDP/TLS/RTP/SAVPF'
  #needsReoffer = false
  #closed = false

  constructor(options: WebRtcTransportOptions) {
    this.#options = options
  }

  get ready(): boolean {
    return this.#association?.state === 'connected'
  }

  get needsReoffer(): boolean {
    return this.#needsReoffer
  }

  async offer(again: boolean): Promise<Result<TransportLines, string>> {
    if (again) {
      const running = this.#association
      if (!running?.ours) return failed('nothing is negotiated yet')
      this.#needsReoffer = false
      return ok(this.#lines(running.ours, 'actpass', running.ours.candidates))
    }
    const opened = this.#open()
    if (!opened.ok) return opened
    const ours = await this.#settle(opened.value, opened.value.peer.offer())
    // No candidates: with them the far side could begin DTLS before its fingerprint is known here.
    return ours.ok ? ok(this.#lines(ours.value, 'actpass', [])) : ours
  }

  async answer(far: FarAudio): Promise<Result<TransportLines, string>> {
    const ice = checked(far)
    if (!ice.ok) return ice
    this.#protocol = far.protocol
    const running = this.#association
    if (running?.ours && running.far && isSame(running.far, ice.value)) {
      running.peer.addCandidates(added(running.far, ice.value))
      running.far = { ...running.far, candidates: ice.value.candidates }
      return ok(this.#lines(running.ours, roleIn(running), running.ours.candidates))
    }

    if (!running) this.#mid = far.mid ?? '0'
    const opened = this.#open()
    if (!opened.ok) return opened
    const association = opened.value
    association.far = ice.value
    const ours = await this.#settle(association, association.peer.answer(ice.value))
    return ours.ok ? ok(this.#lines(ours.value, ours.value.setup, ours.value.candidates)) : ours
  }

  accept(far: FarAudio): Result<void, string> {
    const ice = checked(far)
    if (!ice.ok) return ice
    const running = this.#association
    if (!running?.ours) return failed('no offer of ours waits for an answer')
    if (ice.value.setup === 'actpass') return failed('an answer must choose its setup')
    if (running.far) {
      if (!isSame(running.far, ice.value)) return failed('an answer must not restart ICE unasked')
      running.peer.addCandidates(added(running.far, ice.value))
      return done
    }
    const accepted = running.peer.accept(ice.value)
    if (!accepted.ok) return accepted
    running.far = ice.value
    this.#awaitConnection(running)
    this.#needsReoffer = ice.value.candidates.length === 0
    return done
  }

  send(packet: Buffer): void {
    this.#association?.peer.send(packet)
  }

  death(now: number): 'ice' | 'dtls' | undefined {
    const association = this.#association
    if (!association?.far || now < association.deadline) return undefined
    return association.state === 'dtlsFailed' || association.state === 'closed' ? 'dtls' : 'ice'
  }

  close(): void {
    this.#closed = true
    this.#association?.peer.close()
    this.#association = undefined
  }

  #open(): Result<Association, string> {
    if (this.#closed) return failed('the leg is closed')
    const { library, address, ports, ssrc, packet } = this.#options
    try {
      const peer = library.open({
        address,
        ports,
        mid: this.#mid,
        ssrc,
        packet,
        changed: (state) => {
          association.state = state
          association.deadline = this.#options.now() + patience[state]
        },
      })
      const association: Association = {
        peer,
        ours: undefined,
        far: undefined,
        state: 'connecting',
        deadline: Infinity,
      }
      return ok(association)
    } catch (error) {
      return failed(`${library.name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  /** Puts a new association in the running one's place once it has a description; where it gets none, nothing changes. */
  async #settle(
    association: Association,
    describing: Promise<Result<OurIce, string>>,
  ): Promise<Result<OurIce, string>> {
    const ours = await describing
    if (!ours.ok || this.#closed) {
      association.peer.close()
      return ours.ok ? failed('the leg is closed') : ours
    }
    association.ours = ours.value
    this.#awaitConnection(association)
    this.#association?.peer.close()
    this.#association = association
    return ours
  }

  #awaitConnection(association: Association): void {
    if (association.state === 'connecting') association.deadline = this.#options.now() + longestConnecting
  }

  #lines(ours: OurIce, setup: Setup, candidates: readonly string[]): TransportLines {
    const [, , , , address, port] = candidates[0]?.split(' ') ?? []
    return {
      protocol: this.#protocol,
      address: address ?? '0.0.0.0',
      port: port === undefined ? 9 : Number(port),
      attributes: [
        `ice-ufrag:${ours.ufrag}`,
        `ice-pwd:${ours.password}`,
        'ice-options:trickle',
        `fingerprint:${ours.fingerprint}`,
        `setup:${setup}`,
        'rtcp-mux',
        'msid:gruppnummer audio',
        `ssrc:${this.#options.ssrc} cname:gruppnummer`,
        ...candidates.map((candidate) => `candidate:${candidate}`),
        ...(candidates.length > 0 ? ['end-of-candidates'] : []),
      ],
    }
  }
}

const patience: Record<PeerState, number> = {
  connecting: longestConnecting,
  connected: Infinity,
  disconnected: longestDisconnected,
  iceFailed: 0,
  dtlsFailed: 0,
  closed: longestClosed,
}

function checked(far: FarAudio): Result<FarIce, string> {
  if (!/^(UDP\/TLS\/)?RTP\/SAVPF?$/.test(far.protocol))
    return failed(`${far.protocol} is offered where WebRTC (UDP/TLS/RTP/SAVPF) was expected`)
  if (!far.ice) return failed('ICE and a fingerprint are missing')
  if (!far.rtcpMux) return failed('rtcp-mux is missing')
  return ok(far.ice)
}

function isSame(one: FarIce, other: FarIce): boolean {
  return (
    one.ufrag === other.ufrag && one.password === other.password && one.fingerprint.value === other.fingerprint.value
  )
}

function added(known: FarIce, now: FarIce): string[] {
  return now.candidates.filter((candidate) => !known.candidates.includes(candidate))
}

/** The role that was negotiated is kept in every later answer (RFC 8842 section 5.2). */
function roleIn({ ours, far }: Association): Setup {
  if (ours && ours.setup !== 'actpass') return ours.setup
  return far?.setup === 'active' ? 'passive' : 'active'
}
