import { z } from 'zod'
import type { AgentId, E164, GroupNumberId } from '../core/configuration/types.ts'
import type { AgentCallEnd, CallId } from '../core/routing/messages.ts'
import type { Instant } from '../core/time.ts'
import type { MissedWhy } from './work.ts'

const id = <Id extends string>() => z.string().min(1).max(200) as unknown as z.ZodType<Id, string>

/** What is asked about calls that are over, and about the call in front of an agent. */
export const callAsks = [
  /** Of a call that rings for, is talked in or was last talked in by the own agent. Answers `CallAbout`. */
  z.strictObject({ type: z.literal('callAbout'), call: id<CallId>() }),
] as const

const callTypes: ReadonlySet<string> = new Set(callAsks.map(({ shape }) => shape.type.value))

export const isCallAsk = (ask: { readonly type: string }): ask is CallAsk => callTypes.has(ask.type)

export type CallAsk = z.infer<(typeof callAsks)[number]>
export type CallAskOf<Type extends CallAsk['type']> = Extract<CallAsk, { readonly type: Type }>

/**
 * One talk with a caller, one stay that came to nothing, or one call that an agent made to somebody outside: a call detail
 * record. A caller who talks with two agents after each other makes two.
 */
export interface CallDetailRecord {
  readonly id: string
  readonly call: CallId
  readonly way: 'in' | 'out'
  /** Absent: an agent called as themselves. */
  readonly group?: GroupNumberId
  /** When the talk, or the call made, began; of what came to nothing, when it was over. */
  readonly at: Instant
  /** Absent: hidden. */
  readonly number?: E164
  readonly name?: string
  readonly end: CallRecordEnd
  /** Who talked, or called. */
  readonly agent?: AgentId
  /** As the agent was called then. */
  readonly agentName?: string
  /** Both in seconds. Of who called in. */
  readonly waited?: number
  /** Absent: nobody talked. */
  readonly talked?: number
  /** A message was left. */
  readonly voicemail?: true
}

export type CallRecordEnd = 'answered' | 'blocked' | MissedWhy | AgentCallEnd

/** What an agent wants to know before answering. */
export interface CallAbout {
  /** The caller's last contacts with the company, newest first, as far as this account may see; empty: none, or hidden. */
  readonly contacts: readonly Contact[]
}

/** A call detail record as an agent sees it: the number is that of the caller in front of them. */
export type Contact = Omit<CallDetailRecord, 'call' | 'number' | 'name'>

/** As many as a desk shows. */
export const contactsShown = 5
