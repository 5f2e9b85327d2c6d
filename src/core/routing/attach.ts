import type { AgentId } from '../configuration/types.ts'
import { between } from '../time.ts'
import { answerOffer } from './answers.ts'
import { reachedCaller, reachedWithoutAgent } from './callback.ts'
import { callRecord } from './call-record.ts'
import { isEmergency } from './emergency-number.ts'
import { putThrough } from './emergency.ts'
import type { Floor } from './floor.ts'
import type { CallId, EventOf, HeldCall, OfferId, ThreeWay } from './messages.ts'
import { beginTalk, complete, endOffer, play } from './offers.ts'
import { lostAgent } from './returned.ts'
import {
  agentLeft,
  callerLeft,
  comeBack,
  consultedAnswered,
  failTransfer,
  forgetTransfer,
  threeWayBegun,
  threeWayOver,
} from './transfer.ts'
import type { AgentRecord, Away, CallRecord, OfferRecord, TalkRecord, Transfer } from './state.ts'
import { beginService, repeatStep, serviceEnded } from './service-numbers/serve.ts'
import { beginStay, end, playEnded, quitQueue, scheduleComfort, startMusic } from './stays.ts'

/** No switch is attached: rings hold their remaining time, and nobody is rung or missed. */
export function loseSwitch(floor: Floor, since = floor.now): void {
  if (floor.lostAt !== undefined) return
  floor.lostAt = since
  for (const deadline of [...floor.deadlines.all]) {
    if (deadline.due.kind === 'wrapUp') continue
    floor.deadlines.remove(deadline)
    floor.held.push(deadline)
  }
}

/** Compares what the switch holds with what we know, and issues what is missing. */
export function attachSwitch(floor: Floor, { calls: held }: EventOf<'switchAttached'>): void {
  goOn(floor)
  floor.skipIds()
  const holdings = new Map<CallId, HeldCall>(held.map((call) => [call.call, call]))
  // Before any is ended: those are not to arrive anew.
  const known = new Set([...floor.calls.keys(), ...floor.served.keys(), ...floor.emergencies])
  const ended = new Set(floor.hungUp)
  for (const call of [...floor.calls.values()]) {
    const holding = holdings.get(call.id)
    if (holding === undefined) lostCall(floor, call)
    else compare(floor, call, holding)
  }
  for (const served of [...floor.served.values()]) {
    if (!holdings.has(served.id)) serviceEnded(floor, served)
    else if (holdings.get(served.id)?.hears.kind !== 'recording') repeatStep(floor, served)
  }
  for (const call of [...floor.emergencies]) if (!holdings.has(call)) floor.emergencies.delete(call)
  for (const call of holdings.values()) if (!known.has(call.call)) meet(floor, call, ended)
  for (const agent of floor.agents.values()) {
    // The switch tells right after this which devices it has.
    if (agent.engaged !== undefined) continue
    agent.device = 'gone'
    floor.changed(agent)
  }
  for (const group of floor.compiled.groups.values()) floor.stirred.add(group)
}

/** What was held runs on: a ring for its remaining time, all else until its own time or now. */
function goOn(floor: Floor): void {
  const away = between(floor.lostAt ?? floor.now, floor.now)
  floor.lostAt = undefined
  for (const deadline of floor.held.splice(0)) {
    if (deadline.due.kind === 'ring') deadline.at = (deadline.at + away) as typeof deadline.at
    else if (deadline.at < floor.now) deadline.at = floor.now
    floor.deadlines.add(deadline)
  }
}

function lostCall(floor: Floor, call: CallRecord): void {
  const { stage } = call
  if (call.away !== undefined) {
    for (const offer of [...call.offers]) endOffer(floor, offer)
    return
  }
  const callerHadLeft = call.transfer?.threeWay?.callerLeft === true
  if (stage.phase === 'talking') threeWayOver(floor, stage.talk, 'lost')
  forgetTransfer(floor, call)
  if (stage.phase === 'talking') complete(floor, stage.talk, callerHadLeft ? 'caller' : 'lost')
  if (stage.phase === 'welcome' || stage.phase === 'waiting') {
    for (const offer of [...call.offers]) endOffer(floor, offer)
    quitQueue(floor, call, 'lost')
  }
  floor.calls.delete(call.id)
}

