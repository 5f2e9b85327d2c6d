import type { Core } from 'sip.js'
import { agentHeader, callHeader, offerHeader, offerText } from '../../contract/softphone.ts'
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
import { after, seconds } from '../../core/time.ts'
import { agentCallEnd, agentRefusals } from './causes.ts'
import type { Clock } from './clock.ts'
import type { LegListener, Media, Sound } from './media/media.ts'
import { newCallId } from './new-call-id.ts'
import { shown } from './sip/identity.ts'
import { openIncomingLeg, type IncomingLeg } from './sip/incoming-leg.ts'
import { openOutgoingLeg, type OutgoingLeg } from './sip/outgoing-leg.ts'
import type { Peer } from './sip/peer.ts'
import type { Way, Ways } from './ways.ts'

/** Calls that agents make from their softphones: to a colleague, to a number outside, or to hear themselves. */
export interface AgentCalls {
  take(given: AgentInvite): Promise<void>
  /** Undefined: not about a call of ours. */
  perform(command: Command): Result<void, SwitchProblem> | undefined
  /** Agents who cannot be rung by the queue: they call, or have answered a colleague. */
  readonly busy: ReadonlySet<AgentId>
  held(): readonly HeldAgentCall[]
  /** Those that no service has answered yet, to be told to one that has just attached. */
  unplaced(): readonly SwitchEvent[]
  /** Says goodbye to all parties. */
  close(): void
}

export interface AgentInvite {
  readonly invite: Core.InviteUserAgentServer
  readonly peer: Peer
  readonly agent: AgentId
  /** As dialled. */
  readonly to: string
  readonly as: E164 | undefined
}

export interface AgentCallsOptions {
  readonly media: Media
  readonly clock: Clock
  readonly random: (size: number) => Buffer
  readonly ways: Ways
  soundOf(message: MessageId): Sound | undefined
  /** Whether a service is there to say what may be called. */
  attached(): boolean
  readonly tell: (event: SwitchEvent) => void
  /** `busy` is another. */
  busyChanged(): void
  readonly log: (level: 'info' | 'warn', text: string) => void
}

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
  readonly leg: IncomingLeg
  placed: CallTarget | undefined
  other: OutgoingLeg | undefined
  /** The other side can be heard before it answers. */
  early: boolean
  cancelLimit: () => void
}

type OneCommand<Type extends Command['type']> = Extract<Command, { type: Type }>

/** Calls of one agent at once. */
const mostOfOne = 8
/** A service that does not answer in this time is as good as away. */
const answerWithin = seconds(10)
/** RFC 3261 section 13.3.1.1 would have us say every minute that it goes on ringing. */
const longestRing = seconds(120)

