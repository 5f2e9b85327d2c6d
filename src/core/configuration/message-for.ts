import type { Configuration, Exception, GroupNumber, MessageId, Override } from './types.ts'

/** The spoken messages that a group number plays of itself. */
export type SpokenKind = 'welcome' | 'closed' | 'comfort' | 'overflow'

/**
 * Which message plays (design section 5): that of the override or exception that decides; else the
 * active schedule's; else the group number's; else the document's first prerecorded one of that kind
 * in the company's language.
 *
 * `deciding` is given for `welcome` and `closed` only: an exception's message replaces no comfort message.
 *
 * @returns `null`: silence.
 */
export function messageFor(
  configuration: Pick<Configuration, 'company' | 'messages'>,
  group: GroupNumber,
  kind: SpokenKind,
  deciding?: Exception | Override,
): MessageId | null {
  if (deciding?.message !== undefined) return deciding.message

  if (kind === 'welcome' || kind === 'closed') {
    const active = group.schedules.find((schedule) => schedule.id === group.activeSchedule)
    const scheduled = active?.[kind]
    if (scheduled !== undefined) return scheduled
  }

  const own = group.messages[kind]
  if (own !== undefined) return own

  const prerecorded = configuration.messages.find(
    (message) =>
      message.kind === kind && message.origin === 'prerecorded' && message.language === configuration.company.language,
  )
  return prerecorded?.id ?? null
}

/** The music of a group number, in order; none named: the prerecorded music. Empty: silence. */
export function musicFor(
  configuration: Pick<Configuration, 'company' | 'messages'>,
  group: GroupNumber,
): readonly MessageId[] {
  if (group.messages.music.length > 0) return group.messages.music

  const prerecorded = configuration.messages.filter(
    (message) => message.kind === 'music' && message.origin === 'prerecorded',
  )
  const inLanguage = prerecorded.filter((message) => message.language === configuration.company.language)
  return (inLanguage.length > 0 ? inLanguage : prerecorded).map((message) => message.id)
}
