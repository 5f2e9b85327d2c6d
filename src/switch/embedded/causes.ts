import type {
  AgentCallEnd,
  Command,
  DeclineCause,
  EventOf,
  HangUpReason,
  StopRingingReason,
} from '../../core/routing/messages.ts'

/** RFC 3326: 200 keeps the call off the phone's list of missed ones. */
export const stopReasons: Readonly<Record<StopRingingReason, string>> = {
  answeredElsewhere: 'SIP;cause=200;text="Call completed elsewhere"',
  noAnswer: 'SIP;cause=408;text="No answer"',
  callerGone: 'SIP;cause=487;text="Caller hung up"',
  withdrawn: 'SIP;cause=480;text="Withdrawn"',
}

/** What a caller who was not answered yet is told. */
export const refusals: Readonly<Record<HangUpReason, number>> = {
  closed: 480,
  blocked: 603,
  full: 486,
  noAgents: 480,
  timeout: 480,
  agentHungUp: 480,
  transferred: 480,
  unknownNumber: 404,
  served: 480,
  lost: 503,
}

/** RFC 3261 section 21, as a softphone of ours answers. */
export function declineCause(status: number): DeclineCause {
  if (status === 486 || status === 600) return 'busy'
  // A redirection (RFC 3261 section 21.3) is not followed: the caller is to reach the queue's agents, and no voicemail of one.
  if (status === 603 || (status >= 300 && status < 400)) return 'rejected'
  // 503 is also ours, when the connection is gone.
  if ([404, 408, 410, 480, 503].includes(status)) return 'unreachable'
  return 'failed'
}

/** As a trunk answers for an ordinary phone: nobody lifted it, or it could not be rung. */
export function phoneDeclineCause(status: number): DeclineCause {
  return status === 408 || status === 480 ? 'noAnswer' : declineCause(status)
}

/** Of a number outside. */
export function outsideResult(status: number): Exclude<EventOf<'forwarded'>['result'], 'answered' | 'ended'> {
  if (status === 486 || status === 600) return 'busy'
  if (status === 408 || status === 480) return 'noAnswer'
  return 'failed'
}

/** What an agent's softphone is told of a call that may not be made. */
export const agentRefusals: Readonly<Record<Extract<Command, { type: 'refuseCall' }>['why'], number>> = {
  destination: 403,
  identity: 403,
  unknown: 404,
  unavailable: 503,
}

/** Of whom an agent calls: over the trunk, or by a softphone of ours. */
export function agentCallEnd(status: number, knowsUs: boolean): AgentCallEnd {
  if (status === 486 || status === 600) return 'busy'
  if (status === 603) return 'rejected'
  if (knowsUs) return declineCause(status) === 'unreachable' ? 'unreachable' : 'failed'
  if (status === 408 || status === 480) return 'noAnswer'
  if ([404, 410, 484, 604].includes(status)) return 'unknown'
  return status === 502 || status === 503 ? 'unreachable' : 'failed'
}
