import type { MessageId } from '../configuration/types.ts'
import { after, between, seconds } from '../time.ts'
import { chooseAgents } from './choose-agents.ts'
import { startDay } from './counted-day.ts'
import { notePace } from './estimate-wait.ts'
import type { Floor } from './floor.ts'
import type { PlayPurpose, Presentation, SpokenPart, StopRingingReason } from './messages.ts'
import type { AgentRecord, CallRecord, GroupRecord, Membership, OfferRecord, TalkRecord } from './state.ts'

/** How long an agent who declined is not rung again for the same caller. */
const declineRest = seconds(5)

/** Rings whoever's turn it is for this caller; false: nobody can be rung now. */
export function ringNext(floor: Floor, call: CallRecord): boolean {
  const chosen = chooseAgents(floor, call)
  for (const membership of chosen) ring(floor, call, membership)
  if (chosen.length === 0) return false
  wasRung(floor, call)
  return true
}

/** The caller wants no further agent, or not at once. */
export function wasRung(floor: Floor, call: CallRecord): void {
  if (call.group.strategy.rings === 'more')
    call.progress ??= floor.set(after(floor.now, seconds(call.group.settings.progressSeconds)), {
      kind: 'progress',
      call,
    })
  floor.reconsider(call)
}

export function ring(floor: Floor, call: CallRecord, { agent, group, level, order }: Membership): void {
  group.lastOffered = order
  makeOffer(floor, call, { agent, level: level.level, picked: false })
}

/** The agent's phone rings for the caller, for `ringSeconds`. */
export function makeOffer(
  floor: Floor,
  call: CallRecord,
  { agent, level, picked }: Pick<OfferRecord, 'agent' | 'level' | 'picked'>,
): void {
  const { group } = call
  const id = floor.nextOffer()
  const offer: OfferRecord = {
    kind: 'offer',
    id,
    call,
    agent,
    level,
    since: floor.now,
    picked,
    answered: false,
    deadline: undefined,
  }
  offer.deadline = floor.set(after(floor.now, seconds(group.settings.ringSeconds)), { kind: 'ring', offer })
  call.offers.push(offer)
  call.tried.add(agent.id)
  agent.engaged = offer
  agent.since = floor.now
  floor.changed(agent)
  floor.command({
    type: 'ring',
    call: call.id,
    agent: agent.id,
    offer: id,
    show: presentation(group, call),
    ...(call.away !== undefined && { callback: true }),
  })
}

export function presentation(group: GroupRecord, { from, name, away }: CallRecord): Presentation {
  if (group.settings.presentCaller === 'groupNumber') return { group: group.id, number: group.configured.number }
  if (away !== undefined && away.number !== from) return { group: group.id, number: away.number }
  return { group: group.id, ...(from !== undefined && { number: from }), ...(name !== undefined && { name }) }
}

/** The offer is no more; the agent is free again if nothing else keeps them. Says nothing to the switch. */
export function endOffer(floor: Floor, offer: OfferRecord): void {
  const { call, agent } = offer
  const place = call.offers.indexOf(offer)
  if (place < 0) return
  call.offers.splice(place, 1)
  floor.takeBack(offer.deadline)
  if (agent.engaged === offer) agent.engaged = undefined
  if (call.away?.calling === offer) call.away.calling = undefined
  if (call.offers.length === 0) {
    floor.takeBack(call.progress)
    call.progress = undefined
  }
  floor.changed(agent)
  floor.reconsider(call)
}

export function withdraw(floor: Floor, offer: OfferRecord, why: StopRingingReason): void {
  const { call, agent, id, answered } = offer
  if (answered) floor.command({ type: 'hangUpAgent', call: call.id, agent: agent.id, offer: id })
  else floor.command({ type: 'stopRinging', call: call.id, agent: agent.id, offer: id, why })
  endOffer(floor, offer)
}

export function withdrawAll(floor: Floor, call: CallRecord, why: StopRingingReason): void {
  for (const offer of [...call.offers]) withdraw(floor, offer, why)
}

export function restAfterDecline(floor: Floor, call: CallRecord, agent: AgentRecord): void {
  const until = after(floor.now, declineRest)
  call.declined.set(agent.id, until)
  call.retry ??= floor.set(until, { kind: 'retry', call })
}

