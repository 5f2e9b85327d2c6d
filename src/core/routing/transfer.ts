import type { AgentId, E164 } from '../configuration/types.ts'
import { after, between, seconds } from '../time.ts'
import { callRecord } from './call-record.ts'
import { chooseAgents } from './choose-agents.ts'
import type { Floor } from './floor.ts'
import type { EventOf, Notice, ThirdParty, TransferTarget } from './messages.ts'
import { beginTalk, complete, endOffer, makeOffer, miss, presentation, withdraw } from './offers.ts'
import type { AgentRecord, CallRecord, GroupRecord, OfferRecord, TalkRecord, Transfer } from './state.ts'
import { beginStay, end, scheduleComfort, startMusic, startWaitClocks } from './stays.ts'

type FailedWhy = Extract<Notice, { type: 'transferFailed' }>['why']

// --- asked ----------------------------------------------------------------------------------------

export function askTransfer(floor: Floor, talk: TalkRecord, { to: asked, how }: EventOf<'transferAsked'>): void {
  if (talk.call.transfer !== undefined) return
  if (floor.lostAt !== undefined) return tellFailed(floor, talk.call, talk.agent.id, 'unavailable')
  const to = groupsOwnNumber(floor, asked)
  if (how === 'consult') return consult(floor, talk, to)
  transferNow(floor, talk, to)
}

/** A group number rung by its number is that group number. */
function groupsOwnNumber(floor: Floor, to: TransferTarget): TransferTarget {
  const group = 'number' in to ? floor.compiled.byNumber.get(to.number) : undefined
  return group === undefined ? to : { group: group.id }
}

function transferNow(floor: Floor, talk: TalkRecord, to: TransferTarget): void {
  const { call, agent } = talk
  if ('number' in to) {
    handOver(floor, talk)
    return forwardOn(floor, call, to.number, agent.id)
  }
  if ('group' in to) {
    const group = floor.compiled.groups.get(to.group)
    if (group === undefined) return tellFailed(floor, call, agent.id, 'unavailable')
    handOver(floor, talk)
    call.visited = []
    return beginStay(floor, call, group)
  }
  const target = ringable(floor, to.agent)
  if (target === undefined || call.group.removed) return tellFailed(floor, call, agent.id, 'unavailable')
  handOver(floor, talk)
  rejoin(floor, call, call.group)
  takeFromRest(floor, target)
  makeOffer(floor, call, { agent: target, level: levelIn(call.group, target), picked: true })
  floor.reconsider(call)
}

/** The agent's part is done, at this instant. */
function handOver(floor: Floor, talk: TalkRecord): void {
  floor.command({ type: 'hangUpAgent', call: talk.call.id, agent: talk.agent.id, offer: talk.offer })
  complete(floor, talk, 'transfer')
}

function forwardOn(floor: Floor, call: CallRecord, to: E164, transferredBy: AgentId): void {
  call.stage = { phase: 'leaving', why: 'transferred', then: { do: 'forward', to }, forwarded: true, transferredBy }
  floor.command({ type: 'forward', call: call.id, to })
}

/** In the queue of the group number, at the old place where it is the same. */
function rejoin(floor: Floor, call: CallRecord, group: GroupRecord): void {
  if (group !== call.group) {
    const treatment = group.callers(call.from)
    call.group = group
    call.priority = treatment.block ? 0 : treatment.priority
    call.order = floor.nextArrival()
  }
  call.visited = [group.id]
  call.arrived = floor.now
  call.stage = { phase: 'waiting' }
  floor.join(call)
  floor.notice({ type: 'queued', call: call.id, group: group.id, position: floor.position(call) })
  startMusic(floor, call)
  scheduleComfort(floor, call)
  startWaitClocks(floor, call)
}

/** Asked by name: only a pause, a call, or a phone that is not there keeps from being rung. */
function ringable(floor: Floor, id: AgentId): AgentRecord | undefined {
  const agent = floor.agents.get(id)
  return agent?.device === 'ready' && agent.engaged === undefined && agent.paused === undefined ? agent : undefined
}

const levelIn = (group: GroupRecord, agent: AgentRecord) => group.members.get(agent.id)?.level.level ?? 1

