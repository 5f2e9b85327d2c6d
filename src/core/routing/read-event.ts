import { parseConfiguration } from '../configuration/parse.ts'
import { error, type PathPart, type Problem } from '../configuration/problem.ts'
import type { Instant } from '../time.ts'
import type { RoutingEvent } from './messages.ts'

/** How a story writes an instant: undefined is no instant. */
export type ReadInstant = (given: unknown) => Instant | undefined

interface Reading {
  readonly readInstant: ReadInstant
  readonly problems: Problem[]
}

type Read = (given: unknown, path: readonly PathPart[], reading: Reading) => unknown

/** The fields of each event beside `type` and `at`; those that end in `?` may be left out. */
const fields: Readonly<Record<RoutingEvent['type'], Readonly<Record<string, Read>>>> = {
  callArrived: { call: text, to: text, 'from?': text, 'name?': text, 'trusted?': truth, 'crowded?': truth },
  callerHungUp: { call: text },
  digitPressed: { call: text, digit: text },
  played: { call: text, 'message?': text, 'play?': text },
  agentAnswered: { call: text, agent: text, 'offer?': text },
  agentDeclined: {
    call: text,
    agent: text,
    cause: oneOf('noAnswer', 'busy', 'rejected', 'unreachable', 'failed'),
    'offer?': text,
  },
  agentHungUp: { call: text, agent: text, 'offer?': text },
  agentLost: { call: text, agent: text, 'offer?': text },
  agentDigit: { call: text, agent: text, digit: text, 'offer?': text },
  deviceChanged: { agent: text, state: oneOf('ready', 'busy', 'gone') },
  recorded: { call: text, file: textOrNone, seconds: number },
  forwarded: { call: text, result: oneOf('answered', 'busy', 'noAnswer', 'failed', 'ended') },
  agentCalled: { call: text, agent: text, to: text, 'as?': text },
  agentCallAnswered: { call: text, agent: text },
  agentCallEnded: { call: text, agent: text, why: text },
  loggedIn: { agent: text, 'group?': text, 'as?': oneOf('before'), 'by?': text },
  loggedOut: { agent: text, 'group?': text, 'by?': text },
  paused: { agent: text, 'reason?': text, 'by?': text },
  resumed: { agent: text, 'by?': text },
  wrapUpEnded: { agent: text },
  wrapUpExtended: { agent: text, seconds: number },
  commandFailed: { call: text, 'agent?': text, command: text, reason: text, 'offer?': text, 'play?': text },
  callbackAsked: { call: text, number: text },
  pinChecked: { call: text, ok: truth, 'by?': text },
  callbackAnswered: { call: text },
  callbackFailed: { call: text, cause: text },
  transferAsked: { call: text, agent: text, to: transferTarget, how: oneOf('now', 'consult') },
  transferConfirmed: { call: text },
  transferCancelled: { call: text },
  threeWayAsked: { call: text },
  picked: { call: text, agent: text },
  callMoved: { call: text, group: text },
  prioritised: { call: text, priority: number },
  monitored: { call: text, by: text, mode: oneOf('listen', 'whisper', 'barge', 'off') },
  configured: { configuration },
  switchAttached: { calls: listOf(heldCall), 'agentCalls?': listOf(heldAgentCall) },
  switchLost: {},
  timePassed: {},
}

/** Reads one event of a story; every fault is a problem that names its path. */
export function readEvent(
  given: unknown,
  path: readonly PathPart[],
  readInstant: ReadInstant,
): { readonly event?: RoutingEvent; readonly problems: readonly Problem[] } {
  const reading: Reading = { readInstant, problems: [] }
  const event = readEventFields(given, path, reading)
  return reading.problems.length > 0 || event === undefined
    ? { problems: reading.problems }
    : { event: event as unknown as RoutingEvent, problems: [] }
}

function readEventFields(given: unknown, path: readonly PathPart[], reading: Reading) {
  if (!isRecord(given)) return expected(path, reading, 'an event, as { "at": ..., "type": ... }')
  const { type } = given
  if (typeof type !== 'string' || !isEventType(type))
    return expected([...path, 'type'], reading, `one of ${Object.keys(fields).join(', ')}`)
  return record({ type: text, at: time, ...fields[type] })(given, path, reading)
}

const isEventType = (type: string): type is RoutingEvent['type'] => Object.hasOwn(fields, type)

// --- readers --------------------------------------------------------------------------------------

export function isRecord(given: unknown): given is Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null && !Array.isArray(given)
}

function expected(path: readonly PathPart[], { problems }: Reading, what: string): undefined {
  problems.push(error(path, `expected ${what}`))
  return undefined
}

