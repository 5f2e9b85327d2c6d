import { isDeepStrictEqual } from 'node:util'
import type { AgentId, E164, MessageId } from '../../core/configuration/types.ts'
import type {
  AgentCallEnd,
  CallId,
  CallTarget,
  Command,
  DeclineCause,
  DeviceState,
  HangUpReason,
  HeldAgentCall,
  HeldCall,
  OfferId,
  PlayId,
  Presentation,
  StopRingingReason,
  SwitchEvent,
  ThreeWay,
  TransferTarget,
} from '../../core/routing/messages.ts'
import { done, failed, ok, type Result } from '../../core/result.ts'
import { after, between, millis, seconds, type Instant, type Millis } from '../../core/time.ts'
import { monitorOfferPrefix } from '../../contract/softphone.ts'
import type { Attachment, Switch, SwitchHoldings, SwitchProblem, SwitchSetup } from '../../contract/switch.ts'

export interface ScriptedOptions {
  readonly clock: ScriptedClock
  /** How long a sound lasts, and a spoken number or text (undefined); the files are never opened. Preset: 3 each. */
  readonly soundSeconds?: (message: MessageId | undefined) => number
  /** Calls at once; one more is refused with 503. Preset: no limit. */
  readonly callLimit?: number
}

/** The time, handed in: the service's `Clock` fits. */
export interface ScriptedClock {
  now(): Instant
  /** Calls `then` once at or after `at`; the returned function takes it back. */
  wake(at: Instant, then: () => void): () => void
}

/** A switch in memory: calls without sound, moved by the verbs of a test, a story or a simulation. */
export interface ScriptedSwitch extends Switch {
  /** A caller rings; look at `caller(id).state` for whether the call was taken. */
  dialIn(dialled: {
    readonly to: E164
    readonly from?: E164
    readonly name?: string
    readonly call?: CallId
    /** Preset: as over a trunk. */
    readonly trusted?: true
  }): CallId
  callerHangsUp(call: CallId): void
  callerPresses(call: CallId, digit: string): void
  /** These four answer whether there was such a leg. */
  agentAnswers(agent: AgentId): boolean
  /** Preset cause: `rejected`. */
  agentDeclines(agent: AgentId, cause?: DeclineCause): boolean
  agentHangsUp(agent: AgentId): boolean
  agentPresses(agent: AgentId, digit: string): boolean
  /** The agent's leg dies without a BYE. */
  agentIsLost(agent: AgentId): boolean
  registers(agent: AgentId): void
  unregisters(agent: AgentId): void
  /** The agent's phone is in a call of its own, or no longer is. */
  isBusyElsewhere(agent: AgentId, busy: boolean): void
  /** What the caller says, or does not, while being recorded: said nothing more for a while. */
  callerFallsSilent(call: CallId): void
  /** Of a number outside that is rung: whether there was such a leg. */
  outsideAnswers(number: E164): boolean
  /** It can be heard before it answers; only who calls it by themselves hears it. */
  outsideAnnounces(number: E164): boolean
  outsideDeclines(number: E164, result: 'busy' | 'noAnswer' | 'failed'): boolean
  outsideHangsUp(number: E164): boolean
  /** The caller of a callback presses a key. */
  outsidePresses(number: E164, digit: string): boolean
  outside(number: E164): ScriptedOutside
  /** The agent's softphone makes a call; look at `dialled(call)` for what comes of it. */
  agentDials(agent: AgentId, to: string, as?: E164): CallId
  dialled(call: CallId): ScriptedDialled
  /** Of a call that the agent has made: given up, or hung up. */
  dialledHangsUp(call: CallId): void
  /** The whole switch dies with its calls: the attachment is told `gone`. */
  dies(): void
  /** How many there are now. */
  readonly calls: number
  caller(call: CallId): ScriptedCaller
  /** What the agent's phone does; `idle` also when unregistered. */
  phone(agent: AgentId): ScriptedPhone
}

export type ScriptedCaller =
  | { readonly state: 'ringing' }
  /** `parties`: whom the caller hears. `music`: which of it, where that is heard. */
  | {
      readonly state: 'answered'
      readonly hears: HeldCall['hears']
      readonly music: MessageId | undefined
      readonly parties: readonly ScriptedParty[]
    }
  /** A SIP status: 404, 503. */
  | { readonly state: 'refused'; readonly status: number }
  | { readonly state: 'ended'; readonly by: 'caller' | 'switch'; readonly why?: HangUpReason }

/** A call that an agent has made, as their softphone sees it. */
export type ScriptedDialled =
  | { readonly state: 'asked' }
  | { readonly state: 'ringing' | 'answered'; readonly hears: readonly ScriptedParty[] }
  /** A SIP status. */
  | { readonly state: 'refused'; readonly status: number }
  | { readonly state: 'ended' }

/** A telephone somewhere, with everybody whom it hears. */
export type ScriptedOutside = { readonly rings: number } & (
  | { readonly state: 'idle' }
  | { readonly state: 'ringing'; readonly shown: E164 | undefined }
  | { readonly state: 'answered'; readonly hears: readonly ScriptedParty[] }
)

/** Somebody in a call, as another one hears them. */
export type ScriptedParty = 'caller' | 'outside' | AgentId

/** `rings`: how many times it has rung. */
export type ScriptedPhone = { readonly rings: number } & (
  | { readonly state: 'idle'; readonly stopped?: StopRingingReason | 'hungUp' }
  | { readonly state: 'ringing'; readonly call: CallId; readonly show: Presentation }
  | {
      readonly state: 'answered'
      readonly call: CallId
      readonly connected: boolean
      readonly hears: readonly (ScriptedParty | 'speech')[]
    }
)

/** Waiting callers are released when no service has attached for this long (design section 9). */
const releaseAfter = seconds(30)
/** Nothing rings longer, also when no service is there to say so. */
const longestRing = seconds(180)

