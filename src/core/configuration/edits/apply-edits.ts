import { failed, ok, type Result } from '../../result.ts'
import { fieldPathOf } from '../field-path-of.ts'
import { parseConfiguration } from '../parse.ts'
import type { Configuration } from '../types.ts'
import { editSchema, type Edit } from './edit-schema.ts'
import type { EditProblem } from './edit-problem.ts'
import { findEditFaults } from './find-edit-faults.ts'
import { performEdit } from './perform-edit.ts'

/**
 * The document that the edits make, one after the other, in canonical key order: all of them, or none.
 *
 * The problems are all of one step: the edits that cannot be done as they are written, else what they say that does not
 * fit, else what is wrong with the whole.
 */
export function applyEdits(
  configuration: Configuration,
  edits: readonly Edit[],
): Result<Configuration, readonly EditProblem[]> {
  let made = configuration
  const problems: EditProblem[] = []
  for (const [edit, each] of edits.entries()) {
    const performed = performEdit(made, each)
    if (performed.ok) made = performed.value
    else problems.push({ edit, ...performed.problem })
  }
  if (problems.length > 0) return failed(problems)

  const faultsOf = findEditFaults(made)
  const faults = edits.flatMap((each, edit) => faultsOf(each).map((fault) => ({ edit, ...fault })))
  return faults.length > 0 ? failed(faults) : validated(made)
}

/** A document put together from parts that are each good, or why it is none. */
export function validated(document: unknown): Result<Configuration, readonly EditProblem[]> {
  const parsed = parseConfiguration(document)
  if (parsed.ok) return parsed
  return failed(
    parsed.problem.map(({ path, message }) => ({ path: fieldPathOf(path, document), key: 'invalid', message })),
  )
}

/** Reads edits that came from outside. */
export function parseEdits(given: readonly unknown[]): Result<readonly Edit[], readonly EditProblem[]> {
  const edits: Edit[] = []
  const problems: EditProblem[] = []
  for (const [edit, each] of given.entries()) {
    const parsed = editSchema.safeParse(each)
    if (parsed.success) edits.push(parsed.data)
    else
      for (const { path, message } of parsed.error.issues.slice(0, 20))
        problems.push({ edit, path: path.map(String), key: 'shape', message })
  }
  return problems.length > 0 ? failed(problems.slice(0, 200)) : ok(edits)
}
