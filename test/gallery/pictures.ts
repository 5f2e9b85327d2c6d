import type {
  AgentLive,
  AgentTold,
  Live,
  OfferPassed,
  PastCall,
  ServiceLive,
  SignedIn,
} from '../../src/contract/console.ts'
import type { CallAbout } from '../../src/contract/call-records.ts'
import type { MissedCaller } from '../../src/contract/work.ts'
import type { AgentId, E164 } from '../../src/core/configuration/types.ts'
import { failed } from '../../src/core/result.ts'
import type { AgentCallEnd, CallId, MonitorMode, OfferId, ThreeWay } from '../../src/core/routing/messages.ts'
import type { AgentView, CallView } from '../../src/core/routing/view.ts'
import type { DeskCall, OngoingCall, RingingCall } from '../../src/renderer/desk/desk-call.ts'
import type { SoundQuality } from '../../src/renderer/desk/softphone/quality.ts'
import type {
  AnswerProblem,
  CallFailure,
  HoldProblem,
  Invitation,
  LineId,
  Listening,
  Microphone,
  Registration,
  Softphone,
  SoftphoneCall,
  SoftphoneEvents,
} from '../../src/renderer/desk/softphone/softphone.ts'
import type { Link } from '../../src/renderer/stores/connection.ts'
import {
  agentLive,
  anna,
  at,
  bo,
  boLive,
  callView,
  firstCall,
  firstOffer,
  groupLive,
  liveOf,
  sales,
  support,
} from '../renderer/support/live.ts'

/** What the desk is given to show: what the service tells, and what the window's softphone has. */
export interface Picture {
  readonly live: Live
  readonly signedIn?: Partial<SignedIn>
  readonly phone: Partial<SoftphoneEvents>
  readonly quality?: SoundQuality
  /** What the softphone does when it is asked to; preset: all goes well. */
  readonly does?: Partial<Pick<Softphone, 'answer' | 'hold'>>
  /** Of the connection; preset: open. */
  readonly link?: 'waiting' | 'connecting'
  /** Buttons pressed one after the other, by the key of their words. */
  readonly press?: readonly string[]
}

/** What is, or is not. */
type Flag<Of> = { [Key in keyof Of]-?: true extends Of[Key] ? Key : never }[keyof Of] & string
type Why<Of, State> =
  Extract<Of, { readonly state: State }> extends { readonly why: infer Each extends string } ? Each : never

/** Everything that a call, and the desk around it, can be in: taken from the types, so that a new one asks for its picture. */
export type StateShown =
  | `agent ${AgentView['state']}`
  | `device ${AgentView['device']}`
  | `desk ${DeskCall['kind']}`
  | `beside ${(RingingCall | OngoingCall)['kind']}`
  | `rings ${RingingCall['answer']}`
  | `call ${OngoingCall['state']}`
  | `at ${OngoingCall['where']}`
  | `call is ${Flag<OngoingCall>}`
  | `came to nothing: ${CallFailure}`
  | `telephone ${Registration['state']}`
  | `no telephone: ${Why<Registration, 'failed'>}`
  | `microphone ${Microphone['state']}`
  | `no microphone: ${Why<Microphone, 'listenOnly'>}`
  | `sounds bad: ${NonNullable<SoundQuality['cause']>}`
  | `contact ${Exclude<Link['state'], 'ended'>}`
  | `switch ${ServiceLive['switch']}`
  | `third party ${'asked' | 'answered'}`
  | `three: ${ThreeWay}`
  | `listens in: ${Exclude<MonitorMode, 'off'>}`
  | `is listened to: ${Exclude<MonitorMode, 'off'>}`
  | `listening ${Listening['state']}`
  | `not answered: ${AnswerProblem['kind']}`
  | `not held: ${HoldProblem['kind']}`
  | `agent is ${Flag<AgentLive>}`
  | `told ${AgentTold['did']}`
  | `passed: ${OfferPassed['why']}`
  | `past ${PastCall['way']}`
  | `past, ended: ${AgentCallEnd}`

// --- the company ------------------------------------------------------------------------------------

const cia = 'cia' as AgentId
const dan = 'dan' as AgentId
const eva = 'eva' as AgentId
const secondCall = 'call-2' as CallId
const secondOffer = 'offer-2' as OfferId

