import { randomBytes, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { againHeader } from '../../contract/softphone.ts'
import type { PhoneAgent, SipAccount, SwitchHoldings, SwitchProblem, SwitchSetup } from '../../contract/switch.ts'
import type { AgentId, E164 } from '../../core/configuration/types.ts'
import { done, failed, ok, type Result } from '../../core/result.ts'
import type { CallId, Command, OfferId, Presentation, SwitchEvent } from '../../core/routing/messages.ts'
import type { Instant } from '../../core/time.ts'
import type { AriChannel, AriEvent } from './ari-messages.ts'
import type { Admission } from './admission.ts'
import { openAgentCalls } from './agent-calls.ts'
import { arrange, bridgesOf, conversation } from './arrange.ts'
import { held, legsOf, type Call, type Caller, type Leg, type Playing, type Snoop } from './call.ts'
import { calledNumber, callerOf, preferredNumber } from './caller.ts'
import { declineCause, isLoss, outsideResult, phoneDeclineCause, refusals, stopCauses, type Ending } from './causes.ts'
import { watchComebacks } from './comebacks.ts'
import { callVariable, keptCallOf, keptLegOf, legVariable } from './kept-call.ts'
import { openBridges, openLine, type Ear, type Line } from './line.ts'
import { noMusic, openMusicStreams } from './music.ts'
import type { AriClient } from './open-ari-client.ts'
import { readHoldings } from './read-holdings.ts'
import type { Recordings } from './recordings.ts'
import { channelPrefix, ringLeg, type Way } from './ring-leg.ts'
import { calledVariable, callerVariable, peerEndpoint, refusalContext, seenVariable } from './server/names.ts'
import type { Speech } from './speech.ts'

/** Calls and their legs: the commands of the service, and what it is told. */
export interface CallControl {
  /** Reads what Asterisk holds; before anything else. */
  recover(): Promise<Result<Pick<SwitchHoldings, 'calls' | 'agentCalls'>, SwitchProblem>>
  setUp(setup: SwitchSetup): void
  perform(command: Command): Outcome | Promise<Outcome>
  /** What an event of Asterisk means for a call. */
  heard(event: AriEvent): void
  /** The agent's softphone is registered no more: what rings there rings nobody. */
  phoneGone(agent: AgentId): void
  /** Nothing waits any more to be written on the channels. */
  flush(): void
  readonly calls: number
  /** In calls of their own. */
  readonly busy: ReadonlySet<AgentId>
  close(): void
}

export interface CallControlOptions {
  readonly ari: AriClient
  readonly application: string
  readonly callLimit: number
  /** Whether the server can serve another caller just now. */
  readonly admission: Admission
  readonly tell: (event: SwitchEvent) => void
  readonly speech: Speech
  readonly recordings: Recordings
  /** How a number outside is dialled; undefined: no trunk for calls out. */
  readonly trunk: () => string | undefined
  /** Who is in a call of their own is another. */
  readonly busyChanged: () => void
  /** Seconds. @default 180 */
  readonly longestRing?: number
  /** The other server that an agent's softphone is registered with; undefined: with this one, or none. */
  readonly elsewhere: (agent: AgentId) => string | undefined
  /** Of a softphone: it is reached where it has registered, and nowhere else. */
  readonly registers: (user: string) => boolean
  /** A call as the service names it. */
  readonly told: (call: CallId) => CallId
  readonly log: (level: 'info' | 'warn', text: string) => void
}

type OneCommand<Type extends Command['type']> = Extract<Command, { type: Type }>
type Outcome = Result<void, SwitchProblem>

/** Milliseconds. */
const freshFor = 100
/** Milliseconds between two signs of life to whoever waits. */
const guardEvery = 5000
/** Milliseconds between two signs of life to the dialplan. */
const signEvery = 1000
const rememberedCalls = 1000

export function openCallControl(options: CallControlOptions): CallControl {
  const { ari, application, callLimit, admission, tell, speech, recordings, log, longestRing = 180 } = options
  const bridges = openBridges(ari)
  const streams = openMusicStreams(ari, application)
  const calls = new Map<CallId, Call>()
  /** By channel: whose it is. */
  const owners = new Map<string, { readonly call: Call; readonly leg?: Leg }>()
  /** Channels of ours on their way into the application. */
  const entering = new Map<string, () => void>()
  /** Legs that are to be ended once they have said that they ring. */
  const postponed = new Map<string, () => void>()
  /** By command, lately: the same command again is done already. */
  const hungUp = new Set<CallId>()
  /** Of callbacks that have ended: the same ring again is done already. */
  const rungBack = new Set<OfferId>()
  const unarranged = new Set<Call>()
  const alerted = new WeakSet<Line>()
  /** As each was written last. */
  const kept = new Map<Call, string>()
  let version = Date.now()
  let setup: SwitchSetup | undefined
  /** How each agent of it is reached; made ahead, since a company may have hundreds and each ring asks. */
  let phones = new Map<AgentId, PhoneAgent>()
  let softphones = new Map<AgentId, SipAccount>()
  /** Callers whom nobody had taken before we came. */
  let strays: readonly AriChannel[] = []
  let closed = false

  const now = () => Date.now() as Instant

  const guards = setInterval(() => {
    for (const line of [...[...calls.values()].flatMap(linesOf), ...agentCalls.lines]) if (isAlone(line)) line.guard()
    streams.watch()
  }, guardEvery)

  const saySeen = () => {
    const value = String(Math.floor(Date.now() / 1000))
    void ari.send({ method: 'POST', path: '/asterisk/variable', query: { variable: seenVariable, value } })
  }
  saySeen()
  const signs = setInterval(saySeen, signEvery)

  const agentCalls = openAgentCalls({
    ari,
    application,
    bridges,
    streams,
    entering,
    lineOf: (channel, answered) => lineOf(channel, answered),
    wayTo: (agent) => wayTo(agent),
    outwards: (to) => outwards(to),
    told: options.told,
    pieceOf: (message) => speech.pieceOf(message),
    refuse: (channel, status) => {
      refuse(channel, status)
    },
    tell,
    busyChanged: () => {
      options.busyChanged()
    },
  })

  const comebacks = watchComebacks({
    ari,
    legs: () =>
      [...calls.values()].flatMap(({ offers }) =>
        [...offers.values()].filter(({ state, user }) => state === 'answered' && user !== undefined),
      ),
    silenced(leg, silent) {
      const call = owners.get(leg.line.channel)?.call
      if (!call || (leg.silent ?? false) === silent) return
      leg.silent = silent
      arranged(call)
    },
    cameBack(leg) {
      const call = owners.get(leg.line.channel)?.call
      if (call) giveBack(call, leg)
    },
  })

  // --- what Asterisk holds ----------------------------------------------------------------------

  async function recover(): ReturnType<CallControl['recover']> {
    const read = await readHoldings({
      ari,
      application,
      lineOf: (channel, answered, found) => lineOf(channel, answered, found),
    })
    if (!read.ok) return failed({ kind: 'gone' })
    const { calls: found, agentCalls: agents, bridges: standing, strays: callers, recorded, swept } = read.value
    if (swept > 0) log('warn', `${String(swept)} channels and bridges of no call were ended`)
    strays = callers
    for (const bridge of standing) bridges.found(bridge)
    for (const { music } of found) await streams.found(music)
    for (const call of found) {
      calls.set(call.id, call)
      if (call.line) owners.set(call.line.channel, { call })
      for (const leg of legsOf(call)) owners.set(leg.line.channel, { call, leg })
    }
    for (const call of found) {
      const { consultation } = call
      // Somebody has left the other two while nobody was there to hear it.
      if (consultation?.threeWay === 'all' && !call.line) consultation.threeWay = 'callerLeft'
      if (consultation?.threeWay && consultation.by.state === 'ended') leavesThreeWay(call, consultation.by)
      // The service before us went between making the leg and ringing it: nothing would ever come of it.
      for (const leg of call.offers.values())
        if (leg.softphone && leg.state === 'ringing' && !leg.alerted && leg !== consultation?.third) endLeg(call, leg)
      arranged(call)
      for (const line of linesOf(call)) line.guard()
      dropIfEmpty(call)
    }
    for (const name of recorded) recordingFinished(name)
    for (const { channel, kept: keptCall, line, other } of agents) agentCalls.found(channel, keptCall, line, other)
    return ok({ calls: [...calls.values()].map(held), agentCalls: agentCalls.held() })
  }

  // --- events -----------------------------------------------------------------------------------

  function heard(event: AriEvent) {
    if (agentCalls.heard(event)) return
    switch (event.type) {
      case 'StasisStart':
        return entered(event.channel, event.args)
      case 'StasisEnd':
        // A caller may go on in the dialplan; a leg of ours has nothing else.
        if (owners.get(event.channel.id)?.leg === undefined) left(event.channel.id)
        return
      case 'ChannelDestroyed': {
        const { tech_cause: status, cause } = event
        return destroyed(event.channel.id, { cause, ...(status !== undefined && status >= 300 && { status }) })
      }
      case 'ChannelStateChange':
        if (event.channel.state === 'Up') up(event.channel.id)
        else if (event.channel.state === 'Ringing') alerts(event.channel.id)
        return
      case 'ChannelHold':
        return holds(event.channel.id, true)
      case 'ChannelUnhold':
        return holds(event.channel.id, false)
      case 'ChannelDtmfReceived':
        return pressed(event.channel.id, event.digit)
      case 'PlaybackFinished':
        return playbackFinished(event.playback.id)
      case 'RecordingFinished':
      case 'RecordingFailed':
        return recordingFinished(event.recording.name)
      default:
        return
    }
  }

  function entered(channel: AriChannel, args: readonly string[]) {
    const waiter = entering.get(channel.id)
    if (waiter) {
      waiter()
      return
    }
    const owner = owners.get(channel.id)
    if (owner) {
      owner.leg?.line.entered()
      if (channel.state === 'Up') up(channel.id)
      return
    }
    if (args[0] === 'caller' || args[0] === 'visitor') arrive(channel, args)
    else if (args[0] === 'desk') void deskCalls(channel)
    // Nobody's: a leg that was ended while it was being made.
    else void ari.send({ method: 'DELETE', path: channelPath(channel.id) })
  }

  /** `again`: since when the caller has waited in the fallback, after an earlier call that we had lost. */
  function arrive(channel: AriChannel, [from = '', presentation = '', again = '']: readonly string[]) {
    const { numbers = [], serviceNumbers = [], callers = [] } = setup ?? {}
    const to = calledNumber(channel.dialplan.exten, from === 'caller' ? [...numbers, ...serviceNumbers] : numbers)
    if (!to) return refuse(channel.id, 404)
    const visitor = callers.find(({ user }) => user === endpointOf(channel))
    if (from === 'visitor' && (!visitor || visitor.until <= now())) return refuse(channel.id, 403)
    const told = callerOf(channel.caller, presentation)
    // What a browser says of a number is passed over.
    const caller = visitor ? { ...told, ...(visitor.number && { number: visitor.number }) } : told
    take(channel, { id: (again === '' ? channel.id : `${channel.id}-${again}`) as CallId, to, caller })
  }

  function take(
    channel: AriChannel,
    { id, to, caller, trusted }: Pick<Call, 'id' | 'to' | 'caller'> & { readonly trusted?: true },
  ) {
    if (calls.size >= callLimit) return refuse(channel.id, 503)
    const call = addCall({ id, to, caller, callback: false })
    call.line = lineOf(channel.id, channel.state === 'Up')
    owners.set(channel.id, { call })
    call.fresh = true
    setTimeout(() => {
      settles(call)
    }, freshFor).unref()
    // One whom we had rung is a caller of its own from here on.
    if (channel.id.startsWith(channelPrefix)) call.line.write(legVariable, '')
    arranged(call)
    // Who has waited in the fallback is inside already.
    const crowded = !call.line.answered && !trusted && !admission.admits(ari.waiting)
    tell({
      type: 'callArrived',
      call: id,
      to,
      ...(caller.number && { from: caller.number }),
      ...(caller.name !== undefined && { name: caller.name }),
      ...(trusted && { trusted }),
      ...(crowded && { crowded }),
    })
  }

  function settles(call: Call) {
    if (!call.fresh || !calls.has(call.id)) return
    call.fresh = false
    arranged(call)
  }

  /** An agent calls from the softphone: one of our numbers as its caller, or anybody else. */
  async function deskCalls(channel: AriChannel) {
    const account = setup?.softphones.find(({ user }) => user === endpointOf(channel))
    if (!account) return refuse(channel.id, 403)
    const { numbers = [], serviceNumbers = [] } = setup ?? {}
    const to = calledNumber(channel.dialplan.exten, [...numbers, ...serviceNumbers])
    if (to) {
      const { name } = callerOf(channel.caller, '')
      const caller = { ...(account.number && { number: account.number }), ...(name !== undefined && { name }) }
      return take(channel, { id: channel.id as CallId, to, caller, trusted: true })
    }
    const asked = await ari.request({
      method: 'GET',
      path: `${channelPath(channel.id)}/variable`,
      query: { variable: 'PJSIP_HEADER(read,P-Preferred-Identity)' },
      reply: z.object({ value: z.string() }),
    })
    if (!closed) agentCalls.arrive(channel, account.agent, asked.ok ? preferredNumber(asked.value.value) : undefined)
  }

  /** The dialplan says it with that status, which is finer than what Asterisk makes of a cause. */
  function refuse(channel: string, status: number) {
    void ari.send({
      method: 'POST',
      path: `${channelPath(channel)}/continue`,
      query: { context: refusalContext, extension: String(status), priority: '1' },
    })
  }

  function addCall(about: Pick<Call, 'id' | 'to' | 'caller' | 'callback'>): Call {
    const call: Call = {
      ...about,
      arrived: now(),
      line: undefined,
      fresh: false,
      callingOut: undefined,
      offers: new Map(),
      past: new Set(),
      playing: undefined,
      music: noMusic,
      recording: undefined,
      saving: undefined,
      connected: undefined,
      forwarding: undefined,
      consultation: undefined,
      monitors: new Map(),
    }
    calls.set(call.id, call)
    return call
  }

  function alerts(channel: string) {
    const leg = owners.get(channel)?.leg
    if (leg) leg.alerted = true
    postponed.get(channel)?.()
  }

  function up(channel: string) {
    const { call, leg } = owners.get(channel) ?? {}
    // One that was rung at once comes into our application in a moment.
    if (!call || leg?.state !== 'ringing' || !leg.line.made) return
    leg.state = 'answered'
    if (leg.instead) takesBack(call, leg, leg.instead)
    else legAnswered(call, leg)
  }

  function legAnswered(call: Call, leg: Leg) {
    const about = { call: call.id, agent: leg.agent, offer: leg.id }
    if (leg.role === 'agent' && about.agent !== undefined) tell({ type: 'agentAnswered', ...about, agent: about.agent })
    if (leg.role === 'outside') {
      if (call.forwarding === leg) stopPlaying(call)
      tell({ type: 'forwarded', call: call.id, result: 'answered' })
    }
    if (leg.role === 'caller') {
      call.line = leg.line
      leg.line.answer()
      tell({ type: 'callbackAnswered', call: call.id })
    }
    arranged(call)
  }

  /** The channel is no more, or has left us. */
  function destroyed(channel: string, ending: Ending) {
    const owner = owners.get(channel)
    if (!owner) return
    if (!owner.leg || owner.leg === owner.call.callingOut) {
      if (owner.leg?.state === 'ringing') callbackFailed(owner.call, outsideResult(ending))
      else left(channel)
      return
    }
    owners.delete(channel)
    if (owner.leg.state !== 'ended') legEnded(owner.call, owner.leg, ending)
    // In the dialplan it has set a limit to whoever is left.
    if (calls.has(owner.call.id)) for (const line of linesOf(owner.call)) line.limited()
  }

  function left(channel: string) {
    const call = owners.get(channel)?.call
    if (call?.line?.channel !== channel) return
    owners.delete(channel)
    call.line.gone()
    void callerLeft(call)
  }

  async function callerLeft(call: Call) {
    // Its recording, if any, is told before.
    if (call.recording) {
      call.recording.stopping = true
      await within(lastWords, recordingEnds.get(call.recording.name)?.promise)
    }
    await call.saving
    if (!calls.has(call.id)) return
    const { consultation } = call
    if (consultation?.threeWay === 'all') {
      // The agent and the third party go on without the caller.
      consultation.threeWay = 'callerLeft'
      stopPlaying(call)
      call.line = undefined
      call.callingOut = undefined
      arranged(call)
    } else end(call)
    tell({ type: 'callerHungUp', call: call.id })
  }

  function legEnded(call: Call, leg: Leg, ending: Ending) {
    const was = leg.state
    const consulted = call.consultation?.third === leg
    const forwarded = call.forwarding === leg
    dropLeg(call, leg)
    const { agent } = leg
    if (leg.instead) return
    if ((leg.role === 'agent' || leg.role === 'monitor') && agent !== undefined) {
      const about = { call: call.id, agent, offer: leg.id }
      const cause = leg.softphone ? declineCause(ending) : phoneDeclineCause(ending)
      if (was === 'ringing') tell({ type: 'agentDeclined', ...about, cause })
      else tell({ type: isLoss(ending) ? 'agentLost' : 'agentHungUp', ...about })
    }
    if (leg.role === 'outside' && (consulted || forwarded))
      tell({ type: 'forwarded', call: call.id, result: was === 'answered' ? 'ended' : outsideResult(ending) })
    dropIfEmpty(call)
  }

  function holds(channel: string, held: boolean) {
    const owner = owners.get(channel)
    if (!owner?.leg || owner.leg.state === 'ended') return
    owner.leg.held = held
    arranged(owner.call)
  }

  function pressed(channel: string, digit: string) {
    const owner = owners.get(channel)
    if (!owner) return
    const { call, leg } = owner
    if (leg?.state === 'ended') return
    if (leg && leg.role !== 'caller') {
      if (leg.role !== 'agent' || leg.agent === undefined) return
      leg.playing = undefined
      arranged(call)
      tell({ type: 'agentDigit', call: call.id, agent: leg.agent, offer: leg.id, digit })
      return
    }
    // The key that ends a recording is no news of its own.
    if (call.recording && digit === '#') return
    // Who has understood need not hear the rest.
    if (call.playing && call.playing.message === undefined) {
      stopPlaying(call)
      arranged(call)
    }
    tell({ type: 'digitPressed', call: call.id, digit })
  }

  function playbackFinished(id: string) {
    if (streams.finished(id)) return
    for (const call of calls.values()) {
      if (call.playing?.id === id) {
        const { playing } = call
        call.line?.finished(id)
        call.playing = undefined
        arranged(call)
        if (playing.message !== undefined || playing.play !== undefined) tell(playedOf(call, playing))
        return
      }
      const leg = legsOf(call).find(({ playing }) => playing?.id === id)
      if (!leg?.playing) continue
      const { play } = leg.playing
      leg.line.finished(id)
      leg.playing = undefined
      arranged(call)
      if (play !== undefined) tell({ type: 'played', call: call.id, play })
      return
    }
  }

  // --- commands ---------------------------------------------------------------------------------

  function perform(command: Command): Outcome | Promise<Outcome> {
    const ofAgent = agentCalls.perform(command)
    if (ofAgent) return ofAgent
    const call = calls.get(command.call) ?? beginCallback(command)
    if (!call) {
      if (command.type === 'hangUp' && hungUp.has(command.call)) return done
      if (command.type === 'ring' && rungBack.has(command.offer)) return done
      return failed({ kind: 'unknown', what: `call ${command.call}` })
    }
    const outcome = order(call, command)
    if ('ok' in outcome && !outcome.ok) dropIfEmpty(call)
    else if (calls.has(call.id)) arranged(call)
    return outcome
  }

  /** The caller has gone and is to be rung back: such a call begins when an agent is rung for it. */
  function beginCallback(command: Command): Call | undefined {
    if (command.type !== 'ring' || command.callback !== true || rungBack.has(command.offer)) return undefined
    const to = command.show.number
    // Who cannot be shown cannot be rung back either.
    return to && addCall({ id: command.call, to, caller: { number: to }, callback: true })
  }

  function order(call: Call, command: Command): Outcome | Promise<Outcome> {
    switch (command.type) {
      case 'answer':
        if (!call.line) return absent
        call.line.answer()
        return done
      case 'play':
        return play(call, command)
      case 'say':
        return say(call, command)
      case 'stopPlaying':
        stopPlaying(call)
        return done
      case 'music':
        return music(call, command)
      case 'record':
        return record(call, command)
      case 'takeMessage':
        return takeMessage(call)
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
      // Never of a caller's call.
      case 'placeCall':
      case 'refuseCall':
        return failed({ kind: 'unknown', what: `call ${call.id} of an agent` })
      case 'hangUp':
        hangUp(call, refusals[command.why])
        remember(hungUp, call.id)
        return done
    }
  }

  // --- sounds -----------------------------------------------------------------------------------

  function play(call: Call, { message, play: id }: OneCommand<'play'>): Outcome {
    if (call.past.has(id)) return done
    const piece = speech.pieceOf(message)
    if (!piece) return failed({ kind: 'unknown', what: `sound ${message}` })
    if (!call.line?.answered) return notAnswered
    call.past.add(id)
    stopPlaying(call)
    call.playing = { id: randomUUID(), files: [piece.file], millis: piece.millis, message, play: id }
    return done
  }

  /** To the caller, or to an agent who is not put through yet. */
  async function say(call: Call, { agent, parts, play: id }: OneCommand<'say'>): Promise<Outcome> {
    if (id !== undefined && call.past.has(id)) return done
    const leg = agent === undefined ? undefined : answeredOffer(call, agent)
    if (agent !== undefined && !leg) return noLeg(agent)
    if (!leg && !call.line?.answered) return notAnswered
    if (id !== undefined) call.past.add(id)
    if (!leg) stopPlaying(call)
    const listener = leg ?? call
    // Known at once, so that what comes meanwhile is later than this.
    const saying: Playing = { id: randomUUID(), files: [], millis: 0, ...(id !== undefined && { play: id }) }
    speaking.set(listener, saying)
    const pieces = await speech.piecesOf(parts)
    const stopped = speaking.get(listener) !== saying
    if (!stopped) speaking.delete(listener)
    if (pieces.length === 0) return failed({ kind: 'unsupported', command: 'say' })
    if (stopped || !calls.has(call.id) || leg?.state === 'ended') return done
    const millis = pieces.reduce((sum, piece) => sum + piece.millis, 0)
    listener.playing = { ...saying, files: pieces.map(({ file }) => file), millis }
    arranged(call)
    return done
  }

  /** Whose speech is being made. */
  const speaking = new WeakMap<Call | Leg, Playing>()

  function stopPlaying(call: Call) {
    speaking.delete(call)
    call.playing = undefined
    if (call.recording) call.recording.stopping = true
  }

  function music(call: Call, { messages }: OneCommand<'music'>): Outcome {
    const known = messages.filter((message) => speech.pieceOf(message))
    call.music = { messages: known, pieces: known.flatMap((message) => speech.pieceOf(message) ?? []) }
    const missing = messages.find((message) => !known.includes(message))
    return missing === undefined ? done : failed({ kind: 'unknown', what: `sound ${missing}` })
  }

  // --- recordings -------------------------------------------------------------------------------

  const recordingEnds = new Map<string, { readonly promise: Promise<undefined>; readonly ended: () => void }>()

  function record(call: Call, { maxSeconds }: OneCommand<'record'>): Outcome {
    if (!call.line?.answered) return notAnswered
    if (call.connected ?? call.forwarding) return failed({ kind: 'refused', why: 'the caller talks to somebody' })
    if (call.recording && !call.recording.stopping) return done
    stopPlaying(call)
    const name = `gruppnummer-${randomBytes(16).toString('hex')}`
    awaitRecording(name)
    call.recording = { name, maxSeconds, stopping: false }
    return done
  }

  function awaitRecording(name: string) {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    recordingEnds.set(name, {
      promise,
      ended: () => {
        resolve(undefined)
      },
    })
  }

  function recordingFinished(name: string) {
    for (const call of calls.values()) {
      const { recording } = call
      if (recording?.name !== name) continue
      call.line?.finished(name)
      const before = call.saving
      const saving = keepRecording(call, name, recording.maxSeconds, before).finally(() => {
        if (call.saving === saving) call.saving = undefined
      })
      call.saving = saving
      call.recording = undefined
      arranged(call)
    }
    recordingEnds.get(name)?.ended()
    recordingEnds.delete(name)
  }

  async function keepRecording(call: Call, name: string, maxSeconds: number, before: Promise<void> | undefined) {
    await before
    const { file, seconds } = await recordings.take(name, maxSeconds)
    tell({ type: 'recorded', call: call.id, file, seconds })
  }

  function takeMessage(call: Call): Outcome {
    if (!call.line) return absent
    endConsultation(call)
    for (const leg of call.offers.values()) endLeg(call, leg, stopCauses.withdrawn)
    if (call.forwarding) endLeg(call, call.forwarding)
    call.line.answer()
    stopPlaying(call)
    call.music = noMusic
    return done
  }

  // --- agents -----------------------------------------------------------------------------------

  function ring(call: Call, { agent, offer, show }: OneCommand<'ring'>): Outcome {
    if (call.offers.has(offer) || call.past.has(offer)) return done
    ringAgent(call, { id: offer, agent, show })
    return done
  }

  function ringAgent(
    call: Call,
    { id, agent, show }: { readonly id: OfferId; readonly agent: AgentId; readonly show: Caller },
  ): Leg {
    const leg = openLeg(call, { id, role: 'agent', agent, show })
    call.offers.set(id, leg)
    call.past.add(id)
    return leg
  }

  interface LegWanted {
    readonly id: OfferId
    readonly role: Leg['role']
    readonly agent?: AgentId
    readonly to?: E164
    readonly show: Caller
    readonly mode?: Leg['mode']
    readonly rungBack?: { readonly number: E164; readonly called: E164 }
    readonly instead?: Leg
  }

  /** Rings somebody; what comes of it comes later, also where there is nobody to be rung. */
  function openLeg(call: Call, { id, role, agent, to, show, mode = 'listen', rungBack, instead }: LegWanted): Leg {
    const channel = `${channelPrefix}${randomUUID()}`
    const way = agent === undefined ? to && outwards(to) : wayTo(agent)
    const leg: Leg = {
      id,
      role,
      ...(agent !== undefined && { agent }),
      ...(to !== undefined && { to }),
      softphone: way ? way.softphone : true,
      ...(way?.user !== undefined && { user: way.user }),
      show,
      ...(instead && { instead }),
      line: lineOf(channel, true, { making: true }),
      state: 'ringing',
      alerted: false,
      held: false,
      playing: undefined,
      mode,
      snoop: undefined,
    }
    owners.set(channel, { call, leg })
    // Asterisk itself stops a little later, where we are not there to.
    setTimeout(() => {
      if (leg.state === 'ringing' && !closed) rangOut(leg)
    }, longestRing * 1000).unref()
    if (way)
      void ringLeg({
        ...{ ari, application, call: call.id, told: options.told(call.id), leg, way, show, entering },
        watched: role !== 'monitor',
        // Without a caller the call is kept on this leg.
        atOnce: role === 'agent' && call.line !== undefined,
        ...(rungBack && { rungBack }),
        ...(instead && { headers: { [againHeader]: 'yes' } }),
        longestRing: longestRing + 2,
      }).then((rung) => {
        if (rung.ok || leg.state === 'ended' || closed) return
        if (rung.problem.kind === 'gone') return
        destroyed(channel, { cause: unreachable })
      })
    else
      queueMicrotask(() => {
        destroyed(channel, { cause: unreachable })
      })
    return leg
  }

  function rangOut(leg: Leg) {
    void ari.send({ method: 'DELETE', path: channelPath(leg.line.channel), query: { reason_code: '19' } })
    destroyed(leg.line.channel, { cause: 19, rangOut: true })
  }

  /** Over the trunk where the agent's phone is an ordinary one, else the softphone. */
  function wayTo(agent: AgentId): Way | undefined {
    const phone = phones.get(agent)
    if (phone) return outwards(phone.number)
    const account = softphones.get(agent)
    if (!account) return undefined
    const server = options.elsewhere(agent)
    const at = server === undefined ? '' : `@${peerEndpoint(server)}`
    const { user } = account
    return {
      endpoint: `PJSIP/${user}${at}`,
      softphone: true,
      ...(server === undefined && options.registers(user) && { user }),
    }
  }

  function outwards(to: E164): Way | undefined {
    const trunk = options.trunk()
    return trunk === undefined ? undefined : { endpoint: `PJSIP/${to}@${trunk}`, softphone: false }
  }

  /** An agent whose softphone has come back as another one is given the call again. */
  function giveBack(call: Call, leg: Leg) {
    const { id, agent, show = call.caller } = leg
    if (agent === undefined || leg.again) return
    log('info', `call ${call.id}: agent ${agent} is back`)
    leg.silent = true
    leg.again = openLeg(call, { id, role: 'agent', agent, show, instead: leg })
    arranged(call)
  }

  function takesBack(call: Call, leg: Leg, before: Leg) {
    const isBefore = (one: Leg | undefined) => one === before
    const { consultation } = call
    leg.instead = undefined
    before.again = undefined
    call.offers.set(leg.id, leg)
    if (isBefore(call.connected)) call.connected = leg
    if (consultation && isBefore(consultation.by)) call.consultation = { ...consultation, by: leg }
    else if (consultation && isBefore(consultation.third)) call.consultation = { ...consultation, third: leg }
    // Whoever comes after us finds the new one in its place before the old one goes.
    leg.line.write(legVariable, keptLegOf(call.id, leg))
    keep(call)
    endLeg(call, before)
    // What Asterisk itself makes of its end is mended when it is told.
    owners.set(before.line.channel, { call, leg: before })
    arranged(call)
  }

  function phoneGone(agent: AgentId) {
    for (const call of [...calls.values()])
      for (const leg of legsOf(call)) {
        if (leg.agent !== agent || leg.user === undefined || leg.state !== 'ringing') continue
        const { channel } = leg.line
        void ari.send({ method: 'DELETE', path: channelPath(channel) })
        destroyed(channel, { cause: unreachable })
      }
  }

  function stopRinging(call: Call, { agent, offer, why }: OneCommand<'stopRinging'>): Outcome {
    const leg = call.offers.get(offer)
    if (!leg) return noLeg(agent)
    // An answer that crossed this command is told as `agentAnswered`, and it is for the service to hang up.
    if (leg.state === 'ringing') endLeg(call, leg, stopCauses[why])
    return done
  }

  function connect(call: Call, { agent, offer }: OneCommand<'connect'>): Outcome {
    const leg = call.offers.get(offer)
    if (leg?.state !== 'answered') return noLeg(agent)
    if (call.connected === leg) return done
    if (!call.line) return absent
    if (call.consultation) endConsultation(call, leg)
    call.line.answer()
    stopPlaying(call)
    leg.playing = undefined
    speaking.delete(leg)
    call.connected = leg
    return done
  }

  function hangUpAgent(call: Call, { agent, offer }: OneCommand<'hangUpAgent'>): Outcome {
    const theirs = [...call.offers.values()].filter(
      (leg) => leg.agent === agent && (offer === undefined || leg.id === offer),
    )
    if (theirs.length === 0) return noLeg(agent)
    for (const leg of theirs) endLeg(call, leg)
    return done
  }

  function answeredOffer(call: Call, agent: AgentId): Leg | undefined {
    return [...call.offers.values()].find((leg) => leg.agent === agent && leg.state === 'answered')
  }

  // --- numbers outside --------------------------------------------------------------------------

  function forward(call: Call, { to }: OneCommand<'forward'>): Outcome {
    if (call.forwarding) return call.forwarding.to === to ? done : failed({ kind: 'refused', why: 'forwarded already' })
    if (!call.line) return absent
    if (options.trunk() === undefined) return noTrunk
    call.line.answer()
    call.forwarding = openLeg(call, { id: madeUp('forward'), role: 'outside', to, show: call.caller })
    return done
  }

  function callOut(call: Call, { to, show }: OneCommand<'callOut'>): Outcome {
    if (call.callingOut?.to === to) return done
    if (call.line ?? call.callingOut)
      return failed({ kind: 'refused', why: 'the caller is on the line, or being rung' })
    if (options.trunk() === undefined) {
      queueMicrotask(() => {
        callbackFailed(call, 'noTrunk')
      })
      return done
    }
    const called = show.number ?? call.to
    const rungBack = { number: to, called }
    call.callingOut = openLeg(call, { id: madeUp('callback'), role: 'caller', to, show: shown(show), rungBack })
    // So that Asterisk finds who is left when one of them goes and we are away.
    for (const { role, line } of legsOf(call)) {
      if (role !== 'agent') continue
      line.write(callerVariable, call.callingOut.line.channel)
      line.write(calledVariable, called)
    }
    return done
  }

  function callbackFailed(call: Call, cause: string) {
    if (!calls.has(call.id)) return
    const { callingOut } = call
    call.callingOut = undefined
    if (callingOut) endLeg(call, callingOut)
    dropIfEmpty(call)
    tell({ type: 'callbackFailed', call: call.id, cause })
  }

  /** A callback with nobody on the line is over; the next try begins it anew. */
  function dropIfEmpty(call: Call) {
    if (call.line ?? call.callingOut) return
    if ([...call.offers.values()].some(({ state }) => state !== 'ended')) return
    end(call)
  }

  // --- transfers --------------------------------------------------------------------------------

  function consult(call: Call, { agent, to, offer, show }: OneCommand<'consult'>): Outcome {
    const by = call.connected
    if (by?.agent !== agent || by.state !== 'answered') return noLeg(agent)
    if (call.consultation) {
      const same = JSON.stringify(call.consultation.to) === JSON.stringify(to)
      return same ? done : failed({ kind: 'refused', why: 'another consultation is going on' })
    }
    if (offer !== undefined && call.past.has(offer)) return done
    if ('group' in to) return failed({ kind: 'refused', why: 'a group number is not consulted' })
    const identity = show ? shown(show) : call.caller
    if ('number' in to) {
      if (options.trunk() === undefined) return noTrunk
      const third = openLeg(call, { id: madeUp('consult'), role: 'outside', to: to.number, show: identity })
      call.consultation = { by, to, third }
      return done
    }
    if (to.agent === agent) return failed({ kind: 'refused', why: 'nobody consults themselves' })
    const third = ringAgent(call, { id: offer ?? madeUp('consult'), agent: to.agent, show: identity })
    call.consultation = { by, to, third }
    return done
  }

  function completeTransfer(call: Call): Outcome {
    const { consultation } = call
    if (!consultation) return noConsultation
    const { by, third } = consultation
    call.consultation = undefined
    call.connected = undefined
    if (third.role === 'outside') call.forwarding = third
    else if (third.state === 'answered') call.connected = third
    endLeg(call, by)
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
  function leavesThreeWay(call: Call, gone: Leg) {
    const { consultation } = call
    if (!consultation?.threeWay || !calls.has(call.id)) return
    const { threeWay: joined, by, third } = consultation
    if (gone === by && joined === 'all') completeTransfer(call)
    else if (joined === 'callerLeft' && (gone === by || gone === third)) {
      end(call)
      remember(hungUp, call.id)
    }
  }

  /** The third party's leg ends, unless it is the one to be kept. */
  function endConsultation(call: Call, kept?: Leg) {
    const { consultation } = call
    call.consultation = undefined
    if (consultation && consultation.third !== kept) endLeg(call, consultation.third)
  }

  // --- listening in -----------------------------------------------------------------------------

  function monitor(call: Call, { by, mode }: OneCommand<'monitor'>): Outcome {
    const known = call.monitors.get(by)
    if (mode === 'off') {
      if (known) endLeg(call, known, stopCauses.withdrawn)
      return done
    }
    if (known) {
      known.mode = mode
      return done
    }
    if (answeredOffer(call, by)) return failed({ kind: 'refused', why: 'who is in the call cannot listen in' })
    const leg = openLeg(call, { id: madeUp('monitor'), role: 'monitor', agent: by, show: call.caller, mode })
    call.monitors.set(by, leg)
    return done
  }

  /** Each listener's ear is on the agent who talks, or on the caller where there is none. */
  function snoop(call: Call) {
    const talking = conversation(call)
    const agent = talking?.legs.find((leg) => leg.agent !== undefined)
    const on = talking && (agent?.line.channel ?? call.line?.channel)
    for (const leg of call.monitors.values()) {
      const wanted = leg.state === 'answered' && leg.mode !== 'barge' ? on : undefined
      const whispers = leg.mode === 'whisper'
      if (leg.snoop?.on === wanted && (leg.snoop === undefined || leg.snoop.whispers === whispers)) continue
      endSnoop(leg)
      if (wanted !== undefined) openSnoop(call, leg, wanted, whispers)
    }
  }

  function openSnoop(call: Call, leg: Leg, on: string, whispers: boolean) {
    const channel = `${channelPrefix}snoop-${randomUUID()}`
    const opened: Snoop = { line: lineOf(channel, true, { guarded: false }), on, whispers, ready: false }
    leg.snoop = opened
    entering.set(channel, () => {
      entering.delete(channel)
      opened.ready = true
      if (leg.snoop === opened) arranged(call)
    })
    void ari
      .send({
        method: 'POST',
        path: `${channelPath(on)}/snoop/${channel}`,
        query: { app: application, spy: 'both', whisper: whispers ? 'out' : 'none' },
      })
      .then((made) => {
        if (!made.ok) entering.delete(channel)
      })
  }

  function endSnoop(leg: Leg) {
    const { snoop: before } = leg
    leg.snoop = undefined
    if (!before) return
    before.line.gone()
    void ari.send({ method: 'DELETE', path: channelPath(before.line.channel) })
  }

  // --- legs and calls ---------------------------------------------------------------------------

  function lineOf(
    channel: string,
    answered: boolean,
    more: { hears?: Ear; making?: true; guarded?: false } = {},
  ): Line {
    return openLine({
      ari,
      channel,
      answered,
      ...more,
      streams,
      beep: speech.beep,
      bridges,
      troubled: (ear, problem) => {
        if (closed || problem.kind === 'gone') return
        log('warn', `channel ${channel}: ${ear.kind} could not be had: ${JSON.stringify(problem)}`)
        // What cannot be played has been played, so that nobody waits for its end.
        if (ear.kind === 'playback') playbackFinished(ear.id)
        if (ear.kind === 'recording') recordingFinished(ear.name)
        if (ear.kind === 'bridge') {
          bridges.doubt(ear.id)
          const owner = owners.get(channel)
          setTimeout(() => owner && calls.has(owner.call.id) && arranged(owner.call), againAfter).unref()
        }
      },
    })
  }

  function linesOf(call: Call): readonly Line[] {
    const lines = [call.line, ...legsOf(call).map(({ line }) => line)]
    return [...new Set(lines)].filter((line) => line !== undefined)
  }

  /** Soon: when everything that is commanded at this moment is known. */
  function arranged(call: Call) {
    if (closed) return
    if (unarranged.size === 0) setImmediate(arrangeAll)
    unarranged.add(call)
  }

  function arrangeAll() {
    const all = [...unarranged]
    unarranged.clear()
    for (const call of all) {
      if (closed || !calls.has(call.id)) continue
      if (call.line && !call.line.answered) alert(call.line)
      snoop(call)
      // Written first: what begins to play now would hold it up.
      keep(call)
      arrange(call, { bridges, streams })
    }
  }

  /** The caller hears that it rings, and we are there. */
  function alert(line: Line) {
    if (alerted.has(line)) return
    alerted.add(line)
    line.guard()
    void ari.send({ method: 'POST', path: `${channelPath(line.channel)}/ring` })
  }

  /** Written on a channel of the call, where it says something new. */
  function keep(call: Call) {
    const line = call.line ?? call.callingOut?.line ?? legsOf(call)[0]?.line
    if (!line || !calls.has(call.id)) return
    // What is lost with us in this moment is a caller who is taken anew.
    if (call.fresh && !call.connected && !call.playing && !call.recording && !call.forwarding) return
    const text = `${line.channel} ${keptCallOf(call, 0)}`
    if (kept.get(call) === text) return
    kept.set(call, text)
    const { consultation } = call
    // Where it is found when the caller has gone unheard; the caller's counts as long as it is there.
    if (consultation?.threeWay === 'all') write(consultation.by.line)
    write(line)

    function write(on: Line) {
      version = Math.max(version + 1, Date.now())
      on.write(callVariable, keptCallOf(call, version))
    }
  }

  /** By us: nothing more is told of it. */
  function endLeg(call: Call, leg: Leg, cause = 16) {
    if (leg.state === 'ended') return
    dropLeg(call, leg)
    owners.delete(leg.line.channel)
    void stopLeg(leg, cause)
    if (leg.role !== 'monitor') dropIfEmpty(call)
  }

  /** What the far side says of its ringing takes the place of our reason, so that is awaited for a moment where it matters. */
  async function stopLeg(leg: Leg, cause: number) {
    const { channel } = leg.line
    if (cause === stopCauses.answeredElsewhere && !leg.alerted) {
      const { promise, resolve } = Promise.withResolvers<undefined>()
      postponed.set(channel, () => {
        resolve(undefined)
      })
      await within(alertsWithin, promise)
      postponed.delete(channel)
    }
    await ari.send({ method: 'DELETE', path: channelPath(channel), query: { reason_code: String(cause) } })
  }

  function dropLeg(call: Call, leg: Leg) {
    leg.state = 'ended'
    leg.playing = undefined
    leg.line.gone()
    endSnoop(leg)
    if (leg.instead) leg.instead.again = undefined
    if (leg.again) endLeg(call, leg.again, stopCauses.withdrawn)
    if (call.connected === leg) call.connected = undefined
    if (call.forwarding === leg) call.forwarding = undefined
    leavesThreeWay(call, leg)
    // The caller is back with the agent who asked for a third party that has gone.
    if (call.consultation?.third === leg) call.consultation = undefined
    if (leg.agent !== undefined && call.monitors.get(leg.agent) === leg) call.monitors.delete(leg.agent)
    if (calls.has(call.id)) arranged(call)
  }

  function hangUp(call: Call, status: number) {
    const { line } = call
    // First out of the book, so that what follows is no news.
    end(call)
    if (line?.answered) void ari.send({ method: 'DELETE', path: channelPath(line.channel), patient: true })
    else if (line) refuse(line.channel, status)
  }

  function end(call: Call) {
    if (!calls.delete(call.id)) return
    if (call.callback) for (const offer of call.offers.keys()) remember(rungBack, offer)
    if (call.line) {
      owners.delete(call.line.channel)
      call.line.gone()
    }
    for (const leg of legsOf(call)) endLeg(call, leg, leg.state === 'ringing' ? stopCauses.callerGone : undefined)
    for (const bridge of bridgesOf(call)) bridges.end(bridge)
    kept.delete(call)
  }

  return {
    recover,
    setUp(given) {
      setup = given
      phones = new Map((given.phones ?? []).map((phone) => [phone.agent, phone]))
      softphones = new Map(given.softphones.map((account) => [account.agent, account]))
      for (const event of agentCalls.unplaced()) tell(event)
      // The service may have been told of them, and has given them up when it found none of them written down.
      for (const channel of strays) if (!owners.has(channel.id)) arrive(channel, ['caller', '', String(now())])
      strays = []
    },
    perform,
    heard,
    phoneGone,
    flush() {
      for (const call of calls.values()) settles(call)
      arrangeAll()
    },
    get calls() {
      return calls.size
    },
    get busy() {
      return agentCalls.busy
    },
    close() {
      closed = true
      clearInterval(guards)
      clearInterval(signs)
      comebacks.close()
      streams.close()
      for (const call of calls.values()) for (const line of linesOf(call)) line.gone()
    },
  }
}

/** Q.850: subscriber absent. */
const unreachable = 20
/** Milliseconds for a phone to say that it rings. */
const alertsWithin = 300
/** Milliseconds until what failed is tried again. */
const againAfter = 250
/** Milliseconds that a recording may take to end after its caller has gone. */
const lastWords = 3000

/** Nobody else is on it to end it. */
const isAlone = ({ hears }: Line) => hears.kind === 'nothing' || hears.kind === 'music'

/** The name of a channel is `PJSIP/ENDPOINT-SERIAL`. */
const endpointOf = ({ name }: AriChannel) => /^PJSIP\/(.*)-[^-]*$/.exec(name)?.[1]

const channelPath = (channel: string) => `/channels/${encodeURIComponent(channel)}`

function shown({ number, name }: Presentation): Caller {
  return { ...(number && { number }), ...(name !== undefined && { name }) }
}

const madeUp = (what: string) => `${what}-${randomBytes(8).toString('hex')}` as OfferId

function playedOf(call: Call, { message, play }: Playing): SwitchEvent {
  return {
    type: 'played',
    call: call.id,
    ...(message !== undefined && { message }),
    ...(play !== undefined && { play }),
  }
}

function remember<Id>(ids: Set<Id>, id: Id) {
  ids.add(id)
  for (const old of ids) {
    if (ids.size <= rememberedCalls) break
    ids.delete(old)
  }
}

async function within(millis: number, promise: Promise<undefined> | undefined): Promise<void> {
  if (!promise) return
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, millis)
  })
  await Promise.race([promise, limit])
  clearTimeout(timer)
}

function noLeg(agent: AgentId): Outcome {
  return failed({ kind: 'unknown', what: `leg of ${agent}` })
}

const absent: Outcome = failed({ kind: 'refused', why: 'the caller is not on the line' })
const notAnswered: Outcome = failed({ kind: 'refused', why: 'the call is not answered' })
const noTrunk: Outcome = failed({ kind: 'refused', why: 'no trunk for calls out' })
const noConsultation: Outcome = failed({ kind: 'unknown', what: 'consultation' })
