import { never } from '../brand.ts'
import type { AgentId } from '../configuration/types.ts'
import { compileHours } from '../hours/compile-hours.ts'
import type { Instant } from '../time.ts'
import * as agents from './agents.ts'
import { acceptByDigit, answerOffer, decline, ringTimedOut } from './answers.ts'
import { assign } from './assign.ts'
import { attachSwitch, loseSwitch, newCall } from './attach.ts'
import { book, callbackNotReached, pressWaiting, reachedCaller } from './callback.ts'
import { keepHours } from './callback-hours.ts'
import { compile, newAgent } from './compile.ts'
import { reconfigure } from './configured.ts'
import { startDay } from './counted-day.ts'
import { isEmergency } from './emergency-number.ts'
import { emergencyOver, putThrough } from './emergency.ts'
import { Floor } from './floor.ts'
import type { CompileHours } from './hours-of-group.ts'
import type { CallId, EventOf, OfferId, RoutingEvent } from './messages.ts'
import { complete, retry } from './offers.ts'
import { pick } from './pick.ts'
import { lostAgent } from './returned.ts'
import type { OpenRouter, Output, Router, RouterStart } from './router.ts'
import {
  beginService,
  endService,
  pinChecked,
  servedHeard,
  servedPressed,
  servedRecorded,
  serviceEnded,
} from './service-numbers/serve.ts'
import { show } from './show.ts'
import { restore, takeSnapshot } from './snapshot.ts'
import type { AgentRecord, CallRecord, Due, OfferRecord, ServedCall, TalkRecord } from './state.ts'
import * as stays from './stays.ts'
import {
  agentLeft,
  askTransfer,
  callerLeft,
  cancelTransfer,
  comeBack,
  confirmTransfer,
  failTransfer,
  forgetTransfer,
  joinThree,
  notJoined,
  outsideNews,
} from './transfer.ts'

/** The router as the product runs it. */
export const openRouter: OpenRouter = openRouterWith(compileHours)

/** With opening hours handed in, and the assignment pass: a plain one shows in tests that this one is right. */
export function openRouterWith(hoursOf: CompileHours, pass: (floor: Floor) => void = assign): OpenRouter {
  return (start) => {
    const floor = 'snapshot' in start ? restore(start.snapshot, hoursOf) : newFloor(start, hoursOf)
    const router: Router = {
      handle: (event) => handle(floor, event, { hoursOf, pass }),
      get nextDeadline() {
        return floor.deadlines.first?.at
      },
      snapshot: () => takeSnapshot(floor),
      view: () => show(floor),
    }
    return router
  }
}

function newFloor(start: Extract<RouterStart, { seed: number }>, compileHours: CompileHours): Floor {
  const { configuration, seed, at } = start
  const agents = new Map<AgentId, AgentRecord>(configuration.agents.map(({ id }) => [id, newAgent(id, at)]))
  const floor = new Floor({ now: at, seed, compiled: compile(configuration, agents, compileHours) })
  for (const [id, agent] of agents) floor.agents.set(id, agent)
  return floor
}

interface Parts {
  readonly hoursOf: CompileHours
  readonly pass: (floor: Floor) => void
}

/**
 * Deadlines before the event fire first, each at its own time and with its own pass; then those of the
 * event's instant; then the event; then, once, whoever is free is rung for whoever waits.
 */
function handle(floor: Floor, event: RoutingEvent, { hoursOf, pass }: Parts): readonly Output[] {
  // A service that stopped without a word lost the switch when it last heard of it.
  if (event.type === 'switchAttached') loseSwitch(floor)
  for (let first = floor.deadlines.first; first !== undefined && first.at < event.at; first = floor.deadlines.first) {
    floor.now = first.at
    fireDue(floor)
    settle(floor, pass)
  }
  if (event.at > floor.now) floor.now = event.at
  fireDue(floor)
  apply(floor, event, hoursOf)
  settle(floor, pass)
  return floor.takeOutputs()
}

