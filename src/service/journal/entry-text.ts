import { z } from 'zod'
import { parseConfiguration } from '../../core/configuration/parse.ts'
import type { Command, Notice, RoutingEvent } from '../../core/routing/messages.ts'
import type { RouterSnapshot } from '../../core/routing/router.ts'
import type { Remark } from '../../contract/call-records.ts'
import type { JournalEntry } from '../ports.ts'

/** What a row of the journal holds, beside its number. */
export interface EntryRow {
  readonly kind: 'event' | 'command' | 'notice' | 'remark' | 'gap'
  /** Milliseconds since the epoch. */
  readonly at: number
  /** The event, command, notice or remark itself; of a gap, how many entries were lost there. */
  readonly json: string
}

/** Throws only for what JSON cannot hold. */
export function writeEntry(entry: JournalEntry): EntryRow {
  switch (entry.kind) {
    case 'event':
      return { kind: 'event', at: entry.event.at, json: JSON.stringify(entry.event) }
    case 'command':
      return { kind: 'command', at: entry.at, json: JSON.stringify(entry.command) }
    case 'notice':
      return { kind: 'notice', at: entry.notice.at, json: JSON.stringify(entry.notice) }
    case 'remark':
      return { kind: 'remark', at: entry.at, json: JSON.stringify(entry.remark) }
  }
}

/** Undefined: not an entry that this program knows. Keys beyond those known are kept. */
export function readEntry({ kind, at, json }: EntryRow): JournalEntry | undefined {
  const value = parseJson(json)
  if (kind === 'event') {
    const event = eventSchema.safeParse(value)
    return event.success ? { kind, event: event.data as unknown as RoutingEvent } : undefined
  }
  if (kind === 'notice') {
    const notice = noticeSchema.safeParse(value)
    return notice.success ? { kind, notice: notice.data as unknown as Notice } : undefined
  }
  if (kind === 'command') {
    const command = commandSchema.safeParse(value)
    const parsedAt = instant.safeParse(at)
    if (!command.success || !parsedAt.success) return undefined
    return { kind, at: parsedAt.data as RoutingEvent['at'], command: command.data as unknown as Command }
  }
  if (kind === 'remark') {
    const remark = remarkSchema.safeParse(value)
    const parsedAt = instant.safeParse(at)
    if (!remark.success || !parsedAt.success) return undefined
    return { kind, at: parsedAt.data as RoutingEvent['at'], remark: remark.data as unknown as Remark }
  }
  return undefined
}

