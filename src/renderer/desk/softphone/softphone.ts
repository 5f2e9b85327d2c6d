import type { SoftphoneCredential } from '../../../contract/console.ts'
import type { Result } from '../../../core/result.ts'
import type { CallId, OfferId } from '../../../core/routing/messages.ts'

/**
 * The agent's telephone in this window: one registration, any number of ringing invitations, one call.
 *
 * It knows SIP and sound and nothing of Vue, the queue or the console protocol; the desk joins its
 * invitations with the offers of the service by `offer`. Fields are the present state, and the event
 * of the same name is told after each change. A listener is never called from inside a method of
 * the softphone that the listener's owner has called.
 *
 * ```
 * invitation ── answer() ──▶ connecting ──▶ talking ◀──▶ held
 *      │                         │             └────┬─────┘
 *   gone from `ringing`          └──────────────────┴──▶ ended ──▶ undefined (at the next invitation answered, or dispose)
 * ```
 */
export interface Softphone {
  readonly registration: Registration
  /** In order of arrival; gone as soon as answered, rejected or cancelled. */
  readonly ringing: readonly Invitation[]
  /** The call, kept as `ended` after it until another is answered. */
  readonly call: SoftphoneCall | undefined
  /** A call of a colleague that this telephone listens in on, or is asked to. */
  readonly listening: Listening | undefined
  readonly microphone: Microphone
  /** 0 to 1, of the microphone, as it is sent; 0 when muted or listening only. Read, not told: it changes all the time. */
  level(): number
  /** The measured quality of the call as a mean opinion score, 1 to 4.5; undefined until there is something to measure. */
  quality(): number | undefined

  /** Ends listening in. Settles when the call is established, or is not: a ring taken back meanwhile is `gone`. */
  answer(offer: OfferId): Promise<Result<void, AnswerProblem>>
  /** 486 Busy Here to this one invitation; the caller goes on to the next agent. No effect when it is gone. */
  reject(offer: OfferId): Promise<void>
  /** Settles when the other side has taken it; a refused one leaves the call as it was. */
  hold(): Promise<Result<void, HoldProblem>>
  resume(): Promise<Result<void, HoldProblem>>
  /** At once, and kept over hold and resume. */
  mute(on: boolean): void
  /** One of `0-9`, `*`, `#`; telephone-event (RFC 4733). */
  sendDigit(digit: string): void
  /** Answers the invitation to listen in, which the desk does only where its person has asked for it. */
  listenIn(): Promise<void>
  /** Whether those listened to hear this side; not at first. */
  speakInto(on: boolean): void
  stopListening(): Promise<void>
  /** BYE, or CANCEL of an answer under way. The desk hangs up through the service as well. */
  hangUp(): Promise<void>

  /** Until the returned function is called. */
  on<Name extends keyof SoftphoneEvents>(name: Name, listener: (told: SoftphoneEvents[Name]) => void): () => void
  /** Ends the call, unregisters, lets go of the microphone. Nothing is told afterwards. */
  dispose(): Promise<void>
}

export interface SoftphoneEvents {
  readonly registration: Registration
  readonly ringing: readonly Invitation[]
  readonly call: SoftphoneCall | undefined
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

/** A call that rings here now. `offer` and `call` from the headers of `contract/softphone.ts`. */
export interface Invitation {
  readonly offer: OfferId
  readonly call: CallId
  /** The user part of From, as it came; absent: hidden. */
  readonly from?: string
}

export interface SoftphoneCall {
  readonly offer: OfferId
  readonly call: CallId
  readonly state: 'connecting' | 'talking' | 'held' | 'ended'
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

/** Without a microphone a call can be answered all the same: the agent hears and is not heard. */
export type Microphone =
  | { readonly state: 'unasked' }
  /** `label` as the system names it. */
  | { readonly state: 'ready'; readonly label: string }
  | { readonly state: 'listenOnly'; readonly why: 'denied' | 'missing' | 'busy' | 'insecure' }

export type AnswerProblem =
  /** Taken back, or answered by a colleague. */
  { readonly kind: 'gone' } | { readonly kind: 'inCall' } | { readonly kind: 'failed'; readonly message: string }

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