export function openAgentCalls(options: AgentCallsOptions): AgentCalls {
  const { media, clock, random, ways, tell, log } = options
  const calls = new Map<CallId, AgentCall>()

  // --- the agent calls --------------------------------------------------------------------------

  async function take({ invite, peer, agent, to, as }: AgentInvite) {
    if ([...calls.values()].filter((call) => call.agent === agent).length >= mostOfOne) {
      invite.reject({ statusCode: 486 })
      return
    }
    const id = newCallId(random)
    const listener: LegListener = {
      digit: noDigit,
      lost: (why) => {
        log('info', `call ${id}: media of agent ${agent} was lost (${why})`)
        end(id, 'lost', 480)
      },
    }
    const leg = await openIncomingLeg({
      invite,
      peer,
      held: true,
      headers: [`${callHeader}: ${id}`],
      media: media.openWebRtcLeg(listener),
      clock,
      random,
      ended: () => {
        end(id, 'agent')
      },
      digit: noDigit,
      renegotiated: () => {
        join(calls.get(id))
      },
    })
    if (!leg) return
    if (!options.attached()) {
      leg.hangUp(503)
      return
    }
    const call: AgentCall = {
      id,
      agent,
      dialled: to,
      as,
      leg,
      placed: undefined,
      other: undefined,
      early: false,
      cancelLimit: clock.wake(after(clock.now(), answerWithin), () => {
        end(id, 'failed', 503)
      }),
    }
    calls.set(id, call)
    options.busyChanged()
    tell(asked(call))
  }

  // --- commands ---------------------------------------------------------------------------------

  function perform(command: Command): Result<void, SwitchProblem> | undefined {
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

  function place(call: AgentCall, { to, show, music }: OneCommand<'placeCall'>): Result<void, SwitchProblem> {
    if (call.placed) return done
    call.placed = to
    call.cancelLimit()
    if ('echo' in to) {
      call.leg.answer()
      call.leg.media.echo()
      tell({ type: 'agentCallAnswered', call: call.id, agent: call.agent })
      return done
    }
    const way = 'agent' in to ? ways.toAgent(to.agent) : ways.outside(to.number)
    if (!way) {
      // The answer to the command comes first.
      queueMicrotask(() => {
        end(call.id, 'unreachable', 'agent' in to ? 480 : 502)
      })
      return done
    }
    const sounds = music.map((message) => options.soundOf(message)).filter((sound) => sound !== undefined)
    ring(call, way, { ...show, sounds })
    return done
  }

  function ring(
    call: AgentCall,
    way: Way,
    { number, name, sounds }: OneCommand<'placeCall'>['show'] & { readonly sounds: readonly Sound[] },
  ) {
    const lost = () => {
      end(call.id, 'lost', 480)
    }
    call.other = openOutgoingLeg({
      peer: way.peer,
      media: way.media({ digit: noDigit, lost }),
      to: way.to,
      from: shown(number, name),
      headers: way.knowsUs
        ? [
            `${offerHeader}: ${offerText(call.id, random(8).toString('hex') as OfferId)}`,
            `${agentHeader}: ${encodeURIComponent(call.agent)}`,
          ]
        : [],
      clock,
      random,
      ringing: () => {
        call.leg.ring(180)
      },
      ...(!way.knowsUs && {
        early: () => {
          call.early = true
          call.leg.ring(183)
          join(call)
        },
      }),
      answered: () => {
        call.cancelLimit()
        call.leg.answer()
        // For whichever of them is held.
        if (sounds.length > 0) for (const side of [call.leg, call.other]) side?.media.music(sounds)
        options.busyChanged()
        tell({ type: 'agentCallAnswered', call: call.id, agent: call.agent })
        join(call)
      },
      refused: (status) => {
        end(call.id, agentCallEnd(status, way.knowsUs), passedOn(status))
      },
      ended: (why) => {
        end(call.id, why === 'bye' ? 'other' : 'lost')
      },
      digit: noDigit,
      renegotiated: () => {
        join(call)
      },
    })
    call.cancelLimit = clock.wake(after(clock.now(), longestRing), () => {
      end(call.id, 'noAnswer', 480)
    })
  }

  /** One who holds the other hears nobody, and the other hears music. */
  function join(call: AgentCall | undefined) {
    const other = call?.other
    if (!call || !other) return
    const heard = other.state === 'answered' || (other.state === 'ringing' && call.early)
    if (!heard || other.media.heldByFarSide || call.leg.media.heldByFarSide) other.media.unbridge()
    else if (other.media.bridgedTo !== call.leg.media) other.media.bridge(call.leg.media)
  }

  /** `status`: what the agent's softphone is told where it has not been answered. */
  function end(id: CallId, why: AgentCallEnd, status = 480) {
    const call = calls.get(id)
    if (!call) return
    // First out of the book, so that what follows is no news.
    calls.delete(id)
    call.cancelLimit()
    call.leg.hangUp(status)
    call.other?.hangUp()
    tell({ type: 'agentCallEnded', call: id, agent: call.agent, why })
    options.busyChanged()
  }

  return {
    take,
    perform,
    get busy() {
      return new Set([...calls.values()].flatMap(whoIsBusy))
    },
    held: () =>
      [...calls.values()].flatMap(({ id, agent, placed, leg }) =>
        placed ? [{ call: id, agent, to: placed, answered: leg.state === 'answered' }] : [],
      ),
    unplaced: () => [...calls.values()].filter(({ placed }) => !placed).map(asked),
    close() {
      for (const id of [...calls.keys()]) end(id, 'ordered', 503)
    },
  }
}

function asked({ id, agent, dialled, as }: AgentCall): SwitchEvent {
  return { type: 'agentCalled', call: id, agent, to: dialled, ...(as && { as }) }
}

function whoIsBusy({ agent, placed, other }: AgentCall): AgentId[] {
  return placed && 'agent' in placed && other?.state === 'answered' ? [agent, placed.agent] : [agent]
}

/** A status of the far side's that its caller understands; a digest that it wants of us is none. */
function passedOn(status: number): number {
  return status >= 400 && status <= 699 && status !== 401 && status !== 407 ? status : 500
}

/** Digits go through with the sound. */
function noDigit() {
  return undefined
}
