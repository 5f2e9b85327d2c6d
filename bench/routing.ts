import { performance } from 'node:perf_hooks'
import { compileHours } from '../src/core/hours/compile-hours.ts'
import type { AgentId, E164, MessageId, Settings } from '../src/core/configuration/types.ts'
import type { CallId, PlayId, RoutingEvent } from '../src/core/routing/messages.ts'
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
}

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
  whenFull: { do: 'voicemail' },
  whenTimeout: { do: 'group', to: 'common' as never },
}

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
  readonly #playing: { call: CallId; message?: MessageId; play: PlayId }[] = []
  /** Ordinary phones that are answered. */
  readonly #accepting: { call: CallId; agent: AgentId }[] = []
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

  /** By digits, by hand, by transfer, and news of what is said and of those rung back. */
  #useFeature(): void {
    const at = instant(this.#now)
    const waiting = this.#waiting[Math.floor(this.#draw() * this.#waiting.length)]
    const talk = this.#talking[Math.floor(this.#draw() * this.#talking.length)]
    const agent = `a${String(Math.floor(this.#draw() * this.#agents))}` as AgentId
    const what = this.#draw()
    if (what < 0.3) {
      const answered = this.#take(this.#accepting)
      if (answered !== undefined) this.#hand({ type: 'agentDigit', ...answered, digit: '1', at })
    } else if (what < 0.5) {
      const play = this.#take(this.#playing)
      if (play !== undefined) this.#hand({ type: 'played', ...play, at })
    } else if (what < 0.65 && waiting !== undefined) this.#hand({ type: 'digitPressed', call: waiting, digit: '5', at })
    else if (what < 0.75 && waiting !== undefined) this.#hand({ type: 'picked', call: waiting, agent, at })
    else if (what < 0.8 && waiting !== undefined) this.#hand({ type: 'prioritised', call: waiting, priority: 1, at })
    else if (what < 0.9 && talk !== undefined)
      this.#hand({ type: 'transferAsked', ...talk, to: { agent }, how: 'consult', at })
    else if (what < 0.95 && talk !== undefined) this.#hand({ type: 'transferConfirmed', call: talk.call, at })
    else if (waiting !== undefined) this.#hand({ type: 'callbackAnswered', call: waiting, at })
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
    if (output.kind === 'notice') return
    const { command } = output
    if (command.type === 'play')
      this.#playing.push({ call: command.call, message: command.message, play: command.play })
    if (command.type !== 'say') return
    if (command.agent !== undefined) this.#accepting.push({ call: command.call, agent: command.agent })
    else if (command.play !== undefined) this.#playing.push({ call: command.call, play: command.play })
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
    return {
      agents,
      eventsPerSecond: Math.round(median(figures.map((figure) => figure.ours))),
      plainPerSecond: Math.round(median(figures.map((figure) => figure.plain))),
      allFeaturesPerSecond: Math.round(median(figures.map((figure) => figure.full))),
      ratio: Math.round(median(figures.map((figure) => figure.ours / figure.plain)) * 10) / 10,
    }
  })
}

if (import.meta.main)
  for (const { agents, eventsPerSecond, plainPerSecond, ratio, allFeaturesPerSecond } of run())
    console.log(
      `routing, ${String(agents)} agents: ${String(eventsPerSecond)} events/s; the plain version ${String(plainPerSecond)}; ${String(ratio)} times; every feature on ${String(allFeaturesPerSecond)}`,
    )
