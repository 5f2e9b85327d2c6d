import { describe, expect, expectTypeOf, test } from 'vitest'
import type { z } from 'zod'
import { parseConfiguration, parseConfigurationText } from '../../../src/core/configuration/parse.ts'
import { presets, settingsOf } from '../../../src/core/configuration/presets.ts'
import type { configurationSchema } from '../../../src/core/configuration/schema.ts'
import type { Configuration, GroupNumber } from '../../../src/core/configuration/types.ts'
import { changed, documentOf } from './document.ts'

/** `path: message` for each problem; empty: it parsed. */
function problemsOf(document: unknown): string[] {
  const parsed = parseConfiguration(document)
  return parsed.ok ? [] : parsed.problem.map(({ path, message }) => `${path}: ${message}`)
}

function textProblems(text: string): string[] {
  const parsed = parseConfigurationText(text)
  return parsed.ok ? [] : parsed.problem.map(({ path, message }) => `${path}: ${message}`)
}

test('the document of these tests is a configuration', () => {
  expect(problemsOf(documentOf())).toEqual([])
})

/** Without readonly and with every key: so that a key which one side lacks does not hide as an optional one. */
type Full<T> = T extends string | number | boolean | null
  ? T
  : T extends readonly (infer Item)[]
    ? Full<Item>[]
    : { [Key in keyof T]-?: Full<T[Key]> }

test('the schema gives the types as they are written by hand', () => {
  expectTypeOf<Full<z.infer<typeof configurationSchema>>>().toExtend<Full<Configuration>>()
  expectTypeOf<Full<Configuration>>().toExtend<Full<z.infer<typeof configurationSchema>>>()
})

describe('[C2] an unknown key is an error that names its path', () => {
  test.each([
    ['colour'],
    ['company.colour'],
    ['agents[1].password'],
    ['groupNumbers[0].schedules[0].week.monday'],
    ['groupNumbers[0].exceptions[0].until'],
    ['groupNumbers[0].messages.farewell'],
    ['groupNumbers[0].settings.ringsSeconds'],
  ])('%s', (path) => {
    expect(problemsOf(changed(path, 1))).toEqual([`${path}: unknown key`])
  })

  test('also in an action and in a rule about callers', () => {
    const settings = {
      whenFull: { do: 'hangUp', to: '+46122260981' },
      callers: [{ number: '+46122260981', block: true, why: 'x' }],
    }
    expect(problemsOf(changed('groupNumbers[0].settings', settings))).toEqual([
      'groupNumbers[0].settings.whenFull.to: unknown key',
      'groupNumbers[0].settings.callers[0].why: unknown key',
    ])
  })

  test('a key that is the name of no variable stands in quotes', () => {
    expect(problemsOf(JSON.parse('{"odd key":1,"__proto__":2}'))).toEqual(
      expect.arrayContaining(['["odd key"]: unknown key', '__proto__: unknown key']),
    )
  })
})