const colleagues = [
  boLive({ state: 'available', since: at(-760) }),
  agentLive({
    agent: cia,
    firstName: 'Cia',
    lastName: 'Berg',
    state: 'talking',
    call: 'call-8' as CallId,
    since: at(-185),
  }),
  agentLive({ agent: dan, firstName: 'Dan', lastName: 'Åkerström-Lindqvist', state: 'wrapUp', since: at(-12) }),
  agentLive({
    agent: eva,
    firstName: 'Eva',
    lastName: 'Holm',
    state: 'paused',
    pauseReason: 'lunch',
    since: at(-1450),
  }),
]
const waiting = [
  callView({ call: 'call-5' as CallId, from: '+46855512345' as E164, arrived: at(-40), position: 1 }),
  callView({ call: 'call-6' as CallId, from: '+4915123456789' as E164, group: sales, arrived: at(-12), position: 1 }),
]
const groups = [
  groupLive({ members: [anna, bo, cia, dan, eva], today: { offered: 41, answeredInTime: 37, withinSeconds: 20 } }),
  groupLive({
    group: sales,
    number: '+46122260981' as E164,
    name: 'Beställning och leverans',
    members: [anna, dan],
    open: true,
    next: { at: at(7 * 3600), open: false },
  }),
]
const calledAt = (index: number) => at(-600 - 1300 * index)
const past = (given: Partial<PastCall> & Pick<PastCall, 'id'>): PastCall => ({
  call: `past-${given.id}` as CallId,
  way: 'taken',
  at: at(-900),
  number: '+46701740605' as E164,
  ...given,
})
const reasons: Readonly<Record<AgentCallEnd, true>> = {
  agent: true,
  other: true,
  refused: true,
  ordered: true,
  busy: true,
  noAnswer: true,
  rejected: true,
  unknown: true,
  unreachable: true,
  failed: true,
  lost: true,
}
const someCalls = [
  past({ id: 'a', group: support, seconds: 312, at: calledAt(0) }),
  past({ id: 'b', way: 'made', number: '+4684711' as E164, seconds: 45, at: calledAt(1) }),
  past({ id: 'c', way: 'missed', colleague: bo, at: calledAt(2) }),
]
const everyEnd = (Object.keys(reasons) as AgentCallEnd[]).map((why, index) =>
  past({ id: why, way: 'made', why, number: `+4670174060${index % 10}` as E164, at: calledAt(index) }),
)
const passedWhys: Readonly<Record<OfferPassed['why'], true>> = {
  missed: true,
  answeredElsewhere: true,
  callerGone: true,
  withdrawn: true,
  rejected: true,
}
const everyPassed = (Object.keys(passedWhys) as OfferPassed['why'][]).map((why, index): OfferPassed => ({
  offer: `passed-${why}` as OfferId,
  call: `passed-${why}` as CallId,
  group: support,
  ...(why !== 'withdrawn' && { from: `+4685551234${index}` as E164 }),
  at: at(-120 - 700 * index),
  why,
  ...(why === 'answeredElsewhere' && { answeredBy: bo }),
}))
const missed: readonly MissedCaller[] = [
  {
    id: 'missed-1',
    group: support,
    number: '+46709876543' as E164,
    tries: 3,
    first: at(-3000),
    last: at(-420),
    why: 'abandoned',
    state: 'open',
    changed: at(-420),
  },
  {
    id: 'missed-2',
    group: sales,
    number: '+46812345678' as E164,
    name: 'Bygg & Måleri i Norrköping AB',
    tries: 1,
    first: at(-5400),
    last: at(-5400),
    why: 'closed',
    owner: { account: 'bo', name: 'bo' },
    note: 'Ringer igen efter 13',
    state: 'open',
    changed: at(-5000),
  },
]
const keyed = <Entry>(entries: readonly Entry[], key: (entry: Entry) => string) =>
  Object.fromEntries(entries.map((entry) => [key(entry), entry]))

interface Given {
  readonly me?: Partial<ReturnType<typeof agentLive>>
  readonly calls?: readonly CallView[]
  readonly service?: Partial<ServiceLive>
  readonly passed?: readonly OfferPassed[]
  readonly past?: readonly PastCall[]
}

