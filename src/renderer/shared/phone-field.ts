import type { E164 } from '../../core/configuration/types.ts'

/**
 * Reads a phone number as people write it: `070-123 45 67`, `0046 70 …`, `+46 (0)70 …`. A number without a country code
 * is Swedish.
 *
 * @returns undefined for what is no number.
 */
export function readPhoneNumber(text: string): E164 | undefined {
  const plain = text.replace('(0)', '').replace(/[\s\-–()./]/g, '')
  const number = plain.startsWith('00') ? `+${plain.slice(2)}` : plain.startsWith('0') ? `+46${plain.slice(1)}` : plain
  return /^\+[1-9]\d{6,14}$/.test(number) ? (number as E164) : undefined
}
