/** Sound as numbers: one channel, from -1 to 1. */
export interface Sound {
  /** Samples a second. */
  readonly rate: number
  readonly samples: Float32Array
}

/** Why an upload cannot be taken, in one sentence of English. */
export interface AudioFault {
  readonly kind: 'unsupported' | 'damaged' | 'tooLong' | 'empty'
  readonly message: string
}

/** Of an upload. */
export const longestSeconds = 20 * 60
/** What a telephone hears. */
export const telephoneRate = 8000

export const tooLong: AudioFault = {
  kind: 'tooLong',
  message: `it is longer than ${String(longestSeconds / 60)} minutes`,
}
