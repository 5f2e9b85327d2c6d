import { z } from 'zod'
import type { SwitchHoldings, SwitchProblem, SwitchSetup } from '../../../contract/switch.ts'
import type { AgentId, E164, GroupNumberId, MessageId } from '../../../core/configuration/types.ts'
import type { Result } from '../../../core/result.ts'
import type {
  CallId,
  CallTarget,
  Command,
  HeldAgentCall,
  HeldCall,
  OfferId,
  PlayId,
  Presentation,
  SpokenPart,
  SwitchEvent,
  TransferTarget,
} from '../../../core/routing/messages.ts'
import type { Instant } from '../../../core/time.ts'

/**
 * What goes over the socket between a service and the switch's process: JSON, one message a line.
 *
 * ```
 * service                              switch
 *    │ ◀──────────────────────── hello ──│
 *    │── attach {id, epoch} ───────────▶ │
 *    │ ◀──────────── attached {id, ...} ─│
 *    │── prepare, perform {id, epoch} ─▶ │ ◀─ told to the attached one alone: event, lost
 *    │ ◀───────────────── done {id, ...} │
 *    │ ◀──── heartbeat, both ways ─────▶ │
 * ```
 */
export const switchProtocol = 1

/** Both ends beat this often while connected, in milliseconds. */
export const beatMillis = 500
/** Without a word for this long the other end counts as frozen. */
export const frozenMillis = 2000
/** No message is longer, in bytes: a setup for 10,000 agents is about 2 MB. */
export const longestMessage = 16 * 1024 * 1024

