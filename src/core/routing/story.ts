import { error, type Problem } from '../configuration/problem.ts'
import type { Configuration, MessageId } from '../configuration/types.ts'
import { formatInstant, offsetIn, parseInstant } from '../instant.ts'
import { failed, ok, type Result } from '../result.ts'
import { after, between, instant, seconds, type Instant } from '../time.ts'
import type { Command, EventOf, RoutingEvent, SpokenPart } from './messages.ts'
import { openRouter } from './open-router.ts'
import { isRecord, readEvent, type ReadInstant } from './read-event.ts'
import type { Output, Router } from './router.ts'

/** What happened, in a file (design section 8): the router plays it without any switch, in virtual time. */
export interface Story {
  /** The path of a document, relative to the story, or the document itself, not parsed yet. */
  readonly configuration: unknown
  readonly seed: number
  /** When the story begins. */
  readonly start: Instant
  /** Inclusive. */
  readonly until: Instant
  /** How the story writes instants, and so how its lines do. */
  readonly form: { readonly kind: 'seconds' } | { readonly kind: 'instants'; readonly offset: number }
  /** `automatic`: each `play` is followed by `played` after the message's `seconds`. */
  readonly played: 'automatic' | 'story'
  readonly events: readonly RoutingEvent[]
}

/**
 * One line of what came of a story; the keys after `type` are those of the command or the notice.
 * Instants have the story's form, and durations are seconds.
 */
export interface Line {
  readonly at: string | number
  readonly kind: 'command' | 'notice'
  readonly type: string
  readonly [key: string]: unknown
}

const keys = ['configuration', 'seed', 'start', 'until', 'played', 'events']

/** Reads a story that has been parsed as JSON. */
export function parseStory(given: unknown): Result<Story, readonly Problem[]> {
  if (!isRecord(given)) return failed([error([], 'expected a story, as { "configuration": ..., "events": [...] }')])
  const problems = Object.keys(given)
    .filter((key) => !keys.includes(key))
    .map((key) => error([key], `unknown key; expected one of ${keys.join(', ')}`))

  const { configuration, seed = 1, played = 'automatic', events: givenEvents } = given
  if (typeof configuration !== 'string' && !isRecord(configuration))
    problems.push(error(['configuration'], 'expected the path of a configuration, or a configuration'))
  if (typeof seed !== 'number' || !Number.isSafeInteger(seed)) problems.push(error(['seed'], 'expected a whole number'))
  if (played !== 'automatic' && played !== 'story')
    problems.push(error(['played'], 'expected "story", or nothing: then messages play out by themselves'))
  if (!Array.isArray(givenEvents)) return failed([...problems, error(['events'], 'expected a list of events')])

  const start = given.start === undefined ? undefined : readText(given.start)
  if (given.start !== undefined && start === undefined) problems.push(error(['start'], expectedInstant))
  const readInstant: ReadInstant = (at) => (typeof at === 'number' ? secondsAfter(start, at) : readText(at))

  const events: RoutingEvent[] = []
  for (const [index, givenEvent] of givenEvents.entries()) {
    const read = readEvent(givenEvent, ['events', index], readInstant)
    problems.push(...read.problems)
    if (read.event !== undefined) events.push(read.event)
  }
  const until = given.until === undefined ? events.at(-1)?.at : readInstant(given.until)
  if (given.until !== undefined && until === undefined)
    problems.push(error(['until'], `${expectedInstant}, or seconds after \`start\``))
  if (problems.length > 0) return failed(problems)

  const first = start ?? events[0]?.at ?? until
  if (first === undefined || until === undefined)
    return failed([error(['until'], 'expected an instant, since the story has no event')])
  return ok({
    configuration,
    seed: Number(seed),
    start: first,
    until,
    form: formOf([...givenEvents.map(atOf), given.until, given.start]),
    played: played === 'story' ? 'story' : 'automatic',
    events,
  })
}

const expectedInstant = 'expected an instant, as "2026-11-23T09:00:00+01:00"'

const readText = (given: unknown) => (typeof given === 'string' ? parseInstant(given) : undefined)

function secondsAfter(start: Instant | undefined, given: number): Instant | undefined {
  if (start === undefined || !Number.isFinite(given) || given < 0) return undefined
  return after(start, Math.round(seconds(given)) as ReturnType<typeof seconds>)
}

const atOf = (event: unknown) => (isRecord(event) ? event.at : undefined)

/** As the first event writes it; without events, as `until` does. */
function formOf(written: readonly unknown[]): Story['form'] {
  const [first] = written.filter((at) => typeof at === 'number' || typeof at === 'string')
  return typeof first === 'string' ? { kind: 'instants', offset: offsetIn(first) } : { kind: 'seconds' }
}

// --- playing --------------------------------------------------------------------------------------

/** Plays a story. `configuration` is the story's own, read and parsed. */
export function playStory(story: Story, configuration: Configuration): Result<readonly Line[], readonly Problem[]> {
  const problems = misplaced(story, configuration)
  if (problems.length > 0) return failed(problems)

  const lines: Line[] = []
  const stage = new Stage(story, configuration)
  stage.perform((output) => lines.push(lineOf(story, output)))
  return ok(lines)
}

