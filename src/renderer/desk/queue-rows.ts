import type { AgentLive, GroupLive } from '../../contract/console.ts'
import type { GroupNumberId } from '../../core/configuration/types.ts'
import type { CallView } from '../../core/routing/view.ts'

/** A waiting caller: `position` is the place in its own group number's queue, from 1. */
export interface QueueRow {
  readonly call: CallView & { readonly position: number }
  readonly groupName: string
  /** First names of those rung for this caller. */
  readonly rungAt: readonly string[]
}

/** Who waits in these group numbers, the longest first. */
export function queueRows(
  calls: Iterable<CallView>,
  groups: readonly GroupLive[],
  agents: Readonly<Record<string, AgentLive>>,
): readonly QueueRow[] {
  const names = new Map<GroupNumberId, string>(groups.map(({ group, name }) => [group, name]))
  return [...calls]
    .flatMap((call) => {
      const groupName = names.get(call.group)
      const { position } = call
      if (groupName === undefined || position === undefined) return []
      const rungAt = call.offers.flatMap(({ agent }) => agents[agent]?.firstName ?? [])
      return [{ call: { ...call, position }, groupName, rungAt }]
    })
    .sort((one, other) => one.call.arrived - other.call.arrived)
}