function fireDue(floor: Floor): void {
  const instant: Instant = floor.now
  for (let first = floor.deadlines.first; first !== undefined && first.at <= instant; first = floor.deadlines.first) {
    floor.deadlines.remove(first)
    fire(floor, first.due)
  }
}

function settle(floor: Floor, pass: Parts['pass']): void {
  if (floor.lostAt === undefined) {
    startDay(floor)
    pass(floor)
  }
  floor.tellAgents()
}

function fire(floor: Floor, due: Due): void {
  switch (due.kind) {
    case 'ring':
      return ringTimedOut(floor, due.offer)
    case 'wrapUp':
      due.agent.wrapUp = undefined
      return floor.changed(due.agent)
    case 'limit':
      due.call.limit = undefined
      return stays.leave(floor, due.call, 'timeout')
    case 'closing':
      return stays.close(floor, due.group)
    case 'served':
      due.served.idle = undefined
      return endService(floor, due.served)
    case 'callback':
      due.call.callback = undefined
      return keepHours(floor, due.call)
    case 'comfort':
      return stays.playComfort(floor, due.call)
    case 'retry':
      return retry(floor, due.call)
    case 'escalate':
      stays.scheduleEscalation(floor, due.call)
      return floor.reconsider(due.call)
    case 'progress':
      due.call.progress = undefined
      return floor.reconsider(due.call)
    default:
      return never(due)
  }
}

function apply(floor: Floor, event: RoutingEvent, hoursOf: CompileHours): void {
  const served = 'call' in event ? floor.served.get(event.call) : undefined
  if (served !== undefined) return aboutServed(floor, served, event)
  switch (event.type) {
    case 'callArrived':
      return callArrived(floor, event)
    case 'callerHungUp':
      return callerHungUp(floor, event.call)
    case 'played':
      return played(floor, event)
    case 'agentAnswered':
      return agentAnswered(floor, event)
    case 'agentDeclined':
      return agentDeclined(floor, event)
    case 'agentHungUp':
      return agentHungUp(floor, event)
    case 'agentLost':
      return agentLost(floor, event)
    case 'agentDigit':
      return agentDigit(floor, event)
    case 'recorded':
      return recorded(floor, event)
    case 'forwarded':
      return forwarded(floor, event)
    case 'commandFailed':
      return commandFailed(floor, event)
    case 'callMoved':
      return withWaiting(floor, event.call, (call) => {
        stays.move(floor, call, event.group)
      })
    case 'prioritised':
      return withWaiting(floor, event.call, (call) => {
        floor.replace(call, () => (call.priority = event.priority))
      })
    case 'digitPressed':
      return withWaiting(floor, event.call, (call) => {
        pressWaiting(floor, call, event.digit)
      })
    case 'callbackAsked':
      return withWaiting(floor, event.call, (call) => {
        book(floor, call, event.number)
      })
    case 'callbackAnswered':
      return withWaiting(floor, event.call, (call) => {
        reachedCaller(floor, call)
      })
    case 'callbackFailed':
      return withWaiting(floor, event.call, (call) => {
        callbackNotReached(floor, call, 'told')
      })
    case 'picked':
      return withWaiting(floor, event.call, (call) => {
        pick(floor, call, event.agent)
      })
    case 'configured':
      return reconfigure(floor, event.configuration, hoursOf)
    case 'switchAttached':
      return attachSwitch(floor, event)
    case 'switchLost':
      return loseSwitch(floor)
    case 'loggedIn':
    case 'loggedOut':
    case 'paused':
    case 'resumed':
    case 'wrapUpEnded':
    case 'wrapUpExtended':
    case 'deviceChanged':
      return aboutAgent(floor, event)
    case 'transferAsked': {
      const talk = talkOf(floor, event)
      if (talk !== undefined) askTransfer(floor, talk, event)
      return
    }
    case 'transferConfirmed':
      return withTalk(floor, event.call, (talk) => {
        confirmTransfer(floor, talk)
      })
    case 'transferCancelled':
      return withTalk(floor, event.call, ({ call }) => {
        cancelTransfer(floor, call)
      })
    case 'threeWayAsked':
      return withTalk(floor, event.call, (talk) => {
        joinThree(floor, talk)
      })
    case 'monitored':
      return withTalk(floor, event.call, (talk) => {
        monitor(floor, talk, event)
      })
    // The agent's own: what the router knows of them is that the device is `busy`.
    case 'agentCalled':
    case 'agentCallAnswered':
    case 'agentCallEnded':
    // Of a call to a service number that has ended.
    case 'pinChecked':
    case 'timePassed':
      return
    default:
      return never(event)
  }
}

