import { compileExceptions } from '../hours/exceptions.ts'
import { readLocalDateTime, localMillis } from '../hours/local-time.ts'
import { weekdays } from '../hours/week.ts'
import { actionsNamed, messagesNamed } from './integrity.ts'
import { settingsOf } from './presets.ts'
import { error, warning, type PathPart, type Problem } from './problem.ts'
import type { Action, Configuration, GroupNumber, GroupNumberId, Interval, Schedule, Weekday } from './types.ts'

/**
 * What is valid in a document, but hardly meant: each problem says what to do. Errors first, else in the order of the rules.
 *
 * A rule is a function here and a line in one of the two lists.
 */
export function checkConfiguration(configuration: Configuration): readonly Problem[] {
  const problems = [
    ...rules.flatMap((rule) => rule(configuration)),
    ...configuration.groupNumbers.flatMap((group, index) =>
      groupRules.flatMap((rule) => rule(group, configuration).map((found) => found(['groupNumbers', index]))),
    ),
  ]
  return [
    ...problems.filter(({ severity }) => severity === 'error'),
    ...problems.filter(({ severity }) => severity === 'warning'),
  ]
}

type Rule = (configuration: Configuration) => readonly Problem[]
/** Says its problems from the group number's own path on. */
type GroupRule = (group: GroupNumber, configuration: Configuration) => readonly Found[]
type Found = (group: readonly PathPart[]) => Problem

const rules: readonly Rule[] = [overflowLoops, filesOfTwoContents, unusedMessages, phonesThatAreGroupNumbers]

const groupRules: readonly GroupRule[] = [
  neverOpen,
  openWithNobody,
  overlappingIntervals,
  shadowedExceptions,
  waitsShorterThanOneRing,
  progressNeverReached,
  weightsThatAreAllZero,
  messagesOfAnotherKind,
  forwardsToGroupNumbers,
]

const here =
  (say: typeof error, path: readonly PathPart[], message: string): Found =>
  (group) =>
    say([...group, ...path], message)

// --- the whole document -------------------------------------------------------------------------

/**
 * Callers who are sent round among group numbers. Where every step is at once (closed, full, nobody there) the ring could turn
 * without end, which is an error; through `whenTimeout` each turn takes its time.
 */
function overflowLoops({ groupNumbers }: Configuration) {
  const found: Problem[] = []
  const reported = new Set<string>()
  for (const { say, steps } of [
    { say: error, steps: (path: readonly PathPart[]) => path.at(-1) !== 'whenTimeout' },
    { say: warning, steps: () => true },
  ]) {
    const edges = new Map(
      groupNumbers.map((group, index) => [
        group.id,
        actionsNamed(group).flatMap(({ path, action }) =>
          action.do === 'group' && steps(path) ? [{ to: action.to, path: ['groupNumbers', index, ...path] }] : [],
        ),
      ]),
    )
    for (const { id, name } of groupNumbers)
      for (const { to, path } of edges.get(id) ?? []) {
        const key = path.join('/')
        if (reported.has(key) || !leadsTo(edges, to, id)) continue
        reported.add(key)
        found.push(
          say(path, `a caller may come back to ${name}: let one of the group numbers in the ring end otherwise`),
        )
      }
  }
  return found
}

function leadsTo(
  edges: ReadonlyMap<GroupNumberId, readonly { readonly to: GroupNumberId }[]>,
  from: GroupNumberId,
  goal: GroupNumberId,
): boolean {
  const seen = new Set([from])
  for (const group of seen) {
    if (group === goal) return true
    for (const { to } of edges.get(group) ?? []) seen.add(to)
  }
  return false
}

function filesOfTwoContents({ messages }: Configuration) {
  const sums = new Map<string, string>()
  return messages.flatMap(({ file, sha256 }, index) => {
    const first = sums.get(file) ?? sha256
    sums.set(file, first)
    return first === sha256
      ? []
      : [
          error(
            ['messages', index, 'sha256'],
            `another message says that ${file} has other bytes: give one of them a file of its own`,
          ),
        ]
  })
}

/** Prerecorded ones play where nothing is chosen, so they are never without use. */
function unusedMessages({ groupNumbers, messages }: Configuration) {
  const used = new Set(groupNumbers.flatMap((group) => messagesNamed(group).map(({ message }) => message)))
  return messages.flatMap(({ id, name, kind, origin }, index) =>
    used.has(id) || origin === 'prerecorded' || kind === 'other'
      ? []
      : [warning(['messages', index], `nothing plays ${name}: choose it somewhere, or remove it`)],
  )
}

