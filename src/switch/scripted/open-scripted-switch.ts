import type { AgentId, E164, MessageId } from '../../core/configuration/types.ts'
import type {
  CallId,
  Command,
  DeclineCause,
  DeviceState,
  HangUpReason,
  HeldCall,
  OfferId,
  PlayId,
  Presentation,
  StopRingingReason,
  SwitchEvent,
} from '../../core/routing/messages.ts'
import { done, failed, ok, type Result } from '../../core/result.ts'
import { after, seconds, type Instant } from '../../core/time.ts'
import type { Attachment, Switch, SwitchHoldings, SwitchProblem, SwitchSetup } from '../../contract/switch.ts'

export interface ScriptedOptions {
  readonly clock: ScriptedClock
  /** How long a sound lasts; the files are never opened. Preset: 3 each. */
  readonly soundSeconds?: (message: MessageId) => number
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
  dialIn(dialled: { readonly to: E164; readonly from?: E164; readonly name?: string; readonly call?: CallId }): CallId
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
  | { readonly state: 'answered'; readonly hears: HeldCall['hears'] }
  /** A SIP status: 404, 503. */
  | { readonly state: 'refused'; readonly status: number }
  | { readonly state: 'ended'; readonly by: 'caller' | 'switch'; readonly why?: HangUpReason }

/** `rings`: how many times it has rung. */
export type ScriptedPhone = { readonly rings: number } & (
  | { readonly state: 'idle'; readonly stopped?: StopRingingReason | 'hungUp' }
  | { readonly state: 'ringing'; readonly call: CallId; readonly show: Presentation }
  | { readonly state: 'answered'; readonly call: CallId; readonly connected: boolean }
)

/** Waiting callers are released when no service has attached for this long (design section 9). */
const releaseAfter = seconds(30)

interface Call {
  readonly id: CallId
  readonly to: E164
  readonly from: E164 | undefined
  readonly name: string | undefined
  readonly arrived: Instant
  answered: boolean
  playing: Playing | undefined
  music: readonly MessageId[]
  connected: Leg | undefined
  /** Of running and ended offers and plays: a repeated command is known by its id. */
  readonly legs: Map<OfferId, Leg>
  readonly plays: Set<PlayId>
}

interface Playing {
  readonly message: MessageId
  readonly play: PlayId | undefined
  readonly cancel: () => void
}

interface Leg {
  readonly call: CallId
  readonly agent: AgentId
  readonly offer: OfferId
  readonly show: Presentation
  state: 'ringing' | 'answered' | 'ended'
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
  const stopped = new Map<AgentId, StopRingingReason | 'hungUp'>()
  const rung = new Map<AgentId, number>()
  const devices = new Map<AgentId, DeviceState>()
  /** The one leg an agent may have at a time. */
  const legs = new Map<AgentId, Leg>()
  let setup: SwitchSetup | undefined
  let attached: Attachment | undefined
  let greatestEpoch = -Infinity
  let dialled = 0
  let alive = true
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
    })
    return Promise.resolve(ok({ engine: 'scripted', calls: [...calls.values()].map(held) }))
  }

  function prepare(given: SwitchSetup): Promise<Outcome> {
    if (!alive) return Promise.resolve(failed({ kind: 'gone' }))
    if (!attached) return Promise.resolve(failed({ kind: 'staleEpoch' }))
    setup = given
    return Promise.resolve(done)
  }

  function perform(command: Command): Promise<Outcome> {
    if (!alive) return Promise.resolve(failed({ kind: 'gone' }))
    if (!attached) return Promise.resolve(failed({ kind: 'staleEpoch' }))
    const call = calls.get(command.call)
    if (!call) return Promise.resolve(failed({ kind: 'unknown', what: `call ${command.call}` }))
    return Promise.resolve(order(call, command))
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
        call.answered = true
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
      case 'hangUp':
        end(call, { state: 'ended', by: 'switch', why: command.why })
        return done
      default:
        return failed({ kind: 'unsupported', command: command.type })
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
    const cancel = clock.wake(after(clock.now(), seconds(soundSeconds(message))), () => {
      call.playing = undefined
      ended()
    })
    call.playing = { message, play, cancel }
  }

  function stopPlaying(call: Call) {
    call.playing?.cancel()
    call.playing = undefined
  }

  function music(call: Call, { messages }: OneCommand<'music'>): Outcome {
    const missing = messages.find((message) => !setup?.sounds[message])
    if (missing !== undefined) return failed({ kind: 'unknown', what: `sound ${missing}` })
    call.music = messages
    return done
  }

  function ring(call: Call, { agent, offer, show }: OneCommand<'ring'>): Outcome {
    if (call.legs.has(offer)) return done
    const device = devices.get(agent) ?? 'gone'
    const takes = device === 'ready' && !legs.has(agent)
    const leg: Leg = { call: call.id, agent, offer, show, state: takes ? 'ringing' : 'ended' }
    call.legs.set(offer, leg)
    if (takes) {
      legs.set(agent, leg)
      rung.set(agent, (rung.get(agent) ?? 0) + 1)
      stopped.delete(agent)
      return done
    }
    const cause = device === 'gone' ? 'unreachable' : 'busy'
    // The answer to a command comes after it, as it would over a network.
    queueMicrotask(() => {
      tell({ type: 'agentDeclined', call: call.id, agent, offer, cause })
    })
    return done
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
    stopPlaying(call)
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

  // --- what parties do --------------------------------------------------------------------------

  function dialIn({ to, from, name, call: given }: Parameters<ScriptedSwitch['dialIn']>[0]): CallId {
    const id = given ?? (`call-${String(++dialled)}` as CallId)
    const status = refusal(to)
    if (status !== undefined) {
      endings.set(id, { state: 'refused', status })
      return id
    }
    calls.set(id, {
      id,
      to,
      from,
      name,
      arrived: clock.now(),
      answered: false,
      playing: undefined,
      music: [],
      connected: undefined,
      legs: new Map(),
      plays: new Set(),
    })
    tell({ type: 'callArrived', call: id, to, ...(from && { from }), ...(name !== undefined && { name }) })
    return id
  }

  /** The SIP status a new call is refused with; absent: taken. */
  function refusal(to: E164): number | undefined {
    if (!alive || !attached) return 503
    if (!setup?.numbers.includes(to)) return 404
    return calls.size >= callLimit ? 503 : undefined
  }

  function callerHangsUp(id: CallId) {
    const call = calls.get(id)
    if (!call) return
    end(call, { state: 'ended', by: 'caller' })
    tell({ type: 'callerHungUp', call: id })
  }

  function agentAnswers(agent: AgentId): boolean {
    const leg = legs.get(agent)
    if (leg?.state !== 'ringing') return false
    leg.state = 'answered'
    tell({ type: 'agentAnswered', call: leg.call, agent, offer: leg.offer })
    return true
  }

  function agentDeclines(agent: AgentId, cause: DeclineCause = 'rejected'): boolean {
    const leg = legs.get(agent)
    if (leg?.state !== 'ringing') return false
    endLeg(leg, undefined)
    tell({ type: 'agentDeclined', call: leg.call, agent, offer: leg.offer, cause })
    return true
  }

  function agentLeaves(agent: AgentId, type: 'agentHungUp' | 'agentLost'): boolean {
    const leg = legs.get(agent)
    if (leg?.state !== 'answered') return false
    endLeg(leg, undefined)
    tell({ type, call: leg.call, agent, offer: leg.offer })
    return true
  }

  function agentPresses(agent: AgentId, digit: string): boolean {
    const leg = legs.get(agent)
    if (leg?.state !== 'answered') return false
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
    const last = attached
    attached = undefined
    last?.lost('gone')
  }

  // --- legs and calls ---------------------------------------------------------------------------

  function endLeg(leg: Leg, why: StopRingingReason | 'hungUp' | undefined) {
    leg.state = 'ended'
    legs.delete(leg.agent)
    if (why) stopped.set(leg.agent, why)
    const call = calls.get(leg.call)
    if (call?.connected !== leg) return
    call.connected = undefined
    releaseIfWaiting(call)
  }

  function end(call: Call, ending: ScriptedCaller) {
    stopPlaying(call)
    calls.delete(call.id)
    endings.set(call.id, ending)
    for (const leg of call.legs.values()) {
      if (leg.state === 'ended') continue
      endLeg(leg, leg.state === 'ringing' ? 'callerGone' : 'hungUp')
    }
  }

  /** The caller hears that nobody will come, and is let go; one in talk is left alone. */
  function releaseIfWaiting(call: Call) {
    if (!releasing || call.connected || !calls.has(call.id)) return
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
    attached?.heard(event)
  }

  function phone(agent: AgentId): ScriptedPhone {
    const leg = legs.get(agent)
    const why = stopped.get(agent)
    const rings = rung.get(agent) ?? 0
    if (!leg) return { rings, state: 'idle', ...(why && { stopped: why }) }
    if (leg.state === 'ringing') return { rings, state: 'ringing', call: leg.call, show: leg.show }
    return { rings, state: 'answered', call: leg.call, connected: calls.get(leg.call)?.connected === leg }
  }

  function caller(id: CallId): ScriptedCaller {
    const call = calls.get(id)
    if (call) return call.answered ? { state: 'answered', hears: hears(call) } : { state: 'ringing' }
    const ending = endings.get(id)
    if (!ending) throw new Error(`${id} never rang`)
    return ending
  }

  return {
    softphoneSocket: undefined,
    attach,
    prepare,
    perform,
    detach,
    dialIn,
    callerHangsUp,
    callerPresses: (call, digit) => {
      if (calls.has(call)) tell({ type: 'digitPressed', call, digit })
    },
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
    dies,
    get calls() {
      return calls.size
    },
    caller,
    phone,
  }
}

function noLeg(agent: AgentId): Outcome {
  return failed({ kind: 'unknown', what: `leg of ${agent}` })
}

function hears({ playing, connected, music }: Call): HeldCall['hears'] {
  if (playing) return { kind: 'message', message: playing.message, ...(playing.play && { play: playing.play }) }
  if (connected) return { kind: 'agent', agent: connected.agent }
  return music.length > 0 ? { kind: 'music' } : { kind: 'nothing' }
}

function held(call: Call): HeldCall {
  const waiting = [...call.legs.values()].filter((leg) => leg.state !== 'ended' && leg !== call.connected)
  return {
    call: call.id,
    to: call.to,
    ...(call.from && { from: call.from }),
    ...(call.name !== undefined && { name: call.name }),
    arrived: call.arrived,
    answered: call.answered,
    hears: hears(call),
    offers: waiting.map(({ agent, offer, state }) => ({ agent, offer, answered: state === 'answered' })),
  }
}
