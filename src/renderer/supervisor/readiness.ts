import type { GroupNumber } from '../../core/configuration/types.ts'

/** What a group number lacks before a caller can be answered (the guide's activation: agents and opening hours). */
export type Missing = 'agents' | 'hours'

export function missingOf(group: Pick<GroupNumber, 'members' | 'schedules' | 'activeSchedule'>): readonly Missing[] {
  const active = group.schedules.find(({ id }) => id === group.activeSchedule)
  const everOpens = active !== undefined && Object.values(active.week).some((intervals) => intervals.length > 0)
  return [...(group.members.length === 0 ? ['agents' as const] : []), ...(everOpens ? [] : ['hours' as const])]
}
