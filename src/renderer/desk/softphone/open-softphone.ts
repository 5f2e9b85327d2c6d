import { type Core, type Invitation as SipInvitation, Inviter, SessionState } from 'sip.js'
import {
  againHeader,
  agentHeader,
  callHeader,
  monitorOfferPrefix,
  offerHeader,
  readOffer,
  sipDomain,
} from '../../../contract/softphone.ts'
import type { AgentId, E164 } from '../../../core/configuration/types.ts'
import { failed, ok, type Result } from '../../../core/result.ts'
import type { CallId, OfferId } from '../../../core/routing/messages.ts'
import { type DescriptionHandler, describeWith } from '../../shared/sip/description-handler.ts'
import { watchNetwork } from '../../shared/watch-network.ts'
import { openSoundInput } from '../../shared/sip/sound-source.ts'
import { addressOf, openUserAgent } from '../../shared/sip/transport.ts'
import { type CallLine, openCallLine } from './call-line.ts'
import { serviceAnswers } from '../../shared/service-answers.ts'
import { keepRegistered } from './registration.ts'
import {
  type AnswerProblem,
  type HoldProblem,
  type Invitation,
  isRingOf,
  type LineId,
  type Listening,
  type OpenSoftphone,
  type SoftphoneEvents,
} from './softphone.ts'

interface Ringing extends Invitation {
  readonly session: SipInvitation
  readonly earlier: readonly OfferId[]
}

type Listeners = { readonly [Name in keyof SoftphoneEvents]: Set<(told: SoftphoneEvents[Name]) => void> }

