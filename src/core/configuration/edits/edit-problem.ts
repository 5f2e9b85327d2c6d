import type { FieldPath } from '../fields.ts'

/** Why an edit cannot be done. The console words it by `key`; `message` is for logs and the command line. */
export interface EditProblem {
  /** Which edit of the list, from 0; absent: the document that all of them would make. */
  readonly edit?: number
  /**
   * With `edit`: a place in the edit, such as `['schedule', 'week', 'mon', '0', 'to']`, or empty; without: in the document.
   */
  readonly path: FieldPath
  readonly key: EditProblemKey
  /** In English: what was expected. */
  readonly message: string
}

export type EditProblemKey =
  /** A value of a wrong kind or out of its range. */
  | 'shape'
  /** There is no such agreement, agent, group number, schedule, exception or message (any more). */
  | 'gone'
  /** Another agent has this phone. */
  | 'phoneTaken'
  /** Another group number has this number. */
  | 'numberTaken'
  /** An agreement below itself. */
  | 'agreementLoop'
  /** An agreement that others belong to is removed without saying where they go. */
  | 'agreementInUse'
  /** The active schedule is removed without saying which one is active then, or that none is. */
  | 'chooseActive'
  /** `to` not after `from`, or a yearly one longer than a year. */
  | 'exceptionEnd'
  /** One agent twice in a list of members. */
  | 'memberTwice'
  /** Anything else that makes the document invalid. */
  | 'invalid'
