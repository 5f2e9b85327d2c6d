import { failed, ok, type Result } from '../../result.ts'
import type { FieldPath } from '../fields.ts'
import type { Configuration, GroupNumber, GroupNumberId, Schedule } from '../types.ts'
import type { Edit, EditOf, EditType } from './edit-schema.ts'
import type { EditProblem } from './edit-problem.ts'
import { chosenMessages, put, withGroup, without, withoutActions, withoutMessages } from './mend.ts'

export type EditFault = Omit<EditProblem, 'edit'>
type Performed = Result<Configuration, EditFault>

/** Does one edit, with what it takes along. The result may still say what no document may: `applyEdits` looks. */
export function performEdit(configuration: Configuration, edit: Edit): Performed {
  const perform = performers[edit.type] as (configuration: Configuration, edit: Edit) => Performed
  return perform(configuration, edit)
}

const performers: { readonly [Type in EditType]: (configuration: Configuration, edit: EditOf<Type>) => Performed } = {
  putCompany: (configuration, { company }) => ok({ ...configuration, company }),

  putAgreement: (configuration, { agreement }) =>
    ok({ ...configuration, agreements: put(configuration.agreements, agreement) }),
  removeAgreement,

  putAgent: (configuration, { agent }) => ok({ ...configuration, agents: put(configuration.agents, agent) }),
  removeAgent: (configuration, { agent }) => {
    if (!configuration.agents.some(({ id }) => id === agent)) return gone('agent', agent)
    return ok({
      ...configuration,
      agents: configuration.agents.filter(({ id }) => id !== agent),
      groupNumbers: configuration.groupNumbers.map((group) => ({
        ...group,
        members: group.members.filter((member) => member.agent !== agent),
      })),
    })
  },

  putGroupNumber: (configuration, { group }) => {
    const before = configuration.groupNumbers.find(({ id }) => id === group.id) ?? emptyGroup
    return ok({ ...configuration, groupNumbers: put(configuration.groupNumbers, { ...before, ...group }) })
  },
  renameGroupNumber: (configuration, { group, name }) => inGroup(configuration, group, (found) => ({ ...found, name })),
  moveGroupNumber: (configuration, { group, agreement }) =>
    inGroup(configuration, group, (found) => ({ ...found, agreement })),
  removeGroupNumber,

  setMembers: (configuration, { group, members }) => inGroup(configuration, group, (found) => ({ ...found, members })),
  addMembers: (configuration, { group, members }) =>
    inGroup(configuration, group, (found) => {
      const given = new Map(members.map((member) => [member.agent, member]))
      const kept = found.members.map((member) => given.get(member.agent) ?? member)
      const known = new Set(found.members.map(({ agent }) => agent))
      return { ...found, members: [...kept, ...members.filter(({ agent }) => !known.has(agent))] }
    }),
  removeMembers: (configuration, { group, agents }) => {
    const left = new Set(agents)
    return inGroup(configuration, group, (found) => ({
      ...found,
      members: found.members.filter(({ agent }) => !left.has(agent)),
    }))
  },

  putSchedule: (configuration, { group, schedule }) =>
    inGroup(configuration, group, (found) => ({
      ...found,
      schedules: put(found.schedules, schedule),
      ...(found.schedules.length === 0 && { activeSchedule: schedule.id }),
    })),
  removeSchedule,
  activateSchedule: (configuration, { group: id, schedule }) => {
    const group = findGroup(configuration, id)
    if (!group) return gone('group', id)
    if (schedule !== null && !has(group.schedules, schedule)) return gone('schedule', schedule)
    return ok(withGroup(configuration, id, (found) => activated(found, schedule)))
  },

  putException: (configuration, { group, exception }) =>
    inGroup(configuration, group, (found) => ({ ...found, exceptions: put(found.exceptions, exception) })),
  removeException: (configuration, { group: id, exception }) => {
    const group = findGroup(configuration, id)
    if (!group) return gone('group', id)
    if (!has(group.exceptions, exception)) return gone('exception', exception)
    return inGroup(configuration, id, (found) => ({
      ...found,
      exceptions: found.exceptions.filter((each) => each.id !== exception),
    }))
  },

  setOverride: (configuration, { group, override }) =>
    inGroup(configuration, group, (found) => ({ ...found, override })),
  clearOverride: (configuration, { group }) => inGroup(configuration, group, (found) => without(found, 'override')),

  setGroupMessages: (configuration, { group, set, reset = [] }) =>
    inGroup(configuration, group, (found) => ({
      ...found,
      messages: { music: [], ...without(found.messages, ...reset), ...set },
    })),

  putMessage: (configuration, { message }) => ok({ ...configuration, messages: put(configuration.messages, message) }),
  replaceMessage: (configuration, { message, by }) => {
    if (!has(configuration.messages, message)) return gone('message', message)
    if (!has(configuration.messages, by)) return gone('by', by)
    return ok({
      ...configuration,
      groupNumbers: configuration.groupNumbers.map((group) =>
        chosenMessages(group, (chosen) => (chosen === message ? by : chosen)),
      ),
    })
  },
  removeMessage: (configuration, { message }) => {
    if (!has(configuration.messages, message)) return gone('message', message)
    return ok({
      ...configuration,
      messages: configuration.messages.filter(({ id }) => id !== message),
      groupNumbers: configuration.groupNumbers.map((group) => withoutMessages(group, (chosen) => chosen === message)),
    })
  },

  setSettings: (configuration, { group, set, reset = [] }) =>
    inGroup(configuration, group, (found) => ({
      ...found,
      settings: { ...without(found.settings, ...reset), ...set },
    })),
}