type AgentEvent = EventOf<
  'loggedIn' | 'loggedOut' | 'paused' | 'resumed' | 'wrapUpEnded' | 'wrapUpExtended' | 'deviceChanged'
>

function aboutAgent(floor: Floor, event: AgentEvent): void {
  const agent = floor.agents.get(event.agent)
  if (agent === undefined) return
  switch (event.type) {
    case 'loggedIn':
      return agents.logIn(floor, agent, event)
    case 'loggedOut':
      return agents.logOut(floor, agent, event)
    case 'paused':
      return agents.pause(floor, agent, event)
    case 'resumed':
      return agents.resume(floor, agent, event)
    case 'wrapUpEnded':
      return agents.endWrapUp(floor, agent)
    case 'wrapUpExtended':
      return agents.extendWrapUp(floor, agent, event)
    case 'deviceChanged':
      return agents.device(floor, agent, event)
    default:
      return never(event)
  }
}

// --- service numbers ------------------------------------------------------------------------------

function aboutServed(floor: Floor, served: ServedCall, event: RoutingEvent): void {
  switch (event.type) {
    case 'callerHungUp':
      return serviceEnded(floor, served)
    case 'digitPressed':
      return servedPressed(floor, served, event.digit)
    case 'pinChecked':
      return pinChecked(floor, served, event)
    case 'played':
      return servedHeard(floor, served, event.play)
    case 'recorded':
      return servedRecorded(floor, served, event)
    case 'commandFailed':
      if (event.command === 'answer') return endService(floor, served)
      if (event.command === 'say') return servedHeard(floor, served, event.play)
      if (event.command === 'record') return servedRecorded(floor, served, { file: '', seconds: 0 })
      return
    // Nobody is rung for it.
    case 'agentAnswered':
      return sendAway(floor, event)
    default:
      return
  }
}

// --- the caller -----------------------------------------------------------------------------------

function callArrived(floor: Floor, event: EventOf<'callArrived'>): void {
  if (floor.calls.has(event.call)) return
  if (isEmergency(event.to)) return floor.emergencies.has(event.call) ? undefined : putThrough(floor, event)
  const service = floor.compiled.byService.get(event.to)
  if (service !== undefined) return beginService(floor, event, service)
  const group = floor.compiled.byNumber.get(event.to)
  if (group === undefined) return floor.command({ type: 'hangUp', call: event.call, why: 'unknownNumber' })
  stays.beginStay(floor, newCall(floor, event, group), group, event.crowded)
}

function callerHungUp(floor: Floor, id: CallId): void {
  floor.emergencies.delete(id)
  const call = floor.calls.get(id)
  if (call === undefined || call.away !== undefined) return
  const { stage } = call
  if (stage.phase === 'talking' && call.transfer?.threeWay !== undefined) return callerLeft(floor, stage.talk)
  floor.calls.delete(id)
  if (stage.phase === 'talking') {
    const { agent, offer } = stage.talk
    floor.command({ type: 'hangUpAgent', call: id, agent: agent.id, offer })
    for (const { agent: third, id: asked } of call.transfer?.party?.offers ?? [])
      floor.command({ type: 'hangUpAgent', call: id, agent: third.id, offer: asked })
    forgetTransfer(floor, call)
    return complete(floor, stage.talk, 'caller')
  }
  if (stage.phase !== 'leaving') stays.quitQueue(floor, call, 'abandoned')
}

