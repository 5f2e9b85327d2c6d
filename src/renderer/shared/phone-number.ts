/**
 * A number as people write it: Swedish ones nationally (`070-123 45 67`), others with their country code and in groups
 * (`+47 22 33 44 55`). What is no E.164 number is given back as it is.
 */
export function formatPhoneNumber(number: string): string {
  if (!/^\+[1-9]\d{6,14}$/.test(number)) return number
  return number.startsWith('+46') ? swedish(number) : international(number)
}

/** Area codes with one or two digits after the zero (Swedish numbering plan, PTS); all others have three. */
const shortAreas = new Set(
  '8 10 11 13 16 18 19 20 21 23 26 31 33 35 36 40 42 44 46 54 60 63 70 72 73 76 79 90'.split(' '),
)

/** Of paid services; 090 alone is a town. */
const services = new Set(['900', '939', '944'])

function swedish(number: string): string {
  const national = number.slice(3)
  const area = services.has(national.slice(0, 3))
    ? undefined
    : [1, 2].map((length) => national.slice(0, length)).find((start) => shortAreas.has(start))
  const code = area ?? national.slice(0, 3)
  const rest = national.slice(code.length)
  if (rest.length < 4 || rest.length > 8) return number
  return `0${code}-${inGroups(rest, subscriberGroups[rest.length] ?? [])}`
}

const subscriberGroups: Readonly<Record<number, readonly number[]>> = {
  4: [2, 2],
  5: [3, 2],
  6: [2, 2, 2],
  7: [3, 2, 2],
  8: [3, 3, 2],
}

/** Two-digit country codes (ITU-T E.164 Annex); 1 and 7 have one digit, all others three. */
const twoDigitCountries = new Set(
  (
    '20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 ' +
    '60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98'
  ).split(' '),
)
const inPairs = new Set(['33', '45', '47'])

function international(number: string): string {
  const digits = number.slice(1)
  const country = countryOf(digits)
  const rest = digits.slice(country.length)
  if (country === '1' && rest.length === 10) return `+1 ${inGroups(rest, [3, 3, 4])}`
  if (inPairs.has(country) && rest.length % 2 === 0) return `+${country} ${inGroups(rest, pairs(rest.length))}`
  return `+${country} ${inGroups(rest, threes(rest.length))}`
}

function countryOf(digits: string): string {
  if (/^[17]/.test(digits)) return digits.slice(0, 1)
  return twoDigitCountries.has(digits.slice(0, 2)) ? digits.slice(0, 2) : digits.slice(0, 3)
}

const pairs = (length: number) => Array.from({ length: length / 2 }, () => 2)

/** Threes, and pairs at the end for what is left: no digit stands alone. */
function threes(length: number): readonly number[] {
  const tail = { 0: [], 1: [2, 2], 2: [2] }[length % 3] ?? []
  const taken = tail.reduce((sum, size) => sum + size, 0)
  return [...Array.from({ length: Math.max(0, (length - taken) / 3) }, () => 3), ...tail]
}

function inGroups(digits: string, sizes: readonly number[]): string {
  let at = 0
  return sizes.map((size) => digits.slice(at, (at += size))).join(' ')
}
