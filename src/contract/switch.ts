import type { AgentId, E164, MessageId } from '../core/configuration/types.ts'
import type { Result } from '../core/result.ts'
import type { Command, HeldAgentCall, HeldCall, SwitchEvent } from '../core/routing/messages.ts'

/**
 * The port that every engine implements: the service gives commands and hears events.
 *
 * A switch lives on its own: it outlives the service, and the next one attaches. Commands are
 * idempotent; the ids in them (`call`, `offer`, `play`) tell a repeated one from a new one.
 */
export interface Switch {
  /**
   * From here on this attachment alone may give commands and hears events; an older one, by
   * `epoch`, is refused and told so through `lost`. Each agent's device that is not `gone` is
   * told as `deviceChanged` right after.
   */
  attach(attachment: Attachment): Promise<Result<SwitchHoldings, SwitchProblem>>
  /** The whole picture of what the switch needs to know, in place of the earlier one. Files are read anew only where `sha256` differs. */
  prepare(setup: SwitchSetup): Promise<Result<void, SwitchProblem>>
  /** `ok` when the command is taken; what comes of it is told as events. */
  perform(command: Command): Promise<Result<void, SwitchProblem>>
  /** Softphones' SIP comes through the service's port: the raw request is handed on, TLS already taken off. */
  readonly softphoneSocket: SoftphoneSocket | undefined
  /** A softphone's connection there has begun or ended, for an engine that is not told so by itself. */
  softphonesMoved?(): void
  /** Lets go of the switch; calls go on. */
  detach(): Promise<void>
}

export interface Attachment {
  /** Greater than that of any earlier service on this switch. */
  readonly epoch: number
  heard(event: SwitchEvent): void
  /** Told once: the switch is gone, frozen (no heartbeat for 2 s), or another service has attached. */
  lost(reason: 'gone' | 'frozen' | 'replaced'): void
}

export interface SwitchHoldings {
  readonly calls: readonly HeldCall[]
  /** Calls of agents' own that have been placed; absent: none. Those that wait for `placeCall` are told again as `agentCalled`. */
  readonly agentCalls?: readonly HeldAgentCall[]
  /** Names the engine in the log and on the console, such as `embedded`. */
  readonly engine: string
}

/** Where a WebSocket upgrade for `/sip` is piped to, byte by byte. */
export type SoftphoneSocket = LocalSocket | RemoteSocket

export interface LocalSocket {
  /** Of a Unix socket or a Windows pipe. */
  readonly path: string
}

export interface RemoteSocket {
  readonly host: string
  readonly port: number
  /** What is asked for there in place of our own path. */
  readonly url: string
}

export interface SwitchSetup {
  /** The group numbers, which callers may ring; any other is answered 404. */
  readonly numbers: readonly E164[]
  /**
   * May be rung from agents' softphones, whose `callArrived` is `trusted`, and over a trunk: short ones as they are dialled
   * (`833`), and those in full. `callArrived` tells them as they stand here.
   */
  readonly serviceNumbers?: readonly string[]
  readonly softphones: readonly SipAccount[]
  /** Agents who are rung over the outbound trunk; such a phone is `ready` whenever there is one. */
  readonly phones?: readonly PhoneAgent[]
  /** Short-lived, for the page `/caller`; may ring `numbers` only. */
  readonly callers: readonly CallerAccount[]
  /** SIP over UDP is taken from these alone. */
  readonly trunks: readonly Trunk[]
  readonly sounds: Readonly<Record<MessageId, Sound>>
  /** Played to waiting callers when the service has been away for 30 s, before they are released. */
  readonly fallback?: MessageId
  /** What `say` needs; absent: numbers are passed over, and texts are said in Swedish. */
  readonly speech?: Speech
}

/** Digest, RFC 3261 section 22: the password itself stays with the service and the desk. */
export interface SipAccount {
  readonly agent: AgentId
  /** The user part of the address of record. */
  readonly user: string
  /** MD5 of `user:realm:password`, lower-case hexadecimal; the realm is `sipRealm`. */
  readonly ha1: string
  /** Who calls a service number from it is told as this number. */
  readonly number?: E164
}

export interface PhoneAgent {
  readonly agent: AgentId
  readonly number: E164
}

export interface Speech {
  readonly language: 'sv' | 'en'
  /** By the piece's name (`wordsOfNumber`), in that language. */
  readonly numbers: Readonly<Record<string, Sound>>
}

export interface CallerAccount {
  readonly user: string
  readonly ha1: string
  /** Milliseconds since the epoch; refused from then on. */
  readonly until: number
  /** What the called side is shown as the caller's number. */
  readonly number?: E164
}

export interface Trunk {
  readonly name: string
  /** An IPv4 address; requests from any other are dropped. */
  readonly address: string
  /** Absent: any source port. */
  readonly port?: number
  /** Absent: known by its address alone. */
  readonly account?: { readonly user: string; readonly ha1: string }
  /** Calls to outside numbers leave here. */
  readonly outbound?: true
}

export interface Sound {
  /** Absolute. WAV, 8 kHz, mono, 16 bit. */
  readonly path: string
  readonly sha256: string
}

export type SwitchProblem =
  | { readonly kind: 'gone' }
  | { readonly kind: 'staleEpoch' }
  /** No such call, agent's leg or sound; late news is normal. */
  | { readonly kind: 'unknown'; readonly what: string }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'unsupported'; readonly command: Command['type'] }