function takeFromRest(floor: Floor, agent: AgentRecord): void {
  floor.takeBack(agent.wrapUp)
  agent.wrapUp = undefined
}

// --- consulting -----------------------------------------------------------------------------------

function consult(floor: Floor, talk: TalkRecord, to: TransferTarget): void {
  const { call, agent } = talk
  if ('number' in to) {
    call.transfer = { to, answered: false, party: undefined, threeWay: undefined }
    return floor.command({ type: 'consult', call: call.id, agent: agent.id, to })
  }
  const group = 'group' in to ? floor.compiled.groups.get(to.group) : call.group
  if (group === undefined || group.removed) return tellFailed(floor, call, agent.id, 'unavailable')
  const { from, name } = call
  const arrival = {
    call: call.id,
    to: call.to,
    ...(from !== undefined && { from }),
    ...(name !== undefined && { name }),
  }
  const party = callRecord(arrival, group, floor.now)
  party.stage = { phase: 'consulted' }
  const transfer: Transfer = { to, answered: false, party, threeWay: undefined }
  if (!askNext(floor, talk, transfer)) tellFailed(floor, call, agent.id, 'unavailable')
}

/** The agent named, or the next one of the group number by its strategy, each once. */
function askNext(floor: Floor, talk: TalkRecord, transfer: Transfer): boolean {
  const { party, to } = transfer
  if (party === undefined) return false
  const asked = 'agent' in to ? namedOnce(floor, party, to.agent) : nextOfGroup(floor, party)
  if (asked === undefined) return false
  const { call } = talk
  takeFromRest(floor, asked)
  const offer: OfferRecord = {
    kind: 'offer',
    id: floor.nextOffer(),
    call: party,
    agent: asked,
    level: levelIn(party.group, asked),
    since: floor.now,
    picked: true,
    answered: false,
    deadline: undefined,
  }
  offer.deadline = floor.set(after(floor.now, seconds(party.group.settings.ringSeconds)), { kind: 'ring', offer })
  party.offers.push(offer)
  party.tried.add(asked.id)
  asked.engaged = offer
  asked.since = floor.now
  floor.changed(asked)
  call.transfer = transfer
  floor.command({
    type: 'consult',
    call: call.id,
    agent: talk.agent.id,
    to: { agent: asked.id },
    offer: offer.id,
    show: presentation(party.group, call),
  })
  return true
}

function namedOnce(floor: Floor, { tried }: CallRecord, id: AgentId): AgentRecord | undefined {
  return tried.has(id) ? undefined : ringable(floor, id)
}

function nextOfGroup(floor: Floor, party: CallRecord): AgentRecord | undefined {
  const tried = new Set(party.tried)
  const next = chooseAgents(floor, party).find(({ agent }) => !tried.has(agent.id))
  for (const id of tried) party.tried.add(id)
  if (next !== undefined) party.group.lastOffered = next.order
  return next?.agent
}

export const isConsulted = ({ call }: OfferRecord) => call.stage.phase === 'consulted'

export function consultedAnswered(floor: Floor, offer: OfferRecord): void {
  if (offer.answered) return
  offer.answered = true
  floor.takeBack(offer.deadline)
  offer.deadline = undefined
  offer.agent.misses = 0
  floor.changed(offer.agent)
}

/** The switch has told that the third party's leg is no more: the caller is back with the agent, or the next one is asked. */
export function consultedGone(floor: Floor, offer: OfferRecord, why: FailedWhy): void {
  const { call: party, answered } = offer
  endOffer(floor, offer)
  if (why === 'noAnswer') miss(floor, offer)
  askOn(floor, party, answered ? 'ended' : why)
}

/** As `consultedGone`, by our doing. */
export function withdrawConsulted(floor: Floor, offer: OfferRecord, why: FailedWhy): void {
  floor.command({ type: 'cancelTransfer', call: offer.call.id })
  consultedGone(floor, offer, why)
}

function askOn(floor: Floor, party: CallRecord, why: FailedWhy): void {
  const call = floor.calls.get(party.id)
  const { transfer, stage } = call ?? {}
  if (call === undefined || transfer?.party !== party || stage?.phase !== 'talking') return
  if (transfer.threeWay !== undefined) return thirdLeft(floor, stage.talk)
  call.transfer = undefined
  if (why !== 'ended' && askNext(floor, stage.talk, transfer)) return
  tellFailed(floor, call, stage.talk.agent.id, why)
}

