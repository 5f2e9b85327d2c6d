import { URI, type Core } from 'sip.js'
import { callHeader, offerHeader, sipDomain } from '../../contract/softphone.ts'
import type { Attachment, SwitchHoldings, SwitchProblem, SwitchSetup, Trunk } from '../../contract/switch.ts'
import type { AgentId, E164, MessageId } from '../../core/configuration/types.ts'
import { done, failed, ok, type Result } from '../../core/result.ts'
import type {
  CallId,
  Command,
  DeclineCause,
  EventOf,
  HangUpReason,
  HeldCall,
  OfferId,
  PlayId,
  StopRingingReason,
  SwitchEvent,
} from '../../core/routing/messages.ts'
import { after, seconds, type Instant } from '../../core/time.ts'
import type { Clock } from './clock.ts'
import type { LegListener, Media, MediaLeg, Sound } from './media/media.ts'
import { cleanName, type CallerIdentity } from './sip/identity.ts'
import { openIncomingLeg, type IncomingLeg } from './sip/incoming-leg.ts'
import { openOutgoingLeg, type OutgoingLeg } from './sip/outgoing-leg.ts'
import type { Peer } from './sip/peer.ts'

/** Calls and their legs: the commands of the service, and what it is told. Knows SIP only by its legs. */
export interface CallControl {
  readonly calls: number
  /** Whether one more caller is taken. */
  readonly open: boolean
  attach(attachment: Attachment): Result<SwitchHoldings, SwitchProblem>
  readonly attachedTo: Attachment | undefined
  detach(): void
  setUp(setup: SwitchSetup, sounds: ReadonlyMap<MessageId, Sound>): void
  perform(command: Command): Result<void, SwitchProblem>
  take(arrival: Arrival): Promise<void>
  tell(event: SwitchEvent): void
  /** Says goodbye to all parties. */
  close(): void
}

export interface Arrival {
  readonly invite: Core.InviteUserAgentServer
  readonly peer: Peer
  readonly caller: CallerIdentity
  readonly to: E164
  /** Where its RTP may come from; absent: a browser. */
  readonly rtpAddress?: string
}

export interface CallControlOptions {
  readonly media: Media
  readonly clock: Clock
  readonly random: (size: number) => Buffer
  readonly callLimit: number
  contactOf(agent: AgentId): { readonly uri: URI; readonly peer: Peer } | undefined
  /** How calls leave over a trunk; absent: no SIP over UDP. */
  peerOf(trunk: Trunk): Peer | undefined
  readonly log: (level: 'info' | 'warn', text: string) => void
}

/** Waiting callers are released when no service has been attached for this long (design section 9). */
const releaseAfter = seconds(30)
/** Nothing rings longer, also when no service is there to say so. */
const longestRing = seconds(180)
/** A network may be silent where nobody speaks; a browser sends always. */
const rtpSilence = 30_000
const rememberedCalls = 1000

interface Call {
  readonly id: CallId
  readonly to: E164
  readonly caller: CallerIdentity
  readonly arrived: Instant
  readonly leg: IncomingLeg
  readonly offers: Map<OfferId, Offer>
  readonly plays: Set<PlayId>
  playing: { readonly message: MessageId; readonly play?: PlayId } | undefined
  music: readonly MessageId[]
  connected: Offer | undefined
  forwarding: Forwarding | undefined
  /** Hears the fallback message, and is let go after it. */
  released: boolean
}

interface Offer {
  readonly id: OfferId
  readonly agent: AgentId
  leg: OutgoingLeg | undefined
  state: 'ringing' | 'answered' | 'ended'
  cancelLimit: () => void
}

interface Forwarding {
  readonly to: E164
  leg: OutgoingLeg | undefined
  cancelLimit: () => void
}

type OneCommand<Type extends Command['type']> = Extract<Command, { type: Type }>
type Outcome = Result<void, SwitchProblem>

