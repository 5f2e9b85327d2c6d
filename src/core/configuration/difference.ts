import type { FieldPath } from './fields.ts'

/** One difference of two documents. */
export interface Change {
  readonly path: FieldPath
  readonly kind: 'added' | 'removed' | 'changed' | 'reordered'
  /** Whose field it is, from the outside in: a group number, then its schedule. Empty: the company's. */
  readonly subjects: readonly Subject[]
  /** Absent where the field was absent, or the item added. */
  readonly before?: unknown
  readonly after?: unknown
  /** Of the ids in `before` and `after`. */
  readonly names: Readonly<Record<string, string>>
}

export interface Subject {
  readonly kind: 'agreement' | 'agent' | 'groupNumber' | 'member' | 'schedule' | 'exception' | 'message'
  readonly id: string
  readonly name: string
}