function company({ me = {}, calls = [], service = {}, passed = [], past: history = someCalls }: Given = {}): Live {
  const own = agentLive({ loggedIn: [support, sales], since: at(-192), ...me })
  const others = own.state === 'loggedOut' ? [] : waiting
  return {
    ...liveOf({ agents: [own, ...colleagues], calls: [...calls, ...others], groups }),
    service: { service: { switch: 'attached', engine: 'embedded', revision: 1, ...service } },
    passed: keyed(passed, ({ offer }) => offer),
    history: keyed(history, ({ id }) => id),
    missed: keyed(missed, ({ id }) => id),
  }
}

/** What the service answers to who asks what is known of a caller. */
export const about: CallAbout = {
  contacts: [
    {
      id: 'contact-1',
      way: 'in',
      group: support,
      at: at(-86_400),
      end: 'answered',
      agent: bo,
      agentName: 'Bo Ek',
      waited: 12,
      talked: 301,
      note: 'Vill ha ny faktura',
      outcome: { code: 'invoice', name: 'Faktura' },
    },
    { id: 'contact-2', way: 'in', group: support, at: at(-90_000), end: 'abandoned', waited: 140 },
  ],
  outcomes: [
    { code: 'invoice', name: 'Faktura' },
    { code: 'delivery', name: 'Leverans' },
    { code: 'other', name: 'Annat' },
  ],
  outcomeRequired: true,
  page: { url: 'https://kunder.example/070-1234567', at: 'ringing' },
  note: 'Leveransen kom inte fram',
}

// --- calls ------------------------------------------------------------------------------------------

const ringing = { state: 'ringing', call: firstCall, since: at(-6) } as const
const talking = { state: 'talking', call: firstCall, since: at(-42) } as const
const rungFor = callView({ phase: 'ringing', offers: [{ agent: anna, offer: firstOffer, until: at(14) }] })
const caller = (given: Partial<CallView> = {}) =>
  callView({ phase: 'talking', agent: anna, arrived: at(-95), talkingSince: at(-42), ...given })
const invitation: Invitation = { offer: firstOffer, call: firstCall, from: '+46701234567' }
const fromBo: Invitation = { offer: secondOffer, call: secondCall, colleague: bo }

const line = (given: Partial<SoftphoneCall> = {}): SoftphoneCall => ({
  line: 'line-1' as LineId,
  offer: firstOffer,
  call: firstCall,
  state: 'talking',
  since: at(-42),
  muted: false,
  changing: false,
  soundLost: false,
  ...given,
})
const made = (given: Partial<SoftphoneCall> = {}): SoftphoneCall => {
  const { offer: _, call: __, since: ___, ...own } = line()
  return { ...own, line: 'line-2' as LineId, dialled: '+46701740605', state: 'dialling', ...given }
}

const rings = (more: Partial<Picture> = {}): Picture => ({
  live: company({ me: ringing, calls: [rungFor] }),
  phone: { ringing: [invitation] },
  ...more,
})
const inCall = (given: Partial<SoftphoneCall> = {}, more: Partial<Picture> = {}): Picture => ({
  live: company({ me: talking, calls: [caller()] }),
  phone: { calls: [line(given)] },
  quality: { score: 4.3, loss: 0.1, jitter: 4, roundTrip: 21 },
  ...more,
})
const withThird = (consulting: NonNullable<CallView['consulting']>): Picture =>
  inCall({}, { live: company({ me: talking, calls: [caller({ consulting })] }) })
const calling = (given: Partial<SoftphoneCall> = {}): Picture => ({
  live: company({ me: { device: 'busy' } }),
  phone: { calls: [made(given)] },
})
const cameToNothing = (why: CallFailure): Picture => ({
  live: company(),
  phone: { calls: [made({ state: 'ended', failed: why, since: at(-2) })] },
})
const telephone = (registration: Registration): Picture => ({ live: company(), phone: { registration } })
const without = (why: Why<Microphone, 'listenOnly'>): Picture => ({
  live: company(),
  phone: { microphone: { state: 'listenOnly', why } },
})
const sounds = (quality: SoundQuality) => inCall({}, { quality })
const listensIn = (mode: Exclude<MonitorMode, 'off'>, state: Listening['state']): Picture => ({
  live: company({
    calls: [callView({ call: 'call-8' as CallId, phase: 'talking', agent: cia, monitors: [{ agent: anna, mode }] })],
  }),
  signedIn: { roles: ['agent', 'supervisor'], supervises: [support] },
  phone: { listening: { call: 'call-8' as CallId, state } },
})
const listenedTo = (mode: Exclude<MonitorMode, 'off'>) =>
  inCall({}, { live: company({ me: talking, calls: [caller({ monitors: [{ agent: bo, mode }] })] }) })
