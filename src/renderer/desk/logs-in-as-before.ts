import type { GroupLive } from '../../contract/console.ts'
import type { GroupNumberId } from '../../core/configuration/types.ts'

/**
 * Whether the log-in button logs in to the group numbers of `before` and not to all: some of them are among the agent's
 * still, and not all of the agent's were among them.
 */
export function logsInAsBefore(
  groups: readonly Pick<GroupLive, 'group'>[],
  before: readonly GroupNumberId[] = [],
): boolean {
  const still = groups.filter(({ group }) => before.includes(group)).length
  return still > 0 && still < groups.length
}
