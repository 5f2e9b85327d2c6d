import { compileHours, type HoursStatus } from '../../../src/core/hours/compile-hours.ts'
import type {
  Configuration,
  Exception,
  GroupNumber,
  Interval,
  Message,
  Override,
  Schedule,
} from '../../../src/core/configuration/types.ts'
import { instant } from '../../../src/core/time.ts'

type Plain<T> = T extends string
  ? string
  : T extends readonly (infer Item)[]
    ? Plain<Item>[]
    : T extends object
      ? { [Key in keyof T]: Plain<T[Key]> }
      : T

/** Hours as a test writes them: `'08:00-12:00 13:00-16:00'` for a weekday, ids as plain text. */
export interface Scene {
  readonly timeZone?: string
  readonly week?: Partial<Record<keyof Schedule['week'], string>>
  readonly exceptions?: readonly (Omit<Partial<Plain<Exception>>, 'effect' | 'from' | 'to' | 'yearly'> &
    Pick<Exception, 'effect'> & { from: string; to: string; yearly?: true })[]
  readonly override?: Omit<Plain<Override>, 'effect'> & Pick<Override, 'effect'>
  readonly group?: Record<string, unknown>
  readonly messages?: readonly Partial<Plain<Message>>[]
}

export function groupOf({ week, exceptions = [], override, group = {} }: Scene): GroupNumber {
  return {
    id: 'support',
    number: '+46122260980',
    name: 'Support',
    agreement: 'main',
    members: [],
    schedules: week ? [{ id: 'ordinary', name: 'Ordinarie schema', week: weekOf(week) }] : [],
    ...(week && { activeSchedule: 'ordinary' }),
    exceptions: exceptions.map((exception, index) => ({ id: `x${index}`, name: `Avvikelse ${index}`, ...exception })),
    ...(override && { override }),
    messages: { music: [] },
    settings: {},
    ...group,
  } as unknown as GroupNumber
}

function weekOf(week: NonNullable<Scene['week']>): Schedule['week'] {
  const day = (text = '') =>
    text
      .split(' ')
      .filter(Boolean)
      .map((interval) => {
        const [from, to] = interval.split('-')
        return { from, to } as unknown as Interval
      })
  return {
    mon: day(week.mon),
    tue: day(week.tue),
    wed: day(week.wed),
    thu: day(week.thu),
    fri: day(week.fri),
    sat: day(week.sat),
    sun: day(week.sun),
  }
}

export function configurationOf({ timeZone = 'Europe/Stockholm', messages = [] }: Scene): Configuration {
  return {
    schemaVersion: 1,
    company: { name: 'Exempel AB', timeZone, language: 'sv', country: 'SE' },
    agreements: [],
    agents: [],
    groupNumbers: [],
    messages: messages as unknown as Message[],
  }
}

/** The status at a written-out moment such as `2026-11-23T09:00:00+01:00`. */
export function statusOf(scene: Scene, at: string): HoursStatus {
  return compileHours(configurationOf(scene), groupOf(scene)).statusAt(instant(Date.parse(at)))
}

/** `open until 2026-11-23T15:00Z`, in UTC to the minute; `for ever` where it never flips. */
export function said({ open, next }: HoursStatus): string {
  const until = next === null ? 'for ever' : `until ${new Date(next.at).toISOString().replace(/:00\.000Z$/, 'Z')}`
  return `${open ? 'open' : 'closed'} ${until}`
}
