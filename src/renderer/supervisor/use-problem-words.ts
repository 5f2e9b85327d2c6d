import { useI18n } from 'vue-i18n'
import type { EditProblem } from '../../core/configuration/edits/edit-problem.ts'
import type { Edit } from '../../core/configuration/edits/edit-schema.ts'
import type { NotSaved } from '../stores/draft-store.ts'

/** Why an edit could not be done, in words for the one who made it. */
export function useProblemWords() {
  const { t } = useI18n()

  /** `edits`: those that were asked for, so that the words can name what they are about. */
  function problem({ key, edit, message }: EditProblem, edits: readonly Edit[] = []): string {
    const words = t(`supervisor.problem.${key}`)
    const about = edit === undefined ? undefined : nameIn(edits[edit])
    const said = key === 'invalid' || key === 'shape' ? `${words} ${message}` : words
    return about === undefined ? said : `${about}: ${said}`
  }

  function notSaved(why: NotSaved, edits: readonly Edit[] = []): string {
    switch (why.kind) {
      case 'ask':
        return t(`desk.problem.${why.problem}`)
      case 'refused':
        return why.problems.map((each) => problem(each, edits)).join(' ')
      case 'conflict':
        return t('supervisor.conflict.title')
    }
  }

  return { problem, notSaved }
}

/** The name that the person gave what the edit is about. */
function nameIn(edit: Edit | undefined): string | undefined {
  switch (edit?.type) {
    case 'putAgreement':
      return edit.agreement.name
    case 'putAgent':
      return `${edit.agent.firstName} ${edit.agent.lastName}`.trim()
    case 'putGroupNumber':
      return edit.group.name
    case 'putSchedule':
      return edit.schedule.name
    case 'putException':
      return edit.exception.name
    case 'putMessage':
      return edit.message.name
    default:
      return undefined
  }
}
