import type { CallQuality } from '../../../contract/call-records.ts'
import type { SoftphoneCredential } from '../../../contract/console.ts'
import type { Brand } from '../../../core/brand.ts'
import type { AgentId, E164 } from '../../../core/configuration/types.ts'
import type { Result } from '../../../core/result.ts'
import type { CallId, OfferId } from '../../../core/routing/messages.ts'
import type { SoundQuality } from './quality.ts'

/**
 * The agent's telephone in this window: one registration, any number of ringing invitations, any number of calls, of which one
 * is talked in and the others are held.
 *
 * It knows SIP and sound and nothing of Vue, the queue or the console protocol; the desk joins its
 * invitations with the offers of the service by `offer`. Fields are the present state, and the event
 * of the same name is told after each change. A listener is never called from inside a method of
 * the softphone that the listener's owner has called.
 *
 * ```
 * invitation ── answer() ──▶ connecting ──▶ talking ◀──▶ held
 *      │        dial() ──▶ dialling ──▶ ringing ─▲  └────┬─────┘
 *   gone from `ringing`          └───────────────┴───────┴──▶ ended ──▶ gone (when the next call begins, or by `forget`)
 * ```
 */
export interface Softphone {
  readonly registration: Registration
  /** In order of arrival; gone as soon as answered, rejected or cancelled. */
  readonly ringing: readonly Invitation[]
  /** In order of beginning. One that has ended is kept until the next begins. */
  readonly calls: readonly SoftphoneCall[]
  /** A call of a colleague that this telephone listens in on, or is asked to. */
  readonly listening: Listening | undefined
  readonly microphone: Microphone
  /** 0 to 1, of the microphone, as it is sent; 0 when muted or listening only. Read, not told: it changes all the time. */
  level(): number
  /** As measured in the call that is talked in; undefined until there is something to measure. */
  quality(): SoundQuality | undefined
  /** How a call has sounded so far, or did; undefined: nothing was measured. */
  measured(line: LineId): CallQuality | undefined

  /** Ends listening in; whoever is talked to is held first. Settles when it is established, or is not: a ring taken back meanwhile is `gone`. */
  answer(offer: OfferId): Promise<Result<void, AnswerProblem>>
  /** 486 Busy Here to this one invitation; the caller goes on to the next agent. No effect when it is gone. */
  reject(offer: OfferId): Promise<void>
  /**
   * Calls a number in E.164 form, `112`, a colleague by id, or `echo`; `as`: the number to be shown as. Whoever is talked to is
   * held first. Settles when it is on its way; what comes of it is told as `calls`.
   */
  dial(to: string, as?: E164): Promise<Result<LineId, HoldProblem>>
  /** Settles when the other side has taken it; a refused one leaves the call as it was. */
  hold(line: LineId): Promise<Result<void, HoldProblem>>
  /** Whoever is talked to is held first. */
  resume(line: LineId): Promise<Result<void, HoldProblem>>
  /** In calls too, at once; undefined, or one that is not there: the system's own. */
  useMicrophone(device: string | undefined): void
  /** All calls, at once, and kept over hold and resume. */
  mute(on: boolean): void
  /** One of `0-9`, `*`, `#`, in the call that is talked in; telephone-event (RFC 4733). */
  sendDigit(digit: string): void
  /** Answers the invitation to listen in, which the desk does only where its person has asked for it. */
  listenIn(): Promise<void>
  /** Whether those listened to hear this side; not at first. */
  speakInto(on: boolean): void
  stopListening(): Promise<void>
  /** BYE, or CANCEL of what is not answered yet. The desk hangs up through the service as well. */
  hangUp(line: LineId): Promise<void>
  /** Of a call that has ended. */
  forget(line: LineId): void

  /** Until the returned function is called. */
  on<Name extends keyof SoftphoneEvents>(name: Name, listener: (told: SoftphoneEvents[Name]) => void): () => void
  /** Ends the call, unregisters, lets go of the microphone. Nothing is told afterwards. */
  dispose(): Promise<void>
}

export interface SoftphoneEvents {
  readonly registration: Registration
  readonly ringing: readonly Invitation[]
  readonly calls: readonly SoftphoneCall[]
  readonly listening: Listening | undefined
  readonly microphone: Microphone
}

