/** A plain model of the rule of Asterisk's app_queue: who is rung when, and nothing of its SIP. Times in seconds. */
export interface AppQueueDay {
  readonly agents: number
  readonly arrivals: readonly number[]
  /** How long the nth call is talked in. */
  readonly talk: (call: number) => number
  /** From the ring to the answer. */
  readonly answer: number
  readonly wrapUp: number
  readonly strategy: AppQueueStrategy
  /** From 0, inclusive, to 1, exclusive. */
  readonly draw: () => number
}

export type AppQueueStrategy = 'leastrecent' | 'fewestcalls' | 'random' | 'rrmemory' | 'linear' | 'ringall' | 'wrandom'

interface Agent {
  freeAt: number
  /** `lastcall`: the end of the last call; 0: never. */
  lastCall: number
  calls: number
}

/**
 * Each waiting caller looks once a second (`RECHECK`) whether it is its turn and an agent is free, and then rings whom the strategy
 * names. Callers are served in order, as many at a time as there are agents free (`autofill`); ties go to the member iterated last, which
 * is the last of the list. Everybody answers, so that `retry` never comes in.
 */
export function playAppQueue({ agents: count, arrivals, talk, answer, wrapUp, strategy, draw }: AppQueueDay) {
  const agents: Agent[] = Array.from({ length: count }, () => ({ freeAt: 0, lastCall: 0, calls: 0 }))
  let next = 0
  const choose = (free: readonly number[]): number => {
    const least = (key: (agent: Agent) => number) =>
      free.reduce((best, place) => (key(agentAt(place)) <= key(agentAt(best)) ? place : best))
    switch (strategy) {
      case 'leastrecent':
        return least(({ lastCall }) => lastCall)
      case 'fewestcalls':
        return least(({ calls }) => calls)
      case 'rrmemory':
        return free.find((place) => place >= next) ?? free[0] ?? 0
      case 'linear':
      // All ring, and the first of the list is taken to lift first.
      case 'ringall':
        return free[0] ?? 0
      case 'random':
      case 'wrandom':
        return free[Math.floor(draw() * free.length)] ?? 0
    }
  }
  const agentAt = (place: number): Agent => agents[place] ?? { freeAt: 0, lastCall: 0, calls: 0 }
  const waits: number[] = []
  for (const [call, arrived] of arrivals.entries()) {
    let at = arrived
    let free: number[] = []
    for (; ; at += 1) {
      free = agents.flatMap(({ freeAt }, place) => (freeAt <= at ? [place] : []))
      if (free.length > 0) break
    }
    const place = choose(free)
    next = (place + 1) % count
    const agent = agentAt(place)
    const ended = at + answer + talk(call)
    waits.push(at + answer - arrived)
    agent.calls += 1
    agent.lastCall = ended
    agent.freeAt = ended + wrapUp
  }
  return { calls: agents.map(({ calls }) => calls), waits }
}
