import { describe, expect, test } from 'vitest'
import { checkConfiguration } from '../../../src/core/configuration/check.ts'
import { parseConfiguration } from '../../../src/core/configuration/parse.ts'
import { presetDestinations, type DestinationTable } from '../../../src/core/destinations/allowed-destination.ts'
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
    '[C42] one short number to log in and to record',
    'company.serviceNumbers',
    { logIn: { short: '833', long: '+46771833833' }, record: { short: '833', long: '+46771833833' } },
    ['error company.serviceNumbers.record.short', 'error company.serviceNumbers.record.long'],
  ],
  [
    '[C42] a service number that is the emergency number, and one that is a group number',
    'company.serviceNumbers',
    { logIn: { short: '112' }, record: { short: '844', long: '+46122260980' } },
    ['error company.serviceNumbers.logIn.short', 'error company.serviceNumbers.record.long'],
  ],
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
  test.each([
    ['whenFull', 'error'],
    ['whenNoAgents', 'error'],
    ['whenClosed', 'error'],
    ['whenTimeout', 'warning'],
  ])('by %s there and back, each step at its path', (setting, severity) => {
    const rings = found(two({ [setting]: to('sales') }, { [setting]: to('support') }))
    expect(rings.filter((problem) => problem.endsWith(`.settings.${setting}`))).toEqual(
      [0, 1].map((index) => `${severity} groupNumbers[${String(index)}].settings.${setting}`),
    )
  })
  test('through three, with the ring by name', () => {
    const ring = ['support', 'sales', 'night'].map((id, index, { [(index + 1) % 3]: next = '' }) => ({
      ...support,
      id,
      number: `+4612226098${String(index)}`,
      name: id.toUpperCase(),
      settings: { whenFull: to(next) },
    }))
    const parsed = parseConfiguration(changed('groupNumbers', ring))
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem))
    const rings = [
      'SUPPORT → SALES → NIGHT → SUPPORT',
      'SALES → NIGHT → SUPPORT → SALES',
      'NIGHT → SUPPORT → SALES → NIGHT',
    ]
    const told = checkConfiguration(parsed.value).map(({ path, words }) => ({ path, words }))
    expect(told.map(({ path }) => path)).toEqual(
      [0, 1, 2].map((index) => `groupNumbers[${String(index)}].settings.whenFull`),
    )
    for (const [index, around] of rings.entries()) {
      expect(told[index]?.words.en).toContain(` ${around}: `)
      expect(told[index]?.words.sv).toContain(` ${around}: `)
    }
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

describe('[C34] an interval', () => {
  test('from a time to the same is a whole day round', () => {
    expect(found(changed(`${group}.schedules[0].week.mon`, [{ from: '08:00', to: '08:00' }]))).toEqual([
      `warning ${group}.schedules[0].week.mon[0]`,
    ])
  })
})

describe('[C35] callers sent to a group number that is closed then', () => {
  const [ordinary] = support?.schedules ?? []
  const hours = (...mon: object[]) => ({
    schedules: [{ ...ordinary, week: { ...ordinary?.week, mon } }],
    activeSchedule: 'ordinary',
    exceptions: [],
  })
  const pair = (ours: object, theirs: object, settings: object) =>
    found(
      changed('groupNumbers', [
        { ...support, ...ours, settings },
        { ...support, ...theirs, id: 'sales', number: '+46122260981', settings: {} },
      ]),
    )

  test('by overflow, where it closes earlier', () => {
    const [short, long] = [hours({ from: '08:00', to: '15:00' }), hours({ from: '08:00', to: '16:00' })]
    expect(pair(long, short, { whenFull: to('sales') })).toEqual([`warning ${group}.settings.whenFull.to`])
    expect(pair(short, long, { whenFull: to('sales') })).toEqual([])
  })
  test('when closed, where it is never open then', () => {
    const [day, night] = [hours({ from: '08:00', to: '16:00' }), hours({ from: '16:00', to: '08:00' })]
    expect(pair(day, day, { whenClosed: to('sales') })).toEqual([`warning ${group}.settings.whenClosed.to`])
    expect(pair(day, night, { whenClosed: to('sales') })).toEqual([])
  })
})

describe('[C36] a message that no caller hears', () => {
  const comfort = { ...documentOf().messages[0], id: 'wait', kind: 'comfort' }
  const withComfort = (settings: object) =>
    found(
      changed(
        `${group}.settings`,
        settings,
        changed(`${group}.messages.comfort`, 'wait', changed('messages[1]', comfort) as object) as object,
      ),
    )

  test('since comfort messages are never played, or nobody waits that long', () => {
    expect(withComfort({ comfortSeconds: 0 })).toEqual([`warning ${group}.messages.comfort`])
    expect(withComfort({ comfortSeconds: 60, maxWaitSeconds: 60 })).toEqual([`warning ${group}.messages.comfort`])
    expect(withComfort({})).toEqual([])
  })
  test('since the active schedule has its own', () => {
    expect(found(changed(`${group}.schedules[0].welcome`, 'hello'))).toEqual([`warning ${group}.messages.welcome`])
  })
})

