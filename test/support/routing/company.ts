import type {
  Agent,
  AgentId,
  Configuration,
  E164,
  GroupNumber,
  GroupNumberId,
  Interval,
  Member,
  Message,
  Settings,
} from '../../../src/core/configuration/types.ts'

/** What a test says of a group number; the rest is a group number that is always open, with no message. */
export interface GroupSays extends Partial<Omit<GroupNumber, 'id' | 'number' | 'members' | 'settings'>> {
  readonly id?: string
  readonly number?: string
  readonly members?: readonly (string | (Omit<Member, 'agent'> & { readonly agent: string }))[]
  readonly settings?: Partial<Settings>
}

const wholeDay = [{ from: '00:00', to: '24:00' }] as readonly unknown[] as readonly Interval[]

export const always = {
  mon: wholeDay,
  tue: wholeDay,
  wed: wholeDay,
  thu: wholeDay,
  fri: wholeDay,
  sat: wholeDay,
  sun: wholeDay,
}

export const supportNumber = '+46122260980' as E164

/** A company whose group numbers are always open and silent unless the test says otherwise. */
export function company(
  groups: readonly GroupSays[],
  more: {
    readonly agents?: readonly (Partial<Omit<Agent, 'id'>> & { readonly id: string })[]
    readonly messages?: readonly Message[]
  } = {},
): Configuration {
  const groupNumbers = groups.map(groupNumber)
  const said = new Map((more.agents ?? []).map((agent) => [agent.id, agent]))
  const ids = new Set([
    ...groupNumbers.flatMap(({ members }) => members.map(({ agent }) => agent as string)),
    ...said.keys(),
  ])
  return {
    schemaVersion: 1,
    company: { name: 'Exempel AB', timeZone: 'Europe/Stockholm', language: 'sv', country: 'SE' },
    agreements: [{ id: 'main', name: 'Avtal' }] as unknown as Configuration['agreements'],
    agents: [...ids].map((id, index) => ({
      id: id as AgentId,
      firstName: id,
      lastName: 'Exempel',
      phone: `+4670100${String(1000 + index)}` as E164,
      agreement: 'main' as Agent['agreement'],
      answersAt: 'softphone',
      ...(said.get(id) as object | undefined),
    })),
    groupNumbers,
    messages: more.messages ?? [],
  }
}

function groupNumber(
  { id = 'support', number = supportNumber, members = [], ...rest }: GroupSays,
  index: number,
): GroupNumber {
  return {
    id: id as GroupNumberId,
    number: (index === 0 ? number : number === supportNumber ? `+4612226098${String(index)}` : number) as E164,
    name: id,
    agreement: 'main' as GroupNumber['agreement'],
    members: members.map((member) =>
      typeof member === 'string' ? { agent: member as AgentId } : { ...member, agent: member.agent as AgentId },
    ),
    schedules: [{ id: 'week', name: 'Alltid', week: always } as unknown as GroupNumber['schedules'][number]],
    activeSchedule: 'week' as NonNullable<GroupNumber['activeSchedule']>,
    exceptions: [],
    messages: { music: [] },
    settings: {},
    ...rest,
  }
}
