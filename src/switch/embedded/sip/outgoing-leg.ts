import type { Core, URI } from 'sip.js'
import type { Clock } from '../clock.ts'
import type { MediaLeg } from '../media/media.ts'
import { attempt, establish, sdpBody, type Established } from './established.ts'
import type { Peer } from './peer.ts'
import { allowHeader } from './read-message.ts'

/**
 * A leg that we ring: an agent's softphone, or a number outside.
 * ```
 *  ringing ──200──▶ answered ──hangUp() or BYE──▶ ended
 *     └──hangUp(): CANCEL, or a refusal────────────▶
 * ```
 */
export interface OutgoingLeg {
  readonly media: MediaLeg
  readonly state: 'ringing' | 'answered' | 'ended'
  /** Ringing: CANCEL, with `reason` as its Reason (RFC 3326); answered: BYE. */
  hangUp(reason?: string): void
}

export interface OutgoingLegOptions {
  readonly peer: Peer
  readonly media: MediaLeg
  readonly to: URI
  readonly from: { readonly uri: URI; readonly name: string | undefined }
  readonly headers: readonly string[]
  readonly clock: Clock
  readonly random: (size: number) => Buffer
  /** The far side has answered at all, if only that it tries. */
  readonly reached?: () => void
  /** The far side says that it rings. */
  readonly ringing?: () => void
  /** The far side can be heard before it answers (183 with a description, RFC 3960). Told once. */
  readonly early?: () => void
  readonly answered: () => void
  /** The final status, 300 to 699; one of ours where the far side did not speak. */
  readonly refused: (status: number) => void
  /** Told once, after `answered`, and not after `hangUp`. */
  readonly ended: (why: 'bye' | 'dead') => void
  readonly digit: (digit: string) => void
  readonly renegotiated: () => void
}

export function openOutgoingLeg(options: OutgoingLegOptions): OutgoingLeg {
  const { peer, media, clock, random } = options
  let state: OutgoingLeg['state'] = 'ringing'
  let request: Core.OutgoingInviteRequest | undefined
  let established: Established | undefined
  /** The description that the far side gave before it answered. */
  let early: string | undefined
  void invite().catch(() => {
    refuse(500)
  })

  async function invite() {
    const offer = await media.offer()
    if (isOver()) return
    const message = peer.core.makeOutgoingRequestMessage(
      'INVITE',
      options.to,
      options.from.uri,
      options.to,
      {
        // Unguessable: whoever knows Call-ID and tags may speak in the dialog.
        callId: random(16).toString('hex'),
        fromTag: random(8).toString('hex'),
        ...(options.from.name !== undefined && { fromDisplayName: options.from.name }),
      },
      [`Contact: ${peer.contact}`, allowHeader, ...options.headers],
      sdpBody(offer),
    )
    request = peer.core.invite(message, {
      onProgress: ({ message }) => void progress(message),
      onAccept: (response) => void take(response),
      onReject: ({ message: { statusCode } }) => {
        refuse(statusCode ?? 500)
      },
      onRedirect: ({ message: { statusCode } }) => {
        refuse(statusCode ?? 302)
      },
    })
  }

  async function progress({ statusCode, body }: Core.IncomingResponseMessage) {
    if (state !== 'ringing') return
    options.reached?.()
    if (body && options.early && early === undefined) {
      early = body
      const accepted = await media.accept(body, 'early')
      if (!isOver() && accepted.ok) options.early()
    } else if (statusCode === 180) options.ringing?.()
  }

  async function take(response: Core.AckableIncomingResponseWithSession) {
    const { session, message } = response
    attempt(() => response.ack())
    // The CANCEL crossed the 200, or another phone behind the same address answered too.
    if (state !== 'ringing' || established) {
      attempt(() => session.bye())
      return
    }
    established = establish({
      session,
      peer,
      media,
      ours: true,
      clock,
      random,
      ended: end,
      digit: options.digit,
      renegotiated: options.renegotiated,
    })
    // A 200 after a 183 may come without the description.
    const accepted = await media.accept(message.body || (early ?? ''))
    if (isOver()) return
    if (!accepted.ok) {
      established.bye()
      refuse(488)
      return
    }
    state = 'answered'
    options.answered()
    if (media.needsReoffer) established.renegotiate()
  }

  function isOver() {
    return state === 'ended'
  }

  function refuse(status: number) {
    if (state !== 'ringing') return
    state = 'ended'
    media.close()
    options.refused(status)
  }

  function end(why: 'bye' | 'dead') {
    if (state === 'ended') return
    const rang = state === 'ringing'
    state = 'ended'
    if (rang) options.refused(480)
    else options.ended(why)
  }

  function hangUp(reason?: string) {
    if (state === 'ended') return
    state = 'ended'
    media.close()
    if (established) established.bye()
    else attempt(() => request?.cancel(reason))
  }

  return {
    media,
    get state() {
      return state
    },
    hangUp,
  }
}
