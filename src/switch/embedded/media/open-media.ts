import type { Clock } from './frame-clock.ts'
import { FrameClock, monotonicClock } from './frame-clock.ts'
import type { LegOptions } from './leg.ts'
import { Leg } from './leg.ts'
import { SoundShelf, soundOf } from './loaded-sound.ts'
import type { LegListener, Media, MediaLeg } from './media.ts'
import { loadPeerLibrary } from './load-peer-library.ts'
import type { PeerLibrary } from './peer-connection.ts'
import type { PortRange } from './rtp-transport.ts'
import { RtpTransport } from './rtp-transport.ts'
import { WebRtcTransport } from './webrtc-transport.ts'

export interface MediaOptions {
  /** The IPv4 address that is bound and told to the far sides. Preset 127.0.0.1. */
  readonly address?: string
  /** UDP ports for media, both inside; preset: any that is free. */
  readonly rtpPorts?: PortRange
  /** Preset 400. */
  readonly legsLimit?: number
  readonly clock?: Clock
  /** Does ICE, DTLS and SRTP. Preset: loaded with the first leg that needs it. */
  readonly library?: PeerLibrary
}

/** Opens the media of the switch. Nothing listens until a leg is opened. */
export function openMedia(options: MediaOptions = {}): Media {
  return new OpenMedia(options)
}

class OpenMedia implements Media {
  readonly #options: MediaOptions
  readonly #address: string
  readonly #clock: Clock
  readonly #frames: FrameClock
  readonly #sounds = new SoundShelf()
  readonly #legs = new Set<Leg>()
  #library: PeerLibrary | undefined
  #closed = false

  constructor(options: MediaOptions) {
    this.#options = options
    this.#address = options.address ?? '127.0.0.1'
    this.#clock = options.clock ?? monotonicClock
    this.#library = options.library
    this.#frames = new FrameClock(this.#clock, (now, afterGap) => {
      for (const leg of this.#legs) leg.frame(now, afterGap)
    })
  }

  get legs(): number {
    return this.#legs.size
  }

  openWebRtcLeg(listener: LegListener): MediaLeg {
    this.#library ??= loadPeerLibrary()
    const library = this.#library
    return this.#open({
      listener,
      bundled: true,
      transport: (ssrc, packet) =>
        new WebRtcTransport({
          library,
          address: this.#address,
          ports: this.#options.rtpPorts,
          ssrc,
          now: () => this.#clock.now(),
          packet,
        }),
    })
  }

  openRtpLeg(listener: LegListener, peer: { readonly address: string }): MediaLeg {
    return this.#open({
      listener,
      bundled: false,
      transport: (_, packet) =>
        new RtpTransport({ address: this.#address, ports: this.#options.rtpPorts, peer: peer.address, packet }),
    })
  }

  loadSound(path: string, sha256: string) {
    return this.#sounds.load(path, sha256)
  }

  soundOf(samples: Int16Array) {
    return soundOf(samples)
  }

  close(): void {
    this.#closed = true
    for (const leg of this.#legs) leg.close()
    this.#frames.stop()
  }

  #open(options: Pick<LegOptions, 'listener' | 'bundled' | 'transport'>): MediaLeg {
    const leg = new Leg({
      ...options,
      address: this.#address,
      now: () => this.#clock.now(),
      closed: (gone) => {
        this.#legs.delete(gone)
        if (this.#legs.size === 0) this.#frames.stop()
      },
    })
    this.#legs.add(leg)
    if (this.#closed || this.#legs.size > (this.#options.legsLimit ?? 400)) leg.close()
    else this.#frames.start()
    return leg
  }
}