export function openCallControl(options: CallControlOptions): CallControl {
  const { media, clock, random, callLimit, log } = options
  const calls = new Map<CallId, Call>()
  /** By command, lately: the same command again is done already. */
  const hungUp = new Set<CallId>()
  let setup: SwitchSetup | undefined
  let sounds: ReadonlyMap<MessageId, Sound> = new Map()
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
    if (!releasing || call.released || call.connected || call.forwarding || !calls.has(call.id)) return
    call.released = true
    for (const offer of call.offers.values()) endOffer(call, offer, stopReasons.callerGone)
    const fallback = setup?.fallback
    const sound = fallback === undefined ? undefined : sounds.get(fallback)
    if (fallback === undefined || !sound || call.leg.state !== 'answered') {
      hangUp(call, 503)
      return
    }
    call.playing = { message: fallback }
    call.leg.media.play(sound, () => {
      if (releasing) hangUp(call, 503)
    })
  }

  function tell(event: SwitchEvent) {
    attached?.heard(event)
  }

  // --- callers ----------------------------------------------------------------------------------

  async function take({ invite, peer, caller, to, rtpAddress }: Arrival) {
    const id = newCallId(random)
    const leg = await whileOpening(() => {
      const listener: LegListener = {
        digit: (digit) => {
          tell({ type: 'digitPressed', call: id, digit })
        },
        lost: (why) => {
          const call = calls.get(id)
          if (!call) return
          log('info', `call ${id}: the caller's media was lost (${why})`)
          hangUp(call, 480)
          tell({ type: 'callerHungUp', call: id })
        },
      }
      return openIncomingLeg({
        invite,
        peer,
        media: rtpAddress === undefined ? media.openWebRtcLeg(listener) : rtpLeg(listener, rtpAddress),
        clock,
        random,
        ended: () => {
          const call = calls.get(id)
          if (!call) return
          end(call)
          tell({ type: 'callerHungUp', call: id })
        },
        digit: (digit) => {
          listener.digit(digit)
        },
      })
    })
    if (!leg) return
    const call: Call = {
      id,
      to,
      caller,
      arrived: clock.now(),
      leg,
      offers: new Map(),
      plays: new Set(),
      playing: undefined,
      music: [],
      connected: undefined,
      forwarding: undefined,
      released: false,
    }
    if (!attached) {
      leg.hangUp(503)
      return
    }
    calls.set(id, call)
    tell({
      type: 'callArrived',
      call: id,
      to,
      ...(caller.number && { from: caller.number }),
      ...(caller.name !== undefined && { name: caller.name }),
    })
  }

  async function whileOpening<Value>(open: () => Promise<Value>): Promise<Value> {
    opening += 1
    try {
      return await open()
    } finally {
      opening -= 1
    }
  }

  function rtpLeg(listener: LegListener, address: string): MediaLeg {
    const leg = media.openRtpLeg(listener, { address })
    leg.silenceLimit(rtpSilence)
    return leg
  }

  // --- commands ---------------------------------------------------------------------------------

  function perform(command: Command): Outcome {
    if (!attached) return failed({ kind: 'staleEpoch' })
    const call = calls.get(command.call)
    if (!call) {
      if (command.type === 'hangUp' && hungUp.has(command.call)) return done
      return failed({ kind: 'unknown', what: `call ${command.call}` })
    }
    try {
      return order(call, command)
    } catch (error) {
      // Media that cannot be opened: no library for this machine, or no port left.
      const why = error instanceof Error ? error.message : String(error)
      log('warn', `call ${call.id}: ${command.type} failed: ${why}`)
      return failed({ kind: 'refused', why })
    }
  }

  function order(call: Call, command: Command): Outcome {
    switch (command.type) {
      case 'answer':
        call.leg.answer()
        return done
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
      case 'hangUp':
        hangUp(call, refusals[command.why])
        rememberHungUp(call)
        return done
      default:
        return failed({ kind: 'unsupported', command: command.type })
    }
  }

  function play(call: Call, { message, play: id }: OneCommand<'play'>): Outcome {
    if (call.plays.has(id)) return done
    const sound = sounds.get(message)
    if (!sound) return failed({ kind: 'unknown', what: `sound ${message}` })
    if (call.leg.state !== 'answered') return failed({ kind: 'refused', why: 'the call is not answered' })
    call.plays.add(id)
    const playing = { message, play: id }
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
    call.leg.media.stopPlaying()
  }

  function music(call: Call, { messages }: OneCommand<'music'>): Outcome {
    const known = messages.filter((message) => sounds.has(message))
    call.music = known
    const found = known.map((message) => sounds.get(message)).filter((sound) => sound !== undefined)
    if (found.length > 0) call.leg.media.music(found)
    else call.leg.media.stopMusic()
    const missing = messages.find((message) => !sounds.has(message))
    return missing === undefined ? done : failed({ kind: 'unknown', what: `sound ${missing}` })
  }

  function ring(call: Call, { agent, offer: id, show }: OneCommand<'ring'>): Outcome {
    if (call.offers.has(id)) return done
    const contact = options.contactOf(agent)
    const offer: Offer = { id, agent, leg: undefined, state: 'ringing', cancelLimit: () => undefined }
    if (!contact) {
      call.offers.set(id, offer)
      offer.state = 'ended'
      // The answer to the command comes first.
      queueMicrotask(() => {
        tell({ type: 'agentDeclined', call: call.id, agent, offer: id, cause: 'unreachable' })
      })
      return done
    }
    const about = { call: call.id, agent, offer: id }
    const digit = (pressed: string) => {
      tell({ type: 'agentDigit', ...about, digit: pressed })
    }
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
    offer.leg = openOutgoingLeg({
      peer: contact.peer,
      media: media.openWebRtcLeg({
        digit,
        lost: (why) => {
          log('info', `call ${call.id}: media of agent ${agent} was lost (${why})`)
          decline('failed')
          leave('agentLost')
        },
      }),
      to: contact.uri,
      from: shown(show.number, show.name),
      headers: [`${callHeader}: ${call.id}`, `${offerHeader}: ${id}`],
      clock,
      random,
      answered: () => {
        if (offer.state !== 'ringing') return
        offer.state = 'answered'
        offer.cancelLimit()
        tell({ type: 'agentAnswered', ...about })
      },
      refused: (status) => {
        decline(declineCause(status))
      },
      ended: (why) => {
        leave(why === 'bye' ? 'agentHungUp' : 'agentLost')
      },
      digit,
      renegotiated: () => {
        joinOrHold(call)
      },
    })
    call.offers.set(id, offer)
    offer.cancelLimit = clock.wake(after(clock.now(), longestRing), () => {
      decline('noAnswer')
    })
    return done
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
    call.leg.answer()
    stopPlaying(call)
    call.connected = offer
    joinOrHold(call)
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
    const trunk = setup?.trunks.find(({ outbound }) => outbound)
    const peer = trunk && options.peerOf(trunk)
    if (!trunk || !peer) return failed({ kind: 'refused', why: 'no trunk for calls out' })
    const forwarding: Forwarding = { to, leg: undefined, cancelLimit: () => undefined }
    const finish = (result: EventOf<'forwarded'>['result']) => {
      if (call.forwarding !== forwarding) return
      endForwarding(call)
      tell({ type: 'forwarded', call: call.id, result })
      releaseIfWaiting(call)
    }
    call.leg.answer()
    forwarding.leg = openOutgoingLeg({
      peer,
      media: rtpLeg(
        {
          digit: () => undefined,
          lost: () => {
            finish('ended')
          },
        },
        trunk.address,
      ),
      to: new URI('sip', to, trunk.address, trunk.port),
      from: shown(call.caller.number, call.caller.name),
      headers: [],
      clock,
      random,
      answered: () => {
        if (call.forwarding !== forwarding) return
        forwarding.cancelLimit()
        stopPlaying(call)
        joinOrHold(call)
        tell({ type: 'forwarded', call: call.id, result: 'answered' })
      },
      refused: (status) => {
        finish(forwardResult(status))
      },
      ended: () => {
        finish('ended')
      },
      digit: () => undefined,
      renegotiated: () => {
        joinOrHold(call)
      },
    })
    call.forwarding = forwarding
    forwarding.cancelLimit = clock.wake(after(clock.now(), longestRing), () => {
      finish('noAnswer')
    })
    return done
  }

  function rememberHungUp(call: Call) {
    hungUp.add(call.id)
    for (const old of hungUp) {
      if (hungUp.size <= rememberedCalls) break
      hungUp.delete(old)
    }
  }

  // --- legs and calls ---------------------------------------------------------------------------

  /** The caller hears whom they are put through to, and music while that one holds them. */
  function joinOrHold(call: Call) {
    const leg = call.connected?.leg ?? call.forwarding?.leg
    if (leg?.state !== 'answered') return
    if (leg.media.heldByFarSide) call.leg.media.unbridge()
    else if (call.leg.media.bridgedTo !== leg.media) call.leg.media.bridge(leg.media)
  }

  function endOffer(call: Call, offer: Offer, reason?: string) {
    if (offer.state === 'ended') return
    offer.state = 'ended'
    offer.cancelLimit()
    if (call.connected === offer) {
      call.connected = undefined
      call.leg.media.unbridge()
    }
    offer.leg?.hangUp(reason)
    releaseIfWaiting(call)
  }

  function endForwarding(call: Call) {
    const { forwarding } = call
    if (!forwarding) return
    call.forwarding = undefined
    forwarding.cancelLimit()
    call.leg.media.unbridge()
    forwarding.leg?.hangUp()
  }

  function hangUp(call: Call, status: number) {
    // First out of the book, so that what follows is no news.
    calls.delete(call.id)
    call.leg.hangUp(status)
    end(call)
  }

  function end(call: Call) {
    calls.delete(call.id)
    for (const offer of call.offers.values()) endOffer(call, offer, stopReasons.callerGone)
    endForwarding(call)
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
      sounds = loaded
    },
    perform,
    take,
    tell,
    close() {
      cancelRelease?.()
      for (const call of [...calls.values()]) hangUp(call, 503)
      const last = attached
      attached = undefined
      last?.lost('gone')
    },
  }
}

