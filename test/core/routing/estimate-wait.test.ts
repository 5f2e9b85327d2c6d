import { expect, test } from 'vitest'
import type { Configuration, E164, Settings } from '../../../src/core/configuration/types.ts'
import { company, supportNumber } from '../../support/routing/company.ts'
import { simulate, type Traffic } from '../../support/routing/simulated-queue.ts'

const other = '+46122260981' as E164
const told: Partial<Settings> = { announceWait: true, comfortSeconds: 30, maxWaitSeconds: 0, maxQueueLength: 1000 }
const agents = (count: number) => Array.from({ length: count }, (_, index) => `a${String(index)}`)
const one = (count: number): Configuration =>
  company([{ members: agents(count), settings: { ...told, wrapUpSeconds: 10 } }])
const shared = company([
  { members: agents(10), settings: { ...told, wrapUpSeconds: 10 } },
  { id: 'other', number: other, members: agents(10), settings: { maxWaitSeconds: 0, wrapUpSeconds: 10 } },
])
const half = agents(10)
  .slice(5)
  .map((agent) => ({ at: 5400, type: 'loggedOut', agent }))

/** What was said, beside what came to be: the remaining wait, seconds. */
function saidAndTrue(traffic: Omit<Traffic, 'seed'>): readonly { readonly said: number; readonly true: number }[] {
  return [1, 2, 3, 4, 5].flatMap((seed) => {
    const said = new Map<string, { at: number; said: number }[]>()
    const pairs: { said: number; true: number }[] = []
    simulate({ ...traffic, seed }, (at, about) => {
      if (about.type === 'say') {
        const number = about.parts.find((part) => part.say === 'number')
        const list = said.get(about.call) ?? []
        list.push({ at, said: number === undefined ? 30 : number.number * 60 })
        said.set(about.call, list)
      }
      if (about.type === 'connected')
        for (const one of said.get(about.call) ?? []) pairs.push({ said: one.said, true: at - one.at })
    })
    return pairs
  })
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Bias: the mean of what was said over the mean of the truth. Error: the mean distance, over the mean of the truth. */
test.each<[string, Omit<Traffic, 'seed'>, { bias: readonly [number, number]; error: number }]>([
  [
    'five agents, more calls than they can take',
    { configuration: one(5), seconds: 10_800, arrivals: [{ to: supportNumber, every: 22 }], talk: 110, answer: 4 },
    { bias: [0.9, 1.1], error: 0.3 },
  ],
  [
    'twenty agents',
    { configuration: one(20), seconds: 10_800, arrivals: [{ to: supportNumber, every: 6 }], talk: 130, answer: 4 },
    { bias: [0.9, 1.1], error: 0.3 },
  ],
  [
    'agents shared with another group number',
    {
      configuration: shared,
      seconds: 10_800,
      arrivals: [
        { to: supportNumber, every: 22 },
        { to: other, every: 24 },
      ],
      talk: 110,
      answer: 4,
    },
    { bias: [0.9, 1.1], error: 0.3 },
  ],
  [
    'half of the agents log out in the middle',
    {
      configuration: one(10),
      seconds: 10_800,
      arrivals: [{ to: supportNumber, every: 14 }],
      talk: 110,
      answer: 4,
      also: half,
    },
    { bias: [0.9, 1.1], error: 0.3 },
  ],
])('[R86] the wait told is the wait that comes: %s', (_, traffic, { bias, error }) => {
  const pairs = saidAndTrue(traffic)
  const truth = mean(pairs.map((pair) => pair.true))
  expect(pairs.length).toBeGreaterThan(500)
  expect(mean(pairs.map(({ said }) => said)) / truth).toBeGreaterThan(bias[0])
  expect(mean(pairs.map(({ said }) => said)) / truth).toBeLessThan(bias[1])
  expect(mean(pairs.map((pair) => Math.abs(pair.said - pair.true))) / truth).toBeLessThan(error)
})
