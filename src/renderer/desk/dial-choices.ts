import type { OfferPassed, PastCall } from '../../contract/console.ts'
import type { E164 } from '../../core/configuration/types.ts'
import type { Instant } from '../../core/time.ts'
import type { Shown } from '../shared/agent-state.ts'
import { formatPhoneNumber } from '../shared/phone-number.ts'
import type { ColleagueRow } from './colleague-rows.ts'
import { typedNumber } from './transfer-targets.ts'

/** Whom the agent may call. */
export interface DialChoice {
  /** A number in E.164 form, or a colleague's id. */
  readonly to: string
  readonly name: string
  /** Of a colleague. */
  readonly shown?: Shown
  /** Of a number the agent has spoken with. */
  readonly at?: Instant
}

const mostRecent = 8

/** Colleagues and numbers of late; with `typed`, those that have it in name or number. */
export function dialChoices(
  colleagues: readonly ColleagueRow[],
  past: readonly PastCall[],
  passed: readonly OfferPassed[],
  typed: string,
): readonly DialChoice[] {
  const wanted = typed.trim().toLowerCase()
  const digits = wanted.replace(/[^\d]/g, '')
  const isNumber = /^[\d\s+()./-]+$/.test(wanted)
  const fits = ({ name, to }: DialChoice) =>
    name.toLowerCase().includes(wanted) || (isNumber && digits !== '' && bare(to).includes(digits.replace(/^0+/, '')))
  const people = colleagues.map(({ agent, shown }): DialChoice => ({
    to: agent.agent,
    name: `${agent.firstName} ${agent.lastName}`.trim(),
    shown,
  }))
  const recent = recentNumbers(past, passed)
  if (wanted === '') return [...recent.slice(0, mostRecent), ...people]
  return [...people.filter(fits), ...recent.filter(fits).slice(0, mostRecent)]
}

const bare = (number: string) => number.replace(/\D/g, '')

/** Each once, the latest first. */
function recentNumbers(past: readonly PastCall[], passed: readonly OfferPassed[]): readonly DialChoice[] {
  const all = [
    ...past.flatMap(({ number, name, at }) => (number === undefined ? [] : [{ number, name, at }])),
    ...passed.flatMap(({ from, name, at }) => (from === undefined ? [] : [{ number: from, name, at }])),
  ].toSorted((one, other) => other.at - one.at)
  const seen = new Set<E164>()
  return all.flatMap(({ number, name, at }) => {
    if (seen.has(number)) return []
    seen.add(number)
    const words = name === undefined ? formatPhoneNumber(number) : `${name} ${formatPhoneNumber(number)}`
    return [{ to: number, name: words, at }]
  })
}

/** What the words in the field mean where nothing of the list is chosen. */
export function typedTarget(typed: string, choices: readonly DialChoice[]): string | undefined {
  return typedNumber(typed) ?? (choices.length === 1 && typed.trim() !== '' ? choices[0]?.to : undefined)
}

/** A `tel:` or `callto:` link (RFC 3966), or what is in one, as it is written in the field. */
export function numberOfLink(link: string): string {
  const plain = link.replace(/^(tel|callto|sip):/i, '').replace(/[;?].*$/s, '')
  try {
    return decodeURIComponent(plain).slice(0, 40)
  } catch {
    return plain.slice(0, 40)
  }
}
