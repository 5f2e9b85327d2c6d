import type { Core } from 'sip.js'
import { againHeader, monitorOfferPrefix, offerHeader, offerText } from '../../contract/softphone.ts'
import type { Attachment, SwitchHoldings, SwitchProblem, SwitchSetup } from '../../contract/switch.ts'
import type { AgentId, E164 } from '../../core/configuration/types.ts'
import { done, failed, ok, type Result } from '../../core/result.ts'
import type { CallId, Command, DeclineCause, OfferId, SwitchEvent } from '../../core/routing/messages.ts'
import { after, seconds } from '../../core/time.ts'
import {
  held,
  legOfThird,
  type Call,
  type Consultation,
  type Monitor,
  type Offer,
  type Outside,
  type Playing,
} from './call.ts'
import { declineCause, outsideResult, phoneDeclineCause, refusals, stopReasons } from './causes.ts'
import type { Clock } from './clock.ts'
import { join } from './joined.ts'
import type { LegListener, Media, Recorded } from './media/media.ts'
import type { Recordings } from './recordings.ts'
import { newCallId } from './new-call-id.ts'
import { shown, type CallerIdentity } from './sip/identity.ts'
import { openIncomingLeg } from './sip/incoming-leg.ts'
import { openOutgoingLeg, type OutgoingLeg } from './sip/outgoing-leg.ts'
import type { Peer } from './sip/peer.ts'
import type { Speech, Voice } from './speech/open-speech.ts'
import type { Way, Ways } from './ways.ts'

/** Calls and their legs: the commands of the service, and what it is told. Knows SIP only by its legs. */
export interface CallControl {
  readonly calls: number
  /** Whether one more caller is taken. */
  readonly open: boolean
  attach(attachment: Attachment): Result<SwitchHoldings, SwitchProblem>
  readonly attachedTo: Attachment | undefined
  detach(): void
  setUp(setup: SwitchSetup, voice: Voice): void
  perform(command: Command): Outcome | Promise<Outcome>
  take(arrival: Arrival): Promise<void>
  /** The agent's softphone has registered, as the same one or another. */
  cameBack(agent: AgentId): void
  tell(event: SwitchEvent): void
  /** What no service was there to hear, and must not be lost: told to the next one. */
  takeUntold(): readonly SwitchEvent[]
  /** Says goodbye to all parties. */
  close(): void
}

export interface Arrival {
  readonly invite: Core.InviteUserAgentServer
  readonly peer: Peer
  readonly caller: CallerIdentity
  readonly trusted: boolean
  readonly to: E164
  /** Where its RTP may come from; absent: a browser. */
  readonly rtpAddress?: string
}

export interface CallControlOptions {
  readonly media: Media
  readonly clock: Clock
  readonly random: (size: number) => Buffer
  readonly callLimit: number
  readonly ways: Ways
  readonly speech: Speech
  /** Absent: nothing is recorded. */
  readonly recordings: Recordings | undefined
  readonly log: (level: 'info' | 'warn', text: string) => void
}

/** Waiting callers are released when no service has been attached for this long (design section 9). */
const releaseAfter = seconds(30)
/**
 * How long a softphone may take to say that it has heard of a ring, milliseconds of this machine's own time: it needs as much, whatever
 * the clock says.
 */
const reachedWithin = 4_000
/** Nothing rings longer, also when no service is there to say so. */
const longestRing = seconds(180)
const rememberedCalls = 1000

type OneCommand<Type extends Command['type']> = Extract<Command, { type: Type }>
type OneEvent<Type extends SwitchEvent['type']> = Extract<SwitchEvent, { type: Type }>
type Outcome = Result<void, SwitchProblem>

