import type { Action, GroupNumberId, MessageId, Settings } from '../configuration/types.ts'
import { after, between, seconds, type Instant } from '../time.ts'
import { keepHours } from './callback-hours.ts'
import { isEmergency } from './emergency-number.ts'
import { estimateWait } from './estimate-wait.ts'
import { isThere, limitOf, type Floor } from './floor.ts'
import type { EventOf, HangUpReason, Notice } from './messages.ts'
import { endWait, play, say, withdrawAll } from './offers.ts'
import { announceToCaller } from './spoken-words.ts'
import type { CallRecord, GroupRecord } from './state.ts'

type RefusedWhy = Extract<Notice, { type: 'refused' }>['why']
type LeftWhy = Extract<Notice, { type: 'left' }>['why']

const hangUp: Action = { do: 'hangUp' }

// --- coming in ------------------------------------------------------------------------------------

/**
 * A stay of the call in a group number begins: refused, or admitted to its queue. `crowded`: the switch has as many callers as
 * it can serve, so that this one is turned away at once, and hears nothing.
 */
export function beginStay(floor: Floor, call: CallRecord, group: GroupRecord, crowded = false): void {
  call.group = group
  call.visited = [...call.visited, group.id]
  call.arrived = floor.now
  call.order = floor.nextArrival()

  const refused = (refusal: Refusal) => {
    refuse(floor, call, crowded ? { ...refusal, then: hangUp, message: null } : refusal)
  }

  const treatment = group.callers(call.from)
  if (treatment.block) return refused({ why: 'blocked', then: hangUp, message: null })
  call.priority = treatment.priority

  const status = group.hours.statusAt(floor.now)
  const { settings } = group
  if (!status.open) {
    const then = status.action ?? settings.whenClosed
    return refused({ why: 'closed', then, message: status.message })
  }
  if (group.loggedIn === 0 && settings.whenNoAgents.do !== 'queue')
    return refused({ why: 'noAgents', then: settings.whenNoAgents, message: group.overflow })
  if (!isEmergency(call.from) && (crowded || isFull(group, floor.now)))
    return refused({ why: 'full', then: settings.whenFull, message: group.overflow })

  admit(floor, call, status.message)
}

/** 0 admits only one who can be rung at once: there are more free agents than callers they are for. */
function isFull({ settings, waiting, levels, free }: GroupRecord, now: Instant): boolean {
  if (settings.maxQueueLength > 0) return waiting.length >= settings.maxQueueLength
  const firstLevel = levels.find(({ level }) => level === 1)
  const ready = settings.escalateSeconds === null ? free : (firstLevel?.free.count ?? 0)
  const notRung = waiting.filter((call) => call.offers.length === 0 && isThere(call, now)).length
  return ready <= notRung
}

function admit(floor: Floor, call: CallRecord, welcome: MessageId | null): void {
  const { group } = call
  if (call.away !== undefined) return admitAway(floor, call)
  answer(floor, call)
  call.stage = welcome !== null && group.settings.welcome === 'playFirst' ? { phase: 'welcome' } : { phase: 'waiting' }
  floor.join(call)
  floor.notice({ type: 'queued', call: call.id, group: group.id, position: floor.position(call) })
  if (welcome !== null) play(floor, call, welcome, 'welcome')
  else scheduleComfort(floor, call)
  startMusic(floor, call)
  startWaitClocks(floor, call)
}

/** Moved by hand while away: nobody hears anything. */
function admitAway(floor: Floor, call: CallRecord): void {
  call.stage = { phase: 'waiting' }
  floor.join(call)
  floor.notice({ type: 'queued', call: call.id, group: call.group.id, position: floor.position(call) })
  startWaitClocks(floor, call)
}

export function startMusic(floor: Floor, call: CallRecord): void {
  const { music } = call.group
  if (music.length > 0) floor.command({ type: 'music', call: call.id, messages: music })
}

/** The clocks that count from arrival in the group number; set anew when its settings or its start change. */
export function startWaitClocks(floor: Floor, call: CallRecord): void {
  const { settings } = call.group
  keepHours(floor, call)
  floor.takeBack(call.limit)
  const limit = call.away?.until ?? limitOf(call, settings)
  call.limit = limit === undefined ? undefined : floor.set(limit, { kind: 'limit', call })
  scheduleEscalation(floor, call)
  scheduleClosing(floor, call.group)
}

export function scheduleEscalation(floor: Floor, call: CallRecord): void {
  floor.takeBack(call.escalate)
  call.escalate = undefined
  const { escalateSeconds } = call.group.settings
  if (escalateSeconds === null || escalateSeconds === 0) return
  const opening = call.group.levels
    .map(({ level }) => after(call.arrived, seconds((level - 1) * escalateSeconds)))
    .find((at) => at > floor.now)
  if (opening !== undefined) call.escalate = floor.set(opening, { kind: 'escalate', call })
}

