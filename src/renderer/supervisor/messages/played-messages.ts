import { messageFor, musicFor, type SpokenKind } from '../../../core/configuration/message-for.ts'
import type { Configuration, GroupNumber, Message, MessageId, MessageKind } from '../../../core/configuration/types.ts'

/** In the order in which a caller may meet them. */
export const spokenKinds = ['welcome', 'closed', 'comfort', 'overflow'] as const satisfies readonly SpokenKind[]

export type Choice = 'prerecorded' | 'own' | 'silence'

/** What callers of a group number hear as one kind of message, and where something else is said. */
export interface PlayedMessage {
  readonly kind: SpokenKind
  readonly choice: Choice
  /** By the group number's own choice, whatever schedules and exceptions say. Absent: silence. */
  readonly plays: Message | undefined
  /** What plays where nothing is chosen. Absent: silence. */
  readonly prerecorded: Message | undefined
  readonly otherwise: readonly Otherwise[]
}

/** A schedule, an exception or the override that has a message of its own. */
export type Otherwise = { readonly message: Message | undefined } & (
  | { readonly in: 'schedule'; readonly id: string; readonly name: string; readonly active: boolean }
  | {
      readonly in: 'exception'
      readonly id: string
      readonly name: string
      readonly from: string
      readonly yearly: boolean
    }
  | { readonly in: 'override'; readonly id: 'override' }
)

type Played = Pick<Configuration, 'company' | 'messages'>

/** @param now by the company's clock, `YYYY-MM-DDTHH:MM`: exceptions that are over are left out. */
export function playedMessage(configuration: Played, group: GroupNumber, kind: SpokenKind, now: string): PlayedMessage {
  const find = (id: MessageId | null) => configuration.messages.find((message) => message.id === id)
  const chosen = group.messages[kind]
  const unscheduled: GroupNumber = { ...group, schedules: [] }
  return {
    kind,
    choice: chosen === undefined ? 'prerecorded' : chosen === null ? 'silence' : 'own',
    plays: find(messageFor(configuration, unscheduled, kind)),
    prerecorded: find(messageFor(configuration, { ...unscheduled, messages: { music: [] } }, kind)),
    otherwise: [...decided(), ...scheduled()],
  }

  function decided(): readonly Otherwise[] {
    const effect = { welcome: 'open', closed: 'closed', comfort: undefined, overflow: undefined }[kind]
    const { override, exceptions } = group
    return [
      ...(override?.message !== undefined && override.effect === effect
        ? [{ in: 'override', id: 'override', message: find(override.message) } as const]
        : []),
      ...exceptions.flatMap(({ id, name, message, from, to, yearly, ...exception }): Otherwise[] =>
        message === undefined || exception.effect !== effect || (!yearly && to <= now)
          ? []
          : [{ in: 'exception', id, name, from, yearly: yearly ?? false, message: find(message) }],
      ),
    ]
  }

  function scheduled(): readonly Otherwise[] {
    if (kind !== 'welcome' && kind !== 'closed') return []
    return group.schedules.flatMap(({ id, name, [kind]: message }): Otherwise[] =>
      message === undefined
        ? []
        : [{ in: 'schedule', id, name, active: id === group.activeSchedule, message: find(message) }],
    )
  }
}

/** The music of a group number in the order in which it plays, and whether it chose it. */
export function playedMusic(
  configuration: Played,
  group: GroupNumber,
): { readonly choice: 'prerecorded' | 'own'; readonly plays: readonly Message[] } {
  return {
    choice: group.messages.music.length > 0 ? 'own' : 'prerecorded',
    plays: musicFor(configuration, group).flatMap(
      (id) => configuration.messages.find((message) => message.id === id) ?? [],
    ),
  }
}

/** What may be chosen for a use in a group number: messages of that kind first, then those of no kind. */
export function choosableFor(
  { messages }: Pick<Configuration, 'messages'>,
  group: GroupNumber,
  kind: MessageKind,
): readonly Message[] {
  const within = messages.filter(({ groupNumber }) => groupNumber === undefined || groupNumber === group.id)
  return [
    ...within.filter((message) => message.kind === kind),
    ...(kind === 'other' ? [] : within.filter((message) => message.kind === 'other')),
  ]
}
