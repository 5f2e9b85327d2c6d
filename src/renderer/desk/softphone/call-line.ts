import { type Invitation as SipInvitation, RequestPendingError, SessionState } from 'sip.js'
import { failed, ok, type Result } from '../../../core/result.ts'
import type { CallId, OfferId } from '../../../core/routing/messages.ts'
import type { DescriptionHandler } from '../../shared/sip/description-handler.ts'
import { countSound, meanOpinionScore, type SoundCount } from './quality.ts'
import type { HoldProblem, SoftphoneCall } from './softphone.ts'

/** One answered call: its session, its sound, and what is wanted of both. */
export interface CallLine {
  readonly call: SoftphoneCall
  readonly quality: number | undefined
  setHold(held: boolean): Promise<Result<void, HoldProblem>>
  mute(on: boolean): void
  sendDigit(digit: string): void
  hangUp(): Promise<void>
  /** A new track for the far side, when the microphone came or went. */
  replaceTrack(track: MediaStreamTrack): Promise<void>
  /** The line to the service is back: mend the sound if it broke meanwhile. */
  mend(): void
}

/** How long nothing may be heard before the sound counts as lost, milliseconds; the far side sends silence too. */
const silenceLimit = 3_000
const countEvery = 1_000
/** How often a re-INVITE is tried against a far side that has one of its own under way. */
const glareTries = 6

export function openCallLine(
  given: {
    readonly offer: OfferId
    readonly call: CallId
    readonly session: SipInvitation
    readonly handler: () => DescriptionHandler | undefined
    readonly audio: HTMLAudioElement
  },
  changed: () => void,
): CallLine {
  const { session } = given
  let call: SoftphoneCall = {
    offer: given.offer,
    call: given.call,
    state: 'connecting',
    muted: false,
    changing: false,
    soundLost: false,
  }
  let quality: number | undefined
  let counted: { readonly count: SoundCount; readonly heardAt: number } | undefined
  let counting: ReturnType<typeof setInterval> | undefined
  let mending = false
  /** Re-INVITEs go one after the other. */
  let turn: Promise<unknown> = Promise.resolve()

  session.stateChange.addListener((state) => {
    if (state === SessionState.Established) established()
    if (state === SessionState.Terminating || state === SessionState.Terminated) ended()
  })

  return {
    get call() {
      return call
    },
    get quality() {
      return quality
    },
    async setHold(held) {
      if (call.state !== 'talking' && call.state !== 'held') return failed({ kind: 'noCall' })
      if ((call.state === 'held') === held) return ok(undefined)
      become({ changing: true })
      const before = given.handler()?.held ?? false
      const taken = await renegotiate(() => {
        const handler = given.handler()
        if (handler) handler.held = held
      })
      if (isOver()) return failed({ kind: 'noCall' })
      if (taken) {
        become({ state: held ? 'held' : 'talking', changing: false })
        counted = undefined
        return ok(undefined)
      }
      const handler = given.handler()
      if (handler) handler.held = before
      become({ changing: false })
      return failed({ kind: 'refused' })
    },
    mute(on) {
      for (const track of tracks()) track.enabled = !on
      become({ muted: on })
    },
    sendDigit(digit) {
      given.handler()?.sendDtmf(digit, { duration: 120, interToneGap: 70 })
    },
    async hangUp() {
      if (session.state === SessionState.Established) await session.bye().then(nothing, nothing)
      else if (session.state === SessionState.Establishing)
        await session.reject({ statusCode: 486 }).then(nothing, nothing)
      ended()
    },
    async replaceTrack(track) {
      const [sender] = given.handler()?.peerConnection?.getSenders() ?? []
      if (!sender || isOver()) return track.stop()
      const old = sender.track
      track.enabled = !call.muted
      await sender.replaceTrack(track)
      old?.stop()
    },
    mend() {
      const state = given.handler()?.peerConnection?.iceConnectionState
      if (call.soundLost || state === 'disconnected' || state === 'failed') void restartIce()
    },
  }

  function established() {
    become({ state: 'talking' })
    const handler = given.handler()
    const connection = handler?.peerConnection
    if (!handler || !connection) return
    given.audio.srcObject = handler.remoteMediaStream
    void given.audio.play().catch(nothing)
    connection.addEventListener('iceconnectionstatechange', () => {
      if (connection.iceConnectionState === 'failed') void restartIce()
    })
    counting = setInterval(() => void count(connection), countEvery)
  }

  function ended() {
    clearInterval(counting)
    if (given.audio.srcObject && given.audio.srcObject === given.handler()?.remoteMediaStream)
      given.audio.srcObject = null
    if (!isOver()) become({ state: 'ended', changing: false, soundLost: false })
  }

  async function count(connection: RTCPeerConnection) {
    const now = await countSound(connection)
    if (!now || isOver()) return
    const earlier = counted
    const heardAt = earlier && now.received <= earlier.count.received ? earlier.heardAt : performance.now()
    if (earlier) quality = meanOpinionScore(earlier.count, now) ?? quality
    counted = { count: now, heardAt }
    const soundLost = call.state === 'talking' && performance.now() - heardAt > silenceLimit
    if (soundLost !== call.soundLost) become({ soundLost })
    if (soundLost) void restartIce()
  }

  async function restartIce() {
    if (mending || isOver()) return
    mending = true
    await renegotiate(nothing, { offerOptions: { iceRestart: true } })
    counted = undefined
    mending = false
  }

  /** One re-INVITE; a far side that has one under way is waited for (RFC 3261 section 14.1: we do not own the Call-ID). */
  function renegotiate(prepare: () => void, options: { offerOptions?: RTCOfferOptions } = {}): Promise<boolean> {
    const mine = turn.then(async () => {
      for (let tries = 0; tries < glareTries && !isOver(); tries += 1) {
        prepare()
        const outcome = await invite(options)
        if (outcome === 'taken') return true
        if (outcome === 'refused') return false
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 2_000))
      }
      return false
    })
    turn = mine.catch(nothing)
    return mine
  }

  async function invite(sessionDescriptionHandlerOptions: object): Promise<'taken' | 'refused' | 'glare'> {
    const outcome = await new Promise<'taken' | 'refused' | 'glare'>((resolve) => {
      session
        .invite({
          sessionDescriptionHandlerOptions,
          requestDelegate: {
            onAccept: () => {
              resolve('taken')
            },
            onReject: ({ message }) => {
              resolve(message.statusCode === 491 ? 'glare' : 'refused')
            },
          },
        })
        .catch((error: unknown) => {
          resolve(error instanceof RequestPendingError ? 'glare' : 'refused')
        })
    })
    // Left in place it would shape the answer to the far side's next re-INVITE.
    session.sessionDescriptionHandlerOptionsReInvite = {}
    return outcome
  }

  function tracks() {
    return (given.handler()?.peerConnection?.getSenders() ?? []).flatMap(({ track }) => (track ? [track] : []))
  }

  function isOver() {
    return call.state === 'ended'
  }

  function become(part: Partial<SoftphoneCall>) {
    call = { ...call, ...part }
    changed()
  }
}

function nothing() {
  return undefined
}