interface Call {
  readonly id: CallId
  readonly to: E164
  readonly from: E164 | undefined
  readonly name: string | undefined
  readonly arrived: Instant
  readonly callback: boolean
  /** The caller of a callback is not on the line at first. */
  present: boolean
  answered: boolean
  playing: Playing | undefined
  music: readonly MessageId[]
  /** How much of the music has been heard, and since when it is heard now. */
  musicHeard: Millis
  musicSince: Instant | undefined
  recording: { readonly since: Instant; readonly cancel: () => void } | undefined
  connected: Leg | undefined
  callingOut: Outside | undefined
  forwarding: Outside | undefined
  consultation: Consultation | undefined
  readonly monitors: Map<AgentId, Monitor>
  /** Of running and ended offers and plays: a repeated command is known by its id. */
  readonly legs: Map<OfferId, Leg>
  readonly plays: Set<PlayId>
}

interface Playing {
  /** Undefined: speech. */
  readonly message: MessageId | undefined
  readonly play: PlayId | undefined
  readonly cancel: () => void
}

interface Leg {
  readonly call: CallId
  readonly agent: AgentId
  readonly offer: OfferId
  readonly show: Presentation
  state: 'ringing' | 'answered' | 'ended'
  playing: Playing | undefined
  cancelLimit: () => void
}

interface Outside {
  readonly call: CallId
  readonly to: E164
  readonly shown: E164 | undefined
  state: 'ringing' | 'answered' | 'ended'
  announces: boolean
  cancelLimit: () => void
}

/** A call that an agent has made. */
interface AgentCall {
  readonly id: CallId
  readonly agent: AgentId
  readonly dialled: string
  readonly as: E164 | undefined
  placed: CallTarget | undefined
  /** A colleague's softphone, or a telephone outside. */
  other: Leg | Outside | undefined
  answered: boolean
}

interface Consultation {
  readonly by: Leg
  readonly to: TransferTarget
  readonly third: Leg | Outside
  threeWay?: ThreeWay
}

interface Monitor {
  readonly leg: Leg
  mode: 'listen' | 'whisper' | 'barge'
}

type OneCommand<Type extends Command['type']> = Extract<Command, { type: Type }>
type Outcome = Result<void, SwitchProblem>