function played(floor: Floor, { call: id, play, message }: EventOf<'played'>): void {
  const call = floor.calls.get(id)
  if (call?.play === undefined) return
  const isThis = play === undefined ? call.play.message === message : call.play.id === play
  if (isThis) stays.playEnded(floor, call)
}

function forwarded(floor: Floor, { call: id, result }: EventOf<'forwarded'>): void {
  const call = floor.calls.get(id)
  if (call !== undefined) outsideNews(floor, call, result)
  else if (result !== 'answered') emergencyOver(floor, id)
}

function recorded(floor: Floor, event: EventOf<'recorded'>): void {
  const call = floor.calls.get(event.call)
  if (call !== undefined) stays.voicemailRecorded(floor, call, event)
}

function withTalk(floor: Floor, id: CallId, change: (talk: TalkRecord) => void): void {
  const stage = floor.calls.get(id)?.stage
  if (stage?.phase === 'talking') change(stage.talk)
}

function monitor(floor: Floor, { call, agent }: TalkRecord, { by, mode }: EventOf<'monitored'>): void {
  if (by === agent.id || !floor.agents.has(by) || (call.monitors.get(by) ?? 'off') === mode) return
  if (mode === 'off') call.monitors.delete(by)
  else call.monitors.set(by, mode)
  floor.command({ type: 'monitor', call: call.id, by, mode })
}

function withWaiting(floor: Floor, id: CallId, change: (call: CallRecord) => void): void {
  const call = floor.calls.get(id)
  if (call?.stage.phase === 'waiting' || call?.stage.phase === 'welcome') change(call)
}

// --- the agent's leg ------------------------------------------------------------------------------

interface Leg {
  readonly call: CallId
  readonly agent: AgentId
  readonly offer?: OfferId
}

function agentAnswered(floor: Floor, event: EventOf<'agentAnswered'>): void {
  const offer = offerOf(floor, event)
  if (offer !== undefined && !isLate(floor, offer, event)) return answerOffer(floor, offer)
  if (talkOf(floor, event) === undefined) sendAway(floor, event)
}

/** Who has answered a ring that is no more. */
function sendAway(floor: Floor, { call, agent, offer }: Leg): void {
  floor.command({ type: 'hangUpAgent', call, agent, ...(offer !== undefined && { offer }) })
}

/** An answer at the instant of the time-out is late, also if the next ring has begun in that instant. */
function isLate(floor: Floor, offer: OfferRecord, event: Leg): boolean {
  const { timedOut } = offer.call
  return (
    event.offer === undefined &&
    offer.since === floor.now &&
    timedOut?.at === floor.now &&
    timedOut.agent === event.agent
  )
}

function agentDeclined(floor: Floor, event: EventOf<'agentDeclined'>): void {
  const offer = offerOf(floor, event)
  if (offer !== undefined) return decline(floor, offer, event.cause)
  listensNoMore(floor, event)
}

function agentHungUp(floor: Floor, event: EventOf<'agentHungUp'>): void {
  const offer = offerOf(floor, event)
  if (offer !== undefined) return decline(floor, offer, 'rejected')
  const talk = talkOf(floor, event)
  if (talk === undefined) return listensNoMore(floor, event)
  if (talk.call.transfer?.threeWay !== undefined) return agentLeft(floor, talk, 'transfer')
  // Whoever hangs up on a consultation leaves the caller with the third party.
  if (talk.call.transfer !== undefined) return confirmTransfer(floor, talk)
  complete(floor, talk, 'agent')
  stays.end(floor, talk.call, 'agentHungUp')
}

