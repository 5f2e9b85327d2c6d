import { z } from 'zod'
import type { AgentId, E164, GroupNumberId } from '../core/configuration/types.ts'
import type { DestinationTable } from '../core/destinations/allowed-destination.ts'
import type { CallId } from '../core/routing/messages.ts'
import type { Instant } from '../core/time.ts'

const id = <Id extends string>() => z.string().min(1).max(200) as unknown as z.ZodType<Id, string>
const e164 = z.string().regex(/^\+[1-9]\d{6,14}$/) as unknown as z.ZodType<E164, string>

export const destinationTableSchema = z
  .array(
    z.strictObject({
      prefix: z.string().regex(/^\+([1-9]\d{0,14})?$/),
      open: z.boolean(),
      name: z.string().trim().max(60),
    }),
  )
  .max(1000)
  .refine((rules) => new Set(rules.map(({ prefix }) => prefix)).size === rules.length, 'expected each prefix once')

/** What is asked about callers who wait, and about those who were not served. */
export const workAsks = [
  /** Rings the own phone for a waiting caller. Answers `Picked`. */
  z.strictObject({ type: z.literal('pick'), call: id<CallId>() }),
  z.strictObject({ type: z.literal('moveCall'), call: id<CallId>(), group: id<GroupNumberId>() }),
  /** As the `priority` of a caller rule: higher is served first. */
  z.strictObject({ type: z.literal('prioritise'), call: id<CallId>(), priority: z.int().min(-1000).max(1000) }),
  /** Of the call that the own agent talks in. */
  z.strictObject({
    type: z.literal('transfer'),
    call: id<CallId>(),
    to: z.union([
      z.strictObject({ agent: id<AgentId>() }),
      z.strictObject({ group: id<GroupNumberId>() }),
      z.strictObject({ number: z.union([e164, z.literal('112') as unknown as z.ZodType<E164, string>]) }),
    ]),
    how: z.enum(['now', 'consult']),
  }),
  /** Listens in on a call at the own softphone, which rings for it and answers by itself; or changes how, or ends it. */
  z.strictObject({
    type: z.literal('monitor'),
    call: id<CallId>(),
    mode: z.enum(['listen', 'whisper', 'barge', 'off']),
  }),
  z.strictObject({ type: z.literal('confirmTransfer'), call: id<CallId>() }),
  z.strictObject({ type: z.literal('cancelTransfer'), call: id<CallId>() }),
  /** The caller, the own agent and whoever is consulted: all three together. */
  z.strictObject({ type: z.literal('threeWay'), call: id<CallId>() }),
  /** Changes what is named: `own` takes or leaves it, `mark` says how it stands. */
  z.strictObject({
    type: z.literal('missed'),
    item: id(),
    own: z.boolean().optional(),
    note: z.string().trim().max(1000).optional(),
    mark: z.enum(['open', 'calledBack', 'done']).optional(),
  }),
  z.strictObject({ type: z.literal('voicemailDone'), voicemail: id(), done: z.boolean() }),
  z.strictObject({ type: z.literal('removeVoicemail'), voicemail: id() }),
  /** To another group number's list, or to a colleague who sees the same list. */
  z.strictObject({
    type: z.literal('forwardVoicemail'),
    voicemail: id(),
    to: z.union([z.strictObject({ group: id<GroupNumberId>() }), z.strictObject({ agent: id<AgentId>() })]),
  }),
  /** Answers `DestinationTable`. */
  z.strictObject({ type: z.literal('destinations') }),
  /** `onto`: the table that the console showed. Answers `DestinationsSet`. */
  z.strictObject({ type: z.literal('setDestinations'), rules: destinationTableSchema, onto: destinationTableSchema }),
] as const

const workTypes: ReadonlySet<string> = new Set(workAsks.map(({ shape }) => shape.type.value))

export const isWorkAsk = (ask: { readonly type: string }): ask is WorkAsk => workTypes.has(ask.type)

export type WorkAsk = z.infer<(typeof workAsks)[number]>
export type WorkAskOf<Type extends WorkAsk['type']> = Extract<WorkAsk, { readonly type: Type }>

export type DestinationsSet =
  | { readonly outcome: 'done' }
  /** Somebody has changed it meanwhile to this: nothing was changed. */
  | { readonly outcome: 'conflict'; readonly table: DestinationTable }

/** What came of a pick. */
export type Picked =
  | { readonly outcome: 'ringing' }
  /** A colleague has the caller, or is rung by an own pick. */
  | { readonly outcome: 'taken'; readonly by?: AgentId }
  /** The caller waits no more. */
  | { readonly outcome: 'gone' }
  /** The own phone cannot ring now: not connected, or in a call. */
  | { readonly outcome: 'notReady' }

/** A caller who was not served: one for each number in each group number, however often they rang. */
export interface MissedCaller {
  readonly id: string
  readonly group: GroupNumberId
  readonly number: E164
  readonly name?: string
  /** Calls since it was open the first time. */
  readonly tries: number
  readonly first: Instant
  readonly last: Instant
  /** Of the last call: how it ended. */
  readonly why: MissedWhy
  /** A message was left in the last call. */
  readonly voicemail?: true
  readonly owner?: { readonly account: string; readonly name: string }
  readonly note?: string
  /** `gotThrough`: the same caller was served later in the same group number. */
  readonly state: 'open' | 'calledBack' | 'gotThrough' | 'done'
  /** When the state was last changed. */
  readonly changed: Instant
}

export type MissedWhy = 'abandoned' | 'timeout' | 'closed' | 'noAgents' | 'full' | 'lost' | 'notReached' | 'forwarded'

export type VoicemailTarget = WorkAskOf<'forwardVoicemail'>['to']

/** A message left by a caller. */
export interface Voicemail {
  readonly id: string
  readonly group: GroupNumberId
  readonly from?: E164
  readonly name?: string
  readonly at: Instant
  readonly seconds: number
  readonly done?: { readonly by: string; readonly at: Instant }
  /** The colleague it was forwarded to. */
  readonly for?: AgentId
  /** By whom it came here. `from`: out of which group number's list; absent: this one's. */
  readonly forwarded?: { readonly by: string; readonly at: Instant; readonly from?: GroupNumberId }
  /** The group numbers whose lists it went on to. */
  readonly sentTo?: readonly GroupNumberId[]
}

/** GET: the sound of a message left by a caller (WAV), for those who may hear it. */
export const voicemailPath = (voicemail: string) => `/api/voicemails/${encodeURIComponent(voicemail)}`