/** What a new group number has: nobody, never open, and every preset. */
const emptyGroup: Omit<GroupNumber, 'id' | 'number' | 'name' | 'agreement'> = {
  members: [],
  schedules: [],
  exceptions: [],
  messages: { music: [] },
  settings: {},
}

function removeAgreement(configuration: Configuration, edit: EditOf<'removeAgreement'>): Performed {
  const { agreement: id, moveTo } = edit
  const { agreements, agents, groupNumbers } = configuration
  const removed = agreements.find((agreement) => agreement.id === id)
  if (!removed) return gone('agreement', id)
  const isUsed =
    agreements.some(({ parent }) => parent === id) ||
    [...agents, ...groupNumbers].some(({ agreement }) => agreement === id)
  if (isUsed && moveTo === undefined)
    return fault('agreementInUse', ['moveTo'], `expected an agreement for what belongs to ${removed.name}`)
  if (moveTo !== undefined && (moveTo === id || !has(agreements, moveTo))) return gone('moveTo', moveTo)
  const moved = <Item extends { readonly agreement: string }>(item: Item): Item =>
    item.agreement === id && moveTo !== undefined ? { ...item, agreement: moveTo } : item
  return ok({
    ...configuration,
    agreements: agreements.flatMap((agreement) => {
      if (agreement.id === id) return []
      if (agreement.parent !== id || moveTo === undefined) return [agreement]
      // One that takes the others in stands where the removed one stood.
      if (agreement.id !== moveTo) return [{ ...agreement, parent: moveTo }]
      return [{ ...without(agreement, 'parent'), ...(removed.parent !== undefined && { parent: removed.parent }) }]
    }),
    agents: agents.map(moved),
    groupNumbers: groupNumbers.map(moved),
  })
}

function removeGroupNumber(configuration: Configuration, { group: id }: EditOf<'removeGroupNumber'>): Performed {
  if (!findGroup(configuration, id)) return gone('group', id)
  const own = new Set(configuration.messages.flatMap((message) => (message.groupNumber === id ? [message.id] : [])))
  return ok({
    ...configuration,
    groupNumbers: configuration.groupNumbers.flatMap((group) => {
      if (group.id === id) return []
      const mended = withoutActions(group, (action) => action.do === 'group' && action.to === id)
      return [withoutMessages(mended, (message) => own.has(message))]
    }),
    messages: configuration.messages.filter((message) => !own.has(message.id)),
  })
}

function removeSchedule(configuration: Configuration, edit: EditOf<'removeSchedule'>): Performed {
  const { group: id, schedule: removed, activate } = edit
  const group = findGroup(configuration, id)
  if (!group) return gone('group', id)
  if (!has(group.schedules, removed)) return gone('schedule', removed)
  const schedules = group.schedules.filter((schedule) => schedule.id !== removed)
  const isActive = group.activeSchedule === removed
  if (isActive && schedules.length > 0 && activate === undefined)
    return fault('chooseActive', ['activate'], 'expected which schedule is active then, or null for none')
  if (typeof activate === 'string' && !has(schedules, activate)) return gone('activate', activate)
  return inGroup(configuration, id, (found) => {
    const rest = { ...found, schedules }
    if (activate !== undefined) return activated(rest, activate)
    return isActive ? activated(rest, null) : rest
  })
}

function activated(group: GroupNumber, schedule: Schedule['id'] | null): GroupNumber {
  return schedule === null ? without(group, 'activeSchedule') : { ...group, activeSchedule: schedule }
}

function inGroup(
  configuration: Configuration,
  id: GroupNumberId,
  change: (group: GroupNumber) => GroupNumber,
): Performed {
  return findGroup(configuration, id) ? ok(withGroup(configuration, id, change)) : gone('group', id)
}

const findGroup = ({ groupNumbers }: Configuration, id: GroupNumberId) => groupNumbers.find((group) => group.id === id)

const has = (items: readonly { readonly id: string }[], id: string) => items.some((item) => item.id === id)

const fault = (key: EditFault['key'], path: FieldPath, message: string): Performed => failed({ key, path, message })

const gone = (key: string, id: string): Performed =>
  fault('gone', [key], `there is no ${key} ${JSON.stringify(id.slice(0, 60))}`)
