import type { GroupLive } from '../../contract/console.ts'
import type { MissedCaller, Voicemail } from '../../contract/work.ts'
import type { GroupNumberId } from '../../core/configuration/types.ts'

export interface MissedRow {
  readonly item: MissedCaller
  readonly groupName: string
}

export interface VoicemailRow {
  readonly voicemail: Voicemail
  readonly groupName: string
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

/** Those nobody has dealt with first, and of each the newest first. */
export function voicemailRows(
  voicemails: Readonly<Record<string, Voicemail>>,
  groups: Names,
  only?: ReadonlySet<GroupNumberId>,
): readonly VoicemailRow[] {
  return Object.values(voicemails)
    .filter(({ group }) => only === undefined || only.has(group))
    .map((voicemail) => ({ voicemail, groupName: groups[voicemail.group]?.name ?? '' }))
    .sort(
      ({ voicemail: one }, { voicemail: other }) =>
        Number(one.done !== undefined) - Number(other.done !== undefined) || other.at - one.at,
    )
}
