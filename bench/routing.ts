import { performance } from 'node:perf_hooks'
import { compileHours } from '../src/core/hours/compile-hours.ts'
import type { AgentId, E164 } from '../src/core/configuration/types.ts'
import type { CallId, RoutingEvent } from '../src/core/routing/messages.ts'
import { openRouter, openRouterWith } from '../src/core/routing/open-router.ts'
import type { OpenRouter, Router } from '../src/core/routing/router.ts'
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
}

const start = 1_795_420_800_000
const rounds = 5
/** The plain one is slow: it gets as few events as give a time that can be read. */
const plainEvents = (agents: number) => Math.max(400, Math.round(400_000 / agents))
const ourEvents = 60_000

/**
 * A busy day: callers arrive, agents answer, some let it ring or reject, either side hangs up, and
 * wrap-up runs out or is ended. As many callers wait as the queue holds now and then.
 */
class Traffic {
  readonly #router: Router
  readonly #agents: number
  #now = start
  #calls = 0
  #seed = 1
  readonly #ringing: { call: CallId; agent: AgentId; until: number }[] = []
  readonly #talking: { call: CallId; agent: AgentId }[] = []
  readonly #waiting: CallId[] = []
  events = 0
  rings = 0

  constructor(open: OpenRouter, agents: number) {
    this.#agents = agents
    // Groups of 200 to 2,000: every agent is a member of the first or the second half, and all of the common one.
    const ids = Array.from({ length: agents }, (_, index) => `a${String(index)}`)
    const half = Math.ceil(agents / 2)
    const configuration = company([
      { id: 'common', members: ids, settings: { comfortSeconds: 0 } },
      {
        id: 'first',
        number: '+46122260981',
        members: ids.slice(0, half),
        settings: { comfortSeconds: 0, priority: 1 },
      },
      { id: 'second', number: '+46122260982', members: ids.slice(half), settings: { comfortSeconds: 0 } },
    ])
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
    const what = this.#draw()
    if (what < 0.3) return this.#arrive()
    if (what < 0.55) return this.#answer()
    if (what < 0.6) return this.#decline()
    if (what < 0.63) return this.#giveUp()
    return this.#hangUp()
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
      if (output.kind === 'notice' || output.command.type !== 'ring') continue
      this.rings += 1
      this.#ringing.push({ call: output.command.call, agent: output.command.agent, until: output.at + 20_000 })
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
    const figures = Array.from({ length: rounds }, () => ({
      ours: perSecond(ours, ourEvents),
      plain: perSecond(plain, plainEvents(agents)),
    }))
    return {
      agents,
      eventsPerSecond: Math.round(median(figures.map((figure) => figure.ours))),
      plainPerSecond: Math.round(median(figures.map((figure) => figure.plain))),
      ratio: Math.round(median(figures.map((figure) => figure.ours / figure.plain)) * 10) / 10,
    }
  })
}

if (import.meta.main)
  for (const { agents, eventsPerSecond, plainPerSecond, ratio } of run())
    console.log(
      `routing, ${String(agents)} agents: ${String(eventsPerSecond)} events/s; the plain version ${String(plainPerSecond)}; ${String(ratio)} times`,
    )
