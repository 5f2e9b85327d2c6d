import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gruppnummer, resources } from './command.ts'

const example = join(resources, 'example')
let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'gruppnummer-cli-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

function written(name: string, content: unknown): string {
  const file = join(directory, name)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

describe('the help', () => {
  test('lists what is built, and nothing else', () => {
    const { code, out } = gruppnummer(['--help'])
    expect(code).toBe(0)
    expect([...out.matchAll(/^ {2}gruppnummer ([\w-]+)/gm)].map(([, verb]) => verb)).toEqual([
      'serve',
      'supervise',
      'link',
      'status',
      'replay',
      'check',
      'diff',
      'export',
      'import',
      'review',
      'asterisk-config',
    ])
  })

  test.each([[[]], [['fly']], [['constructor']]])('%j is answered with one line and exit 2', (args) => {
    const { code, out, err } = gruppnummer(args)
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toMatch(/^gruppnummer: expected one of serve, .*\n$/)
  })
})

describe('status', () => {
  const asked = (number: string, at: string) =>
    gruppnummer(['status', example, '--number', number, '--at', at, '--json'])

  test('says open, why, what plays and until when, by the clock of the company', () => {
    const { code, out } = asked('+46122260980', '2026-11-23T08:00:00Z')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({
      open: true,
      reason: { kind: 'schedule', id: 'ordinarie', name: 'Ordinarie schema' },
      message: 'welcome-kundtjanst',
      next: { at: '2026-11-23T16:00:00+01:00', open: false },
    })
  })

  test('says null where nothing changes', () => {
    expect(JSON.parse(asked('+46846500415', '2026-11-22T03:00+01:00').out)).toMatchObject({ open: true, next: null })
  })

  test('takes the document itself, too, and prints it readably without --json', () => {
    const file = join(example, 'gruppnummer.json')
    const { out } = gruppnummer(['status', file, '--number', '+46122260980', '--at', '2026-12-24T09:00:00+01:00'])
    expect(out).toContain('\n  "open": false,\n')
    expect(JSON.parse(out)).toMatchObject({ reason: { kind: 'exception', id: 'julafton', name: 'Julafton' } })
  })

  test('--batch answers each line', () => {
    const input = '+46122260980 2026-11-23T09:00:00+01:00\n\n+46846500415\t2026-11-23T09:00:00+01:00\r\n'
    const { code, out } = gruppnummer(['status', example, '--batch'], input)
    expect(code).toBe(0)
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { message: string }).message),
    ).toEqual(['welcome-kundtjanst', 'welcome-support'])
  })

  test('--batch stops at a line that is none, and says which', () => {
    const { code, out, err } = gruppnummer(
      ['status', example, '--batch'],
      '+46122260980 2026-11-23T09:00:00Z\n+46122260980\n',
    )
    expect(code).toBe(2)
    expect(out.split('\n')).toHaveLength(2)
    expect(err).toMatch(/^gruppnummer: line 2: expected a group number and an instant/)
  })

  test('opens no audio file', () => {
    const file = written('alone.json', readFileSync(join(example, 'gruppnummer.json'), 'utf8'))
    expect(gruppnummer(['status', file, '--number', '+46122260980', '--at', '2026-11-23T09:00:00Z']).code).toBe(0)
  })

  test.each<[string, string[], RegExp]>([
    [
      'an unknown number',
      ['--number', '+46122260981', '--at', '2026-11-23T09:00:00Z'],
      /example: groupNumbers: expected one with the number \+46122260981: there are \+46122260980, \+46846500415/,
    ],
    [
      'a time without an offset',
      ['--number', '+46122260980', '--at', '2026-11-23T09:00:00'],
      /2026-11-23T09:00:00: expected an instant/,
    ],
    ['no time', ['--number', '+46122260980'], /expected --at/],
    ['no number', ['--at', '2026-11-23T09:00:00Z'], /expected --number/],
    ['both forms', ['--batch', '--at', '2026-11-23T09:00:00Z'], /expected --batch, or --number and --at/],
    ['an unknown option', ['--when', 'now'], /Unknown option '--when'/],
  ])('%s is answered with one line and exit 2', (_, args, said) => {
    const { code, out, err } = gruppnummer(['status', example, ...args])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(said)
    expect(err.trim().split('\n')).toHaveLength(1)
  })

  test.each<[string, unknown, RegExp]>([
    ['faulty JSON', '{\n  "agents": [,]\n}', /: line 2, column 14: expected a value$/],
    ['no configuration', {}, /: schemaVersion: expected 1: it is missing \(and 5 more\)$/],
  ])('%s is answered with file, path and what was expected', (_, content, said) => {
    const { code, err } = gruppnummer(['status', written('faulty.json', content), '--batch'])
    expect(code).toBe(2)
    expect(err.trim()).toMatch(said)
    expect(err).toContain('faulty.json')
  })

  test('a file that is not there is answered with one line', () => {
    expect(gruppnummer(['status', join(directory, 'nowhere'), '--batch'])).toMatchObject({
      code: 2,
      err: `gruppnummer: ${join(directory, 'nowhere')}: expected a file or a directory: there is none\n`,
    })
  })
})