/** Undefined: damaged. What is inside is the router's own. */
export function readSnapshot(json: string): RouterSnapshot | undefined {
  return z.record(z.string(), z.unknown()).safeParse(parseJson(json)).data
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

const id = z.string().min(1)
const text = z.string()
const number = z.number()
const instant = z.number()
const call = { call: id }
const leg = { call: id, agent: id, offer: id.optional() }
const group = { call: id, group: id }
const byOther = { agent: id, by: id.optional() }
const action = z.looseObject({ do: text })
const transferTarget = z.union([
  z.looseObject({ agent: id }),
  z.looseObject({ group: id }),
  z.looseObject({ number: text }),
])
const thirdParty = z.union([z.looseObject({ agent: id }), z.looseObject({ number: text })])
const monitorMode = z.enum(['listen', 'whisper', 'barge', 'off'])
const presentation = z.looseObject({ group: id, number: text.optional(), name: text.optional() })
const spokenPart = z.union([
  z.looseObject({ say: z.literal('message'), message: id }),
  z.looseObject({ say: z.literal('number'), number }),
  z.looseObject({ say: z.literal('text'), text }),
  z.looseObject({ say: z.literal('recording'), file: text }),
])
const heldCall = z.looseObject({
  call: id,
  to: text,
  from: text.optional(),
  name: text.optional(),
  arrived: instant,
  answered: z.boolean(),
  hears: z.looseObject({ kind: z.enum(['nothing', 'music', 'message', 'speech', 'recording', 'agent', 'forwarded']) }),
  offers: z.array(z.looseObject({ agent: id, offer: id.optional(), answered: z.boolean() })),
})
const callTarget = z.union([
  z.looseObject({ agent: id }),
  z.looseObject({ number: text }),
  z.looseObject({ echo: z.literal(true) }),
])
const heldAgentCall = z.looseObject({ call: id, agent: id, to: callTarget, answered: z.boolean() })
const configuration = z.unknown().transform((value, context) => {
  const parsed = parseConfiguration(value)
  if (parsed.ok) return parsed.value
  context.addIssue('not a configuration')
  return z.NEVER
})

type Shape = z.core.$ZodLooseShape
type Shapes<Type extends string> = Readonly<Record<Type, Shape>>

/** A new type of event is a compile error here. */
const eventShapes: Shapes<RoutingEvent['type']> = {
  callArrived: {
    call: id,
    to: text,
    from: text.optional(),
    name: text.optional(),
    trusted: z.literal(true).optional(),
    crowded: z.literal(true).optional(),
  },
  callerHungUp: call,
  digitPressed: { call: id, digit: text },
  played: { call: id, message: id.optional(), play: id.optional() },
  agentAnswered: leg,
  agentDeclined: { ...leg, cause: z.enum(['noAnswer', 'busy', 'rejected', 'unreachable', 'failed']) },
  agentHungUp: leg,
  agentLost: leg,
  agentDigit: { ...leg, digit: text },
  deviceChanged: { agent: id, state: z.enum(['ready', 'busy', 'gone']) },
  recorded: { call: id, file: text, seconds: number },
  forwarded: { call: id, result: z.enum(['answered', 'busy', 'noAnswer', 'failed', 'ended']) },
  agentCalled: { call: id, agent: id, to: text, as: text.optional() },
  agentCallAnswered: { call: id, agent: id },
  agentCallEnded: { call: id, agent: id, why: text },
  loggedIn: { ...byOther, group: id.optional(), as: z.literal('before').optional() },
  loggedOut: { ...byOther, group: id.optional() },
  paused: { ...byOther, reason: text.optional() },
  resumed: byOther,
  wrapUpEnded: { agent: id },
  wrapUpExtended: { agent: id, seconds: number },
  commandFailed: {
    call: id,
    agent: id.optional(),
    command: text,
    reason: text,
    offer: id.optional(),
    play: id.optional(),
  },
  callbackAsked: { call: id, number: text },
  pinChecked: { call: id, ok: z.boolean(), by: id.optional() },
  callbackAnswered: call,
  callbackFailed: { call: id, cause: text },
  transferAsked: { call: id, agent: id, to: transferTarget, how: z.enum(['now', 'consult']) },
  transferConfirmed: call,
  transferCancelled: call,
  threeWayAsked: call,
  picked: { call: id, agent: id },
  callMoved: group,
  prioritised: { call: id, priority: number },
  monitored: { call: id, by: id, mode: monitorMode },
  configured: { configuration },
  switchAttached: { calls: z.array(heldCall), agentCalls: z.array(heldAgentCall).optional() },
  switchLost: {},
  timePassed: {},
}

const commandShapes: Shapes<Command['type']> = {
  answer: call,
  play: { call: id, message: id, as: text, play: id },
  say: { call: id, agent: id.optional(), parts: z.array(spokenPart), play: id.optional() },
  stopPlaying: call,
  music: { call: id, messages: z.array(id) },
  record: { call: id, maxSeconds: number },
  ring: { call: id, agent: id, offer: id, show: presentation },
  stopRinging: { call: id, agent: id, offer: id, why: text },
  connect: { call: id, agent: id, offer: id },
  hangUpAgent: leg,
  forward: { call: id, to: text },
  callOut: { call: id, to: text, show: presentation },
  consult: { call: id, agent: id, to: transferTarget },
  placeCall: { call: id, agent: id, to: callTarget, show: z.looseObject({}), music: z.array(id) },
  refuseCall: { call: id, why: text },
  completeTransfer: call,
  cancelTransfer: call,
  threeWay: call,
  monitor: { call: id, by: id, mode: monitorMode },
  takeMessage: call,
  hangUp: { call: id, why: text },
}

const noticeShapes: Shapes<Notice['type']> = {
  queued: { ...group, position: number },
  refused: { ...group, why: text, then: action },
  callbackAsked: { ...group, number: text },
  connected: { ...group, agent: id, waited: number },
  missed: { ...group, agent: id, after: number },
  pausedByMisses: { agent: id },
  agentState: { agent: id, group: id.optional(), state: text, reason: text.optional(), by: id.optional() },
  wrapUpStarted: { agent: id, until: instant },
  completed: { ...group, agent: id, by: text, talked: number },
  left: { ...group, why: text, waited: number, position: number, then: action.optional() },
  moved: { ...group, to: id, why: text, waited: number },
  transferFailed: { ...group, agent: id, why: text },
  threeWayStarted: { ...group, agent: id, with: thirdParty },
  threeWayEnded: { ...group, agent: id, with: thirdParty, left: text, talked: number },
  returned: { ...group, agent: id, talked: number },
  voicemailLeft: { ...group, file: text.optional(), seconds: number },
  served: { call: id, service: text },
}

const remarkShapes: Shapes<Remark['type']> = {
  noted: {
    call: id,
    agent: id,
    note: text.optional(),
    outcome: z.looseObject({ code: text, name: text }).optional(),
  },
  measured: {
    call: id,
    agent: id,
    quality: z.looseObject({
      seconds: number,
      score: number,
      worst: number,
      loss: number,
      jitter: number,
      roundTrip: number.optional(),
      poorSeconds: number,
      cause: text.optional(),
    }),
  },
}

const eventSchema = oneOf(eventShapes, { at: instant })
const commandSchema = oneOf(commandShapes, {})
const remarkSchema = oneOf(remarkShapes, {})
const noticeSchema = oneOf(noticeShapes, { at: instant })

function oneOf(shapes: Readonly<Record<string, Shape>>, common: Shape) {
  const [first, ...others] = Object.entries(shapes).map(([type, shape]) =>
    z.looseObject({ type: z.literal(type), ...common, ...shape }),
  )
  if (first === undefined) throw new Error('no shapes')
  return z.discriminatedUnion('type', [first, ...others])
}
