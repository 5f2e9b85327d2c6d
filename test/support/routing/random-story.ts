import fc from 'fast-check'
import type { AgentId, Configuration, GroupNumberId } from '../../../src/core/configuration/types.ts'
import type { CallId, EventOf, HeldCall, OfferId, RoutingEvent } from '../../../src/core/routing/messages.ts'
import type { Router } from '../../../src/core/routing/router.ts'
import type { CallView, RouterView } from '../../../src/core/routing/view.ts'
import { instant, type Instant } from '../../../src/core/time.ts'
import { agentIds, groupIds, numberOf } from './random-configuration.ts'

/** 2026-11-23T09:00:00+01:00 */
export const morning = instant(1_795_420_800_000)

/** A step of a random story; what it becomes depends on what has happened. */
export interface Step {
  readonly what: string
  readonly whom: number
  readonly which: number
  /** Milliseconds later than the step before. */
  readonly later: number
}

/** What a step is made of: where the story is, and two numbers that choose. */
interface Scene {
  readonly at: Instant
  readonly whom: number
  readonly which: number
  readonly view: RouterView
  readonly calls: readonly CallView[]
  readonly agent: AgentId
  /** Any call. */
  readonly call: CallId
  readonly group: GroupNumberId
  readonly offer: Leg | undefined
  readonly talk: (CallView & { readonly agent: AgentId }) | undefined
}

interface Leg {
  readonly call: CallId
  readonly agent: AgentId
  readonly offer: OfferId
  readonly answered?: true
}

type Untimed<Timed> = Timed extends unknown ? Omit<Timed, 'at'> : never
type Happening = Untimed<RoutingEvent>
/** Undefined: nothing fits, and a caller arrives. */
type Make = (scene: Scene, teller: Storyteller) => Happening | undefined

const any = <Item>(items: readonly Item[], number: number): Item | undefined =>
  items[number % Math.max(1, items.length)]
const one = <Item>(items: readonly [Item, ...Item[]], number: number): Item => any(items, number) ?? items[0]