const id = <Id extends string>() => z.string().min(1).max(200) as unknown as z.ZodType<Id, string>
const call = { call: id<CallId>() }
const agent = { agent: id<AgentId>() }
const offer = { offer: id<OfferId>() }
const maybeOffer = { offer: z.exactOptional(id<OfferId>()) }
const e164 = z.string().regex(/^\+[1-9]\d{6,14}$/) as unknown as z.ZodType<E164, string>
/** What may be rung outside: 112 is dialled as it is, on every trunk. */
const outside = z.string().regex(/^(112|\+[1-9]\d{6,14})$/) as unknown as z.ZodType<E164, string>
/** A service number may be a short one, told as it was dialled. */
const called = z.string().regex(/^(\d{2,6}|\+[1-9]\d{6,14})$/) as unknown as z.ZodType<E164, string>
const digit = { digit: z.string().regex(/^[0-9*#A-D]$/) }
const text = z.string().max(1000)

const presentation: z.ZodType<Presentation> = z.strictObject({
  group: id<GroupNumberId>(),
  number: z.exactOptional(e164),
  name: z.exactOptional(text),
})

const spokenPart: z.ZodType<SpokenPart> = z.discriminatedUnion('say', [
  z.strictObject({ say: z.literal('message'), message: id<MessageId>() }),
  z.strictObject({
    say: z.literal('number'),
    number: z.number(),
    gender: z.exactOptional(z.literal('common')),
  }),
  z.strictObject({ say: z.literal('text'), text }),
  z.strictObject({ say: z.literal('recording'), file: text }),
])

const transferTarget: z.ZodType<TransferTarget> = z.union([
  z.strictObject({ agent: id<AgentId>() }),
  z.strictObject({ group: id<GroupNumberId>() }),
  z.strictObject({ number: outside }),
])

const callTarget: z.ZodType<CallTarget> = z.union([
  z.strictObject({ agent: id<AgentId>() }),
  z.strictObject({ number: outside }),
  z.strictObject({ echo: z.literal(true) }),
])

/** Total: a command or event that is added to core does not compile until it has its parser here. */
type Parsers<Union extends { readonly type: string }> = {
  readonly [Type in Union['type']]: z.ZodType<Extract<Union, { type: Type }>>
}

const commands: Parsers<Command> = {
  answer: z.strictObject({ type: z.literal('answer'), ...call }),
  play: z.strictObject({
    type: z.literal('play'),
    ...call,
    message: id<MessageId>(),
    as: z.enum(['welcome', 'closed', 'comfort', 'overflow', 'position', 'menu']),
    play: id<PlayId>(),
  }),
  say: z.strictObject({
    type: z.literal('say'),
    ...call,
    agent: z.exactOptional(id<AgentId>()),
    parts: z.array(spokenPart).max(100),
    play: z.exactOptional(id<PlayId>()),
  }),
  stopPlaying: z.strictObject({ type: z.literal('stopPlaying'), ...call }),
  music: z.strictObject({ type: z.literal('music'), ...call, messages: z.array(id<MessageId>()).max(1000) }),
  record: z.strictObject({ type: z.literal('record'), ...call, maxSeconds: z.number().positive() }),
  ring: z.strictObject({
    type: z.literal('ring'),
    ...call,
    ...agent,
    ...offer,
    show: presentation,
    callback: z.exactOptional(z.literal(true)),
  }),
  stopRinging: z.strictObject({
    type: z.literal('stopRinging'),
    ...call,
    ...agent,
    ...offer,
    why: z.enum(['answeredElsewhere', 'noAnswer', 'callerGone', 'withdrawn']),
  }),
  connect: z.strictObject({ type: z.literal('connect'), ...call, ...agent, ...offer }),
  hangUpAgent: z.strictObject({ type: z.literal('hangUpAgent'), ...call, ...agent, ...maybeOffer }),
  forward: z.strictObject({ type: z.literal('forward'), ...call, to: outside }),
  callOut: z.strictObject({ type: z.literal('callOut'), ...call, to: outside, show: presentation }),
  placeCall: z.strictObject({
    type: z.literal('placeCall'),
    ...call,
    ...agent,
    to: callTarget,
    show: z.strictObject({ number: z.exactOptional(e164), name: z.exactOptional(text) }),
    music: z.array(id<MessageId>()).max(1000),
  }),
  refuseCall: z.strictObject({
    type: z.literal('refuseCall'),
    ...call,
    why: z.enum(['destination', 'identity', 'unknown', 'unavailable']),
  }),
  consult: z.strictObject({
    type: z.literal('consult'),
    ...call,
    ...agent,
    to: transferTarget,
    ...maybeOffer,
    show: z.exactOptional(presentation),
  }),
  completeTransfer: z.strictObject({ type: z.literal('completeTransfer'), ...call }),
  cancelTransfer: z.strictObject({ type: z.literal('cancelTransfer'), ...call }),
  threeWay: z.strictObject({ type: z.literal('threeWay'), ...call }),
  monitor: z.strictObject({
    type: z.literal('monitor'),
    ...call,
    by: id<AgentId>(),
    mode: z.enum(['listen', 'whisper', 'barge', 'off']),
  }),
  takeMessage: z.strictObject({ type: z.literal('takeMessage'), ...call }),
  hangUp: z.strictObject({
    type: z.literal('hangUp'),
    ...call,
    why: z.enum([
      'closed',
      'blocked',
      'full',
      'noAgents',
      'timeout',
      'agentHungUp',
      'transferred',
      'unknownNumber',
      'served',
      'lost',
    ]),
  }),
}

const events: Parsers<SwitchEvent> = {
  callArrived: z.strictObject({
    type: z.literal('callArrived'),
    ...call,
    to: called,
    from: z.exactOptional(e164),
    name: z.exactOptional(text),
    trusted: z.exactOptional(z.literal(true)),
  }),
  callerHungUp: z.strictObject({ type: z.literal('callerHungUp'), ...call }),
  digitPressed: z.strictObject({ type: z.literal('digitPressed'), ...call, ...digit }),
  played: z.strictObject({
    type: z.literal('played'),
    ...call,
    message: z.exactOptional(id<MessageId>()),
    play: z.exactOptional(id<PlayId>()),
  }),
  agentAnswered: z.strictObject({ type: z.literal('agentAnswered'), ...call, ...agent, ...maybeOffer }),
  agentDeclined: z.strictObject({
    type: z.literal('agentDeclined'),
    ...call,
    ...agent,
    ...maybeOffer,
    cause: z.enum(['noAnswer', 'busy', 'rejected', 'unreachable', 'failed']),
  }),
  agentHungUp: z.strictObject({ type: z.literal('agentHungUp'), ...call, ...agent, ...maybeOffer }),
  agentLost: z.strictObject({ type: z.literal('agentLost'), ...call, ...agent, ...maybeOffer }),
  agentDigit: z.strictObject({ type: z.literal('agentDigit'), ...call, ...agent, ...maybeOffer, ...digit }),
  deviceChanged: z.strictObject({
    type: z.literal('deviceChanged'),
    ...agent,
    state: z.enum(['ready', 'busy', 'gone']),
  }),
  recorded: z.strictObject({ type: z.literal('recorded'), ...call, file: text, seconds: z.number() }),
  forwarded: z.strictObject({
    type: z.literal('forwarded'),
    ...call,
    result: z.enum(['answered', 'busy', 'noAnswer', 'failed', 'ended']),
  }),
  agentCalled: z.strictObject({
    type: z.literal('agentCalled'),
    ...call,
    ...agent,
    to: z.string().min(1).max(200),
    as: z.exactOptional(e164),
  }),
  agentCallAnswered: z.strictObject({ type: z.literal('agentCallAnswered'), ...call, ...agent }),
  agentCallEnded: z.strictObject({
    type: z.literal('agentCallEnded'),
    ...call,
    ...agent,
    why: z.enum([
      'agent',
      'other',
      'refused',
      'ordered',
      'busy',
      'noAnswer',
      'rejected',
      'unknown',
      'unreachable',
      'failed',
      'lost',
    ]),
  }),
  callbackAnswered: z.strictObject({ type: z.literal('callbackAnswered'), ...call }),
  callbackFailed: z.strictObject({ type: z.literal('callbackFailed'), ...call, cause: text }),
}

const oneOf = <Union extends { readonly type: string }>(parsers: Parsers<Union>) =>
  z.union(Object.values<z.ZodType<Union>>(parsers))

const heldCall: z.ZodType<HeldCall> = z.strictObject({
  ...call,
  to: called,
  from: z.exactOptional(e164),
  name: z.exactOptional(text),
  arrived: z.number() as unknown as z.ZodType<Instant, number>,
  answered: z.boolean(),
  hears: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('nothing') }),
    z.strictObject({ kind: z.literal('music') }),
    z.strictObject({ kind: z.literal('message'), play: z.exactOptional(id<PlayId>()), message: id<MessageId>() }),
    z.strictObject({ kind: z.literal('speech'), play: z.exactOptional(id<PlayId>()) }),
    z.strictObject({ kind: z.literal('recording') }),
    z.strictObject({ kind: z.literal('agent'), ...agent, ...maybeOffer }),
    z.strictObject({ kind: z.literal('forwarded') }),
  ]),
  callback: z.exactOptional(z.literal(true)),
  consulting: z.exactOptional(
    z.strictObject({
      ...agent,
      ...offer,
      to: transferTarget,
      answered: z.boolean(),
      threeWay: z.exactOptional(z.enum(['all', 'callerLeft'])),
    }),
  ),
  offers: z.array(z.strictObject({ ...agent, ...maybeOffer, answered: z.boolean() })),
})

