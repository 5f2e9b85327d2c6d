import { compileWeek } from '../hours/week.ts'
import { dayMillis, localMillis } from '../hours/local-time.ts'
import { weekdays } from '../hours/week.ts'
import { here, type Found, type GroupRule } from './finding.ts'
import { actionsNamed } from './integrity.ts'
import { settingsOf } from './presets.ts'
import type { Action, Configuration, GroupNumber, Schedule } from './types.ts'
import { vocabularies } from './vocabulary.ts'

/** Queues and overflows that are hardly meant. */
export const queueRules: readonly GroupRule[] = [
  waitsShorterThanOneRing,
  progressNeverReached,
  weightsThatAreAllZero,
  membersNeverReached,
  forwardsToGroupNumbers,
  overflowsToClosed,
  outcomesNeverAsked,
]

function waitsShorterThanOneRing(group: GroupNumber): readonly Found[] {
  const { maxWaitSeconds, ringSeconds } = settingsOf(group)
  if (maxWaitSeconds === 0 || maxWaitSeconds >= ringSeconds) return []
  return [
    here(['settings', 'maxWaitSeconds'], {
      en: `callers wait at most ${maxWaitSeconds} s, and one ring lasts ${ringSeconds} s: let them wait longer, or ring shorter`,
      sv: `den som ringer väntar högst ${maxWaitSeconds} s, och en signal varar ${ringSeconds} s: låt dem vänta längre eller ring kortare`,
    }),
  ]
}

function progressNeverReached(group: GroupNumber): readonly Found[] {
  const { strategy, progressSeconds, ringSeconds } = settingsOf(group)
  if (strategy !== 'ringProgressively' || progressSeconds < ringSeconds) return []
  return [
    here(['settings', 'progressSeconds'], {
      en: `a second agent would ring after ${progressSeconds} s, but a ring lasts ${ringSeconds} s: choose less`,
      sv: `en andra agent rings efter ${progressSeconds} s, men en signal varar ${ringSeconds} s: välj kortare tid`,
    }),
  ]
}

function weightsThatAreAllZero(group: GroupNumber): readonly Found[] {
  if (settingsOf(group).strategy !== 'weightedRandom' || group.members.length === 0) return []
  return group.members.some(({ weight }) => weight !== 0)
    ? []
    : [
        here(['members'], {
          en: 'all weights are 0, so the first free agent is always rung: give at least one a weight',
          sv: 'alla vikter är 0, så den första lediga agenten rings alltid: ge minst en agent en vikt',
        }),
      ]
}

function outcomesNeverAsked(group: GroupNumber): readonly Found[] {
  const { outcomes, outcomeRequired, wrapUpSeconds } = settingsOf(group)
  if (!outcomeRequired) return []
  const path = ['settings', 'outcomeRequired']
  if (!outcomes.some(({ active }) => active))
    return [
      here(path, {
        en: 'an outcome is asked for and there is none to choose: add an active one, or do not ask',
        sv: 'ett utfall efterfrågas men inget finns att välja: lägg till ett aktivt, eller fråga inte',
      }),
    ]
  if (wrapUpSeconds > 0) return []
  return [
    here(path, {
      en: 'an outcome is asked for in the wrap-up, and there is none: give the agents time after a call',
      sv: 'ett utfall efterfrågas i efterbehandlingen, som är 0 sekunder: ge agenterna tid efter samtalet',
    }),
  ]
}

function forwardsToGroupNumbers(group: GroupNumber, { groupNumbers }: Configuration): readonly Found[] {
  const numbers = new Set<string>(groupNumbers.map(({ number }) => number))
  return actionsNamed(group).flatMap(({ path, action }) =>
    isForward(action) && numbers.has(action.to)
      ? [
          here([...path, 'to'], {
            en: `${action.to} is a group number: send callers there with { "do": "group" }`,
            sv: `${action.to} är ett gruppnummer: välj åtgärden Till gruppnumret i stället för att koppla`,
          }),
        ]
      : [],
  )
}

