import type { StoredAudio } from '../../../contract/administration.ts'
import type { Message } from '../../../core/configuration/types.ts'

/** A sound that the service has, and that no message names yet. */
export interface MadeSound {
  readonly stored: StoredAudio
  readonly origin: Exclude<Message['origin'], 'prerecorded'>
  /** Of the file it came from. */
  readonly name?: string
  /** What was spoken. */
  readonly transcript?: string
}
