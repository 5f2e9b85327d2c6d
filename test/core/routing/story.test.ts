import { expect, test } from 'vitest'
import type { Message } from '../../../src/core/configuration/types.ts'
import type { RoutingEvent } from '../../../src/core/routing/messages.ts'
import { parseStory, playStory } from '../../../src/core/routing/story.ts'
import { company, supportNumber } from '../../support/routing/company.ts'

const hello = { id: 'hello', seconds: 2.5 } as unknown as Message
const configuration = company([{ members: ['anna'], messages: { welcome: 'hello', music: [] } as never }], {
  messages: [hello],
})
const nine = '2026-11-23T09:00:00+01:00'
const arrival = { type: 'callArrived', call: 'c1', to: supportNumber }

function tell(story: Record<string, unknown>) {
  const parsed = parseStory({ configuration, ...story })
  if (!parsed.ok) return parsed
  return playStory(parsed.value, configuration)
}

const linesOf = (story: Record<string, unknown>) => {
  const told = tell(story)
  if (!told.ok) throw new Error(JSON.stringify(told.problem))
  return told.value
}

const problemsOf = (story: Record<string, unknown>) => {
  const told = tell(story)
  return told.ok ? [] : told.problem.map(({ path }) => path)
}

test('lines have the form of the story: instants with its offset, durations in seconds', () => {
  const lines = linesOf({
    until: '2026-11-23T08:00:10Z',
    events: [
      { at: '2026-11-23T08:00:00Z', type: 'loggedIn', agent: 'anna' },
      { at: '2026-11-23T08:00:00Z', ...arrival },
      { at: '2026-11-23T08:00:04.250Z', type: 'agentAnswered', call: 'c1', agent: 'anna' },
      { at: '2026-11-23T08:00:06Z', type: 'callerHungUp', call: 'c1' },
    ],
  })
  expect(lines.filter(({ type }) => ['ring', 'connected', 'wrapUpStarted'].includes(type))).toEqual([
    expect.objectContaining({ at: '2026-11-23T08:00:02.500Z', kind: 'command', type: 'ring' }) as unknown,
    {
      at: '2026-11-23T08:00:04.250Z',
      kind: 'notice',
      type: 'connected',
      call: 'c1',
      group: 'support',
      agent: 'anna',
      waited: 4.25,
    },
    { at: '2026-11-23T08:00:06Z', kind: 'notice', type: 'wrapUpStarted', agent: 'anna', until: '2026-11-23T08:00:36Z' },
  ])
})

test('until is inclusive, and what is due after it does not happen', () => {
  const events = [{ at: 0, ...arrival }]
  const settled = (until: number) => linesOf({ start: nine, until, events }).some(({ type }) => type === 'left')
  expect(settled(1199)).toBe(false)
  expect(settled(1200)).toBe(true)
})

test('with its own played events a story decides when a message ends', () => {
  const lines = linesOf({
    start: nine,
    played: 'story',
    events: [
      { at: 0, type: 'loggedIn', agent: 'anna' },
      { at: 0, ...arrival },
      { at: 7, type: 'played', call: 'c1', message: 'hello' },
    ],
  })
  expect(lines.find(({ type }) => type === 'ring')).toMatchObject({ at: 7 })
})

test('naming an ended call has no effect', () => {
  const events = [
    { at: 0, ...arrival },
    { at: 1, type: 'callerHungUp', call: 'c1' },
    { at: 2, type: 'callerHungUp', call: 'c1' },
    { at: 3, type: 'played', call: 'c1', message: 'hello' },
  ]
  expect(linesOf({ start: nine, events }).filter(({ at }) => Number(at) > 1)).toEqual([])
})

test('devices are ready unless the story says otherwise, also after a switch is attached', () => {
  const rung = (...before: object[]) =>
    linesOf({
      start: nine,
      until: 30,
      events: [{ at: 0, type: 'loggedIn', agent: 'anna' }, ...before, { at: 9, ...arrival }],
    }).some(({ type }) => type === 'ring')
  expect(rung()).toBe(true)
  expect(rung({ at: 0, type: 'deviceChanged', agent: 'anna', state: 'busy' })).toBe(false)
  expect(rung({ at: 1, type: 'switchLost' }, { at: 2, type: 'switchAttached', calls: [] })).toBe(true)
})

