import fc from 'fast-check'
import { expect, test } from 'vitest'
import type {
  Configuration,
  E164,
  GroupNumberId,
  Message,
  MessageId,
  Settings,
} from '../../../src/core/configuration/types.ts'
import type { CallerQuestion, CallerStep } from '../../../src/core/hours/caller-way.ts'
import { whatCallerMeets } from '../../../src/core/hours/what-caller-meets.ts'
import { parseInstant } from '../../../src/core/instant.ts'
import { parseStory, playStory } from '../../../src/core/routing/story.ts'
import { company, supportNumber, type GroupSays } from '../../support/routing/company.ts'

const salesNumber = '+46122260990' as E164
const caller = '+46701740605' as E164
const at = (text: string) => {
  const instant = parseInstant(text)
  if (instant === undefined) throw new Error(text)
  return instant
}
const monday = at('2026-11-23T09:00:00+01:00')

const message = (id: string, kind: Message['kind'], seconds: number): Message => ({
  id: id as MessageId,
  name: id,
  kind,
  language: 'sv',
  transcript: '',
  seconds,
  file: `audio/${id}.wav`,
  sha256: 'a'.repeat(64),
  origin: 'recorded',
})
const messages = [
  message('hello', 'welcome', 8),
  message('shut', 'closed', 5),
  message('wait', 'comfort', 6),
  message('sorry', 'overflow', 7),
  message('tune', 'music', 60),
]
const id = (name: string) => name as MessageId
const said = {
  welcome: id('hello'),
  closed: id('shut'),
  comfort: id('wait'),
  overflow: id('sorry'),
  music: [id('tune')],
}
const toSales = { do: 'group', to: 'sales' as GroupNumberId } as const

const asked = (question: Partial<CallerQuestion> = {}): CallerQuestion => ({
  number: supportNumber,
  at: monday,
  from: caller,
  staffing: 'busy',
  ...question,
})

function steps(groups: readonly GroupSays[], question?: Partial<CallerQuestion>): string[] {
  const way = whatCallerMeets(company(groups, { messages }), asked(question))
  return way.kind === 'unknown' ? ['unknown'] : way.steps.map(inWords)
}

function inWords(step: CallerStep): string {
  const rest = {
    arrives: () =>
      step.kind === 'arrives'
        ? `${step.open ? 'open' : 'closed'} by ${step.reason.kind} ${step.reason.name ?? ''}`
        : '',
    blocked: () => '',
    priority: () => '',
    plays: () =>
      step.kind === 'plays'
        ? `${step.as} ${String(step.message)} ${String(step.seconds)} s by ${step.chosenBy}${step.every === undefined ? '' : ` every ${String(step.every)} s`}`
        : '',
    queued: () => (step.kind === 'queued' ? String(step.position) : ''),
    music: () => (step.kind === 'music' ? step.messages.join(' ') : ''),
    rings: () => (step.kind === 'rings' ? `${step.agents.join(' ')}${step.all ? ' at once' : ''}` : ''),
    answered: () => '',
    waitsOn: () => '',
    leaves: () =>
      step.kind === 'leaves' ? `${step.why}, ${step.then.do}${step.asked ? ` instead of ${step.asked.do}` : ''}` : '',
    announces: () =>
      step.kind === 'announces'
        ? `${step.position ? 'position ' : ''}${step.wait ? 'wait ' : ''}every ${String(step.every)} s`
        : '',
    voicemail: () => (step.kind === 'voicemail' ? `${String(step.maxSeconds)} s` : ''),
    forwarded: () => (step.kind === 'forwarded' ? step.to : ''),
    hungUp: () => '',
  }[step.kind]()
  return `${String(step.after)} ${step.group} ${step.kind} ${rest}`.trim()
}

const full: GroupSays = { id: 'support', members: ['anna', 'ben'], messages: said }

test('[A7] a caller who waits hears welcome, music and comfort, and then what overflow says', () => {
  expect(
    steps([{ ...full, settings: { maxWaitSeconds: 300, whenTimeout: { do: 'forward', to: caller } } }], { waiting: 2 }),
  ).toEqual([
    '0 support arrives open by schedule Alltid',
    '0 support queued 3',
    '0 support plays welcome hello 8 s by groupNumber',
    '8 support music tune',
    '68 support plays comfort wait 6 s by groupNumber every 60 s',
    '300 support leaves timeout, forward',
    '300 support plays overflow sorry 7 s by groupNumber',
    `307 support forwarded ${caller}`,
  ])
})

