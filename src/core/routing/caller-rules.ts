import type { CallerRule, E164 } from '../configuration/types.ts'
import { isEmergency } from './emergency-number.ts'

export type CallerTreatment = { readonly block: true } | { readonly block: false; readonly priority: number }

export type CallerRules = (from: E164 | undefined) => CallerTreatment

const ordinary: CallerTreatment = { block: false, priority: 0 }
/** Above all that can be set. */
const first: CallerTreatment = { block: false, priority: 1001 }

/** An exact number wins over a prefix, a longer prefix over a shorter, and of equals the first in the list. */
export function compileCallerRules(rules: readonly CallerRule[]): CallerRules {
  const byNumber = new Map<string, CallerTreatment>()
  const byPrefix = new Map<string, CallerTreatment>()
  for (const rule of rules) {
    const [where, key] = 'number' in rule ? [byNumber, rule.number] : [byPrefix, rule.prefix]
    if (!where.has(key)) where.set(key, treatment(rule))
  }
  const prefixes = [...byPrefix].toSorted(([one], [other]) => other.length - one.length)
  return (from) => {
    if (from === undefined) return ordinary
    if (isEmergency(from)) return first
    return byNumber.get(from) ?? prefixes.find(([prefix]) => from.startsWith(prefix))?.[1] ?? ordinary
  }
}

function treatment(rule: CallerRule): CallerTreatment {
  return 'block' in rule ? { block: true } : { block: false, priority: rule.priority }
}
