import { error, type PathPart, type Problem } from './problem.ts'
import type { Action, Configuration, GroupNumber, MessageId } from './types.ts'

/**
 * What the parts of a document say of each other, where a mistake would leave the service without an
 * answer: every id named exists, and nothing that must be one exists twice.
 */
export function findBrokenReferences(configuration: Configuration): readonly Problem[] {
  return rules.flatMap((rule) => rule(configuration))
}

type Rule = (configuration: Configuration) => readonly Problem[]

const rules: readonly Rule[] = [
  idsAreUnique,
  phonesAreUnique,
  numbersAreUnique,
  agreementsExist,
  agreementsHaveNoLoop,
  membersExist,
  activeSchedulesExist,
  messagesExist,
  actionsLeadSomewhere,
  exceptionsEndAfterTheyBegin,
  yearlyExceptionsEndWithinTheYear,
]

function idsAreUnique({ agreements, agents, groupNumbers, messages }: Configuration) {
  return [
    ...repeated(agreements, ['agreements'], 'id', ({ id }) => id),
    ...repeated(agents, ['agents'], 'id', ({ id }) => id),
    ...repeated(groupNumbers, ['groupNumbers'], 'id', ({ id }) => id),
    ...repeated(messages, ['messages'], 'id', ({ id }) => id),
    ...groupNumbers.flatMap((group, index) => [
      ...repeated(group.schedules, ['groupNumbers', index, 'schedules'], 'id', ({ id }) => id),
      ...repeated(group.exceptions, ['groupNumbers', index, 'exceptions'], 'id', ({ id }) => id),
    ]),
  ]
}

function phonesAreUnique({ agents }: Configuration) {
  return repeated(agents, ['agents'], 'phone', ({ phone }) => phone)
}

function numbersAreUnique({ groupNumbers }: Configuration) {
  return repeated(groupNumbers, ['groupNumbers'], 'number', ({ number }) => number)
}

function repeated<Item>(
  items: readonly Item[],
  path: readonly PathPart[],
  key: string,
  valueOf: (item: Item) => string,
): Problem[] {
  const firstAt = new Map<string, number>()
  return items.flatMap((item, index) => {
    const value = valueOf(item)
    const first = firstAt.get(value)
    if (first === undefined) {
      firstAt.set(value, index)
      return []
    }
    return [
      error(
        [...path, index, key],
        `expected ${key} of its own: ${quoted(value)} is already that of [${String(first)}]`,
      ),
    ]
  })
}

function agreementsExist({ agreements, agents, groupNumbers }: Configuration) {
  const known = new Set(agreements.map(({ id }) => id))
  const missing = (path: readonly PathPart[], id: Configuration['agreements'][number]['id'] | undefined) =>
    id === undefined || known.has(id) ? [] : [unknown(path, 'agreement', id)]
  return [
    ...agreements.flatMap(({ parent }, index) => missing(['agreements', index, 'parent'], parent)),
    ...agents.flatMap(({ agreement }, index) => missing(['agents', index, 'agreement'], agreement)),
    ...groupNumbers.flatMap(({ agreement }, index) => missing(['groupNumbers', index, 'agreement'], agreement)),
  ]
}

function agreementsHaveNoLoop({ agreements }: Configuration) {
  const parents = new Map(agreements.map(({ id, parent }) => [id, parent]))
  const settled = new Set<string>()
  return agreements.flatMap(({ id, parent }, index) => {
    const passed = new Set<string>([id])
    let above = parent
    while (above !== undefined && !passed.has(above) && !settled.has(above)) {
      passed.add(above)
      above = parents.get(above)
    }
    for (const each of passed) settled.add(each)
    return above !== undefined && passed.has(above)
      ? [error(['agreements', index, 'parent'], `expected a main agreement: ${quoted(id)} is below itself`)]
      : []
  })
}

function membersExist({ agents, groupNumbers }: Configuration) {
  const known = new Set(agents.map(({ id }) => id))
  return groupNumbers.flatMap(({ members }, group) => {
    const path = ['groupNumbers', group, 'members']
    return [
      ...members.flatMap(({ agent }, index) =>
        known.has(agent) ? [] : [unknown([...path, index, 'agent'], 'agent', agent)],
      ),
      ...repeated(members, path, 'agent', ({ agent }) => agent),
    ]
  })
}

function activeSchedulesExist({ groupNumbers }: Configuration) {
  return groupNumbers.flatMap(({ activeSchedule, schedules }, group) =>
    activeSchedule === undefined || schedules.some(({ id }) => id === activeSchedule)
      ? []
      : [unknown(['groupNumbers', group, 'activeSchedule'], 'schedule of this group number', activeSchedule)],
  )
}

