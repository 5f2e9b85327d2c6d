import type {
  AgentCallEnd,
  Command,
  DeclineCause,
  EventOf,
  HangUpReason,
  StopRingingReason,
} from '../../core/routing/messages.ts'

/** What a caller who was not answered yet is told: a status of SIP. */
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

/** What an agent's softphone is told of a call that may not be made. */
export const agentRefusals: Readonly<Record<Extract<Command, { type: 'refuseCall' }>['why'], number>> = {
  destination: 403,
  identity: 403,
  unknown: 404,
  unavailable: 503,
}

/** Of a call that an agent makes. */
export function agentCallEnd(ending: Ending, softphone: boolean): AgentCallEnd {
  const cause = softphone ? declineCause(ending) : phoneDeclineCause(ending)
  if (softphone || cause === 'busy' || cause === 'rejected' || cause === 'noAnswer') return cause
  const { status } = ending
  if (status === undefined ? ending.cause === 1 : [404, 410, 484, 604].includes(status)) return 'unknown'
  return status === undefined || status === 502 || status === 503 ? cause : 'failed'
}

/** Why a phone stops ringing. 26 becomes `Reason: SIP;cause=200` (RFC 3326), which keeps the call off its list of missed ones. */
export const stopCauses: Readonly<Record<StopRingingReason, number>> = {
  answeredElsewhere: 26,
  noAnswer: 19,
  callerGone: 16,
  withdrawn: 16,
}

/** How a leg ended: Q.850, and the status of SIP where there was one. */
export interface Ending {
  readonly cause: number
  readonly status?: number
  /** It has rung as long as anything may ring. */
  readonly rangOut?: true
}

/** As a softphone of ours answers. */
export function declineCause({ cause, status, rangOut }: Ending): DeclineCause {
  if (rangOut) return 'noAnswer'
  if (status === 486 || status === 600) return 'busy'
  if (status === 603) return 'rejected'
  if (status !== undefined && [404, 408, 410, 480, 503].includes(status)) return 'unreachable'
  if (cause === 17) return 'busy'
  if (cause === 21) return 'rejected'
  return [1, 3, 18, 19, 20, 22, 27, 34].includes(cause) ? 'unreachable' : 'failed'
}

/** As a trunk answers for an ordinary phone: nobody lifted it, or it could not be rung. */
export function phoneDeclineCause(ending: Ending): DeclineCause {
  const { cause, status } = ending
  const noAnswer =
    ending.rangOut ?? (status === undefined ? cause === 18 || cause === 19 : status === 408 || status === 480)
  return noAnswer ? 'noAnswer' : declineCause(ending)
}

/** Of a number outside. */
export function outsideResult(ending: Ending): Exclude<EventOf<'forwarded'>['result'], 'answered' | 'ended'> {
  const cause = phoneDeclineCause(ending)
  return cause === 'busy' || cause === 'noAnswer' ? cause : 'failed'
}

/** The far side vanished without a goodbye: its RTP has stopped, or the network says so. */
export function isLoss({ cause }: Ending): boolean {
  return [27, 38, 41, 44].includes(cause)
}