test('[A7] with somebody free it rings after the welcome, or meanwhile', () => {
  expect(steps([full], { staffing: 'free' }).slice(-2)).toEqual(['8 support rings anna ben', '8 support answered'])
  const meanwhile = { ...full, settings: { welcome: 'whileRinging', strategy: 'ringAll' } as const }
  expect(steps([meanwhile], { staffing: 'free' }).slice(-2)).toEqual([
    '0 support rings anna ben at once',
    '0 support answered',
  ])
})

test('[A7] a level that opens later is rung later', () => {
  const late: GroupSays = { ...full, members: [{ agent: 'anna', level: 3 }], settings: { escalateSeconds: 40 } }
  expect(steps([late], { staffing: 'free' }).slice(-3)).toEqual([
    '68 support plays comfort wait 6 s by groupNumber every 60 s',
    '80 support rings anna',
    '80 support answered',
  ])
})

test('[A7] the exception that decides brings its message and its action, to another group number', () => {
  const closed: GroupSays = {
    ...full,
    exceptions: [
      {
        id: 'may',
        name: 'Första maj',
        effect: 'closed',
        from: '2027-05-01T00:00',
        to: '2027-05-02T00:00',
        message: 'sorry',
        action: toSales,
      },
    ] as unknown as NonNullable<GroupSays['exceptions']>,
  }
  const sales: GroupSays = { id: 'sales', number: salesNumber, settings: { whenNoAgents: { do: 'hangUp' } } }
  expect(steps([closed, sales], { at: at('2027-05-01T12:00:00+02:00') })).toEqual([
    '0 support arrives closed by exception Första maj',
    '0 support leaves closed, group',
    '0 support plays closed sorry 7 s by exception',
    '7 sales arrives open by schedule Alltid',
    '7 sales leaves noAgents, hangUp',
    '7 sales plays overflow null 0 s by preset',
    '7 sales hungUp',
  ])
})

test('[A7] nobody goes round', () => {
  const round: GroupSays = { ...full, override: { effect: 'closed', action: toSales } }
  const back: GroupSays = {
    id: 'sales',
    number: salesNumber,
    override: { effect: 'closed', action: { do: 'group', to: 'support' as GroupNumberId } },
  }
  expect(steps([round, back]).at(-3)).toBe('5 sales leaves closed, hangUp instead of group')
})

test('[A7] a caller may leave a voicemail, after the message', () => {
  const voicemail: GroupSays = { ...full, override: { effect: 'closed', action: { do: 'voicemail' } } }
  expect(steps([voicemail]).slice(1)).toEqual([
    '0 support leaves closed, voicemail',
    '0 support plays closed shut 5 s by groupNumber',
    '5 support voicemail 180 s',
  ])
})

test('[A7] the place and the wait to come are said after the comfort message', () => {
  const announced = (settings: Partial<Settings>) =>
    steps([{ ...full, settings: { maxWaitSeconds: 0, ...settings } }]).filter((step) => /announces|comfort/.test(step))
  expect(announced({ announcePosition: true, announceWait: true })).toEqual([
    '68 support plays comfort wait 6 s by groupNumber every 60 s',
    '74 support announces position wait every 60 s',
  ])
})

test('[A7] a full queue, a blocked caller and one who goes first', () => {
  expect(steps([{ ...full, settings: { maxQueueLength: 2 } }], { waiting: 2 })).toContain(
    '0 support leaves full, hangUp',
  )
  const rules: Settings['callers'] = [
    { prefix: '+4670', block: true },
    { number: caller, priority: 5 },
  ]
  expect(steps([{ ...full, settings: { callers: rules } }], { waiting: 4 })).toContain('0 support queued 1')
  expect(steps([{ ...full, settings: { callers: rules } }], { from: '+46701740699' as E164 }).slice(1)).toEqual([
    '0 support blocked',
    '0 support leaves blocked, hangUp',
    '0 support hungUp',
  ])
})

test('[A7] with no limit the caller waits on; a queue that closes ends the wait', () => {
  expect(steps([{ ...full, settings: { maxWaitSeconds: 0 } }]).at(-1)).toBe('8 support waitsOn')
  const hours = { mon: [{ from: '08:00', to: '09:01' }], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] }
  const closing = {
    ...full,
    schedules: [{ id: 'week', name: 'Kort', week: hours }] as unknown as NonNullable<GroupSays['schedules']>,
    settings: { atClosing: 'closeQueue' },
  } as const
  expect(steps([closing]).slice(-3)).toEqual([
    '60 support leaves closing, hangUp',
    '60 support plays closed shut 5 s by groupNumber',
    '65 support hungUp',
  ])
})

test('[A7] a number that is no group number is not known', () => {
  expect(steps([full], { number: caller })).toEqual(['unknown'])
})

// --- the router agrees ----------------------------------------------------------------------------

