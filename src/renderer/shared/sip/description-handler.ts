import { type Session, Web } from 'sip.js'

/** Whose sound goes into a call: asked for once a call, when its first description is made. */
export type SoundSource = () => Promise<MediaStreamTrack>

type Options = Web.SessionDescriptionHandlerOptions

/**
 * The WebRTC side of one SIP session.
 *
 * Differs from the library's own in three ways: a refused re-INVITE is rolled back (without it the session never
 * negotiates again); hold is derived from what this side wants and what the far side last offered (RFC 3264 section
 * 8.4), not from the direction in force, from which a call on hold at both ends never comes back; and no STUN server is
 * waited for.
 */
export class DescriptionHandler extends Web.SessionDescriptionHandler {
  /** What this side wants from the next description on. */
  held = false
  #farHolds = false

  override async setDescription(
    sdp: string,
    options?: Options,
    modifiers?: Parameters<Web.SessionDescriptionHandler['setDescription']>[2],
  ): Promise<void> {
    const isOffer = this.peerConnection?.signalingState === 'stable'
    await super.setDescription(sdp, options, modifiers)
    if (isOffer) this.#farHolds = /^a=(sendonly|inactive)\r?$/m.test(sdp)
  }

  /** RFC 8829 section 4.1.8.2: back to the description before the refused offer. */
  async rollbackDescription(): Promise<void> {
    const connection = this.peerConnection
    if (connection?.signalingState === 'have-local-offer') await connection.setLocalDescription({ type: 'rollback' })
    if (connection?.signalingState === 'have-remote-offer') await connection.setRemoteDescription({ type: 'rollback' })
  }

  protected override updateDirection(): Promise<void> {
    const direction = directionOf({ held: this.held, farHolds: this.#farHolds })
    for (const transceiver of this.peerConnection?.getTransceivers() ?? [])
      if (transceiver.direction !== 'stopped') transceiver.direction = direction
    return Promise.resolve()
  }
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
