import { type BodyAndContentType, type Session, Web } from 'sip.js'

/** Whose sound goes into a call: asked for once a call, when its first description is made. */
export type SoundSource = () => Promise<MediaStreamTrack>

type Options = Web.SessionDescriptionHandlerOptions
type Modifiers = Parameters<Web.SessionDescriptionHandler['setDescription']>[2]

/**
 * The WebRTC side of one SIP session.
 *
 * Differs from the library's own in four ways: a refused re-INVITE leaves the connection as it was (without that the session never
 * negotiates again, and a rolled-back one is silent in Chromium); hold is derived from what this side wants and what the far side last offered (RFC 3264 section
 * 8.4), not from the direction in force, from which a call on hold at both ends never comes back; no STUN server is
 * waited for; and the connection outlives the session until the far side knows of its end.
 */
export class DescriptionHandler extends Web.SessionDescriptionHandler {
  /** What this side wants from the next description on. */
  held = false
  #farHolds = false
  #farewell: Promise<unknown> | undefined
  /** Of an offer that was sent and not answered; the connection knows nothing of it until it is. */
  #proposed: RTCRtpTransceiverDirection | undefined
  #version = 0

  /**
   * From here on nothing is said, and the connection closes when `told` settles: a far side that saw it close before it heard the
   * BYE would take this side for lost.
   */
  leave(told: Promise<unknown>): void {
    this.#farewell = told
    for (const { track } of this.peerConnection?.getSenders() ?? []) if (track) track.enabled = false
  }

  override close(): void {
    const close = () => {
      this.closeNow()
    }
    if (this.#farewell) void this.#farewell.then(close, close)
    else close()
  }

  /** Whatever the far side knows: the microphone is let go of. */
  closeNow(): void {
    super.close()
  }

  override async getDescription(options?: Options, modifiers?: Modifiers): Promise<BodyAndContentType> {
    const connection = this.peerConnection
    const changesDirectionOnly = connection?.signalingState === 'stable' && options?.offerOptions?.iceRestart !== true
    const agreed = changesDirectionOnly ? connection.localDescription?.sdp : undefined
    if (agreed === undefined) {
      const { body, contentType } = await super.getDescription(options, modifiers)
      return { body: withAddresses(this.#numbered(body)), contentType }
    }
    this.#proposed = this.#direction()
    const body = agreed.replace(/^a=(?:sendrecv|sendonly|recvonly|inactive)(?=\r?$)/m, `a=${this.#proposed}`)
    return { body: withAddresses(this.#numbered(body)), contentType: 'application/sdp' }
  }

  override async setDescription(sdp: string, options?: Options, modifiers?: Modifiers): Promise<void> {
    const connection = this.peerConnection
    if (this.#proposed !== undefined) {
      this.#turn(this.#proposed)
      this.#proposed = undefined
      await connection?.setLocalDescription()
    }
    const isOffer = connection?.signalingState === 'stable'
    await super.setDescription(sdp, options, modifiers)
    if (isOffer) this.#farHolds = /^a=(sendonly|inactive)\r?$/m.test(sdp)
  }

  /** Where the connection has the refused offer, which is one that restarts ICE: RFC 8829 section 4.1.8.2. */
  async rollbackDescription(): Promise<void> {
    this.#proposed = undefined
    const connection = this.peerConnection
    if (connection?.signalingState === 'have-local-offer') await connection.setLocalDescription({ type: 'rollback' })
    if (connection?.signalingState === 'have-remote-offer') await connection.setRemoteDescription({ type: 'rollback' })
  }

  protected override updateDirection(): Promise<void> {
    this.#turn(this.#direction())
    return Promise.resolve()
  }

  #direction(): RTCRtpTransceiverDirection {
    return directionOf({ held: this.held, farHolds: this.#farHolds })
  }

  #turn(direction: RTCRtpTransceiverDirection): void {
    for (const transceiver of this.peerConnection?.getTransceivers() ?? [])
      if (transceiver.direction !== 'stopped') transceiver.direction = direction
  }

  /** RFC 3264 section 8: greater with each that is sent, whether the connection made it or we did. */
  #numbered(sdp: string): string {
    this.#version += 1
    return sdp.replace(/^(o=\S+ \S+) \d+/m, `$1 ${String(this.#version)}`)
  }
}

/**
 * Without the right to the microphone a browser tells names in place of its addresses (draft-ietf-mmusic-mdns-ice-candidates),
 * and so has none for the connection but 0.0.0.0. A switch cannot look such a name up, and Asterisk takes a call from nowhere
 * for lost. Any address will do in their place: who we are is seen when we ask first (RFC 8445 section 7.3.1.3).
 */
export function withAddresses(sdp: string): string {
  const addressed = sdp.replace(/^(a=candidate:(?:\S+ ){4})\S+\.local /gm, (_, before: string) => `${before}127.0.0.1 `)
  return addressed === sdp ? sdp : addressed.replace(/^c=IN IP4 0\.0\.0\.0(?=\r?$)/gm, 'c=IN IP4 127.0.0.1')
}

export function directionOf({ held, farHolds }: { held: boolean; farHolds: boolean }): RTCRtpTransceiverDirection {
  if (held) return farHolds ? 'inactive' : 'sendonly'
  return farHolds ? 'recvonly' : 'sendrecv'
}

/** Makes the handlers of a user agent; `made` is told of each, before its first description. */
export function describeWith(
  source: SoundSource,
  made?: (session: Session, handler: DescriptionHandler) => void,
): (session: Session) => DescriptionHandler {
  return (session) => {
    const handler = new DescriptionHandler(
      session.userAgent.getLogger('description'),
      async () => new MediaStream([await source()]),
      {
        iceGatheringTimeout: 500,
        peerConnectionConfiguration: { iceServers: [], bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' },
      },
    )
    made?.(session, handler)
    return handler
  }
}
