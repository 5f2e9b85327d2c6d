import { applyEdits } from '../../core/configuration/edits/apply-edits.ts'
import type { Edit } from '../../core/configuration/edits/edit-schema.ts'
import type { EditProblem } from '../../core/configuration/edits/edit-problem.ts'
import { performEdit } from '../../core/configuration/edits/perform-edit.ts'
import type { Configuration } from '../../core/configuration/types.ts'

export interface Drafted {
  readonly configuration: Configuration
  /** Why it cannot be saved as it is; empty: it can. */
  readonly problems: readonly EditProblem[]
}

/**
 * The configuration that the edits make. What cannot be done is left out or stands as it was typed, and is said.
 *
 * A supervisor reads a part of the document, which may name what is not in it: what is wrong with the base itself is
 * no problem of the edits.
 */
export function draftOf(base: Configuration, edits: readonly Edit[]): Drafted {
  if (edits.length === 0) return { configuration: base, problems: [] }
  const applied = applyEdits(base, edits)
  if (applied.ok) return { configuration: applied.value, problems: [] }

  let configuration = base
  for (const edit of edits) {
    const performed = performEdit(configuration, edit)
    if (performed.ok) configuration = performed.value
  }
  const ofItself = applyEdits(base, [])
  const known = new Set(ofItself.ok ? [] : ofItself.problem.map(placeOf))
  return { configuration, problems: applied.problem.filter((problem) => !known.has(placeOf(problem))) }
}

const placeOf = ({ edit, path, message }: EditProblem) => JSON.stringify([edit, path, message])
