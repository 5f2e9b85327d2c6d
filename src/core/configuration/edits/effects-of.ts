import { ok, type Result } from '../../result.ts'
import { actionsNamed, messagesNamed } from '../integrity.ts'
import { messageFor, musicFor } from '../message-for.ts'
import { settingsOf } from '../presets.ts'
import type { PathPart } from '../problem.ts'
import type { Configuration, GroupNumber, MessageId, Settings } from '../types.ts'
import { applyEdits } from './apply-edits.ts'
import type { Chosen, Effect } from './effect.ts'
import type { EditProblem } from './edit-problem.ts'
import type { Edit } from './edit-schema.ts'

/** What the edits change beside what they name, or why they cannot be done. */
export function effectsOf(
  configuration: Configuration,
  edits: readonly Edit[],
): Result<readonly Effect[], readonly EditProblem[]> {
  const applied = applyEdits(configuration, edits)
  if (!applied.ok) return applied
  const before = configuration
  const after = applied.value
  const named = namedBy(edits)
  const groups = after.groupNumbers.flatMap((group) => {
    const was = before.groupNumbers.find(({ id }) => id === group.id)
    return was ? [{ was, group }] : []
  })
  return ok([
    ...moved(before, after, named),
    ...groups.flatMap(({ was, group }) => [
      ...left(was, group, named),
      ...played(was, group, after),
      ...sent(was, group, after),
      ...active(was, group, named),
    ]),
    ...before.messages.flatMap(({ id }): Effect[] =>
      named.messages.has(id) || after.messages.some((message) => message.id === id)
        ? []
        : [{ kind: 'messageRemoved', message: id }],
    ),
  ])
}

type Named = ReturnType<typeof namedBy>

/** What the edits say themselves is no effect beside. */
function namedBy(edits: readonly Edit[]) {
  const messages = new Set<string>()
  const active = new Set<string>()
  const moved = new Set<string>()
  const members = new Set<string>()
  for (const edit of edits)
    if (edit.type === 'removeMessage') messages.add(edit.message)
    else if (edit.type === 'activateSchedule') active.add(edit.group)
    else if (edit.type === 'moveGroupNumber') moved.add(edit.group)
    else if (edit.type === 'putGroupNumber') moved.add(edit.group.id)
    else if (edit.type === 'putAgent') moved.add(edit.agent.id)
    else if (edit.type === 'putAgreement') moved.add(edit.agreement.id)
    else if (edit.type === 'setMembers' || edit.type === 'removeMembers') members.add(edit.group)
  return { messages, active, moved, members }
}

function moved(before: Configuration, after: Configuration, named: Named): readonly Effect[] {
  const parents = new Map(before.agreements.map(({ id, parent }) => [id as string, parent]))
  const homes = new Map([...before.agents, ...before.groupNumbers].map((item) => [item.id as string, item.agreement]))
  const movedTo =
    (what: 'agent' | 'groupNumber') =>
    (item: Configuration['agents' | 'groupNumbers'][number]): Effect[] =>
      !homes.has(item.id) || homes.get(item.id) === item.agreement || named.moved.has(item.id)
        ? []
        : [{ kind: 'moves', what, id: item.id, to: item.agreement }]
  return [
    ...after.agreements.flatMap(({ id, parent }): Effect[] =>
      !parents.has(id) || parent === undefined || parents.get(id) === parent || named.moved.has(id)
        ? []
        : [{ kind: 'moves', what: 'agreement', id, to: parent }],
    ),
    ...after.agents.flatMap(movedTo('agent')),
    ...after.groupNumbers.flatMap(movedTo('groupNumber')),
  ]
}

function left(was: GroupNumber, group: GroupNumber, named: Named): readonly Effect[] {
  const members = new Set(group.members.map(({ agent }) => agent))
  const gone = was.members.filter(({ agent }) => !members.has(agent))
  return [
    ...(named.members.has(group.id)
      ? []
      : gone.map(({ agent }): Effect => ({ kind: 'leaves', group: group.id, agent }))),
    ...(gone.length > 0 && members.size === 0 ? [{ kind: 'nobodyLeft', group: group.id } as const] : []),
  ]
}

function played(was: GroupNumber, group: GroupNumber, after: Configuration): readonly Effect[] {
  const kept = new Set<string>(after.messages.map(({ id }) => id))
  return messagesNamed(was).flatMap(({ path, message, as }): Effect[] => {
    const chosen = chosenAt(was, path)
    if (kept.has(message) || !isStillThere(group, chosen)) return []
    return [{ kind: 'plays', group: group.id, chosen, message, use: as, instead: playsAt(chosen, as, group, after) }]
  })
}

function playsAt(
  chosen: Chosen,
  use: 'welcome' | 'closed' | 'comfort' | 'overflow' | 'music',
  group: GroupNumber,
  after: Configuration,
): MessageId | null {
  if (use === 'music') return musicFor(after, group)[0] ?? null
  if (chosen.in === 'override') return messageFor(after, group, use, group.override)
  if (chosen.in === 'exception')
    return messageFor(
      after,
      group,
      use,
      group.exceptions.find(({ id }) => id === chosen.exception),
    )
  if (chosen.in === 'schedule') return messageFor(after, { ...group, activeSchedule: chosen.schedule }, use)
  return messageFor(after, { ...group, schedules: [] }, use)
}

function sent(was: GroupNumber, group: GroupNumber, after: Configuration): readonly Effect[] {
  const kept = new Set<string>(after.groupNumbers.map(({ id }) => id))
  const settings = settingsOf(group)
  return actionsNamed(was).flatMap(({ path, action }): Effect[] => {
    if (action.do !== 'group' || kept.has(action.to)) return []
    const chosen = chosenAt(was, path)
    if (!isStillThere(group, chosen)) return []
    const instead = chosen.in === 'setting' ? settings[chosen.setting as 'whenFull'] : settings.whenClosed
    return [{ kind: 'action', group: group.id, chosen, instead }]
  })
}

function active(was: GroupNumber, group: GroupNumber, named: Named): readonly Effect[] {
  if (was.activeSchedule === group.activeSchedule || named.active.has(group.id)) return []
  return [{ kind: 'active', group: group.id, schedule: group.activeSchedule ?? null }]
}

function chosenAt(group: GroupNumber, [list, place]: readonly PathPart[]): Chosen {
  const schedule = list === 'schedules' ? group.schedules[Number(place)] : undefined
  if (schedule) return { in: 'schedule', schedule: schedule.id }
  const exception = list === 'exceptions' ? group.exceptions[Number(place)] : undefined
  if (exception) return { in: 'exception', exception: exception.id }
  if (list === 'override') return { in: 'override' }
  return list === 'settings' ? { in: 'setting', setting: place as keyof Settings } : { in: 'groupNumber' }
}

function isStillThere(group: GroupNumber, chosen: Chosen): boolean {
  if (chosen.in === 'schedule') return group.schedules.some(({ id }) => id === chosen.schedule)
  if (chosen.in === 'exception') return group.exceptions.some(({ id }) => id === chosen.exception)
  return chosen.in !== 'override' || group.override !== undefined
}