const answers = (problem: AnswerProblem) =>
  rings({ does: { answer: () => Promise.resolve(failed(problem)) }, press: ['call.answer'] })
const holds = (problem: HoldProblem) =>
  inCall({}, { does: { hold: () => Promise.resolve(failed(problem)) }, press: ['call.hold'] })
const told = (did: AgentTold['did'], more: Partial<AgentTold> = {}): AgentTold => ({
  at: at(-80),
  by: 'lead',
  did,
  ...more,
})

/** Every state of a call at the desk. */
export const pictures = {
  loggedOut: { live: company({ me: { state: 'loggedOut', loggedIn: [], before: [support] } }), phone: {} },
  free: { live: company(), phone: {} },
  answersByItself: { live: company({ me: { autoAnswer: true } }), phone: {} },
  paused: { live: company({ me: { state: 'paused', pauseReason: 'lunch', since: at(-1450) } }), phone: {} },
  pausedByAnother: {
    live: company({
      me: {
        state: 'paused',
        told: [
          told('loggedIn', { group: sales }),
          told('loggedOut'),
          told('resumed'),
          told('paused', { reason: 'meeting' }),
        ],
      },
    }),
    phone: {},
  },
  rings: rings(),
  ringsHidden: rings({
    live: company({ me: ringing, calls: [{ ...rungFor, from: undefined, group: sales } as unknown as CallView] }),
    phone: { ringing: [{ offer: firstOffer, call: firstCall }] },
  }),
  ringsBeforeTheTelephone: rings({ phone: {} }),
  ringsWithoutTheTelephone: rings({ phone: { registration: { state: 'failed', why: 'socket', retryAt: at(4) } } }),
  ringsAtThePhone: rings({ live: company({ me: { ...ringing, answersAt: 'phone' }, calls: [rungFor] }), phone: {} }),
  ringsTwice: rings({ phone: { ringing: [invitation, fromBo] } }),
  ringsFromColleague: { live: company(), phone: { ringing: [fromBo] } },
  answering: rings({ does: { answer: () => new Promise(() => undefined) }, press: ['call.answer'] }),
  answeredByAnother: answers({ kind: 'gone' }),
  answeredWhileInCall: answers({ kind: 'inCall' }),
  answerFailed: answers({ kind: 'failed', message: 'ICE' }),
  connecting: inCall({ state: 'connecting', since: undefined } as unknown as Partial<SoftphoneCall>),
  inCall: inCall(),
  keypad: inCall({}, { press: ['call.keypad'] }),
  muted: inCall({ muted: true }),
  held: inCall({ state: 'held' }),
  holding: inCall({ changing: true }),
  holdRefused: holds({ kind: 'refused' }),
  holdOfNothing: holds({ kind: 'noCall' }),
  soundLost: inCall({ soundLost: true }),
  ended: inCall({ state: 'ended' }),
  transfer: inCall({}, { press: ['transfer.title'] }),
  transferAsking: withThird({ to: { agent: bo }, agent: bo, answered: false }),
  transferTalking: withThird({ to: { agent: bo }, agent: bo, answered: true }),
  threeTogether: withThird({ to: { agent: bo }, agent: bo, answered: true, threeWay: 'all' }),
  threeWithoutTheCaller: withThird({ to: { agent: bo }, agent: bo, answered: true, threeWay: 'callerLeft' }),
  anotherWaits: inCall(
    {},
    {
      phone: { calls: [line()], ringing: [fromBo] },
    },
  ),
  othersHeld: inCall(
    {},
    {
      phone: {
        calls: [
          line({ line: 'line-3' as LineId, call: 'call-3' as CallId, state: 'held', colleague: cia, since: at(-300) }),
          made({ state: 'held', since: at(-120) }),
          line(),
        ],
      },
    },
  ),
  dials: calling(),
  itRings: calling({ state: 'ringing', call: secondCall }),
  itRingsWithSound: calling({ state: 'ringing', call: secondCall, early: true }),
  ownCall: calling({ state: 'talking', call: secondCall, since: at(-75) }),
  echo: calling({ state: 'talking', call: secondCall, since: at(-4), dialled: 'echo' }),
  busy: cameToNothing('busy'),
  noAnswer: cameToNothing('noAnswer'),
  rejected: cameToNothing('rejected'),
  unknownNumber: cameToNothing('unknown'),
  closedNumber: cameToNothing('closed'),
  unreachable: cameToNothing('unreachable'),
  failed: cameToNothing('failed'),
  soundLossy: sounds({ score: 2.1, loss: 12.4, jitter: 9, roundTrip: 40, cause: 'loss' }),
  soundUneven: sounds({ score: 3.1, loss: 0.4, jitter: 88, roundTrip: 60, cause: 'jitter' }),
  soundLate: sounds({ score: 2.9, loss: 0, jitter: 6, roundTrip: 840, cause: 'delay' }),
  contactLost: inCall({}, { link: 'waiting' }),
  contactComing: inCall({}, { link: 'connecting' }),
  switchLost: { live: company({ service: { switch: 'lost' } }), phone: {} },
  takenBack: inCall({}, { phone: { registration: { state: 'connecting' } } }),
  atThePhone: inCall({}, { live: company({ me: { ...talking, answersAt: 'phone' }, calls: [caller()] }), phone: {} }),
  listensIn: listensIn('listen', 'on'),
  listensInInvited: listensIn('listen', 'invited'),
  listensInConnecting: listensIn('listen', 'connecting'),
  whispers: listensIn('whisper', 'on'),
  barges: listensIn('barge', 'on'),
  isListenedTo: listenedTo('listen'),
  isWhisperedTo: listenedTo('whisper'),
  isBargedInto: listenedTo('barge'),
  wrapUp: { live: company({ me: { state: 'wrapUp', wrapUpUntil: at(27), since: at(-3) } }), phone: {} },
  wrapUpWithoutEnd: { live: company({ me: { state: 'wrapUp', since: at(-300) } }), phone: {} },
  missedCalls: { live: company({ passed: everyPassed, past: everyEnd }), phone: {} },
  microphoneUnasked: { live: company(), phone: { microphone: { state: 'unasked' } } },
  microphoneDenied: without('denied'),
  microphoneMissing: without('missing'),
  microphoneBusy: without('busy'),
  microphoneInsecure: without('insecure'),
  telephoneOff: telephone({ state: 'off' }),
  telephoneConnecting: telephone({ state: 'connecting' }),
  telephoneLost: telephone({ state: 'failed', why: 'socket', retryAt: at(4) }),
  telephoneRefused: telephone({ state: 'failed', why: 'refused', retryAt: at(14) }),
  telephoneUnreachable: telephone({ state: 'failed', why: 'unreachable', retryAt: at(9) }),
  telephoneElsewhere: telephone({ state: 'failed', why: 'elsewhere', retryAt: at(20) }),
  telephoneUnsupported: telephone({ state: 'failed', why: 'unsupported' }),
  deviceGone: { live: company({ me: { device: 'gone' } }), phone: { registration: { state: 'connecting' } } },
} as const satisfies Readonly<Record<string, Picture>>

