import type { Language } from '../configuration/types.ts'
import type { SpokenPart } from './messages.ts'

export interface OfferedByPhone {
  /** The group number's name. */
  readonly group: string
  readonly waitedSeconds: number
  /** That accepts the call. */
  readonly digit: string
  /** The setting; may contain `{group}`, `{wait}` and `{digit}`. */
  readonly text?: string
}

/** The fixed texts: few, so that each can be recorded where no speech can be made. */
interface Words {
  readonly waited: string
  readonly press: string
  readonly position: readonly [before: string, after: string]
  readonly wait: string
  readonly underAMinute: string
  readonly second: readonly [one: string, more: string]
  readonly minute: readonly [one: string, more: string]
}

const words: Readonly<Record<Language, Words>> = {
  sv: {
    waited: 'väntat',
    press: 'tryck',
    position: ['Du har plats nummer', 'i kön.'],
    wait: 'Beräknad väntetid är',
    underAMinute: 'mindre än en minut.',
    second: ['sekund', 'sekunder'],
    minute: ['minut', 'minuter'],
  },
  en: {
    waited: 'waited',
    press: 'press',
    position: ['You are number', 'in the queue.'],
    wait: 'The expected wait is',
    underAMinute: 'less than a minute.',
    second: ['second', 'seconds'],
    minute: ['minute', 'minutes'],
  },
}

/**
 * What an agent hears who answers an ordinary phone, such as "Kundtjänst, väntat två minuter, tryck 1".
 * A text with placeholders is all that is said; one without takes the place of "press 1".
 */
export function announceToAgent(
  language: Language,
  { group, waitedSeconds, digit, text: setting }: OfferedByPhone,
): readonly SpokenPart[] {
  const { waited, press } = words[language]
  const values: Readonly<Record<string, readonly SpokenPart[]>> = {
    '{group}': [text(group)],
    '{wait}': duration(language, waitedSeconds),
    '{digit}': [text(digit)],
  }
  const template =
    setting !== undefined && /\{(group|wait|digit)\}/.test(setting)
      ? setting
      : `{group} ${waited} {wait} ${setting ?? `${press} {digit}`}`
  return template
    .split(/(\{(?:group|wait|digit)\})/)
    .flatMap((piece) => values[piece] ?? (/\p{L}|\p{N}/u.test(piece) ? [text(piece.trim())] : []))
}

/** What a waiting caller hears of the queue, such as "Du har plats nummer tre i kön. Beräknad väntetid är fyra minuter". */
export function announceToCaller(
  language: Language,
  { position, waitSeconds }: { readonly position?: number; readonly waitSeconds?: number },
): readonly SpokenPart[] {
  const { position: around, wait, underAMinute, minute } = words[language]
  return [
    ...(position === undefined ? [] : [text(around[0]), { say: 'number', number: position } as const, text(around[1])]),
    ...(waitSeconds === undefined ? [] : [text(wait)]),
    ...(waitSeconds === undefined || waitSeconds >= 60 ? [] : [text(underAMinute)]),
    ...(waitSeconds === undefined || waitSeconds < 60 ? [] : counted(Math.round(waitSeconds / 60), minute)),
  ]
}

/** Below a minute in seconds, else in whole minutes. */
function duration(language: Language, length: number): readonly SpokenPart[] {
  const { second, minute } = words[language]
  return length < 60 ? counted(length, second) : counted(Math.floor(length / 60), minute)
}

function counted(count: number, [one, more]: readonly [string, string]): readonly SpokenPart[] {
  return [{ say: 'number', number: count, gender: 'common' }, text(count === 1 ? one : more)]
}

const text = (said: string): SpokenPart => ({ say: 'text', text: said })