/** An offer that the agent is taken from: by a pause, a log-out, a device, or a pick. */
export function takeOffer(floor: Floor, offer: OfferRecord): void {
  if (isConsulted(offer)) withdrawConsulted(floor, offer, 'unavailable')
  else withdraw(floor, offer, 'withdrawn')
}

// --- all three ------------------------------------------------------------------------------------

/** Whoever is consulted has answered: nobody waits any longer. */
export function joinThree(floor: Floor, talk: TalkRecord): void {
  const { transfer, id } = talk.call
  const isThere = transfer?.party === undefined ? transfer?.answered : transfer.party.offers[0]?.answered
  if (transfer === undefined || transfer.threeWay !== undefined || isThere !== true) return
  if (floor.lostAt !== undefined) return
  floor.command({ type: 'threeWay', call: id })
  threeWayBegun(floor, talk, transfer)
}

/** As `joinThree`, where the switch has put them together. */
export function threeWayBegun(floor: Floor, { call, agent }: TalkRecord, transfer: Transfer): void {
  const third = thirdOf(transfer)
  if (third === undefined || transfer.threeWay !== undefined) return
  transfer.threeWay = { since: floor.now, callerLeft: false }
  floor.notice({ type: 'threeWayStarted', call: call.id, group: call.group.id, agent: agent.id, with: third })
}

/** The switch could not put them together: they are as they were, or the caller has gone, and with them all. */
export function notJoined(floor: Floor, talk: TalkRecord): void {
  const { transfer } = talk.call
  if (transfer?.threeWay === undefined) return
  if (transfer.threeWay.callerLeft) return endWithoutCaller(floor, talk)
  threeWayOver(floor, talk, 'lost')
  transfer.threeWay = undefined
}

/** The agent and the third party go on. */
export function callerLeft(floor: Floor, talk: TalkRecord): void {
  const threeWay = talk.call.transfer?.threeWay
  if (threeWay === undefined || threeWay.callerLeft) return
  threeWayOver(floor, talk, 'caller')
  threeWay.callerLeft = true
}

/** The agent has left the other two, whom the switch keeps together. */
export function agentLeft(floor: Floor, talk: TalkRecord, by: 'transfer' | 'lost'): void {
  if (talk.call.transfer?.threeWay?.callerLeft === true) return endWithoutCaller(floor, talk)
  leaveToThird(floor, talk, by)
}

/** The caller and the agent go on, whom the switch keeps together. */
function thirdLeft(floor: Floor, talk: TalkRecord): void {
  if (talk.call.transfer?.threeWay?.callerLeft === true) return endWithoutCaller(floor, talk)
  threeWayOver(floor, talk, 'third')
  forgetTransfer(floor, talk.call)
}

/** Of the two whom the caller had left one has gone. */
function endWithoutCaller(floor: Floor, talk: TalkRecord): void {
  forgetTransfer(floor, talk.call)
  complete(floor, talk, 'caller')
  end(floor, talk.call, 'agentHungUp')
}

/** Told once, of the first who leaves. */
export function threeWayOver(
  floor: Floor,
  { call, agent }: TalkRecord,
  left: Extract<Notice, { type: 'threeWayEnded' }>['left'],
): void {
  const { transfer } = call
  const third = transfer && thirdOf(transfer)
  if (transfer?.threeWay === undefined || transfer.threeWay.callerLeft || third === undefined) return
  floor.notice({
    type: 'threeWayEnded',
    call: call.id,
    group: call.group.id,
    agent: agent.id,
    with: third,
    left,
    talked: between(transfer.threeWay.since, floor.now),
  })
}

/** Also while they have just gone. */
function thirdOf({ to, party }: Transfer): ThirdParty | undefined {
  if ('number' in to) return { number: to.number }
  const agent = party?.offers[0]?.agent.id ?? [...(party?.tried ?? [])].at(-1)
  return agent === undefined ? undefined : { agent }
}

// --- how it ends ----------------------------------------------------------------------------------

