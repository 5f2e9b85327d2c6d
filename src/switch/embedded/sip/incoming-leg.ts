import type { Core } from 'sip.js'
import type { Clock } from '../clock.ts'
import type { MediaLeg } from '../media/media.ts'
import { attempt, establish, sdpBody, type Established } from './established.ts'
import type { Peer } from './peer.ts'

/**
 * The leg of somebody who rings us.
 * ```
 *  ringing ──answer()──▶ answered ──hangUp() or BYE──▶ ended
 *     └──refuse(status), or CANCEL─────────────────────▶
 * ```
 */
export interface IncomingLeg {
  readonly media: MediaLeg
  readonly state: 'ringing' | 'answered' | 'ended'
  /** Where it was opened `held`: tells that the far side rings, or (183) that it is heard already. Repeated: no effect. */
  ring(status: 180 | 183): void
  answer(): void
  /** Not answered: the final status; answered: BYE. */
  hangUp(status: number): void
}

export interface IncomingLegOptions {
  readonly invite: Core.InviteUserAgentServer
  readonly peer: Peer
  readonly media: MediaLeg
  /** Says nothing more than 100 until `ring`. Preset: says that it rings at once. */
  readonly held?: true
  /** In every answer. */
  readonly headers?: readonly string[]
  readonly clock: Clock
  readonly random: (size: number) => Buffer
  /** Told once, and not after `hangUp`. */
  readonly ended: () => void
  readonly digit: (digit: string) => void
  /** After every later offer of the far side. */
  readonly renegotiated?: () => void
}

/** Tells the caller that it rings, unless `held`; `undefined` when the media offered cannot be had, or the caller gave up meanwhile. */
export async function openIncomingLeg(options: IncomingLegOptions): Promise<IncomingLeg | undefined> {
  const { invite, peer, media, clock, random, headers = [] } = options
  let state: IncomingLeg['state'] = 'ringing'
  let rung: 100 | 180 | 183 = 100
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
  if (!options.held && !ring(180)) {
    media.close()
    return undefined
  }
  opened = true

  /** Whether that could be told. */
  function ring(status: 180 | 183): boolean {
    if (state !== 'ringing' || rung >= status) return false
    const told = attempt(() => {
      const { session } = invite.progress({
        statusCode: status,
        extraHeaders: [...headers],
        ...(status === 183 && { body: sdpBody(sdp) }),
      })
      // A caller may say goodbye instead of cancelling (RFC 3261 section 15).
      session.delegate = {
        onBye(request) {
          request.accept()
          giveUp()
        },
      }
    })
    if (told) rung = status
    return told
  }

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
      const { session } = invite.accept({ statusCode: 200, body: sdpBody(sdp), extraHeaders: [...headers] })
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
        renegotiated: () => options.renegotiated?.(),
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
    ring,
    answer,
    hangUp,
  }
}