export function openScriptedSwitch({
  clock,
  soundSeconds = () => 3,
  callLimit = Infinity,
}: ScriptedOptions): ScriptedSwitch {
  const calls = new Map<CallId, Call>()
  const endings = new Map<CallId, ScriptedCaller>()
  /** Calls that went on after their caller, and have ended. */
  const outlived = new Set<CallId>()
  const stopped = new Map<AgentId, StopRingingReason | 'hungUp'>()
  const rung = new Map<AgentId, number>()
  const devices = new Map<AgentId, DeviceState>()
  /** The one leg an agent may have at a time. */
  const legs = new Map<AgentId, Leg>()
  const outsides = new Map<E164, Outside>()
  const outsideRings = new Map<E164, number>()
  const rungBack = new Set<OfferId>()
  const agentCalls = new Map<CallId, AgentCall>()
  const agentCallEndings = new Map<CallId, ScriptedDialled>()
  let recordings = 0
  let setup: SwitchSetup | undefined
  let attached: Attachment | undefined
  let greatestEpoch = -Infinity
  let dialled = 0
  let alive = true
  /** Those whose ordinary phones can be rung, as told last. */
  let phonesTold: readonly AgentId[] = []
  /** Since no service is attached for 30 s, whoever waits is released. */
  let releasing = false
  let cancelRelease: (() => void) | undefined

  // --- the port ---------------------------------------------------------------------------------

  function attach(attachment: Attachment): Promise<Result<SwitchHoldings, SwitchProblem>> {
    if (!alive) return Promise.resolve(failed({ kind: 'gone' }))
    if (attachment.epoch <= greatestEpoch) return Promise.resolve(failed({ kind: 'staleEpoch' }))
    greatestEpoch = attachment.epoch
    attached?.lost('replaced')
    attached = attachment
    releasing = false
    cancelRelease?.()
    const ready = [...devices].filter(([, state]) => state !== 'gone')
    // A turn later, so that whoever awaits the holdings has them before the first event.
    setImmediate(() => {
      if (attached !== attachment) return
      for (const [agent, state] of ready) attachment.heard({ type: 'deviceChanged', agent, state })
      for (const call of agentCalls.values()) if (!call.placed) attachment.heard(asked(call))
    })
    return Promise.resolve(
      ok({
        engine: 'scripted',
        calls: [...calls.values()].map(held),
        agentCalls: [...agentCalls.values()].flatMap(heldAgentCall),
      }),
    )
  }

  function prepare(given: SwitchSetup): Promise<Outcome> {
    if (!alive) return Promise.resolve(failed({ kind: 'gone' }))
    if (!attached) return Promise.resolve(failed({ kind: 'staleEpoch' }))
    setup = given
    for (const agent of phonesTold) if (!isPhone(agent)) deviceIs(agent, 'gone')
    phonesTold = hasTrunk() ? (given.phones ?? []).map(({ agent }) => agent) : []
    for (const agent of phonesTold) deviceIs(agent, 'ready')
    return Promise.resolve(done)
  }

  const hasTrunk = () => setup?.trunks.some(({ outbound }) => outbound) === true
  const isPhone = (agent: AgentId) => hasTrunk() && setup?.phones?.some((phone) => phone.agent === agent) === true

  function perform(command: Command): Promise<Outcome> {
    if (!alive) return Promise.resolve(failed({ kind: 'gone' }))
    if (!attached) return Promise.resolve(failed({ kind: 'staleEpoch' }))
    const agentCall = agentCalls.get(command.call)
    if (agentCall) return Promise.resolve(orderAgentCall(agentCall, command))
    const call = calls.get(command.call) ?? beginCallback(command)
    if (!call && isDone(command)) return Promise.resolve(done)
    if (!call) return Promise.resolve(failed({ kind: 'unknown', what: `call ${command.call}` }))
    const outcome = order(call, command)
    if (!outcome.ok) dropIfEmpty(call)
    keepPlace(call)
    return Promise.resolve(outcome)
  }

  /** The same command again, about a call that has ended by it. */
  function isDone(command: Command): boolean {
    if (command.type === 'ring') return rungBack.has(command.offer)
    const ending = endings.get(command.call)
    if (command.type !== 'hangUp' || ending?.state !== 'ended') return false
    return ending.by === 'switch' || outlived.has(command.call)
  }

  /** The caller has gone and is to be rung back: such a call begins when an agent is rung for it. */
  function beginCallback(command: Command): Call | undefined {
    if (command.type !== 'ring' || command.callback !== true || rungBack.has(command.offer)) return undefined
    const to = command.show.number
    return to && addCall({ id: command.call, to, from: to, name: undefined, callback: true, present: false })
  }

  function detach(): Promise<void> {
    if (!attached) return Promise.resolve()
    attached = undefined
    cancelRelease = clock.wake(after(clock.now(), releaseAfter), () => {
      releasing = true
      for (const call of [...calls.values()]) releaseIfWaiting(call)
    })
    return Promise.resolve()
  }

  // --- commands ---------------------------------------------------------------------------------

  function order(call: Call, command: Command): Outcome {
    switch (command.type) {
      case 'answer':
        if (!call.present) return absent
        call.answered = true
        return done
      case 'say':
        return say(call, command)
      case 'record':
        return record(call, command)
      case 'takeMessage':
        return takeMessage(call)
      case 'forward':
        return forward(call, command)
      case 'callOut':
        return callOut(call, command)
      case 'consult':
        return consult(call, command)
      case 'completeTransfer':
        return completeTransfer(call)
      case 'cancelTransfer':
        if (!call.consultation) return noConsultation
        endConsultation(call)
        return done
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
      // Never of a caller's call.
      case 'placeCall':
      case 'refuseCall':
        return failed({ kind: 'unknown', what: `call ${call.id} of an agent` })
      case 'hangUp':
        end(call, { state: 'ended', by: 'switch', why: command.why })
        return done
    }
  }

  function play(call: Call, { message, play: id }: OneCommand<'play'>): Outcome {
    if (!setup?.sounds[message]) return failed({ kind: 'unknown', what: `sound ${message}` })
    if (!call.answered) return failed({ kind: 'refused', why: 'the call is not answered' })
    if (call.plays.has(id)) return done
    call.plays.add(id)
    startPlaying(call, message, id, () => {
      tell({ type: 'played', call: call.id, message, play: id })
    })
    return done
  }

  function startPlaying(call: Call, message: MessageId, play: PlayId | undefined, ended: () => void) {
    stopPlaying(call)
    startTimed(call, { message, play, seconds: soundSeconds(message) }, ended)
  }

  /** For the caller or an agent. */
  function startTimed(
    listener: { playing: Playing | undefined },
    { message, play, seconds: length }: Pick<Playing, 'message' | 'play'> & { readonly seconds: number },
    ended: () => void,
  ) {
    const cancel = clock.wake(after(clock.now(), seconds(length)), () => {
      listener.playing = undefined
      ended()
    })
    listener.playing = { message, play, cancel }
  }

  function stopPlaying(call: Call) {
    stopSound(call)
    endRecording(call)
  }

  function stopSound(listener: { playing: Playing | undefined }) {
    listener.playing?.cancel()
    listener.playing = undefined
  }

  function say(call: Call, { agent, parts, play: id }: OneCommand<'say'>): Outcome {
    if (id !== undefined && call.plays.has(id)) return done
    const leg = agent === undefined ? undefined : answeredLeg(call, agent)
    if (agent !== undefined && !leg) return noLeg(agent)
    if (!leg && !call.answered) return failed({ kind: 'refused', why: 'the call is not answered' })
    const said = parts.filter((part) => part.say !== 'message' || setup?.sounds[part.message])
    if (said.length === 0) return failed({ kind: 'unsupported', command: 'say' })
    if (id !== undefined) call.plays.add(id)
    if (!leg) endRecording(call)
    const listener = leg ?? call
    stopSound(listener)
    const length = said.reduce((sum, part) => sum + soundSeconds(part.say === 'message' ? part.message : undefined), 0)
    startTimed(listener, { message: undefined, play: id, seconds: length }, () => {
      keepPlace(call)
      if (id !== undefined) tell({ type: 'played', call: call.id, play: id })
    })
    return done
  }

  function record(call: Call, { maxSeconds }: OneCommand<'record'>): Outcome {
    if (!call.answered) return failed({ kind: 'refused', why: 'the call is not answered' })
    if (call.connected ?? call.forwarding) return failed({ kind: 'refused', why: 'the caller talks to somebody' })
    if (call.recording) return done
    stopSound(call)
    const cancel = clock.wake(after(clock.now(), seconds(maxSeconds)), () => {
      endRecording(call)
    })
    call.recording = { since: clock.now(), cancel }
    return done
  }

  /** The caller speaks all the time. */
  function endRecording(call: Call) {
    const { recording } = call
    if (!recording) return
    call.recording = undefined
    recording.cancel()
    const said = (clock.now() - recording.since) / 1000
    const file = said > 0 ? `recording-${String(++recordings)}.wav` : ''
    tell({ type: 'recorded', call: call.id, file, seconds: said })
    releaseIfWaiting(call)
  }

  function takeMessage(call: Call): Outcome {
    if (!call.present) return absent
    endConsultation(call)
    for (const leg of call.legs.values()) if (leg.state !== 'ended') endLeg(leg, 'withdrawn')
    endOutside(call.forwarding)
    call.forwarding = undefined
    call.answered = true
    stopPlaying(call)
    call.music = []
    return done
  }

  function music(call: Call, { messages }: OneCommand<'music'>): Outcome {
    const missing = messages.find((message) => !setup?.sounds[message])
    if (missing !== undefined) return failed({ kind: 'unknown', what: `sound ${missing}` })
    if (!isDeepStrictEqual(messages, call.music)) call.musicHeard = seconds(0)
    call.music = messages
    call.musicSince = undefined
    return done
  }

  /** Music goes on where it was: counted is the time it is heard. */
  function keepPlace(call: Call) {
    const isHeard = call.answered && hears(call).kind === 'music'
    if (isHeard) call.musicSince ??= clock.now()
    else if (call.musicSince !== undefined) {
      call.musicHeard = heardOfMusic(call)
      call.musicSince = undefined
    }
  }

  function heardOfMusic({ musicHeard, musicSince = clock.now() }: Call): Millis {
    return millis(musicHeard + between(musicSince, clock.now()))
  }

  /** Which message of the music it has come to; it is repeated. */
  function musicNow(call: Call): MessageId | undefined {
    if (hears(call).kind !== 'music') return undefined
    const lengths = call.music.map((message) => seconds(soundSeconds(message)))
    let left = heardOfMusic(call) % lengths.reduce((sum, length) => sum + length, 0)
    return call.music.find((_, at) => (left -= lengths[at] ?? 0) < 0)
  }

  function ring(call: Call, { agent, offer, show }: OneCommand<'ring'>): Outcome {
    if (!call.legs.has(offer)) ringAgent(call, { agent, offer, show })
    return done
  }

  function ringAgent(call: Call, about: Pick<Leg, 'agent' | 'offer' | 'show'>): Leg {
    const leg = openLeg(call.id, about)
    call.legs.set(about.offer, leg)
    return leg
  }

  function openLeg(call: CallId, { agent, offer, show }: Pick<Leg, 'agent' | 'offer' | 'show'>): Leg {
    const device = devices.get(agent) ?? 'gone'
    const takes = device === 'ready' && !legs.has(agent)
    const leg: Leg = {
      call,
      agent,
      offer,
      show,
      state: takes ? 'ringing' : 'ended',
      playing: undefined,
      cancelLimit: () => undefined,
    }
    if (takes) {
      legs.set(agent, leg)
      rung.set(agent, (rung.get(agent) ?? 0) + 1)
      stopped.delete(agent)
      leg.cancelLimit = clock.wake(after(clock.now(), longestRing), () => {
        declines(leg, 'noAnswer')
      })
      return leg
    }
    const cause = device === 'gone' ? 'unreachable' : 'busy'
    // The answer to a command comes after it, as it would over a network.
    queueMicrotask(() => {
      const agentCall = agentCalls.get(call)
      if (agentCall) {
        endAgentCall(agentCall, cause, cause === 'busy' ? 486 : 480)
        return
      }
      ended(leg)
      tell({ type: 'agentDeclined', call, agent, offer, cause })
    })
    return leg
  }

  function stopRinging(call: Call, { agent, offer, why }: OneCommand<'stopRinging'>): Outcome {
    const leg = call.legs.get(offer)
    if (leg?.state !== 'ringing') return noLeg(agent)
    endLeg(leg, why)
    return done
  }

  function connect(call: Call, { agent, offer }: OneCommand<'connect'>): Outcome {
    const leg = call.legs.get(offer)
    if (leg?.state !== 'answered') return noLeg(agent)
    if (call.connected === leg) return done
    if (!call.present) return absent
    if (call.consultation) endConsultation(call, leg)
    call.answered = true
    stopPlaying(call)
    stopSound(leg)
    call.connected = leg
    return done
  }

  function hangUpAgent(call: Call, { agent, offer }: OneCommand<'hangUpAgent'>): Outcome {
    const leg = [...call.legs.values()].find(
      (each) => each.agent === agent && each.state !== 'ended' && (offer === undefined || each.offer === offer),
    )
    if (!leg) return noLeg(agent)
    endLeg(leg, 'hungUp')
    return done
  }

  function forward(call: Call, { to }: OneCommand<'forward'>): Outcome {
    if (call.forwarding) return call.forwarding.to === to ? done : failed({ kind: 'refused', why: 'forwarded already' })
    if (!call.present) return absent
    if (!hasTrunk()) return failed({ kind: 'refused', why: 'no trunk for calls out' })
    call.answered = true
    call.forwarding = ringOutside(call.id, to, call.from)
    return done
  }

  function ringOutside(call: CallId, to: E164, number: E164 | undefined): Outside {
    const outside: Outside = {
      call,
      to,
      shown: number,
      state: 'ringing',
      announces: false,
      cancelLimit: () => undefined,
    }
    outside.cancelLimit = clock.wake(after(clock.now(), longestRing), () => {
      outsideEnds(outside, 'noAnswer')
    })
    outsides.set(to, outside)
    outsideRings.set(to, (outsideRings.get(to) ?? 0) + 1)
    return outside
  }

  function callOut(call: Call, { to, show }: OneCommand<'callOut'>): Outcome {
    if (call.callingOut?.to === to) return done
    if (call.present || call.callingOut) return failed({ kind: 'refused', why: 'the caller is on the line' })
    if (hasTrunk()) call.callingOut = ringOutside(call.id, to, show.number)
    else
      queueMicrotask(() => {
        callbackFails(call, 'noTrunk')
      })
    return done
  }

  function callbackFails(call: Call, cause: string) {
    call.callingOut = undefined
    dropIfEmpty(call)
    tell({ type: 'callbackFailed', call: call.id, cause })
  }

  /** A callback with nobody on the line is over; the next try begins it anew. */
  function dropIfEmpty(call: Call) {
    if (call.present || call.callingOut || !calls.has(call.id)) return
    if ([...call.legs.values()].some(({ state }) => state !== 'ended')) return
    calls.delete(call.id)
    rememberRings(call)
  }

  function rememberRings(call: Call) {
    if (call.callback) for (const offer of call.legs.keys()) rungBack.add(offer)
  }

  function consult(call: Call, { agent, to, offer, show }: OneCommand<'consult'>): Outcome {
    const by = call.connected
    if (by?.agent !== agent) return noLeg(agent)
    if (call.consultation) {
      const same = JSON.stringify(call.consultation.to) === JSON.stringify(to)
      return same ? done : failed({ kind: 'refused', why: 'another consultation is going on' })
    }
    if (offer !== undefined && call.legs.has(offer)) return done
    if ('group' in to) return failed({ kind: 'refused', why: 'a group number is not consulted' })
    if ('number' in to) {
      if (!hasTrunk()) return failed({ kind: 'refused', why: 'no trunk for calls out' })
      call.consultation = { by, to, third: ringOutside(call.id, to.number, show ? show.number : call.from) }
      return done
    }
    if (to.agent === agent) return failed({ kind: 'refused', why: 'nobody consults themselves' })
    const fresh = offer ?? (`consult-${String(call.legs.size)}` as OfferId)
    call.consultation = { by, to, third: ringAgent(call, { agent: to.agent, offer: fresh, show: show ?? by.show }) }
    return done
  }

  function completeTransfer(call: Call): Outcome {
    const { consultation } = call
    if (!consultation) return noConsultation
    const { by, third } = consultation
    call.consultation = undefined
    call.connected = undefined
    if (!isLeg(third)) call.forwarding = third
    else if (third.state === 'answered') call.connected = third
    if (by.state !== 'ended') endLeg(by, 'hungUp')
    if (third.state === 'answered') stopPlaying(call)
    return done
  }

  function threeWay(call: Call): Outcome {
    const { consultation } = call
    if (!consultation) return noConsultation
    if (consultation.third.state !== 'answered') return failed({ kind: 'refused', why: 'the third party is not there' })
    if (consultation.threeWay) return done
    consultation.threeWay = 'all'
    if (consultation.by.state === 'ended') return completeTransfer(call)
    stopPlaying(call)
    return done
  }

  /** One of three has gone: the other two stay together. One of two whom the caller had left: so does the other. */
  function leaves(call: Call, gone: Leg | Outside) {
    const { threeWay: joined, by } = call.consultation ?? {}
    if (joined === 'callerLeft') {
      end(call, { state: 'ended', by: 'caller' })
      outlived.add(call.id)
    } else if (joined && gone === by) completeTransfer(call)
  }

  /** The third party's leg ends, unless it is the one to be kept. */
  function endConsultation(call: Call, kept?: Leg) {
    const { consultation } = call
    call.consultation = undefined
    const third = consultation?.third
    if (!third || third === kept || third.state === 'ended') return
    if (isLeg(third)) endLeg(third, third.state === 'ringing' ? 'withdrawn' : 'hungUp')
    else endOutside(third)
  }

  function monitor(call: Call, { by, mode }: OneCommand<'monitor'>): Outcome {
    const known = call.monitors.get(by)
    if (mode === 'off') {
      if (known) endLeg(known.leg, 'withdrawn')
      return done
    }
    if (known) {
      known.mode = mode
      return done
    }
    if (answeredLeg(call, by)) return failed({ kind: 'refused', why: 'who is in the call cannot listen in' })
    const offer = `${monitorOfferPrefix}${String(call.monitors.size)}` as OfferId
    const show: Presentation = { group: '' as Presentation['group'], ...(call.from && { number: call.from }) }
    call.monitors.set(by, { leg: openLeg(call.id, { agent: by, offer, show }), mode })
    return done
  }

  function answeredLeg(call: Call, agent: AgentId): Leg | undefined {
    return [...call.legs.values()].find((leg) => leg.agent === agent && leg.state === 'answered')
  }

  // --- calls that agents make -------------------------------------------------------------------

  function orderAgentCall(call: AgentCall, command: Command): Outcome {
    switch (command.type) {
      case 'placeCall':
        return placeCall(call, command)
      case 'refuseCall':
        if (call.placed) return failed({ kind: 'refused', why: 'the call has been placed' })
        endAgentCall(call, 'refused', agentRefusals[command.why])
        return done
      case 'hangUp':
        endAgentCall(call, 'ordered')
        return done
      default:
        return failed({ kind: 'refused', why: `${command.type} of a call that an agent has made` })
    }
  }

  function placeCall(call: AgentCall, { to, show }: OneCommand<'placeCall'>): Outcome {
    if (call.placed) return done
    call.placed = to
    if ('echo' in to) agentCallAnswered(call)
    else if ('agent' in to && !phoneOfTrunk(to.agent)) {
      const offer = `agent-call-${call.id}` as OfferId
      const leg = openLeg(call.id, { agent: to.agent, offer, show: { group: '' as Presentation['group'], ...show } })
      if (leg.state === 'ringing') call.other = leg
    } else {
      const number = 'number' in to ? to.number : phoneOfTrunk(to.agent)
      if (number && hasTrunk()) call.other = ringOutside(call.id, number, show.number)
      else
        queueMicrotask(() => {
          endAgentCall(call, 'unreachable', 502)
        })
    }
    return done
  }

  const phoneOfTrunk = (agent: AgentId) => setup?.phones?.find((phone) => phone.agent === agent)?.number

  function agentCallAnswered(call: AgentCall) {
    call.answered = true
    tell({ type: 'agentCallAnswered', call: call.id, agent: call.agent })
    if (call.other && isLeg(call.other)) tellBusy(call.other.agent)
  }

  function endAgentCall(call: AgentCall, why: AgentCallEnd, status = 480) {
    if (!agentCalls.delete(call.id)) return
    agentCallEndings.set(call.id, call.answered || why === 'agent' ? { state: 'ended' } : { state: 'refused', status })
    const { other } = call
    if (other && other.state !== 'ended') {
      if (isLeg(other)) endLeg(other, other.state === 'ringing' ? 'callerGone' : 'hungUp')
      else endOutside(other)
    }
    tell({ type: 'agentCallEnded', call: call.id, agent: call.agent, why })
    tellBusy(call.agent)
    if (call.placed && 'agent' in call.placed) tellBusy(call.placed.agent)
  }

  /** As what goes on now would have it. */
  function tellBusy(agent: AgentId) {
    if ((devices.get(agent) ?? 'gone') === 'gone') return
    const isBusy = [...agentCalls.values()].some(
      (call) =>
        call.agent === agent || (call.answered && call.placed && 'agent' in call.placed && call.placed.agent === agent),
    )
    deviceIs(agent, isBusy ? 'busy' : 'ready')
  }

  // --- what parties do --------------------------------------------------------------------------

  function dialIn({ to, from, name, trusted, call: given }: Parameters<ScriptedSwitch['dialIn']>[0]): CallId {
    const id = given ?? (`call-${String(++dialled)}` as CallId)
    const status = refusal(to)
    if (status !== undefined) {
      endings.set(id, { state: 'refused', status })
      return id
    }
    addCall({ id, to, from, name, callback: false, present: true })
    tell({
      type: 'callArrived',
      call: id,
      to,
      ...(from && { from }),
      ...(name !== undefined && { name }),
      ...(trusted && { trusted }),
    })
    return id
  }

  function addCall(about: Pick<Call, 'id' | 'to' | 'from' | 'name' | 'callback' | 'present'>): Call {
    const call: Call = {
      ...about,
      arrived: clock.now(),
      answered: false,
      playing: undefined,
      music: [],
      musicHeard: seconds(0),
      musicSince: undefined,
      recording: undefined,
      connected: undefined,
      callingOut: undefined,
      forwarding: undefined,
      consultation: undefined,
      monitors: new Map(),
      legs: new Map(),
      plays: new Set(),
    }
    calls.set(call.id, call)
    return call
  }

  /** The SIP status a new call is refused with; absent: taken. */
  function refusal(to: E164): number | undefined {
    if (!alive || !attached) return 503
    if (![...(setup?.numbers ?? []), ...(setup?.serviceNumbers ?? [])].includes(to)) return 404
    return calls.size >= callLimit ? 503 : undefined
  }

  function callerHangsUp(id: CallId) {
    const call = calls.get(id)
    if (!call) return
    const ending = { state: 'ended', by: 'caller' } as const
    const { consultation } = call
    if (consultation?.threeWay === 'all') {
      consultation.threeWay = 'callerLeft'
      call.present = call.answered = false
      endOutside(call.callingOut)
      call.callingOut = undefined
      stopPlaying(call)
      endings.set(id, ending)
    } else end(call, ending)
    tell({ type: 'callerHungUp', call: id })
  }

  function callerPresses(id: CallId, digit: string) {
    const call = calls.get(id)
    if (!call) return
    if (call.recording && digit === '#') {
      endRecording(call)
      return
    }
    if (call.playing && call.playing.message === undefined) stopSound(call)
    tell({ type: 'digitPressed', call: id, digit })
  }

  function outsideAnswers(number: E164): boolean {
    const outside = outsides.get(number)
    const agentCall = outside && agentCalls.get(outside.call)
    if (outside?.state === 'ringing' && agentCall) {
      outside.state = 'answered'
      agentCallAnswered(agentCall)
      return true
    }
    const call = outside && calls.get(outside.call)
    if (outside?.state !== 'ringing' || !call) return false
    outside.state = 'answered'
    outside.cancelLimit()
    if (call.callingOut === outside) {
      call.present = true
      call.answered = true
      tell({ type: 'callbackAnswered', call: call.id })
      return true
    }
    if (call.forwarding === outside) stopPlaying(call)
    tell({ type: 'forwarded', call: call.id, result: 'answered' })
    return true
  }

  function outsideAnnounces(number: E164): boolean {
    const outside = outsides.get(number)
    if (outside?.state !== 'ringing') return false
    outside.announces = true
    return true
  }

  function outsideEnds(outside: Outside, result: 'busy' | 'noAnswer' | 'failed' | 'ended') {
    endOutside(outside)
    const agentCall = agentCalls.get(outside.call)
    if (agentCall) {
      endAgentCall(agentCall, result === 'ended' ? 'other' : result, result === 'busy' ? 486 : 480)
      return
    }
    const call = calls.get(outside.call)
    if (!call) return
    if (call.callingOut === outside) {
      if (result === 'ended') callerHangsUp(call.id)
      else callbackFails(call, result)
      return
    }
    leaves(call, outside)
    if (call.consultation?.third === outside) call.consultation = undefined
    if (call.forwarding === outside) call.forwarding = undefined
    tell({ type: 'forwarded', call: call.id, result })
    releaseIfWaiting(call)
  }

  function endOutside(outside: Outside | undefined) {
    if (!outside) return
    outside.state = 'ended'
    outside.cancelLimit()
    if (outsides.get(outside.to) === outside) outsides.delete(outside.to)
  }

  function agentAnswers(agent: AgentId): boolean {
    const leg = legs.get(agent)
    if (leg?.state !== 'ringing') return false
    leg.state = 'answered'
    leg.cancelLimit()
    if (isMonitor(leg)) return true
    const agentCall = agentCalls.get(leg.call)
    if (agentCall) {
      agentCallAnswered(agentCall)
      return true
    }
    tell({ type: 'agentAnswered', call: leg.call, agent, offer: leg.offer })
    return true
  }

  function agentDeclines(agent: AgentId, cause: DeclineCause = 'rejected'): boolean {
    const leg = legs.get(agent)
    if (leg?.state !== 'ringing') return false
    declines(leg, cause)
    return true
  }

  function declines(leg: Leg, cause: DeclineCause) {
    endLeg(leg, undefined)
    const agentCall = agentCalls.get(leg.call)
    if (agentCall) endAgentCall(agentCall, cause, cause === 'busy' ? 486 : 603)
    else tell({ type: 'agentDeclined', call: leg.call, agent: leg.agent, offer: leg.offer, cause })
  }

  function agentLeaves(agent: AgentId, type: 'agentHungUp' | 'agentLost'): boolean {
    const leg = legs.get(agent)
    if (leg?.state !== 'answered') return false
    endLeg(leg, undefined)
    const agentCall = agentCalls.get(leg.call)
    if (agentCall) {
      endAgentCall(agentCall, type === 'agentLost' ? 'lost' : 'other')
      return true
    }
    tell({ type, call: leg.call, agent, offer: leg.offer })
    return true
  }

  function agentPresses(agent: AgentId, digit: string): boolean {
    const leg = legs.get(agent)
    if (leg?.state !== 'answered') return false
    if (isMonitor(leg) || agentCalls.has(leg.call)) return true
    stopSound(leg)
    tell({ type: 'agentDigit', call: leg.call, agent, offer: leg.offer, digit })
    return true
  }

  function deviceIs(agent: AgentId, state: DeviceState) {
    if ((devices.get(agent) ?? 'gone') === state) return
    devices.set(agent, state)
    tell({ type: 'deviceChanged', agent, state })
  }

  function dies() {
    alive = false
    cancelRelease?.()
    for (const call of [...calls.values()]) end(call, { state: 'ended', by: 'switch', why: 'lost' })
    for (const call of [...agentCalls.values()]) endAgentCall(call, 'ordered', 503)
    const last = attached
    attached = undefined
    last?.lost('gone')
  }

  // --- legs and calls ---------------------------------------------------------------------------

  function endLeg(leg: Leg, why: StopRingingReason | 'hungUp' | undefined) {
    leg.state = 'ended'
    leg.cancelLimit()
    stopSound(leg)
    legs.delete(leg.agent)
    if (why) stopped.set(leg.agent, why)
    ended(leg)
  }

  /** What that is for its call. */
  function ended(leg: Leg) {
    const call = calls.get(leg.call)
    if (!call) return
    if (isMonitor(leg)) call.monitors.delete(leg.agent)
    leaves(call, leg)
    if (!calls.has(call.id)) return
    // The caller is back with the agent who asked for a third party that has gone.
    if (call.consultation?.third === leg) call.consultation = undefined
    if (call.connected === leg) {
      call.connected = undefined
      releaseIfWaiting(call)
    }
    dropIfEmpty(call)
  }

  const isMonitor = (leg: Leg) => calls.get(leg.call)?.monitors.get(leg.agent)?.leg === leg

  function end(call: Call, ending: ScriptedCaller) {
    calls.delete(call.id)
    rememberRings(call)
    stopPlaying(call)
    endings.set(call.id, ending)
    endOutside(call.callingOut)
    endOutside(call.forwarding)
    if (call.consultation && !isLeg(call.consultation.third)) endOutside(call.consultation.third)
    for (const leg of [...call.legs.values(), ...[...call.monitors.values()].map((each) => each.leg)]) {
      if (leg.state === 'ended') continue
      endLeg(leg, leg.state === 'ringing' ? 'callerGone' : 'hungUp')
    }
  }

  /** The caller hears that nobody will come, and is let go; one in talk is left alone. */
  function releaseIfWaiting(call: Call) {
    if (!releasing || call.connected || call.forwarding || call.recording || !calls.has(call.id)) return
    if (call.consultation && call.consultation.by.state !== 'ended') return
    const release = () => {
      if (releasing) end(call, { state: 'ended', by: 'switch', why: 'lost' })
    }
    const fallback = setup?.fallback
    if (!call.answered || fallback === undefined || !setup?.sounds[fallback]) {
      release()
      return
    }
    startPlaying(call, fallback, undefined, release)
  }

  function tell(event: SwitchEvent) {
    const call = 'call' in event ? calls.get(event.call) : undefined
    if (call) keepPlace(call)
    attached?.heard(event)
  }

  function phone(agent: AgentId): ScriptedPhone {
    const leg = legs.get(agent)
    const why = stopped.get(agent)
    const rings = rung.get(agent) ?? 0
    if (!leg) return { rings, state: 'idle', ...(why && { stopped: why }) }
    if (leg.state === 'ringing') return { rings, state: 'ringing', call: leg.call, show: leg.show }
    const call = calls.get(leg.call)
    const connected = call?.connected === leg
    return { rings, state: 'answered', call: leg.call, connected, hears: heardByLeg(call, leg) }
  }

  function heardByCaller(call: Call): readonly ScriptedParty[] {
    const talking = talkers(call)
    if (call.playing || !talking.includes('caller') || talking.length < 2) return []
    const barging = [...call.monitors.values()].filter(({ mode, leg }) => mode === 'barge' && leg.state === 'answered')
    return [...talking.filter((one) => one !== 'caller'), ...barging.map(({ leg }) => leg.agent)]
  }

  function heardByLeg(call: Call | undefined, leg: Leg): readonly (ScriptedParty | 'speech')[] {
    if (leg.playing) return ['speech']
    const agentCall = agentCalls.get(leg.call)
    if (agentCall) return [agentCall.agent]
    if (!call) return []
    const talking = talkers(call)
    const monitors = [...call.monitors.values()].filter((each) => each.leg.state === 'answered')
    const heard = (modes: readonly string[]) =>
      monitors.filter(({ mode, leg: other }) => modes.includes(mode) && other !== leg).map((each) => each.leg.agent)
    if (isMonitor(leg)) return talking.length > 1 ? [...talking, ...heard(['barge'])] : []
    if (!talking.includes(leg.agent) || talking.length < 2) return []
    return [...talking.filter((one) => one !== leg.agent), ...heard(['whisper', 'barge'])]
  }

  /** Those who are put together. */
  function talkers({ connected, forwarding, consultation, present }: Call): readonly ScriptedParty[] {
    const nameOf = (party: Leg | Outside | undefined) =>
      party?.state !== 'answered' ? [] : [isLeg(party) ? party.agent : ('outside' as const)]
    const caller = present ? (['caller'] as const) : []
    if (!consultation) return [...caller, ...nameOf(connected ?? forwarding)]
    return [...(consultation.threeWay ? caller : []), ...nameOf(consultation.by), ...nameOf(consultation.third)]
  }

  function outside(number: E164): ScriptedOutside {
    const rings = outsideRings.get(number) ?? 0
    const leg = outsides.get(number)
    if (!leg) return { rings, state: 'idle' }
    if (leg.state === 'ringing') return { rings, state: 'ringing', shown: leg.shown }
    const call = calls.get(leg.call)
    const self = call?.callingOut === leg ? 'caller' : 'outside'
    const calling = agentCalls.get(leg.call)?.agent
    if (!call) return { rings, state: 'answered', hears: calling ? [calling] : [] }
    if (self === 'caller') return { rings, state: 'answered', hears: heardByCaller(call) }
    const talking = talkers(call)
    const hears = talking.includes(self) ? talking.filter((one) => one !== self) : []
    return { rings, state: 'answered', hears }
  }

  function caller(id: CallId): ScriptedCaller {
    const call = calls.get(id)
    if (call?.answered)
      return { state: 'answered', hears: hears(call), music: musicNow(call), parties: heardByCaller(call) }
    if (call && call.consultation?.threeWay !== 'callerLeft') return { state: 'ringing' }
    const ending = endings.get(id)
    if (!ending) throw new Error(`${id} never rang`)
    return ending
  }

  function agentDials(agent: AgentId, to: string, as?: E164): CallId {
    const id = `call-${String(++dialled)}` as CallId
    if (!alive || !attached) {
      agentCallEndings.set(id, { state: 'refused', status: 503 })
      return id
    }
    const call: AgentCall = { id, agent, dialled: to, as, placed: undefined, other: undefined, answered: false }
    agentCalls.set(id, call)
    tellBusy(agent)
    tell(asked(call))
    return id
  }

  function dialledState(id: CallId): ScriptedDialled {
    const call = agentCalls.get(id)
    if (!call) return agentCallEndings.get(id) ?? { state: 'ended' }
    const { other } = call
    if (!call.answered) {
      if (!other) return { state: 'asked' }
      return { state: 'ringing', hears: !isLeg(other) && other.announces ? ['outside'] : [] }
    }
    if (!other) return { state: 'answered', hears: [call.agent] }
    return { state: 'answered', hears: [isLeg(other) ? other.agent : 'outside'] }
  }

  return {
    softphoneSocket: undefined,
    attach,
    prepare,
    perform,
    detach,
    dialIn,
    callerHangsUp,
    callerPresses,
    callerFallsSilent: (id) => {
      const call = calls.get(id)
      if (call) endRecording(call)
    },
    outsideAnswers,
    outsideAnnounces,
    outsideDeclines(number, result) {
      const leg = outsides.get(number)
      if (leg?.state !== 'ringing') return false
      outsideEnds(leg, result)
      return true
    },
    outsideHangsUp(number) {
      const leg = outsides.get(number)
      if (leg?.state !== 'answered') return false
      outsideEnds(leg, 'ended')
      return true
    },
    outsidePresses(number, digit) {
      const leg = outsides.get(number)
      if (leg?.state !== 'answered') return false
      if (calls.get(leg.call)?.callingOut === leg) callerPresses(leg.call, digit)
      return true
    },
    outside,
    agentAnswers,
    agentDeclines,
    agentHangsUp: (agent) => agentLeaves(agent, 'agentHungUp'),
    agentIsLost: (agent) => agentLeaves(agent, 'agentLost'),
    agentPresses,
    registers: (agent) => {
      deviceIs(agent, 'ready')
    },
    unregisters: (agent) => {
      deviceIs(agent, 'gone')
    },
    isBusyElsewhere: (agent, busy) => {
      deviceIs(agent, busy ? 'busy' : 'ready')
    },
    agentDials,
    dialled: dialledState,
    dialledHangsUp: (id) => {
      const call = agentCalls.get(id)
      if (call) endAgentCall(call, 'agent')
    },
    dies,
    get calls() {
      return calls.size
    },
    caller,
    phone,
  }
}