/** Agents whose rest is over may be rung for the caller again. */
export function retry(floor: Floor, call: CallRecord): void {
  call.retry = undefined
  for (const [agent, until] of call.declined) if (until <= floor.now) call.declined.delete(agent)
  const [next] = [...call.declined.values()].toSorted((one, other) => one - other)
  if (next !== undefined) call.retry = floor.set(next, { kind: 'retry', call })
  floor.reconsider(call)
}

/** The agent let it ring, or refused at an ordinary phone. */
export function miss(floor: Floor, { call, agent, since }: OfferRecord): void {
  const { group } = call
  const { missesBeforePause } = group.settings
  agent.misses += 1
  floor.notice({
    type: 'missed',
    call: call.id,
    group: group.id,
    agent: agent.id,
    after: between(since, floor.now),
  })
  if (missesBeforePause === 0 || agent.misses < missesBeforePause || agent.paused || agent.loggedIn.size === 0) return
  agent.paused = { reason: 'misses' }
  floor.notice({ type: 'pausedByMisses', agent: agent.id })
  floor.changed(agent)
}

// --- talking --------------------------------------------------------------------------------------

/** As `connect`, where the switch has already joined the two. */
export function beginTalk(floor: Floor, offer: OfferRecord): void {
  const { call, agent, id } = offer
  const { group } = call
  floor.notice({
    type: 'connected',
    call: call.id,
    group: group.id,
    agent: agent.id,
    waited: between(call.arrived, floor.now),
  })
  const talk: TalkRecord = { kind: 'talk', call, agent, offer: id, since: floor.now }
  endWait(floor, call)
  notePace(group, floor.now)
  call.stage = { phase: 'talking', talk }
  endOffer(floor, offer)
  withdrawAll(floor, call, 'answeredElsewhere')
  agent.engaged = talk
  agent.misses = 0
  floor.changed(agent)
}

/** Out of the queue: no clock of a waiting caller runs any longer, and nothing plays. */
export function endWait(floor: Floor, call: CallRecord): void {
  floor.quit(call)
  for (const clock of ['limit', 'comfort', 'callback', 'retry', 'escalate', 'progress'] as const) {
    floor.takeBack(call[clock])
    call[clock] = undefined
  }
  call.play = undefined
  call.keypad = undefined
  call.tried.clear()
  call.declined.clear()
}

/** The talk is over and counts: the agent rests. The caller's leg is the caller's business. */
export function complete(floor: Floor, talk: TalkRecord, by: 'caller' | 'agent' | 'transfer' | 'lost'): void {
  const { call, agent, since } = talk
  const { group } = call
  const talked = between(since, floor.now)
  stopMonitoring(floor, call)
  floor.notice({ type: 'completed', call: call.id, group: group.id, agent: agent.id, by, talked })
  agent.engaged = undefined
  agent.completedAt = floor.now
  startDay(floor)
  agent.calls += 1
  agent.talked += talked
  const rest = agent.wrapUpSeconds ?? group.settings.wrapUpSeconds
  if (rest > 0 && agent.loggedIn.size > 0) {
    const until = after(floor.now, seconds(rest))
    agent.wrapUp = floor.set(until, { kind: 'wrapUp', agent })
    floor.notice({ type: 'wrapUpStarted', agent: agent.id, until })
  }
  floor.changed(agent)
}

/** Listening in ends with the talk. */
export function stopMonitoring(floor: Floor, call: CallRecord): void {
  for (const by of call.monitors.keys()) floor.command({ type: 'monitor', call: call.id, by, mode: 'off' })
  call.monitors.clear()
}

/** As `play`, of parts. */
export function say(floor: Floor, call: CallRecord, parts: readonly SpokenPart[], as: PlayPurpose): void {
  if (call.play !== undefined) floor.command({ type: 'stopPlaying', call: call.id })
  const id = floor.nextPlay()
  call.play = { id, as }
  floor.command({ type: 'say', call: call.id, parts, play: id })
}

export function play(floor: Floor, call: CallRecord, message: MessageId, as: PlayPurpose): void {
  if (call.play !== undefined) floor.command({ type: 'stopPlaying', call: call.id })
  const id = floor.nextPlay()
  call.play = { id, message, as }
  floor.command({ type: 'play', call: call.id, message, as, play: id })
}
