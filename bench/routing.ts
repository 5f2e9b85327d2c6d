import { performance } from 'node:perf_hooks'
import { compileHours } from '../src/core/hours/compile-hours.ts'
import type { AgentId, E164, Settings } from '../src/core/configuration/types.ts'
import type { CallId, Command, RoutingEvent } from '../src/core/routing/messages.ts'
import { openRouter, openRouterWith } from '../src/core/routing/open-router.ts'
import type { OpenRouter, Output, Router } from '../src/core/routing/router.ts'
import { instant } from '../src/core/time.ts'
import { company } from '../test/support/routing/company.ts'
import { plainAssign } from '../test/support/routing/plain-assign.ts'

export interface RoutingFigures {
  readonly agents: number
  /** Events a second, the median of the rounds. */
  readonly eventsPerSecond: number
  /** Of the one that sorts every caller and every agent at each event, in the same run. */
  readonly plainPerSecond: number
  readonly ratio: number
  /** With every feature on, and events of each. */
  readonly allFeaturesPerSecond: number
  /** `allFeaturesPerSecond` by `eventsPerSecond`: the median of the rounds. */
  readonly allFeaturesRatio: number
  /** What came of the events with every feature on: commands and notices, by type. */
  readonly exercised: Readonly<Record<string, number>>
}

type Untimed<Timed> = Timed extends unknown ? Omit<Timed, 'at'> : never
type Happening = Untimed<RoutingEvent>

const start = 1_795_420_800_000
const rounds = 5
/** The plain one is slow: it gets as few events as give a time that can be read. */
const plainEvents = (agents: number) => Math.max(400, Math.round(400_000 / agents))
const ourEvents = 60_000

const allFeatures: Partial<Settings> = {
  strategy: 'weightedRandom',
  welcome: 'whileRinging',
  comfortSeconds: 10,
  announcePosition: true,
  announceWait: true,
  callback: { digit: '5', afterSeconds: 0, tries: 2, untilHours: 1 },
  callers: [{ prefix: '+4670', priority: 1 }],
  atClosing: 'closeQueue',
  maxQueueLength: 20,
  maxWaitSeconds: 60,
  whenFull: { do: 'voicemail' },
  whenTimeout: { do: 'group', to: 'common' as never },
}

/** What the features are seen by: with none of one of them the figure would say nothing. */
const mustCome = [
  ...[
    'answer',
    'play',
    'say',
    'stopPlaying',
    'music',
    'record',
    'ring',
    'stopRinging',
    'connect',
    'hangUpAgent',
    'forward',
  ],
  ...['callOut', 'consult', 'completeTransfer', 'cancelTransfer', 'monitor', 'takeMessage', 'hangUp'],
  ...[
    'queued',
    'refused',
    'connected',
    'missed',
    'pausedByMisses',
    'agentState',
    'wrapUpStarted',
    'completed',
    'left',
    'moved',
  ],
  ...['returned', 'voicemailLeft', 'callbackAsked', 'transferFailed'],
]

/**
 * A busy day: callers arrive, agents answer, some let it ring or reject, either side hangs up, and
 * wrap-up runs out or is ended. As many callers wait as the queue holds now and then.
 */
class Traffic {
  readonly #router: Router
  readonly #agents: number
  readonly #features: boolean
  #now = start
  #calls = 0
  #seed = 1
  readonly #ringing: { call: CallId; agent: AgentId; until: number }[] = []
  readonly #talking: { call: CallId; agent: AgentId }[] = []
  readonly #waiting: CallId[] = []
  /** What the other side does next about what it was asked to: the switch's news, without its time. */
  readonly #coming: Happening[] = []
  readonly exercised: Record<string, number> = {}
  events = 0
  rings = 0

  constructor(open: OpenRouter, agents: number, features = false) {
    this.#agents = agents
    this.#features = features
    const settings = features ? allFeatures : { comfortSeconds: 0 }
    const messages = { music: ['music'], welcome: 'welcome', comfort: 'comfort', overflow: 'overflow' } as never
    // Groups of 200 to 2,000: every agent is a member of the first or the second half, and all of the common one.
    const ids = Array.from({ length: agents }, (_, index) => `a${String(index)}`)
    const half = Math.ceil(agents / 2)
    const more = features ? { messages } : {}
    const configuration = company(
      [
        { id: 'common', members: ids, settings, ...more },
        {
          id: 'first',
          number: '+46122260981',
          members: ids.slice(0, half),
          settings: { ...settings, priority: 1 },
          ...more,
        },
        {
          id: 'second',
          number: '+46122260982',
          members: ids.slice(half).map((agent, index) => ({ agent, level: features ? 1 + (index % 3) : 1 })),
          settings: { ...settings, ...(features && { escalateSeconds: 10 }) },
          ...more,
        },
      ],
      { agents: features ? ids.filter((_, index) => index % 10 === 0).map((id) => ({ id, answersAt: 'phone' })) : [] },
    )
    this.#router = open({ configuration, seed: 1, at: instant(start) })
    for (const id of ids) {
      this.#router.handle({ type: 'deviceChanged', agent: id as AgentId, state: 'ready', at: instant(start) })
      this.#router.handle({ type: 'loggedIn', agent: id as AgentId, at: instant(start) })
    }
  }