const agentRefusals = { destination: 403, identity: 403, unknown: 404, unavailable: 503 } as const

function asked({ id, agent, dialled, as }: AgentCall): SwitchEvent {
  return { type: 'agentCalled', call: id, agent, to: dialled, ...(as && { as }) }
}

function heldAgentCall({ id, agent, placed, answered }: AgentCall): HeldAgentCall[] {
  return placed ? [{ call: id, agent, to: placed, answered }] : []
}

function noLeg(agent: AgentId): Outcome {
  return failed({ kind: 'unknown', what: `leg of ${agent}` })
}

const absent: Outcome = failed({ kind: 'refused', why: 'the caller is not on the line' })
const noConsultation: Outcome = failed({ kind: 'unknown', what: 'consultation' })

function isLeg(party: Leg | Outside): party is Leg {
  return 'agent' in party
}

function hears({ playing, recording, connected, forwarding, consultation, music, present }: Call): HeldCall['hears'] {
  if (playing) {
    const play = playing.play && { play: playing.play }
    return playing.message === undefined
      ? { kind: 'speech', ...play }
      : { kind: 'message', message: playing.message, ...play }
  }
  if (recording) return { kind: 'recording' }
  if (!present && consultation?.threeWay) return { kind: 'nothing' }
  if (connected && (!consultation || consultation.threeWay))
    return { kind: 'agent', agent: connected.agent, offer: connected.offer }
  if (forwarding?.state === 'answered') return { kind: 'forwarded' }
  return present && music.length > 0 ? { kind: 'music' } : { kind: 'nothing' }
}

function held(call: Call): HeldCall {
  const consulting = call.consultation?.by.state === 'answered' ? call.consultation : undefined
  const waiting = [...call.legs.values()].filter(
    (leg) => leg.state !== 'ended' && leg !== call.connected && leg !== consulting?.third,
  )
  return {
    call: call.id,
    to: call.to,
    ...(call.from && { from: call.from }),
    ...(call.name !== undefined && { name: call.name }),
    arrived: call.arrived,
    answered: call.answered,
    hears: hears(call),
    ...(call.callback && { callback: true }),
    ...(consulting && {
      consulting: {
        agent: consulting.by.agent,
        offer: consulting.by.offer,
        to: consulting.to,
        answered: consulting.third.state === 'answered',
        ...(consulting.threeWay && { threeWay: consulting.threeWay }),
      },
    }),
    offers: waiting.map(({ agent, offer, state }) => ({ agent, offer, answered: state === 'answered' })),
  }
}
