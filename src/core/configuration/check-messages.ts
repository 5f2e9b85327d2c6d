import { compileWeek, weekdays } from '../hours/week.ts'
import { here, type Found, type GroupRule } from './finding.ts'
import { messagesNamed } from './integrity.ts'
import { messageFor, type SpokenKind } from './message-for.ts'
import { settingsOf } from './presets.ts'
import { timesSpoken } from './times-spoken.ts'
import type { Configuration, GroupNumber } from './types.ts'
import { vocabularies } from './vocabulary.ts'

/** Messages that nobody hears, or that are hardly meant. */
export const messageRules: readonly GroupRule[] = [
  messagesOfAnotherKind,
  messagesNeverHeard,
  messagesThatAreMissing,
  messagesThatAreSilent,
  messagesOfOtherHours,
]

function messagesOfAnotherKind(group: GroupNumber, { messages }: Configuration): readonly Found[] {
  const known = new Map(messages.map((message) => [message.id, message]))
  return messagesNamed(group).flatMap(({ path, message: id, as }) => {
    const message = known.get(id)
    if (!message) return []
    if (message.groupNumber !== undefined && message.groupNumber !== group.id)
      return [
        here(path, {
          en: `${message.name} belongs to another group number: choose one of its own or the company's`,
          sv: `${message.name} hör till ett annat gruppnummer: välj ett eget eller ett av företagets`,
        }),
      ]
    return message.kind === as || message.kind === 'other'
      ? []
      : [
          here(path, {
            en: `${message.name} is of kind ${message.kind}, played as ${as}: choose another`,
            sv: `${message.name} är av slaget ${vocabularies.sv.kinds[message.kind] ?? message.kind} men spelas som ${vocabularies.sv.kinds[as] ?? as}: välj ett annat`,
          }),
        ]
  })
}

/** Chosen in the group number, where nothing ever plays it. */
function messagesNeverHeard(group: GroupNumber): readonly Found[] {
  const { messages, settings } = group
  const { comfortSeconds, maxWaitSeconds } = settingsOf({ settings })
  const active = group.schedules.find(({ id }) => id === group.activeSchedule)
  const week = compileWeek(active?.week ?? noHours)
  const mayClose = week.everClosed || group.exceptions.some(({ effect }) => effect === 'closed')
  const never: Readonly<Partial<Record<SpokenKind, { en: string; sv: string }>>> = {
    ...(active?.welcome !== undefined && {
      welcome: { en: 'the active schedule has its own', sv: 'det aktiva schemat har ett eget' },
    }),
    ...(active?.closed !== undefined && {
      closed: { en: 'the active schedule has its own', sv: 'det aktiva schemat har ett eget' },
    }),
    ...(!mayClose &&
      group.override?.effect !== 'closed' && { closed: { en: 'it never closes', sv: 'det stänger aldrig' } }),
    ...((comfortSeconds === 0 || (maxWaitSeconds > 0 && comfortSeconds >= maxWaitSeconds)) && {
      comfort: {
        en: comfortSeconds === 0 ? 'comfort messages are never played' : 'nobody waits that long',
        sv: comfortSeconds === 0 ? 'kömeddelanden spelas aldrig' : 'ingen väntar så länge',
      },
    }),
  }
  return Object.entries(never).flatMap(([kind, why]) =>
    typeof messages[kind as SpokenKind] === 'string'
      ? [
          here(['messages', kind], {
            en: `no caller hears this message: ${why.en}`,
            sv: `ingen som ringer hör meddelandet: ${why.sv}`,
          }),
        ]
      : [],
  )
}

/** Nothing is chosen, and there is no prerecorded one. A document without any messages is silent on purpose. */
function messagesThatAreMissing(group: GroupNumber, configuration: Configuration): readonly Found[] {
  if (configuration.messages.length === 0) return []
  const active = group.schedules.find(({ id }) => id === group.activeSchedule)
  const isChosen = (kind: 'welcome' | 'closed') => active?.[kind] !== undefined || group.messages[kind] !== undefined
  return (['welcome', 'closed'] as const).flatMap((kind) =>
    isChosen(kind) || messageFor(configuration, group, kind) !== null
      ? []
      : [
          here(['messages', kind], {
            en: `callers hear nothing: choose a ${vocabularies.en.kinds[kind]?.toLowerCase() ?? kind}, or silence`,
            sv: `den som ringer hör ingenting: välj ett ${vocabularies.sv.kinds[kind]?.toLowerCase() ?? kind} eller tystnad`,
          }),
        ],
  )
}

function messagesThatAreSilent(group: GroupNumber, { messages }: Configuration): readonly Found[] {
  const silent = new Set(messages.flatMap(({ id, seconds }) => (seconds === 0 ? [id] : [])))
  return messagesNamed(group).flatMap(({ path, message }) =>
    silent.has(message)
      ? [
          here(path, {
            en: 'the message has no length: record it again, or choose silence',
            sv: 'meddelandet har ingen längd: spela in det igen eller välj tystnad',
          }),
        ]
      : [],
  )
}

/** What is played by the active schedule, and says a time at which that schedule neither opens nor closes. */
function messagesOfOtherHours(group: GroupNumber, configuration: Configuration): readonly Found[] {
  const place = group.schedules.findIndex(({ id }) => id === group.activeSchedule)
  const active = group.schedules[place]
  if (!active) return []
  const times = new Set(weekdays.flatMap((day) => active.week[day].flatMap(({ from, to }): string[] => [from, to])))
  if (times.size === 0) return []
  if (times.has('24:00')) times.add('00:00')
  return (['welcome', 'closed'] as const).flatMap((kind) => {
    const id = messageFor(configuration, group, kind)
    const message = configuration.messages.find((each) => each.id === id)
    const other = message && timesSpoken(message.transcript).find((time) => !times.has(time))
    if (!message || other === undefined) return []
    const path = active[kind] === undefined ? ['messages', kind] : ['schedules', place, kind]
    return [
      here(path, {
        en: `${message.name} says ${other}, and ${active.name} neither opens nor closes then: record it again, or change the hours`,
        sv: `${message.name} säger ${other}, då ${active.name} varken öppnar eller stänger: spela in det igen eller ändra öppettiderna`,
      }),
    ]
  })
}

const noHours = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] }