test('[C37] nothing chosen and nothing prerecorded', () => {
  expect(found(changed(`${group}.messages.closed`, undefined))).toEqual([`warning ${group}.messages.closed`])
})

test('[C38] a message without length', () => {
  expect(found(changed('messages[0].seconds', 0))).toEqual([`warning ${group}.messages.welcome`])
})

describe('[C39] a message that says other hours than the active schedule', () => {
  const says = (transcript: string) => found(changed('messages[0].transcript', transcript))
  test('names where it is chosen', () => {
    expect(says('Vi har öppet 8-17.')).toEqual([`warning ${group}.messages.welcome`])
  })
  test('is none where the times are those of the schedule', () => {
    expect(says('Vi har öppet måndagar 08.00 till 16.')).toEqual([])
  })
})

describe('[C40] a member who is never rung', () => {
  test('since the level opens after the longest wait', () => {
    expect(found(changed(`${group}.settings`, { escalateSeconds: 60, maxWaitSeconds: 60 }))).toEqual([
      `warning ${group}.members[1].level`,
    ])
  })
  test('since the weight is 0', () => {
    const members = [{ agent: 'anna', weight: 0 }, { agent: 'bo' }]
    const drawn = changed(
      `${group}.members`,
      members,
      changed(`${group}.settings`, { strategy: 'weightedRandom' }) as object,
    )
    expect(found(drawn)).toEqual([`warning ${group}.members[0].weight`])
  })
})

describe('[C44] an outcome that is asked for', () => {
  const outcomes = [{ code: '1', name: 'Order', active: true }]
  const asked = (settings: object) => found(changed(`${group}.settings`, { outcomeRequired: true, ...settings }))
  test('where none can be chosen', () => {
    expect(asked({})).toEqual([`warning ${group}.settings.outcomeRequired`])
    expect(asked({ outcomes: [{ ...outcomes[0], active: false }] })).toEqual([
      `warning ${group}.settings.outcomeRequired`,
    ])
    expect(asked({ outcomes })).toEqual([])
  })
  test('where there is no time after a call', () => {
    expect(asked({ outcomes, wrapUpSeconds: 0 })).toEqual([`warning ${group}.settings.outcomeRequired`])
    expect(found(changed(`${group}.settings`, { outcomes, wrapUpSeconds: 0 }))).toEqual([])
  })
})

test('[C41] every finding is said in Swedish and English', () => {
  const parsed = parseConfiguration(changed(`${group}.members`, []))
  expect(parsed.ok ? checkConfiguration(parsed.value) : []).toMatchObject([
    {
      message: 'open with nobody to answer: add agents',
      words: {
        en: 'open with nobody to answer: add agents',
        sv: 'öppet utan att någon kan svara: lägg till agenter',
      },
    },
  ])
})

describe('[C43] numbers that may not be rung', () => {
  const forwarding = (to: string) => changed(`${group}.settings`, { whenFull: { do: 'forward', to } })
  const read = (document: unknown) => {
    const parsed = parseConfiguration(document)
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem))
    return parsed.value
  }
  const lines = (document: unknown, table?: DestinationTable) =>
    checkConfiguration(read(document), table).map(({ severity, path, message }) => `${severity} ${path}: ${message}`)

  test('a forward to one is told with the rule that closes it: an error where the table is known', () => {
    expect(lines(forwarding('+469001234567'), presetDestinations)).toEqual([
      expect.stringMatching(
        /^error groupNumbers\[0\]\.settings\.whenFull\.to: .*\+469001234567.*\+46900 \(Betalnummer 0900\) closes it/,
      ) as string,
    ])
    expect(lines(forwarding('+4722334455'))).toEqual([
      expect.stringMatching(/^warning .*no prefix of the allowed destinations opens it/) as string,
    ])
    expect(lines(forwarding('+46812345678'))).toEqual([])
    const norway = [...presetDestinations, { prefix: '+47', open: true, name: 'Norge' }]
    expect(lines(forwarding('+4722334455'), norway)).toEqual([])
  })
  test('an agent who answers at one, and not one who has a softphone', () => {
    const at = (answersAt: string) =>
      changed('agents[1]', { ...documentOf().agents[1], phone: '+4722334455', answersAt })
    expect(lines(at('phone'), presetDestinations)).toEqual([
      expect.stringMatching(/^error agents\[1\]\.phone: /) as string,
    ])
    expect(lines(at('softphone'), presetDestinations)).toEqual([])
  })
})