/** RFC 3326: 200 keeps the call off the phone's list of missed ones. */
const stopReasons: Readonly<Record<StopRingingReason, string>> = {
  answeredElsewhere: 'SIP;cause=200;text="Call completed elsewhere"',
  noAnswer: 'SIP;cause=408;text="No answer"',
  callerGone: 'SIP;cause=487;text="Caller hung up"',
  withdrawn: 'SIP;cause=480;text="Withdrawn"',
}

/** What a caller who was not answered yet is told. */
const refusals: Readonly<Record<HangUpReason, number>> = {
  closed: 480,
  blocked: 603,
  full: 486,
  noAgents: 480,
  timeout: 480,
  agentHungUp: 480,
  transferred: 480,
  unknownNumber: 404,
  served: 480,
  lost: 503,
}

/** RFC 3261 section 21. */
function declineCause(status: number): DeclineCause {
  if (status === 486 || status === 600) return 'busy'
  if (status === 603) return 'rejected'
  // 503 is also ours, when the connection is gone.
  if ([404, 408, 410, 480, 503].includes(status)) return 'unreachable'
  return 'failed'
}

function forwardResult(status: number): EventOf<'forwarded'>['result'] {
  if (status === 486 || status === 600) return 'busy'
  if (status === 408 || status === 480) return 'noAnswer'
  return 'failed'
}

