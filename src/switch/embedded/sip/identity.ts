import { Grammar, URI, type Core } from 'sip.js'
import { sipDomain } from '../../../contract/softphone.ts'
import type { E164 } from '../../../core/configuration/types.ts'

export interface CallerIdentity {
  /** Absent: hidden, or no number. */
  readonly number?: E164
  readonly name?: string
}

const longestName = 64

/** The caller as the network or the phone says; `trusted` for a trunk, whose P-Asserted-Identity counts (RFC 3325). */
export function callerOf(request: Core.IncomingRequestMessage, trusted: boolean): CallerIdentity {
  const privacy = request.getHeaders('privacy').join(';')
  if (/\b(id|user|header)\b/i.test(privacy)) return {}
  const { from } = request
  if (/^anonymous$/i.test(from.uri.user ?? '') || /^anonymous\.invalid$/i.test(from.uri.host)) return {}
  const asserted = trusted ? assertedOf(request) : undefined
  const number = toE164(asserted?.user ?? '') ?? toE164(from.uri.user ?? '')
  // The parser has no display name where the header has none, whatever its type says.
  const name = [asserted?.name, from.displayName as string | undefined]
    .map(cleanName)
    .find((each) => each !== undefined)
  return { ...(number && { number }), ...(name && { name }) }
}

/** What an agent asks to be shown as (RFC 3325 section 9.2). */
export function preferredNumber(request: Core.IncomingRequestMessage): E164 | undefined {
  const value = request.getHeader('p-preferred-identity')
  if (value === undefined || value.length > 512) return undefined
  return toE164(/^\s*(?:"[^"]*"\s*)?<?(?:sips?|tel):([^@>;]+)/i.exec(value)?.[1] ?? '')
}

/** As From says it; RFC 3323 section 4.1.1.3 where there is no number to show. */
export function shown(number: E164 | undefined, name: string | undefined) {
  const clean = name === undefined ? undefined : cleanName(name)
  if (number) return { uri: new URI('sip', number, sipDomain), name: clean }
  return { uri: new URI('sip', 'anonymous', 'anonymous.invalid'), name: clean ?? 'Anonymous' }
}

/** The number that is called. A switch between may have left out the plus sign. */
export function calledNumbers(user: string): readonly E164[] {
  const number = toE164(user)
  const bare = /^\d+$/.test(user) ? toE164(`+${user}`) : undefined
  return [number, bare].filter((each) => each !== undefined)
}

/** Of `+46…`, `0046…` and, in Sweden, `0…`; parameters and separators are passed over (RFC 3966 section 5.1). */
function toE164(user: string): E164 | undefined {
  const digits = user.replace(/;.*$/s, '').replace(/[\s().-]/g, '')
  const international = digits.replace(/^00/, '+').replace(/^0/, '+46')
  return /^\+[1-9]\d{6,14}$/.test(international) ? (international as E164) : undefined
}

/** Without control characters, marks that turn the direction of text, and quotes; at most 64 characters. */
function cleanName(name = ''): string | undefined {
  const clean = name
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}"\\<>]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  // By code points: half a pair would be no text.
  const short = Array.from(clean).slice(0, longestName).join('').trim()
  return short === '' ? undefined : short
}

function assertedOf(request: Core.IncomingRequestMessage): { user: string; name: string | undefined } | undefined {
  const value = request.getHeader('p-asserted-identity')
  if (value === undefined || value.length > 512) return undefined
  const tel = /<tel:([^>;]+)/i.exec(value)?.[1]
  if (tel !== undefined) return { user: tel, name: /^\s*"([^"]*)"/.exec(value)?.[1] }
  try {
    const parsed = Grammar.nameAddrHeaderParse(value.replace(/,.*$/s, ''))
    return parsed && { user: parsed.uri.user ?? '', name: parsed.displayName }
  } catch {
    return undefined
  }
}
