import { z } from 'zod'
import type { AgentId, Configuration, E164, GroupNumberId, MessageId } from '../core/configuration/types.ts'
import type { AgentView, CallView } from '../core/routing/view.ts'
import type { AgentCallEnd, CallId, OfferId, ThirdParty } from '../core/routing/messages.ts'
import type { Instant } from '../core/time.ts'
import { administrationAsks } from './administration.ts'
import { callAsks, type RecordedOutcome } from './call-records.ts'
import { workAsks, type MissedCaller, type Voicemail } from './work.ts'

/** Spoken first by both sides; a console of another version is told to reload. */
export const consoleProtocol = 1

/** The path of the console's WebSocket. */
export const consolePath = '/api/console'

export type Role = 'admin' | 'supervisor' | 'agent' | 'reviewer'

/** Who is signed in, as the console sees it. */
export interface SignedIn {
  readonly account: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly agent?: AgentId
  /** The group numbers that a `supervisor` may administer. */
  readonly supervises: readonly GroupNumberId[]
}

// --- console to service -------------------------------------------------------------------------

const id = <Id extends string>() => z.string().min(1).max(200) as unknown as z.ZodType<Id, string>

/** What a console may ask. The service decides whether this account may. */
export const askSchema = z.discriminatedUnion('type', [
  /** `as: 'before'`: in the group numbers that the agent was last logged out of; in all, where that is not known. */
  z.strictObject({
    type: z.literal('logIn'),
    agent: id<AgentId>(),
    group: id<GroupNumberId>().optional(),
    as: z.literal('before').optional(),
  }),
  z.strictObject({ type: z.literal('logOut'), agent: id<AgentId>(), group: id<GroupNumberId>().optional() }),
  z.strictObject({ type: z.literal('pause'), agent: id<AgentId>(), reason: z.string().max(100).optional() }),
  z.strictObject({ type: z.literal('resume'), agent: id<AgentId>() }),
  z.strictObject({ type: z.literal('endWrapUp'), agent: id<AgentId>() }),
  z.strictObject({ type: z.literal('extendWrapUp'), agent: id<AgentId>(), seconds: z.int().min(1).max(600) }),
  /** Hangs up the agent's leg through the service, for when the softphone's BYE cannot get out. */
  z.strictObject({ type: z.literal('hangUp'), agent: id<AgentId>(), call: id<CallId>() }),
  /** The configuration this account may read. */
  z.strictObject({ type: z.literal('readConfiguration') }),
  /** For an admin: whether the page `/caller` may be used from other machines. */
  z.strictObject({ type: z.literal('allowCallerPage'), allow: z.boolean() }),
  ...administrationAsks,
  ...workAsks,
  ...callAsks,
])
export type Ask = z.infer<typeof askSchema>

export const fromConsoleSchema = z.discriminatedUnion('type', [
  /** The first message. `token`: where no cookie can be sent (`app://`). */
  z.strictObject({
    type: z.literal('hello'),
    protocol: z.int(),
    token: z.string().max(200).optional(),
  }),
  /** `id` is chosen by the console, unique in its life (a UUID); the same id twice is done once and answered alike. */
  z.strictObject({ type: z.literal('ask'), id: z.string().min(1).max(64), ask: askSchema }),
  z.strictObject({ type: z.literal('ping'), sent: z.number() }),
  /** After a gap in `revision`: send a snapshot. */
  z.strictObject({ type: z.literal('resynchronise') }),
])
export type FromConsole = z.infer<typeof fromConsoleSchema>

// --- service to console -------------------------------------------------------------------------

/** A group number as the desks see it. */
export interface GroupLive {
  readonly group: GroupNumberId
  readonly number: E164
  readonly name: string
  readonly open: boolean
  readonly reason: {
    readonly kind: 'override' | 'exception' | 'schedule' | 'noSchedule'
    readonly id?: string
    readonly name?: string
  }
  readonly next: { readonly at: Instant; readonly open: boolean } | null
  readonly members: readonly AgentId[]
  /** Ring time in milliseconds: how long an offer of this group number rings in all. */
  readonly ringMillis: number
  /** Absent: nobody has rung today. */
  readonly today?: ServiceLevelToday
}

