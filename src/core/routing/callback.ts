import type { E164, Settings } from '../configuration/types.ts'
import { after, between, millis, seconds } from '../time.ts'
import { keepHours } from './callback-hours.ts'
import { enteredNumber } from './entered-number.ts'
import type { Floor } from './floor.ts'
import { beginTalk, endOffer, restAfterDecline, say, withdraw, withdrawAll } from './offers.ts'
import { askForNumber, refuseNumber } from './spoken-words.ts'
import type { Away, CallRecord, OfferRecord } from './state.ts'
import { leaveAway, scheduleComfort, startMusic, startWaitClocks } from './stays.ts'

/** So long after the last digit the next one begins anew. */
const keypadMemory = seconds(15)
/** A caller who could not be reached is not rung back sooner. */
const restAfterTry = seconds(300)
/** The longest the agent waits while the caller is rung. */
const callingLimit = seconds(60)

type CallbackSetting = NonNullable<Settings['callback']>

// --- asking ---------------------------------------------------------------------------------------

/** The digit of the setting, then the same again for the number called from, or another number and #. */
export function pressWaiting(floor: Floor, call: CallRecord, digit: string): void {
  const { callback } = call.group.settings
  if (callback === null || call.stage.phase !== 'waiting' || call.away !== undefined) return
  const { keypad } = call
  if (keypad === undefined || between(keypad.at, floor.now) > keypadMemory)
    return startAsking(floor, call, callback, digit)
  if (digit === callback.digit && keypad.digits === '' && call.from !== undefined) return book(floor, call, call.from)
  if (digit === '#') return confirm(floor, call, keypad.digits)
  // A number that begins with the digit of the setting is entered after a star.
  call.keypad = { digits: digit === '*' ? '*' : keypad.digits + digit, at: floor.now }
  if (call.play?.as !== 'menu') return
  floor.command({ type: 'stopPlaying', call: call.id })
  call.play = undefined
  scheduleComfort(floor, call)
}

function startAsking(floor: Floor, call: CallRecord, callback: CallbackSetting, digit: string): void {
  if (digit !== callback.digit || between(call.arrived, floor.now) < seconds(callback.afterSeconds)) return
  ask(floor, call, askForNumber(floor.configuration.company.language, call.from === undefined ? undefined : digit))
}

function ask(floor: Floor, call: CallRecord, parts: Parameters<typeof say>[2]): void {
  call.keypad = { digits: '', at: floor.now }
  floor.takeBack(call.comfort)
  call.comfort = undefined
  say(floor, call, parts, 'menu')
}

function confirm(floor: Floor, call: CallRecord, digits: string): void {
  const number = enteredNumber(digits.replace('*', ''))
  if (number !== undefined) return book(floor, call, number)
  ask(floor, call, refuseNumber(floor.configuration.company.language))
}

/** The caller is let go, and the place is kept. */
export function book(floor: Floor, call: CallRecord, number: E164): void {
  const { group } = call
  const { callback } = group.settings
  if (callback === null || call.away !== undefined) return
  withdrawAll(floor, call, 'withdrawn')
  floor.takeBack(call.comfort)
  call.comfort = undefined
  call.play = undefined
  call.keypad = undefined
  call.answered = false
  call.stage = { phase: 'waiting' }
  call.away = {
    number,
    tries: callback.tries,
    until: after(floor.now, millis(Math.round(callback.untilHours * 3_600_000))),
    notBefore: floor.now,
    open: false,
    calling: undefined,
  }
  floor.notice({ type: 'callbackAsked', call: call.id, group: group.id, number })
  floor.command({ type: 'hangUp', call: call.id, why: 'served' })
  startWaitClocks(floor, call)
}

// --- ringing back ---------------------------------------------------------------------------------

/** The agent is there: now the caller is rung. */
export function callOut(floor: Floor, offer: OfferRecord, away: Away): void {
  const { call, agent } = offer
  const { group } = call
  away.calling = offer
  offer.answered = true
  floor.takeBack(offer.deadline)
  offer.deadline = floor.set(after(floor.now, callingLimit), { kind: 'ring', offer })
  for (const other of [...call.offers]) if (other !== offer) withdraw(floor, other, 'answeredElsewhere')
  agent.misses = 0
  const show = { group: group.id, number: group.configured.number }
  floor.command({ type: 'callOut', call: call.id, to: away.number, show })
  floor.reconsider(call)
}

/** The caller is on the line again, and is put through. */
export function reachedCaller(floor: Floor, call: CallRecord): void {
  const offer = call.away?.calling
  if (offer === undefined) return
  call.away = undefined
  call.answered = true
  floor.command({ type: 'connect', call: call.id, agent: offer.agent.id, offer: offer.id })
  beginTalk(floor, offer)
}

/** The caller is on the line, and the agent has gone meanwhile: the caller waits like any other, at the old place. */
export function reachedWithoutAgent(floor: Floor, call: CallRecord): void {
  call.away = undefined
  call.answered = true
  call.arrived = floor.now
  startMusic(floor, call)
  scheduleComfort(floor, call)
  startWaitClocks(floor, call)
  floor.reconsider(call)
}

/** A try is over. `given up`: by us, since nobody told of an end; the ring has to be ended too. */
export function callbackNotReached(floor: Floor, call: CallRecord, how: 'told' | 'given up'): void {
  const { away } = call
  const offer = away?.calling
  if (away === undefined || offer === undefined) return
  away.tries -= 1
  away.notBefore = after(floor.now, restAfterTry)
  floor.command({ type: 'hangUpAgent', call: call.id, agent: offer.agent.id, offer: offer.id })
  if (how === 'given up') floor.command({ type: 'hangUp', call: call.id, why: 'lost' })
  endOffer(floor, offer)
  if (away.tries > 0 && away.until > floor.now) return keepHours(floor, call)
  leaveAway(floor, call, away.tries > 0 ? 'timeout' : 'notReached')
}

/** The agent has gone while the caller was rung: that was no try, and the next agent's turn. */
export function agentGaveUp(floor: Floor, offer: OfferRecord): void {
  const { call, agent } = offer
  restAfterDecline(floor, call, agent)
  endOffer(floor, offer)
  floor.command({ type: 'hangUp', call: call.id, why: 'agentHungUp' })
  if (call.away !== undefined && call.away.until <= floor.now) leaveAway(floor, call, 'timeout')
}
