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
  readonly callback: string
  readonly thisNumber: readonly [before: string, after: string]
  readonly yourNumber: string
  readonly noNumber: string
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
    callback: 'Vi ringer upp dig när det är din tur.',
    thisNumber: ['Tryck', 'för det nummer du ringer från, eller slå ett annat nummer och avsluta med fyrkant.'],
    yourNumber: 'Slå ditt telefonnummer och avsluta med fyrkant.',
    noNumber: 'Det numret går inte att ringa.',
    second: ['sekund', 'sekunder'],
    minute: ['minut', 'minuter'],
  },
  en: {
    waited: 'waited',
    press: 'press',
    position: ['You are number', 'in the queue.'],
    wait: 'The expected wait is',
    underAMinute: 'less than a minute.',
    callback: 'We will call you back when it is your turn.',
    thisNumber: ['Press', 'for the number you are calling from, or enter another number and end with hash.'],
    yourNumber: 'Enter your phone number and end with hash.',
    noNumber: 'That number cannot be called.',
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

/** `digit` takes the number called from; absent: it is hidden. */
export function askForNumber(language: Language, digit?: string): readonly SpokenPart[] {
  const { callback, thisNumber, yourNumber } = words[language]
  if (digit === undefined) return [text(callback), text(yourNumber)]
  return [text(callback), text(thisNumber[0]), text(digit), text(thisNumber[1])]
}

export function refuseNumber(language: Language): readonly SpokenPart[] {
  return [text(words[language].noNumber), text(words[language].yourNumber)]
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
