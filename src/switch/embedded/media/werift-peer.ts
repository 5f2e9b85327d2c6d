import { createRequire } from 'node:module'
import type * as Werift from 'werift'
import type { Result } from '../../../core/result.ts'
import { done, failed, ok } from '../../../core/result.ts'
import type { OurIce, PeerConnection, PeerLibrary, PeerOptions } from './peer-connection.ts'
import { farSdp, ourIce } from './peer-connection.ts'
import { readRtp } from './rtp.ts'
import type { FarIce } from './sdp.ts'

type Library = typeof Werift

/** werift, in TypeScript alone: for machines where node-datachannel's binary does not load, at some times its cost. */
export function loadWerift(): PeerLibrary {
  const library = createRequire(import.meta.url)('werift') as Library
  return {
    name: 'werift',
    open: (options) => new WeriftPeer(library, options),
  }
}

class WeriftPeer implements PeerConnection {
  readonly #library: Library
  readonly #options: PeerOptions
  readonly #connection: Werift.RTCPeerConnection
  #iceConnected = false
  #closed = false

  constructor(library: Library, options: PeerOptions) {
    this.#library = library
    this.#options = options
    const { ports, address } = options
    this.#connection = new library.RTCPeerConnection({
      iceServers: [],
      iceUseIpv6: false,
      iceUseTcp: false,
      // It leaves out loopback by itself, and binds every socket to the interface's address.
      iceInterfaceAddresses: { udp4: address },
      iceAdditionalHostAddresses: [address],
      ...(ports && { icePortRange: [ports.min, ports.max] as [number, number] }),
      codecs: {
        audio: [
          new library.RTCRtpCodecParameters({ mimeType: 'audio/PCMA', clockRate: 8000, channels: 1, payloadType: 8 }),
          new library.RTCRtpCodecParameters({ mimeType: 'audio/PCMU', clockRate: 8000, channels: 1, payloadType: 0 }),
        ],
      },
    })
    this.#connection.addTransceiver('audio', { direction: 'sendrecv' })
    this.#connection.iceConnectionStateChange.subscribe((state) => {
      this.#iceChanged(state)
    })
    this.#connection.connectionStateChange.subscribe((state) => {
      this.#stateChanged(state)
    })
  }

  offer(): Promise<Result<OurIce, string>> {
    return attempt(async () => {
      await this.#connection.setLocalDescription(await this.#connection.createOffer())
      return this.#describe()
    })
  }

  answer(far: FarIce): Promise<Result<OurIce, string>> {
    return attempt(async () => {
      await this.#connection.setRemoteDescription({ type: 'offer', sdp: farSdp(far, this.#options.mid) })
      await this.#connection.setLocalDescription(await this.#connection.createAnswer())
      return this.#describe()
    })
  }

  accept(far: FarIce): Result<void, string> {
    // Its own m-line bears the mid that it chose.
    const [transceiver] = this.#connection.getTransceivers()
    const sdp = farSdp(far, transceiver?.mid ?? this.#options.mid)
    // `far` has been read and written by us; what it still refuses, the leg learns of by its connection's limit.
    void attempt(() => this.#connection.setRemoteDescription({ type: 'answer', sdp }))
    return done
  }

  addCandidates(candidates: readonly string[]): void {
    const [transceiver] = this.#connection.getTransceivers()
    for (const candidate of candidates)
      void attempt(() =>
        this.#connection.addIceCandidate({
          candidate: `candidate:${candidate}`,
          sdpMid: transceiver?.mid ?? this.#options.mid,
          sdpMLineIndex: 0,
        }),
      )
  }

  send(packet: Buffer): void {
    const [transport] = this.#connection.dtlsTransports
    const header = readRtp(packet)
    if (this.#closed || !header || transport?.state !== 'connected') return
    // Past its senders, which would set sequence and payload type themselves.
    void transport.sendRtp(packet.subarray(header.start, header.end), this.#library.RtpHeader.deSerialize(packet))
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    void attempt(() => this.#connection.close())
  }

  #describe(): OurIce {
    const [transport] = this.#connection.dtlsTransports
    transport?.onRtp.subscribe((packet) => {
      if (!this.#closed) this.#options.packet(packet.serialize())
    })
    const ours = ourIce(this.#connection.localDescription?.sdp ?? '')
    if (!ours || this.#closed) throw new Error('the library gave no description')
    const { address } = this.#options
    return { ...ours, candidates: ours.candidates.filter((candidate) => candidate.split(' ')[4] === address) }
  }

  #iceChanged(state: string): void {
    if (this.#closed) return
    if (state === 'connected' || state === 'completed') this.#iceConnected = true
    if (state === 'failed') this.#options.changed('iceFailed')
  }

  #stateChanged(state: string): void {
    if (this.#closed) return
    if (state === 'failed') this.#options.changed(this.#iceConnected ? 'dtlsFailed' : 'iceFailed')
    if (state === 'connecting' || state === 'connected' || state === 'disconnected' || state === 'closed')
      this.#options.changed(state)
  }
}

async function attempt<Value>(act: () => Promise<Value>): Promise<Result<Value, string>> {
  try {
    return ok(await act())
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error))
  }
}
