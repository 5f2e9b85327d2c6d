import type { Result } from '../../core/result.ts'
import type { EntryRange, JournalFileOptions, JournalRow, NumberedRow, SnapshotRow } from './journal-file.ts'

/** What the journal asks of its worker, and what each is answered. */
export interface WorkerAnswers {
  /** The number of the newest entry. */
  readonly open: number
  readonly write: undefined
  readonly snapshot: SnapshotRow | undefined
  readonly entries: readonly NumberedRow[]
  readonly prune: number
  readonly close: undefined
}

export type WorkerQuestion =
  | { readonly type: 'open' }
  | { readonly type: 'write'; readonly rows: readonly JournalRow[] }
  | { readonly type: 'snapshot'; readonly before: number }
  | { readonly type: 'entries'; readonly range: EntryRange }
  | { readonly type: 'prune'; readonly before: number; readonly limit: number }
  | { readonly type: 'close' }

/** `at` names a damaged file that must be set aside. */
export type ToWorker = WorkerQuestion & { readonly id: number; readonly at: number }

export interface WorkerProblem {
  /** `foreign`: the file is not ours to write in; `damaged`: set aside while reading; `disk`: anything else. */
  readonly kind: 'foreign' | 'damaged' | 'disk'
  readonly message: string
}

/** `trouble`: a damaged file was set aside on the way, in words. */
export interface FromWorker {
  readonly id: number
  readonly answer: Result<WorkerAnswers[keyof WorkerAnswers], WorkerProblem>
  readonly trouble?: string
}

export type WorkerStart = JournalFileOptions