const heldAgentCall: z.ZodType<HeldAgentCall> = z.strictObject({
  ...call,
  ...agent,
  to: callTarget,
  answered: z.boolean(),
})

const holdings: z.ZodType<SwitchHoldings> = z.strictObject({
  calls: z.array(heldCall),
  agentCalls: z.exactOptional(z.array(heldAgentCall)),
  engine: z.string().max(50),
})

const ha1 = z.string().regex(/^[0-9a-f]{32}$/)
const user = z.string().min(1).max(200)
const port = z.int().min(1).max(65535)

const sound = z.strictObject({ path: z.string().max(4096), sha256: z.string().max(64) })

const setup: z.ZodType<SwitchSetup> = z.strictObject({
  numbers: z.array(e164),
  serviceNumbers: z.exactOptional(z.array(called)),
  softphones: z.array(z.strictObject({ ...agent, user, ha1, number: z.exactOptional(e164) })),
  phones: z.exactOptional(z.array(z.strictObject({ ...agent, number: e164 }))),
  callers: z.array(z.strictObject({ user, ha1, until: z.number(), number: z.exactOptional(e164) })),
  trunks: z.array(
    z.strictObject({
      name: z.string().max(200),
      address: z.ipv4(),
      port: z.exactOptional(port),
      account: z.exactOptional(z.strictObject({ user, ha1 })),
      outbound: z.exactOptional(z.literal(true)),
    }),
  ),
  sounds: z.record(z.string().min(1).max(200) as unknown as z.ZodType<MessageId, string> & z.core.$ZodRecordKey, sound),
  fallback: z.exactOptional(id<MessageId>()),
  speech: z.exactOptional(
    z.strictObject({ language: z.enum(['sv', 'en']), numbers: z.record(z.string().min(1).max(50), sound) }),
  ),
})

