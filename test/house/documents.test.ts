import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { peers, testWith } from '../e2e/support/peers.ts'

/** The names of the tests in a file: what stands in quotes after `test(`, `test.each(...)(` and `testWith(...)(`. */
function testNames(file: string): readonly string[] {
  const strings = readFileSync(file, 'utf8').matchAll(
    /(?<![\w])(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"),\s*(?:async )?\(/g,
  )
  return [...strings].map(([, single, double]) => (single ?? double ?? '').replaceAll("\\'", "'"))
}

interface Shown {
  readonly file: string
  /** Absent: the whole file. */
  readonly name?: string
}

/** What a line of a table says it is shown by: a file (`preset` where none is named), and names. */
function shownBy(cell: string, preset: string): readonly Shown[] {
  return cell.split(';').flatMap((part): readonly Shown[] => {
    const file = /`([^`]+\.ts)`/.exec(part)?.[1]
    const names = [...part.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name)
    if (names.length === 0) return file === undefined ? [] : [{ file }]
    return names.map((name) => ({ file: file ?? preset, name }))
  })
}

/** The rows of a document's tables, without their heads. */
function rowsOf(file: string): readonly (readonly string[])[] {
  return [...readFileSync(file, 'utf8').matchAll(/^\|(.*)\|$/gm)]
    .map(([, row = '']) => row.split('|').map((cell) => cell.trim()))
    .filter(([first = '', ...rest]) => !/^-+$/.test(first) && rest.at(-1) !== 'shown by')
}

/** Each: what it is, its file, the file of tests that are named without one, and how many rows it has at least. */
const tables = [
  ['the quick guide', 'docs/lathund.md', 'test/e2e/administration.test.ts', 36],
  ["the softphone's traps", 'docs/softphone.md', 'test/e2e/support/desk-scenes.ts', 21],
] as const

test.each(tables)('every line of %s is shown by a test that there is', (_, file, preset, least) => {
  const rows = rowsOf(file)
  const missing = rows.flatMap((cells) =>
    shownBy(cells.at(-1) ?? '', preset).flatMap(({ file: shown, name }) => {
      if (!existsSync(shown)) return [shown]
      const start = name?.replace(/ ?…$/, '')
      return start === undefined || testNames(shown).some((each) => each.startsWith(start))
        ? []
        : [`${shown}: ${start}`]
    }),
  )
  expect(missing).toEqual([])
  expect(rows.length).toBeGreaterThanOrEqual(least)
})

test('every line of the quick guide says where, and by what it is shown', () => {
  expect(rowsOf('docs/lathund.md').filter((cells) => cells.some((cell) => cell === ''))).toEqual([])
})

test("every rule that the softphone's traps are said to serve is one, and each trap is shown by something", () => {
  const rules = new Set(
    [...readFileSync('docs/behaviour/work.md', 'utf8').matchAll(/\*\*(W\d+)\*\*/g)].map(([, rule]) => rule),
  )
  const rows = rowsOf('docs/softphone.md')
  expect(rows.filter(([, , rule]) => rule !== '' && !rules.has(rule))).toEqual([])
  expect(rows.filter((cells) => shownBy(cells.at(-1) ?? '', '').length === 0)).toEqual([])
})

test('no two rules of behaviour have the same number', () => {
  const numbers = globSync('docs/behaviour/*.md').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^- (?:\*\*)?([A-Z]+\d+)\b/gm)].map(([, number]) => number),
  )
  expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([])
  expect(numbers.length).toBeGreaterThan(200)
})

test('every picture and page that the guides lead to is there, and no picture is heavy', () => {
  const missing: string[] = []
  for (const file of [
    'README.md',
    'docs/lathund.md',
    'docs/softphone.md',
    ...globSync('docs/guides/{administrator,reviewer}.md'),
  ]) {
    for (const [, to = ''] of readFileSync(file, 'utf8').matchAll(/\]\(([^)#]+?)(?:#[^)]*)?\)/g)) {
      if (/^\w+:/.test(to)) continue
      if (!existsSync(join(dirname(file), to))) missing.push(`${file}: ${to}`)
    }
  }
  expect(missing).toEqual([])
  const heavy = globSync('docs/images/*.png').filter((image) => statSync(image).size > 160_000)
  expect(heavy).toEqual([])
})

testWith('systemd-analyze')("systemd understands the guide's unit, with the watchdog and without", () => {
  const [, unit = '', watchdog = ''] =
    /```ini\n(# \/etc\/systemd\S+\n.*?)```.*?```ini\n(Type=notify\n.*?)```/s.exec(
      readFileSync('docs/guides/asterisk.md', 'utf8'),
    ) ?? []
  const here = unit.replace('/usr/bin/node', process.execPath)
  const watched = here.replace(' supervise ', ' serve ').replace('[Service]\n', `[Service]\n${watchdog}`)
  const directory = mkdtempSync(join(tmpdir(), 'unit-'))
  try {
    for (const text of [here, watched]) {
      const file = join(directory, 'gruppnummer.service')
      writeFileSync(file, text)
      const { stderr, status } = spawnSync(peers['systemd-analyze'] ?? '', ['verify', file], { encoding: 'utf8' })
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    }
    expect(watched).toContain('WatchdogSec=')
  } finally {
    rmSync(directory, { recursive: true })
  }
  return Promise.resolve()
})