function compare(floor: Floor, call: CallRecord, held: HeldCall): void {
  const { stage } = call
  if (call.away !== undefined) return compareAway(floor, call, call.away, held)
  if (!call.answered && held.answered) call.answered = true
  switch (stage.phase) {
    case 'talking':
      return compareTalk(floor, call, stage.talk, held)
    case 'leaving':
      return compareLeaving(floor, call, stage, held)
    case 'consulted':
    case 'welcome':
    case 'waiting':
      return compareWait(floor, call, held)
  }
}

function compareTalk(floor: Floor, call: CallRecord, talk: TalkRecord, held: HeldCall): void {
  const { hears, consulting } = held
  const third = call.transfer?.party?.offers[0]
  if (consulting !== undefined && isSameConsultation(talk, consulting) && call.transfer !== undefined) {
    stopStrangers(floor, call, held, [])
    if (consulting.answered && third !== undefined) consultedAnswered(floor, third)
    if (consulting.answered) call.transfer.answered = true
    return compareThreeWay(floor, talk, call.transfer, consulting.threeWay)
  }
  if (call.transfer?.threeWay !== undefined && consulting === undefined && isWithThird(hears, call.transfer)) {
    stopStrangers(floor, call, held, [])
    return agentLeft(floor, talk, 'transfer')
  }
  failTransfer(floor, call, 'failed')
  // Of two whom the caller had left that was the end.
  if (!floor.calls.has(call.id)) return
  stopStrangers(floor, call, held, [])
  if (consulting?.agent === talk.agent.id) return floor.command({ type: 'cancelTransfer', call: call.id })
  if (hears.kind === 'agent' && hears.agent === talk.agent.id) return
  if (hears.kind === 'agent') floor.command({ type: 'hangUpAgent', call: call.id, agent: hears.agent })
  lostAgent(floor, talk)
}

function compareThreeWay(floor: Floor, talk: TalkRecord, transfer: Transfer, held: ThreeWay | undefined): void {
  if (held === undefined) {
    if (transfer.threeWay !== undefined) floor.command({ type: 'threeWay', call: talk.call.id })
    return
  }
  threeWayBegun(floor, talk, transfer)
  if (held === 'callerLeft') callerLeft(floor, talk)
}

/** The agent has left the caller with the third party, and nobody was there to hear it. */
function isWithThird(hears: HeldCall['hears'], { party }: Transfer): boolean {
  if (party === undefined) return hears.kind === 'forwarded'
  return hears.kind === 'agent' && hears.agent === party.offers[0]?.agent.id
}

function compareLeaving(
  floor: Floor,
  call: CallRecord,
  stage: Extract<CallRecord['stage'], { phase: 'leaving' }>,
  held: HeldCall,
): void {
  stopStrangers(floor, call, held, [])
  const { kind } = held.hears
  if (kind === 'forwarded') {
    const { transferredBy: _, ...answered } = stage
    call.stage = { ...answered, reached: true }
    return
  }
  if (kind === 'message' && !stage.forwarded) return
  if (stage.recording === true && kind === 'recording') return
  // Where it rings there already, that changes nothing.
  if (stage.forwarded && stage.reached !== true && stage.then.do === 'forward')
    return floor.command({ type: 'forward', call: call.id, to: stage.then.to })
  if (stage.transferredBy !== undefined) return comeBack(floor, call, stage.transferredBy, 'failed')
  if (stage.forwarded || stage.recording === true) return end(floor, call, stage.why)
  playEnded(floor, call)
}