/** With `closeQueue` and somebody waiting, the queue has an end. */
export function scheduleClosing(floor: Floor, group: GroupRecord): void {
  if (group.settings.atClosing !== 'closeQueue' || group.waiting.length === 0 || group.closing !== undefined) return
  const { open, next } = group.hours.statusAt(floor.now)
  if (!open) group.closing = floor.set(floor.now, { kind: 'closing', group })
  else if (next !== null) group.closing = floor.set(next.at, { kind: 'closing', group })
}

export function scheduleComfort(floor: Floor, call: CallRecord): void {
  const { comfort, settings } = call.group
  if (settings.comfortSeconds === 0 || (comfort === null && !announces(settings))) return
  floor.takeBack(call.comfort)
  call.comfort = floor.set(after(floor.now, seconds(settings.comfortSeconds)), { kind: 'comfort', call })
}

export function playComfort(floor: Floor, call: CallRecord): void {
  call.comfort = undefined
  const { comfort } = call.group
  if (call.play !== undefined) return
  if (comfort !== null) play(floor, call, comfort, 'comfort')
  else announce(floor, call)
}

const announces = ({ announcePosition, announceWait }: Settings) => announcePosition || announceWait

/** The place in the queue and the wait to come, at the comfort clock's own times; with neither to tell the clock goes on. */
function announce(floor: Floor, call: CallRecord): void {
  const { group } = call
  const { announcePosition, announceWait } = group.settings
  const position = floor.position(call)
  const wait = announceWait ? estimateWait(group, position) : undefined
  const parts = announceToCaller(floor.configuration.company.language, {
    ...(announcePosition && { position }),
    ...(wait !== undefined && { waitSeconds: wait / 1000 }),
  })
  if (parts.length > 0) say(floor, call, parts, 'position')
  else scheduleComfort(floor, call)
}

function answer(floor: Floor, call: CallRecord): void {
  if (call.answered) return
  call.answered = true
  floor.command({ type: 'answer', call: call.id })
}

// --- what plays has played ------------------------------------------------------------------------

export function playEnded(floor: Floor, call: CallRecord): void {
  const ended = call.play
  if (ended === undefined) return
  call.play = undefined
  const { stage } = call
  if (stage.phase === 'leaving') return act(floor, call, stage.why, stage.then)
  if (stage.phase === 'talking') return
  if (stage.phase === 'welcome') call.stage = { phase: 'waiting' }
  if (ended.as === 'comfort' && announces(call.group.settings)) announce(floor, call)
  else scheduleComfort(floor, call)
  floor.reconsider(call)
}

// --- going out ------------------------------------------------------------------------------------

interface Refusal {
  readonly why: RefusedWhy
  readonly then: Action
  readonly message: MessageId | null
}

function refuse(floor: Floor, call: CallRecord, { why, then: asked, message }: Refusal): void {
  const then = call.away === undefined ? possible(floor, call, asked) : hangUp
  floor.notice({ type: 'refused', call: call.id, group: call.group.id, why, then })
  sendOff(floor, call, { why, then, message, as: why === 'closed' ? 'closed' : 'overflow' })
}

/** The caller waits no more, by the group number's decision. */
export function leave(floor: Floor, call: CallRecord, why: 'timeout' | 'closed' | 'noAgents'): void {
  const { group, away } = call
  // Being rung back at this moment: what comes of it decides.
  if (why === 'timeout' && away?.calling !== undefined) return
  if (away !== undefined) return leaveAway(floor, call, why)
  const { settings } = group
  const status = group.hours.statusAt(floor.now)
  const whenNoAgents = settings.whenNoAgents.do === 'queue' ? hangUp : settings.whenNoAgents
  const asked = {
    timeout: settings.whenTimeout,
    closed: group.removed ? hangUp : (status.action ?? settings.whenClosed),
    noAgents: whenNoAgents,
  }[why]
  const then = possible(floor, call, asked)
  const closedMessage = group.removed ? null : status.message
  const message = why === 'closed' ? closedMessage : group.overflow
  quitQueue(floor, call, why, then)
  sendOff(floor, call, { why, then, message, as: why === 'closed' ? 'closed' : 'overflow' })
}

/** Nobody is on the line: no message, and no action. */
export function leaveAway(floor: Floor, call: CallRecord, why: LeftWhy): void {
  const isRung = call.away?.calling !== undefined
  quitQueue(floor, call, why, hangUp)
  if (isRung) floor.command({ type: 'hangUp', call: call.id, why: 'lost' })
  floor.calls.delete(call.id)
}