describe('[C6] a value that cannot be is an error that says what was expected', () => {
  const expectedTime = 'expected a time from 00:00 to 23:59'
  const expectedEnd = 'expected a time from 00:00 to 24:00'
  const expectedPhone = 'expected a phone number as +, country and number, such as +46122260980'
  const expectedDate = 'expected a date and time that exist, from 00:00 to 23:59'
  test.each<[string, unknown, string]>([
    ['schemaVersion', 2, 'expected 1'],
    ['company.timeZone', 'Europe/Atlantis', 'expected an IANA time zone, such as Europe/Stockholm'],
    ['company.timeZone', '+01:00', 'expected an IANA time zone, such as Europe/Stockholm'],
    ['company.language', 'no', 'expected "sv" or "en"'],
    ['agents', {}, 'expected a list'],
    ['agents[0].phone', '0701740605', expectedPhone],
    ['agents[0].phone', '+0701740605', expectedPhone],
    ['agents[0].phone', '+467017', expectedPhone],
    ['agents[0].wrapUpSeconds', 601, 'expected at most 600'],
    ['agents[0].autoAnswer', false, 'expected true'],
    ['agents[0].id', '', 'expected a text that is not empty'],
    ['agents[0].id', '__proto__', 'expected an id without control characters'],
    ['groupNumbers[0].members[0].level', 10, 'expected at most 9'],
    ['groupNumbers[0].schedules[0].week.mon[0].from', '25:00', expectedTime],
    ['groupNumbers[0].schedules[0].week.mon[0].from', '24:00', expectedTime],
    ['groupNumbers[0].schedules[0].week.mon[0].from', '8:00', expectedTime],
    ['groupNumbers[0].schedules[0].week.mon[0].to', '24:01', expectedEnd],
    ['groupNumbers[0].schedules[0].week.tue', undefined, 'expected a list: it is missing'],
    ['groupNumbers[0].exceptions[0].from', '2026-02-29T00:00', expectedDate],
    ['groupNumbers[0].exceptions[0].from', '2026-12-24T24:00', expectedDate],
    ['groupNumbers[0].exceptions[0].from', '2026-12-24', 'expected a date and time as YYYY-MM-DDTHH:MM'],
    ['groupNumbers[0].exceptions[0].yearly', false, 'expected true'],
    ['groupNumbers[0].settings.ringSeconds', 4, 'expected at least 5'],
    ['groupNumbers[0].settings.ringSeconds', 20.5, 'expected a whole number'],
    ['groupNumbers[0].settings.ringSeconds', '20', 'expected a number'],
    ['groupNumbers[0].settings.whenFull', { do: 'sing' }, ''],
    ['groupNumbers[0].settings.whenFull', { do: 'queue' }, ''],
    ['groupNumbers[0].settings.callers', [{ number: '+46122260981' }], ''],
    ['messages[0].seconds', -1, 'expected at least 0'],
    ['messages[0].sha256', 'A'.repeat(64), 'expected 64 lower-case hexadecimal digits'],
  ])('%s = %j', (path, value, expectation) => {
    const problems = problemsOf(changed(path, value))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(path)
    if (expectation) expect(problems[0]).toBe(`${path}: ${expectation}`)
  })

  test('who nobody is waits in the queue, but nobody else does', () => {
    expect(problemsOf(changed('groupNumbers[0].settings', { whenNoAgents: { do: 'queue' } }))).toEqual([])
    expect(problemsOf(changed('groupNumbers[0].settings', { whenFull: { do: 'queue' } }))).toEqual([
      'groupNumbers[0].settings.whenFull.do: expected "hangUp" or "forward" or "group" or "voicemail"',
    ])
  })

  test.each<[object, string]>([
    [{ number: '+46122260981', prefix: '+4612', block: true }, 'expected exactly one of number and prefix'],
    [{ block: true }, 'expected exactly one of number and prefix'],
    [{ prefix: '+4612' }, 'expected exactly one of priority and block'],
    [{ prefix: '+4612', priority: 1, block: true }, 'expected exactly one of priority and block'],
  ])('a rule about callers such as %j', (rule, expectation) => {
    expect(problemsOf(changed('groupNumbers[0].settings', { callers: [rule] }))).toEqual([
      `groupNumbers[0].settings.callers[0]: ${expectation}`,
    ])
  })

  test.each<[object, string]>([
    [
      { callPage: { url: 'http://crm.example.com', at: 'answer' } },
      'callPage.url: expected an address that begins with https://',
    ],
    [
      { callPage: { url: 'https://{number}.example.com', at: 'answer' } },
      'callPage.url: expected the name of a host after https://, without braces',
    ],
    [{ callPage: { url: 'https://crm.example.com', at: 'noon' } }, 'callPage.at: expected "ringing" or "answer"'],
    [
      { outcomes: [{ code: 'a b', name: 'Order', active: true }] },
      'outcomes[0].code: expected 1 to 20 letters, digits, dots, hyphens or underscores',
    ],
    [{ outcomes: [{ code: 'a', name: '', active: true }] }, 'outcomes[0].name: expected a text that is not empty'],
    [
      {
        outcomes: [
          { code: 'a', name: 'Order', active: true },
          { code: 'a', name: 'Other', active: false },
        ],
      },
      'outcomes: expected each code once',
    ],
  ])('[C6] what stands around a call, such as %j', (settings, expectation) => {
    expect(problemsOf(changed('groupNumbers[0].settings', settings))).toEqual([
      `groupNumbers[0].settings.${expectation}`,
    ])
  })

  test.each([null, [], 'text', 7])('%j is no document', (document) => {
    expect(problemsOf(document)).toEqual([': expected an object'])
  })

  test('of very many problems the first are told, and how many there are', () => {
    const problems = problemsOf(
      changed(
        'agents',
        Array.from({ length: 1000 }, () => 0),
      ),
    )
    expect(problems).toHaveLength(201)
    expect(problems.at(-1)).toBe(': and 800 more like these')
  })
})