/** Unknown keys are faults: a misspelt one would otherwise change the story in silence. */
function record(shape: Readonly<Record<string, Read>>): Read {
  const readers = Object.entries(shape).map(([key, read]) => ({
    key: key.replace('?', ''),
    optional: key.endsWith('?'),
    read,
  }))
  return (given, path, reading) => {
    if (!isRecord(given)) return expected(path, reading, 'an object')
    for (const key of Object.keys(given))
      if (!readers.some((reader) => reader.key === key))
        reading.problems.push(
          error([...path, key], `unknown key; expected one of ${readers.map((reader) => reader.key).join(', ')}`),
        )
    const read: Record<string, unknown> = {}
    for (const reader of readers) {
      const value = Object.hasOwn(given, reader.key) ? given[reader.key] : undefined
      if (value === undefined && reader.optional) continue
      read[reader.key] = reader.read(value, [...path, reader.key], reading)
    }
    return read
  }
}

function listOf(read: Read): Read {
  return (given, path, reading) =>
    Array.isArray(given)
      ? given.map((item: unknown, index) => read(item, [...path, index], reading))
      : expected(path, reading, 'a list')
}

function text(given: unknown, path: readonly PathPart[], reading: Reading) {
  return typeof given === 'string' && given !== '' ? given : expected(path, reading, 'a text')
}

/** Also the empty one. */
function textOrNone(given: unknown, path: readonly PathPart[], reading: Reading) {
  return typeof given === 'string' ? given : expected(path, reading, 'a text, or "" for none')
}

function number(given: unknown, path: readonly PathPart[], reading: Reading) {
  return typeof given === 'number' && Number.isFinite(given) ? given : expected(path, reading, 'a number')
}

function truth(given: unknown, path: readonly PathPart[], reading: Reading) {
  return typeof given === 'boolean' ? given : expected(path, reading, 'true or false')
}

function time(given: unknown, path: readonly PathPart[], reading: Reading) {
  return (
    reading.readInstant(given) ??
    expected(path, reading, 'an instant, as "2026-11-23T09:00:00+01:00", or seconds after the story\'s `start`')
  )
}

function oneOf(...words: readonly string[]): Read {
  return (given, path, reading) =>
    typeof given === 'string' && words.includes(given) ? given : expected(path, reading, `one of ${words.join(', ')}`)
}

function transferTarget(given: unknown, path: readonly PathPart[], reading: Reading) {
  const target = isRecord(given) ? Object.keys(given).join() : ''
  return ['agent', 'group', 'number'].includes(target)
    ? record({ [target]: text })(given, path, reading)
    : expected(path, reading, '{ "agent": ... }, { "group": ... } or { "number": ... }')
}

function configuration(given: unknown, path: readonly PathPart[], reading: Reading) {
  const parsed = parseConfiguration(given)
  if (parsed.ok) return parsed.value
  const { path: place } = error(path, '')
  for (const problem of parsed.problem) reading.problems.push({ ...problem, path: `${place}.${problem.path}` })
  return undefined
}

function heldCall(given: unknown, path: readonly PathPart[], reading: Reading) {
  return record({
    call: text,
    to: text,
    'from?': text,
    'name?': text,
    arrived: time,
    answered: truth,
    hears: heard,
    'callback?': truth,
    'consulting?': record({
      agent: text,
      offer: text,
      to: transferTarget,
      answered: truth,
      'threeWay?': oneOf('all', 'callerLeft'),
    }),
    offers: listOf(record({ agent: text, 'offer?': text, answered: truth })),
  })(given, path, reading)
}

function heldAgentCall(given: unknown, path: readonly PathPart[], reading: Reading) {
  return record({ call: text, agent: text, to: callTarget, answered: truth })(given, path, reading)
}

function callTarget(given: unknown, path: readonly PathPart[], reading: Reading) {
  const target = isRecord(given) ? Object.keys(given).join() : ''
  if (target === 'echo') return record({ echo: truth })(given, path, reading)
  return ['agent', 'number'].includes(target)
    ? record({ [target]: text })(given, path, reading)
    : expected(path, reading, '{ "agent": ... }, { "number": ... } or { "echo": true }')
}

function heard(given: unknown, path: readonly PathPart[], reading: Reading) {
  const kind = isRecord(given) ? given.kind : undefined
  const kinds = oneOf('nothing', 'music', 'message', 'speech', 'recording', 'agent', 'forwarded')
  if (kind === 'message') return record({ kind: kinds, 'play?': text, message: text })(given, path, reading)
  if (kind === 'speech') return record({ kind: kinds, 'play?': text })(given, path, reading)
  if (kind === 'agent') return record({ kind: kinds, agent: text })(given, path, reading)
  return record({ kind: kinds })(given, path, reading)
}