function phonesThatAreGroupNumbers({ agents, groupNumbers }: Configuration) {
  const numbers = new Set(groupNumbers.map(({ number }) => number))
  return agents.flatMap(({ phone }, index) =>
    numbers.has(phone)
      ? [warning(['agents', index, 'phone'], `${phone} is a group number: give the agent a phone of their own`)]
      : [],
  )
}

// --- one group number ---------------------------------------------------------------------------

function neverOpen({ schedules, activeSchedule, exceptions, override }: GroupNumber): readonly Found[] {
  if (exceptions.some(({ effect }) => effect === 'open') || override?.effect === 'open') return []
  const place = schedules.findIndex(({ id }) => id === activeSchedule)
  const active = schedules[place]
  if (active && weekdays.some((weekday) => active.week[weekday].length > 0)) return []
  if (active)
    return [here(warning, ['schedules', place, 'week'], 'never open: add opening hours to the active schedule')]
  return [
    schedules.length === 0
      ? here(warning, ['schedules'], 'never open: create a schedule with opening hours')
      : here(warning, ['activeSchedule'], 'never open: choose which schedule is active'),
  ]
}

function openWithNobody(group: GroupNumber): readonly Found[] {
  if (group.members.length > 0 || neverOpen(group).length > 0) return []
  return [here(warning, ['members'], 'open with nobody to answer: add agents')]
}

function overlappingIntervals({ schedules }: GroupNumber): readonly Found[] {
  return schedules.flatMap(({ week }, place) =>
    weekdays.flatMap((weekday, index) =>
      week[weekday].flatMap((interval, each) =>
        overlapsAnEarlier(week, weekday, each, weekdays[(index + 6) % 7] ?? 'sun')
          ? [
              here(
                warning,
                ['schedules', place, 'week', weekday, each],
                `${interval.from} to ${interval.to} overlaps another interval: join or part them`,
              ),
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
      : [here(warning, ['exceptions', index], 'never decides: others cover all its time; remove or move it')],
  )
}

function waitsShorterThanOneRing(group: GroupNumber): readonly Found[] {
  const { maxWaitSeconds, ringSeconds } = settingsOf(group)
  if (maxWaitSeconds === 0 || maxWaitSeconds >= ringSeconds) return []
  return [
    here(
      warning,
      ['settings', 'maxWaitSeconds'],
      `callers wait at most ${maxWaitSeconds} s, and one ring lasts ${ringSeconds} s: let them wait longer, or ring shorter`,
    ),
  ]
}

function progressNeverReached(group: GroupNumber): readonly Found[] {
  const { strategy, progressSeconds, ringSeconds } = settingsOf(group)
  if (strategy !== 'ringProgressively' || progressSeconds < ringSeconds) return []
  return [
    here(
      warning,
      ['settings', 'progressSeconds'],
      `a second agent would ring after ${progressSeconds} s, but a ring lasts ${ringSeconds} s: choose less`,
    ),
  ]
}

function weightsThatAreAllZero(group: GroupNumber): readonly Found[] {
  if (settingsOf(group).strategy !== 'weightedRandom' || group.members.length === 0) return []
  return group.members.some(({ weight }) => weight !== 0)
    ? []
    : [here(warning, ['members'], 'all weights are 0, so nobody is ever drawn: give at least one a weight')]
}

function messagesOfAnotherKind(group: GroupNumber, { messages }: Configuration): readonly Found[] {
  const known = new Map(messages.map((message) => [message.id, message]))
  return messagesNamed(group).flatMap(({ path, message: id, as }) => {
    const message = known.get(id)
    if (!message) return []
    if (message.groupNumber !== undefined && message.groupNumber !== group.id)
      return [
        here(warning, path, `${message.name} belongs to another group number: choose one of its own or the company's`),
      ]
    return message.kind === as || message.kind === 'other'
      ? []
      : [here(warning, path, `${message.name} is of kind ${message.kind}, played as ${as}: choose another`)]
  })
}

function forwardsToGroupNumbers(group: GroupNumber, { groupNumbers }: Configuration): readonly Found[] {
  const numbers = new Set<string>(groupNumbers.map(({ number }) => number))
  return actionsNamed(group).flatMap(({ path, action }) =>
    isForward(action) && numbers.has(action.to)
      ? [here(warning, [...path, 'to'], `${action.to} is a group number: send callers there with { "do": "group" }`)]
      : [],
  )
}

const isForward = (action: Action | { readonly do: 'queue' }) => action.do === 'forward'
