import type { Edit } from '../../../core/configuration/edits/edit-schema.ts'
import type { Agent, AgreementId, Configuration, GroupNumberId } from '../../../core/configuration/types.ts'
import { readPhoneNumber } from '../../shared/phone-field.ts'
import { formatPhoneNumber } from '../../shared/phone-number.ts'

/** An agent as it is typed. */
export interface AgentForm {
  firstName: string
  lastName: string
  phone: string
  agreement: AgreementId
  answersAt: Agent['answersAt']
  /** Seconds; empty: the group number's. */
  wrapUp: string
  autoAnswer: boolean
  groups: GroupNumberId[]
}

export type AgentField = Exclude<keyof Agent, 'id'>

/** All that can be typed. */
export const agentFields: readonly AgentField[] = [
  'firstName',
  'lastName',
  'phone',
  'agreement',
  'answersAt',
  'wrapUpSeconds',
  'autoAnswer',
]

/** What keeps it from being saved, by field. */
export function formFaults(form: AgentForm): Partial<Record<keyof AgentForm, 'empty' | 'phone' | 'seconds'>> {
  const seconds = Number(form.wrapUp)
  return {
    ...(form.firstName.trim() === '' && form.lastName.trim() === '' ? { firstName: 'empty' as const } : {}),
    ...(readPhoneNumber(form.phone) === undefined ? { phone: 'phone' as const } : {}),
    ...(form.wrapUp.trim() !== '' && (!Number.isInteger(seconds) || seconds < 0 || seconds > 600)
      ? { wrapUp: 'seconds' as const }
      : {}),
  }
}

/**
 * The edits that make the agent as typed: itself where it is new or different, and its comings and goings in the group
 * numbers. `before`: as it was; `known`: the group numbers that this person may put it into.
 */
export function editsOf(
  form: AgentForm,
  { id, before, memberOf }: { id: Agent['id']; before?: Agent | undefined; memberOf: readonly GroupNumberId[] },
): readonly Edit[] {
  const phone = readPhoneNumber(form.phone)
  if (phone === undefined) return []
  const agent: Agent = {
    id,
    firstName: form.firstName.trim(),
    lastName: form.lastName.trim(),
    phone,
    agreement: form.agreement,
    answersAt: form.answersAt,
    ...(form.wrapUp.trim() === '' ? {} : { wrapUpSeconds: Number(form.wrapUp) }),
    ...(form.autoAnswer ? { autoAnswer: true as const } : {}),
  }
  const isSame = before !== undefined && agentFields.every((field) => before[field] === agent[field])
  return [
    ...(isSame ? [] : [{ type: 'putAgent' as const, agent }]),
    ...form.groups
      .filter((group) => !memberOf.includes(group))
      .map((group) => ({ type: 'addMembers' as const, group, members: [{ agent: id }] })),
    ...memberOf
      .filter((group) => !form.groups.includes(group))
      .map((group) => ({ type: 'removeMembers' as const, group, agents: [id] })),
  ]
}

export const membershipsOf = (agent: Agent['id'], { groupNumbers }: Pick<Configuration, 'groupNumbers'>) =>
  groupNumbers.filter(({ members }) => members.some((member) => member.agent === agent)).map(({ id }) => id)

export const formOf = (agent: Agent, groups: readonly GroupNumberId[]): AgentForm => ({
  firstName: agent.firstName,
  lastName: agent.lastName,
  phone: formatPhoneNumber(agent.phone),
  agreement: agent.agreement,
  answersAt: agent.answersAt,
  wrapUp: agent.wrapUpSeconds === undefined ? '' : String(agent.wrapUpSeconds),
  autoAnswer: agent.autoAnswer === true,
  groups: [...groups],
})
