import type { Core } from 'sip.js'
import type { Clock } from '../clock.ts'
import type { MediaLeg } from '../media/media.ts'
import { attempt, establish, sdpBody, type Established } from './established.ts'
import type { Peer } from './peer.ts'

/**
 * A caller's leg.
 * ```
 *  ringing ──answer()──▶ answered ──hangUp() or BYE──▶ ended
 *     └──refuse(status), or CANCEL─────────────────────▶
 * ```
 */
export interface IncomingLeg {
  readonly media: MediaLeg
  readonly state: 'ringing' | 'answered' | 'ended'
  answer(): void
  /** Not answered: the final status; answered: BYE. */
  hangUp(status: number): void
}

export interface IncomingLegOptions {
  readonly invite: Core.InviteUserAgentServer
  readonly peer: Peer
  readonly media: MediaLeg
  readonly clock: Clock
  readonly random: (size: number) => Buffer
  /** Told once, and not after `hangUp`. */
  readonly ended: () => void
  readonly digit: (digit: string) => void
}

/** Tells the caller that it rings; `undefined` when the media offered cannot be had, or the caller gave up meanwhile. */
export async function openIncomingLeg(options: IncomingLegOptions): Promise<IncomingLeg | undefined> {
  const { invite, peer, media, clock, random } = options
  let state: IncomingLeg['state'] = 'ringing'
  let opened = false
  let established: Established | undefined
  attempt(() => invite.trying())
  invite.delegate = { onCancel: giveUp }

  const offered = invite.message.body
  const answered = offered ? await media.answer(offered) : ({ ok: true, value: await media.offer() } as const)
  if (!answered.ok || isOver()) {
    if (!isOver()) attempt(() => invite.reject({ statusCode: 488 }))
    media.close()
    return undefined
  }
  const sdp = answered.value
  const rings = attempt(() => {
    const { session } = invite.progress({ statusCode: 180 })
    // A caller may say goodbye instead of cancelling (RFC 3261 section 15).
    session.delegate = {
      onBye(request) {
        request.accept()
        giveUp()
      },
    }
  })
  if (!rings) {
    media.close()
    return undefined
  }
  opened = true

  function isOver() {
    return state === 'ended'
  }

  function giveUp() {
    if (state !== 'ringing') return
    state = 'ended'
    attempt(() => invite.reject({ statusCode: 487 }))
    if (!opened) return
    media.close()
    options.ended()
  }

  function answer() {
    if (state !== 'ringing') return
    const accepted = attempt(() => {
      const { session } = invite.accept({ statusCode: 200, body: sdpBody(sdp) })
      established = establish({
        session,
        peer,
        media,
        ours: false,
        clock,
        random,
        ...(!offered && { takeAnswer: (theirs: string) => void media.accept(theirs) }),
        ended: end,
        digit: options.digit,
        renegotiated: () => undefined,
      })
    })
    if (accepted) state = 'answered'
    else end()
  }

  function end() {
    if (state === 'ended') return
    state = 'ended'
    media.close()
    options.ended()
  }

  function hangUp(status: number) {
    if (state === 'ended') return
    if (state === 'ringing') {
      attempt(() => invite.reject({ statusCode: status, ...(status === 503 && { extraHeaders: ['Retry-After: 10'] }) }))
      media.close()
    } else established?.bye()
    state = 'ended'
  }

  return {
    media,
    get state() {
      return state
    },
    answer,
    hangUp,
  }
}
