import type { AgentLive, Live } from '../../contract/console.ts'
import type { AgentId } from '../../core/configuration/types.ts'
import type { CallId, OfferId } from '../../core/routing/messages.ts'
import type { CallView } from '../../core/routing/view.ts'
import { instant, type Instant } from '../../core/time.ts'
import { type CallFailure, type Invitation, isRingOf, type LineId, type SoftphoneCall } from './softphone/softphone.ts'

/** Who is at the other side, and which group number; what the service has not told yet is absent. */
export interface Party {
  /** Absent: made here, and not named by the switch yet. */
  readonly call?: CallId
  readonly groupName?: string
  /** A number, or `echo`; absent: hidden, or a colleague. */
  readonly from?: string
  readonly name?: string
  readonly colleague?: AgentId
  readonly arrived?: Instant
}

/** A call that rings for this agent. */
export interface RingingCall extends Party {
  readonly kind: 'ringing'
  readonly call: CallId
  readonly offer: OfferId
  readonly until?: Instant
  /** How it can be answered: here, only at the agent's ordinary phone, or not (yet) here. */
  readonly answer: 'here' | 'phone' | 'arriving' | 'notConnected'
}

/** A call this agent is in, or makes. `where`: in this window's softphone, at an ordinary phone, or in another window. */
export interface OngoingCall extends Party {
  readonly kind: 'ongoing'
  readonly where: 'here' | 'phone' | 'elsewhere'
  /** Of a call in this window. */
  readonly line?: LineId
  /** Of the queue, so that it can be transferred; others are the agent's own. */
  readonly ofQueue: boolean
  readonly state: SoftphoneCall['state']
  readonly early: boolean
  readonly failed?: CallFailure
  readonly since?: Instant
  readonly muted: boolean
  readonly changing: boolean
  readonly soundLost: boolean
}

/** What stands in the desk's first place. */
export type DeskCall =
  RingingCall | OngoingCall | { readonly kind: 'wrapUp'; readonly until?: Instant } | { readonly kind: 'idle' }

export interface DeskCalls {
  readonly front: DeskCall
  /** Cards below it: who waits at the telephone, and who is held. */
  readonly others: readonly (RingingCall | OngoingCall)[]
}

export interface DeskCallQuestion {
  readonly me: AgentLive
  readonly live: Pick<Live, 'calls' | 'groups' | 'agents'>
  readonly registered: boolean
  readonly ringing: readonly Invitation[]
  readonly phoneCalls: readonly SoftphoneCall[]
  /** What this machine's clock is behind the service's, milliseconds. */
  readonly offset?: number
}

/**
 * Joins what the service tells with what the softphone has: either may be first, and a call is shown as soon as one of them
 * knows it. First stands what is talked in or made, then what rings, then what is held, then what came to nothing.
 */
export function deskCalls(question: DeskCallQuestion): DeskCalls {
  const calls = ongoing(question)
  const isActive = ({ state }: OngoingCall) => state !== 'held' && state !== 'ended'
  const active = calls.filter(isActive)
  const held = calls.filter(({ state }) => state === 'held').toReversed()
  const over = calls.filter(({ state }) => state === 'ended')
  const [front, ...others] = [...active, ...ringing(question), ...held, ...over]
  return { front: front ?? resting(question.me), others }
}

function ongoing(question: DeskCallQuestion): OngoingCall[] {
  const { me, live, phoneCalls } = question
  const serviceCall = me.state === 'talking' && me.call !== undefined ? me.call : undefined
  // One that has ended is shown until the service has heard of it, or while it says why it came to nothing.
  const shown = phoneCalls.filter(
    ({ state, call, failed }) =>
      state !== 'ended' || failed !== undefined || (call !== undefined && call === serviceCall),
  )
  const here = shown.map((phoneCall) => ofSoftphone(phoneCall, question))
  if (serviceCall === undefined || phoneCalls.some(({ call }) => call === serviceCall)) return here
  const elsewhere: OngoingCall = {
    kind: 'ongoing',
    where: me.answersAt === 'phone' ? 'phone' : 'elsewhere',
    ofQueue: hasCaller(live.calls[serviceCall], me),
    ...partyOf(serviceCall, live),
    ...since(live.calls[serviceCall]),
    state: 'talking',
    early: false,
    muted: false,
    changing: false,
    soundLost: false,
  }
  return [elsewhere, ...here]
}