/** Out of the queue, with the notice that ends the stay. */
export function quitQueue(floor: Floor, call: CallRecord, why: LeftWhy, then?: Action): void {
  const position = floor.position(call)
  const interrupted = call.play !== undefined && why !== 'abandoned' && why !== 'lost'
  withdrawAll(floor, call, why === 'abandoned' ? 'callerGone' : 'withdrawn')
  endWait(floor, call)
  floor.notice({
    type: 'left',
    call: call.id,
    group: call.group.id,
    why,
    waited: between(call.arrived, floor.now),
    position,
    ...(then !== undefined && { then }),
  })
  if (interrupted) floor.command({ type: 'stopPlaying', call: call.id })
}

interface SendOff extends Omit<Refusal, 'why'> {
  readonly why: HangUpReason
  readonly as: 'closed' | 'overflow'
}

/** The message plays out before the action. */
function sendOff(floor: Floor, call: CallRecord, { why, then, message, as }: SendOff): void {
  if (call.away !== undefined) {
    floor.calls.delete(call.id)
    return
  }
  if (message === null && then.do !== 'voicemail') return act(floor, call, why, then)
  answer(floor, call)
  // Silence until the message begins, and between it and the recording.
  if (then.do === 'voicemail') floor.command({ type: 'takeMessage', call: call.id })
  if (message === null) return act(floor, call, why, then)
  call.stage = { phase: 'leaving', why, then, forwarded: false }
  play(floor, call, message, as)
}

function act(floor: Floor, call: CallRecord, why: HangUpReason, then: Action): void {
  if (then.do === 'forward') {
    answer(floor, call)
    call.stage = { phase: 'leaving', why, then, forwarded: true }
    floor.command({ type: 'forward', call: call.id, to: then.to })
    return
  }
  if (then.do === 'voicemail') {
    call.stage = { phase: 'leaving', why, then, forwarded: false, recording: true }
    floor.command({ type: 'record', call: call.id, maxSeconds: call.group.settings.voicemail.maxSeconds })
    return
  }
  const group = then.do === 'group' ? floor.compiled.groups.get(then.to) : undefined
  if (group !== undefined) return beginStay(floor, call, group)
  end(floor, call, why)
}

/** The switch is told to end the caller's leg, and the call is forgotten. */
export function end(floor: Floor, call: CallRecord, why: HangUpReason): void {
  floor.command({ type: 'hangUp', call: call.id, why })
  floor.calls.delete(call.id)
}

/** What the caller has said is kept; nothing was said: there is no message. */
export function voicemailRecorded(floor: Floor, call: CallRecord, { file, seconds }: EventOf<'recorded'>): void {
  if (call.stage.phase !== 'leaving' || call.stage.recording !== true) return
  if (seconds > 0) floor.notice({ type: 'voicemailLeft', call: call.id, group: call.group.id, file, seconds })
  end(floor, call, 'served')
}

/**
 * What will be done: an overflow that comes back to a group number the caller has been in, or that
 * goes to one that is no more, ends the call, so that no caller goes round for ever.
 */
function possible(floor: Floor, call: CallRecord, asked: Action): Action {
  if (asked.do !== 'group') return asked
  return floor.compiled.groups.has(asked.to) && !call.visited.includes(asked.to) ? asked : hangUp
}

/** A supervisor's hand moves a waiting caller: the stay ends, and one begins in the other group number. */
export function move(floor: Floor, call: CallRecord, to: GroupNumberId): void {
  const group = floor.compiled.groups.get(to)
  if (group === undefined || group === call.group || call.away?.calling !== undefined) return
  const playing = call.play !== undefined
  withdrawAll(floor, call, 'withdrawn')
  endWait(floor, call)
  floor.notice({
    type: 'moved',
    call: call.id,
    group: call.group.id,
    to,
    why: 'moved',
    waited: between(call.arrived, floor.now),
  })
  if (playing) floor.command({ type: 'stopPlaying', call: call.id })
  call.visited = []
  beginStay(floor, call, group)
}

/** The instant at which a queue that closes with the group number has come. */
export function close(floor: Floor, group: GroupRecord): void {
  group.closing = undefined
  if (group.hours.statusAt(floor.now).open) return scheduleClosing(floor, group)
  closeQueue(floor, group)
}

/** Whoever is on the line leaves; whoever is to be rung back keeps the place for when it opens. */
export function closeQueue(floor: Floor, group: GroupRecord): void {
  for (const call of [...group.waiting]) if (call.away === undefined) leave(floor, call, 'closed')
}