function compareWait(floor: Floor, call: CallRecord, held: HeldCall): void {
  const { hears } = held
  if (hears.kind === 'agent') return compareBridged(floor, call, hears, held)
  if (hears.kind === 'forwarded') {
    stopStrangers(floor, call, held, [])
    quitQueue(floor, call, 'lost')
    return end(floor, call, 'lost')
  }
  const answered = compareOffers(floor, call, held)
  if (answered !== undefined) {
    answerOffer(floor, answered)
    if (call.stage.phase === 'talking') return
  }
  if (!held.answered) floor.command({ type: 'answer', call: call.id })
  if (hears.kind === 'message' || hears.kind === 'speech') {
    const message = hears.kind === 'message' ? hears.message : undefined
    if (call.play?.message === message && hears.play !== undefined) call.play &&= { ...call.play, id: hears.play }
    return
  }
  if (hears.kind === 'music') return playEnded(floor, call)
  const interrupted = call.play
  call.play = undefined
  if (interrupted?.message !== undefined) play(floor, call, interrupted.message, interrupted.as)
  else if (interrupted !== undefined) scheduleComfort(floor, call)
  startMusic(floor, call)
}

/** The caller's own leg should be gone, and only the agent's there until the caller has been reached. */
function compareAway(floor: Floor, call: CallRecord, { calling }: Away, held: HeldCall): void {
  if (calling !== undefined && held.answered) {
    stopStrangers(floor, call, held, [calling.agent.id])
    if (held.offers.some(({ agent }) => agent === calling.agent.id)) return reachedCaller(floor, call)
    endOffer(floor, calling)
    return reachedWithoutAgent(floor, call)
  }
  if (held.answered) {
    for (const offer of [...call.offers]) endOffer(floor, offer)
    stopStrangers(floor, call, held, [])
    return floor.command({ type: 'hangUp', call: call.id, why: 'served' })
  }
  const answered = compareOffers(floor, call, held)
  if (answered !== undefined) answerOffer(floor, answered)
}

/** The switch has joined them, and we have not heard that the agent answered. */
function compareBridged(floor: Floor, call: CallRecord, { agent: id, offer: of }: HeldTalk, held: HeldCall): void {
  const known = call.offers.find(({ agent }) => agent.id === id)
  const isIt = known !== undefined && isSame(of, known)
  // Of a ring after it we do not know.
  if (known !== undefined && !isIt) endOffer(floor, known)
  const offer = isIt ? known : freshOffer(floor, call, id, of)
  stopStrangers(floor, call, held, [id])
  if (offer !== undefined) {
    letGoOfThird(floor, held)
    return beginTalk(floor, offer)
  }
  floor.command({ type: 'hangUpAgent', call: call.id, agent: id })
  startMusic(floor, call)
}

/** Somebody in the call of whom we know nothing. */
function letGoOfThird(floor: Floor, { call, consulting }: HeldCall): void {
  if (consulting !== undefined) floor.command({ type: 'cancelTransfer', call })
}

type HeldTalk = Extract<HeldCall['hears'], { readonly kind: 'agent' }>

/** `of`: how the switch names the leg, if it does. */
function freshOffer(floor: Floor, call: CallRecord, id: AgentId, of?: OfferId): OfferRecord | undefined {
  const agent = floor.agents.get(id)
  if (agent === undefined || agent.engaged !== undefined) return undefined
  const offer: OfferRecord = {
    kind: 'offer',
    id: of ?? floor.nextOffer(),
    call,
    agent,
    level: 1,
    since: floor.now,
    picked: false,
    answered: false,
    deadline: undefined,
  }
  call.offers.push(offer)
  takeFromRest(floor, agent)
  agent.engaged = offer
  floor.changed(agent)
  return offer
}

function takeFromRest(floor: Floor, agent: AgentRecord): void {
  floor.takeBack(agent.wrapUp)
  agent.wrapUp = undefined
}

