import { expect, test } from 'vitest'
import { applyEdits } from '../../../../src/core/configuration/edits/apply-edits.ts'
import type { AgentId } from '../../../../src/core/configuration/types.ts'
import { readAgents, writeAgents } from '../../../../src/renderer/supervisor/agents/agents-csv.ts'
import { readCsv, writeCsv } from '../../../../src/renderer/supervisor/shared/csv.ts'
import { exampleCompany } from '../../support/kept-versions.ts'

const group = exampleCompany.groupNumbers[0]!
const id = (name: string) => name.toLowerCase().replaceAll(' ', '-') as AgentId
const read = (text: string) => readAgents(text, group, exampleCompany, id)

test.each([
  ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
  ['+47 22 33 44 55', `'+47 22 33 44 55`],
  ['-1', `'-1`],
  ['@SUM', `'@SUM`],
  ['\tx', `'\tx`],
  ['Anna; Bo', '"Anna; Bo"'],
  ['två\nrader', '"två\nrader"'],
])('a cell %j is written so that no spreadsheet runs it', (cell, written) => {
  const csv = writeCsv([['a', cell]])
  expect(csv).toBe(`\uFEFFa;${written}\r\n`)
  expect(readCsv(csv)).toEqual([['a', cell.trim()]])
})

test.each([';', ',', '\t'])('cells may be parted by %j', (mark) => {
  expect(readCsv(['a', '"b""c"', 'd'].join(mark) + '\n\n' + ['1', '2', '3'].join(mark))).toEqual([
    ['a', 'b"c', 'd'],
    ['1', '2', '3'],
  ])
})

test('what is written and read again changes nothing', () => {
  const { rows, edits, missing } = read(writeAgents(group, exampleCompany))
  expect(missing).toEqual([])
  expect(rows.map(({ does }) => does)).toEqual(['nothing', 'nothing', 'nothing'])
  expect(edits).toEqual([])
})

test('each line says what it would do, and the edits do that', () => {
  const { rows, edits } = read(
    [
      'Telefonnummer;Förnamn;Efternamn;Nivå;Avtal',
      '070-174 06 05;Anna;Berg;2;',
      '0701112233;Cia;Dahl;3;Exempelbolaget Support',
      'inget;X;Y;1;',
      '0701112233;Cia;Dahl;3;',
      '0702223344;;;1;',
      '0703334455;Dan;Ek;10;',
      '0703334455;Dan;Ek;1;Finns inte',
    ].join('\n'),
  )
  expect(rows.map((row) => (row.does === 'fault' ? row.fault : row.does))).toEqual([
    'change',
    'create',
    'phone',
    'twice',
    'name',
    'level',
    'agreement',
  ])
  const applied = applyEdits(exampleCompany, edits)
  expect(applied.ok && applied.value.groupNumbers[0]?.members).toEqual([
    { agent: 'anna', level: 2 },
    { agent: 'erik' },
    { agent: 'maria', level: 2 },
    { agent: 'cia-dahl', level: 3 },
  ])
  expect(applied.ok && applied.value.agents.at(-1)).toMatchObject({ agreement: 'underavtal-support' })
})

test('a file without phone numbers is none', () => {
  expect(read('Namn;Nivå\nAnna;1')).toEqual({ rows: [], edits: [], missing: ['Telefonnummer'] })
})