function ofSoftphone(phoneCall: SoftphoneCall, { me, live, offset = 0 }: DeskCallQuestion): OngoingCall {
  const { line, call, state, muted, changing, soundLost, early, failed } = phoneCall
  const view = call === undefined ? undefined : live.calls[call]
  return {
    kind: 'ongoing',
    where: 'here',
    line,
    ofQueue: view !== undefined && hasCaller(view, me),
    ...(view === undefined ? ownParty(phoneCall, live) : partyOf(view.call, live)),
    ...(phoneCall.since !== undefined && { since: instant(phoneCall.since + offset) }),
    ...since(view),
    state,
    early: early === true,
    ...(failed && { failed }),
    muted,
    changing,
    soundLost,
  }
}

/** Of a call that is not the queue's: a colleague, or whom the agent has dialled. */
function ownParty(
  { call, dialled, from, name, colleague }: Pick<SoftphoneCall, 'call' | 'dialled' | 'from' | 'name' | 'colleague'>,
  { agents }: Pick<Live, 'agents'>,
): Party {
  const who = agents[colleague ?? dialled ?? '']
  const named = who === undefined ? name : `${who.firstName} ${who.lastName}`.trim()
  const number = who === undefined ? (dialled ?? from) : undefined
  return {
    ...(call !== undefined && { call }),
    ...(number !== undefined && { from: number }),
    ...(named !== undefined && { name: named }),
    ...(who !== undefined && { colleague: who.agent }),
  }
}

function ringing({ me, live, ringing: invitations, registered }: DeskCallQuestion): RingingCall[] {
  const view = me.call === undefined ? undefined : live.calls[me.call]
  const offer = view?.offers.find(({ agent }) => agent === me.agent)
  const elsewhere = me.answersAt === 'phone' ? 'phone' : registered ? 'arriving' : 'notConnected'
  // The telephone may be ahead of the service's news.
  const here = offer && invitations.find((one) => isRingOf(one, offer.offer))
  const offered: RingingCall[] =
    view === undefined || offer === undefined
      ? []
      : [
          {
            kind: 'ringing',
            ...partyOf(view.call, live),
            call: view.call,
            offer: here?.offer ?? offer.offer,
            until: offer.until,
            answer: here ? 'here' : elsewhere,
          },
        ]
  const others = invitations.filter((one) => one !== here)
  return [
    ...offered,
    ...others.map((one): RingingCall => {
      const party = live.calls[one.call] === undefined ? ownParty(one, live) : partyOf(one.call, live)
      // Rung anew for this call: what rang over the lost connection cannot be answered any more.
      const isLost = offered.some(({ call }) => call === one.call)
      return { kind: 'ringing', ...party, call: one.call, offer: one.offer, answer: isLost ? elsewhere : 'here' }
    }),
  ]
}

function resting(me: AgentLive): DeskCall {
  if (me.state !== 'wrapUp') return { kind: 'idle' }
  return me.wrapUpUntil === undefined ? { kind: 'wrapUp' } : { kind: 'wrapUp', until: me.wrapUpUntil }
}

function partyOf(call: CallId, live: Pick<Live, 'calls' | 'groups'>): Party {
  const view = live.calls[call]
  if (view === undefined) return { call }
  const group = live.groups[view.group]
  return {
    call,
    ...(group === undefined ? {} : { groupName: group.name }),
    ...(view.from === undefined ? {} : { from: view.from }),
    ...(view.name === undefined ? {} : { name: view.name }),
    arrived: view.arrived,
  }
}

/** Whoever is asked, or was put in as the third, does not. */
const hasCaller = (view: CallView | undefined, { agent }: AgentLive) => view?.consulting?.agent !== agent

const since = (view: CallView | undefined) => (view?.talkingSince === undefined ? {} : { since: view.talkingSince })
