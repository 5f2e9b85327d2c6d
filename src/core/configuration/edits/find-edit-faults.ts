import { actionsNamed } from '../integrity.ts'
import type { FieldPath } from '../fields.ts'
import type { Action, Configuration, GroupNumber } from '../types.ts'
import type { Edit, EditOf } from './edit-schema.ts'
import type { EditFault } from './perform-edit.ts'

/**
 * What an edit says that does not fit the document that all the edits of its list made. Looked for at the end, so that
 * two agents may change phones with each other; what a later edit of the list mended or took away again is no fault.
 */
export function findEditFaults({ agreements, agents, groupNumbers, messages }: Configuration) {
  const known = {
    agreement: idsOf(agreements),
    agent: idsOf(agents),
    group: idsOf(groupNumbers),
    message: idsOf(messages),
  }
  const parents = new Map(agreements.map(({ id, parent }) => [id as string, parent as string | undefined]))
  const agentsByPhone = counted(agents.map(({ phone }) => phone))
  const groupsByNumber = counted(groupNumbers.map(({ number }) => number))
  const groups = new Map(groupNumbers.map((group) => [group.id as string, group]))

  return (edit: Edit): readonly EditFault[] => {
    switch (edit.type) {
      case 'putAgreement':
        return ofAgreement(edit)
      case 'putAgent':
        return ofAgent(edit)
      case 'putGroupNumber':
        return ofGroupNumber(edit)
      case 'moveGroupNumber':
        return missing('agreement', edit.agreement, ['agreement'])
      case 'setMembers':
      case 'addMembers':
        return ofMembers(edit)
      case 'putSchedule':
        return ofSchedule(edit)
      case 'putException':
        return ofException(edit)
      case 'setOverride':
        return ofDeciding(groups.get(edit.group)?.override, ['override'])
      case 'setGroupMessages':
        return ofMessages(edit)
      case 'putMessage':
        if (!known.message.has(edit.message.id)) return []
        return missing('group', edit.message.groupNumber, ['message', 'groupNumber'])
      case 'setSettings':
        return ofSettings(edit)
      default:
        return []
    }
  }

  function ofAgreement({ agreement: { id, parent } }: EditOf<'putAgreement'>): readonly EditFault[] {
    if (!known.agreement.has(id)) return []
    const path = ['agreement', 'parent']
    const passed = new Set<string>([id])
    for (let above = parent as string | undefined; above !== undefined; above = parents.get(above)) {
      if (passed.has(above)) return [fault('agreementLoop', path, 'expected an agreement that is not below itself')]
      passed.add(above)
    }
    return missing('agreement', parent, path)
  }

  function ofAgent({ agent: { id, phone, agreement } }: EditOf<'putAgent'>): readonly EditFault[] {
    if (!known.agent.has(id)) return []
    const taken = (agentsByPhone.get(phone) ?? 0) > 1
    return [
      ...(taken ? [fault('phoneTaken', ['agent', 'phone'], `another agent has ${phone}`)] : []),
      ...missing('agreement', agreement, ['agent', 'agreement']),
    ]
  }

  function ofGroupNumber({ group: { id, number, agreement } }: EditOf<'putGroupNumber'>): readonly EditFault[] {
    if (!known.group.has(id)) return []
    const taken = (groupsByNumber.get(number) ?? 0) > 1
    return [
      ...(taken ? [fault('numberTaken', ['group', 'number'], `another group number is ${number}`)] : []),
      ...missing('agreement', agreement, ['group', 'agreement']),
    ]
  }

  function ofMembers({ group, members }: EditOf<'setMembers' | 'addMembers'>): readonly EditFault[] {
    const inForce = new Set(groups.get(group)?.members.map(({ agent }) => agent))
    const seen = new Set<string>()
    return members.flatMap(({ agent }, index) => {
      const path = ['members', String(index), 'agent']
      if (seen.has(agent)) return [fault('memberTwice', path, `${agent} stands there twice`)]
      seen.add(agent)
      return inForce.has(agent) ? missing('agent', agent, path) : []
    })
  }

  function ofSchedule({ group, schedule: { id } }: EditOf<'putSchedule'>): readonly EditFault[] {
    const made = groups.get(group)?.schedules.find((schedule) => schedule.id === id)
    return [
      ...missing('message', made?.welcome, ['schedule', 'welcome']),
      ...missing('message', made?.closed, ['schedule', 'closed']),
    ]
  }

  function ofException({ group, exception: { id } }: EditOf<'putException'>): readonly EditFault[] {
    const made = groups.get(group)?.exceptions.find((exception) => exception.id === id)
    if (!made) return []
    return [...ofItsEnd(made), ...ofDeciding(made, ['exception'])]
  }

  function ofItsEnd({ from, to, yearly }: GroupNumber['exceptions'][number]): readonly EditFault[] {
    const path = ['exception', 'to']
    if (to <= from) return [fault('exceptionEnd', path, `expected a time after ${from}`)]
    const yearOn = `${String(Number(from.slice(0, 4)) + 1).padStart(4, '0')}${from.slice(4)}`
    if (yearly && to > yearOn) return [fault('exceptionEnd', path, 'expected at most a year: it comes back')]
    return []
  }

  function ofDeciding(
    deciding: { readonly message?: string; readonly action?: Action } | undefined,
    path: FieldPath,
  ): readonly EditFault[] {
    return [
      ...missing('message', deciding?.message, [...path, 'message']),
      ...ofAction(deciding?.action, [...path, 'action']),
    ]
  }

  function ofMessages({ group, set }: EditOf<'setGroupMessages'>): readonly EditFault[] {
    const made = groups.get(group)?.messages
    if (!made) return []
    const { music, ...spoken } = made
    return [
      ...Object.entries(spoken).flatMap(([kind, message]) =>
        kind in set ? missing('message', message, ['set', kind]) : [],
      ),
      ...(set.music ? music : []).flatMap((message, index) =>
        missing('message', message, ['set', 'music', String(index)]),
      ),
    ]
  }

  function ofSettings({ group, set }: EditOf<'setSettings'>): readonly EditFault[] {
    const made = groups.get(group)
    if (!made) return []
    return actionsNamed(made).flatMap(({ path: [list, key], action }) =>
      list === 'settings' && typeof key === 'string' && key in set ? ofAction(action, ['set', key]) : [],
    )
  }

  function ofAction(action: Action | { readonly do: 'queue' } | undefined, path: FieldPath): readonly EditFault[] {
    return action?.do === 'group' ? missing('group', action.to, [...path, 'to']) : []
  }

  function missing(what: keyof typeof known, id: string | null | undefined, path: FieldPath): readonly EditFault[] {
    if (id === null || id === undefined || known[what].has(id)) return []
    return [fault('gone', path, `there is no ${what} ${JSON.stringify(id.slice(0, 60))}`)]
  }
}

const fault = (key: EditFault['key'], path: FieldPath, message: string): EditFault => ({ key, path, message })

const idsOf = (items: readonly { readonly id: string }[]): ReadonlySet<string> => new Set(items.map(({ id }) => id))

function counted(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}
