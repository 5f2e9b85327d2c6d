import { after, between, seconds } from '../time.ts'
import { agentGaveUp, callbackNotReached, callOut } from './callback.ts'
import type { Floor } from './floor.ts'
import type { DeclineCause } from './messages.ts'
import { beginTalk, endOffer, miss, restAfterDecline, withdraw } from './offers.ts'
import { announceToAgent } from './spoken-words.ts'
import { consultedAnswered, consultedGone, isConsulted, withdrawConsulted } from './transfer.ts'
import type { OfferRecord } from './state.ts'

/** A softphone is connected at once; who answers an ordinary phone is told of the call, and is to accept it. */
export function answerOffer(floor: Floor, offer: OfferRecord): void {
  const { call, agent, answered } = offer
  if (call.away?.calling === offer) return
  if (isConsulted(offer)) return consultedAnswered(floor, offer)
  if (agent.answersAt === 'softphone') return connect(floor, offer)
  if (answered) return
  const { acceptOnPhone } = call.group.settings
  offer.answered = true
  floor.takeBack(offer.deadline)
  offer.deadline = floor.set(after(floor.now, seconds(acceptOnPhone.seconds)), { kind: 'ring', offer })
  const parts = announceToAgent(floor.configuration.company.language, {
    group: call.group.configured.name,
    waitedSeconds: Math.floor(between(call.arrived, floor.now) / 1000),
    ...acceptOnPhone,
  })
  floor.command({ type: 'say', call: call.id, agent: agent.id, parts })
}

/** Only the digit of the setting accepts; any other refuses. */
export function acceptByDigit(floor: Floor, offer: OfferRecord, digit: string): void {
  if (!offer.answered || offer.call.away?.calling === offer || isConsulted(offer)) return
  if (digit === offer.call.group.settings.acceptOnPhone.digit) return connect(floor, offer)
  withdraw(floor, offer, 'noAnswer')
  miss(floor, offer)
}

/** Everything that was going on for the caller ends, and the two talk; a caller who is away is rung back first. */
function connect(floor: Floor, offer: OfferRecord): void {
  const { call, agent, id } = offer
  if (call.away !== undefined) return callOut(floor, offer, call.away)
  if (call.play !== undefined) floor.command({ type: 'stopPlaying', call: call.id })
  floor.command({ type: 'connect', call: call.id, agent: agent.id, offer: id })
  beginTalk(floor, offer)
}

// --- no answer ------------------------------------------------------------------------------------

export function ringTimedOut(floor: Floor, offer: OfferRecord): void {
  const { call, agent } = offer
  if (call.away?.calling === offer) return callbackNotReached(floor, call, 'given up')
  if (isConsulted(offer)) return withdrawConsulted(floor, offer, 'noAnswer')
  call.timedOut = { at: floor.now, agent: agent.id }
  withdraw(floor, offer, 'noAnswer')
  miss(floor, offer)
}

export function decline(floor: Floor, offer: OfferRecord, cause: DeclineCause): void {
  const { call, agent, answered } = offer
  if (call.away?.calling === offer) return agentGaveUp(floor, offer)
  if (isConsulted(offer)) return consultedGone(floor, offer, cause)
  const isMiss = cause === 'noAnswer' || answered
  if (!isMiss) restAfterDecline(floor, call, agent)
  endOffer(floor, offer)
  if (isMiss) miss(floor, offer)
}
