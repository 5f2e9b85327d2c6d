import { performance } from 'node:perf_hooks'
import type { AgentId, E164, Strategy } from '../src/core/configuration/types.ts'
import type { CallId, OfferId, RoutingEvent } from '../src/core/routing/messages.ts'
import { openRouter } from '../src/core/routing/open-router.ts'
import type { Router } from '../src/core/routing/router.ts'
import { instant } from '../src/core/time.ts'
import { company } from '../test/support/routing/company.ts'
import { quantile } from './support/quantile.ts'

export interface ManyGroupsFigures {
  readonly events: number
  /** Milliseconds of one event. */
  readonly p50: number
  readonly p99: number
  readonly longest: number
  /** Callers who waited, the mean over the events. */
  readonly waiting: number
}

export const size = { groups: 100, agents: 10_000, groupsOfAgent: 10, waiting: 1000 }
export const goal = { p99: 1 }

const start = 1_795_420_800_000
const strategies: readonly Strategy[] = [
  'longestIdle',
  'roundRobin',
  'fixedOrder',
  'fewestCalls',
  'leastTalkTime',
  'random',
  'weightedRandom',
  'ringProgressively',
]

/**
 * A full house: all agents talk, a thousand callers wait, and each talk that ends gives a wrap-up, its end, a ring and an answer. Each
 * event is timed alone.
 */
export function run(events = 100_000): ManyGroupsFigures {
  const router = openRouter({ configuration: configuration(), seed: 1, at: instant(start) })
  const house = new House(router)
  house.fill()
  house.play(events / 2)
  house.times.length = 0
  house.waited = 0
  house.play(events)
  return {
    events: house.times.length,
    p50: quantile(house.times, 0.5),
    p99: quantile(house.times, 0.99),
    longest: Math.max(...house.times.slice(0, 100_000)),
    waiting: Math.round(house.waited / house.times.length),
  }
}

function configuration() {
  const members = Array.from({ length: size.groups }, () => [] as { agent: string; level: number; weight: number }[])
  for (let agent = 0; agent < size.agents; agent += 1)
    for (let place = 0; place < size.groupsOfAgent; place += 1)
      // Neighbours share some group numbers, and no two agents' are all the same for long.
      members[(agent * 7 + place * 13) % size.groups]?.push({
        agent: `a${String(agent)}`,
        level: 1 + (place % 3),
        weight: 1 + (agent % 4),
      })
  return company(
    members.map((each, index) => ({
      id: `g${String(index)}`,
      number: numberOf(index),
      members: each,
      settings: {
        strategy: strategies[index % strategies.length] ?? 'longestIdle',
        priority: index % 3,
        maxQueueLength: 1000,
        maxWaitSeconds: 0,
        callers: [{ prefix: '+4671', priority: 1 }],
        // A third opens its levels by time, a third as the lower ones are tried.
        ...(index % 3 === 0 && { escalateSeconds: 20 }),
      },
    })),
  )
}

const numberOf = (index: number) => `+4612226${String(1000 + index)}`

class House {
  readonly #router: Router
  readonly times: number[] = []
  /** Sum of those who waited, over the events. */
  waited = 0
  #now = start
  #calls = 0
  #waiting = 0
  #seed = 1
  readonly #ringing: { call: CallId; agent: AgentId; offer: OfferId }[] = []
  readonly #talking: { call: CallId; agent: AgentId }[] = []
  readonly #resting: AgentId[] = []

  constructor(router: Router) {
    this.#router = router
  }

  fill(): void {
    for (let index = 0; index < size.agents; index += 1) {
      const agent = `a${String(index)}` as AgentId
      this.#hand({ type: 'deviceChanged', agent, state: 'ready', at: instant(this.#now) })
      this.#hand({ type: 'loggedIn', agent, at: instant(this.#now) })
    }
    while (this.#waiting < size.waiting) {
      this.#arrive()
      while (this.#ringing.length > 0) this.#answer()
    }
  }

  play(events: number): void {
    const end = this.times.length + events
    while (this.times.length < end) {
      this.#now += 3
      const what = this.#draw()
      if (this.#ringing.length > 0 && what < 0.6) this.#answer()
      else if (this.#resting.length > 0 && what < 0.75) this.#endRest()
      else if (this.#waiting < size.waiting) this.#arrive()
      else this.#hangUp()
    }
  }

  #arrive(): void {
    this.#calls += 1
    const from = (this.#draw() < 0.1 ? '+46712345678' : '+46701234567') as E164
    const to = numberOf(Math.floor(this.#draw() * size.groups)) as E164
    this.#hand({ type: 'callArrived', call: `c${String(this.#calls)}` as CallId, to, from, at: instant(this.#now) })
  }

  #answer(): void {
    const offer = this.#take(this.#ringing)
    if (offer === undefined) return
    if (this.#draw() < 0.05)
      return this.#hand({ type: 'agentDeclined', ...offer, cause: 'busy', at: instant(this.#now) })
    this.#hand({ type: 'agentAnswered', ...offer, at: instant(this.#now) })
  }

  #hangUp(): void {
    const talk = this.#take(this.#talking)
    if (talk === undefined) return this.#arrive()
    this.#hand({ type: 'callerHungUp', call: talk.call, at: instant(this.#now) })
    this.#resting.push(talk.agent)
  }

  #endRest(): void {
    const agent = this.#take(this.#resting)
    if (agent !== undefined) this.#hand({ type: 'wrapUpEnded', agent, at: instant(this.#now) })
  }

  #hand(event: RoutingEvent): void {
    const began = performance.now()
    const outputs = this.#router.handle(event)
    this.times.push(performance.now() - began)
    this.waited += this.#waiting
    for (const output of outputs) {
      const said = output.kind === 'command' ? output.command : output.notice
      if (said.type === 'ring') this.#ringing.push({ call: said.call, agent: said.agent, offer: said.offer })
      if (said.type === 'queued') this.#waiting += 1
      if (said.type === 'left' || said.type === 'connected') this.#waiting -= 1
      if (said.type === 'connected') this.#talking.push({ call: said.call, agent: said.agent })
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

if (import.meta.main) {
  const { events, p50, p99, longest, waiting } = run()
  console.log(
    `${String(size.groups)} group numbers, ${String(size.agents)} agents, ${String(waiting)} waiting: ${p50.toFixed(3)} ms p50, ${p99.toFixed(3)} ms p99, ${longest.toFixed(1)} ms at most, of ${String(events)} events`,
  )
}
