import type { EditProblem } from '../../../core/configuration/edits/edit-problem.ts'
import type { Edit } from '../../../core/configuration/edits/edit-schema.ts'
import type { GroupNumberId } from '../../../core/configuration/types.ts'

export interface ProblemHere {
  /** Of the schedule or exception. */
  readonly id: string
  /** Within it: `welcome`, `action`; absent: the whole of it. */
  readonly field: string | undefined
  readonly key: EditProblem['key']
}

/**
 * What the draft's problems say of this group number's schedules and exceptions. A problem names a place in an edit or in
 * the document (`EditProblem.path`); both come to the same item and field.
 */
export function problemsHere(
  problems: readonly EditProblem[],
  edits: readonly Edit[],
  group: GroupNumberId,
): readonly ProblemHere[] {
  return problems.flatMap(({ edit, path, key }) => {
    if (edit === undefined) {
      const [list, of, items, id, field] = path
      const isHere = list === 'groupNumbers' && of === group && (items === 'schedules' || items === 'exceptions')
      return isHere && id !== undefined ? [{ id, field, key }] : []
    }
    const about = edits[edit]
    const [, field] = path
    if (about?.type === 'putSchedule' && about.group === group) return [{ id: about.schedule.id, field, key }]
    if (about?.type === 'putException' && about.group === group) return [{ id: about.exception.id, field, key }]
    return []
  })
}