/** As often as the weight says. */
const happenings: Readonly<Record<string, readonly [weight: number, make: Make]>> = {
  callerArrives: [16, () => undefined],
  callerHangsUp: [4, ({ call }) => ({ type: 'callerHungUp', call })],
  messageEnds: [10, messageEnds],

  agentAnswers: [26, ({ offer, whom }) => offer && { type: 'agentAnswered', ...legOf(offer, whom) }],
  agentDeclines: [
    8,
    ({ offer, whom, which }) =>
      offer && {
        type: 'agentDeclined',
        ...legOf(offer, whom),
        cause: one(['noAnswer', 'busy', 'rejected', 'unreachable', 'failed'], which),
      },
  ],
  agentPresses: [
    6,
    ({ offer, whom, which }) =>
      offer && { type: 'agentDigit', ...legOf(offer, whom), digit: one(['1', '2', '1', '3'], which) },
  ],
  agentHangsUp: [8, ({ talk }) => talk && { type: 'agentHungUp', call: talk.call, agent: talk.agent }],
  agentIsLost: [2, ({ talk }) => talk && { type: 'agentLost', call: talk.call, agent: talk.agent }],

  logsIn: [4, ({ agent, group, which }) => ({ type: 'loggedIn', agent, ...(which % 2 === 0 && { group }) })],
  logsOut: [3, ({ agent, group, which }) => ({ type: 'loggedOut', agent, ...(which % 3 > 0 && { group }) })],
  pauses: [2, ({ agent }) => ({ type: 'paused', agent, reason: 'lunch' })],
  resumes: [3, ({ agent }) => ({ type: 'resumed', agent })],
  deviceChanges: [
    4,
    ({ agent, which }) => ({ type: 'deviceChanged', agent, state: one(['ready', 'ready', 'busy', 'gone'], which) }),
  ],
  endsWrapUp: [2, ({ agent }) => ({ type: 'wrapUpEnded', agent })],
  extendsWrapUp: [1, ({ agent, which }) => ({ type: 'wrapUpExtended', agent, seconds: (which % 40) - 5 })],

  isConfigured: [2, (_, { other }) => ({ type: 'configured', configuration: other })],
  switchIsLost: [1, () => ({ type: 'switchLost' })],
  switchAttaches: [2, ({ calls, which }) => ({ type: 'switchAttached', calls: held(calls, which) })],
  commandFails: [3, commandFails],
  forwardingTells: [
    3,
    ({ calls, call, which }) => ({
      type: 'forwarded',
      call: calls.find(({ phase }) => phase === 'leaving')?.call ?? call,
      result: one(['answered', 'busy', 'noAnswer', 'failed', 'ended'], which),
    }),
  ],
  isRecorded: [
    3,
    ({ calls, call, which }) => ({
      type: 'recorded',
      call: calls.find(({ phase }) => phase === 'leaving')?.call ?? call,
      file: 'r1.wav',
      seconds: which % 5,
    }),
  ],

  isPicked: [4, ({ agent, call }) => ({ type: 'picked', call, agent })],
  isMoved: [2, ({ call, group }) => ({ type: 'callMoved', call, group })],
  isPrioritised: [2, ({ call, which }) => ({ type: 'prioritised', call, priority: (which % 7) - 3 })],
  isMonitored: [
    2,
    ({ talk, call, agent, which }) => ({
      type: 'monitored',
      call: talk?.call ?? call,
      by: agent,
      mode: one(['listen', 'off', 'whisper', 'barge'], which),
    }),
  ],

  callerPresses: [
    6,
    ({ calls, call, whom }) => ({
      type: 'digitPressed',
      call: calls.find(isOnTheLine)?.call ?? call,
      digit: one(['5', '5', '5', '0', '7', '1', '#', '*'], whom),
    }),
  ],
  asksForCallback: [
    2,
    ({ calls, call }) => ({
      type: 'callbackAsked',
      call: calls.find(isOnTheLine)?.call ?? call,
      number: '+46709876543' as never,
    }),
  ],
  agentAnswersForCallback: [3, agentAnswersForCallback],
  isReached: [
    3,
    ({ calls, call }) => ({
      type: 'callbackAnswered',
      call: calls.find(({ callback }) => callback?.calling)?.call ?? call,
    }),
  ],
  isNotReached: [
    2,
    ({ calls, call }) => ({
      type: 'callbackFailed',
      call: calls.find(({ callback }) => callback?.calling)?.call ?? call,
      cause: 'noAnswer',
    }),
  ],

  transferIsAsked: [
    8,
    ({ talk, whom, which, group, agent }) =>
      talk && {
        type: 'transferAsked',
        call: talk.call,
        agent: talk.agent,
        to: transferTarget(which, agent, group),
        how: whom % 3 === 0 ? 'now' : 'consult',
      },
  ],
  transferIsConfirmed: [
    3,
    ({ calls, call }) => ({
      type: 'transferConfirmed',
      call: calls.find(({ consulting }) => consulting)?.call ?? call,
    }),
  ],
  transferIsCancelled: [
    1,
    ({ calls, call }) => ({
      type: 'transferCancelled',
      call: calls.find(({ consulting }) => consulting)?.call ?? call,
    }),
  ],
  consultedTells: [6, consultedTells],
  threeWayIsAsked: [
    6,
    ({ calls, call }) => ({
      type: 'threeWayAsked',
      call: calls.find(({ consulting }) => consulting?.answered)?.call ?? call,
    }),
  ],
  oneOfThreeLeaves: [3, oneOfThreeLeaves],

  serviceIsUsed: [6, serviceIsUsed],
  callsService: [
    2,
    ({ which }, teller) => teller.arrival({ to: one(['833', '844', '+46840084400'], which), from: '+46701001000' }),
  ],
  calls112: [1, (_, teller) => teller.arrival({ to: '112' })],
  is112: [1, ({ group }, teller) => teller.arrival({ to: numberOf(groupIds.indexOf(group as never)), from: '112' })],

  // Hostile: about offers, calls and agents that are not, or are somebody else's.
  strangeAnswer: [2, ({ call, agent }) => ({ type: 'agentAnswered', call, agent })],
  oldAnswer: [1, ({ agent }) => ({ type: 'agentAnswered', call: 'c1' as CallId, agent, offer: 'o1' as OfferId })],
  strangeHangUp: [1, ({ call, agent }) => ({ type: 'agentHungUp', call, agent })],
  strangeLoss: [1, ({ call, agent }) => ({ type: 'agentLost', call, agent })],
  strangeCaller: [1, () => ({ type: 'callerHungUp', call: 'nobody' as CallId })],
  strangeAgent: [1, () => ({ type: 'paused', agent: 'nobody' as AgentId })],
  arrivesAgain: [1, ({ call }) => ({ type: 'callArrived', call, to: numberOf(0) as never })],
  timePasses: [6, () => ({ type: 'timePassed' })],
}

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    what: fc.constantFrom(
      ...Object.entries(happenings).flatMap(([what, [weight]]) => Array.from({ length: weight }, () => what)),
    ),
    whom: fc.nat({ max: 1000 }),
    which: fc.nat({ max: 1000 }),
    later: fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 4, arbitrary: fc.constantFrom(1000, 2000, 5000) },
      { weight: 2, arbitrary: fc.integer({ min: 1, max: 30_000 }) },
      { weight: 1, arbitrary: fc.constantFrom(30_000, 60_000) },
    ),
  }),
  { minLength: 1, maxLength: 70, size: 'max' },
)

