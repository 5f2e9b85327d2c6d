import type { E164 } from '../configuration/types.ts'

const numbers: readonly string[] = ['112', '+46112']

/** 112 is never queued, refused or blocked, whichever way the call goes. */
export const isEmergency = (number: E164 | undefined) => number !== undefined && numbers.includes(number)
