import type { Settings, Strategy } from '../src/core/configuration/types.ts'
import { company, supportNumber } from '../test/support/routing/company.ts'
import { simulate } from '../test/support/routing/simulated-queue.ts'
import { playAppQueue, type AppQueueStrategy } from './support/app-queue-model.ts'

export interface FairnessFigures {
  readonly strategy: Strategy
  readonly ours: Day
  readonly appQueue: (Day & { readonly strategy: AppQueueStrategy }) | undefined
}

/** Of one day; waits in seconds. */
interface Day {
  /** Fewest and most calls of an agent. */
  readonly calls: readonly [fewest: number, most: number]
  /** Standard deviation of the calls per agent, by their mean. */
  readonly spread: number
  readonly longestWait: number
  readonly meanWait: number
}

const agents = 20
const day = 8 * 3600
/** Seconds; the agents are 82 % occupied. */
const traffic = { every: 12, talk: 167, answer: 4, wrapUp: 30 }

/** What app_queue calls the nearest rule it has. */
const theirs: Readonly<Record<Strategy, AppQueueStrategy | undefined>> = {
  longestIdle: 'leastrecent',
  ringAll: 'ringall',
  roundRobin: 'rrmemory',
  fixedOrder: 'linear',
  fewestCalls: 'fewestcalls',
  leastTalkTime: undefined,
  random: 'random',
  weightedRandom: 'wrandom',
  ringProgressively: undefined,
}

/** A simulated day of each strategy: as many calls, as long talks, on the router and on the model of app_queue's rule. */
export function run(): readonly FairnessFigures[] {
  return (Object.keys(theirs) as Strategy[]).map((strategy) => {
    const named = theirs[strategy]
    return { strategy, ours: ourDay(strategy), appQueue: named && { ...appQueueDay(named), strategy: named } }
  })
}

function ourDay(strategy: Strategy): Day {
  const ids = Array.from({ length: agents }, (_, index) => `a${String(index)}`)
  const settings: Partial<Settings> = {
    strategy,
    wrapUpSeconds: traffic.wrapUp,
    maxQueueLength: 1000,
    maxWaitSeconds: 0,
  }
  const calls = new Map<string, number>(ids.map((id) => [id, 0]))
  const waits: number[] = []
  simulate(
    {
      configuration: company([{ members: ids, settings }]),
      seed: 1,
      seconds: day,
      arrivals: [{ to: supportNumber, every: traffic.every }],
      talk: traffic.talk,
      answer: traffic.answer,
    },
    (_, said) => {
      if (said.type !== 'connected') return
      calls.set(said.agent, (calls.get(said.agent) ?? 0) + 1)
      waits.push(said.waited / 1000)
    },
  )
  return figures([...calls.values()], waits)
}

function appQueueDay(strategy: AppQueueStrategy): Day {
  const draw = drawing(1)
  const exponential = (mean: number) => -Math.log(1 - draw()) * mean
  const arrivals: number[] = []
  for (let at = exponential(traffic.every); at < day; at += exponential(traffic.every)) arrivals.push(at)
  const { calls, waits } = playAppQueue({
    agents,
    arrivals,
    talk: () => exponential(traffic.talk),
    answer: traffic.answer,
    wrapUp: traffic.wrapUp,
    strategy,
    draw,
  })
  return figures(calls, waits)
}

function figures(calls: readonly number[], waits: readonly number[]): Day {
  const each = mean(calls)
  return {
    calls: [Math.min(...calls), Math.max(...calls)],
    spread: Math.sqrt(mean(calls.map((count) => (count - each) ** 2))) / each,
    longestWait: Math.max(...waits),
    meanWait: mean(waits),
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

function drawing(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 0x1_0000_0000
  }
}

export const fairnessInWords = ({ calls: [fewest, most], spread, longestWait, meanWait }: Day) =>
  `${String(fewest)} to ${String(most)} calls an agent, spread ${(spread * 100).toFixed(1)} %, longest wait ${longestWait.toFixed(0)} s, mean ${meanWait.toFixed(1)} s`

if (import.meta.main)
  for (const { strategy, ours, appQueue } of run())
    console.log(
      `${strategy}: ${fairnessInWords(ours)}${appQueue ? `; ${appQueue.strategy}: ${fairnessInWords(appQueue)}` : ''}`,
    )
