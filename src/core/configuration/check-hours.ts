import { compileExceptions } from '../hours/exceptions.ts'
import { localMillis, readLocalDateTime } from '../hours/local-time.ts'
import { weekdays } from '../hours/week.ts'
import { here, type Found, type GroupRule } from './finding.ts'
import type { GroupNumber, Interval, Schedule, Weekday } from './types.ts'
import { vocabularies } from './vocabulary.ts'

/** Opening hours that are hardly meant. */
export const hoursRules: readonly GroupRule[] = [
  neverOpen,
  openWithNobody,
  overlappingIntervals,
  wholeDaysRound,
  shadowedExceptions,
]

function neverOpen({ schedules, activeSchedule, exceptions, override }: GroupNumber): readonly Found[] {
  if (exceptions.some(({ effect }) => effect === 'open') || override?.effect === 'open') return []
  const place = schedules.findIndex(({ id }) => id === activeSchedule)
  const active = schedules[place]
  if (active && weekdays.some((weekday) => active.week[weekday].length > 0)) return []
  if (active)
    return [
      here(['schedules', place, 'week'], {
        en: 'never open: add opening hours to the active schedule',
        sv: 'aldrig öppet: lägg till öppettider i det aktiva schemat',
      }),
    ]
  return [
    schedules.length === 0
      ? here(['schedules'], {
          en: 'never open: create a schedule with opening hours',
          sv: 'aldrig öppet: skapa ett schema med öppettider',
        })
      : here(['activeSchedule'], {
          en: 'never open: choose which schedule is active',
          sv: 'aldrig öppet: välj vilket schema som är aktivt',
        }),
  ]
}

function openWithNobody(group: GroupNumber): readonly Found[] {
  if (group.members.length > 0 || neverOpen(group).length > 0) return []
  return [
    here(['members'], {
      en: 'open with nobody to answer: add agents',
      sv: 'öppet utan att någon kan svara: lägg till agenter',
    }),
  ]
}

function overlappingIntervals({ schedules }: GroupNumber): readonly Found[] {
  return schedules.flatMap(({ week }, place) =>
    weekdays.flatMap((weekday, index) =>
      week[weekday].flatMap((interval, each) =>
        overlapsAnEarlier(week, weekday, each, weekdays[(index + 6) % 7] ?? 'sun')
          ? [
              here(['schedules', place, 'week', weekday, each], {
                en: `${interval.from} to ${interval.to} overlaps another interval: join or part them`,
                sv: `${interval.from} till ${interval.to} överlappar en annan öppettid: slå ihop dem eller flytta isär dem`,
              }),
            ]
          : [],
      ),
    ),
  )
}

/** Earlier in the day's list, or from the day before past midnight. */
function overlapsAnEarlier(week: Schedule['week'], weekday: Weekday, each: number, dayBefore: Weekday): boolean {
  const interval = week[weekday][each]
  if (!interval) return false
  return (
    week[weekday].slice(0, each).some((other) => interval.from < endOf(other) && other.from < endOf(interval)) ||
    week[dayBefore].some((other) => other.to <= other.from && interval.from < other.to)
  )
}

/** On its own day: what runs past midnight ends with the day. As text, since all times have one form. */
const endOf = ({ from, to }: Interval) => (to <= from ? '24:00' : to)

/** What a yearly exception may meet differs by year; in twelve there are three leap years. */
const yearsLookedAt = 12

function shadowedExceptions({ exceptions }: GroupNumber): readonly Found[] {
  if (exceptions.length < 2) return []
  const deciding = new Set<string>()
  const compiled = compileExceptions(exceptions)
  const starts = exceptions.map(({ from }) => from).sort()
  const ends = exceptions.map(({ to }) => to).sort()
  const [first] = starts
  const last = ends.at(-1)
  if (first === undefined || last === undefined) return []

  const end = readLocalDateTime(last) + (exceptions.some(({ yearly }) => yearly) ? yearsLookedAt * 366 * 86_400_000 : 0)
  for (let at: number = readLocalDateTime(first); at < end;) {
    const { deciding: exception, until } = compiled.decidingAt(localMillis(at))
    if (exception) deciding.add(exception.id)
    at = until
  }
  return exceptions.flatMap(({ id }, index) =>
    deciding.has(id)
      ? []
      : [
          here(['exceptions', index], {
            en: 'never decides: others cover all its time; remove or move it',
            sv: 'gäller aldrig: andra avvikelser täcker hela dess tid; ta bort eller flytta den',
          }),
        ],
  )
}

function wholeDaysRound({ schedules }: GroupNumber): readonly Found[] {
  return schedules.flatMap(({ week }, place) =>
    weekdays.flatMap((weekday) =>
      week[weekday].flatMap(({ from, to }, each) =>
        from !== to
          ? []
          : [
              here(['schedules', place, 'week', weekday, each], {
                en: `${from} to ${to} is a whole day round, from ${vocabularies.en.days[weekday]}: take it away, or set its end`,
                sv: `${from} till ${to} är ett helt dygn från ${vocabularies.sv.days[weekday]}: ta bort tiden eller ändra dess slut`,
              }),
            ],
      ),
    ),
  )
}
