import type {
  Action,
  Configuration,
  Exception,
  GroupNumber,
  MessageId,
  Override,
  Schedule,
  Settings,
} from '../types.ts'

/** The object without a key. */
export function without<Value extends object, Key extends keyof Value>(value: Value, ...keys: readonly Key[]) {
  const rest = Object.entries(value).filter(([key]) => !keys.includes(key as Key))
  return Object.fromEntries(rest) as Omit<Value, Key>
}

/** Takes away every choice of a message that is no more: what is chosen next applies. */
export function withoutMessages(group: GroupNumber, isGone: (message: MessageId) => boolean): GroupNumber {
  const gone = (message: MessageId | null | undefined) => typeof message === 'string' && isGone(message)
  return chosenMessages(group, (message) => (gone(message) ? undefined : message))
}

/** Every choice of a message, replaced; `undefined`: nothing is chosen there any more. */
export function chosenMessages(group: GroupNumber, choose: (message: MessageId) => MessageId | undefined): GroupNumber {
  const { messages, schedules, exceptions, override } = group
  const { music, ...spoken } = messages
  return {
    ...group,
    messages: { ...choices(spoken), music: music.flatMap((each) => choose(each) ?? []) },
    schedules: schedules.map((schedule): Schedule => ({
      ...without(schedule, 'welcome', 'closed'),
      ...choices({
        ...(schedule.welcome !== undefined && { welcome: schedule.welcome }),
        ...(schedule.closed !== undefined && { closed: schedule.closed }),
      }),
    })),
    exceptions: exceptions.map(chosen),
    ...(override && { override: chosen(override) }),
  }

  function choices<Kinds extends Readonly<Record<string, MessageId | null>>>(given: Kinds): Partial<Kinds> {
    const entries = Object.entries(given).flatMap(([kind, message]) => {
      const next = message === null ? null : choose(message)
      return next === undefined ? [] : [[kind, next]]
    })
    return Object.fromEntries(entries) as Partial<Kinds>
  }

  function chosen<Deciding extends Exception | Override>(deciding: Deciding): Deciding {
    if (deciding.message === undefined) return deciding
    const message = choose(deciding.message)
    return message === undefined ? (without(deciding, 'message') as unknown as Deciding) : { ...deciding, message }
  }
}

const actionSettings = ['whenClosed', 'whenFull', 'whenTimeout', 'whenNoAgents'] as const satisfies (keyof Settings)[]

/** Takes away every action that is no more possible: the preset, or `whenClosed`, applies. */
export function withoutActions(group: GroupNumber, isGone: (action: Action) => boolean): GroupNumber {
  const gone = (action: Action | { readonly do: 'queue' } | undefined) =>
    action !== undefined && action.do !== 'queue' && isGone(action)
  const { exceptions, override, settings } = group
  const resets = actionSettings.filter((key) => gone(settings[key]))
  return {
    ...group,
    exceptions: exceptions.map((exception) => (gone(exception.action) ? without(exception, 'action') : exception)),
    ...(override && { override: gone(override.action) ? without(override, 'action') : override }),
    settings: without(settings, ...resets),
  }
}

/** The group number with `change` made to it, in its place. */
export function withGroup(
  configuration: Configuration,
  id: GroupNumber['id'],
  change: (group: GroupNumber) => GroupNumber,
): Configuration {
  return {
    ...configuration,
    groupNumbers: configuration.groupNumbers.map((group) => (group.id === id ? change(group) : group)),
  }
}

/** Replaces the item with that id in its place, else puts it last. */
export function put<Item extends { readonly id: string }>(items: readonly Item[], item: Item): readonly Item[] {
  return items.some(({ id }) => id === item.id)
    ? items.map((each) => (each.id === item.id ? item : each))
    : [...items, item]
}
