import type { Configuration } from '../../../src/core/configuration/types.ts'
import type { SpokenPart } from '../../../src/core/routing/messages.ts'
import { parseStory, playStory, type Line } from '../../../src/core/routing/story.ts'
import { supportNumber } from './company.ts'

/** What happens in a scene, without its time. */
export type Happening = Readonly<Record<string, unknown>> & { readonly type: string }

export const arrives = (
  call: string,
  more: { to?: string; from?: string; name?: string; trusted?: true; crowded?: true } = {},
): Happening => ({
  type: 'callArrived',
  call,
  to: supportNumber,
  from: '+46701234567',
  ...more,
})
export const hidden = (call: string): Happening => ({ type: 'callArrived', call, to: supportNumber })
export const hangsUp = (call: string): Happening => ({ type: 'callerHungUp', call })
export const answers = (agent: string, call: string): Happening => ({ type: 'agentAnswered', agent, call })
export const declines = (agent: string, call: string, cause = 'rejected'): Happening => ({
  type: 'agentDeclined',
  agent,
  call,
  cause,
})
export const agentHangsUp = (agent: string, call: string): Happening => ({ type: 'agentHungUp', agent, call })
export const agentIsLost = (agent: string, call: string): Happening => ({ type: 'agentLost', agent, call })
export const logsIn = (agent: string, group?: string): Happening => ({
  type: 'loggedIn',
  agent,
  ...(group !== undefined && { group }),
})
export const logsInAsBefore = (agent: string): Happening => ({ type: 'loggedIn', agent, as: 'before' })
export const logsOut = (agent: string, group?: string): Happening => ({
  type: 'loggedOut',
  agent,
  ...(group !== undefined && { group }),
})
export const pauses = (agent: string, reason?: string): Happening => ({
  type: 'paused',
  agent,
  ...(reason !== undefined && { reason }),
})
export const resumes = (agent: string): Happening => ({ type: 'resumed', agent })
export const phone = (agent: string, state: 'ready' | 'busy' | 'gone'): Happening => ({
  type: 'deviceChanged',
  agent,
  state,
})
export const endsWrapUp = (agent: string): Happening => ({ type: 'wrapUpEnded', agent })
export const extendsWrapUp = (agent: string, seconds: number): Happening => ({ type: 'wrapUpExtended', agent, seconds })

export const picks = (agent: string, call: string): Happening => ({ type: 'picked', agent, call })

export const presses = (agent: string, call: string, digit: string): Happening => ({
  type: 'agentDigit',
  agent,
  call,
  digit,
})

export const dials = (call: string, digits: string): Happening[] =>
  Array.from(digits).map((digit) => ({ type: 'digitPressed', call, digit }))
export const isReached = (call: string): Happening => ({ type: 'callbackAnswered', call })
export const isNotReached = (call: string): Happening => ({ type: 'callbackFailed', call, cause: 'noAnswer' })

export const transfers = (agent: string, call: string, to: object, how = 'now'): Happening => ({
  type: 'transferAsked',
  agent,
  call,
  to,
  how,
})
export const consults = (agent: string, call: string, to: object): Happening => transfers(agent, call, to, 'consult')
export const confirms = (call: string): Happening => ({ type: 'transferConfirmed', call })
export const asksThree = (call: string): Happening => ({ type: 'threeWayAsked', call })
export const cancels = (call: string): Happening => ({ type: 'transferCancelled', call })
/** Of the number outside that is rung. */
export const outside = (call: string, result: string): Happening => ({ type: 'forwarded', call, result })

export const played = (call: string, message: string): Happening => ({ type: 'played', call, message })

/** The morning all scenes begin, unless they say otherwise: a Monday. */
export const start = '2026-11-23T09:00:00+01:00'

/** What happens from second to second; the last key is where the scene ends, also if nothing happens then. */
export type Script = Readonly<Record<number, readonly Happening[]>>

export interface Scene {
  readonly lines: readonly Line[]
  /** The lines of these types in words, as `20 ring c1 anna`. */
  readonly said: (...types: readonly string[]) => readonly string[]
}

/** Plays a scene to `until` seconds, inclusive; without it, to the last second of the script. */
export function scene(
  configuration: Configuration,
  script: Script,
  more: { until?: number; played?: 'story'; seed?: number; start?: string } = {},
): Scene {
  const events = Object.entries(script)
    .map(([at, happenings]) => ({ at: Number(at), happenings }))
    .toSorted((one, other) => one.at - other.at)
    .flatMap(({ at, happenings }) => happenings.map((happening) => ({ at, ...happening })))
  const until = Math.max(...Object.keys(script).map(Number))
  const story = parseStory({ configuration, start, events, until, ...more })
  if (!story.ok) throw new Error(JSON.stringify(story.problem))
  const outcome = playStory(story.value, configuration)
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem))
  const lines = outcome.value
  return { lines, said: (...types) => lines.filter(({ type }) => types.includes(type)).map(inWords) }
}

const wordsOf: Readonly<Record<string, readonly string[]>> = {
  queued: ['call', 'group', 'position'],
  connected: ['call', 'agent', 'waited'],
  missed: ['call', 'agent', 'after'],
  completed: ['call', 'agent', 'by', 'talked'],
  left: ['call', 'why', 'waited', 'position'],
  moved: ['call', 'group', 'to', 'waited'],
  returned: ['call', 'agent', 'talked'],
  refused: ['call', 'group', 'why'],
  agentState: ['agent', 'group', 'state', 'reason'],
  wrapUpStarted: ['agent', 'until'],
  pausedByMisses: ['agent'],
  say: ['call', 'agent', 'parts'],
  play: ['call', 'message', 'as'],
  stopRinging: ['call', 'agent', 'why'],
  hangUp: ['call', 'why'],
  forward: ['call', 'to'],
  record: ['call', 'maxSeconds'],
  voicemailLeft: ['call', 'group', 'file', 'seconds'],
  consult: ['call', 'agent', 'to'],
  transferFailed: ['call', 'agent', 'why'],
  threeWayStarted: ['call', 'agent', 'with'],
  threeWayEnded: ['call', 'agent', 'with', 'left', 'talked'],
  monitor: ['call', 'by', 'mode'],
  served: ['call', 'service', 'recorded'],
  callOut: ['call', 'to'],
  callbackAsked: ['call', 'group', 'number'],
}

function word(key: string, line: Line): string {
  if (key === 'parts') return spoken(line)
  const value = line[key] as string | number | object
  return typeof value === 'object' ? Object.values(value).join() : String(value)
}

function wordsOfPart(part: SpokenPart): string | number {
  if (part.say === 'message') return part.message
  if (part.say === 'recording') return part.file
  return part.say === 'number' ? part.number : part.text
}

function spoken({ parts }: Line): string {
  return (parts as readonly SpokenPart[]).map((part) => wordsOfPart(part)).join(' ')
}

function inWords(line: Line): string {
  const words = (wordsOf[line.type] ?? ['call', 'agent']).flatMap((key) =>
    line[key] === undefined ? [] : [word(key, line)],
  )
  return [line.at, line.type, ...words].join(' ')
}
