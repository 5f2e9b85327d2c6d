import { randomBytes, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { agentHeader } from '../../contract/softphone.ts'
import type { SwitchProblem } from '../../contract/switch.ts'
import type { AgentId, E164, MessageId } from '../../core/configuration/types.ts'
import { done, failed, type Result } from '../../core/result.ts'
import type {
  AgentCallEnd,
  CallId,
  CallTarget,
  Command,
  HeldAgentCall,
  OfferId,
  SwitchEvent,
} from '../../core/routing/messages.ts'
import { parsedJson, type AriChannel, type AriEvent } from './ari-messages.ts'
import { bridgePrefix } from './arrange.ts'
import type { Leg } from './call.ts'
import { agentCallEnd, agentRefusals, type Ending } from './causes.ts'
import type { Bridges, Ear, Line } from './line.ts'
import type { Music, MusicStreams, Piece } from './music.ts'
import { nothing } from './line.ts'
import type { AriClient } from './open-ari-client.ts'
import { channelPrefix, ringLeg, type Way } from './ring-leg.ts'

/** Calls that agents make from their softphones: to a colleague, to a number outside, or to hear themselves. */
export interface AgentCalls {
  /** `as`: what the agent asks to be shown as. */
  arrive(channel: AriChannel, agent: AgentId, as: E164 | undefined): void
  /** False: it is not about a call of ours. */
  heard(event: AriEvent): boolean
  /** Undefined: not about a call of ours. */
  perform(command: Command): Outcome | undefined
  /** Agents who cannot be rung by the queue: they call, or have answered a colleague. */
  readonly busy: ReadonlySet<AgentId>
  held(): readonly HeldAgentCall[]
  /** Those that no service has answered yet. */
  unplaced(): readonly SwitchEvent[]
  /** Found at the attach: the agent's channel as it was written on, and the leg of whom they called. */
  found(channel: AriChannel, kept: KeptAgentCall, line: Line, other: Leg | undefined): void
  readonly lines: readonly Line[]
}

export interface AgentCallsOptions {
  readonly ari: AriClient
  readonly application: string
  readonly bridges: Bridges
  readonly streams: MusicStreams
  readonly entering: Map<string, () => void>
  readonly lineOf: (channel: string, answered: boolean) => Line
  readonly wayTo: (agent: AgentId) => Way | undefined
  readonly outwards: (to: E164) => Way | undefined
  /** A call as the service names it. */
  readonly told: (call: CallId) => CallId
  readonly pieceOf: (message: MessageId) => Piece | undefined
  /** Ends a channel that was not answered with a status of SIP. */
  readonly refuse: (channel: string, status: number) => void
  readonly tell: (event: SwitchEvent) => void
  /** `busy` is another. */
  readonly busyChanged: () => void
}

type Outcome = Result<void, SwitchProblem>
type OneCommand<Type extends Command['type']> = Extract<Command, { type: Type }>

/**
 * ```
 *  asked ──placeCall──▶ ringing ──answered──▶ talking ──▶ over
 *    └──refuseCall, 10 s──────┴── refused, given up ───────▶
 * ```
 */
interface AgentCall {
  readonly id: CallId
  readonly agent: AgentId
  readonly dialled: string
  readonly as: E164 | undefined
  readonly line: Line
  placed: CallTarget | undefined
  music: Music
  other: Leg | undefined
  /** Through which agents hear themselves. */
  mirror: Line | undefined
  /** The agent has the other side on hold; and the other side, if a softphone, the agent. */
  holds: boolean
  otherHolds: boolean
  limit: NodeJS.Timeout | undefined
}

/** On the agent's channel. */
export const agentCallVariable = 'GRUPPNUMMER_AGENT_CALL'

const named = <Id>() => z.custom<Id>((value) => typeof value === 'string' && value !== '')
const keptAgentCall = z.object({
  agent: named<AgentId>(),
  dialled: z.string(),
  as: named<E164>().exactOptional(),
  placed: z
    .union([
      z.strictObject({ agent: named<AgentId>() }),
      z.strictObject({ number: named<E164>() }),
      z.strictObject({ echo: z.literal(true) }),
    ])
    .exactOptional(),
  music: z.object({
    messages: z.array(named<MessageId>()),
    pieces: z.array(z.object({ file: z.string(), millis: z.number() })),
  }),
})
export type KeptAgentCall = z.infer<typeof keptAgentCall>

export function readKeptAgentCall(value: string): KeptAgentCall | undefined {
  return keptAgentCall.safeParse(parsedJson(value)).data
}

/** Calls of one agent at once. */
const mostOfOne = 8
/** Milliseconds: a service that does not answer in this time is as good as away. */
const answerWithin = 10_000
const longestRing = 120_000

export function openAgentCalls(options: AgentCallsOptions): AgentCalls {
  const { ari, application, bridges, streams, entering, tell } = options
  const calls = new Map<CallId, AgentCall>()
  const byChannel = new Map<string, AgentCall>()

  function add(channel: AriChannel, line: Line, kept: KeptAgentCall): AgentCall {
    const call: AgentCall = {
      id: channel.id as CallId,
      agent: kept.agent,
      dialled: kept.dialled,
      as: kept.as,
      line,
      placed: kept.placed,
      music: kept.music,
      other: undefined,
      mirror: undefined,
      holds: false,
      otherHolds: false,
      limit: undefined,
    }
    calls.set(call.id, call)
    byChannel.set(channel.id, call)
    return call
  }

  function arrive(channel: AriChannel, agent: AgentId, as: E164 | undefined) {
    const dialled = channel.dialplan.exten
    if ([...calls.values()].filter((call) => call.agent === agent).length >= mostOfOne) {
      options.refuse(channel.id, 486)
      return
    }
    if (dialled.length > 200 || dialled.trim() === '') {
      options.refuse(channel.id, 404)
      return
    }
    const music = { messages: [], pieces: [] }
    const kept = { agent, dialled, ...(as && { as }), music }
    const call = add(channel, options.lineOf(channel.id, channel.state === 'Up'), kept)
    call.line.guard()
    limit(call, answerWithin, 'failed', 503)
    keep(call)
    options.busyChanged()
    tell(asked(call))
  }

  function limit(call: AgentCall, millis: number, why: AgentCallEnd, status: number) {
    clearTimeout(call.limit)
    call.limit = setTimeout(() => {
      end(call.id, why, status)
    }, millis)
  }

  function keep({ line, agent, dialled, as, placed, music }: AgentCall) {
    const kept: KeptAgentCall = {
      agent,
      dialled,
      ...(as && { as }),
      ...(placed && { placed }),
      music: { messages: [...music.messages], pieces: [...music.pieces] },
    }
    line.write(agentCallVariable, JSON.stringify(kept))
  }

  function heard(event: AriEvent): boolean {
    if (!('channel' in event) || event.type === 'StasisStart') return false
    const { id } = event.channel
    const call = byChannel.get(id)
    if (!call) return false
    const isOther = call.other?.line.channel === id
    switch (event.type) {
      case 'StasisEnd':
        if (!isOther) end(call.id, 'agent')
        return true
      case 'ChannelDestroyed': {
        const { tech_cause: status, cause } = event
        left(call, isOther, { cause, ...(status !== undefined && status >= 300 && { status }) })
        return true
      }
      case 'ChannelStateChange':
        if (!isOther) return true
        if (event.channel.state === 'Ringing' && call.other?.softphone)
          void ari.send({ method: 'POST', path: `${channelPath(call.line.channel)}/ring` })
        if (event.channel.state === 'Up' && call.other?.state === 'ringing') otherAnswers(call, call.other)
        return true
      case 'ChannelHold':
      case 'ChannelUnhold':
        if (isOther) call.otherHolds = event.type === 'ChannelHold'
        else call.holds = event.type === 'ChannelHold'
        join(call)
        return true
      default:
        return true
    }
  }

  function left(call: AgentCall, isOther: boolean, ending: Ending) {
    if (!isOther) {
      end(call.id, 'agent')
      return
    }
    const { other } = call
    if (other?.state === 'answered') end(call.id, ending.cause === 16 ? 'other' : 'lost')
    else end(call.id, agentCallEnd(ending, other?.softphone === true), passedOn(ending))
  }

  function otherAnswers(call: AgentCall, other: Leg) {
    clearTimeout(call.limit)
    other.state = 'answered'
    call.line.answer()
    options.busyChanged()
    tell({ type: 'agentCallAnswered', call: call.id, agent: call.agent })
    join(call)
  }

  /** One who holds the other hears nobody, and the other hears music. */
  function join(call: AgentCall) {
    const { line, other, mirror, holds, otherHolds } = call
    const bridge: Ear = { kind: 'bridge', id: bridgeOf(call) }
    if (mirror) {
      line.wants(bridge)
      mirror.wants(bridge)
      return
    }
    if (other?.state !== 'answered') return
    const stream = streams.of(call.music)
    const music: Ear = stream === undefined ? nothing : { kind: 'music', id: stream }
    line.wants(otherHolds && other.softphone ? music : bridge)
    other.line.wants(holds ? music : bridge)
  }

  // --- commands ---------------------------------------------------------------------------------

  function perform(command: Command): Outcome | undefined {
    const call = calls.get(command.call)
    if (!call) return undefined
    switch (command.type) {
      case 'placeCall':
        return place(call, command)
      case 'refuseCall':
        if (call.placed) return failed({ kind: 'refused', why: 'the call has been placed' })
        end(call.id, 'refused', agentRefusals[command.why])
        return done
      case 'hangUp':
        end(call.id, 'ordered', 480)
        return done
      default:
        return failed({ kind: 'refused', why: `${command.type} of a call that an agent has made` })
    }
  }

  function place(call: AgentCall, { to, show, music }: OneCommand<'placeCall'>): Outcome {
    if (call.placed) return done
    call.placed = to
    clearTimeout(call.limit)
    call.music = { messages: music, pieces: music.flatMap((message) => options.pieceOf(message) ?? []) }
    keep(call)
    if ('echo' in to) {
      echo(call)
      return done
    }
    const way = 'agent' in to ? options.wayTo(to.agent) : options.outwards(to.number)
    const unreachable = () => {
      end(call.id, 'unreachable', 'agent' in to ? 480 : 502)
    }
    // The answer to the command comes first.
    if (!way) queueMicrotask(unreachable)
    else ring(call, way, show, unreachable)
    return done
  }

  function ring(call: AgentCall, way: Way, show: OneCommand<'placeCall'>['show'], unreachable: () => void) {
    const channel = `${channelPrefix}${randomUUID()}`
    const leg: Leg = {
      id: randomBytes(8).toString('hex') as OfferId,
      role: 'called',
      softphone: way.softphone,
      line: options.lineOf(channel, true),
      state: 'ringing',
      alerted: false,
      held: false,
      playing: undefined,
      mode: 'listen',
      snoop: undefined,
    }
    call.other = leg
    byChannel.set(channel, call)
    limit(call, longestRing, 'noAnswer', 480)
    const headers = { [agentHeader]: encodeURIComponent(call.agent) }
    void ringLeg({
      ari,
      application,
      call: call.id,
      told: options.told(call.id),
      leg,
      way,
      show,
      entering,
      headers,
      // What is said before the answer is heard (RFC 3960), and ringing passed on by Asterisk itself, where both are together already.
      ...(!way.softphone && { beforeDial: { of: call.id, does: () => joinEarly(call, leg) } }),
    }).then((rung) => {
      if (!rung.ok && rung.problem.kind !== 'gone' && leg.state === 'ringing') unreachable()
    })
  }

  async function joinEarly({ line, id }: AgentCall, other: Leg) {
    const bridge = bridgeOf({ id })
    await bridges.make(bridge)
    if (!calls.has(id) || other.state !== 'ringing') return
    line.wants({ kind: 'bridge', id: bridge })
    other.line.wants({ kind: 'bridge', id: bridge })
    // Until that is asked for.
    await new Promise(setImmediate)
  }

  /** The agent's own voice, by an ear on their channel that is put beside it. */
  function echo(call: AgentCall) {
    const channel = `${channelPrefix}snoop-${randomUUID()}`
    call.line.answer()
    const mirror = options.lineOf(channel, true)
    entering.set(channel, () => {
      entering.delete(channel)
      call.mirror = mirror
      join(call)
    })
    void ari.send({
      method: 'POST',
      path: `${channelPath(call.line.channel)}/snoop/${channel}`,
      query: { app: application, spy: 'in', whisper: 'none' },
    })
    tell({ type: 'agentCallAnswered', call: call.id, agent: call.agent })
  }

  /** `status`: what the agent's softphone is told where it has not been answered. */
  function end(id: CallId, why: AgentCallEnd, status = 480) {
    const call = calls.get(id)
    if (!call) return
    // First out of the book, so that what follows is no news.
    calls.delete(id)
    clearTimeout(call.limit)
    const { line, other, mirror } = call
    byChannel.delete(line.channel)
    line.gone()
    if (why !== 'agent') {
      if (line.answered) hangUp(line.channel)
      else options.refuse(line.channel, status)
    }
    if (other) {
      byChannel.delete(other.line.channel)
      other.state = 'ended'
      other.line.gone()
      hangUp(other.line.channel)
    }
    if (mirror) hangUp(mirror.channel)
    bridges.end(bridgeOf(call))
    tell({ type: 'agentCallEnded', call: id, agent: call.agent, why })
    options.busyChanged()
  }

  function hangUp(channel: string) {
    void ari.send({ method: 'DELETE', path: channelPath(channel) })
  }

  return {
    arrive,
    heard,
    perform,
    get busy() {
      return new Set([...calls.values()].flatMap(whoIsBusy))
    },
    get lines() {
      return [...calls.values()].flatMap(({ line, other }) => (other ? [line, other.line] : [line]))
    },
    held: () =>
      [...calls.values()].flatMap(({ id, agent, placed, line }) =>
        placed ? [{ call: id, agent, to: placed, answered: line.answered }] : [],
      ),
    unplaced: () => [...calls.values()].filter(({ placed }) => !placed).map(asked),
    found(channel, kept, line, other) {
      const call = add(channel, line, kept)
      call.other = other
      if (other) byChannel.set(other.line.channel, call)
      bridges.found(bridgeOf(call))
      if (!call.placed) limit(call, answerWithin, 'failed', 503)
      else if ('echo' in call.placed) echo(call)
      else if (other?.state === 'ringing') limit(call, longestRing, 'noAnswer', 480)
      else if (other) join(call)
      else end(call.id, 'other')
      line.guard()
    },
  }
}

/** The bridge of an agent's call, and of no caller's. */
export const agentBridgePrefix = `${bridgePrefix}own-`
const bridgeOf = ({ id }: Pick<AgentCall, 'id'>) => `${agentBridgePrefix}${id}`

const channelPath = (channel: string) => `/channels/${encodeURIComponent(channel)}`

function asked({ id, agent, dialled, as }: AgentCall): SwitchEvent {
  return { type: 'agentCalled', call: id, agent, to: dialled, ...(as && { as }) }
}

function whoIsBusy({ agent, placed, other }: AgentCall): AgentId[] {
  return placed && 'agent' in placed && other?.state === 'answered' ? [agent, placed.agent] : [agent]
}

/** A status of the far side's that its caller understands; a digest that it wants of us is none. */
function passedOn({ status = 480 }: Ending): number {
  return status >= 400 && status <= 699 && status !== 401 && status !== 407 ? status : 500
}