const isForward = (action: Action | { readonly do: 'queue' }) => action.do === 'forward'

function membersNeverReached(group: GroupNumber): readonly Found[] {
  const { escalateSeconds, maxWaitSeconds, strategy } = settingsOf(group)
  const someWeigh = group.members.some(({ weight }) => weight !== 0)
  return group.members.flatMap(({ level = 1, weight }, index) => {
    const opens = escalateSeconds === null ? 0 : (level - 1) * escalateSeconds
    if (maxWaitSeconds > 0 && opens >= maxWaitSeconds)
      return [
        here(['members', index, 'level'], {
          en: `never rung: level ${level} is used after ${opens} s, and callers wait at most ${maxWaitSeconds} s`,
          sv: `rings aldrig: nivå ${level} används efter ${opens} s, och den som ringer väntar högst ${maxWaitSeconds} s`,
        }),
      ]
    if (strategy === 'weightedRandom' && weight === 0 && someWeigh)
      return [
        here(['members', index, 'weight'], {
          en: 'never drawn while others are free: the weight is 0',
          sv: 'lottas aldrig fram så länge andra är lediga: vikten är 0',
        }),
      ]
    return []
  })
}

/** By the active schedules alone: exceptions come and go. */
function overflowsToClosed(group: GroupNumber, { groupNumbers }: Configuration): readonly Found[] {
  return actionsNamed(group).flatMap(({ path, action }): Found[] => {
    const target = action.do === 'group' ? groupNumbers.find(({ id }) => id === action.to) : undefined
    if (!target || target.id === group.id) return []
    const isAtOpenHours = path[0] === 'settings' && path[1] !== 'whenClosed'
    const at = closedWhen(target, group, isAtOpenHours)
    if (at === undefined) return []
    return [
      here([...path, 'to'], {
        en: `callers sent to ${target.name} may meet it closed, such as on ${at.en}: choose one that is open then`,
        sv: `den som skickas till ${target.name} kan mötas av stängt, till exempel ${at.sv}: välj ett som är öppet då`,
      }),
    ]
  })
}

/**
 * While the group number is open: a moment at which the other is closed. While it is closed: a moment, if the other is
 * then never open.
 */
function closedWhen(target: GroupNumber, group: GroupNumber, whileOpen: boolean) {
  const [there, ours] = [activeWeek(target), activeWeek(group)]
  let closed: number | undefined
  for (const at of moments(target, group)) {
    if (ours.isOpen(localMillis(at)) !== whileOpen) continue
    const isOpen = there.isOpen(localMillis(at))
    if (isOpen && !whileOpen) return undefined
    if (!isOpen) closed ??= at
    if (closed !== undefined && whileOpen) break
  }
  return closed === undefined ? undefined : { en: momentIn('en', closed), sv: momentIn('sv', closed) }
}

/** Monday 5 January 1970. */
const monday = 4 * dayMillis

/** Every minute of a week at which either opens or closes. */
function moments(...groups: readonly GroupNumber[]): readonly number[] {
  const found = new Set<number>([monday])
  for (const group of groups) {
    const week = activeWeek(group)
    for (let at = monday; at < monday + 7 * dayMillis;) {
      found.add(at)
      at = week.nextFlip(localMillis(at))
    }
  }
  return [...found].toSorted((one, other) => one - other)
}

const activeWeek = ({ schedules, activeSchedule }: GroupNumber) =>
  compileWeek(schedules.find(({ id }) => id === activeSchedule)?.week ?? noHours)

const noHours: Schedule['week'] = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] }

function momentIn(language: 'sv' | 'en', at: number): string {
  const day = weekdays[Math.floor((at - monday) / dayMillis)] ?? 'mon'
  const minutes = Math.floor((at % dayMillis) / 60_000)
  const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
  return `${vocabularies[language].days[day]} ${time}`
}