describe('[C13] an audio file lies beside the document', () => {
  test.each(['/etc/passwd', '../secret.wav', 'audio/../../x.wav', 'audio\\x.wav', 'C:x.wav', './x.wav', 'audio/', ''])(
    '%j is refused',
    (file) => expect(problemsOf(changed('messages[0].file', file))).toHaveLength(1),
  )
  test.each(['x.wav', 'audio/sv/hälsning 1.wav', 'audio/..x.wav'])('%j is taken', (file) =>
    expect(problemsOf(changed('messages[0].file', file))).toEqual([]),
  )
})

describe('what the parts say of each other', () => {
  test.each<[string, unknown, string]>([
    ['[C7] agents[1].id', 'anna', 'expected id of its own: "anna" is already that of [0]'],
    ['[C8] agents[1].phone', '+46701740605', 'expected phone of its own: "+46701740605" is already that of [0]'],
    ['[C9] agents[0].agreement', 'x', 'expected the id of a known agreement: there is no "x"'],
    ['[C9] groupNumbers[0].agreement', 'x', 'expected the id of a known agreement: there is no "x"'],
    ['[C9] groupNumbers[0].members[0].agent', 'x', 'expected the id of a known agent: there is no "x"'],
    ['[C7] groupNumbers[0].members[1].agent', 'anna', 'expected agent of its own: "anna" is already that of [0]'],
    [
      '[C9] groupNumbers[0].activeSchedule',
      'x',
      'expected the id of a known schedule of this group number: there is no "x"',
    ],
    ['[C9] groupNumbers[0].messages.welcome', 'x', 'expected the id of a known message: there is no "x"'],
    ['[C9] groupNumbers[0].messages.music[0]', 'x', 'expected the id of a known message: there is no "x"'],
    ['[C9] groupNumbers[0].schedules[0].closed', 'x', 'expected the id of a known message: there is no "x"'],
    ['[C9] groupNumbers[0].exceptions[0].message', 'x', 'expected the id of a known message: there is no "x"'],
    ['[C9] messages[0].groupNumber', 'x', 'expected the id of a known group number: there is no "x"'],
    ['[C10] agreements[0].parent', 'main', 'expected a main agreement: "main" is below itself'],
    ['[C12] groupNumbers[0].exceptions[0].to', '2026-12-24T00:00', 'expected a time after its from, 2026-12-24T00:00'],
  ])('%s = %j', (rule, value, expectation) => {
    const path = rule.split(' ')[1] ?? ''
    expect(problemsOf(changed(path, value))).toContain(`${path}: ${expectation}`)
  })

  test('[C9] an action leads to a group number that exists', () => {
    const nowhere = { do: 'group', to: 'x' }
    const document = changed('groupNumbers[0].settings.whenTimeout', nowhere)
    expect(
      problemsOf(changed('groupNumbers[0].override', { effect: 'closed', action: nowhere }, document as object)),
    ).toEqual([
      'groupNumbers[0].override.action.to: expected the id of a known group number: there is no "x"',
      'groupNumbers[0].settings.whenTimeout.to: expected the id of a known group number: there is no "x"',
    ])
  })

  test('[C8] no two group numbers have one number', () => {
    const [first] = documentOf().groupNumbers
    expect(problemsOf(changed('groupNumbers', [first, { ...first, id: 'other' }]))).toEqual([
      'groupNumbers[1].number: expected number of its own: "+46122260980" is already that of [0]',
    ])
  })

  test('[C10] agreements in a ring are told once', () => {
    const agreements = [
      { id: 'main', name: 'A', parent: 'b' },
      { id: 'b', name: 'B', parent: 'c' },
      { id: 'c', name: 'C', parent: 'b' },
    ]
    expect(problemsOf(changed('agreements', agreements))).toHaveLength(1)
  })

  test('[C12] a yearly exception ends within the year', () => {
    expect(problemsOf(changed('groupNumbers[0].exceptions[0].to', '2027-12-24T00:00'))).toEqual([])
    expect(problemsOf(changed('groupNumbers[0].exceptions[0].to', '2027-12-24T00:01'))).toHaveLength(1)
  })
})