export type PictureName = keyof typeof pictures

/** Which picture shows it. A new state does not compile before it has one. */
export const shownBy: Readonly<Record<StateShown, PictureName>> = {
  'agent loggedOut': 'loggedOut',
  'agent available': 'free',
  'agent ringing': 'rings',
  'agent talking': 'inCall',
  'agent wrapUp': 'wrapUp',
  'agent paused': 'paused',
  'device ready': 'free',
  'device busy': 'dials',
  'device gone': 'deviceGone',
  'desk idle': 'free',
  'desk ringing': 'rings',
  'desk ongoing': 'inCall',
  'desk wrapUp': 'wrapUp',
  'beside ringing': 'anotherWaits',
  'beside ongoing': 'othersHeld',
  'rings here': 'rings',
  'rings arriving': 'ringsBeforeTheTelephone',
  'rings notConnected': 'ringsWithoutTheTelephone',
  'rings phone': 'ringsAtThePhone',
  'call dialling': 'dials',
  'call ringing': 'itRings',
  'call connecting': 'connecting',
  'call talking': 'inCall',
  'call held': 'held',
  'call ended': 'ended',
  'at here': 'inCall',
  'at phone': 'atThePhone',
  'at elsewhere': 'takenBack',
  'call is ofQueue': 'inCall',
  'call is early': 'itRingsWithSound',
  'call is muted': 'muted',
  'call is changing': 'holding',
  'call is soundLost': 'soundLost',
  'came to nothing: busy': 'busy',
  'came to nothing: noAnswer': 'noAnswer',
  'came to nothing: rejected': 'rejected',
  'came to nothing: unknown': 'unknownNumber',
  'came to nothing: closed': 'closedNumber',
  'came to nothing: unreachable': 'unreachable',
  'came to nothing: failed': 'failed',
  'telephone off': 'telephoneOff',
  'telephone connecting': 'telephoneConnecting',
  'telephone registered': 'free',
  'telephone failed': 'telephoneLost',
  'no telephone: socket': 'telephoneLost',
  'no telephone: refused': 'telephoneRefused',
  'no telephone: unreachable': 'telephoneUnreachable',
  'no telephone: elsewhere': 'telephoneElsewhere',
  'no telephone: unsupported': 'telephoneUnsupported',
  'microphone unasked': 'microphoneUnasked',
  'microphone ready': 'free',
  'microphone listenOnly': 'microphoneDenied',
  'no microphone: denied': 'microphoneDenied',
  'no microphone: missing': 'microphoneMissing',
  'no microphone: busy': 'microphoneBusy',
  'no microphone: insecure': 'microphoneInsecure',
  'sounds bad: loss': 'soundLossy',
  'sounds bad: jitter': 'soundUneven',
  'sounds bad: delay': 'soundLate',
  'contact open': 'free',
  'contact waiting': 'contactLost',
  'contact connecting': 'contactComing',
  'switch attached': 'free',
  'switch lost': 'switchLost',
  'third party asked': 'transferAsking',
  'third party answered': 'transferTalking',
  'three: all': 'threeTogether',
  'three: callerLeft': 'threeWithoutTheCaller',
  'listens in: listen': 'listensIn',
  'listens in: whisper': 'whispers',
  'listens in: barge': 'barges',
  'is listened to: listen': 'isListenedTo',
  'is listened to: whisper': 'isWhisperedTo',
  'is listened to: barge': 'isBargedInto',
  'listening invited': 'listensInInvited',
  'listening connecting': 'listensInConnecting',
  'listening on': 'listensIn',
  'not answered: gone': 'answeredByAnother',
  'not answered: inCall': 'answeredWhileInCall',
  'not answered: failed': 'answerFailed',
  'not held: refused': 'holdRefused',
  'not held: noCall': 'holdOfNothing',
  'agent is autoAnswer': 'answersByItself',
  'told loggedIn': 'pausedByAnother',
  'told loggedOut': 'pausedByAnother',
  'told paused': 'pausedByAnother',
  'told resumed': 'pausedByAnother',
  'passed: missed': 'missedCalls',
  'passed: answeredElsewhere': 'missedCalls',
  'passed: callerGone': 'missedCalls',
  'passed: withdrawn': 'missedCalls',
  'passed: rejected': 'missedCalls',
  'past made': 'free',
  'past taken': 'free',
  'past missed': 'free',
  'past, ended: agent': 'missedCalls',
  'past, ended: other': 'missedCalls',
  'past, ended: refused': 'missedCalls',
  'past, ended: ordered': 'missedCalls',
  'past, ended: busy': 'missedCalls',
  'past, ended: noAnswer': 'missedCalls',
  'past, ended: rejected': 'missedCalls',
  'past, ended: unknown': 'missedCalls',
  'past, ended: unreachable': 'missedCalls',
  'past, ended: failed': 'missedCalls',
  'past, ended: lost': 'missedCalls',
}