const choice = fc.constantFrom('hello', 'shut', 'wait', 'sorry', null)
const action = fc.constantFrom<Settings['whenFull']>(
  { do: 'hangUp' },
  { do: 'forward', to: caller },
  { do: 'voicemail' },
  toSales,
  { do: 'group', to: 'support' as GroupNumberId },
)
const group = fc.record({
  members: fc.constantFrom<string[]>([], ['anna'], ['anna', 'ben']),
  override: fc.constantFrom<unknown>(
    undefined,
    { effect: 'closed' },
    { effect: 'closed', message: 'wait', action: toSales },
    { effect: 'closed', until: '2026-11-23T09:00', action: { do: 'hangUp' } },
  ),
  messages: fc.record({
    welcome: choice,
    closed: choice,
    comfort: choice,
    overflow: choice,
    music: fc.constantFrom([], ['tune']),
  }),
  settings: fc.record({
    maxWaitSeconds: fc.constantFrom(0, 5, 90, 200),
    maxQueueLength: fc.constantFrom(0, 3),
    comfortSeconds: fc.constantFrom(0, 20, 60),
    welcome: fc.constantFrom('playFirst', 'whileRinging'),
    whenClosed: action,
    whenFull: action,
    whenTimeout: action,
    whenNoAgents: fc.oneof(action, fc.constant({ do: 'queue' as const })),
    atClosing: fc.constantFrom('serveQueue', 'closeQueue'),
    callers: fc.constantFrom([], [{ prefix: '+4670', block: true }]),
  }),
  until: fc.constantFrom('09:00', '09:01', '12:00'),
})

/** What is played and done, when, as the router says it in the first ten minutes. */
function routed(configuration: Configuration, staffing: 'none' | 'busy'): string[] {
  const logIns = configuration.agents.flatMap(({ id: agent }) => [
    { at: 0, type: 'loggedIn', agent },
    { at: 0, type: 'paused', agent },
  ])
  const events = [
    ...(staffing === 'busy' ? logIns : []),
    { at: 0, type: 'callArrived', call: 'c', to: supportNumber, from: caller },
  ]
  const story = parseStory({ configuration, start: '2026-11-23T09:00:00+01:00', until: 600, events })
  if (!story.ok) throw new Error(JSON.stringify(story.problem))
  const lines = playStory({ ...story.value, start: monday }, configuration)
  if (!lines.ok) throw new Error(JSON.stringify(lines.problem))
  return lines.value.flatMap((line) => {
    if (line.kind !== 'command') return []
    if (line.type === 'play') return [`${String(line.at)} play ${String(line.message)}`]
    if (line.type === 'forward') return [`${String(line.at)} forward ${String(line.to)}`]
    return line.type === 'hangUp' ? [`${String(line.at)} hangUp`] : []
  })
}

function foretold(configuration: Configuration, staffing: 'none' | 'busy'): string[] {
  const way = whatCallerMeets(configuration, asked({ staffing }))
  if (way.kind === 'unknown') return []
  return way.steps.flatMap((step, index) => {
    if (step.kind === 'plays' && step.message !== null) {
      const end = way.steps.slice(index + 1).find(({ kind }) => kind === 'leaves')?.after ?? Infinity
      const times: number[] = []
      for (let time = step.after; time < end && time <= 600; time += step.seconds + (step.every ?? Infinity))
        times.push(time)
      const heard = step.as === 'closed' || step.as === 'overflow' ? [step.after] : times
      return heard.filter((time) => time <= 600).map((time) => `${String(time)} play ${String(step.message)}`)
    }
    if (step.after > 600) return []
    if (step.kind === 'forwarded') return [`${String(step.after)} forward ${step.to}`]
    return step.kind === 'hungUp' ? [`${String(step.after)} hangUp`] : []
  })
}

test('[A7] what is foretold is what the router does', () => {
  fc.assert(
    fc.property(group, group, fc.constantFrom<'none' | 'busy'>('none', 'busy'), (first, second, staffing) => {
      const groupOf = ({ until, override, ...rest }: typeof first, more: object) => {
        const mon = [{ from: '08:00', to: until }]
        const week = { mon, tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] }
        const hours = { schedules: [{ id: 'week', name: 'Vecka', week }] }
        return { ...rest, ...hours, ...(override !== undefined && { override }), ...more } as unknown as GroupSays
      }
      const configuration = company(
        [groupOf(first, { id: 'support' }), groupOf(second, { id: 'sales', number: salesNumber })],
        { messages },
      )
      expect(foretold(configuration, staffing)).toEqual(routed(configuration, staffing))
    }),
    { numRuns: 500 },
  )
})
