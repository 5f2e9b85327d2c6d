import type { z } from 'zod'
import { configurationSchema } from '../../../core/configuration/schema.ts'
import type { Settings } from '../../../core/configuration/types.ts'

export type SettingKey = keyof Settings

export type SettingGroup =
  | 'ringing'
  | 'queue'
  | 'overflow'
  | 'closed'
  | 'wrapUp'
  | 'aroundCall'
  | 'phones'
  | 'callback'
  | 'voicemail'
  | 'reports'
  | 'callers'

/** Every setting, where an administrator looks for it. */
export const settingGroups: Readonly<Record<SettingGroup, readonly SettingKey[]>> = {
  ringing: ['strategy', 'ringSeconds', 'progressSeconds', 'escalateSeconds', 'missesBeforePause', 'presentCaller'],
  queue: ['maxQueueLength', 'welcome', 'comfortSeconds', 'announcePosition', 'announceWait', 'priority'],
  overflow: ['whenFull', 'maxWaitSeconds', 'whenTimeout', 'whenNoAgents'],
  closed: ['whenClosed', 'atClosing'],
  wrapUp: ['wrapUpSeconds'],
  aroundCall: ['outcomes', 'outcomeRequired', 'callPage'],
  phones: ['acceptOnPhone'],
  callback: ['callback'],
  voicemail: ['voicemail'],
  reports: ['serviceLevelSeconds', 'shortAbandonSeconds'],
  callers: ['callers'],
}

type KeyOf<Value> = { [Key in SettingKey]: Settings[Key] extends Value ? Key : never }[SettingKey]
export type NumberKey = KeyOf<number>
export type YesNoKey = KeyOf<boolean>
export type ChoiceKey = 'welcome' | 'atClosing' | 'presentCaller'
export type ActionKey = 'whenClosed' | 'whenFull' | 'whenTimeout' | 'whenNoAgents'

/** How a number is written. `seconds`: also as `1:30`. */
export type NumberKind = 'seconds' | 'count'

export const numberKinds: Readonly<Record<NumberKey, NumberKind>> = {
  ringSeconds: 'seconds',
  progressSeconds: 'seconds',
  wrapUpSeconds: 'seconds',
  missesBeforePause: 'count',
  maxQueueLength: 'count',
  maxWaitSeconds: 'seconds',
  comfortSeconds: 'seconds',
  priority: 'count',
  serviceLevelSeconds: 'seconds',
  shortAbandonSeconds: 'seconds',
}

/** Numbers whose zero means something of its own. */
export const zeroMeans: ReadonlySet<NumberKey> = new Set<NumberKey>([
  'wrapUpSeconds',
  'missesBeforePause',
  'maxQueueLength',
  'maxWaitSeconds',
  'comfortSeconds',
])

const shape = configurationSchema.shape.groupNumbers.element.shape.settings.shape

export const strategies = shape.strategy.unwrap().options
export const choices: { readonly [Key in ChoiceKey]: readonly Settings[Key][] } = {
  welcome: shape.welcome.unwrap().options,
  atClosing: shape.atClosing.unwrap().options,
  presentCaller: shape.presentCaller.unwrap().options,
}

/** Both ends are inside; `above` is not. */
export interface Range {
  readonly from: number
  readonly to: number
  readonly whole: boolean
  /** The value must be more than `from`. */
  readonly above?: true
}

const rangeOf = ({ minValue, maxValue }: z.ZodNumber): Range => ({
  from: minValue ?? -Infinity,
  to: maxValue ?? Infinity,
  whole: true,
})

const accept = shape.acceptOnPhone.unwrap().shape
const callback = shape.callback.unwrap().unwrap().shape
const voicemail = shape.voicemail.unwrap().shape

/** What the document's schema allows. */
export const ranges = {
  ringSeconds: rangeOf(shape.ringSeconds.unwrap()),
  progressSeconds: rangeOf(shape.progressSeconds.unwrap()),
  wrapUpSeconds: rangeOf(shape.wrapUpSeconds.unwrap()),
  escalateSeconds: rangeOf(shape.escalateSeconds.unwrap().unwrap()),
  missesBeforePause: rangeOf(shape.missesBeforePause.unwrap()),
  maxQueueLength: rangeOf(shape.maxQueueLength.unwrap()),
  maxWaitSeconds: rangeOf(shape.maxWaitSeconds.unwrap()),
  comfortSeconds: rangeOf(shape.comfortSeconds.unwrap()),
  priority: rangeOf(shape.priority.unwrap()),
  serviceLevelSeconds: rangeOf(shape.serviceLevelSeconds.unwrap()),
  shortAbandonSeconds: rangeOf(shape.shortAbandonSeconds.unwrap()),
  acceptSeconds: rangeOf(accept.seconds),
  callbackAfter: rangeOf(callback.afterSeconds),
  callbackTries: rangeOf(callback.tries),
  callbackHours: { ...rangeOf(callback.untilHours), whole: false, above: true },
  voicemailSeconds: rangeOf(voicemail.maxSeconds),
  voicemailDays: rangeOf(voicemail.retentionDays),
  /** Of a caller: as between group numbers. */
  callerPriority: rangeOf(shape.priority.unwrap()),
} satisfies Readonly<Record<NumberKey, Range>> & Readonly<Record<string, Range>>

export const digits: readonly string[] = '1 2 3 4 5 6 7 8 9 0 * #'.split(' ')
