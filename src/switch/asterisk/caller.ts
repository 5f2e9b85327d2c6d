import type { E164 } from '../../core/configuration/types.ts'
import type { Caller } from './call.ts'

const longestName = 64

/** The caller as the network says; `presentation` as of CALLERID(pres). */
export function callerOf({ number, name }: { number: string; name: string }, presentation: string): Caller {
  if (presentation.startsWith('prohib') || presentation === 'unavailable') return {}
  if (/^anonymous$/i.test(number)) return {}
  const shown = toE164(number)
  const clean = cleanName(name)
  return { ...(shown && { number: shown }), ...(clean !== undefined && clean !== number && { name: clean }) }
}

/** Of our numbers the one that is called. A switch between may have left out the plus sign. */
export function calledNumber(called: string, ours: readonly string[]): E164 | undefined {
  if (ours.includes(called)) return called as E164
  const bare = /^\d+$/.test(called) ? toE164(`+${called}`) : undefined
  return [toE164(called), bare].find((number) => number !== undefined && ours.includes(number))
}

/** What an agent asks to be shown as: the value of P-Preferred-Identity (RFC 3325 section 9.2). */
export function preferredNumber(value: string): E164 | undefined {
  if (value.length > 512) return undefined
  return toE164(/^\s*(?:"[^"]*"\s*)?<?(?:sips?|tel):([^@>;]+)/i.exec(value)?.[1] ?? '')
}

/** Of `+46…`, `0046…` and, in Sweden, `0…`; separators are passed over (RFC 3966 section 5.1). */
function toE164(user: string): E164 | undefined {
  const digits = user.replace(/;.*$/s, '').replace(/[\s().-]/g, '')
  const international = digits.replace(/^00/, '+').replace(/^0/, '+46')
  return /^\+[1-9]\d{6,14}$/.test(international) ? (international as E164) : undefined
}

/** Without control characters, marks that turn the direction of text, and quotes; at most 64 characters. */
function cleanName(name: string): string | undefined {
  const clean = name
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}"\\<>]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  // By code points: half a pair would be no text.
  const short = Array.from(clean).slice(0, longestName).join('').trim()
  return short === '' ? undefined : short
}
