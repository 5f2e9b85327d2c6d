import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { gruppnummer, resources } from './command.ts'

const example = join(resources, 'example')

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'gruppnummer-package-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return directory
}

test('[A18] export, import into an empty directory, export again: the same bytes', () => {
  const directory = temporary()
  const [first, second, data] = [join(directory, 'a.zip'), join(directory, 'b.zip'), join(directory, 'data')]
  expect(gruppnummer(['export', first, '--config', example]).code).toBe(0)
  expect(gruppnummer(['import', first, '--config', data])).toMatchObject({ code: 0, err: '' })
  expect(gruppnummer(['export', second, '--config', data]).code).toBe(0)
  expect(readFileSync(second)).toEqual(readFileSync(first))
  expect(readFileSync(join(data, 'gruppnummer.json'))).toEqual(readFileSync(join(example, 'gruppnummer.json')))
})

test('[A18] importing again says what changes, and --preview changes nothing', () => {
  const directory = temporary()
  const [file, data] = [join(directory, 'a.zip'), join(directory, 'data')]
  gruppnummer(['export', file, '--config', example])
  gruppnummer(['import', file, '--config', data])
  const document = JSON.parse(readFileSync(join(example, 'gruppnummer.json'), 'utf8')) as {
    company: { name: string }
  }
  const changed = join(directory, 'changed.json')
  writeFileSync(changed, JSON.stringify({ ...document, company: { ...document.company, name: 'Nytt AB' } }))

  const words = `Company name ”${document.company.name}” → ”Nytt AB”\n`
  expect(gruppnummer(['import', changed, '--config', data, '--preview'])).toEqual({ code: 0, out: words, err: '' })
  expect(readdirSync(join(data, 'versions'))).toHaveLength(1)
  expect(gruppnummer(['import', changed, '--config', data])).toEqual({ code: 0, out: words, err: '' })
  expect(readdirSync(join(data, 'versions'))).toHaveLength(2)
})

test('[A17] a damaged export is one line and exit 2, and changes nothing', () => {
  const directory = temporary()
  const [file, data] = [join(directory, 'a.zip'), join(directory, 'data')]
  gruppnummer(['export', file, '--config', example])
  writeFileSync(file, readFileSync(file).subarray(0, 5000))
  const { code, out, err } = gruppnummer(['import', file, '--config', data])
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(/^gruppnummer: .*a\.zip: the file is cut short, or no ZIP file\n$/)
  expect(existsSync(data)).toBe(false)
})

test('[A6] diff says what changed, in either language, of documents and exports alike', () => {
  const directory = temporary()
  const file = join(directory, 'a.zip')
  gruppnummer(['export', file, '--config', example])
  expect(gruppnummer(['diff', example, file])).toEqual({ code: 0, out: '', err: '' })

  const text = readFileSync(join(example, 'gruppnummer.json'), 'utf8')
  const changed = join(directory, 'changed.json')
  const document = JSON.parse(text) as { company: { language: string } }
  writeFileSync(changed, JSON.stringify({ ...document, company: { ...document.company, language: 'en' } }))
  expect(gruppnummer(['diff', file, changed]).out).toBe('Language of messages Swedish → English\n')
  expect(gruppnummer(['diff', file, changed, '--language', 'sv']).out).toBe('Språk i meddelanden svenska → engelska\n')
  expect(JSON.parse(gruppnummer(['diff', file, changed, '--json']).out)).toEqual([
    {
      path: ['company', 'language'],
      kind: 'changed',
      before: 'sv',
      after: 'en',
      subjects: [],
      names: {},
      words: 'Language of messages Swedish → English',
    },
  ])
})

test('diff with a story says which callers would have fared otherwise, and how', () => {
  const directory = temporary()
  const [story, changed] = [join(directory, 'story.json'), join(directory, 'changed.json')]
  const document = JSON.parse(readFileSync(join(example, 'gruppnummer.json'), 'utf8')) as {
    groupNumbers: { id: string; number: string; settings: object }[]
  }
  const groupNumbers = document.groupNumbers.map((group) =>
    group.id === 'support' ? { ...group, settings: { ...group.settings, whenNoAgents: { do: 'hangUp' } } } : group,
  )
  writeFileSync(changed, JSON.stringify({ ...document, groupNumbers }))
  const number = document.groupNumbers.find(({ id }) => id === 'support')?.number
  const arrives = { at: '2026-11-23T09:00:00+01:00', type: 'callArrived', call: 'c1', to: number, from: '+46701234567' }
  const leaves = { at: '2026-11-23T09:01:00+01:00', type: 'callerHungUp', call: 'c1' }
  writeFileSync(
    story,
    JSON.stringify({ configuration: example, until: '2026-11-23T09:10:00+01:00', events: [arrives, leaves] }),
  )

  expect(gruppnummer(['diff', example, example, '--replay', story])).toEqual({ code: 0, out: '', err: '' })
  const said = gruppnummer(['diff', example, changed, '--replay', story])
  expect(said).toMatchObject({ code: 0, err: '' })
  expect(said.out).toMatch(/^c1: .*60 s in support.*; with the new one: .*support.*\n$/)
  const [compared] = JSON.parse(gruppnummer(['diff', example, changed, '--replay', story, '--json']).out) as {
    differs: string[]
  }[]
  expect(compared?.differs).toContain('end')
  expect(gruppnummer(['diff', example, changed, '--replay', join(directory, 'none.json')]).code).toBe(2)
})

test.each([
  [['diff', example], 'expected NEW'],
  [['diff', example, 'nowhere.json'], 'nowhere.json: expected a file or a directory: there is none'],
  [['diff', example, example, '--language', 'de'], '--language de: expected sv or en'],
  [['import', 'nowhere.zip'], 'nowhere.zip: expected a file or a directory: there is none'],
])('%j is one line and exit 2', (args, message) => {
  expect(gruppnummer(args)).toEqual({ code: 2, out: '', err: `gruppnummer: ${message}\n` })
})
