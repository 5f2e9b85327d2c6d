import fc from 'fast-check'
import type { Configuration, Settings, Strategy } from '../../../src/core/configuration/types.ts'
import type { CallId, HeldCall, RoutingEvent } from '../../../src/core/routing/messages.ts'
import type { Router } from '../../../src/core/routing/router.ts'
import { instant, type Instant } from '../../../src/core/time.ts'
import { company, supportNumber } from './company.ts'

/** 2026-11-23T09:00:00+01:00 */
export const morning = instant(1_795_420_800_000)

const strategies: readonly Strategy[] = [
  'longestIdle',
  'ringAll',
  'roundRobin',
  'fixedOrder',
  'fewestCalls',
  'leastTalkTime',
  'random',
  'weightedRandom',
  'ringProgressively',
]

const settings: fc.Arbitrary<Partial<Settings>> = fc.record(
  {
    strategy: fc.constantFrom(...strategies),
    ringSeconds: fc.constantFrom(5, 20),
    progressSeconds: fc.constantFrom(2, 10),
    wrapUpSeconds: fc.constantFrom(0, 10, 30),
    escalateSeconds: fc.constantFrom(null, 5, 10),
    missesBeforePause: fc.constantFrom(0, 1, 3),
    maxQueueLength: fc.constantFrom(0, 1, 2, 50),
    maxWaitSeconds: fc.constantFrom(0, 20, 60, 300),
    comfortSeconds: fc.constantFrom(0, 10),
    callback: fc.constantFrom(
      null,
      { digit: '5', afterSeconds: 0, tries: 2, untilHours: 1 },
      { digit: '5', afterSeconds: 2, tries: 1, untilHours: 0.02 },
    ),
    announcePosition: fc.boolean(),
    announceWait: fc.boolean(),
    welcome: fc.constantFrom('playFirst' as const, 'whileRinging' as const),
    whenNoAgents: fc.constantFrom({ do: 'queue' as const }, { do: 'hangUp' as const }),
    whenFull: fc.constantFrom({ do: 'hangUp' as const }, { do: 'group' as const, to: 'b' as never }),
    whenTimeout: fc.constantFrom(
      { do: 'hangUp' as const },
      { do: 'group' as const, to: 'b' as never },
      { do: 'forward' as const, to: '+4681234567' as never },
      { do: 'voicemail' as const },
    ),
    whenClosed: fc.constantFrom(
      { do: 'hangUp' as const },
      { do: 'voicemail' as const },
      { do: 'group' as const, to: 'b' as never },
    ),
    atClosing: fc.constantFrom('serveQueue' as const, 'closeQueue' as const),
    priority: fc.constantFrom(0, 5),
    callers: fc.constantFrom(
      [],
      [{ prefix: '+4671', priority: 3 }],
      [{ number: '+46709999999', block: true as const }],
    ),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Partial<Settings>>

const agentIds = ['a1', 'a2', 'a3', 'a4'] as const
const numbers = [supportNumber, '+46122260981', '+46000000', '833', '844', '112']
const closing = [{ from: '08:00', to: '09:02' }]
const week = { mon: closing, tue: closing, wed: [], thu: [], fri: [], sat: [], sun: [] }

const group = (id: string) =>
  fc.record({
    id: fc.constant(id),
    members: fc
      .shuffledSubarray([...agentIds], { minLength: id === 'a' ? 1 : 0 })
      .chain((agents) =>
        fc.tuple(
          ...agents.map((agent) =>
            fc.record({ agent: fc.constant(agent), level: fc.constantFrom(1, 1, 2, 3), weight: fc.constantFrom(1, 3) }),
          ),
        ),
      ),
    settings,
    hours: fc.constantFrom('always' as const, 'always' as const, 'closing' as const),
    messages: fc.constantFrom(
      { music: [] },
      { music: ['music'], welcome: 'welcome' },
      { music: ['music'], welcome: 'welcome', comfort: 'comfort', overflow: 'overflow', closed: 'closed' },
    ),
  })

const message = (id: string) => ({
  id,
  name: id,
  kind: 'other',
  language: 'sv',
  transcript: '',
  seconds: 4,
  file: `audio/${id}.wav`,
  sha256: '',
  origin: 'uploaded',
})

const withServiceNumbers = (...given: Parameters<typeof company>): Configuration => {
  const made = company(...given)
  return {
    ...made,
    company: { ...made.company, serviceNumbers: { logIn: { short: '833' }, record: { short: '844' } } },
  }
}

export const configurations: fc.Arbitrary<Configuration> = fc.tuple(group('a'), group('b')).map((groups) =>
  withServiceNumbers(
    groups.map(({ hours, messages, ...said }) => ({
      ...said,
      messages: messages as never,
      ...(hours === 'closing' && { schedules: [{ id: 'week', name: 'Kort', week } as never] }),
    })),
    {
      agents: [
        ...agentIds.map((id) => ({ id })),
        { id: 'a1', wrapUpSeconds: 7 },
        { id: 'a4', answersAt: 'phone' as const },
      ],
      messages: ['welcome', 'comfort', 'overflow', 'closed', 'music'].map(message) as never,
    },
  ),
)

/** A step of a random story; what it becomes depends on what has happened. */
export interface Step {
  readonly what: number
  readonly whom: number
  readonly which: number
  /** Milliseconds later than the step before. */
  readonly later: number
}

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    // Each as likely: `nat` prefers small ones.
    what: fc.constantFrom(...Array.from({ length: 150 }, (_, what) => what)),
    whom: fc.nat({ max: 1000 }),
    which: fc.nat({ max: 1000 }),
    later: fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 4, arbitrary: fc.constantFrom(1000, 2000, 5000) },
      { weight: 2, arbitrary: fc.integer({ min: 1, max: 30_000 }) },
      { weight: 1, arbitrary: fc.constantFrom(30_000, 60_000) },
    ),
  }),
  { minLength: 10, maxLength: 60, size: 'max' },
)

