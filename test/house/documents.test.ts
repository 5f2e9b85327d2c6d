import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

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

/** What a line of a table says it is shown by: a file (the e2e tests of administration where none is named), and names. */
function shownBy(cell: string): readonly Shown[] {
  return cell.split(';').flatMap((part): readonly Shown[] => {
    const file = /`([^`]+\.test\.ts)`/.exec(part)?.[1]
    const names = [...part.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name)
    if (names.length === 0) return file === undefined ? [] : [{ file }]
    return names.map((name) => ({ file: file ?? 'test/e2e/administration.test.ts', name }))
  })
}

const guide = readFileSync('docs/lathund.md', 'utf8')
const lines = [...guide.matchAll(/^\|(.*)\|$/gm)]
  .map(([, row = '']) => row.split('|').map((cell) => cell.trim()))
  .filter(([first = '', last]) => !first.startsWith('---') && last !== 'shown by')

test('every line of the quick guide is shown by a test that there is', () => {
  const missing = lines.flatMap((cells) =>
    shownBy(cells.at(-1) ?? '').flatMap(({ file, name }) => {
      if (!existsSync(file)) return [file]
      const start = name?.replace(/ ?…$/, '')
      return start === undefined || testNames(file).some((each) => each.startsWith(start)) ? [] : [`${file}: ${start}`]
    }),
  )
  expect(missing).toEqual([])
  expect(lines.length).toBeGreaterThan(35)
})

test('every line of the quick guide says where, and by what it is shown', () => {
  const bare = lines.filter((cells) => cells.some((cell) => cell === ''))
  expect(bare).toEqual([])
})

test('every picture and page that the guides lead to is there, and no picture is heavy', () => {
  const missing: string[] = []
  for (const file of ['README.md', 'docs/lathund.md', ...globSync('docs/guides/{administrator,reviewer}.md')]) {
    for (const [, to = ''] of readFileSync(file, 'utf8').matchAll(/\]\(([^)#]+?)(?:#[^)]*)?\)/g)) {
      if (/^\w+:/.test(to)) continue
      if (!existsSync(join(dirname(file), to))) missing.push(`${file}: ${to}`)
    }
  }
  expect(missing).toEqual([])
  const heavy = globSync('docs/images/*.png').filter((image) => statSync(image).size > 160_000)
  expect(heavy).toEqual([])
})
