import { type Invitation as SipInvitation, SessionState } from 'sip.js'
import { callHeader, monitorOfferPrefix, offerHeader } from '../../../contract/softphone.ts'
import { failed, ok, type Result } from '../../../core/result.ts'
import type { CallId, OfferId } from '../../../core/routing/messages.ts'
import { type DescriptionHandler, describeWith } from '../../shared/sip/description-handler.ts'
import { openSoundInput } from '../../shared/sip/sound-source.ts'
import { openUserAgent } from '../../shared/sip/transport.ts'
import { type CallLine, openCallLine } from './call-line.ts'
import { keepRegistered } from './registration.ts'
import type { AnswerProblem, Invitation, Listening, OpenSoftphone, SoftphoneEvents } from './softphone.ts'

interface Ringing extends Invitation {
  readonly session: SipInvitation
}

type Listeners = { readonly [Name in keyof SoftphoneEvents]: Set<(told: SoftphoneEvents[Name]) => void> }

export const openSoftphone: OpenSoftphone = ({ url, credential, audio }) => {
  const listeners: Listeners = {
    registration: new Set(),
    ringing: new Set(),
    call: new Set(),
    listening: new Set(),
    microphone: new Set(),
  }
  const input = openSoundInput('silence')
  const handlers = new WeakMap<object, DescriptionHandler>()
  let ringing: readonly Ringing[] = []
  let line: CallLine | undefined
  /** Where this telephone is asked to listen in, or does. */
  let monitor: { readonly invitation: Ringing; readonly line?: CallLine } | undefined
  /** Whether those listened to are to hear this side. */
  let speaks = false
  let disposed = false

  const userAgent = openUserAgent(url, credential, {
    sessionDescriptionHandlerFactory: describeWith(
      () => Promise.resolve(input.track()),
      (session, handler) => handlers.set(session, handler),
    ),
    delegate: {
      onInvite: invited,
      onConnect: () => {
        keeper.connected()
        line?.mend()
        monitor?.line?.mend()
      },
      onDisconnect: () => {
        keeper.disconnected()
      },
    },
  })
  const keeper = keepRegistered(userAgent, () => {
    tell('registration', keeper.registration)
  })
  input.changed(() => {
    tell('microphone', input.microphone)
    for (const each of [line, monitor?.line]) void each?.replaceTrack(input.track()).catch(() => undefined)
  })
  keeper.start()

  return {
    get registration() {
      return keeper.registration
    },
    get ringing() {
      return ringing
    },
    get call() {
      return line?.call
    },
    get listening() {
      return listening()
    },
    get microphone() {
      return input.microphone
    },
    level: () => (line?.call.muted === true || input.microphone.state !== 'ready' ? 0 : input.level()),
    quality: () => line?.quality,
    answer,
    async reject(offer) {
      const found = ringing.find((invitation) => invitation.offer === offer)
      if (!found) return
      forget(found)
      await found.session.reject({ statusCode: 486 }).catch(() => undefined)
    },
    hold: async () => (await line?.setHold(true)) ?? failed({ kind: 'noCall' }),
    resume: async () => (await line?.setHold(false)) ?? failed({ kind: 'noCall' }),
    mute: (on) => line?.mute(on),
    sendDigit: (digit) => line?.sendDigit(digit),
    listenIn,
    speakInto(on) {
      speaks = on
      keepMute()
    },
    stopListening,
    hangUp: async () => line?.hangUp(),
    on(name, listener) {
      listeners[name].add(listener)
      return () => void listeners[name].delete(listener)
    },
    dispose,
  }

  function invited(session: SipInvitation) {
    const offer = session.request.getHeader(offerHeader)
    const call = session.request.getHeader(callHeader)
    if (!offer || !call) {
      void session.reject({ statusCode: 488 }).catch(() => undefined)
      return
    }
    const { user } = session.remoteIdentity.uri
    const invitation: Ringing = {
      offer: offer as OfferId,
      call: call as CallId,
      ...(user && user !== 'anonymous' && { from: user }),
      session,
    }
    // Cancelled before it could be told.
    if (session.state === SessionState.Terminated) return
    if (offer.startsWith(monitorOfferPrefix)) {
      invitedToListen(invitation)
      return
    }
    session.stateChange.addListener((state) => {
      if (state !== SessionState.Initial) forget(invitation)
    })
    ringing = [...ringing, invitation]
    tell('ringing', ringing)
  }

  async function answer(offer: OfferId): Promise<Result<void, AnswerProblem>> {
    const found = ringing.find((invitation) => invitation.offer === offer)
    if (!found) return failed({ kind: 'gone' })
    if (line && line.call.state !== 'ended') return failed({ kind: 'inCall' })
    const { session } = found
    void stopListening()
    const mine = openCallLine({ offer, call: found.call, session, audio, handler: () => handlers.get(session) }, () => {
      if (line === mine) tell('call', mine.call)
    })
    line = mine
    forget(found)
    tell('call', mine.call)
    // Answered only when established: a CANCEL may cross, and `accept` settles either way.
    const error = await session.accept().then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (session.state === SessionState.Established) return ok(undefined)
    if (line === mine) {
      line = undefined
      tell('call', undefined)
    }
    if (session.state === SessionState.Terminated && (error === undefined || isCancelled(error)))
      return failed({ kind: 'gone' })
    if (session.state !== SessionState.Terminated) await session.reject({ statusCode: 480 }).catch(() => undefined)
    return failed({ kind: 'failed', message: error instanceof Error ? error.message : 'the call could not be set up' })
  }

  // --- listening in -------------------------------------------------------------------------------

  function invitedToListen(invitation: Ringing) {
    void stopListening()
    monitor = { invitation }
    speaks = false
    invitation.session.stateChange.addListener((state) => {
      if (state !== SessionState.Terminated || monitor?.invitation !== invitation) return
      monitor = undefined
      tell('listening', undefined)
    })
    tell('listening', listening())
  }

  function listening(): Listening | undefined {
    if (monitor === undefined) return undefined
    const { invitation, line: heard } = monitor
    const on = heard?.call.state === 'talking'
    return { call: invitation.call, state: on ? 'on' : heard ? 'connecting' : 'invited' }
  }

  async function listenIn() {
    if (monitor === undefined || monitor.line) return
    const { invitation } = monitor
    const { offer, call, session } = invitation
    const heard = openCallLine({ offer, call, session, audio, handler: () => handlers.get(session) }, () => {
      keepMute()
      if (monitor?.line === heard) tell('listening', listening())
    })
    monitor = { invitation, line: heard }
    tell('listening', listening())
    await session.accept().catch(() => undefined)
    if (session.state !== SessionState.Established && session.state !== SessionState.Terminated)
      await session.reject({ statusCode: 480 }).catch(() => undefined)
  }

  /** Nothing is sent but silence until this side wants to be heard. */
  function keepMute() {
    const heard = monitor?.line
    if (heard?.call.state === 'talking' && heard.call.muted === speaks) heard.mute(!speaks)
  }

  async function stopListening() {
    const ended = monitor
    if (ended === undefined) return
    monitor = undefined
    tell('listening', undefined)
    if (ended.line) await ended.line.hangUp()
    else await ended.invitation.session.reject({ statusCode: 486 }).catch(() => undefined)
  }

  function forget(invitation: Ringing) {
    if (!ringing.includes(invitation)) return
    ringing = ringing.filter((other) => other !== invitation)
    tell('ringing', ringing)
  }

  async function dispose() {
    if (disposed) return
    disposed = true
    for (const told of Object.values(listeners)) told.clear()
    await stopListening()
    await line?.hangUp()
    await keeper.stop()
    input.close()
    await userAgent.stop().catch(() => undefined)
  }

  /** Not from inside a method that the listener's owner has called. */
  function tell<Name extends keyof SoftphoneEvents>(name: Name, told: SoftphoneEvents[Name]) {
    queueMicrotask(() => {
      for (const listener of listeners[name]) listener(told)
    })
  }
}

/** The library's own words when a CANCEL comes between the click and the answer. */
function isCancelled(error: unknown) {
  return error instanceof Error && /cancel|terminated/i.test(`${error.name} ${error.message}`)
}