/** Makes events that fit what is going on, and hostile ones: late, repeated, with wrong ids. */
export class Storyteller {
  #arrived = 0
  #now: Instant = morning
  readonly #other: Configuration
  /** Every offer and play that has been, for events about old ones. */
  readonly past: RoutingEvent[] = []

  constructor(other: Configuration) {
    this.#other = other
  }

  /** Logged in and with devices, most of them. */
  beginning(): RoutingEvent[] {
    return agentIds.flatMap((agent, index) => [
      { type: 'deviceChanged', agent: agent as never, state: 'ready', at: morning } as const,
      ...(index < 4 - ((this.#other.groupNumbers[0]?.members.length ?? 1) % 2)
        ? [{ type: 'loggedIn', agent: agent as never, at: morning } as const]
        : []),
    ])
  }

  next(step: Step, router: Router): RoutingEvent {
    const deadline = router.nextDeadline
    // Now and then exactly at a deadline: that is where orders matter.
    const soon = deadline !== undefined && step.which % 8 === 0 ? deadline : instant(this.#now + step.later)
    this.#now = soon > this.#now ? soon : this.#now
    const event = this.#event(step, router)
    if ('offer' in event || 'play' in event) this.past.push(event)
    return event
  }

  #event({ what, whom, which }: Step, router: Router): RoutingEvent {
    const at = this.#now
    const { agents, calls } = router.view()
    const agent = agentIds[whom % agentIds.length] as never
    const call = calls[which % Math.max(1, calls.length)]
    const someCall = (call?.call ?? 'c0') as CallId
    const offered = calls.filter(({ offers }) => offers.length > 0)
    const offers = offered.flatMap(({ call: id, offers }) => offers.map((offer) => ({ call: id, ...offer })))
    const offer = offers[whom % Math.max(1, offers.length)]
    const talking = calls.filter(({ phase }) => phase === 'talking')
    const talk = talking[whom % Math.max(1, talking.length)]
    const withId = whom % 3 > 0

    // Now and then whoever is rung answers, so that there is more to tell.
    if (offer && whom % 4 === 3) return { type: 'agentAnswered', call: offer.call, agent: offer.agent, at }
    if (what < 16) return this.#arrival(which)
    if (what < 33 && offer)
      return { type: 'agentAnswered', call: offer.call, agent: offer.agent, at, ...(withId && { offer: offer.offer }) }
    if (what < 41 && offer)
      return {
        type: 'agentDeclined',
        call: offer.call,
        agent: offer.agent,
        cause: (['noAnswer', 'busy', 'rejected', 'unreachable', 'failed'] as const)[which % 5] ?? 'busy',
        at,
        ...(withId && { offer: offer.offer }),
      }
    if (what < 48 && talk?.agent !== undefined) return { type: 'agentHungUp', call: talk.call, agent: talk.agent, at }
    if (what < 48) return which % 2 === 0 ? { type: 'resumed', agent, at } : { type: 'loggedIn', agent, at }
    if (what < 50 && talk?.agent !== undefined) return { type: 'agentLost', call: talk.call, agent: talk.agent, at }
    if (what < 54 && call) return { type: 'callerHungUp', call: call.call, at }
    if (what < 54) return this.#arrival(which)
    if (what < 64) return { type: 'played', call: someCall, at, ...(which % 5 > 0 && { message: messageOf(which) }) }
    if (what < 67) return { type: 'loggedIn', agent, at, ...(which % 2 === 0 && { group: 'a' as never }) }
    if (what < 69) return { type: 'loggedOut', agent, at, ...(which % 2 === 0 && { group: 'a' as never }) }
    if (what < 71) return { type: 'paused', agent, at, reason: 'lunch' }
    if (what < 73) return { type: 'resumed', agent, at }
    if (what < 77)
      return {
        type: 'deviceChanged',
        agent,
        at,
        state: (['ready', 'ready', 'busy', 'gone'] as const)[which % 4] ?? 'ready',
      }
    if (what < 79) return { type: 'wrapUpEnded', agent, at }
    if (what < 80) return { type: 'wrapUpExtended', agent, seconds: which % 40, at }
    if (what < 81) return { type: 'configured', configuration: this.#other, at }
    if (what < 82) return { type: 'switchLost', at }
    if (what < 84) return { type: 'switchAttached', at, calls: held(calls, which) }
    if (what < 85) return { type: 'callMoved', call: someCall, group: (which % 2 === 0 ? 'a' : 'b') as never, at }
    if (what < 86) return { type: 'prioritised', call: someCall, priority: which % 7, at }
    if (what < 88) return { type: 'forwarded', call: someCall, result: which % 2 === 0 ? 'ended' : 'busy', at }
    if (what < 90)
      return {
        type: 'commandFailed',
        call: offer?.call ?? someCall,
        ...(offer && { agent: offer.agent, offer: offer.offer }),
        command:
          (['ring', 'connect', 'play', 'forward', 'answer', 'music', 'say', 'callOut', 'record', 'consult'] as const)[
            which % 10
          ] ?? 'ring',
        reason: 'refused',
        at,
      }
    if (what >= 100) return this.#more({ what, whom, which, later: 0 }, router)
    // Hostile: about offers, calls and agents that are not, or are somebody else's.
    if (what < 92) return { type: 'agentAnswered', call: someCall, agent, at }
    if (what < 93) return { type: 'agentHungUp', call: someCall, agent, at }
    if (what < 94) return { type: 'agentAnswered', call: 'c1' as CallId, agent, offer: 'o1' as never, at }
    if (what < 95) return { type: 'callerHungUp', call: 'nobody' as CallId, at }
    if (what < 96) return { type: 'paused', agent: 'nobody' as never, at }
    if (what < 97 && call) return { type: 'callArrived', call: call.call, to: supportNumber, at }
    if (what < 98) return { type: 'agentLost', call: someCall, agent: agents[0]?.agent ?? agent, at }
    return { type: 'timePassed', at }
  }

  /** By hand, by digits, by transfer, by recordings. */
  #more({ what, which, whom }: Step, router: Router): RoutingEvent {
    const at = this.#now
    const { calls } = router.view()
    const agent = agentIds[whom % agentIds.length] as never
    const call = (calls[which % Math.max(1, calls.length)]?.call ?? 'c0') as CallId
    if (what < 104) return { type: 'picked', call, agent, at }
    const offered = calls.flatMap(({ call: id, offers }) => offers.map((offer) => ({ call: id, ...offer })))
    const offer = offered.find(({ answered }) => answered) ?? offered[whom % Math.max(1, offered.length)]
    if (what < 108 && offer)
      return {
        type: 'agentDigit',
        call: offer.call,
        agent: offer.agent,
        digit: which % 4 === 0 ? '2' : '1',
        at,
        ...(whom % 2 === 0 && { offer: offer.offer }),
      }
    const away = calls.find(({ callback, offers }) => callback && !callback.calling && offers.length > 0)?.offers[0]
    if (what < 112 && away && which % 2 === 0)
      return {
        type: 'agentAnswered',
        call: calls.find(({ offers }) => offers.includes(away))?.call ?? call,
        agent: away.agent,
        at,
      }
    const waiting = calls.find(({ phase, callback }) => !callback && (phase === 'waiting' || phase === 'ringing'))
    if (what < 114)
      return {
        type: 'digitPressed',
        call: waiting?.call ?? call,
        digit: (['5', '5', '5', '0', '7', '1', '#', '*'] as const)[whom % 8] ?? '5',
        at,
      }
    if (what < 115) return { type: 'callbackAsked', call: waiting?.call ?? call, number: '+46709876543' as never, at }
    const talking = calls.filter(({ phase }) => phase === 'talking')
    const talk = talking[whom % Math.max(1, talking.length)]
    const to = ([{ agent: 'a2' }, { agent: 'a4' }, { group: 'b' }, { number: '+4687654321' }, { group: 'a' }] as const)[
      which % 5
    ]
    if (what >= 122 && what < 130 && talk?.agent !== undefined)
      return {
        type: 'transferAsked',
        call: talk.call,
        agent: talk.agent,
        to: to as never,
        how: whom % 3 === 0 ? 'now' : 'consult',
        at,
      }
    const consulting = calls.find((each) => each.consulting !== undefined)
    const asked = consulting?.consulting
    if (what >= 130 && what < 140 && consulting && asked) {
      if (what < 132) return { type: 'transferConfirmed', call: consulting.call, at }
      if (what < 133) return { type: 'transferCancelled', call: consulting.call, at }
      if (what < 134 && consulting.agent !== undefined)
        return { type: 'agentHungUp', call: consulting.call, agent: consulting.agent, at }
      if (asked.agent === undefined)
        return {
          type: 'forwarded',
          call: consulting.call,
          result: (['answered', 'busy', 'ended'] as const)[which % 3] ?? 'busy',
          at,
        }
      const leg = { call: consulting.call, agent: asked.agent, at, ...(asked.offer && { offer: asked.offer }) }
      if (what < 138) return { type: 'agentAnswered', ...leg }
      if (what < 139) return { type: 'agentDeclined', ...leg, cause: 'rejected' }
      return { type: 'agentHungUp', ...leg }
    }
    if (what >= 140 && what < 142)
      return { type: 'monitored', call: talk?.call ?? call, by: agent, mode: which % 3 === 0 ? 'off' : 'listen', at }
    if (what >= 142 && what < 146 && offer) return { type: 'agentAnswered', call: offer.call, agent: offer.agent, at }
    const served = router.view().served?.[0]
    if (what >= 142 && served) {
      if (served.step === 'pin' && which % 3 > 0)
        return { type: 'pinChecked', call: served.call, ok: which % 5 > 0, at }
      if (served.step === 'recording')
        return { type: 'recorded', call: served.call, file: 'r2.wav', seconds: which % 3, at }
      if (which % 4 === 0) return { type: 'played', call: served.call, at }
      if (which % 31 === 0) return { type: 'callerHungUp', call: served.call, at }
      return {
        type: 'digitPressed',
        call: served.call,
        digit: (['1', '2', '3', '0', '#', '*'] as const)[whom % 6] ?? '1',
        at,
      }
    }
    const leaving = calls.find(({ phase }) => phase === 'leaving')?.call ?? call
    if (what < 118) return { type: 'recorded', call: leaving, file: 'r1.wav', seconds: which % 5, at }
    const called = calls.find(({ callback }) => callback?.calling)?.call ?? call
    if (what < 120) return { type: 'callbackAnswered', call: called, at }
    if (what < 122) return { type: 'callbackFailed', call: called, cause: 'noAnswer', at }
    return { type: 'timePassed', at }
  }

  #arrival(which: number): RoutingEvent {
    this.#arrived += 1
    const from = ['+46701234567', '+46712345678', '+46709999999', undefined, '+46701001000'][which % 5]
    return {
      type: 'callArrived',
      call: `c${String(this.#arrived)}` as CallId,
      to: (numbers[which % 14] ?? supportNumber) as never,
      at: this.#now,
      ...(from !== undefined && { from: from as never }),
    }
  }
}

const messageOf = (which: number) => (['welcome', 'comfort', 'overflow', 'closed'][which % 4] ?? 'welcome') as never

/** What a switch may hold: most of what we think, some of it otherwise, and a stranger. */
function held(calls: ReturnType<Router['view']>['calls'], which: number): HeldCall[] {
  const known = calls.flatMap((call, index): HeldCall[] => {
    if ((which + index) % 5 === 0) return []
    const hears = (['nothing', 'music', 'forwarded'] as const)[(which + index) % 3] ?? 'music'
    return [
      {
        call: call.call,
        to: supportNumber,
        arrived: call.arrived,
        answered: true,
        hears: call.agent !== undefined && which % 3 > 0 ? { kind: 'agent', agent: call.agent } : { kind: hears },
        offers: call.offers
          .filter((_, place) => (which + place) % 3 > 0)
          .map(({ agent, offer }) => ({ agent, offer, answered: which % 4 === 0 })),
      },
    ]
  })
  const stranger: HeldCall = {
    call: `s${String(which)}` as CallId,
    to: (numbers[which % 3] ?? supportNumber) as never,
    arrived: morning,
    answered: true,
    hears: which % 2 === 0 ? { kind: 'agent', agent: 'a2' as never } : { kind: 'music' },
    offers: [],
  }
  return which % 2 === 0 ? known : [...known, stranger]
}