/** Makes events that fit what is going on, and hostile ones: late, repeated, with wrong ids. */
export class Storyteller {
  #arrived = 0
  #now: Instant = morning
  /** What `configured` brings. */
  readonly other: Configuration
  /** Every event about an offer or a play, to be told again when it is old. */
  readonly past: RoutingEvent[] = []

  constructor(other: Configuration) {
    this.other = other
  }

  /** With devices and logged in, all but one now and then. */
  beginning(): RoutingEvent[] {
    const absent = this.other.groupNumbers.length % 2
    return agentIds.flatMap((agent, index) => [
      { type: 'deviceChanged', agent: agent as never, state: 'ready', at: morning } as const,
      ...(index < agentIds.length - absent ? [{ type: 'loggedIn', agent: agent as never, at: morning } as const] : []),
    ])
  }

  next({ what, whom, which, later }: Step, router: Router): RoutingEvent {
    const deadline = router.nextDeadline
    // Now and then exactly at a deadline: that is where orders matter.
    const soon = deadline !== undefined && which % 8 === 0 ? deadline : instant(this.#now + later)
    this.#now = soon > this.#now ? soon : this.#now
    const scene = sceneOf(router.view(), { at: this.#now, whom, which })
    const happening = happenings[what]?.[1](scene, this) ?? this.#caller(scene)
    const event = { ...happening, at: this.#now } as RoutingEvent
    if ('offer' in event || 'play' in event) this.past.push(event)
    return event
  }

  #caller({ which, group }: Scene): Happening {
    const from = any(['+46701234567', '+46712345678', '+46709999999', undefined, '+46701001000'], which)
    const to = which % 17 === 0 ? '+46000000000' : numberOf(groupIds.indexOf(group as never))
    return this.arrival({ to, ...(from !== undefined && { from }) })
  }

  arrival(about: { readonly to: string; readonly from?: string }): Happening {
    this.#arrived += 1
    return { type: 'callArrived', call: `c${String(this.#arrived)}` as CallId, ...about } as Untimed<
      EventOf<'callArrived'>
    >
  }
}

function sceneOf(view: RouterView, when: Pick<Scene, 'at' | 'whom' | 'which'>): Scene {
  const { whom, which } = when
  const { calls } = view
  const offers = calls.flatMap(({ call, offers }) => offers.map((offer) => ({ call, ...offer })))
  const talks = calls.flatMap((call) => (call.agent === undefined ? [] : [{ ...call, agent: call.agent }]))
  return {
    ...when,
    view,
    calls,
    agent: one(agentIds, whom) as AgentId,
    call: any(calls, which)?.call ?? ('c0' as CallId),
    // The first ones are in most configurations.
    group: groupIds[whom % 3 === 0 ? which % groupIds.length : which % 2] as GroupNumberId,
    offer: any(offers, whom),
    talk: any(talks, whom),
  }
}

const isOnTheLine = ({ phase, callback }: CallView) => !callback && (phase === 'waiting' || phase === 'ringing')

/** Not always with the offer's id: a story may leave it out. */
function legOf({ call, agent, offer }: Leg, whom: number) {
  return { call, agent, ...(whom % 3 > 0 && { offer }) }
}

/** Without a message: of a `say`. */
function messageEnds({ call, which }: Scene): Happening {
  const message = one(['welcome', 'comfort', 'overflow', 'closed'], which) as never
  return { type: 'played', call, ...(which % 5 > 0 && { message }) }
}

function commandFails({ offer, call, which, whom }: Scene): Happening {
  const command = one<EventOf<'commandFailed'>['command']>(
    ['ring', 'connect', 'play', 'forward', 'answer', 'music', 'say', 'callOut', 'record', 'consult', 'threeWay'],
    which,
  )
  const isAboutLeg = command === 'ring' || command === 'connect'
  return {
    type: 'commandFailed',
    ...(isAboutLeg && offer ? legOf(offer, whom) : { call }),
    command,
    reason: 'refused',
  }
}

function agentAnswersForCallback({ calls }: Scene): Happening | undefined {
  const call = calls.find(({ callback, offers }) => callback && !callback.calling && offers.length > 0)
  const [offer] = call?.offers ?? []
  return call && offer && { type: 'agentAnswered', call: call.call, agent: offer.agent }
}

function transferTarget(which: number, agent: AgentId, group: GroupNumberId): EventOf<'transferAsked'>['to'] {
  const number = one(['+4687654321', numberOf(1), '+4687654321', '112'], which) as never
  return one<EventOf<'transferAsked'>['to']>([{ agent }, { group }, { number }, { agent: 'a4' as AgentId }], which)
}

function consultedTells({ calls, which }: Scene): Happening | undefined {
  const call = calls.find(({ consulting }) => consulting)
  const { agent, offer } = call?.consulting ?? {}
  if (call === undefined) return undefined
  if (agent === undefined)
    return { type: 'forwarded', call: call.call, result: one(['answered', 'busy', 'ended', 'answered'], which) }
  const leg = { call: call.call, agent, ...(offer && which % 3 > 0 && { offer }) }
  if (which % 8 < 5) return { type: 'agentAnswered', ...leg }
  if (which % 8 < 7) return { type: 'agentDeclined', ...leg, cause: one(['rejected', 'noAnswer', 'busy'], which) }
  return { type: 'agentHungUp', ...leg }
}

function oneOfThreeLeaves({ calls, which }: Scene): Happening | undefined {
  const three = calls.find(({ consulting }) => consulting?.threeWay)
  if (three?.agent === undefined || three.consulting === undefined) return undefined
  const { call, agent, consulting } = three
  if (which % 3 === 0) return { type: 'callerHungUp', call }
  if (which % 3 === 1) return { type: which % 2 === 0 ? 'agentHungUp' : 'agentLost', call, agent }
  if (consulting.agent === undefined) return { type: 'forwarded', call, result: 'ended' }
  return { type: 'agentHungUp', call, agent: consulting.agent }
}

function serviceIsUsed({ view, which, whom }: Scene, teller: Storyteller): Happening {
  const served = view.served?.[0]
  if (served === undefined) return teller.arrival({ to: one(['833', '844'], which), from: '+46701001001' })
  const { call, step } = served
  if (step === 'pin' && which % 3 > 0) return { type: 'pinChecked', call, ok: which % 5 > 0 }
  if (step === 'recording') return { type: 'recorded', call, file: 'r2.wav', seconds: which % 3 }
  if (which % 4 === 0) return { type: 'played', call }
  if (which % 31 === 0) return { type: 'callerHungUp', call }
  return { type: 'digitPressed', call, digit: one(['1', '2', '3', '0', '#', '*'], whom) }
}

/** What a switch may hold: most of what we think, some of it otherwise, and a stranger. */
function held(calls: readonly CallView[], which: number): HeldCall[] {
  const known = calls.flatMap((call, index): HeldCall[] =>
    (which + index) % 5 === 0 ? [] : [heldOf(call, which, index)],
  )
  const stranger: HeldCall = {
    call: `s${String(which)}` as CallId,
    to: one([numberOf(0), numberOf(1), '833', '112', '+46000000000'], which >> 1) as never,
    arrived: morning,
    answered: true,
    hears: which % 4 === 0 ? { kind: 'agent', agent: 'a2' as AgentId } : { kind: 'music' },
    offers: [],
  }
  return which % 2 === 0 ? known : [...known, stranger]
}

function heldOf(call: CallView, which: number, index: number): HeldCall {
  const { consulting, callback, agent } = call
  const isAway = callback !== undefined && which % 3 > 0
  const consults = consulting !== undefined && agent !== undefined && which % 4 > 0
  // One may be left over.
  const stray = consulting?.agent !== undefined && !consults && which % 8 === 0 ? [consulting.agent] : []
  return {
    call: call.call,
    to: numberOf(0) as never,
    arrived: call.arrived,
    answered: !isAway && !(consults && consulting.threeWay === 'callerLeft'),
    hears: heardBy(call, which, index),
    ...(isAway && { callback: true }),
    ...(consults && {
      consulting: {
        agent,
        offer: 'o0' as OfferId,
        to: consulting.agent === undefined ? consulting.to : { agent: consulting.agent },
        answered: which % 3 === 0,
        ...(consulting.threeWay && which % 5 > 0 && { threeWay: which % 5 > 3 ? 'callerLeft' : consulting.threeWay }),
      },
    }),
    offers: [
      ...call.offers.filter((_, place) => (which + place) % 3 > 0),
      ...stray.map((agent) => ({ agent, offer: consulting?.offer ?? ('o0' as OfferId) })),
    ].map(({ agent, offer }) => ({ agent, offer, answered: which % 4 === 0 })),
  }
}

function heardBy({ agent }: CallView, which: number, index: number): HeldCall['hears'] {
  if (agent !== undefined && which % 3 > 0) return { kind: 'agent', agent }
  return one<HeldCall['hears']>(
    [
      { kind: 'nothing' },
      { kind: 'music' },
      { kind: 'forwarded' },
      { kind: 'message', message: 'welcome' as never },
      { kind: 'speech' },
      { kind: 'recording' },
    ],
    which + index,
  )
}