function agentLost(floor: Floor, event: Leg): void {
  const offer = offerOf(floor, event)
  if (offer !== undefined) return decline(floor, offer, 'unreachable')
  const talk = talkOf(floor, event)
  if (talk !== undefined) return lostAgent(floor, talk)
  listensNoMore(floor, event)
}

/** The leg of one who listened in has ended. */
function listensNoMore(floor: Floor, { call, agent }: Leg): void {
  floor.calls.get(call)?.monitors.delete(agent)
}

function agentDigit(floor: Floor, event: EventOf<'agentDigit'>): void {
  const offer = offerOf(floor, event)
  if (offer !== undefined) acceptByDigit(floor, offer, event.digit)
}

function commandFailed(floor: Floor, event: EventOf<'commandFailed'>): void {
  const call = floor.calls.get(event.call)
  if (call === undefined) return event.command === 'forward' ? emergencyOver(floor, event.call) : undefined
  switch (event.command) {
    case 'ring': {
      const offer = event.agent === undefined ? undefined : offerOf(floor, { ...event, agent: event.agent })
      if (offer !== undefined) decline(floor, offer, 'failed')
      return
    }
    case 'connect':
      if (event.agent !== undefined) notConnected(floor, { ...event, agent: event.agent })
      return
    case 'play':
    case 'say':
      if (event.agent !== undefined) return
      if (event.play === undefined || call.play?.id === event.play) stays.playEnded(floor, call)
      return
    case 'forward':
      if (call.stage.phase !== 'leaving' || !call.stage.forwarded) return
      if (call.stage.transferredBy === undefined) return stays.end(floor, call, call.stage.why)
      return comeBack(floor, call, call.stage.transferredBy, 'refused')
    case 'consult':
      return failTransfer(floor, call, 'refused')
    case 'threeWay':
      return withTalk(floor, call.id, (talk) => {
        notJoined(floor, talk)
      })
    case 'record':
      if (call.stage.phase === 'leaving' && call.stage.recording === true) stays.end(floor, call, call.stage.why)
      return
    case 'callOut':
      return callbackNotReached(floor, call, 'told')
    case 'monitor':
      if (event.agent !== undefined) listensNoMore(floor, { ...event, agent: event.agent })
      return
    case 'answer':
      if (call.away !== undefined) return
      return unanswerable(floor, call)
    default:
      return
  }
}

/** The caller is back in the queue; the agent, who may be on the line still, is let go. */
function notConnected(floor: Floor, leg: Leg): void {
  const talk = talkOf(floor, leg)
  if (talk === undefined) return
  sendAway(floor, leg)
  lostAgent(floor, talk)
}

/** The caller's leg cannot be answered: it is gone, or as good as. */
function unanswerable(floor: Floor, call: CallRecord): void {
  cancelTransfer(floor, call)
  // Of two whom the caller had left that was the end.
  if (!floor.calls.has(call.id)) return
  if (call.stage.phase === 'talking') {
    const { agent, offer } = call.stage.talk
    floor.command({ type: 'hangUpAgent', call: call.id, agent: agent.id, offer })
    complete(floor, call.stage.talk, 'lost')
  } else if (call.stage.phase !== 'leaving') stays.quitQueue(floor, call, 'lost')
  stays.end(floor, call, 'lost')
}

function offerOf(floor: Floor, { call, agent, offer }: Leg): OfferRecord | undefined {
  const engaged = floor.agents.get(agent)?.engaged
  const isThis = engaged?.kind === 'offer' && engaged.call.id === call && (offer === undefined || offer === engaged.id)
  return isThis ? engaged : undefined
}

function talkOf(floor: Floor, { call, agent, offer }: Leg) {
  const engaged = floor.agents.get(agent)?.engaged
  const isThis =
    engaged?.kind === 'talk' && engaged.call.id === call && (offer === undefined || offer === engaged.offer)
  return isThis ? engaged : undefined
}