describe('check', () => {
  test('finds nothing in the example company', () => {
    expect(gruppnummer(['check', example, '--json'])).toEqual({ code: 0, out: '[]\n', err: '' })
  })

  test('a warning is exit 0', () => {
    const document = JSON.parse(readFileSync(join(example, 'gruppnummer.json'), 'utf8')) as {
      messages: unknown[]
      groupNumbers: { messages: object; settings: object; members: unknown[] }[]
    }
    document.messages = []
    for (const group of document.groupNumbers) group.messages = { music: [] }
    document.groupNumbers[1]!.members = []
    const { code, out } = gruppnummer(['check', written('warned.json', document)])
    expect(code).toBe(0)
    expect(out).toBe('warning: groupNumbers[1].members: open with nobody to answer: add agents\n')
  })

  test('an audio file that is missing is exit 2, and --json lists every problem', () => {
    const file = written('lonely.json', readFileSync(join(example, 'gruppnummer.json'), 'utf8'))
    const { code, out } = gruppnummer(['check', file, '--json'])
    expect(code).toBe(2)
    expect((JSON.parse(out) as unknown[])[0]).toEqual({
      path: 'messages[0].file',
      message: 'audio/welcome-kundtjanst.wav cannot be read: put the file there, or remove the message',
      severity: 'error',
    })
  })

  test('an audio file with other bytes is exit 2', () => {
    const document = JSON.parse(readFileSync(join(example, 'gruppnummer.json'), 'utf8')) as {
      messages: { file: string; sha256: string }[]
    }
    for (const message of document.messages) message.file = 'sound.wav'
    for (const message of document.messages) message.sha256 = '0'.repeat(64)
    copyFileSync(join(example, 'audio', 'prerecorded-music.wav'), join(directory, 'sound.wav'))
    const { code, out, err } = gruppnummer(['check', written('other.json', document)])
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/other\.json: messages\[0\]\.sha256: sound\.wav has other bytes, sha256 [0-9a-f]{64}: put the/)
  })

  test('a rule that is broken in a document that can be read is told, exit 1', () => {
    const document = JSON.parse(readFileSync(join(example, 'gruppnummer.json'), 'utf8')) as {
      messages: unknown[]
      groupNumbers: { id: string; messages: object; settings: object }[]
    }
    document.messages = []
    for (const group of document.groupNumbers) group.messages = { music: [] }
    const [first, second] = document.groupNumbers
    first!.settings = { whenClosed: { do: 'group', to: second!.id } }
    second!.settings = { whenClosed: { do: 'group', to: first!.id } }
    const { code, out } = gruppnummer(['check', written('round.json', document)])
    expect(code).toBe(1)
    expect(out).toMatch(/^error: groupNumbers\[0\]\.settings\.whenClosed: a caller may be sent round .+ → /)
  })

  test('a document that cannot be taken is told problem by problem, exit 2', () => {
    const { code, out, err } = gruppnummer(['check', written('empty.json', {}), '--json'])
    expect(code).toBe(2)
    expect(JSON.parse(out)).toHaveLength(6)
    expect(err).toMatch(/^gruppnummer: .*empty\.json: schemaVersion: expected 1: it is missing \(and 5 more\)\n$/)
  })
})

describe('replay', () => {
  const story = {
    configuration: join(example, 'gruppnummer.json'),
    seed: 1,
    until: '2026-11-28T09:10:00+01:00',
    events: [{ at: '2026-11-28T09:00:00+01:00', type: 'callArrived', call: 'c1', to: '+46122260980' }],
  }

  test('prints JSON lines in the form of the story', () => {
    const { code, out } = gruppnummer(['replay', written('story.json', story), '--json'])
    expect(code).toBe(0)
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines[0]).toMatchObject({ at: '2026-11-28T09:00:00+01:00', kind: 'notice', type: 'refused', why: 'closed' })
  })

  test('the configuration lies beside the story, or in it', () => {
    const configuration: unknown = JSON.parse(readFileSync(join(example, 'gruppnummer.json'), 'utf8'))
    written('beside.json', configuration)
    const beside = gruppnummer(['replay', written('one.json', { ...story, configuration: 'beside.json' })])
    const inside = gruppnummer(['replay', written('two.json', { ...story, configuration })])
    expect(beside.code).toBe(0)
    expect(beside.out).toMatch(/^2026-11-28T09:00:00\+01:00 {2}notice refused {2}call c1, /)
    expect(inside).toEqual(beside)
  })

  test.each<[string, object]>([
    ['a call that never arrived', { ...story, events: [{ at: story.until, type: 'callerHungUp', call: 'c9' }] }],
    ['a configuration that is none', { ...story, configuration: {} }],
    ['no events', { ...story, events: undefined }],
  ])('%s: one line, exit 2', (_, content) => {
    const { code, out, err } = gruppnummer(['replay', written('wrong.json', content), '--json'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('wrong.json')
    expect(err.trim().split('\n')).toHaveLength(1)
  })
})
