import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Configuration } from '../../../src/core/configuration/types.ts'
import { compileHours } from '../../../src/core/hours/compile-hours.ts'
import type { RoutingEvent } from '../../../src/core/routing/messages.ts'
import { openRouter, openRouterWith } from '../../../src/core/routing/open-router.ts'
import type { Output, Router } from '../../../src/core/routing/router.ts'
import { plainAssign } from '../../support/routing/plain-assign.ts'
import { configurations, morning, steps, Storyteller, type Step } from '../../support/routing/random-story.ts'

/** In all tests of this file together: 10,000 random stories. */
const stories = 2000
const limit = 120_000

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

/** Tells a random story to a router; `look` is called after each event. */
function tell({ configuration, other, steps: given, seed }: Told, look: (moment: Moment, teller: Storyteller) => void) {
  const router = openRouter({ configuration, seed, at: morning })
  const teller = new Storyteller(other)
  const events: RoutingEvent[] = []
  const hand = (event: RoutingEvent) => {
    events.push(event)
    look({ event, outputs: router.handle(event), router }, teller)
  }
  for (const event of teller.beginning()) hand(event)
  for (const step of given) hand(teller.next(step, router))
  return { router, events, teller }
}

/** Prints the seed, so that a failure can be played again. */
function always(property: fc.IProperty<[Told]>) {
  const seed = Number(process.env.STORY_SEED ?? Math.floor(Math.random() * 2 ** 31))
  console.info(`STORY_SEED=${String(seed)}`)
  fc.assert(property, { numRuns: stories, seed })
}

test(
  '[R35] [R57] whatever happens, an agent has at most one offer or call, and every stay has exactly one end',
  () => {
    always(
      fc.property(told, (story) => {
        const stays = new Map<string, string>()
        const { router } = tell(story, ({ outputs, router, event }) => {
          for (const output of outputs) countStay(stays, output)
          oneEach(router)
          noLateDeadline(router, event)
        })
        const { calls } = router.view()
        const open = calls.filter(({ phase }) => phase !== 'leaving').map(({ call, group }) => [call, group])
        expect([...stays].toSorted()).toEqual(open.toSorted())
      }),
    )
  },
  limit,
)

/** A stay begins with `queued` or is over at once with `refused`; an open one ends with one of three. */
function countStay(stays: Map<string, string>, output: Output): void {
  if (output.kind === 'command') return
  const { notice } = output
  if (notice.type === 'queued' || notice.type === 'refused') expect(stays.has(notice.call)).toBe(false)
  if (notice.type === 'queued') stays.set(notice.call, notice.group)
  if (notice.type === 'completed' || notice.type === 'left' || notice.type === 'moved') {
    expect(stays.get(notice.call)).toBe(notice.group)
    stays.delete(notice.call)
  }
}

function oneEach(router: Router): void {
  const { agents, calls } = router.view()
  const engaged = new Map<string, string>()
  for (const call of calls)
    for (const agent of [...call.offers.map(({ agent }) => agent), call.agent, call.consulting?.agent]) {
      if (agent === undefined) continue
      expect(engaged.has(agent)).toBe(false)
      engaged.set(agent, call.call)
    }
  for (const { agent, call, state } of agents) {
    expect(engaged.get(agent)).toBe(call)
    if (call !== undefined) expect(['ringing', 'talking']).toContain(state)
  }
}

function noLateDeadline({ nextDeadline }: Router, { at }: RoutingEvent): void {
  if (nextDeadline !== undefined) expect(nextDeadline).toBeGreaterThanOrEqual(at)
}

test(
  '[R4] [R21] [R22] the indexed choice is the plain one: no caller is passed over by one behind, and no free agent left waiting',
  () => {
    always(
      fc.property(told, (story) => {
        const plain = openPlainRouter({ configuration: story.configuration, seed: story.seed, at: morning })
        tell(story, ({ event, outputs }) => {
          expect(plain.handle(event)).toEqual(outputs)
        })
      }),
    )
  },
  limit,
)

test(
  '[R5] the same events give the same outputs, byte for byte, also from a snapshot at any point',
  () => {
    always(
      fc.property(told, (story) => {
        const all: string[] = []
        const { router, events } = tell(story, ({ outputs }) => all.push(JSON.stringify(outputs)))
        let again = openRouter({ configuration: story.configuration, seed: story.seed, at: morning })
        const taken = story.seed % events.length
        for (const [index, event] of events.entries()) {
          if (index === taken) again = openRouter({ snapshot: JSON.parse(JSON.stringify(again.snapshot())) as never })
          expect(JSON.stringify(again.handle(event))).toBe(all[index])
        }
        expect(again.snapshot()).toEqual(router.snapshot())
        expect(again.view()).toEqual(router.view())
      }),
    )
  },
  limit,
)

test(
  '[R42] an event about an old offer or an old play changes nothing, and gives at most hangUpAgent',
  () => {
    always(
      fc.property(told, (story) => {
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
          const talks = agents.some(({ call }) => call === past.call)
          if (talks) continue
          const outputs = router.handle({ ...past, at })
          expect(outputs.filter(({ kind }) => kind === 'notice')).toEqual([])
          for (const output of outputs)
            expect(output).toMatchObject({ command: { type: 'hangUpAgent', call: past.call } })
          expect(JSON.stringify(router.snapshot())).toBe(before)
        }
      }),
    )
  },
  limit,
)

test(
  'after a call has ended no command names it but hangUpAgent, for an answer that comes too late',
  () => {
    always(
      fc.property(told, (story) => {
        const ended = new Set<string>()
        const known = new Set<string>()
        tell(story, ({ event, outputs, router }) => {
          if (event.type === 'callArrived' || event.type === 'switchAttached') ended.clear()
          for (const output of outputs) {
            const about = output.kind === 'command' ? output.command : output.notice
            if (!('call' in about) || !ended.has(about.call)) continue
            expect(about.type).toBe('hangUpAgent')
          }
          const live = new Set<string>(router.view().calls.map(({ call }) => call))
          for (const call of known) if (!live.has(call)) ended.add(call)
          for (const call of live) known.add(call)
        })
      }),
    )
  },
  limit,
)