/** Also before the third party has answered: then the caller waits for the answer instead of the agent. */
export function confirmTransfer(floor: Floor, talk: TalkRecord): void {
  const { call } = talk
  const { transfer } = call
  if (transfer === undefined) return
  if (transfer.threeWay?.callerLeft === true) return endWithoutCaller(floor, talk)
  floor.command({ type: 'completeTransfer', call: call.id })
  leaveToThird(floor, talk, 'transfer')
}

/** The caller is with the third party, or waits for their answer, and the agent is not. */
function leaveToThird(floor: Floor, talk: TalkRecord, by: 'transfer' | 'lost'): void {
  const { call, agent } = talk
  const { transfer } = call
  if (transfer === undefined) return
  threeWayOver(floor, talk, 'agent')
  call.transfer = undefined
  complete(floor, talk, by)
  if (transfer.party !== undefined) return joinConsulted(floor, call, transfer.party)
  if (!('number' in transfer.to)) return
  call.stage = {
    phase: 'leaving',
    why: 'transferred',
    then: { do: 'forward', to: transfer.to.number },
    forwarded: true,
    ...(transfer.answered ? { reached: true } : { transferredBy: agent.id }),
  }
}

/** A stay begins with the agent who was consulted, or who still rings. */
function joinConsulted(floor: Floor, call: CallRecord, party: CallRecord): void {
  const [asked] = party.offers
  rejoin(floor, call, party.group)
  if (asked === undefined) return
  const offer: OfferRecord = { ...asked, call, deadline: undefined }
  if (asked.deadline !== undefined) {
    floor.takeBack(asked.deadline)
    offer.deadline = floor.set(asked.deadline.at, { kind: 'ring', offer })
  }
  call.offers.push(offer)
  call.tried.add(offer.agent.id)
  offer.agent.engaged = offer
  if (offer.answered) beginTalk(floor, offer)
  else floor.reconsider(call)
}

export function cancelTransfer(floor: Floor, call: CallRecord): void {
  const { transfer, stage } = call
  if (transfer === undefined) return
  const talk = stage.phase === 'talking' ? stage.talk : undefined
  if (talk !== undefined && transfer.threeWay?.callerLeft === true) return endWithoutCaller(floor, talk)
  floor.command({ type: 'cancelTransfer', call: call.id })
  if (talk !== undefined) threeWayOver(floor, talk, 'third')
  forgetTransfer(floor, call)
}

/** Without a word to the switch: the call has ended there, or the consultation has. */
export function forgetTransfer(floor: Floor, call: CallRecord): void {
  const offers = call.transfer?.party?.offers ?? []
  call.transfer = undefined
  for (const offer of [...offers]) endOffer(floor, offer)
}

/** News of a number outside, consulted or handed on to. */
export function outsideNews(floor: Floor, call: CallRecord, result: EventOf<'forwarded'>['result']): void {
  const { transfer, stage } = call
  if (transfer !== undefined) {
    if (transfer.party !== undefined) return
    if (result === 'answered') transfer.answered = true
    else failTransfer(floor, call, result)
    return
  }
  if (stage.phase !== 'leaving' || !stage.forwarded) return
  if (result === 'answered') {
    const { transferredBy: _, ...answered } = stage
    call.stage = { ...answered, reached: true }
  } else if (stage.transferredBy === undefined) end(floor, call, result === 'ended' ? 'transferred' : stage.why)
  else comeBack(floor, call, stage.transferredBy, result)
}

/** The consultation has come to nothing: the caller is with the agent. */
export function failTransfer(floor: Floor, call: CallRecord, why: FailedWhy): void {
  if (call.transfer === undefined || call.stage.phase !== 'talking') return
  if (call.transfer.threeWay !== undefined) return thirdLeft(floor, call.stage.talk)
  forgetTransfer(floor, call)
  tellFailed(floor, call, call.stage.talk.agent.id, why)
}

/** Handed on in vain: the caller is back in the queue, at the old place. */
export function comeBack(floor: Floor, call: CallRecord, by: AgentId, why: FailedWhy): void {
  tellFailed(floor, call, by, why)
  if (!call.group.removed) return rejoin(floor, call, call.group)
  end(floor, call, 'lost')
}

function tellFailed(floor: Floor, call: CallRecord, agent: AgentId, why: FailedWhy): void {
  floor.notice({ type: 'transferFailed', call: call.id, group: call.group.id, agent, why })
}