export const openSoftphone: OpenSoftphone = ({ url, credential, audio }) => {
  const listeners: Listeners = {
    registration: new Set(),
    ringing: new Set(),
    calls: new Set(),
    listening: new Set(),
    microphone: new Set(),
  }
  const input = openSoundInput('silence')
  const handlers = new WeakMap<object, DescriptionHandler>()
  let ringing: readonly Ringing[] = []
  let lines: readonly CallLine[] = []
  let muted = false
  let dialled = 0
  /** Where this telephone is asked to listen in, or does. */
  let monitor: { readonly invitation: Ringing; readonly line?: CallLine } | undefined
  /** Whether those listened to are to hear this side. */
  let speaks = false
  let disposed = false
  /** The machine slept or has another network: what the calls agreed on may hold no longer. */
  let networkChanged = false

  const userAgent = openUserAgent(url, credential, {
    doubted: () => {
      check()
    },
    sessionDescriptionHandlerFactory: describeWith(
      () => Promise.resolve(input.track()),
      (session, handler) => handlers.set(session, handler),
    ),
    delegate: {
      onInvite: invited,
      onConnect: () => {
        keeper.connected()
        mend()
      },
      onDisconnect: () => {
        keeper.disconnected()
      },
    },
  })
  const keeper = keepRegistered(userAgent, {
    changed: () => {
      tell('registration', keeper.registration)
    },
    isThere: () => serviceAnswers({ attached: true }),
  })
  input.changed(() => {
    tell('microphone', input.microphone)
    for (const each of [...lines, monitor?.line]) void each?.replaceTrack(input.track()).catch(() => undefined)
  })
  const stopWatching = watchNetwork(() => {
    networkChanged = true
    void keeper.check().then((alive) => {
      if (alive) mend()
    })
  })
  keeper.start()

  return {
    get registration() {
      return keeper.registration
    },
    get ringing() {
      return ringing
    },
    get calls() {
      return calls()
    },
    get listening() {
      return listening()
    },
    get microphone() {
      return input.microphone
    },
    level: () => (muted || input.microphone.state !== 'ready' ? 0 : input.level()),
    quality: () => lines.find(({ call }) => call.state === 'talking')?.quality,
    measured: (line) => find(line)?.measured,
    answer,
    async reject(offer) {
      const found = ringingFor(offer)
      if (!found) return
      forget(found)
      await found.session.reject({ statusCode: 486 }).catch(() => undefined)
    },
    dial,
    hold: async (line) => (await find(line)?.setHold(true)) ?? failed({ kind: 'noCall' }),
    async resume(line) {
      const found = find(line)
      if (!found) return failed({ kind: 'noCall' })
      return (await holdOthers(found)) ? found.setHold(false) : failed({ kind: 'refused' })
    },
    useMicrophone: (device) => {
      input.use(device)
    },
    mute(on) {
      muted = on
      for (const line of lines) line.mute(on)
    },
    sendDigit: (digit) => lines.find(({ call }) => call.state === 'talking')?.sendDigit(digit),
    hangUp: async (line) => find(line)?.hangUp(),
    forget(line) {
      lines = lines.filter(({ call }) => call.line !== line || call.state !== 'ended')
      tell('calls', calls())
    },
    listenIn,
    speakInto(on) {
      speaks = on
      keepMute()
    },
    stopListening,
    on(name, listener) {
      listeners[name].add(listener)
      return () => void listeners[name].delete(listener)
    },
    dispose,
  }

  function invited(session: SipInvitation) {
    const offered = readOffer(session.request.getHeader(offerHeader))
    if (!offered) {
      void session.reject({ statusCode: 488 }).catch(() => undefined)
      return
    }
    const { call, offer } = offered
    const { uri, displayName } = session.remoteIdentity
    const colleague = session.request.getHeader(agentHeader)
    const invitation: Ringing = {
      offer,
      call,
      ...(uri.user && uri.user !== 'anonymous' && { from: uri.user, ...(displayName && { name: displayName }) }),
      ...(colleague && { colleague: decodeURIComponent(colleague) as AgentId }),
      session,
      earlier: ringing.flatMap((before) => (before.call === call ? [...before.earlier, before.offer] : [])),
    }
    // Cancelled before it could be told.
    if (session.state === SessionState.Terminated) return
    if (offer.startsWith(monitorOfferPrefix)) {
      invitedToListen(invitation)
      return
    }
    // What this agent talked in before the page was loaded anew.
    if (session.request.hasHeader(againHeader)) {
      const { session: _, earlier: __, ...about } = invitation
      void accept(session, begin(session, { line: offer as string as LineId, ...about }))
      return
    }
    session.stateChange.addListener((state) => {
      if (state !== SessionState.Initial) forget(invitation)
    })
    const lost = ringing.filter((before) => before.call === call)
    ringing = [...ringing.filter((before) => !lost.includes(before)), invitation]
    tell('ringing', ringing)
    for (const before of lost) void before.session.reject({ statusCode: 480 }).catch(() => undefined)
  }

  function ringingFor(offer: OfferId): Ringing | undefined {
    return ringing.find((each) => isRingOf(each, offer))
  }

  async function answer(offer: OfferId): Promise<Result<void, AnswerProblem>> {
    const found = ringingFor(offer)
    if (!found) return failed({ kind: 'gone' })
    if (!(await holdOthers())) return failed({ kind: 'inCall' })
    const { session, earlier: _, ...invitation } = found
    // It may have been taken back while the others were held.
    if (!ringing.includes(found)) return failed({ kind: 'gone' })
    void stopListening()
    const mine = begin(session, { line: found.offer as string as LineId, ...invitation })
    forget(found)
    return accept(session, mine)
  }

  async function accept(session: SipInvitation, mine: CallLine): Promise<Result<void, AnswerProblem>> {
    // Answered only when established: a CANCEL may cross, and `accept` settles either way.
    const error = await Promise.race([
      session.accept().then(
        () => undefined,
        (reason: unknown) => reason,
      ),
      overAt(session),
    ])
    if (session.state === SessionState.Established) return ok(undefined)
    lines = lines.filter((line) => line !== mine)
    tell('calls', calls())
    if (session.state === SessionState.Terminated && (error === undefined || isCancelled(error)))
      return failed({ kind: 'gone' })
    if (session.state !== SessionState.Terminated) await session.reject({ statusCode: 480 }).catch(() => undefined)
    return failed({ kind: 'failed', message: error instanceof Error ? error.message : 'the call could not be set up' })
  }

  async function dial(to: string, as?: E164): Promise<Result<LineId, HoldProblem>> {
    if (!(await holdOthers())) return failed({ kind: 'refused' })
    if (disposed) return failed({ kind: 'noCall' })
    const session = new Inviter(userAgent, addressOf(to), {
      earlyMedia: true,
      // RFC 3325 section 9.2.
      ...(as !== undefined && { extraHeaders: [`P-Preferred-Identity: <sip:${as}@${sipDomain}>`] }),
    })
    void stopListening()
    const line = `dialled-${String(++dialled)}` as LineId
    const mine = begin(session, { line, dialled: to })
    session
      .invite({
        requestDelegate: {
          onProgress: (answer) => {
            const { message } = answer
            const { session: dialog } = answer as typeof answer & { readonly session: Core.SessionDialog }
            const call = message.getHeader(callHeader) as CallId | undefined
            const status = message.statusCode ?? 100
            mine.progressed({ status, ...(call && { call }), early: message.body !== '', ask: () => ask(dialog) })
          },
          onAccept: ({ message }) => {
            mine.named(message.getHeader(callHeader) as CallId | undefined)
          },
          onReject: ({ message }) => {
            mine.refused(message.statusCode ?? 500)
          },
        },
      })
      .catch(() => {
        mine.refused(500)
        void mine.hangUp()
      })
    return ok(line)
  }

  /** The first of a new call; those that have ended make room. */
  function begin(session: SipInvitation | Inviter, about: Parameters<typeof openCallLine>[0]['about']): CallLine {
    const mine = openCallLine(
      { about, muted, session, audio, silent: check, handler: () => handlers.get(session) },
      () => {
        if (lines.includes(mine)) tell('calls', calls())
      },
    )
    lines = [...lines.filter(({ call }) => call.state !== 'ended'), mine]
    tell('calls', calls())
    return mine
  }

  /** Whether nobody else hears this side now; not while another call is on its way. */
  async function holdOthers(but?: CallLine): Promise<boolean> {
    const others = lines.filter((line) => line !== but)
    if (others.some(({ call }) => ['dialling', 'ringing', 'connecting'].includes(call.state))) return false
    const held = await Promise.all(
      others.map(async (line) => line.call.state !== 'talking' || (await line.setHold(true)).ok),
    )
    return others.every((line, at) => held[at] === true || line.call.state === 'ended')
  }

  function mend() {
    for (const each of [...lines, monitor?.line]) each?.mend(networkChanged)
    networkChanged = false
  }

  function check() {
    void keeper.check()
  }

  function ask(dialog: Core.SessionDialog): Promise<number> {
    return new Promise((resolve) => {
      const answered = ({ message: { statusCode = 500 } }: Core.IncomingResponse) => {
        resolve(statusCode)
      }
      const answers = { onAccept: answered, onReject: answered, onRedirect: answered }
      userAgent.userAgentCore.request(dialog.createOutgoingRequestMessage('OPTIONS'), answers)
    })
  }

  function calls() {
    return lines.map(({ call }) => call)
  }

  function find(id: LineId) {
    return lines.find(({ call }) => call.line === id)
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
    const { session, ...about } = invitation
    const line = about.offer as string as LineId
    const handler = () => handlers.get(session)
    const heard = openCallLine(
      { about: { line, ...about }, muted: false, session, audio, silent: check, handler },
      () => {
        keepMute()
        if (monitor?.line === heard) tell('listening', listening())
      },
    )
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
    stopWatching()
    for (const told of Object.values(listeners)) told.clear()
    await stopListening()
    await Promise.all(lines.map((line) => line.hangUp()))
    await keeper.stop()
    input.close()
    await userAgent.stop().catch(() => undefined)
    for (const line of lines) line.letGo()
  }

  /** Not from inside a method that the listener's owner has called. */
  function tell<Name extends keyof SoftphoneEvents>(name: Name, told: SoftphoneEvents[Name]) {
    queueMicrotask(() => {
      for (const listener of listeners[name]) listener(told)
    })
  }
}

/** The library goes on making an answer that nobody wants any more. */
function overAt(session: SipInvitation): Promise<undefined> {
  return new Promise((resolve) => {
    session.stateChange.addListener((state) => {
      if (state === SessionState.Terminated) resolve(undefined)
    })
  })
}

/** The library's own words when a CANCEL comes between the click and the answer. */
function isCancelled(error: unknown) {
  return error instanceof Error && /cancel|terminated/i.test(`${error.name} ${error.message}`)
}
