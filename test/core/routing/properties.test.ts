import { mkdirSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { settingsOf } from '../../../src/core/configuration/presets.ts'
import type { Configuration } from '../../../src/core/configuration/types.ts'
import { compileHours } from '../../../src/core/hours/compile-hours.ts'
import type { RoutingEvent } from '../../../src/core/routing/messages.ts'
import { openRouter, openRouterWith } from '../../../src/core/routing/open-router.ts'
import type { Output, Router } from '../../../src/core/routing/router.ts'
import type { RouterView } from '../../../src/core/routing/view.ts'
import { plainAssign } from '../../support/routing/plain-assign.ts'
import { configurations } from '../../support/routing/random-configuration.ts'
import { morning, steps, Storyteller, type Step } from '../../support/routing/random-story.ts'
import { SwitchModel } from '../../support/routing/switch-model.ts'

/** In all tests of this file together; `npm run test:nightly` asks for more. */
const stories = Number(process.env.STORIES ?? 10_000)
const properties = 7
const limit = 120_000 + stories * 30

const openPlainRouter = openRouterWith(compileHours, plainAssign)

interface Told {
  readonly configuration: Configuration
  readonly other: Configuration
  readonly steps: readonly Step[]
  readonly seed: number
}

const told: fc.Arbitrary<Told> = fc.record({
  configuration: configurations,
  other: configurations,
  steps,
  seed: fc.nat(),
})

interface Moment {
  readonly event: RoutingEvent
  readonly outputs: readonly Output[]
  readonly router: Router
}

/** Tells a random story to a router; `hand` gives it each event. */
function follow(
  { configuration, other, steps: given, seed }: Told,
  hand: (event: RoutingEvent, router: Router) => void,
) {
  const router = openRouter({ configuration, seed, at: morning })
  const teller = new Storyteller(other)
  const events: RoutingEvent[] = []
  const next = (event: RoutingEvent) => {
    events.push(event)
    hand(event, router)
  }
  for (const event of teller.beginning()) next(event)
  for (const step of given) next(teller.next(step, router))
  return { router, events, teller }
}

/** As `follow`; `look` is called after each event. */
const tell = (story: Told, look: (moment: Moment) => void) =>
  follow(story, (event, router) => {
    look({ event, outputs: router.handle(event), router })
  })

/** Prints the seed, so that a failure can be told again, and keeps the shrunk story of one. */
function always(name: string, holds: (story: Told) => void) {
  const seed = Number(process.env.STORY_SEED ?? Math.floor(Math.random() * 2 ** 31))
  console.info(`STORY_SEED=${String(seed)}`)
  const numRuns = Math.ceil(stories / properties)
  const { failed, counterexample, errorInstance } = fc.check(fc.property(told, holds), { numRuns, seed })
  if (!failed) return
  const [story] = counterexample ?? []
  throw new Error(`STORY_SEED=${String(seed)}: ${story === undefined ? '' : keep(name, story)}`, {
    cause: errorInstance,
  })
}

/** As a story that `replay` plays. */
function keep(name: string, story: Told): string {
  const events: RoutingEvent[] = []
  try {
    tell(story, ({ event }) => events.push(event))
  } catch (fault) {
    console.error(fault)
  }
  const { configuration, seed } = story
  const timed = events.map(({ at, ...event }) => ({ at: (at - morning) / 1000, ...event }))
  const file = `.cache/stories/${name}.json`
  mkdirSync('.cache/stories', { recursive: true })
  writeFileSync(
    file,
    JSON.stringify({ configuration, seed, start: '2026-11-23T09:00:00+01:00', played: 'story', events: timed }),
  )
  return file
}

/** As `expect`, for what is asked of every event of every story. */
function demand(holds: boolean, otherwise: () => string): asserts holds {
  if (!holds) throw new Error(otherwise())
}

test(
  '[R35] [R57] whatever happens, an agent has at most one offer or call, and every stay has exactly one end',
  () => {
    always('one-each', (story) => {
      const stays = new Map<string, string>()
      const { router } = tell(story, ({ outputs, router, event }) => {
        for (const output of outputs) countStay(stays, output)
        oneEach(router)
        demand((router.nextDeadline ?? Infinity) >= event.at, () => 'a deadline is past')
      })
      const { calls } = router.view()
      const open = calls.filter(({ phase }) => phase !== 'leaving').map(({ call, group }) => [call, group])
      expect([...stays].toSorted()).toEqual(open.toSorted())
    })
  },
  limit,
)

/** A stay begins with `queued` or is over at once with `refused`; an open one ends with one of three. */
function countStay(stays: Map<string, string>, output: Output): void {
  if (output.kind === 'command') return
  const { notice } = output
  if (notice.type === 'queued' || notice.type === 'refused')
    demand(!stays.has(notice.call), () => `${notice.call} begins a stay in another`)
  if (notice.type === 'queued') stays.set(notice.call, notice.group)
  if (notice.type === 'completed' || notice.type === 'left' || notice.type === 'moved') {
    demand(stays.get(notice.call) === notice.group, () => `${notice.call} ends a stay that is not`)
    stays.delete(notice.call)
  }
}

function oneEach(router: Router): void {
  const { agents, calls } = router.view()
  const engaged = new Map<string, string>()
  for (const call of calls)
    for (const agent of [...call.offers.map(({ agent }) => agent), call.agent, call.consulting?.agent]) {
      if (agent === undefined) continue
      demand(!engaged.has(agent), () => `${agent} has two`)
      engaged.set(agent, call.call)
    }
  for (const { agent, call, state } of agents) {
    demand(engaged.get(agent) === call, () => `${agent} has ${String(call)}`)
    demand(call === undefined || state === 'ringing' || state === 'talking', () => `${agent} is ${state}`)
  }
}

test(
  '[R4] [R21] [R22] the indexed choice is the plain one: no caller is passed over by one behind, and no free agent left waiting',
  () => {
    always('plain', (story) => {
      const plain = openPlainRouter({ configuration: story.configuration, seed: story.seed, at: morning })
      tell(story, ({ event, outputs }) => {
        const [ours, theirs] = [JSON.stringify(outputs), JSON.stringify(plain.handle(event))]
        demand(ours === theirs, () => `${ours}\nis not\n${theirs}`)
      })
    })
  },
  limit,
)

test(
  '[R5] the same events give the same outputs, byte for byte, also from a snapshot at any point',
  () => {
    always('snapshot', (story) => {
      const all: string[] = []
      const { router, events } = tell(story, ({ outputs }) => all.push(JSON.stringify(outputs)))
      let again = openRouter({ configuration: story.configuration, seed: story.seed, at: morning })
      const taken = story.seed % events.length
      for (const [index, event] of events.entries()) {
        if (index === taken) again = openRouter({ snapshot: JSON.parse(JSON.stringify(again.snapshot())) as never })
        const outputs = JSON.stringify(again.handle(event))
        demand(outputs === all[index], () => `${outputs}\nis not\n${String(all[index])}`)
      }
      expect(again.snapshot()).toEqual(router.snapshot())
      expect(again.view()).toEqual(router.view())
    })
  },
  limit,
)

test(
  '[R42] an event about an old offer or an old play changes nothing, and gives at most hangUpAgent',
  () => {
    always('old-news', (story) => {
      const { router, teller, events } = tell(story, () => undefined)
      const at = events.at(-1)?.at ?? morning
      router.handle({ type: 'timePassed', at })
      const { agents, calls } = router.view()
      const live = new Set<unknown>(
        calls.flatMap(({ offers, consulting }) => [...offers.map(({ offer }) => offer), consulting?.offer]),
      )
      const before = JSON.stringify(router.snapshot())
      for (const past of teller.past) {
        if (!('offer' in past) || live.has(past.offer) || past.type === 'commandFailed') continue
        if (agents.some(({ call }) => call === past.call)) continue
        for (const output of router.handle({ ...past, at }))
          expect(output).toMatchObject({ kind: 'command', command: { type: 'hangUpAgent', call: past.call } })
        expect(JSON.stringify(router.snapshot())).toBe(before)
      }
    })
  },
  limit,
)

test(
  'after a call has ended no command names it but hangUpAgent, for an answer that comes too late',
  () => {
    always('after-the-end', (story) => {
      const ended = new Set<string>()
      const known = new Set<string>()
      tell(story, ({ event, outputs, router }) => {
        if (event.type === 'callArrived' || event.type === 'switchAttached') ended.clear()
        for (const output of outputs) {
          const about = output.kind === 'command' ? output.command : output.notice
          if (!('call' in about) || !ended.has(about.call)) continue
          demand(about.type === 'hangUpAgent', () => `${about.type} of ${about.call}, which has ended`)
        }
        const live = new Set<string>(router.view().calls.map(({ call }) => call))
        for (const call of known) if (!live.has(call)) ended.add(call)
        for (const call of live) known.add(call)
      })
    })
  },
  limit,
)

test(
  'no leg of a caller or an agent is left on the switch that the router has forgotten, and none is missing',
  () => {
    always('legs', (story) => {
      const model = new SwitchModel()
      const hand = (given: RoutingEvent, router: Router) => {
        const before = router.view()
        const event = withOffer(given, before)
        model.happens(event, before)
        for (const output of router.handle(event)) {
          if (output.kind === 'notice') continue
          const fault = model.performs(output.command)
          demand(fault === undefined, () => `${event.type}: ${String(fault)}`)
        }
        const faults = model.faults(router.view())
        demand(faults.length === 0, () => `${JSON.stringify(event)}: ${faults.join(', ')}`)
      }
      follow(story, (event, router) => {
        // Deadlines by themselves: what they end has ended before the event.
        hand({ type: 'timePassed', at: event.at }, router)
        hand(event, router)
      })
    })
  },
  limit,
)

/** A switch always says which ring its news is about. */
function withOffer(event: RoutingEvent, { calls }: RouterView): RoutingEvent {
  if (!('agent' in event) || !('call' in event) || 'offer' in event) return event
  const { offers = [], consulting } = calls.find(({ call }) => call === event.call) ?? {}
  const offer = [...offers, consulting].find((leg) => leg?.agent === event.agent)?.offer
  return offer === undefined ? event : ({ ...event, offer } as RoutingEvent)
}

test(
  '[R51] [R52] nobody on the line waits past the limit, or in a queue that has closed',
  () => {
    always('limits', (story) => {
      let configuration = story.configuration
      let attached = true
      tell(story, ({ event, router }) => {
        if (event.type === 'configured') ({ configuration } = event)
        if (event.type === 'switchLost' || event.type === 'switchAttached') attached = event.type === 'switchAttached'
        // What is due now fires with the next event.
        if (!attached || (router.nextDeadline ?? Infinity) <= event.at) return
        for (const { call, group, phase, arrived, callback } of router.view().calls) {
          if (callback || phase === 'talking' || phase === 'leaving') continue
          const configured = configuration.groupNumbers.find(({ id }) => id === group)
          demand(configured !== undefined, () => `${call} waits in ${group}, which is no more`)
          const { maxWaitSeconds, atClosing } = settingsOf(configured)
          const until = maxWaitSeconds === 0 ? Infinity : arrived + maxWaitSeconds * 1000
          demand(event.at < until, () => `${call} waits past the limit`)
          const { open } = compileHours(configuration, configured).statusAt(event.at)
          demand(open || atClosing === 'serveQueue', () => `${call} waits in ${group}, which is closed`)
        }
      })
    })
  },
  limit,
)
