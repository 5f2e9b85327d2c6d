import type { CallerRule } from '../../../core/configuration/types.ts'
import { readPhoneNumber } from '../../shared/phone-field.ts'
import { formatPhoneNumber } from '../../shared/phone-number.ts'
import { readNumber } from './read-number.ts'
import { ranges } from './settings-table.ts'

/** One rule as it is typed. */
export interface TypedCaller {
  readonly by: 'number' | 'prefix'
  readonly who: string
  readonly then: 'first' | 'block'
  readonly priority: string
}

export type CallerFault = 'number' | 'prefix' | 'twice' | 'priority'

export const emptyCaller: TypedCaller = { by: 'number', who: '', then: 'first', priority: '10' }

export const typedCaller = (rule: CallerRule): TypedCaller => ({
  ...('number' in rule ? { by: 'number', who: formatPhoneNumber(rule.number) } : { by: 'prefix', who: rule.prefix }),
  ...('block' in rule
    ? { then: 'block', priority: emptyCaller.priority }
    : { then: 'first', priority: String(rule.priority) }),
})

/** Reads the rules; each has its fault, or none. `rules` only where no rule has one. */
export function readCallers(typed: readonly TypedCaller[]): {
  readonly faults: readonly (CallerFault | undefined)[]
  readonly rules?: readonly CallerRule[]
} {
  const read = typed.map(readCaller)
  const seen = new Set<string>()
  const faults = read.map((rule) => {
    if (typeof rule === 'string') return rule
    const who = JSON.stringify('number' in rule ? { number: rule.number } : { prefix: rule.prefix })
    if (seen.has(who)) return 'twice'
    seen.add(who)
    return undefined
  })
  const rules = read.filter((rule) => typeof rule !== 'string')
  return faults.some((fault) => fault !== undefined) ? { faults } : { faults, rules }
}

function readCaller({ by, who, then, priority }: TypedCaller): CallerRule | CallerFault {
  const number = by === 'number' ? readPhoneNumber(who) : undefined
  const prefix = by === 'prefix' ? readPrefix(who) : undefined
  const level = readNumber(priority, ranges.callerPriority, 'count')
  if (then === 'first' && level === undefined) return 'priority'
  const what = then === 'block' ? ({ block: true } as const) : { priority: level ?? 0 }
  if (number !== undefined) return { number, ...what }
  if (prefix !== undefined) return { prefix, ...what }
  return by
}

/** The beginning of a number, written as numbers are: `070`, `+4670`, `0046 70`. A sole `+` is every number. */
function readPrefix(text: string): string | undefined {
  const plain = text.replace(/[\s\-–()./…]/g, '')
  const prefix = plain.startsWith('00') ? `+${plain.slice(2)}` : plain.startsWith('0') ? `+46${plain.slice(1)}` : plain
  return /^\+\d{0,14}$/.test(prefix) ? prefix : undefined
}
