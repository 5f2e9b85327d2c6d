import type { Configuration, E164 } from '../../../src/core/configuration/types.ts'
import type { CallId, Command, Notice, RoutingEvent } from '../../../src/core/routing/messages.ts'
import { openRouter } from '../../../src/core/routing/open-router.ts'
import { instant } from '../../../src/core/time.ts'
import { morning } from './random-story.ts'

/** What a simulated caller rings, how often, and how long people take; seconds. */
export interface Traffic {
  readonly configuration: Configuration
  readonly seed: number
  readonly seconds: number
  readonly arrivals: readonly { readonly to: E164; readonly every: number }[]
  /** Exponential around it. */
  readonly talk: number
  readonly answer: number
  /** What people do besides, such as logging out. */
  readonly also?: readonly { readonly at: number; readonly type: string; readonly agent: string }[]
}

type Ordered = RoutingEvent extends infer Event ? (Event extends unknown ? Omit<Event, 'at'> : never) : never

/** Plays exponential arrivals and talks to a router of its own, in virtual time, and shows every output. */
export function simulate(
  { configuration, seed, seconds, arrivals, talk, answer, also = [] }: Traffic,
  look: (at: number, said: Command | Notice) => void,
): void {
  const router = openRouter({ configuration, seed, at: morning })
  const draw = drawing(seed)
  const exponential = (mean: number) => -Math.log(1 - draw()) * mean
  /** Latest first, so that the next is taken from the end. */
  const coming: { readonly at: number; readonly event: Ordered }[] = []
  const plan = (at: number, event: Ordered) => {
    let low = 0
    let high = coming.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((coming[middle]?.at ?? 0) > at) low = middle + 1
      else high = middle
    }
    coming.splice(low, 0, { at, event })
  }
  for (const { id: agent } of configuration.agents) {
    plan(0, { type: 'deviceChanged', agent, state: 'ready' })
    plan(0, { type: 'loggedIn', agent })
  }
  let calls = 0
  for (const { to, every } of arrivals)
    for (let at = exponential(every); at < seconds; at += exponential(every)) {
      calls += 1
      plan(at, { type: 'callArrived', call: `c${String(calls)}` as CallId, to })
    }
  for (const { at, ...event } of also) plan(at, event as unknown as Ordered)

  for (let next = coming.pop(); next !== undefined; next = coming.pop()) {
    const deadline = router.nextDeadline
    const due = deadline === undefined ? Infinity : (deadline - morning) / 1000
    if (due < next.at) {
      coming.push(next)
      next = { at: due, event: { type: 'timePassed' } }
    }
    const event = { ...next.event, at: instant(morning + Math.round(next.at * 1000)) } as RoutingEvent
    for (const output of router.handle(event)) {
      const at = (output.at - morning) / 1000
      const said = output.kind === 'command' ? output.command : output.notice
      look(at, said)
      if (said.type === 'ring')
        plan(at + answer, { type: 'agentAnswered', call: said.call, agent: said.agent, offer: said.offer })
      if (said.type === 'connected') plan(at + exponential(talk), { type: 'callerHungUp', call: said.call })
      if (said.type === 'say' && said.play !== undefined)
        plan(at + 4, { type: 'played', call: said.call, play: said.play })
    }
  }
}

/** From 0, inclusive, to 1, exclusive. */
function drawing(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 0x1_0000_0000
  }
}
