/** What a PIN for the service numbers must be, where a text is none; undefined: it may be one. */
export type PinFault = 'expected 4 to 12 digits' | 'expected digits that are harder to guess'

/** Up and down, past 9 and 0. */
const runs = ['0123456789012345678901', '1098765432109876543210']

export function pinFault(pin: string): PinFault | undefined {
  if (!/^\d{4,12}$/.test(pin)) return 'expected 4 to 12 digits'
  // Five tries are enough for 0000 and 1234.
  const isEasy = new Set(pin).size === 1 || runs.some((run) => run.includes(pin))
  return isEasy ? 'expected digits that are harder to guess' : undefined
}