/** Events out of order, or naming a call that never came (from outside, or from an agent) or an agent or a group number nobody knows. */
function misplaced({ events, start }: Story, configuration: Configuration): readonly Problem[] {
  const problems: Problem[] = []
  const arrived = new Set<string>()
  // Also those that a later configuration leaves out: their calls go on.
  const agents = new Set<string>(configuration.agents.map(({ id }) => id))
  const groups = new Set<string>(configuration.groupNumbers.map(({ id }) => id))
  let now = start
  for (const [index, event] of events.entries()) {
    const at = (key: string, message: string) => problems.push(error(['events', index, key], message))
    if (event.at < now) at('at', 'expected events in the order of their time: this one is before the one ahead of it')
    else now = event.at
    if (event.type === 'configured') {
      for (const { id } of event.configuration.agents) agents.add(id)
      for (const { id } of event.configuration.groupNumbers) groups.add(id)
    }
    if (event.type === 'callArrived') {
      if (arrived.has(event.call)) at('call', `the call ${event.call} has arrived already`)
      arrived.add(event.call)
    }
    if (event.type === 'agentCalled') arrived.add(event.call)
    if (event.type === 'switchAttached')
      for (const { call } of [...event.calls, ...(event.agentCalls ?? [])]) arrived.add(call)
    if ('call' in event && !arrived.has(event.call)) at('call', `no call ${event.call} has arrived`)
    if ('agent' in event && !agents.has(event.agent)) at('agent', `no agent ${event.agent} is configured`)
    if (event.type === 'monitored' && !agents.has(event.by)) at('by', `no agent ${event.by} is configured`)
    if ('group' in event && !groups.has(event.group)) at('group', `no group number ${event.group} is configured`)
  }
  return problems
}

/** Plays the story's events, the messages' ends and the router's deadlines, each at its time. */
class Stage {
  readonly #story: Story
  readonly #router: Router
  #configuration: Configuration
  #devices = new Map<string, EventOf<'deviceChanged'>>()
  /** Messages that play, in order of their end. */
  #playing: EventOf<'played'>[] = []
  #recorded = new Map<string, number>()
  #say: (output: Output) => void = () => undefined

  constructor(story: Story, configuration: Configuration) {
    this.#story = story
    this.#configuration = configuration
    this.#router = openRouter({ configuration, seed: story.seed, at: story.start })
  }

  perform(say: (output: Output) => void): void {
    this.#say = say
    const { start, until, events } = this.#story
    this.#readyDevices(start)
    for (const event of events) {
      if (event.at > until) break
      this.#playOn(event.at, 'before')
      this.#handle(event)
    }
    this.#playOn(until, 'until')
  }

  /** What is due of itself: a message's end comes before the story's event of that instant. */
  #playOn(end: Instant, how: 'before' | 'until'): void {
    for (;;) {
      const played = this.#playing[0]
      const deadline = this.#router.nextDeadline ?? instant(Infinity)
      if (played !== undefined && played.at <= end && played.at <= deadline) {
        this.#playing.shift()
        this.#handle(played)
      } else if (how === 'until' ? deadline <= end : deadline < end) this.#handle({ type: 'timePassed', at: deadline })
      else return
    }
  }

  #handle(event: RoutingEvent): void {
    if (event.type === 'configured') this.#configuration = event.configuration
    if (event.type === 'recorded') this.#recorded.set(event.file, event.seconds)
    if (event.type === 'deviceChanged') this.#devices.set(event.agent, event)
    for (const output of this.#router.handle(event)) {
      this.#say(output)
      if (output.kind === 'command') this.#play(output.at, output.command)
    }
    if (event.type === 'configured' || event.type === 'switchAttached') this.#readyDevices(event.at)
  }

  /** Devices are as the story said last; those it said nothing of are ready. */
  #readyDevices(at: Instant): void {
    for (const { id: agent } of this.#configuration.agents) {
      const { state = 'ready' as const } = this.#devices.get(agent) ?? {}
      if (state !== 'gone') this.#handle({ type: 'deviceChanged', at, agent, state })
    }
  }

  #play(at: Instant, command: Command): void {
    if (this.#story.played === 'story') return
    if (command.type === 'play') {
      const { call, message, play } = command
      this.#playOut({ type: 'played', at: later(at, this.#lengthOf(message)), call, message, play })
    } else if (command.type === 'say' && command.play !== undefined) {
      const { call, parts, play } = command
      const length = parts.reduce((sum, part) => sum + this.#lengthOfPart(part), 0)
      this.#playOut({ type: 'played', at: later(at, length), call, play })
    }
  }

  #playOut(played: EventOf<'played'>): void {
    const place = this.#playing.findLastIndex((other) => other.at <= played.at) + 1
    this.#playing.splice(place, 0, played)
  }

  /** In seconds. */
  #lengthOf(message: MessageId): number {
    return this.#configuration.messages.find(({ id }) => id === message)?.seconds ?? 0
  }

  /** In seconds: what is spoken is taken to last one for a number, and one for every fifteen letters begun. */
  #lengthOfPart(part: SpokenPart): number {
    if (part.say === 'message') return this.#lengthOf(part.message)
    if (part.say === 'recording') return this.#recorded.get(part.file) ?? 0
    return part.say === 'number' ? 1 : Math.ceil(part.text.length / 15)
  }
}

const later = (at: Instant, length: number) => after(at, Math.round(seconds(length)) as ReturnType<typeof seconds>)

// --- lines ----------------------------------------------------------------------------------------

/** Milliseconds in a notice, and written as seconds. */
const durations = new Set(['waited', 'talked', 'after'])
const instants = new Set(['until'])

function lineOf(story: Story, output: Output): Line {
  const { type, ...rest } = output.kind === 'command' ? output.command : output.notice
  const line: Record<string, unknown> = { at: written(story, output.at), kind: output.kind, type }
  for (const [key, value] of Object.entries(rest)) {
    if (key === 'at') continue
    if (durations.has(key)) line[key] = Number(value) / 1000
    else if (instants.has(key)) line[key] = written(story, instant(Number(value)))
    else line[key] = value as unknown
  }
  return line as unknown as Line
}

function written({ form, start }: Story, at: Instant): string | number {
  return form.kind === 'seconds' ? between(start, at) / 1000 : formatInstant(at, form.offset)
}