  play(events: number): void {
    const end = this.events + events
    while (this.events < end) this.#step()
  }

  #step(): void {
    // So that the load per agent is the same however many there are.
    this.#now += 4000 / this.#agents
    if (this.#features && this.#draw() < 0.25) return this.#useFeature()
    const what = this.#draw()
    if (what < 0.3) return this.#arrive()
    if (what < 0.55) return this.#answer()
    if (what < 0.6) return this.#decline()
    if (what < 0.63) return this.#giveUp()
    return this.#hangUp()
  }

  /** By digits, by hand, by transfer, and what comes of what the router has ordered. */
  #useFeature(): void {
    const at = instant(this.#now)
    const coming = this.#draw() < 0.6 ? this.#coming.pop() : undefined
    if (coming !== undefined) return this.#hand({ ...coming, at })
    const call = this.#any(this.#waiting) ?? ('c0' as CallId)
    const talk = this.#any(this.#talking)
    const agent = `a${String(Math.floor(this.#draw() * this.#agents))}` as AgentId
    const number = '+4687654321' as E164
    const happenings: readonly Happening[] = [
      { type: 'digitPressed', call, digit: '5' },
      { type: 'digitPressed', call, digit: '5' },
      { type: 'callbackAsked', call, number },
      { type: 'picked', call, agent },
      { type: 'prioritised', call, priority: Math.floor(this.#draw() * 3) },
      { type: 'callMoved', call, group: 'common' as never },
      { type: 'paused', agent, reason: 'lunch' },
      { type: 'resumed', agent },
      { type: 'resumed', agent },
      { type: 'loggedOut', agent, group: 'common' as never },
      { type: 'loggedIn', agent },
      { type: 'loggedIn', agent },
      { type: 'deviceChanged', agent, state: 'busy' },
      { type: 'deviceChanged', agent, state: 'ready' },
      { type: 'deviceChanged', agent, state: 'ready' },
      { type: 'wrapUpExtended', agent, seconds: 5 },
      ...(talk === undefined
        ? []
        : ([
            { type: 'transferAsked', ...talk, to: { agent }, how: 'consult' },
            { type: 'transferAsked', ...talk, to: { group: 'first' as never }, how: 'consult' },
            { type: 'transferAsked', ...talk, to: { number }, how: 'consult' },
            { type: 'transferAsked', ...talk, to: { number }, how: 'now' },
            { type: 'transferAsked', ...talk, to: { agent }, how: 'now' },
            { type: 'monitored', call: talk.call, by: agent, mode: 'listen' },
            { type: 'agentLost', ...talk },
          ] satisfies Happening[])),
    ]
    const happening = this.#any(happenings)
    if (happening !== undefined) this.#hand({ ...happening, at })
  }

  #any<Item>(items: readonly Item[]): Item | undefined {
    return items[Math.floor(this.#draw() * items.length)]
  }

  #arrive(): void {
    this.#calls += 1
    const call = `c${String(this.#calls)}` as CallId
    const to = `+4612226098${String(Math.floor(this.#draw() * 3))}` as E164
    this.#waiting.push(call)
    this.#hand({ type: 'callArrived', call, to, from: '+46701234567' as E164, at: instant(this.#now) })
  }

  #answer(): void {
    const offer = this.#take(this.#ringing)
    if (offer === undefined) return this.#arrive()
    if (offer.until <= this.#now) return
    this.#talking.push(offer)
    this.#hand({ type: 'agentAnswered', call: offer.call, agent: offer.agent, at: instant(this.#now) })
  }

  #decline(): void {
    const offer = this.#take(this.#ringing)
    if (offer === undefined) return
    this.#hand({ type: 'agentDeclined', call: offer.call, agent: offer.agent, cause: 'busy', at: instant(this.#now) })
  }

  #giveUp(): void {
    const call = this.#waiting.pop()
    if (call !== undefined) this.#hand({ type: 'callerHungUp', call, at: instant(this.#now) })
  }

  #hangUp(): void {
    const talk = this.#take(this.#talking)
    if (talk === undefined) return this.#arrive()
    this.#hand({ type: 'callerHungUp', call: talk.call, at: instant(this.#now) })
    if (this.#draw() < 0.8) this.#hand({ type: 'wrapUpEnded', agent: talk.agent, at: instant(this.#now) })
  }

