import { once } from 'node:events'
import { cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { serializeConfiguration } from '../../src/core/configuration/serialize.ts'
import type { Configuration } from '../../src/core/configuration/types.ts'
import { gruppnummer, resources } from '../cli/command.ts'
import { runCommand } from '../cli/run-command.ts'
import { temporaryDirectory } from '../support/persistence/temporary-directory.ts'
import { bytesIn } from './bytes-in.ts'

const number = '+46122260980'
const monday = '2026-11-23T09:00:00+01:00'
/** With a group number, schedules, agents and sounds. */
const example = join(resources, 'example')
const sound = 'audio/welcome-kundtjanst.wav'

type Loose = ReturnType<typeof exampleDocument>
/** What is edited below, loosely, so that wrong things can be written. */
function exampleDocument() {
  return JSON.parse(readFileSync(join(example, 'gruppnummer.json'), 'utf8')) as {
    company: Record<string, unknown>
    agents: { phone: string }[]
    groupNumbers: { schedules: { week: { mon: { from: string }[] } }[] }[]
    messages: { file: string }[]
  }
}

/** The example company in a directory of its own. */
function company(edit: (document: Loose) => void = () => undefined): string {
  const directory = join(temporaryDirectory(), 'company')
  cpSync(example, directory, { recursive: true })
  const document = exampleDocument()
  edit(document)
  writeFileSync(join(directory, 'gruppnummer.json'), `${JSON.stringify(document, null, 2)}\n`)
  return directory
}

const documentIn = (directory: string) => join(directory, 'gruppnummer.json')

/** One line, exit code 2, and nothing in the directory is another. */
function isRefused(directory: string, args: readonly string[]): string {
  const before = bytesIn(directory)
  const { code, out, err } = gruppnummer(args)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(bytesIn(directory)).toEqual(before)
  expect(err).toMatch(/^gruppnummer: [^\n]+\n$/)
  return err
}

/** The same of `serve`, which would go on if it were not refused. */
async function serveIsRefused(directory: string, args: readonly string[] = []): Promise<string> {
  const before = bytesIn(directory)
  const { code, stdout, stderr } = await runCommand('serve', ['--config', directory, '--port', '0', ...args]).ended
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(bytesIn(directory)).toEqual(before)
  expect(stderr).toMatch(/^gruppnummer serve: [^\n]+\n$/)
  return stderr
}

/** Has served once: a lock, a log, versions and a journal are there. */
async function servedOnce(directory: string) {
  const serving = runCommand('serve', ['--config', directory, '--port', '0'])
  await serving.prints(/listens on/)
  serving.process.kill('SIGTERM')
  expect((await serving.ended).code).toBe(0)
}

describe('a document that is no configuration', () => {
  const documents: [string, (document: Loose) => void, RegExp][] = [
    [
      'an unknown key',
      (document) => (document.company.timezone = 'Europe/Stockholm'),
      /gruppnummer\.json: company\.timezone: unknown key/,
    ],
    [
      'a time that is none',
      (document) => (document.groupNumbers[0]!.schedules[0]!.week.mon[0]!.from = '25:00'),
      /gruppnummer\.json: groupNumbers\[0\]\.schedules\[0\]\.week\.mon\[0\]\.from: expected a time/,
    ],
    [
      'two agents with one phone number',
      ({ agents }) => (agents[1]!.phone = agents[0]!.phone),
      /gruppnummer\.json: agents\[1\]\.phone: expected phone of its own: .* is already that of \[0\]/,
    ],
  ]

  test.each(documents)('%s is refused by check, status and serve alike', async (_, edit, words) => {
    const directory = company(edit)
    expect(isRefused(directory, ['check', directory])).toMatch(words)
    expect(isRefused(directory, ['status', directory, '--number', number, '--at', monday])).toMatch(words)
    expect(await serveIsRefused(directory)).toMatch(words)
  })

  test('JSON that is cut off is named with line and column', async () => {
    const directory = company()
    truncateSync(documentIn(directory), 300)
    const words = /gruppnummer\.json: line \d+, column \d+: expected /
    expect(isRefused(directory, ['check', directory])).toMatch(words)
    expect(isRefused(directory, ['status', directory, '--batch'])).toMatch(words)
    expect(await serveIsRefused(directory)).toMatch(words)
  })

  test('with --json the problems are a list, and it is still exit 2', () => {
    const directory = company(({ company: edited }) => (edited.country = 'XX'))
    const { code, out, err } = gruppnummer(['check', directory, '--json'])
    expect(code).toBe(2)
    expect(JSON.parse(out)).toEqual([{ path: 'company.country', message: 'expected "SE"', severity: 'error' }])
    expect(err.trim().split('\n')).toHaveLength(1)
  })
})

describe('a sound', () => {
  test('that is missing is refused by check', () => {
    const directory = company()
    rmSync(join(directory, sound))
    expect(isRefused(directory, ['check', directory])).toContain(
      `${documentIn(directory)}: messages[0].file: ${sound} cannot be read: put the file there, or remove the message`,
    )
  })

  test.each<[string, (file: string) => void, RegExp]>([
    ['is no WAV at all', (file) => writeFileSync(file, 'ID3'), /is not a WAV file \(expected a WAV file of 8 kHz/],
    ['is cut short', (file) => truncateSync(file, 1000), /is cut short: \d+ bytes of sound are announced, 956 are/],
    ['is empty', (file) => truncateSync(file, 0), /is not a WAV file/],
  ])('that %s is refused by check', (_, spoil, words) => {
    const directory = company()
    spoil(join(directory, sound))
    const said = isRefused(directory, ['check', directory])
    expect(said).toContain(`${documentIn(directory)}: messages[0].file: ${sound} `)
    expect(said).toMatch(words)
  })

  test('that is missing and one that is broken do not keep a service from starting, which says so', async () => {
    const directory = company()
    rmSync(join(directory, sound))
    writeFileSync(join(directory, 'audio', 'prerecorded-music.wav'), 'noise')
    const serving = runCommand('serve', ['--config', directory, '--port', '0'])
    await serving.prints(/#link=/)
    serving.process.kill('SIGTERM')
    const { code, stderr } = await serving.ended
    expect(code).toBe(0)
    expect(stderr).toContain(`a sound is not heard: ${sound} cannot be read`)
    expect(stderr).toContain('a sound is not heard: audio/prerecorded-music.wav is not a WAV file')
    expect(readFileSync(join(directory, 'service.log'), 'utf8')).toContain('"path":"messages[0].file"')
  })
})

describe('a data directory', () => {
  test('whose document is damaged is served with the newest good version, loudly', async () => {
    const directory = company()
    await servedOnce(directory)
    const good = readFileSync(documentIn(directory), 'utf8')
    truncateSync(documentIn(directory), 300)
    const damaged = readFileSync(documentIn(directory))

    const serving = runCommand('serve', ['--config', directory, '--port', '0'])
    await serving.prints(/listens on/)
    serving.process.kill('SIGTERM')
    const { code, stderr } = await serving.ended
    expect(code).toBe(0)
    const aside = readdirSync(directory).find((name) => name.startsWith('gruppnummer.json.damaged-')) ?? ''
    expect(stderr).toMatch(/^gruppnummer serve: [^\n]+\n$/)
    expect(stderr).toContain(`${documentIn(directory)}: not JSON`)
    expect(stderr).toContain(`set aside as ${join(directory, aside)}, and revision 1 is used`)
    expect(readFileSync(join(directory, aside))).toEqual(damaged)
    expect(readFileSync(documentIn(directory), 'utf8')).toBe(good)
  })

  test('whose document and versions are all damaged is refused, and stays as it is', async () => {
    const directory = company()
    await servedOnce(directory)
    truncateSync(documentIn(directory), 300)
    const versions = join(directory, 'versions')
    for (const name of readdirSync(versions)) truncateSync(join(versions, name), 400)
    const said = await serveIsRefused(directory)
    expect(said).toContain(`${documentIn(directory)}: not JSON`)
    expect(said).toContain(`no good version is kept in ${versions}`)
  })

  test('that a service owns is not given to a second one', async () => {
    const directory = company()
    await runCommand('serve', ['--config', directory, '--port', '0']).prints(/#link=/)
    const kept = () => ({ ...stillOf(directory), document: readFileSync(documentIn(directory), 'utf8') })
    const before = kept()
    const { code, stdout, stderr } = await runCommand('serve', ['--config', directory, '--port', '0']).ended
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toBe(
      `gruppnummer serve: ${directory}: another service owns this directory; stop it, or choose another\n`,
    )
    expect(kept()).toEqual(before)
  })

  test('stays as it is when the port that was asked for is in use', async () => {
    const server = createServer()
    onTestFinished(() => void server.close())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const port = String((server.address() as AddressInfo).port)
    const words = `gruppnummer serve: 127.0.0.1: port ${port} in use; expected a free one, by --port\n`

    const fresh = company()
    expect(await serveIsRefused(fresh, ['--port', port])).toBe(words)
    const served = company()
    await servedOnce(served)
    expect(await serveIsRefused(served, ['--port', port])).toBe(words)
    const missing = join(temporaryDirectory(), 'never-made')
    expect((await runCommand('serve', ['--config', missing, '--port', port]).ended).stderr).toBe(words)
    expect(() => statSync(missing)).toThrow()
  })

  test('stays as it is when it would be served off this machine without TLS', async () => {
    expect(await serveIsRefused(company(), ['--host', '0.0.0.0'])).toMatch(
      /--host 0\.0\.0\.0: expected --tls-cert and --tls-key/,
    )
  })

  test.each<[string, string]>([
    ['is cut off', '[{"name":"Op'],
    ['names no address', '[{"name":"Operator","address":"sip.example.com"}]'],
  ])('stays as it is when its trunks.json %s', async (_, text) => {
    const directory = company()
    writeFileSync(join(directory, 'trunks.json'), text)
    expect(await serveIsRefused(directory)).toContain(`${join(directory, 'trunks.json')}: $`)
  })
})

/** What the running service writes meanwhile, and first a moment after it says that it serves; the rest is not to be touched. */
function stillOf(directory: string) {
  const written = /^((journal|calls)\.sqlite|work\.json|service\.log|switch\.log|owner\.lock)/
  return Object.fromEntries(Object.entries(bytesIn(directory)).filter(([file]) => !written.test(file)))
}

describe('a command line', () => {
  test.each<[string, string[], RegExp]>([
    ['an unknown verb', ['fly'], /^gruppnummer: expected one of serve, .*, not fly$/],
    ['no verb', [], /^gruppnummer: expected one of serve, /],
    ['an unknown option of check', ['check', 'HERE', '--strict'], /Unknown option '--strict'/],
    ['an unknown option of replay', ['replay', 'HERE', '--fast'], /Unknown option '--fast'/],
    ['an unknown option of status', ['status', 'HERE', '--when', 'now'], /Unknown option '--when'/],
    ['no file', ['check'], /expected CONFIG/],
    ['one file too many', ['check', 'HERE', 'more.json'], /expected CONFIG alone, not also more\.json/],
    [
      'a file that is not there',
      ['check', 'HERE/none.json'],
      /none\.json: expected a file or a directory: there is none/,
    ],
    [
      'a number that no group has',
      ['status', 'HERE', '--number', '+46122260999', '--at', monday],
      /: groupNumbers: expected one with the number \+46122260999: there are /,
    ],
    [
      'an instant without its offset',
      ['status', 'HERE', '--number', number, '--at', '2026-11-23T09:00:00'],
      /2026-11-23T09:00:00: expected an instant, such as/,
    ],
    [
      'a day that does not exist',
      ['status', 'HERE', '--number', number, '--at', '2026-02-30T09:00:00+01:00'],
      /2026-02-30T09:00:00\+01:00: expected an instant/,
    ],
  ])('with %s is refused', (_, args, words) => {
    const directory = company()
    const said = isRefused(
      directory,
      args.map((arg) => arg.replace('HERE', directory)),
    )
    expect(said.trim()).toMatch(words)
  })

  test('of serve with an unknown option is refused', async () => {
    expect(await serveIsRefused(company(), ['--prot', '1'])).toContain('--prot')
  })
})

describe('a story', () => {
  const arrival = { at: monday, type: 'callArrived', call: 'c1', to: number }
  const logIn = { at: monday, type: 'loggedIn', agent: 'nobody' }
  const earlier = { at: '2026-11-23T08:59:59+01:00', type: 'callerHungUp', call: 'c1' }

  test.each<[string, unknown, RegExp]>([
    ['events out of order', [arrival, earlier], /story\.json: events\[1\]\.at: expected events in the order of their/],
    ['an unknown agent', [logIn], /story\.json: events\[0\]\.agent: no agent nobody is configured/],
    ['a call that never arrived', [earlier], /story\.json: events\[0\]\.call: no call c1 has arrived/],
    ['an event of no kind', [{ at: monday, type: 'flew' }], /story\.json: events\[0\]\.type: /],
    ['events that are no list', { 0: arrival }, /story\.json: events: expected a list of events/],
  ])('with %s is refused', (_, events, words) => {
    const directory = company()
    const file = join(directory, 'story.json')
    writeFileSync(file, JSON.stringify({ configuration: 'gruppnummer.json', until: monday, events }))
    expect(isRefused(directory, ['replay', file, '--json'])).toMatch(words)
  })

  test('of a configuration that is cut off names that file', () => {
    const directory = company()
    truncateSync(documentIn(directory), 300)
    const file = join(directory, 'story.json')
    writeFileSync(file, JSON.stringify({ configuration: 'gruppnummer.json', until: monday, events: [arrival] }))
    expect(isRefused(directory, ['replay', file])).toMatch(/gruppnummer\.json: line \d+, column \d+: /)
  })

  test('that is cut off is named with line and column', () => {
    const directory = company()
    const file = join(directory, 'story.json')
    writeFileSync(file, '{ "configuration": "gruppn')
    expect(isRefused(directory, ['replay', file])).toMatch(/story\.json: line 1, column 20: expected a value/)
  })
})

test('the example company that the rest is made from is good', () => {
  const directory = company()
  expect(gruppnummer(['check', directory])).toMatchObject({ code: 0, err: '' })
  const document = JSON.parse(readFileSync(documentIn(directory), 'utf8')) as Configuration
  expect(readFileSync(documentIn(directory), 'utf8')).toBe(serializeConfiguration(document))
})
