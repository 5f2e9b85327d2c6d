import type { Brand } from '../brand.ts'

/** `^\+[1-9]\d{6,14}$` (ITU-T E.164), nothing stricter. */
export type E164 = Brand<string, 'E164'>
export type AgreementId = Brand<string, 'AgreementId'>
export type AgentId = Brand<string, 'AgentId'>
export type GroupNumberId = Brand<string, 'GroupNumberId'>
export type MessageId = Brand<string, 'MessageId'>
export type ScheduleId = Brand<string, 'ScheduleId'>
export type ExceptionId = Brand<string, 'ExceptionId'>
/** `HH:MM`, 00:00 to 24:00; 24:00 only as an end. */
export type LocalTime = Brand<string, 'LocalTime'>
/** `YYYY-MM-DDTHH:MM` by the company's wall clock. */
export type LocalDateTime = Brand<string, 'LocalDateTime'>

export type Language = 'sv' | 'en'
export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'

/** The document of design section 5: what an export holds, and what every version in the store is. */
export interface Configuration {
  readonly schemaVersion: 1
  readonly company: Company
  readonly agreements: readonly Agreement[]
  readonly agents: readonly Agent[]
  readonly groupNumbers: readonly GroupNumber[]
  readonly messages: readonly Message[]
}

export interface Company {
  readonly name: string
  /** An IANA name, such as `Europe/Stockholm`. */
  readonly timeZone: string
  readonly language: Language
  readonly country: 'SE'
  /** Rung by agents; absent: the preset ones, 833 and 844. */
  readonly serviceNumbers?: { readonly logIn?: ServiceNumber; readonly record?: ServiceNumber }
}

export interface ServiceNumber {
  readonly short: string
  readonly long?: E164
}

/** The contract that a group number and an agent belong to; `parent` makes it a sub-agreement. */
export interface Agreement {
  readonly id: AgreementId
  readonly name: string
  readonly parent?: AgreementId
}

export interface Agent {
  readonly id: AgentId
  readonly firstName: string
  readonly lastName: string
  readonly phone: E164
  /** The home agreement; an agent may be a member under any. */
  readonly agreement: AgreementId
  readonly answersAt: 'softphone' | 'phone'
  /** Wins over the group number's setting. */
  readonly wrapUpSeconds?: number
  /** The softphone takes callers of the queue by itself, after a short tone. */
  readonly autoAnswer?: true
}

export interface GroupNumber {
  readonly id: GroupNumberId
  readonly number: E164
  readonly name: string
  readonly agreement: AgreementId
  /** Order matters. */
  readonly members: readonly Member[]
  readonly schedules: readonly Schedule[]
  readonly activeSchedule?: ScheduleId
  readonly exceptions: readonly Exception[]
  readonly override?: Override
  readonly messages: GroupMessages
  /** An absent setting has its preset. */
  readonly settings: Partial<Settings>
}

export interface Member {
  readonly agent: AgentId
  /** 1 to 9; 1 is rung first; absent: 1. */
  readonly level?: number
  /** For `weightedRandom`; absent: 1. */
  readonly weight?: number
}

export interface Schedule {
  readonly id: ScheduleId
  readonly name: string
  readonly week: Readonly<Record<Weekday, readonly Interval[]>>
  /** `null` is silence; absent: the group number's. */
  readonly welcome?: MessageId | null
  readonly closed?: MessageId | null
}

/** `from` is inside, `to` is outside; `to` at or before `from` runs past midnight. */
export interface Interval {
  readonly from: LocalTime
  readonly to: LocalTime
}

export interface Exception {
  readonly id: ExceptionId
  readonly name: string
  readonly effect: 'closed' | 'open'
  readonly from: LocalDateTime
  readonly to: LocalDateTime
  readonly yearly?: true
  readonly message?: MessageId
  readonly action?: Action
}

/** Opened or closed by hand, until a time or until it is taken away. */
export interface Override {
  readonly effect: 'closed' | 'open'
  readonly until?: LocalDateTime
  readonly message?: MessageId
  readonly action?: Action
}

/** `null` is silence; absent: the prerecorded message in the company's language. */
export interface GroupMessages {
  readonly welcome?: MessageId | null
  readonly closed?: MessageId | null
  readonly comfort?: MessageId | null
  readonly overflow?: MessageId | null
  readonly music: readonly MessageId[]
}

export type MessageKind = 'welcome' | 'closed' | 'comfort' | 'overflow' | 'music' | 'other'

export interface Message {
  readonly id: MessageId
  readonly name: string
  readonly kind: MessageKind
  /** Absent: the company's. */
  readonly groupNumber?: GroupNumberId
  readonly language: Language
  readonly transcript: string
  readonly seconds: number
  /** Relative to the document, such as `audio/welcome-sv.wav`. */
  readonly file: string
  /** Of the file's bytes, lower-case hexadecimal. */
  readonly sha256: string
  readonly origin: 'prerecorded' | 'recorded' | 'uploaded' | 'synthesized'
}

/** What is done with a caller who is not, or no longer, queued. */
export type Action =
  | { readonly do: 'hangUp' }
  | { readonly do: 'forward'; readonly to: E164 }
  | { readonly do: 'group'; readonly to: GroupNumberId }
  | { readonly do: 'voicemail' }

export type Strategy =
  | 'longestIdle'
  | 'ringAll'
  | 'roundRobin'
  | 'fixedOrder'
  | 'fewestCalls'
  | 'leastTalkTime'
  | 'random'
  | 'weightedRandom'
  | 'ringProgressively'

/** Design section 5, the table of settings: seconds where not said. */
export interface Settings {
  readonly strategy: Strategy
  readonly ringSeconds: number
  readonly progressSeconds: number
  readonly wrapUpSeconds: number
  readonly escalateSeconds: number | null
  readonly missesBeforePause: number
  readonly maxQueueLength: number
  readonly maxWaitSeconds: number
  readonly comfortSeconds: number
  readonly announcePosition: boolean
  readonly announceWait: boolean
  readonly welcome: 'playFirst' | 'whileRinging'
  readonly whenClosed: Action
  readonly whenFull: Action
  readonly whenTimeout: Action
  readonly whenNoAgents: Action | { readonly do: 'queue' }
  readonly atClosing: 'serveQueue' | 'closeQueue'
  readonly priority: number
  readonly callers: readonly CallerRule[]
  readonly presentCaller: 'caller' | 'groupNumber'
  readonly acceptOnPhone: {
    readonly digit: string
    readonly seconds: number
    readonly text?: string
  }
  readonly callback: {
    readonly digit: string
    readonly afterSeconds: number
    readonly tries: number
    readonly untilHours: number
  } | null
  readonly voicemail: { readonly maxSeconds: number; readonly retentionDays: number }
  readonly serviceLevelSeconds: number
  readonly shortAbandonSeconds: number
  /** What an agent can say came of a call. */
  readonly outcomes: readonly Outcome[]
  /** An agent who ends the wrap-up by hand is asked for one first. */
  readonly outcomeRequired: boolean
  /** A page that the desk opens at a call. */
  readonly callPage: CallPage | null
}

export interface Outcome {
  readonly code: string
  readonly name: string
  /** An inactive one cannot be chosen any more. */
  readonly active: boolean
}

/** `url`: a template of `core/call-page`. */
export interface CallPage {
  readonly url: string
  readonly at: 'ringing' | 'answer'
}

/** Served first, or not at all; exactly one of `number` and `prefix`. */
export type CallerRule = ({ readonly number: E164 } | { readonly prefix: string }) &
  ({ readonly priority: number } | { readonly block: true })