  #hand(event: RoutingEvent): void {
    this.events += 1
    for (const output of this.#router.handle(event)) {
      if (this.#features) this.#note(output)
      if (output.kind === 'notice' || output.command.type !== 'ring') continue
      this.rings += 1
      this.#ringing.push({ call: output.command.call, agent: output.command.agent, until: output.at + 20_000 })
    }
  }

  #note(output: Output): void {
    const { type } = output.kind === 'command' ? output.command : output.notice
    this.exercised[type] = (this.exercised[type] ?? 0) + 1
    if (output.kind === 'command') this.#coming.push(...this.#whatComesOf(output.command))
    // The newest come first; what is old by now comes of nothing.
    if (this.#coming.length > 400) this.#coming.splice(0, 200)
  }

  #whatComesOf(command: Command): readonly Happening[] {
    const fails = this.#draw() < 0.3
    switch (command.type) {
      case 'play':
        return [{ type: 'played', call: command.call, message: command.message, play: command.play }]
      case 'say':
        if (command.agent !== undefined)
          return [{ type: 'agentDigit', call: command.call, agent: command.agent, digit: '1' }]
        return command.play === undefined ? [] : [{ type: 'played', call: command.call, play: command.play }]
      case 'callOut':
        return [
          fails
            ? { type: 'callbackFailed', call: command.call, cause: 'busy' }
            : { type: 'callbackAnswered', call: command.call },
        ]
      case 'record':
        return [{ type: 'recorded', call: command.call, file: 'r.wav', seconds: 4 }]
      case 'forward':
        return [{ type: 'forwarded', call: command.call, result: fails ? 'busy' : 'ended' }]
      case 'consult': {
        const { call, to, offer } = command
        const answer: Happening =
          'agent' in to
            ? { type: 'agentAnswered', call, agent: to.agent, ...(offer && { offer }) }
            : { type: 'forwarded', call, result: 'answered' }
        return [answer, fails ? { type: 'transferCancelled', call } : { type: 'transferConfirmed', call }]
      }
      default:
        return []
    }
  }

  /** Any of them; the last takes its place. */
  #take<Item>(items: Item[]): Item | undefined {
    const place = Math.floor(this.#draw() * items.length)
    const taken = items[place]
    const last = items.pop()
    if (last !== undefined && place < items.length) items[place] = last
    return taken
  }

  #draw(): number {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0
    return this.#seed / 0x1_0000_0000
  }
}

function perSecond(traffic: Traffic, events: number): number {
  const began = performance.now()
  const before = traffic.events
  traffic.play(events)
  return ((traffic.events - before) / (performance.now() - began)) * 1000
}

const median = (values: readonly number[]) => values.toSorted((one, other) => one - other)[values.length >> 1] ?? NaN

/** Ours and the plain one in turn, round by round. */
export function run(sizes: readonly number[] = [10, 1000, 10_000]): readonly RoutingFigures[] {
  const openPlain = openRouterWith(compileHours, plainAssign)
  return sizes.map((agents) => {
    const ours = new Traffic(openRouter, agents)
    const plain = new Traffic(openPlain, agents)
    ours.play(ourEvents)
    plain.play(plainEvents(agents))
    const full = new Traffic(openRouter, agents, true)
    full.play(ourEvents)
    const figures = Array.from({ length: rounds }, () => ({
      ours: perSecond(ours, ourEvents),
      plain: perSecond(plain, plainEvents(agents)),
      full: perSecond(full, ourEvents),
    }))
    const missing = mustCome.filter((type) => full.exercised[type] === undefined)
    if (missing.length > 0 && agents >= 1000) throw new Error(`every feature on, but never came: ${missing.join(', ')}`)
    return {
      agents,
      eventsPerSecond: Math.round(median(figures.map((figure) => figure.ours))),
      plainPerSecond: Math.round(median(figures.map((figure) => figure.plain))),
      allFeaturesPerSecond: Math.round(median(figures.map((figure) => figure.full))),
      allFeaturesRatio: median(figures.map((figure) => figure.full / figure.ours)),
      exercised: full.exercised,
      ratio: Math.round(median(figures.map((figure) => figure.ours / figure.plain)) * 10) / 10,
    }
  })
}

if (import.meta.main)
  for (const {
    agents,
    eventsPerSecond,
    plainPerSecond,
    ratio,
    allFeaturesPerSecond,
    allFeaturesRatio,
    exercised,
  } of run()) {
    console.log(
      `routing, ${String(agents)} agents: ${String(eventsPerSecond)} events/s; the plain version ${String(plainPerSecond)}; ${String(ratio)} times; every feature on ${String(allFeaturesPerSecond)}, ${allFeaturesRatio.toFixed(2)} of that`,
    )
    console.log(exercised)
  }