/** Of the callers since midnight by the company's clock who were to be answered: all but those who hung up at once. */
export interface ServiceLevelToday {
  readonly offered: number
  readonly answeredInTime: number
  /** What is in time; the newest setting. */
  readonly withinSeconds: number
}

/** An agent as the desks see it: the live state, and who it is. */
export interface AgentLive extends AgentView {
  readonly firstName: string
  readonly lastName: string
  readonly answersAt: 'softphone' | 'phone'
  /** The desk takes callers of the queue by itself. */
  readonly autoAnswer?: true
  /** To the agent alone: what others did to this state since the agent last changed it, newest last. Absent: nothing. */
  readonly told?: readonly AgentTold[]
}

export interface AgentTold {
  readonly at: Instant
  /** The account's name. */
  readonly by: string
  readonly did: 'loggedIn' | 'loggedOut' | 'paused' | 'resumed'
  /** Of a log-in or log-out; absent: of all group numbers. */
  readonly group?: GroupNumberId
  readonly reason?: string
}

/** An offer to the signed-in agent that came to nothing: a missed call, or taken by a colleague. */
export interface OfferPassed {
  readonly offer: OfferId
  readonly call: CallId
  readonly group: GroupNumberId
  readonly from?: E164
  readonly name?: string
  readonly at: Instant
  readonly why: 'missed' | 'answeredElsewhere' | 'callerGone' | 'withdrawn' | 'rejected'
  /** The colleague who answered. */
  readonly answeredBy?: AgentId
}

/** A call that the signed-in agent has had or made, and that is over. */
export interface PastCall {
  readonly id: string
  readonly call: CallId
  /** `missed`: a colleague's, not answered here. What the queue offered in vain is in `passed`. */
  readonly way: 'made' | 'taken' | 'missed'
  /** When it was made, or began to be talked in. */
  readonly at: Instant
  /** Of whom it was with; hidden, and no colleague: none of these. */
  readonly number?: E164
  readonly name?: string
  readonly colleague?: AgentId
  /** What was dialled, where it was refused. */
  readonly dialled?: string
  /** Of a caller: the group number rung. */
  readonly group?: GroupNumberId
  /** Who else was in it, where three spoke with each other. */
  readonly with?: readonly ThirdParty[]
  /** Of a call made: what was shown. */
  readonly as?: E164
  /** Absent: nobody answered. */
  readonly seconds?: number
  /** Of a call made that nobody answered. */
  readonly why?: AgentCallEnd
  /** Both of a caller's call: as the agent wrote. */
  readonly note?: string
  readonly outcome?: RecordedOutcome
}

/** For the signed-in agent's softphone; never logged, never stored by the console. */
export interface SoftphoneCredential {
  readonly user: string
  readonly secret: string
}

/** What is live, by collection and key: the snapshot is all of it, a delta some. */
export interface Live {
  readonly company: {
    readonly company: { readonly name: string; readonly timeZone: string; readonly language: 'sv' | 'en' }
  }
  /** `service`: one entry, how the service and its switch are. */
  readonly service: { readonly service: ServiceLive }
  readonly groups: Readonly<Record<string, GroupLive>>
  readonly agents: Readonly<Record<string, AgentLive>>
  readonly calls: Readonly<Record<string, CallView>>
  /** Of the signed-in agent, newest 50. */
  readonly passed: Readonly<Record<string, OfferPassed>>
  /** Of the signed-in agent, newest 100. */
  readonly history: Readonly<Record<string, PastCall>>
  /** Of the group numbers this console sees the callers of; those that are over go after a week. */
  readonly missed: Readonly<Record<string, MissedCaller>>
  /** As `missed`; until they are removed, by hand or by age. */
  readonly voicemails: Readonly<Record<string, Voicemail>>
}
export type LiveCollection = keyof Live

