import { Inviter, type Invitation as SipInvitation, RequestPendingError, SessionState } from 'sip.js'
import type { CallQuality } from '../../../contract/call-records.ts'
import { failed, ok, type Result } from '../../../core/result.ts'
import type { CallId } from '../../../core/routing/messages.ts'
import type { DescriptionHandler } from '../../shared/sip/description-handler.ts'
import { countSound, qualityBetween, type SoundCount, type SoundQuality } from './quality.ts'
import { addSecond, qualityOf, type QualitySum } from './quality-sum.ts'
import type { CallFailure, HoldProblem, SoftphoneCall } from './softphone.ts'

/** One call, answered or made: its session, its sound, and what is wanted of both. */
export interface CallLine {
  readonly call: SoftphoneCall
  readonly quality: SoundQuality | undefined
  /** All of the call so far. */
  readonly measured: CallQuality | undefined
  /** A provisional answer to a call made here. */
  progressed(answer: ProvisionalAnswer): void
  /** As the switch calls a call made here. */
  named(call: CallId | undefined): void
  /** The final answer to a call made here, 300 to 699. */
  refused(status: number): void
  setHold(held: boolean): Promise<Result<void, HoldProblem>>
  mute(on: boolean): void
  sendDigit(digit: string): void
  hangUp(): Promise<void>
  /** Of one that has been hung up: nothing of it is waited for any more. */
  letGo(): void
  /** A new track for the far side, when the microphone came or went. */
  replaceTrack(track: MediaStreamTrack): Promise<void>
  /** The line to the service is sound again: mend the sound where it broke meanwhile, or (`anew`) in any case. */
  mend(anew: boolean): void
}

export interface ProvisionalAnswer {
  readonly status: number
  readonly call?: CallId
  readonly early: boolean
  /** Asks the far side something in the early dialog (RFC 3261 section 12.1), and tells the status of its answer. */
  readonly ask: () => Promise<number>
}

/** How long nothing may be heard before the sound counts as lost, milliseconds; the far side sends silence too. */
const silenceLimit = 3_000
const countEvery = 1_000
/** How often a re-INVITE is tried against a far side that has one of its own under way. */
const glareTries = 6
/** How often it is asked whether the far side still knows a call that it could not answer over a lost socket, milliseconds. */
const knownEvery = 2_000