/** Ours that the switch lacks end without a word; the one the switch has answered is returned. */
function compareOffers(floor: Floor, call: CallRecord, held: HeldCall): OfferRecord | undefined {
  let answered: OfferRecord | undefined
  const kept: AgentId[] = []
  for (const offer of [...call.offers]) {
    const leg = held.offers.find(({ agent, offer: id }) => agent === offer.agent.id && isSame(id, offer))
    if (leg === undefined) {
      endOffer(floor, offer)
      continue
    }
    kept.push(offer.agent.id)
    if (leg.answered) answered ??= offer
  }
  stopStrangers(floor, call, held, kept)
  return answered
}

const isSame = (id: OfferId | undefined, offer: OfferRecord) => id === undefined || id === offer.id

/** The third party may have been asked while no switch heard it. */
function isSameConsultation(
  { call, agent: by }: TalkRecord,
  { agent, to }: NonNullable<HeldCall['consulting']>,
): boolean {
  const third = call.transfer?.party?.offers[0]?.agent.id
  return agent === by.id && ('agent' in to ? to.agent === third : third === undefined)
}

/** Legs that ring or are answered for a call of ours without our knowing. */
function stopStrangers(floor: Floor, call: Pick<CallRecord, 'id'>, held: HeldCall, kept: readonly AgentId[]): void {
  for (const { agent, offer, answered } of held.offers) {
    if (kept.includes(agent)) continue
    if (answered || offer === undefined)
      floor.command({ type: 'hangUpAgent', call: call.id, agent, ...(offer !== undefined && { offer }) })
    else floor.command({ type: 'stopRinging', call: call.id, agent, offer, why: 'withdrawn' })
  }
}

/** One that was over when the switch could not be told is so still; any other begins. */
function meet(floor: Floor, held: HeldCall, ended: ReadonlySet<CallId>): void {
  if (!ended.has(held.call)) return adopt(floor, held)
  stopStrangers(floor, { id: held.call }, held, [])
  floor.command({ type: 'hangUp', call: held.call, why: 'served' })
}

/** A call the switch holds and we do not know: it arrives now, and one already talked in goes on. */
function adopt(floor: Floor, held: HeldCall): void {
  if (isEmergency(held.to)) {
    if (held.hears.kind !== 'forwarded') return putThrough(floor, held)
    floor.emergencies.add(held.call)
    return
  }
  const service = floor.compiled.byService.get(held.to)
  if (service !== undefined) return beginService(floor, held, service)
  const group = floor.compiled.byNumber.get(held.to)
  const hasNoCaller = held.consulting?.threeWay === 'callerLeft' || (held.callback === true && !held.answered)
  if (group === undefined || hasNoCaller) {
    stopStrangers(floor, { id: held.call }, held, [])
    return floor.command({ type: 'hangUp', call: held.call, why: hasNoCaller ? 'lost' : 'unknownNumber' })
  }
  const call = newCall(floor, held, group)
  call.answered = held.answered
  stopStrangers(floor, call, held, [])
  if (held.hears.kind !== 'agent') return beginStay(floor, call, group)
  const offer = freshOffer(floor, call, held.hears.agent, held.hears.offer)
  if (offer === undefined) {
    floor.command({ type: 'hangUpAgent', call: call.id, agent: held.hears.agent })
    return beginStay(floor, call, group)
  }
  letGoOfThird(floor, held)
  call.order = floor.nextArrival()
  call.visited = [group.id]
  floor.join(call)
  floor.notice({ type: 'queued', call: call.id, group: group.id, position: floor.position(call) })
  beginTalk(floor, offer)
}

export function newCall(
  floor: Floor,
  arrival: Pick<EventOf<'callArrived'>, 'call' | 'to' | 'from' | 'name'>,
  group: CallRecord['group'],
): CallRecord {
  const call = callRecord(arrival, group, floor.now)
  floor.calls.set(call.id, call)
  return call
}