export function openCallControl(options: CallControlOptions): CallControl {
  const { media, clock, random, callLimit, ways, log } = options
  const calls = new Map<CallId, Call>()
  /** By command, lately: the same command again is done already. */
  const hungUp = new Set<CallId>()
  /** Of callbacks that have ended: the same ring again is done already. */
  const rungBack = new Set<OfferId>()
  let setup: SwitchSetup | undefined
  let voice: Voice = { messages: new Map(), language: 'sv', numbers: new Map() }
  let untold: SwitchEvent[] = []
  let attached: Attachment | undefined
  let greatestEpoch = -Infinity
  /** Callers taken whose media is being opened. */
  let opening = 0
  let releasing = false
  let cancelRelease: (() => void) | undefined

  // --- the service comes and goes ----------------------------------------------------------------

  function attach(attachment: Attachment): Result<SwitchHoldings, SwitchProblem> {
    if (attachment.epoch <= greatestEpoch) return failed({ kind: 'staleEpoch' })
    greatestEpoch = attachment.epoch
    const before = attached
    attached = attachment
    before?.lost('replaced')
    cancelRelease?.()
    if (releasing) {
      releasing = false
      // Nobody is to be told goodbye any more.
      for (const call of calls.values()) {
        if (call.released) stopPlaying(call)
        call.released = false
      }
    }
    return ok({ engine: 'embedded', calls: [...calls.values()].map(held) })
  }

  function detach() {
    if (!attached) return
    attached = undefined
    cancelRelease = clock.wake(after(clock.now(), releaseAfter), () => {
      releasing = true
      for (const call of [...calls.values()]) releaseIfWaiting(call)
    })
  }

  /** The caller hears that nobody will come, and is let go; one in talk is left alone. */
  function releaseIfWaiting(call: Call) {
    if (!releasing || call.released || !calls.has(call.id)) return
    if (call.connected || call.forwarding || call.recording || call.consultation?.by.state === 'answered') return
    call.released = true
    for (const offer of call.offers.values()) endOffer(call, offer, stopReasons.callerGone)
    const fallback = setup?.fallback
    const sound = fallback === undefined ? undefined : voice.messages.get(fallback)
    if (fallback === undefined || !sound || call.leg?.state !== 'answered') {
      hangUp(call, 503)
      return
    }
    call.playing = { kind: 'message', message: fallback }
    call.leg.media.play(sound, () => {
      if (releasing) hangUp(call, 503)
    })
  }

  function tell(event: SwitchEvent) {
    if (attached) attached.heard(event)
    else if (event.type === 'recorded') untold = [...untold, event].slice(-rememberedCalls)
  }

  // --- callers ----------------------------------------------------------------------------------

  async function take({ invite, peer, caller, trusted, to, rtpAddress }: Arrival) {
    const id = newCallId(random)
    const leg = await whileOpening(() => {
      const listener: LegListener = {
        digit: (digit) => {
          callerPressed(id, digit)
        },
        lost: (why) => {
          callerLost(id, why)
        },
      }
      return openIncomingLeg({
        invite,
        peer,
        media: rtpAddress === undefined ? media.openWebRtcLeg(listener) : ways.rtpLeg(listener, rtpAddress),
        clock,
        random,
        ended: () => {
          callerLeft(id)
        },
        digit: (digit) => {
          listener.digit(digit)
        },
      })
    })
    if (!leg) return
    if (!attached) {
      leg.hangUp(503)
      return
    }
    addCall({ id, to, caller, leg, callback: false })
    tell({
      type: 'callArrived',
      call: id,
      to,
      ...(caller.number && { from: caller.number }),
      ...(caller.name !== undefined && { name: caller.name }),
      ...(trusted && { trusted }),
    })
  }

  function addCall(about: Pick<Call, 'id' | 'to' | 'caller' | 'leg' | 'callback'>): Call {
    const call: Call = {
      ...about,
      arrived: clock.now(),
      callingOut: undefined,
      offers: new Map(),
      plays: new Set(),
      playing: undefined,
      music: [],
      recording: false,
      saving: undefined,
      connected: undefined,
      forwarding: undefined,
      consultation: undefined,
      monitors: new Map(),
      released: false,
    }
    calls.set(call.id, call)
    return call
  }

  function callerPressed(id: CallId, digit: string) {
    const call = calls.get(id)
    // The key that ends a recording is no news of its own.
    if (call?.recording && digit === '#') {
      call.leg?.media.stopRecording()
      return
    }
    // Who has understood need not hear the rest.
    if (call?.playing?.kind === 'speech') stopPlaying(call)
    tell({ type: 'digitPressed', call: id, digit })
  }

  function callerLost(id: CallId, why: string) {
    const call = calls.get(id)
    if (!call) return
    log('info', `call ${id}: the caller's media was lost (${why})`)
    call.leg?.hangUp(480)
    callerLeft(id)
  }

  function callerLeft(id: CallId) {
    const call = calls.get(id)
    if (!call) return
    if (call.consultation?.threeWay === 'callerLeft') return
    if (call.consultation?.threeWay === 'all') leaveTwo(call, call.consultation)
    else end(call)
    tellCallerGone(call)
  }

  /** The agent and the third party go on without the caller. */
  function leaveTwo(call: Call, consultation: Consultation) {
    consultation.threeWay = 'callerLeft'
    stopPlaying(call)
    call.leg = undefined
    const { callingOut } = call
    call.callingOut = undefined
    if (callingOut) endOutside(callingOut)
    join(call)
  }

  function tellCallerGone({ id, saving }: Call) {
    const gone = { type: 'callerHungUp', call: id } as const
    if (saving)
      void saving.then(() => {
        tell(gone)
      })
    else tell(gone)
  }

  async function whileOpening<Value>(open: () => Promise<Value>): Promise<Value> {
    opening += 1
    try {
      return await open()
    } finally {
      opening -= 1
    }
  }

  // --- commands ---------------------------------------------------------------------------------

  function perform(command: Command): Outcome | Promise<Outcome> {
    if (!attached) return failed({ kind: 'staleEpoch' })
    const call = calls.get(command.call) ?? beginCallback(command)
    if (!call) {
      if (command.type === 'hangUp' && hungUp.has(command.call)) return done
      if (command.type === 'ring' && rungBack.has(command.offer)) return done
      return failed({ kind: 'unknown', what: `call ${command.call}` })
    }
    try {
      const outcome = order(call, command)
      if ('ok' in outcome && !outcome.ok) dropIfEmpty(call)
      return outcome
    } catch (error) {
      dropIfEmpty(call)
      // Media that cannot be opened: no library for this machine, or no port left.
      const why = error instanceof Error ? error.message : String(error)
      log('warn', `call ${call.id}: ${command.type} failed: ${why}`)
      return failed({ kind: 'refused', why })
    }
  }

  /** The caller has gone and is to be rung back: such a call begins when an agent is rung for it. */
  function beginCallback(command: Command): Call | undefined {
    if (command.type !== 'ring' || command.callback !== true || rungBack.has(command.offer)) return undefined
    const to = command.show.number
    // Who cannot be shown cannot be rung back either.
    return to && addCall({ id: command.call, to, caller: { number: to }, leg: undefined, callback: true })
  }

  function order(call: Call, command: Command): Outcome | Promise<Outcome> {
    switch (command.type) {
      case 'answer':
        if (!call.leg) return absent()
        call.leg.answer()
        return done
      case 'say':
        return say(call, command)
      case 'record':
        return record(call, command)
      case 'takeMessage':
        return takeMessage(call)
      case 'callOut':
        return callOut(call, command)
      case 'consult':
        return consult(call, command)
      case 'completeTransfer':
        return completeTransfer(call)
      case 'cancelTransfer':
        return cancelTransfer(call)
      case 'threeWay':
        return threeWay(call)
      case 'monitor':
        return monitor(call, command)
      case 'play':
        return play(call, command)
      case 'stopPlaying':
        stopPlaying(call)
        return done
      case 'music':
        return music(call, command)
      case 'ring':
        return ring(call, command)
      case 'stopRinging':
        return stopRinging(call, command)
      case 'connect':
        return connect(call, command)
      case 'hangUpAgent':
        return hangUpAgent(call, command)
      case 'forward':
        return forward(call, command)
      // Never of a caller's call.
      case 'placeCall':
      case 'refuseCall':
        return failed({ kind: 'unknown', what: `call ${command.call} of an agent` })
      case 'hangUp':
        hangUp(call, refusals[command.why])
        remember(hungUp, call.id)
        return done
    }
  }

  function play(call: Call, { message, play: id }: OneCommand<'play'>): Outcome {
    if (call.plays.has(id)) return done
    const sound = voice.messages.get(message)
    if (!sound) return failed({ kind: 'unknown', what: `sound ${message}` })
    if (call.leg?.state !== 'answered') return failed({ kind: 'refused', why: 'the call is not answered' })
    call.plays.add(id)
    const playing: Playing = { kind: 'message', message, play: id }
    call.playing = playing
    call.leg.media.play(sound, () => {
      if (call.playing !== playing) return
      call.playing = undefined
      tell({ type: 'played', call: call.id, message, play: id })
    })
    return done
  }

  function stopPlaying(call: Call) {
    call.playing = undefined
    call.leg?.media.stopPlaying()
  }

  function music(call: Call, { messages }: OneCommand<'music'>): Outcome {
    call.music = messages.filter((message) => voice.messages.has(message))
    startMusic(call)
    const missing = messages.find((message) => !voice.messages.has(message))
    return missing === undefined ? done : failed({ kind: 'unknown', what: `sound ${missing}` })
  }

  function startMusic(call: Call) {
    const found = call.music.map((message) => voice.messages.get(message)).filter((sound) => sound !== undefined)
    if (found.length > 0) call.leg?.media.music(found)
    else call.leg?.media.stopMusic()
  }

  /** To the caller, or to an agent who is not put through yet. */
  async function say(call: Call, { agent, parts, play: id }: OneCommand<'say'>): Promise<Outcome> {
    if (id !== undefined && call.plays.has(id)) return done
    const offer = agent === undefined ? undefined : answeredOffer(call, agent)
    if (agent !== undefined && !offer) return noLeg(agent)
    const listener = offer ?? call
    const leg = listener.leg
    const isThere = () => listener.leg?.state === 'answered'
    if (!leg || !isThere()) return failed({ kind: 'refused', why: 'the call is not answered' })
    if (id !== undefined) call.plays.add(id)
    const playing: Playing = { kind: 'speech', ...(id !== undefined && { play: id }) }
    leg.media.stopPlaying()
    listener.playing = playing
    const sounds = await options.speech.soundsOf(parts, voice)
    // Stopped, or something else is to be heard by now.
    if (listener.playing !== playing || !isThere()) return done
    const [first, ...rest] = sounds
    if (!first) {
      listener.playing = undefined
      return failed({ kind: 'unsupported', command: 'say' })
    }
    const next = (): void => {
      if (listener.playing !== playing) return
      const sound = rest.shift()
      if (sound) {
        leg.media.play(sound, next)
        return
      }
      listener.playing = undefined
      if (id !== undefined) tell({ type: 'played', call: call.id, play: id })
    }
    leg.media.play(first, next)
    return done
  }

  function answeredOffer(call: Call, agent: AgentId): Offer | undefined {
    return [...call.offers.values()].find((offer) => offer.agent === agent && offer.state === 'answered')
  }

  function record(call: Call, { maxSeconds }: OneCommand<'record'>): Outcome {
    const { recordings } = options
    if (!recordings) return failed({ kind: 'unsupported', command: 'record' })
    if (call.leg?.state !== 'answered') return failed({ kind: 'refused', why: 'the call is not answered' })
    if (call.connected || call.forwarding) return failed({ kind: 'refused', why: 'the caller talks to somebody' })
    if (call.recording) return done
    stopPlaying(call)
    call.recording = true
    call.leg.media.record(maxSeconds, (recorded) => {
      call.recording = false
      const before = call.saving
      const saving = keep(recordings, call, recorded, before).finally(() => {
        if (call.saving === saving) call.saving = undefined
      })
      call.saving = saving
    })
    return done
  }

  async function keep(recordings: Recordings, call: Call, { seconds: length, wav }: Recorded, before?: Promise<void>) {
    await before
    let file = ''
    try {
      if (length > 0) file = await recordings.keep(wav)
    } catch (error) {
      log('warn', `call ${call.id}: a recording is lost: ${error instanceof Error ? error.message : String(error)}`)
    }
    tell({ type: 'recorded', call: call.id, file, seconds: file === '' ? 0 : length })
    releaseIfWaiting(call)
  }

  function takeMessage(call: Call): Outcome {
    if (!call.leg) return absent()
    endConsultation(call)
    for (const offer of call.offers.values()) endOffer(call, offer, stopReasons.withdrawn)
    endForwarding(call)
    call.leg.answer()
    stopPlaying(call)
    call.music = []
    startMusic(call)
    join(call)
    return done
  }

  function ring(call: Call, { agent, offer: id, show }: OneCommand<'ring'>): Outcome {
    if (call.offers.has(id)) return done
    ringAgent(call, { id, agent, ...show })
    return done
  }

  /** Over the trunk where the agent's phone is an ordinary one, else the softphone. */
  function ringAgent(
    call: Call,
    { id, agent, number, name }: { id: OfferId; agent: AgentId; number?: E164; name?: string },
  ): Offer {
    const offer: Offer = {
      id,
      agent,
      leg: undefined,
      way: undefined,
      reopen: () => undefined,
      again: undefined,
      state: 'ringing',
      playing: undefined,
      cancelLimit: () => undefined,
    }
    const about = { call: call.id, agent, offer: id }
    const decline = (cause: DeclineCause) => {
      if (offer.state !== 'ringing') return
      endOffer(call, offer)
      tell({ type: 'agentDeclined', ...about, cause })
    }
    const leave = (type: 'agentHungUp' | 'agentLost') => {
      if (offer.state !== 'answered') return
      endOffer(call, offer)
      tell({ type, ...about })
    }
    openAgentLeg(call, offer, {
      number,
      name,
      digit: (digit) => {
        if (offer.playing) {
          offer.playing = undefined
          offer.leg?.media.stopPlaying()
        }
        tell({ type: 'agentDigit', ...about, digit })
      },
      answered: () => {
        tell({ type: 'agentAnswered', ...about })
        join(call)
      },
      decline,
      leave,
    })
    call.offers.set(id, offer)
    return offer
  }

  interface AgentLegOptions {
    readonly number: E164 | undefined
    readonly name: string | undefined
    readonly digit: (digit: string) => void
    readonly answered: () => void
    readonly decline: (cause: DeclineCause) => void
    readonly leave: (how: 'agentHungUp' | 'agentLost') => void
  }

  function openAgentLeg(call: Call, offer: Offer, { number, name, digit, answered, decline, leave }: AgentLegOptions) {
    const way = ways.toAgent(offer.agent)
    if (!way) {
      // The answer to the command comes first.
      queueMicrotask(() => {
        decline('unreachable')
      })
      return
    }
    const open = (to: Way, isAgain: boolean): OutgoingLeg => {
      const isCurrent = () => offer.leg === leg
      const unreached = setTimeout(() => {
        if (!to.knowsUs || !isCurrent() || offer.state !== 'ringing') return
        log('info', `call ${call.id}: the softphone of agent ${offer.agent} says nothing`)
        decline('unreachable')
        to.peer.channel.close()
      }, reachedWithin).unref()
      const leg = openOutgoingLeg({
        peer: to.peer,
        media: to.media({
          digit,
          lost: (why) => {
            if (!isCurrent()) return
            log('info', `call ${call.id}: media of agent ${offer.agent} was lost (${why})`)
            const isBack = offer.again !== undefined
            decline('failed')
            leave('agentLost')
            // Asleep, or without a network: so is its connection, which nobody else would notice.
            if (to.knowsUs && why !== 'dtls' && !isBack) to.peer.channel.close()
          },
        }),
        to: to.to,
        from: shown(number, name),
        headers: to.knowsUs
          ? [`${offerHeader}: ${offerText(call.id, offer.id)}`, ...(isAgain ? [`${againHeader}: yes`] : [])]
          : [],
        clock,
        random,
        reached: () => {
          clearTimeout(unreached)
        },
        answered: () => {
          if (isAgain) takeBack(call, offer, leg, to)
          if (offer.state !== 'ringing') return
          offer.state = 'answered'
          offer.cancelLimit()
          answered()
        },
        refused: (status) => {
          if (isAgain) offer.again = undefined
          else decline(to.knowsUs ? declineCause(status) : phoneDeclineCause(status))
        },
        ended: (why) => {
          if (isCurrent()) leave(why === 'bye' ? 'agentHungUp' : 'agentLost')
        },
        digit,
        renegotiated: () => {
          join(call)
        },
      })
      return leg
    }
    offer.way = way
    offer.reopen = (anew) => open(anew, true)
    offer.leg = open(way, false)
    offer.cancelLimit = clock.wake(after(clock.now(), longestRing), () => {
      decline('noAnswer')
    })
  }

  /** An agent whose softphone has come back as another one is given their calls again. */
  function cameBack(agent: AgentId) {
    const way = ways.toAgent(agent)
    if (!way?.knowsUs) return
    for (const call of calls.values())
      for (const offer of call.offers.values()) {
        if (offer.agent !== agent || offer.state !== 'answered' || offer.again || !offer.way) continue
        // The same one on another connection goes on with its dialog.
        if (offer.way.to.user === way.to.user || offer.way.peer.channel.open) continue
        log('info', `call ${call.id}: agent ${agent} is back`)
        offer.again = offer.reopen(way)
      }
  }

  function takeBack(call: Call, offer: Offer, leg: OutgoingLeg, way: Way) {
    if (offer.again !== leg || offer.state !== 'answered') {
      leg.hangUp()
      return
    }
    const before = offer.leg
    offer.again = undefined
    offer.leg = leg
    offer.way = way
    before?.hangUp()
    join(call)
  }

  function stopRinging(call: Call, { agent, offer: id, why }: OneCommand<'stopRinging'>): Outcome {
    const offer = call.offers.get(id)
    if (!offer) return noLeg(agent)
    // An answer that crossed this command is told as `agentAnswered`, and it is for the service to hang up.
    if (offer.state === 'ringing') endOffer(call, offer, stopReasons[why])
    return done
  }

  function connect(call: Call, { agent, offer: id }: OneCommand<'connect'>): Outcome {
    const offer = call.offers.get(id)
    if (offer?.state !== 'answered') return noLeg(agent)
    if (call.connected === offer) return done
    if (!call.leg) return absent()
    if (call.consultation) endConsultation(call, offer)
    call.leg.answer()
    stopPlaying(call)
    offer.playing = undefined
    call.connected = offer
    join(call)
    return done
  }

  function hangUpAgent(call: Call, { agent, offer: id }: OneCommand<'hangUpAgent'>): Outcome {
    const theirs = [...call.offers.values()].filter(
      (offer) => offer.agent === agent && (id === undefined || offer.id === id),
    )
    if (theirs.length === 0) return noLeg(agent)
    for (const offer of theirs) endOffer(call, offer)
    return done
  }

  /** Bridged through us: the caller's leg stays ours. */
  function forward(call: Call, { to }: OneCommand<'forward'>): Outcome {
    if (call.forwarding) return call.forwarding.to === to ? done : failed({ kind: 'refused', why: 'forwarded already' })
    if (!call.leg) return absent()
    const outside = ringOutside(call, { to, ...call.caller })
    if (!outside) return failed({ kind: 'refused', why: 'no trunk for calls out' })
    call.leg.answer()
    call.forwarding = outside
    return done
  }

  /** For a forward or a consultation, whichever it belongs to by the time something comes of it. */
  function ringOutside(
    call: Call,
    { to, number, name }: { to: E164; number?: E164; name?: string },
  ): Outside | undefined {
    const isConsulted = (outside: Outside) =>
      call.consultation?.third.kind === 'outside' && call.consultation.third.outside === outside
    const finish = (outside: Outside, result: OneEvent<'forwarded'>['result']) => {
      if (isConsulted(outside)) {
        leavesThreeWay(call, outside)
        endConsultation(call)
      } else if (call.forwarding === outside) endForwarding(call)
      else return
      join(call)
      tell({ type: 'forwarded', call: call.id, result })
      releaseIfWaiting(call)
    }
    return openOutside({
      to,
      number,
      name,
      digit: () => undefined,
      answered: (outside) => {
        if (call.forwarding === outside) stopPlaying(call)
        join(call)
        tell({ type: 'forwarded', call: call.id, result: 'answered' })
      },
      refused: finish,
      ended: (outside) => {
        finish(outside, 'ended')
      },
      renegotiated: () => {
        join(call)
      },
    })
  }

  interface OutsideOptions {
    readonly to: E164
    readonly number: E164 | undefined
    readonly name: string | undefined
    readonly digit: (digit: string) => void
    readonly answered: (outside: Outside) => void
    readonly refused: (outside: Outside, result: ReturnType<typeof outsideResult>) => void
    readonly ended: (outside: Outside) => void
    readonly renegotiated: () => void
  }

  /** Rings a number outside; undefined where no trunk leads there. */
  function openOutside(about: OutsideOptions): Outside | undefined {
    const way = ways.outside(about.to)
    if (!way) return undefined
    const outside: Outside = { to: about.to, leg: undefined, cancelLimit: () => undefined }
    const gone = () => {
      if (outside.leg?.state === 'answered') about.ended(outside)
      else about.refused(outside, 'failed')
    }
    outside.leg = openOutgoingLeg({
      peer: way.peer,
      media: way.media({ digit: about.digit, lost: gone }),
      to: way.to,
      from: shown(about.number, about.name),
      headers: [],
      clock,
      random,
      answered: () => {
        outside.cancelLimit()
        about.answered(outside)
      },
      refused: (status) => {
        outside.cancelLimit()
        about.refused(outside, outsideResult(status))
      },
      ended: () => {
        about.ended(outside)
      },
      digit: about.digit,
      renegotiated: about.renegotiated,
    })
    outside.cancelLimit = clock.wake(after(clock.now(), longestRing), () => {
      about.refused(outside, 'noAnswer')
    })
    return outside
  }

  function endOutside(outside: Outside) {
    outside.cancelLimit()
    outside.leg?.hangUp()
  }

  // --- callbacks --------------------------------------------------------------------------------

  function callOut(call: Call, { to, show }: OneCommand<'callOut'>): Outcome {
    if (call.callingOut?.to === to) return done
    if (call.leg ?? call.callingOut) return failed({ kind: 'refused', why: 'the caller is on the line, or being rung' })
    const fail = (cause: string) => {
      const { callingOut } = call
      call.callingOut = undefined
      if (callingOut) endOutside(callingOut)
      dropIfEmpty(call)
      tell({ type: 'callbackFailed', call: call.id, cause })
    }
    const outside = openOutside({
      to,
      number: show.number,
      name: show.name,
      digit: (digit) => {
        callerPressed(call.id, digit)
      },
      answered: ({ leg }) => {
        if (!leg || call.callingOut !== outside) return
        call.leg = {
          media: leg.media,
          get state() {
            return leg.state
          },
          answer: () => undefined,
          hangUp: () => {
            leg.hangUp()
          },
        }
        startMusic(call)
        tell({ type: 'callbackAnswered', call: call.id })
      },
      refused: (rung, result) => {
        if (call.callingOut === rung) fail(result)
      },
      ended: () => {
        callerLeft(call.id)
      },
      renegotiated: () => undefined,
    })
    call.callingOut = outside
    // The answer to the command comes first.
    if (!outside)
      queueMicrotask(() => {
        fail('noTrunk')
      })
    return done
  }

  /** A callback with nobody on the line is over; the next try begins it anew. */
  function dropIfEmpty(call: Call) {
    if (call.leg ?? call.callingOut) return
    if ([...call.offers.values()].some(({ state }) => state !== 'ended')) return
    end(call)
  }

  // --- transfers --------------------------------------------------------------------------------

  function consult(call: Call, { agent, to, offer: id, show }: OneCommand<'consult'>): Outcome {
    const by = call.connected
    if (by?.agent !== agent || by.state !== 'answered') return noLeg(agent)
    if (call.consultation) {
      const same = JSON.stringify(call.consultation.to) === JSON.stringify(to)
      return same ? done : failed({ kind: 'refused', why: 'another consultation is going on' })
    }
    if (id !== undefined && call.offers.has(id)) return done
    const { number, name } = show ?? call.caller
    const identity = { ...(number && { number }), ...(name !== undefined && { name }) }
    if ('group' in to) return failed({ kind: 'refused', why: 'a group number is not consulted' })
    if ('number' in to) {
      const outside = ringOutside(call, { to: to.number, ...identity })
      if (!outside) return failed({ kind: 'refused', why: 'no trunk for calls out' })
      call.consultation = { by, to, third: { kind: 'outside', outside } }
    } else {
      if (to.agent === agent) return failed({ kind: 'refused', why: 'nobody consults themselves' })
      const fresh = id ?? (`consult-${random(8).toString('hex')}` as OfferId)
      const offer = ringAgent(call, { id: fresh, agent: to.agent, ...identity })
      call.consultation = { by, to, third: { kind: 'agent', offer } }
    }
    join(call)
    return done
  }

  function completeTransfer(call: Call): Outcome {
    const { consultation } = call
    if (!consultation) return failed({ kind: 'unknown', what: 'consultation' })
    call.consultation = undefined
    call.connected = undefined
    const { by, third } = consultation
    if (third.kind === 'outside') call.forwarding = third.outside
    else if (third.offer.state === 'answered') call.connected = third.offer
    endOffer(call, by)
    if (legOfThird(consultation)?.state === 'answered') stopPlaying(call)
    join(call)
    return done
  }

  function threeWay(call: Call): Outcome {
    const { consultation } = call
    if (!consultation) return failed({ kind: 'unknown', what: 'consultation' })
    if (legOfThird(consultation)?.state !== 'answered')
      return failed({ kind: 'refused', why: 'the third party is not there' })
    if (consultation.threeWay) return done
    consultation.threeWay = 'all'
    if (consultation.by.state === 'ended') return completeTransfer(call)
    stopPlaying(call)
    join(call)
    return done
  }

  /** One of three has gone: the other two stay together. One of two whom the caller had left: so does the other. */
  function leavesThreeWay(call: Call, gone: Offer | Outside) {
    const { consultation } = call
    if (!consultation?.threeWay || !calls.has(call.id)) return
    if (gone === consultation.by && consultation.threeWay === 'all') completeTransfer(call)
    else if (consultation.threeWay === 'callerLeft' && isIn(consultation, gone)) {
      end(call)
      remember(hungUp, call.id)
    }
  }

  function cancelTransfer(call: Call): Outcome {
    if (!call.consultation) return failed({ kind: 'unknown', what: 'consultation' })
    endConsultation(call)
    join(call)
    releaseIfWaiting(call)
    return done
  }

  /** The third party's leg ends, unless it is the one to be kept. */
  function endConsultation(call: Call, kept?: Offer) {
    const { consultation } = call
    if (!consultation) return
    call.consultation = undefined
    const { third, by } = consultation
    by.leg?.media.unbridge()
    if (third.kind === 'outside') endOutside(third.outside)
    else if (third.offer !== kept) endOffer(call, third.offer)
  }

  // --- listening in -----------------------------------------------------------------------------

  function monitor(call: Call, { by, mode }: OneCommand<'monitor'>): Outcome {
    const known = call.monitors.get(by)
    if (mode === 'off') {
      if (known) endMonitor(call, known)
      return done
    }
    if (known) {
      known.mode = mode
      join(call)
      return done
    }
    if (answeredOffer(call, by)) return failed({ kind: 'refused', why: 'who is in the call cannot listen in' })
    const id = `${monitorOfferPrefix}${random(8).toString('hex')}` as OfferId
    const listening: Monitor = {
      id,
      agent: by,
      mode,
      leg: undefined,
      way: undefined,
      reopen: () => undefined,
      again: undefined,
      state: 'ringing',
      playing: undefined,
      cancelLimit: () => undefined,
    }
    const { number, name } = call.caller
    openAgentLeg(call, listening, {
      number,
      name,
      digit: () => undefined,
      answered: () => {
        join(call)
      },
      decline: (cause) => {
        if (listening.state !== 'ringing') return
        endMonitor(call, listening)
        tell({ type: 'agentDeclined', call: call.id, agent: by, offer: id, cause })
      },
      leave: (type) => {
        if (listening.state !== 'answered') return
        endMonitor(call, listening)
        tell({ type, call: call.id, agent: by, offer: id })
      },
    })
    call.monitors.set(by, listening)
    return done
  }

  function endMonitor(call: Call, monitor: Monitor) {
    if (monitor.state === 'ended') return
    monitor.state = 'ended'
    monitor.cancelLimit()
    if (call.monitors.get(monitor.agent) === monitor) call.monitors.delete(monitor.agent)
    monitor.leg?.hangUp(stopReasons.withdrawn)
    if (calls.has(call.id)) join(call)
  }

  function remember<Id>(ids: Set<Id>, id: Id) {
    ids.add(id)
    for (const old of ids) {
      if (ids.size <= rememberedCalls) break
      ids.delete(old)
    }
  }

  // --- legs and calls ---------------------------------------------------------------------------

  function endOffer(call: Call, offer: Offer, reason?: string) {
    if (offer.state === 'ended') return
    offer.state = 'ended'
    offer.cancelLimit()
    offer.playing = undefined
    if (call.connected === offer) {
      call.connected = undefined
      call.leg?.media.unbridge()
    }
    leavesThreeWay(call, offer)
    // The caller is back with the agent who asked for a third party that has gone.
    const { consultation } = call
    if (consultation?.third.kind === 'agent' && consultation.third.offer === offer) call.consultation = undefined
    offer.again?.hangUp(stopReasons.withdrawn)
    offer.leg?.hangUp(reason)
    if (!calls.has(call.id)) return
    join(call)
    releaseIfWaiting(call)
    dropIfEmpty(call)
  }

  function endForwarding(call: Call) {
    const { forwarding } = call
    if (!forwarding) return
    call.forwarding = undefined
    call.leg?.media.unbridge()
    endOutside(forwarding)
  }

  function hangUp(call: Call, status: number) {
    // First out of the book, so that what follows is no news.
    calls.delete(call.id)
    call.leg?.hangUp(status)
    end(call)
  }

  function end(call: Call) {
    calls.delete(call.id)
    if (call.callback) for (const offer of call.offers.keys()) remember(rungBack, offer)
    endConsultation(call)
    for (const offer of call.offers.values()) endOffer(call, offer, stopReasons.callerGone)
    for (const each of call.monitors.values()) endMonitor(call, each)
    endForwarding(call)
    const { callingOut } = call
    call.callingOut = undefined
    if (callingOut) endOutside(callingOut)
  }

  return {
    get calls() {
      return calls.size
    },
    get open() {
      return attached !== undefined && calls.size + opening < callLimit
    },
    get attachedTo() {
      return attached
    },
    attach,
    detach,
    setUp(given, loaded) {
      setup = given
      voice = loaded
    },
    perform,
    take,
    cameBack,
    tell,
    takeUntold() {
      const told = untold
      untold = []
      return told
    },
    close() {
      cancelRelease?.()
      for (const call of [...calls.values()]) hangUp(call, 503)
      const last = attached
      attached = undefined
      last?.lost('gone')
    },
  }
}

function noLeg(agent: AgentId): Outcome {
  return failed({ kind: 'unknown', what: `leg of ${agent}` })
}

function isIn({ by, third }: Consultation, party: Offer | Outside): boolean {
  return party === by || party === (third.kind === 'agent' ? third.offer : third.outside)
}

function absent(): Outcome {
  return failed({ kind: 'refused', why: 'the caller is not on the line' })
}
