import type { E164 } from '../configuration/types.ts'

/** A number as it is dialled in Sweden, in full: 070-123 45 67, or 0046 and on. Undefined: it is none. */
export function enteredNumber(digits: string): E164 | undefined {
  const number = digits.startsWith('00')
    ? `+${digits.slice(2)}`
    : digits.startsWith('0')
      ? `+46${digits.slice(1)}`
      : undefined
  return number !== undefined && /^\+[1-9]\d{6,14}$/.test(number) ? (number as E164) : undefined
}