describe('the text of a document', () => {
  test.each<[string, string]>([
    ['{\n  "agents": [],\n}', ': line 3, column 1: expected a key in double quotes'],
    ['{ "agents": agents }', ': line 1, column 13: expected a value'],
    ['{ "agents" [] }', ': line 1, column 12: expected : after the key'],
    ['{ "a": 1\n  "b": 2 }', ': line 2, column 3: expected , or }'],
    ['[1, 2', ': line 1, column 6: expected more: the text ends here'],
    ['', ': line 1, column 1: expected more: the text ends here'],
    ['{} {}', ': line 1, column 4: expected nothing after the document'],
    ['{ "a": "b\\x" }', ': line 1, column 8: expected a value'],
    ['[01]', ': line 1, column 3: expected , or ]'],
    [']', ': line 1, column 1: expected a value'],
  ])('[C4] a fault in the JSON has a line and a column: %j', (text, problem) => {
    expect(textProblems(text)).toEqual([problem])
  })

  test('[C5] a key that comes twice is an error, since one of the two would be lost', () => {
    expect(textProblems('{ "agents": [], "\\u0061gents": [] }')).toEqual([
      ': line 1, column 17: expected each key once: "agents" comes twice',
    ])
  })

  test('a byte order mark is no fault', () => {
    expect(textProblems(`\ufeff${JSON.stringify(documentOf())}`)).toEqual([])
  })

  test('[C14] what nests too deep, is too long or has too many faults is refused in words', () => {
    expect(textProblems('['.repeat(1_000_000))).toEqual([': line 1, column 33: expected nesting of at most 32 levels'])
    expect(textProblems(' '.repeat(16 * 1024 * 1024 + 1))).toEqual([': expected a document of at most 16 MiB'])
    expect(textProblems(`{"agents":[${'1,'.repeat(300_000)}1]}`)).toEqual([
      ': expected a configuration: this has too many faults to list',
    ])
    expect(textProblems(`"${'\\n'.repeat(1_000_000)}"`)).toEqual([': expected an object'])
  })
})

describe('[C15] an absent setting has its preset', () => {
  const group = (settings: GroupNumber['settings']) => settingsOf({ settings })
  test('all are absent', () => expect(group({})).toEqual(presets))
  test('one is not', () => expect(group({ ringSeconds: 25 })).toEqual({ ...presets, ringSeconds: 25 }))
  test('null is a value', () => expect(group({ escalateSeconds: null }).escalateSeconds).toBeNull())
})