test.each<[string, Record<string, unknown>, string]>([
  [
    'events out of order',
    {
      start: nine,
      events: [
        { at: 5, ...arrival },
        { at: 4, type: 'timePassed' },
      ],
    },
    'events[1].at',
  ],
  [
    'an event before the start',
    { start: nine, events: [{ at: '2026-11-23T08:59:59+01:00', type: 'timePassed' }] },
    'events[0].at',
  ],
  [
    'a call that never arrived',
    { start: nine, events: [{ at: 0, type: 'callerHungUp', call: 'c9' }] },
    'events[0].call',
  ],
  [
    'a call that arrives twice',
    {
      start: nine,
      events: [
        { at: 0, ...arrival },
        { at: 1, ...arrival },
      ],
    },
    'events[1].call',
  ],
  ['an unknown agent', { start: nine, events: [{ at: 0, type: 'paused', agent: 'bo' }] }, 'events[0].agent'],
  [
    'an unknown group number',
    { start: nine, events: [{ at: 0, type: 'loggedIn', agent: 'anna', group: 'x' }] },
    'events[0].group',
  ],
  ['an unknown type', { start: nine, events: [{ at: 0, type: 'callArived' }] }, 'events[0].type'],
  ['a type out of the prototype', { start: nine, events: [{ at: 0, type: 'toString' }] }, 'events[0].type'],
  ['an unknown key of an event', { start: nine, events: [{ at: 0, ...arrival, form: '+46701' }] }, 'events[0].form'],
  ['a missing key', { start: nine, events: [{ at: 0, type: 'callArrived', call: 'c1' }] }, 'events[0].to'],
  [
    'a wrong word',
    { start: nine, events: [{ at: 0, type: 'deviceChanged', agent: 'anna', state: 'on' }] },
    'events[0].state',
  ],
  ['seconds without a start', { events: [{ at: 0, ...arrival }] }, 'events[0].at'],
  ['a time without an offset', { events: [{ at: '2026-11-23T09:00:00', ...arrival }] }, 'events[0].at'],
  ['an unknown key of the story', { start: nine, events: [], untill: 5 }, 'untill'],
  ['no events', { start: nine }, 'events'],
  ['a seed that is no number', { start: nine, seed: 'one', events: [] }, 'seed'],
  [
    'a broken configuration in an event',
    { start: nine, events: [{ at: 0, type: 'configured', configuration: { ...configuration, schemaVersion: 2 } }] },
    'events[0].configuration.schemaVersion',
  ],
  [
    'what a switch holds, broken',
    {
      start: nine,
      events: [
        {
          at: 0,
          type: 'switchAttached',
          calls: [{ call: 'c1', to: 'x', arrived: 0, answered: true, hears: { kind: 'noise' }, offers: [] }],
        },
      ],
    },
    'events[0].calls[0].hears.kind',
  ],
])('%s is a problem with its path', (_, story, path) => {
  expect(problemsOf(story)).toContain(path)
})

/** One of each, as a story writes them. */
const each: Readonly<Record<RoutingEvent['type'], Readonly<Record<string, unknown>>>> = {
  callArrived: { call: 'c1', to: supportNumber, from: '+46701234567', name: 'Eva' },
  callerHungUp: { call: 'c1' },
  digitPressed: { call: 'c1', digit: '5' },
  played: { call: 'c1', message: 'hello', play: 'p1' },
  agentAnswered: { call: 'c1', agent: 'anna', offer: 'o1' },
  agentDeclined: { call: 'c1', agent: 'anna', cause: 'busy' },
  agentHungUp: { call: 'c1', agent: 'anna' },
  agentLost: { call: 'c1', agent: 'anna' },
  agentDigit: { call: 'c1', agent: 'anna', digit: '1' },
  deviceChanged: { agent: 'anna', state: 'busy' },
  recorded: { call: 'c1', file: 'r1.wav', seconds: 4 },
  forwarded: { call: 'c1', result: 'ended' },
  agentCalled: { call: 'c1', agent: 'anna', to: '+46701234567' },
  agentCallAnswered: { call: 'c1', agent: 'anna' },
  agentCallEnded: { call: 'c1', agent: 'anna', why: 'other' },
  loggedIn: { agent: 'anna', as: 'before', by: 'eva' },
  loggedOut: { agent: 'anna', group: 'support' },
  paused: { agent: 'anna', reason: 'lunch' },
  resumed: { agent: 'anna' },
  wrapUpEnded: { agent: 'anna' },
  wrapUpExtended: { agent: 'anna', seconds: 30 },
  commandFailed: { call: 'c1', command: 'play', reason: 'refused' },
  callbackAsked: { call: 'c1', number: '+46701234567' },
  pinChecked: { call: 'c1', ok: true },
  callbackAnswered: { call: 'c1' },
  callbackFailed: { call: 'c1', cause: 'busy' },
  transferAsked: { call: 'c1', agent: 'anna', to: { group: 'support' }, how: 'consult' },
  transferConfirmed: { call: 'c1' },
  transferCancelled: { call: 'c1' },
  threeWayAsked: { call: 'c1' },
  picked: { call: 'c1', agent: 'anna' },
  callMoved: { call: 'c1', group: 'support' },
  prioritised: { call: 'c1', priority: 3 },
  monitored: { call: 'c1', by: 'anna', mode: 'whisper' },
  configured: { configuration: company([]) },
  switchAttached: {
    calls: [
      {
        call: 'c1',
        to: supportNumber,
        arrived: 0,
        answered: true,
        hears: { kind: 'message', message: 'hello' },
        offers: [{ agent: 'anna', offer: 'o1', answered: false }],
      },
    ],
  },
  switchLost: {},
  timePassed: {},
}

test.each(Object.entries(each))('an event %s is read, played, and refused with a key too many', (type, fields) => {
  const events = [...(type === 'callArrived' ? [] : [{ at: 0, ...arrival }]), { at: 1, type, ...fields }]
  expect(problemsOf({ start: nine, until: 90, events })).toEqual([])
  expect(
    problemsOf({ start: nine, until: 90, events: [...events.slice(0, -1), { at: 1, type, ...fields, extra: 1 }] }),
  ).toEqual([`events[${String(events.length - 1)}].extra`])
})

test('a recording in which nothing was said has no file', () => {
  const recorded = { at: 1, type: 'recorded', call: 'c1', file: '', seconds: 0 }
  expect(problemsOf({ start: nine, until: 90, events: [{ at: 0, ...arrival }, recorded] })).toEqual([])
})

test('a call that an agent makes begins with that', () => {
  const own = { call: 'a1', agent: 'anna' }
  const events = [
    { at: 1, type: 'agentCalled', ...own, to: 'echo' },
    { at: 2, type: 'agentCallEnded', ...own, why: 'agent' },
  ]
  expect(problemsOf({ start: nine, until: 90, events })).toEqual([])
  expect(problemsOf({ start: nine, until: 90, events: events.slice(1) })).toEqual(['events[0].call'])
})
