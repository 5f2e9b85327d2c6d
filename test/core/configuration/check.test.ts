import { describe, expect, test } from 'vitest'
import { checkConfiguration } from '../../../src/core/configuration/check.ts'
import { parseConfiguration } from '../../../src/core/configuration/parse.ts'
import { changed, documentOf } from './document.ts'

/** `severity path` for each problem. */
function found(document: unknown): string[] {
  const parsed = parseConfiguration(document)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem))
  return checkConfiguration(parsed.value).map(({ severity, path }) => `${severity} ${path}`)
}

const group = 'groupNumbers[0]'
const [support] = documentOf().groupNumbers
/** Two group numbers, whose settings are given. */
const two = (first: object, second: object) =>
  changed('groupNumbers', [
    { ...support, settings: first },
    { ...support, id: 'sales', number: '+46122260981', name: 'Sälj', settings: second },
  ])
const to = (group: string) => ({ do: 'group', to: group })

test('[C20] nothing is found in a document that is as it should be', () => {
  expect(found(documentOf())).toEqual([])
})

test.each<[string, string, unknown, string[]]>([
  [
    '[C21] intervals that overlap',
    `${group}.schedules[0].week.tue`,
    [
      { from: '08:00', to: '12:00' },
      { from: '11:00', to: '13:00' },
    ],
    [`warning ${group}.schedules[0].week.tue[1]`],
  ],
  [
    '[C21] intervals that meet do not overlap',
    `${group}.schedules[0].week.tue`,
    [
      { from: '08:00', to: '12:00' },
      { from: '12:00', to: '13:00' },
    ],
    [],
  ],
  [
    '[C21] an interval from the night before overlaps the morning',
    `${group}.schedules[0].week.sun`,
    [{ from: '22:00', to: '08:30' }],
    [`warning ${group}.schedules[0].week.mon[0]`],
  ],
  [
    '[C22] no schedule',
    group,
    { ...support, schedules: [], activeSchedule: undefined, exceptions: [] },
    [`warning ${group}.schedules`],
  ],
  ['[C22] no active schedule', `${group}.activeSchedule`, undefined, [`warning ${group}.activeSchedule`]],
  [
    '[C22] an active schedule without hours',
    `${group}.schedules[0].week.mon`,
    [],
    [`warning ${group}.schedules[0].week`],
  ],
  ['[C23] open with nobody to answer', `${group}.members`, [], [`warning ${group}.members`]],
  ['[C25] a message that nothing plays', `${group}.messages.welcome`, null, ['warning messages[0]']],
  [
    '[C26] a wait shorter than a ring',
    `${group}.settings.maxWaitSeconds`,
    10,
    [`warning ${group}.settings.maxWaitSeconds`],
  ],
  ['[C26] no limit is no short wait', `${group}.settings.maxWaitSeconds`, 0, []],
  [
    '[C28] a welcome message played as closed',
    `${group}.messages.closed`,
    'hello',
    [`warning ${group}.messages.closed`],
  ],
  [
    '[C29] a forward to a group number',
    `${group}.settings.whenFull`,
    { do: 'forward', to: '+46122260980' },
    [`warning ${group}.settings.whenFull.to`],
  ],
  ['[C30] an agent with the phone of a group number', 'agents[0].phone', '+46122260980', ['warning agents[0].phone']],
  [
    '[C31] a second agent who would ring too late',
    `${group}.settings`,
    { strategy: 'ringProgressively', progressSeconds: 20 },
    [`warning ${group}.settings.progressSeconds`],
  ],
])('%s', (_, path, value, expected) => {
  const document = changed(path, value)
  expect(found(JSON.parse(JSON.stringify(document)))).toEqual(expected)
})

describe('[C24] callers sent in a ring', () => {
  test('at once is an error', () => {
    expect(found(two({ whenFull: to('sales') }, { whenNoAgents: to('support') }))).toEqual([
      'error groupNumbers[0].settings.whenFull',
      'error groupNumbers[1].settings.whenNoAgents',
    ])
  })
  test('after a wait is a warning', () => {
    expect(found(two({ whenFull: to('sales') }, { whenTimeout: to('support') }))).toEqual([
      'warning groupNumbers[0].settings.whenFull',
      'warning groupNumbers[1].settings.whenTimeout',
    ])
  })
  test('to itself, too', () => {
    expect(found(two({ whenTimeout: to('support') }, {}))).toEqual(['warning groupNumbers[0].settings.whenTimeout'])
  })
  test('one way is no ring', () => {
    expect(found(two({ whenFull: to('sales'), whenTimeout: to('sales') }, {}))).toEqual([])
  })
})

describe('[C27] an exception that never decides', () => {
  const day = { id: 'a', name: 'A', effect: 'closed', from: '2026-12-24T00:00', to: '2026-12-25T00:00' }
  const shadowed = (exceptions: object[]) => found(changed(`${group}.exceptions`, exceptions))

  test('since one as long stands after it', () => {
    expect(shadowed([day, { ...day, id: 'b' }])).toEqual([`warning ${group}.exceptions[0]`])
  })
  test('since two shorter ones cover it', () => {
    const morning = { ...day, id: 'b', to: '2026-12-24T12:00' }
    const afternoon = { ...day, id: 'c', from: '2026-12-24T12:00' }
    expect(shadowed([morning, day, afternoon])).toEqual([`warning ${group}.exceptions[1]`])
  })
  test('a yearly one that another covers in its first year alone does decide', () => {
    expect(
      shadowed([
        { ...day, yearly: true },
        { ...day, id: 'b' },
      ]),
    ).toEqual([])
  })
})

test('[C32] one file cannot have two contents', () => {
  const [hello] = documentOf().messages
  const messages = [hello, { ...hello, id: 'other', kind: 'other', sha256: 'b'.repeat(64) }]
  expect(found(changed('messages', messages))).toEqual(['error messages[1].sha256'])
})
