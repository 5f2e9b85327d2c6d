import fc from 'fast-check'
import type { Action, Configuration, Settings, Strategy } from '../../../src/core/configuration/types.ts'
import { always, company, type GroupSays } from './company.ts'

export const agentIds = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'] as const
/** A configuration has the first one to five of them. */
export const groupIds = ['a', 'b', 'c', 'd', 'e'] as const
/** By place, as `company` gives them. */
export const numberOf = (place: number) => `+4612226098${String(place)}`

const strategies: readonly Strategy[] = [
  'longestIdle',
  'ringAll',
  'roundRobin',
  'fixedOrder',
  'fewestCalls',
  'leastTalkTime',
  'random',
  'weightedRandom',
  'ringProgressively',
]

/** Chains among group numbers may turn round, and come back to the one they began in. */
const actionOf = (groups: number): fc.Arbitrary<Action> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant({ do: 'hangUp' } as const) },
    {
      weight: 3,
      arbitrary: fc.nat({ max: groups - 1 }).map((place) => ({ do: 'group', to: groupIds[place] }) as never),
    },
    { weight: 1, arbitrary: fc.constantFrom('+4681234567', numberOf(0)).map((to) => ({ do: 'forward', to }) as never) },
    { weight: 1, arbitrary: fc.constant({ do: 'voicemail' } as const) },
  )

const settingsOf = (groups: number): fc.Arbitrary<Partial<Settings>> => {
  const action = actionOf(groups)
  return fc.record(
    {
      strategy: fc.constantFrom(...strategies),
      ringSeconds: fc.constantFrom(5, 20),
      progressSeconds: fc.constantFrom(2, 10),
      wrapUpSeconds: fc.constantFrom(0, 10, 30),
      escalateSeconds: fc.constantFrom(null, 1, 5, 10),
      missesBeforePause: fc.constantFrom(0, 1, 3),
      maxQueueLength: fc.constantFrom(0, 1, 2, 50),
      maxWaitSeconds: fc.constantFrom(0, 3, 20, 60, 300),
      comfortSeconds: fc.constantFrom(0, 1, 10),
      announcePosition: fc.boolean(),
      announceWait: fc.boolean(),
      welcome: fc.constantFrom('playFirst', 'whileRinging'),
      whenClosed: action,
      whenFull: action,
      whenTimeout: action,
      whenNoAgents: fc.oneof(fc.constant({ do: 'queue' } as const), action),
      atClosing: fc.constantFrom('serveQueue', 'closeQueue'),
      priority: fc.constantFrom(-3, 0, 5),
      callers: fc.subarray([
        { prefix: '+4671', priority: 3 },
        { number: '+46701234567', priority: -2 },
        { number: '+46709999999', block: true },
      ]),
      presentCaller: fc.constantFrom('caller', 'groupNumber'),
      acceptOnPhone: fc.constantFrom(
        { digit: '1', seconds: 3 },
        { digit: '2', seconds: 8, text: 'Samtal till {group}, {wait}, tryck {digit}' },
      ),
      callback: fc.constantFrom(
        null,
        { digit: '5', afterSeconds: 0, tries: 2, untilHours: 1 },
        { digit: '5', afterSeconds: 2, tries: 1, untilHours: 0.02 },
      ),
      voicemail: fc.constantFrom({ maxSeconds: 5, retentionDays: 0 }, { maxSeconds: 180, retentionDays: 90 }),
      serviceLevelSeconds: fc.constantFrom(1, 20),
      shortAbandonSeconds: fc.constantFrom(0, 5),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Partial<Settings>>
}

const closing = [{ from: '08:00', to: '09:02' }]
const opening = [{ from: '09:01', to: '17:00' }]
const days = { tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] }
const weeks = { always, closing: { ...days, mon: closing }, opening: { ...days, mon: opening } }

/** All of these stories are of 2026-11-23, from 09:00 on. */
const hoursOf = (groups: number): fc.Arbitrary<Partial<GroupSays>> => {
  const message = fc.constantFrom({}, { message: 'closed' })
  const action = fc.oneof(
    fc.constant({}),
    actionOf(groups).map((action) => ({ action })),
  )
  const effect = fc.constantFrom('closed', 'open')
  const withMore = (said: object) =>
    fc.tuple(effect, message, action).map(([effect, message, action]) => ({ effect, ...message, ...action, ...said }))
  return fc.record(
    {
      schedules: fc.constantFrom(...Object.values(weeks)).map((week) => [{ id: 'week', name: 'Vecka', week }]),
      exceptions: fc.array(withMore({ id: 'x', name: 'Lunch', from: '2026-11-23T09:01', to: '2026-11-23T09:03' }), {
        maxLength: 1,
      }),
      override: fc.oneof(withMore({}), withMore({ until: '2026-11-23T09:02' })),
    },
    { requiredKeys: ['schedules'] },
  ) as unknown as fc.Arbitrary<Partial<GroupSays>>
}

const member = (agent: string) =>
  fc.record({
    agent: fc.constant(agent),
    level: fc.constantFrom(1, 1, 2, 3, 9),
    weight: fc.constantFrom(0, 1, 3),
  })

const groupOf = (id: string, groups: number): fc.Arbitrary<GroupSays> =>
  fc
    .record({
      members: fc.shuffledSubarray([...agentIds]).chain((agents) => fc.tuple(...agents.map(member))),
      settings: settingsOf(groups),
      hours: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 2, arbitrary: hoursOf(groups) }),
      messages: fc.constantFrom(
        { music: [] },
        { music: ['music'], welcome: 'welcome', closed: null },
        { music: ['music', 'more'], welcome: 'welcome', comfort: 'comfort', overflow: 'overflow', closed: 'closed' },
      ),
    })
    .map(({ hours, messages, ...rest }) => ({ id, ...rest, ...hours, messages: messages as never }))

const message = (id: string) => ({
  id,
  name: id,
  kind: 'other',
  language: 'sv',
  transcript: '',
  seconds: 4,
  file: `audio/${id}.wav`,
  sha256: '',
  origin: 'uploaded',
})

const messages = ['welcome', 'comfort', 'overflow', 'closed', 'music', 'more'].map(message)

const agentsSay = fc.tuple(
  ...agentIds.map((id) =>
    fc.record(
      { id: fc.constant(id), answersAt: fc.constantFrom('softphone', 'phone'), wrapUpSeconds: fc.constantFrom(0, 7) },
      { requiredKeys: ['id'] },
    ),
  ),
)

/** Every setting, in every value that may make a difference; one to five group numbers that share six agents. */
export const configurations: fc.Arbitrary<Configuration> = fc.integer({ min: 1, max: groupIds.length }).chain((count) =>
  fc
    .record({
      groups: fc.tuple(...groupIds.slice(0, count).map((id) => groupOf(id, count))),
      agents: agentsSay,
      language: fc.constantFrom('sv' as const, 'en' as const),
      serviceNumbers: fc.constantFrom(
        {},
        { serviceNumbers: { logIn: { short: '833' }, record: { short: '844', long: '+46840084400' } } },
      ),
    })
    .map(({ groups, agents, language, serviceNumbers }) => {
      const made = company(groups, { agents: agents, messages: messages as never })
      return { ...made, company: { ...made.company, language, ...(serviceNumbers as object) } }
    }),
)