/** RFC 3323 section 4.1.1.3 where there is no number to show. */
function shown(number: E164 | undefined, name: string | undefined) {
  const clean = name === undefined ? undefined : cleanName(name)
  if (number) return { uri: new URI('sip', number, sipDomain), name: clean }
  return { uri: new URI('sip', 'anonymous', 'anonymous.invalid'), name: clean ?? 'Anonymous' }
}

/** A UUID (RFC 9562 version 4). */
function newCallId(random: (size: number) => Buffer): CallId {
  const bytes = random(16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-') as CallId
}

function noLeg(agent: AgentId): Outcome {
  return failed({ kind: 'unknown', what: `leg of ${agent}` })
}

function hears({ playing, connected, forwarding, music }: Call): HeldCall['hears'] {
  if (playing) return { kind: 'message', ...playing }
  if (connected) return { kind: 'agent', agent: connected.agent }
  if (forwarding?.leg?.state === 'answered') return { kind: 'forwarded' }
  return music.length > 0 ? { kind: 'music' } : { kind: 'nothing' }
}

function held(call: Call): HeldCall {
  const waiting = [...call.offers.values()].filter((offer) => offer.state !== 'ended' && offer !== call.connected)
  return {
    call: call.id,
    to: call.to,
    ...(call.caller.number && { from: call.caller.number }),
    ...(call.caller.name !== undefined && { name: call.caller.name }),
    arrived: call.arrived,
    answered: call.leg.state === 'answered',
    hears: hears(call),
    offers: waiting.map(({ agent, id, state }) => ({ agent, offer: id, answered: state === 'answered' })),
  }
}
