import { Core } from 'sip.js'
import { after, millis } from '../../../core/time.ts'
import type { Clock } from '../clock.ts'
import type { MediaLeg } from '../media/media.ts'
import type { Peer } from './peer.ts'
import { allowHeader } from './read-message.ts'

/** A dialog that has been answered, with its media. */
export interface Established {
  /** Sends BYE, once the far side has acknowledged the call, and closes the media. */
  bye(): void
  /** A new offer of ours, tried again after a 491. */
  renegotiate(): void
}

export interface EstablishedOptions {
  readonly session: Core.Session
  readonly peer: Peer
  readonly media: MediaLeg
  /** Ours is the INVITE: then the Call-ID is ours, and we wait longer after a 491. */
  readonly ours: boolean
  readonly clock: Clock
  readonly random: (size: number) => Buffer
  /** The answer to an offer that we made in the 200. */
  readonly takeAnswer?: (sdp: string) => void
  /** Told once, and not after `bye`. `dead`: the far side no longer knows the call. */
  readonly ended: (why: 'bye' | 'dead') => void
  readonly digit: (digit: string) => void
  /** After every later offer of the far side: it may hold us, or no longer. */
  readonly renegotiated: () => void
}

const mostTries = 4

export function establish(options: EstablishedOptions): Established {
  const { session, peer, media, ours, clock, random } = options
  let over = false
  let byeWanted = false
  /** Of a re-INVITE without an offer: ours goes in the 200, theirs comes in the ACK. */
  let answerWanted = options.takeAnswer

  session.delegate = {
    onAck({ message }) {
      if (byeWanted) {
        sendBye()
        return
      }
      const take = answerWanted
      answerWanted = undefined
      if (take && message.body) take(message.body)
    },
    onAckTimeout() {
      if (byeWanted) sendBye()
      else die()
    },
    onBye(request) {
      request.accept()
      if (over) return
      over = true
      media.close()
      options.ended('bye')
    },
    onInfo: hearInfo,
    onInvite(request) {
      void answerOffer(request)
    },
  }

  /** RFC 3261 section 14.2, RFC 3264 section 8. */
  async function answerOffer(request: Core.IncomingInviteRequest) {
    const offered = request.message.body
    const result = offered ? await media.answer(offered) : await ownOffer()
    if (over) {
      attempt(() => request.reject({ statusCode: 487 }))
      return
    }
    if (!result.ok) {
      attempt(() => request.reject({ statusCode: 488 }))
      return
    }
    attempt(() =>
      request.accept({
        statusCode: 200,
        extraHeaders: [`Contact: ${peer.contact}`, allowHeader],
        body: sdpBody(result.value),
      }),
    )
    options.renegotiated()
  }

  async function ownOffer() {
    answerWanted = (sdp) => void media.accept(sdp).then(() => options.renegotiated())
    return { ok: true, value: await media.reoffer() } as const
  }

  /** Digits by INFO (RFC 6086), as `application/dtmf-relay` and `application/dtmf`. */
  function hearInfo(request: Core.IncomingRequest) {
    const type = request.message.getHeader('content-type') ?? ''
    const digit = digitOf(type, request.message.body)
    if (digit === undefined) {
      attempt(() => request.reject({ statusCode: 415, extraHeaders: ['Accept: application/dtmf-relay'] }))
      return
    }
    attempt(() => request.accept())
    if (!over) options.digit(digit)
  }

  function renegotiate(tries = 1) {
    if (over) return
    // Ours waits until theirs is through.
    if (answeringTheirs()) {
      later(tries)
      return
    }
    void media.reoffer().then((offer) => {
      if (over) return
      const sent = attempt(() =>
        session.invite(
          {
            onAccept(response) {
              const { message } = response
              response.ack()
              void media.accept(message.body).then(() => {
                if (!over) options.renegotiated()
              })
            },
            onReject({ message }) {
              const status = message.statusCode
              if (status === 491 && tries < mostTries) later(tries + 1)
              // RFC 3261 section 12.2.1.2.
              if (status === 481 || status === 408) die()
            },
          },
          { extraHeaders: [`Contact: ${peer.contact}`, allowHeader], body: sdpBody(offer) },
        ),
      )
      if (!sent && tries < mostTries) later(tries + 1)
    })
  }

  function answeringTheirs() {
    const dialog = peer.core.dialogs.get(session.id)
    return dialog instanceof Core.SessionDialog && dialog.reinviteUserAgentServer !== undefined
  }

  /** RFC 3261 section 14.1: 2.1 to 4 s if the Call-ID is ours, else 0 to 2 s, in steps of 10 ms. */
  function later(tries: number) {
    const drawn = random(2).readUInt16BE() / 65_536
    const wait = ours ? 2100 + Math.floor(drawn * 190) * 10 : Math.floor(drawn * 200) * 10
    clock.wake(after(clock.now(), millis(wait)), () => {
      renegotiate(tries)
    })
  }

  function die() {
    if (over) return
    over = true
    attempt(() => session.bye())
    media.close()
    options.ended('dead')
  }

  function bye() {
    if (over) return
    over = true
    media.close()
    sendBye()
  }

  /** A UAS says goodbye only after the ACK (RFC 3261 section 15). */
  function sendBye() {
    byeWanted = !attempt(() => session.bye())
  }

  return {
    bye,
    renegotiate: () => {
      renegotiate()
    },
  }
}

export function sdpBody(content: string): Core.Body {
  return { contentDisposition: 'session', contentType: 'application/sdp', content }
}

/** sip.js throws where a state has passed while we thought; then there is nothing left to do. */
export function attempt(act: () => unknown): boolean {
  try {
    act()
    return true
  } catch {
    return false
  }
}

function digitOf(type: string, body: string): string | undefined {
  if (/^application\/dtmf-relay\b/i.test(type)) return /^\s*Signal\s*=\s*([0-9*#A-D])\s*$/im.exec(body)?.[1]
  if (/^application\/dtmf\b/i.test(type)) return /^\s*([0-9*#A-D])\s*$/i.exec(body)?.[1]
  return undefined
}