const problem: z.ZodType<SwitchProblem> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('gone') }),
  z.strictObject({ kind: z.literal('staleEpoch') }),
  z.strictObject({ kind: z.literal('unknown'), what: z.string() }),
  z.strictObject({ kind: z.literal('refused'), why: z.string() }),
  z.strictObject({ kind: z.literal('unsupported'), command: z.enum(Object.keys(commands) as Command['type'][]) }),
])

/** A value of `undefined` is no key in JSON. */
const outcome: z.ZodType<Result<void, SwitchProblem>> = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true) }).transform(() => ({ ok: true, value: undefined }) as const),
  z.strictObject({ ok: z.literal(false), problem }),
])

const attached: z.ZodType<Result<SwitchHoldings, SwitchProblem>> = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), value: holdings }),
  z.strictObject({ ok: z.literal(false), problem }),
])

const endpoint = z.object({ address: z.string(), port: z.int() })

const asked = { id: z.int().min(1), epoch: z.number() }

export const fromServiceSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('attach'), ...asked }),
  z.strictObject({ type: z.literal('prepare'), ...asked, setup }),
  z.strictObject({ type: z.literal('perform'), ...asked, command: oneOf(commands) }),
  z.strictObject({ type: z.literal('detach'), ...asked }),
  z.strictObject({ type: z.literal('heartbeat') }),
])
export type FromServiceToSwitch = z.infer<typeof fromServiceSchema>

export const fromSwitchSchema = z.discriminatedUnion('type', [
  /**
   * First, unasked. A service of another `protocol` lets go. `socket`: of the softphones, if the engine has
   * one; `sipUdp`: where it takes SIP over UDP, if it does.
   */
  z.looseObject({
    type: z.literal('hello'),
    protocol: z.int(),
    pid: z.int(),
    socket: z.exactOptional(z.string().max(4096)),
    sipUdp: z.exactOptional(endpoint),
  }),
  z.strictObject({ type: z.literal('attached'), id: z.int(), result: attached }),
  z.strictObject({ type: z.literal('done'), id: z.int(), result: outcome }),
  z.strictObject({ type: z.literal('event'), epoch: z.number(), event: oneOf(events) }),
  z.strictObject({ type: z.literal('lost'), epoch: z.number(), reason: z.enum(['gone', 'frozen', 'replaced']) }),
  z.strictObject({ type: z.literal('heartbeat') }),
])
export type FromSwitch = z.infer<typeof fromSwitchSchema>
