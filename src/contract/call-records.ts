import { z } from 'zod'
import type { AgentId, E164, GroupNumberId } from '../core/configuration/types.ts'
import type { AgentCallEnd, CallId } from '../core/routing/messages.ts'
import type { Instant } from '../core/time.ts'
import type { MissedWhy } from './work.ts'

const id = <Id extends string>() => z.string().min(1).max(200) as unknown as z.ZodType<Id, string>

const instant = z.number().min(-8.64e15).max(8.64e15) as unknown as z.ZodType<Instant, number>
const milliseconds = z.number().min(0).max(600_000)
const score = z.number().min(1).max(4.5)

const qualitySchema = z.strictObject({
  seconds: z.int().min(1).max(86_400),
  score,
  worst: score,
  loss: z.number().min(0).max(100),
  jitter: milliseconds,
  roundTrip: milliseconds.exactOptional(),
  poorSeconds: z.int().min(0).max(86_400),
  cause: z.enum(['loss', 'jitter', 'delay']).exactOptional(),
}) as unknown as z.ZodType<CallQuality, CallQuality>

/** What is asked about calls that are over, and about the call in front of an agent. */
export const callAsks = [
  /** Of a call that rings for, is talked in or was last talked in by the own agent. Answers `CallAbout`. */
  z.strictObject({ type: z.literal('callAbout'), call: id<CallId>() }),
  /**
   * What the own agent writes of a call they talk in, or talked in within a day. What is absent stays as it was; what is empty is
   * none.
   */
  z.strictObject({
    type: z.literal('noteCall'),
    call: id<CallId>(),
    note: z.string().max(2000).optional(),
    /** The code of one of the group number's. */
    outcome: z.string().max(20).optional(),
  }),
  /** How a call of the own agent sounded, or a part of it where the window was loaded again. */
  z.strictObject({ type: z.literal('measuredCall'), call: id<CallId>(), quality: qualitySchema }),
  /** Answers `CallRecordsRead`: newest first, of one group number, or of all that this account sees. */
  z.strictObject({
    type: z.literal('callRecords'),
    group: id<GroupNumberId>().optional(),
    /** Inside. */
    from: instant.optional(),
    /** Outside. */
    to: instant.optional(),
    limit: z.int().min(1).max(1000),
  }),
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
  /** By the agent. */
  readonly note?: string
  readonly outcome?: RecordedOutcome
  /** Absent: an ordinary phone, or too short to measure. */
  readonly quality?: CallQuality
}

/** How the agent heard the other side, as their softphone measured it. */
export interface CallQuality {
  /** That were measured. */
  readonly seconds: number
  /** Mean opinion score, 1 to 4.5: the mean, and the worst second. */
  readonly score: number
  readonly worst: number
  /** Per cent of the packets. */
  readonly loss: number
  /** Means, in milliseconds; `roundTrip` absent: the far side never reported. */
  readonly jitter: number
  readonly roundTrip?: number
  /** In which it was hard to follow, and what made most of them so. */
  readonly poorSeconds: number
  readonly cause?: 'loss' | 'jitter' | 'delay'
}

export interface CallRecordsRead {
  readonly records: readonly CallDetailRecord[]
}

/** As it was called when it was chosen. */
export interface RecordedOutcome {
  readonly code: string
  readonly name: string
}

/** What is said of a talk while it goes on, or after it: written in the journal, and so in the call detail record. */
export type Remark = { readonly call: CallId; readonly agent: AgentId } & (
  | {
      readonly type: 'noted'
      /** Both absent: none from now on. */
      readonly note?: string
      readonly outcome?: RecordedOutcome
    }
  /** Of a part of the call, or all of it. */
  | { readonly type: 'measured'; readonly quality: CallQuality }
)

export type CallRecordEnd = 'answered' | 'blocked' | MissedWhy | AgentCallEnd

/** What an agent wants to know before answering. */
export interface CallAbout {
  /**
   * The caller's last contacts with the company, newest first, as far as this account may see; empty: none, or hidden. Absent: they
   * cannot be read now.
   */
  readonly contacts?: readonly Contact[]
  /** What can be said came of it. */
  readonly outcomes: readonly RecordedOutcome[]
  /** An outcome is to be chosen before the wrap-up is ended by hand. */
  readonly outcomeRequired: boolean
  /** To be opened once, then. Absent: none, as for a caller whose hidden number it asks for. */
  readonly page?: { readonly url: string; readonly at: 'ringing' | 'answer' }
  /** What the own agent has written so far. */
  readonly note?: string
  readonly outcome?: RecordedOutcome
}

/** A call detail record as an agent sees it: the number is that of the caller in front of them, and of a note the first line. */
export type Contact = Omit<CallDetailRecord, 'call' | 'number' | 'name' | 'quality'>

/** As many as a desk shows. */
export const contactsShown = 5
