import type { AgentLive, Live } from '../../contract/console.ts'
import type { CallId, OfferId } from '../../core/routing/messages.ts'
import type { CallView } from '../../core/routing/view.ts'
import type { Instant } from '../../core/time.ts'
import type { Invitation, SoftphoneCall } from './softphone/softphone.ts'

/** Who calls, and which group number; what the service has not told yet is absent. */
export interface Party {
  readonly call: CallId
  readonly groupName?: string
  /** Absent: hidden. */
  readonly from?: string
  readonly name?: string
  readonly arrived?: Instant
}

/** A call that rings for this agent. */
export interface RingingCall extends Party {
  readonly kind: 'ringing'
  readonly offer: OfferId
  readonly until?: Instant
  /** How it can be answered: here, only at the agent's ordinary phone, or not (yet) here. */
  readonly answer: 'here' | 'phone' | 'arriving' | 'notConnected'
}

/** The call this agent is in. `where`: in this window's softphone, at an ordinary phone, or in another window. */
export interface OngoingCall extends Party {
  readonly kind: 'ongoing'
  readonly where: 'here' | 'phone' | 'elsewhere'
  readonly state: 'connecting' | 'talking' | 'held' | 'ended'
  readonly since?: Instant
  readonly muted: boolean
  readonly changing: boolean
  readonly soundLost: boolean
}

/** What stands in the desk's first place. */
export type DeskCall =
  RingingCall | OngoingCall | { readonly kind: 'wrapUp'; readonly until?: Instant } | { readonly kind: 'idle' }

export interface DeskCallQuestion {
  readonly me: AgentLive
  readonly live: Pick<Live, 'calls' | 'groups'>
  readonly registered: boolean
  readonly ringing: readonly Invitation[]
  readonly phoneCall: SoftphoneCall | undefined
}

/**
 * Joins what the service tells with what the softphone has: either may be first, and a call is shown
 * as soon as one of them knows it.
 */
export function deskCall(question: DeskCallQuestion): DeskCall {
  return ongoing(question) ?? ringing(question) ?? resting(question.me)
}

function ongoing({ me, live, phoneCall }: DeskCallQuestion): OngoingCall | undefined {
  const serviceCall = me.state === 'talking' && me.call !== undefined ? me.call : undefined
  if (phoneCall !== undefined && (phoneCall.state !== 'ended' || phoneCall.call === serviceCall)) {
    const { state, muted, changing, soundLost } = phoneCall
    const party = partyOf(phoneCall.call, live)
    return {
      kind: 'ongoing',
      where: 'here',
      ...party,
      ...since(live.calls[phoneCall.call]),
      state,
      muted,
      changing,
      soundLost,
    }
  }
  if (serviceCall === undefined) return undefined
  return {
    kind: 'ongoing',
    where: me.answersAt === 'phone' ? 'phone' : 'elsewhere',
    ...partyOf(serviceCall, live),
    ...since(live.calls[serviceCall]),
    state: 'talking',
    muted: false,
    changing: false,
    soundLost: false,
  }
}

function ringing({ me, live, ringing: invitations, registered }: DeskCallQuestion): RingingCall | undefined {
  const view = me.call === undefined ? undefined : live.calls[me.call]
  const offer = view?.offers.find(({ agent }) => agent === me.agent)
  const invitation = offer ? invitations.find((one) => one.offer === offer.offer) : invitations[0]
  if (offer === undefined || view === undefined) {
    if (invitation === undefined) return undefined
    const from = invitation.from === undefined ? {} : { from: invitation.from }
    return { kind: 'ringing', ...from, ...partyOf(invitation.call, live), offer: invitation.offer, answer: 'here' }
  }
  const elsewhere = me.answersAt === 'phone' ? 'phone' : registered ? 'arriving' : 'notConnected'
  return {
    kind: 'ringing',
    ...partyOf(view.call, live),
    offer: offer.offer,
    until: offer.until,
    answer: invitation ? 'here' : elsewhere,
  }
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

const since = (view: CallView | undefined) => (view?.talkingSince === undefined ? {} : { since: view.talkingSince })