export function openCallLine(
  given: {
    readonly about: Pick<SoftphoneCall, 'line' | 'offer' | 'call' | 'dialled' | 'from' | 'name' | 'colleague'>
    readonly muted: boolean
    readonly session: SipInvitation | Inviter
    readonly handler: () => DescriptionHandler | undefined
    readonly audio: HTMLAudioElement
    /** Nothing has been heard for a while: the line to the service may be dead too. */
    readonly silent: () => void
  },
  changed: () => void,
): CallLine {
  const { session } = given
  let call: SoftphoneCall = {
    ...given.about,
    state: session instanceof Inviter ? 'dialling' : 'connecting',
    muted: given.muted,
    changing: false,
    soundLost: false,
  }
  let quality: SoundQuality | undefined
  let sum: QualitySum | undefined
  let counted: { readonly count: SoundCount; readonly heardAt: number } | undefined
  let counting: ReturnType<typeof setInterval> | undefined
  let mending = false
  let ask: ProvisionalAnswer['ask'] | undefined
  let asking = false
  /** Re-INVITEs go one after the other, and none before the ACK: the library would hang up when that came. */
  let turn: Promise<unknown> = acknowledgement(session)

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
    get measured() {
      return qualityOf(sum)
    },
    progressed({ status, call: id, early, ask: another }) {
      ask = another
      if (call.state !== 'dialling' && call.state !== 'ringing') return
      const rings = call.state === 'ringing' || status >= 180
      become({
        ...(id !== undefined && { call: id }),
        state: rings ? 'ringing' : 'dialling',
        ...(early && { early }),
      })
      if (early) listen()
    },
    named(id) {
      if (id !== undefined) become({ call: id })
    },
    refused,
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
        if (!held) listen()
        counted = undefined
        return ok(undefined)
      }
      const handler = given.handler()
      if (handler) handler.held = before
      become({ changing: false })
      return failed({ kind: 'refused' })
    },
    mute(on) {
      // One that is being let go of stays silent.
      if (!isOver()) for (const track of tracks()) track.enabled = !on
      become({ muted: on })
    },
    sendDigit(digit) {
      given.handler()?.sendDtmf(digit, { duration: 120, interToneGap: 70 })
    },
    hangUp,
    letGo: () => given.handler()?.closeNow(),
    async replaceTrack(track) {
      const [sender] = given.handler()?.peerConnection?.getSenders() ?? []
      if (!sender || isOver()) return track.stop()
      const old = sender.track
      track.enabled = !call.muted
      await sender.replaceTrack(track)
      old?.stop()
    },
    mend(anew) {
      if (isDialling()) void askWhetherKnown()
      if (call.state !== 'talking' && call.state !== 'held') return
      const state = given.handler()?.peerConnection?.iceConnectionState
      if (anew || call.soundLost || state === 'disconnected' || state === 'failed') void restartIce()
    },
  }

  function refused(status: number) {
    const failure = failureOf(status)
    if (failure) become({ failed: failure })
  }

  async function hangUp() {
    if (session.state === SessionState.Established) sayGoodbye()
    else if (session instanceof Inviter) await session.cancel().then(nothing, nothing)
    else if (session.state === SessionState.Establishing)
      await session.reject({ statusCode: 486 }).then(nothing, nothing)
    ended()
  }

  /** The answer may have been lost with the socket, and the call with the answer. */
  async function askWhetherKnown() {
    if (asking) return
    asking = true
    while (isDialling()) {
      const status = await ask?.()
      if (!isDialling()) break
      if (status === 481) {
        refused(500)
        await hangUp()
        break
      }
      await new Promise((resolve) => setTimeout(resolve, knownEvery))
    }
    asking = false
  }

  /** This call is the one that is heard. */
  function listen() {
    const handler = given.handler()
    if (!handler) return
    for (const track of tracks()) track.enabled = !call.muted
    given.audio.srcObject = handler.remoteMediaStream
    void given.audio.play().catch(nothing)
  }

  function established() {
    const { early: _, ...answered } = call
    call = answered
    become({ state: 'talking', since: Date.now() })
    listen()
    const connection = given.handler()?.peerConnection
    if (!connection) return
    connection.addEventListener('iceconnectionstatechange', () => {
      if (connection.iceConnectionState === 'failed') void restartIce()
    })
    counting = setInterval(() => void count(connection), countEvery)
  }

  function sayGoodbye() {
    const { promise: told, resolve } = Promise.withResolvers<undefined>()
    const answered = () => {
      resolve(undefined)
    }
    // First, since the library lets go of the sound as soon as the BYE is sent.
    given.handler()?.leave(told)
    const answers = { onAccept: answered, onReject: answered, onRedirect: answered }
    session.bye({ requestDelegate: answers }).catch(answered)
  }

  function ended() {
    clearInterval(counting)
    if (given.audio.srcObject && given.audio.srcObject === given.handler()?.remoteMediaStream)
      given.audio.srcObject = null
    if (!isOver()) become({ state: 'ended', changing: false, soundLost: false, since: Date.now() })
  }

  async function count(connection: RTCPeerConnection) {
    const now = await countSound(connection)
    if (!now || isOver()) return
    const earlier = counted
    const heardAt = earlier && now.received <= earlier.count.received ? earlier.heardAt : performance.now()
    const second = earlier && qualityBetween(earlier.count, now)
    if (second) {
      quality = second
      // Held, it says nothing of how the other side is heard.
      if (call.state === 'talking') sum = addSecond(sum, { quality: second, earlier: earlier.count, now })
    }
    counted = { count: now, heardAt }
    const soundLost = call.state === 'talking' && performance.now() - heardAt > silenceLimit
    if (soundLost && !call.soundLost) given.silent()
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

  /** One re-INVITE; a far side that has one under way is waited for: RFC 3261 section 14.1, by who owns the Call-ID. */
  function renegotiate(prepare: () => void, options: { offerOptions?: RTCOfferOptions } = {}): Promise<boolean> {
    const mine = turn.then(async () => {
      for (let tries = 0; tries < glareTries && !isOver(); tries += 1) {
        prepare()
        const outcome = await invite(options)
        if (outcome === 'taken') return true
        if (outcome === 'refused') return false
        if (outcome === 'gone') {
          // RFC 3261 section 12.2.1.2: the far side has ended it, and the BYE was lost.
          sayGoodbye()
          ended()
          return false
        }
        await new Promise((resolve) => setTimeout(resolve, glareWait(session instanceof Inviter)))
      }
      return false
    })
    turn = mine.catch(nothing)
    return mine
  }

  async function invite(sessionDescriptionHandlerOptions: object): Promise<Outcome> {
    const outcome = await new Promise<Outcome>((resolve) => {
      session
        .invite({
          sessionDescriptionHandlerOptions,
          requestDelegate: {
            onAccept: () => {
              resolve('taken')
            },
            onReject: ({ message }) => {
              // RFC 3261 section 14.2: one of ours is not over for the far side yet.
              const soon = message.statusCode === 500 && message.hasHeader('Retry-After')
              resolve(soon ? 'glare' : (outcomes[message.statusCode ?? 500] ?? 'refused'))
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

  function isDialling() {
    return call.state === 'dialling' || call.state === 'ringing'
  }

  function isOver() {
    return call.state === 'ended'
  }

  function become(part: Partial<SoftphoneCall>) {
    call = { ...call, ...part }
    changed()
  }
}

/** Settles when the far side knows that it was answered, or when it is over. */
function acknowledgement(session: SipInvitation | Inviter): Promise<void> {
  if (session instanceof Inviter) return Promise.resolve()
  return new Promise((resolve) => {
    session.delegate = {
      onAck: () => {
        resolve()
      },
    }
    session.stateChange.addListener((state) => {
      if (state === SessionState.Terminated) resolve()
    })
  })
}

/** What came of a re-INVITE. */
type Outcome = 'taken' | 'refused' | 'glare' | 'gone'
const outcomes: Readonly<Partial<Record<number, Outcome>>> = { 481: 'gone', 491: 'glare' }

/** Milliseconds: 2.1 to 4 s for whoever made the call, else up to 2 s. */
export function glareWait(ours: boolean, random: () => number = Math.random): number {
  return ours ? 2_100 + random() * 1_900 : random() * 2_000
}

/** What a final answer means to who called (RFC 3261 section 21); 487 is our own CANCEL. */
export function failureOf(status: number): CallFailure | undefined {
  if (status === 487) return undefined
  return failures[status] ?? 'failed'
}

const failures: Readonly<Partial<Record<number, CallFailure>>> = {
  403: 'closed',
  404: 'unknown',
  408: 'noAnswer',
  410: 'unknown',
  480: 'noAnswer',
  484: 'unknown',
  486: 'busy',
  502: 'unreachable',
  503: 'unreachable',
  600: 'busy',
  603: 'rejected',
  604: 'unknown',
}

function nothing() {
  return undefined
}