export interface ServiceLive {
  readonly switch: 'attached' | 'lost'
  readonly engine: string
  /** Of the configuration. */
  readonly revision: number
  /** Journal or store in trouble, in the words of the log; shown to admins. */
  readonly trouble?: string
  /** Whether the page `/caller` may be used from other machines; told to admins. */
  readonly callerPage?: boolean
}

/** `value` null: gone. */
export interface Change {
  readonly in: LiveCollection
  readonly key: string
  readonly value: unknown
}

export type Reply =
  | { readonly ok: true; readonly value?: unknown }
  | {
      readonly ok: false
      readonly problem: {
        readonly kind: 'forbidden' | 'unknown' | 'invalid' | 'unavailable' | 'tooMany'
        /** What was wrong and what was expected, in English; the console has its own words for `kind`. */
        readonly message: string
      }
    }

export type FromService =
  | {
      readonly type: 'welcome'
      readonly protocol: number
      readonly signedIn: SignedIn
      readonly softphone?: SoftphoneCredential
      /** The service's clock, for counting times. */
      readonly now: Instant
    }
  | { readonly type: 'snapshot'; readonly revision: number; readonly now: Instant; readonly live: Live }
  /** Follows the snapshot or delta of `revision - 1`. */
  | { readonly type: 'delta'; readonly revision: number; readonly now: Instant; readonly changes: readonly Change[] }
  | { readonly type: 'reply'; readonly id: string; readonly reply: Reply }
  | { readonly type: 'pong'; readonly sent: number; readonly now: Instant }
  /** Signed out, rights taken away, or another protocol: the connection ends after this. */
  | { readonly type: 'goodbye'; readonly why: 'notSignedIn' | 'signedOut' | 'protocol' | 'slow' | 'stopping' }

/** The answer to `readConfiguration`. */
export interface ConfigurationRead {
  readonly revision: number
  readonly configuration: Configuration
}

// --- HTTP ---------------------------------------------------------------------------------------

/**
 * The origin of the desktop program's own pages. They say who they are by the session's token, since no cookie of theirs is
 * believed: in the first message of a WebSocket, and over HTTP as `Authorization: Bearer` (RFC 6750).
 */
export const desktopOrigin = 'app://gruppnummer'

/** Where such a page signs in, the answer carries the session's token in this header, and sets no cookie. */
export const sessionHeader = 'gruppnummer-session'

/** POST `/api/session/link`: redeems a one-time link; answers `Redeemed` and sets the cookie. */
export const redeemSchema = z.strictObject({ link: z.string().min(20).max(100) })
export interface Redeemed extends SignedIn {
  /** Whoever has one already is not asked to choose one. */
  readonly hasPassword: boolean
}
/** POST `/api/session`: signs in with name and password; answers `SignedIn` and sets the cookie. DELETE: signs out. */
export const signInSchema = z.strictObject({
  name: z.string().min(1).max(100),
  password: z.string().min(1).max(1000),
})
/** POST `/api/password`: of the signed-in account. */
export const passwordSchema = z.strictObject({
  current: z.string().max(1000).optional(),
  password: z.string().min(10).max(1000),
})

/** POST `/api/caller`: what the page `/caller` needs to ring; 10 minutes. */
export interface CallerCredential {
  readonly user: string
  readonly secret: string
  readonly until: Instant
  readonly numbers: readonly { readonly number: E164; readonly name: string }[]
}

/** GET `/api/sounds/ID`: a message's audio, for those who may read it. */
export const soundPath = (message: MessageId) => `/api/sounds/${encodeURIComponent(message)}`

/** Every error answer of the HTTP side. */
export interface HttpProblem {
  readonly error: { readonly kind: string; readonly message: string }
}
