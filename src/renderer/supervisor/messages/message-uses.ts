import type { Chosen, Effect } from '../../../core/configuration/edits/effect.ts'
import { messagesNamed } from '../../../core/configuration/integrity.ts'
import { messageFor, musicFor } from '../../../core/configuration/message-for.ts'
import type { Configuration, GroupNumber, MessageId } from '../../../core/configuration/types.ts'
import { spokenKinds } from './played-messages.ts'

export type Use = Extract<Effect, { kind: 'plays' }>['use']

/** A place where a message is heard. `unchosen`: because nothing else is chosen there. */
export interface MessageUse {
  readonly group: GroupNumber
  readonly use: Use
  readonly chosen: Chosen | 'unchosen'
}

/** Where each message is heard, by its id; a message that is not in it is heard nowhere. */
export function messageUses(configuration: Configuration): ReadonlyMap<MessageId, readonly MessageUse[]> {
  const uses = configuration.groupNumbers.flatMap((group) => [
    ...messagesNamed(group).map(({ path: [list, place], message, as }) => ({
      message,
      of: { group, use: as, chosen: chosenAt(group, list, Number(place)) },
    })),
    ...unchosen(configuration, group),
  ])
  const byMessage = Map.groupBy(uses, ({ message }) => message)
  return new Map([...byMessage].map(([message, found]) => [message, found.map(({ of }) => of)]))
}

function chosenAt(group: GroupNumber, list: unknown, place: number): Chosen {
  const schedule = list === 'schedules' ? group.schedules[place] : undefined
  if (schedule) return { in: 'schedule', schedule: schedule.id }
  const exception = list === 'exceptions' ? group.exceptions[place] : undefined
  if (exception) return { in: 'exception', exception: exception.id }
  return list === 'override' ? { in: 'override' } : { in: 'groupNumber' }
}

function unchosen(configuration: Configuration, group: GroupNumber) {
  const spoken = spokenKinds.flatMap((use) => {
    const message =
      group.messages[use] === undefined ? messageFor(configuration, { ...group, schedules: [] }, use) : null
    return message === null ? [] : [{ message, of: { group, use, chosen: 'unchosen' as const } }]
  })
  if (group.messages.music.length > 0) return spoken
  const music = musicFor(configuration, group).map((message) => ({
    message,
    of: { group, use: 'music' as const, chosen: 'unchosen' as const },
  }))
  return [...spoken, ...music]
}