export type Registration =
  | { readonly state: 'off' }
  | { readonly state: 'connecting' }
  | { readonly state: 'registered' }
  /** `retryAt`: milliseconds since the epoch by this machine's clock; absent when it will not try by itself. */
  | { readonly state: 'failed'; readonly why: RegistrationTrouble; readonly retryAt?: number }

/**
 * - `socket`: the WebSocket cannot be opened, or was lost;
 * - `refused`: the registrar refuses the credential (401 or 403 to a right digest);
 * - `unreachable`: the socket is open and nothing answers, or 5xx;
 * - `elsewhere`: another window of the same agent has the telephone; this one takes over when that is closed;
 * - `unsupported`: this browser has no WebRTC, or the page is not a secure context.
 */
export type RegistrationTrouble = 'socket' | 'refused' | 'unreachable' | 'elsewhere' | 'unsupported'

/** One call in this window, whoever made it. */
export type LineId = Brand<string, 'LineId'>

/** A call that rings here now. `offer` and `call` from the headers of `contract/softphone.ts`. */
export interface Invitation {
  readonly offer: OfferId
  readonly call: CallId
  /** The user part of From, as it came; absent: hidden. */
  readonly from?: string
  readonly name?: string
  /** Who calls, where it is a colleague and not the queue. */
  readonly colleague?: AgentId
  /** Those of the same call before it, whose ring was lost with the connection: to answer one of them is to answer this one. */
  readonly earlier?: readonly OfferId[]
}

/** Whoever answers a ring that has just been made anew means the call, and there is one ring of it. */
export const isRingOf = ({ offer, earlier = [] }: Invitation, asked: OfferId) =>
  offer === asked || earlier.includes(asked)

export interface SoftphoneCall {
  readonly line: LineId
  /** Absent: made here. */
  readonly offer?: OfferId
  /** Absent: made here, and the switch has not named it yet. */
  readonly call?: CallId
  /** Of a call made here: a number, a colleague's id, or `echo`. */
  readonly dialled?: string
  /** Of a call answered here: as its invitation. */
  readonly from?: string
  readonly name?: string
  readonly colleague?: AgentId
  /** `ringing`: at the other side, of a call made here. */
  readonly state: 'dialling' | 'ringing' | 'connecting' | 'talking' | 'held' | 'ended'
  /** While `ringing`: the other side is heard already, so that no ringing is made here. */
  readonly early?: true
  /** Of a call made here that came to nothing. */
  readonly failed?: CallFailure
  /** When it was answered, or ended: milliseconds since the epoch by this machine's clock. */
  readonly since?: number
  readonly muted: boolean
  /** A hold or a resume is under way. */
  readonly changing: boolean
  /** Sound has not come through for some seconds though it should: the network is mended meanwhile. */
  readonly soundLost: boolean
}

/** `invited`: to be answered by the desk. Gone when the other side ends it. */
export interface Listening {
  readonly call: CallId
  readonly state: 'invited' | 'connecting' | 'on'
}

/** `closed`: not a number that may be called from here, or not one that may be shown. `unreachable`: also no line out. */
export type CallFailure = 'busy' | 'noAnswer' | 'rejected' | 'unknown' | 'closed' | 'unreachable' | 'failed'

/** Without a microphone a call can be answered all the same: the agent hears and is not heard. */
export type Microphone =
  | { readonly state: 'unasked' }
  /** `label` as the system names it. */
  | { readonly state: 'ready'; readonly label: string }
  | { readonly state: 'listenOnly'; readonly why: 'denied' | 'missing' | 'busy' | 'insecure' }

export type AnswerProblem =
  /** Taken back, or answered by a colleague. */
  | { readonly kind: 'gone' }
  /** Whoever is talked to cannot be held. */
  | { readonly kind: 'inCall' }
  | { readonly kind: 'failed'; readonly message: string }

/** `refused`: 491 or another final answer, after the retries of RFC 3261 section 14.1. */
export type HoldProblem = { readonly kind: 'noCall' } | { readonly kind: 'refused' }

export interface SoftphoneOptions {
  /** Of the SIP WebSocket, such as `wss://example.test/sip`. */
  readonly url: string
  readonly credential: SoftphoneCredential
  /** Where the other side is heard; kept by the softphone as long as it lives. */
  readonly audio: HTMLAudioElement
}

/** Registers at once and keeps registered; the desk opens one for as long as it is shown. */
export type OpenSoftphone = (options: SoftphoneOptions) => Softphone
