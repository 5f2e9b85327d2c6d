import type { Configuration, GroupNumberId } from '../../core/configuration/types.ts'

/**
 * The part of the configuration that a supervisor of `groups` may read: those group numbers, who answers them or could
 * by their agreements, the messages they may play, and all agreements.
 */
export function readableBy(groups: readonly GroupNumberId[], configuration: Configuration): Configuration {
  const groupNumbers = configuration.groupNumbers.filter(({ id }) => groups.includes(id))
  const members = new Set(groupNumbers.flatMap((group) => group.members.map(({ agent }) => agent)))
  const agreements = new Set(groupNumbers.map(({ agreement }) => agreement))
  return {
    ...configuration,
    groupNumbers,
    agents: configuration.agents.filter(({ id, agreement }) => members.has(id) || agreements.has(agreement)),
    messages: configuration.messages.filter(
      ({ groupNumber }) => groupNumber === undefined || groups.includes(groupNumber),
    ),
  }
}
