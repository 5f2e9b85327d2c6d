import type { AgentLive, GroupLive } from '../../contract/console.ts'
import type { MissedCaller, Voicemail, VoicemailTarget } from '../../contract/work.ts'
import type { GroupNumberId } from '../../core/configuration/types.ts'

export interface MissedRow {
  readonly item: MissedCaller
  readonly groupName: string
}

export interface VoicemailRow {
  readonly voicemail: Voicemail
  readonly groupName: string
  /** The colleague it was forwarded to. */
  readonly forName?: string
  /** Out of which group number's list it came. */
  readonly fromName?: string
  readonly sentToNames: readonly string[]
  /** Where it can be forwarded to: colleagues who see the same list, then the other group numbers. */
  readonly targets: readonly { readonly to: VoicemailTarget; readonly name: string }[]
}

type Names = Readonly<Record<string, Pick<GroupLive, 'name'>>>

/** What is to be done before what is done, and of each the newest first; in `only` these group numbers, absent: in all. */
export function missedRows(
  missed: Readonly<Record<string, MissedCaller>>,
  groups: Names,
  only?: ReadonlySet<GroupNumberId>,
): readonly MissedRow[] {
  return Object.values(missed)
    .filter(({ group }) => only === undefined || only.has(group))
    .map((item) => ({ item, groupName: groups[item.group]?.name ?? '' }))
    .sort(({ item: one }, { item: other }) => order[one.state] - order[other.state] || latest(other) - latest(one))
}

const order: Readonly<Record<MissedCaller['state'], number>> = { open: 0, calledBack: 1, gotThrough: 2, done: 2 }
const latest = ({ last, changed, state }: MissedCaller) => (state === 'open' ? last : changed)

interface Known {
  readonly groups: Readonly<Record<string, Pick<GroupLive, 'group' | 'name' | 'members'>>>
  readonly agents: Readonly<Record<string, Pick<AgentLive, 'agent' | 'firstName' | 'lastName'>>>
}

/** Those nobody has dealt with first, and of each the newest first. */
export function voicemailRows(
  voicemails: Readonly<Record<string, Voicemail>>,
  known: Known,
  only?: ReadonlySet<GroupNumberId>,
): readonly VoicemailRow[] {
  return Object.values(voicemails)
    .filter(({ group }) => only === undefined || only.has(group))
    .map((voicemail) => rowOf(voicemail, known))
    .sort(
      ({ voicemail: one }, { voicemail: other }) =>
        Number(one.done !== undefined) - Number(other.done !== undefined) || other.at - one.at,
    )
}

function rowOf(voicemail: Voicemail, { groups, agents }: Known): VoicemailRow {
  const groupName = (id: string | undefined) => (id === undefined ? undefined : groups[id]?.name)
  const agentName = (id: string | undefined) => {
    const agent = id === undefined ? undefined : agents[id]
    return agent && `${agent.firstName} ${agent.lastName}`.trim()
  }
  const forName = agentName(voicemail.for)
  const fromName = groupName(voicemail.forwarded?.from)
  const colleagues = (groups[voicemail.group]?.members ?? []).flatMap((agent) => {
    const name = agent === voicemail.for ? undefined : agentName(agent)
    return name === undefined ? [] : [{ to: { agent }, name }]
  })
  const others = Object.values(groups)
    .filter(({ group }) => group !== voicemail.group)
    .map(({ group, name }) => ({ to: { group }, name }))
  return {
    voicemail,
    groupName: groupName(voicemail.group) ?? '',
    ...(forName !== undefined && { forName }),
    ...(fromName !== undefined && { fromName }),
    sentToNames: (voicemail.sentTo ?? []).map((id) => groupName(id) ?? id),
    targets: [...colleagues, ...others],
  }
}
