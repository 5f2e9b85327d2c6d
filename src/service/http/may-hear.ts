import type { Configuration, Message } from '../../core/configuration/types.ts'
import type { Account } from '../ports.ts'

/** Whether an account may listen to a message: the company's are everyone's, a group number's are of those who work with it. */
export function mayHear(
  { roles, agent, supervises }: Account,
  message: Message,
  configuration: Configuration,
): boolean {
  const group = message.groupNumber
  if (group === undefined || roles.includes('admin') || roles.includes('reviewer')) return true
  if (roles.includes('supervisor') && supervises.includes(group)) return true
  const members = configuration.groupNumbers.find(({ id }) => id === group)?.members ?? []
  return roles.includes('agent') && members.some((member) => member.agent === agent)
}
