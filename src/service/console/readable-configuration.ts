import type { Configuration, GroupNumberId } from '../../core/configuration/types.ts'

/**
 * The part of the configuration that a supervisor of `groups` may read: those group numbers, who answers them, the
 * messages they may play, and all agreements.
 */
export function readableBy(groups: readonly GroupNumberId[], configuration: Configuration): Configuration {
  const groupNumbers = configuration.groupNumbers.filter(({ id }) => groups.includes(id))
  const members = new Set(groupNumbers.flatMap((group) => group.members.map(({ agent }) => agent)))
  return {
    ...configuration,
    groupNumbers,
    agents: configuration.agents.filter(({ id }) => members.has(id)),
    messages: configuration.messages.filter(
      ({ groupNumber }) => groupNumber === undefined || groups.includes(groupNumber),
    ),
  }
}