function messagesExist(configuration: Configuration) {
  const messages = new Set(configuration.messages.map(({ id }) => id))
  const groups = new Set(configuration.groupNumbers.map(({ id }) => id))
  return [
    ...configuration.groupNumbers.flatMap((group, index) =>
      messagesNamed(group).flatMap(({ path, message }) =>
        messages.has(message) ? [] : [unknown(['groupNumbers', index, ...path], 'message', message)],
      ),
    ),
    ...configuration.messages.flatMap(({ groupNumber }, index) =>
      groupNumber === undefined || groups.has(groupNumber)
        ? []
        : [unknown(['messages', index, 'groupNumber'], 'group number', groupNumber)],
    ),
  ]
}

function actionsLeadSomewhere({ groupNumbers }: Configuration) {
  const groups = new Set(groupNumbers.map(({ id }) => id))
  return groupNumbers.flatMap((group, index) =>
    actionsNamed(group).flatMap(({ path, action }) =>
      action.do !== 'group' || groups.has(action.to)
        ? []
        : [unknown(['groupNumbers', index, ...path, 'to'], 'group number', action.to)],
    ),
  )
}

/** Local times of one form compare as text. */
function exceptionsEndAfterTheyBegin({ groupNumbers }: Configuration) {
  return groupNumbers.flatMap(({ exceptions }, group) =>
    exceptions.flatMap(({ from, to }, index) =>
      to > from
        ? []
        : [error(['groupNumbers', group, 'exceptions', index, 'to'], `expected a time after its from, ${from}`)],
    ),
  )
}

function yearlyExceptionsEndWithinTheYear({ groupNumbers }: Configuration) {
  return groupNumbers.flatMap(({ exceptions }, group) =>
    exceptions.flatMap(({ from, to, yearly }, index) =>
      yearly !== true || to <= `${nextYear(from)}${from.slice(4)}`
        ? []
        : [
            error(
              ['groupNumbers', group, 'exceptions', index, 'to'],
              `expected a time within a year of its from, ${from}, since it comes back each year`,
            ),
          ],
    ),
  )
}

const nextYear = (dateTime: string) => String(Number(dateTime.slice(0, 4)) + 1).padStart(4, '0')

const unknown = (path: readonly PathPart[], what: string, id: string) =>
  error(path, `expected the id of a known ${what}: there is no ${quoted(id)}`)

const quoted = (value: string) => JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)

/** Every message that a group number names, and where; silence (`null`) is none. */
export function messagesNamed(
  group: GroupNumber,
): readonly { readonly path: readonly PathPart[]; readonly message: MessageId; readonly as: MessageUse }[] {
  const { messages, schedules, exceptions, override } = group
  const named: { path: PathPart[]; message: MessageId | null | undefined; as: MessageUse }[] = [
    { path: ['messages', 'welcome'], message: messages.welcome, as: 'welcome' },
    { path: ['messages', 'closed'], message: messages.closed, as: 'closed' },
    { path: ['messages', 'comfort'], message: messages.comfort, as: 'comfort' },
    { path: ['messages', 'overflow'], message: messages.overflow, as: 'overflow' },
    ...messages.music.map((message, index) => ({ path: ['messages', 'music', index], message, as: 'music' as const })),
    ...schedules.flatMap(({ welcome, closed }, index) => [
      { path: ['schedules', index, 'welcome'], message: welcome, as: 'welcome' as const },
      { path: ['schedules', index, 'closed'], message: closed, as: 'closed' as const },
    ]),
    ...exceptions.map(({ message, effect }, index) => ({
      path: ['exceptions', index, 'message'],
      message,
      as: messageOf(effect),
    })),
    ...(override === undefined
      ? []
      : [{ path: ['override', 'message'], message: override.message, as: messageOf(override.effect) }]),
  ]
  return named.flatMap(({ path, message, as }) =>
    message === null || message === undefined ? [] : [{ path, message, as }],
  )
}

export type MessageUse = 'welcome' | 'closed' | 'comfort' | 'overflow' | 'music'

const messageOf = (effect: 'open' | 'closed'): MessageUse => (effect === 'open' ? 'welcome' : 'closed')

/** Every action that a group number names, and where. */
export function actionsNamed(
  group: GroupNumber,
): readonly { readonly path: readonly PathPart[]; readonly action: Action | { readonly do: 'queue' } }[] {
  const { settings, exceptions, override } = group
  const named: { path: PathPart[]; action: Action | { readonly do: 'queue' } | undefined }[] = [
    ...exceptions.map(({ action }, index) => ({ path: ['exceptions', index, 'action'], action })),
    { path: ['override', 'action'], action: override?.action },
    { path: ['settings', 'whenClosed'], action: settings.whenClosed },
    { path: ['settings', 'whenFull'], action: settings.whenFull },
    { path: ['settings', 'whenTimeout'], action: settings.whenTimeout },
    { path: ['settings', 'whenNoAgents'], action: settings.whenNoAgents },
  ]
  return named.flatMap(({ path, action }) => (action === undefined ? [] : [{ path, action }]))
}
