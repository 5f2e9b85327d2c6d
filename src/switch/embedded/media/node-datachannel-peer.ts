import { createRequire } from 'node:module'
import type * as NodeDataChannel from 'node-datachannel'
import type { Result } from '../../../core/result.ts'
import { done, failed, ok } from '../../../core/result.ts'
import type { OurIce, PeerConnection, PeerLibrary, PeerOptions } from './peer-connection.ts'
import { farSdp, ourIce } from './peer-connection.ts'
import type { FarIce } from './sdp.ts'

type Library = typeof NodeDataChannel

/** Gathering host candidates takes a millisecond or two; nobody waits longer than this for it. */
const longestGathering = 1000

/** node-datachannel (libdatachannel); throws where its binary does not load on this machine. */
export function loadNodeDataChannel(): PeerLibrary {
  const library = createRequire(import.meta.url)('node-datachannel') as Library
  // Without a callback it writes to standard output.
  library.initLogger('Fatal', () => undefined)
  return {
    name: 'node-datachannel',
    open: (options) => new NodeDataChannelPeer(library, options),
  }
}

class NodeDataChannelPeer implements PeerConnection {
  readonly #options: PeerOptions
  readonly #connection: NodeDataChannel.PeerConnection
  readonly #track: NodeDataChannel.Track
  readonly #gathered: Promise<void>
  #iceConnected = false
  #closed = false

  constructor(library: Library, options: PeerOptions) {
    this.#options = options
    this.#connection = new library.PeerConnection('gruppnummer', {
      iceServers: [],
      bindAddress: options.address,
      disableAutoNegotiation: true,
      ...(options.ports && { portRangeBegin: options.ports.min, portRangeEnd: options.ports.max }),
    })
    this.#gathered = new Promise((resolve) => {
      const timer = setTimeout(resolve, longestGathering)
      this.#connection.onGatheringStateChange((state) => {
        if (state !== 'complete') return
        clearTimeout(timer)
        resolve()
      })
    })
    this.#connection.onIceStateChange((state) => {
      this.#iceChanged(state)
    })
    this.#connection.onStateChange((state) => {
      this.#stateChanged(state)
    })

    const audio = new library.Audio(options.mid, 'SendRecv')
    audio.addAudioCodec(8, 'PCMA')
    audio.addAudioCodec(0, 'PCMU')
    audio.addSSRC(options.ssrc, 'gruppnummer')
    this.#track = this.#connection.addTrack(audio)
    this.#track.onMessage((packet) => {
      if (!this.#closed) options.packet(packet)
    })
  }

  async offer(): Promise<Result<OurIce, string>> {
    return this.#describe('offer')
  }

  async answer(far: FarIce): Promise<Result<OurIce, string>> {
    const set = this.#setFar(far, 'offer')
    return set.ok ? this.#describe('answer') : set
  }

  accept(far: FarIce): Result<void, string> {
    return this.#setFar(far, 'answer')
  }

  addCandidates(candidates: readonly string[]): void {
    for (const candidate of candidates)
      attempt(() => {
        this.#connection.addRemoteCandidate(`candidate:${candidate}`, this.#options.mid)
      })
  }

  send(packet: Buffer): void {
    // It throws between the end of the association and the news of it.
    attempt(() => this.#track.isOpen() && this.#track.sendMessageBinary(packet))
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    attempt(() => {
      this.#track.close()
    })
    attempt(() => {
      this.#connection.close()
    })
  }

  async #describe(type: 'offer' | 'answer'): Promise<Result<OurIce, string>> {
    const set = attempt(() => {
      this.#connection.setLocalDescription(type)
    })
    if (!set.ok) return set
    await this.#gathered
    if (this.#closed) return failed('the connection is closed')
    const described = attempt(() => this.#connection.localDescription())
    if (!described.ok) return described
    const ours = described.value && ourIce(described.value.sdp)
    return ours ? ok(ours) : failed('the library gave no description')
  }

  #setFar(far: FarIce, type: 'offer' | 'answer'): Result<void, string> {
    const set = attempt(() => {
      this.#connection.setRemoteDescription(farSdp(far, this.#options.mid), type)
    })
    return set.ok ? done : set
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

function attempt<Value>(act: () => Value): Result<Value, string> {
  try {
    return ok(act())
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error))
  }
}
