import { afterEach, expect, test, vi } from 'vitest'
import type { CallDetailRecord } from '../../../../src/contract/call-records.ts'
import type { Ask } from '../../../../src/contract/console.ts'
import type { E164 } from '../../../../src/core/configuration/types.ts'
import type { CallId } from '../../../../src/core/routing/messages.ts'
import CallsPage from '../../../../src/renderer/supervisor/calls/CallsPage.vue'
import { openConsolePage } from '../../support/console-page.ts'
import { anna, at, support } from '../../support/live.ts'
import { button, expectNoFaults } from '../../support/mount.ts'
import { keepSavedFiles } from '../../support/saved-files.ts'

afterEach(() => vi.restoreAllMocks())

const record = (given: Partial<CallDetailRecord> = {}): CallDetailRecord => ({
  id: 'call-1 1',
  call: 'call-1' as CallId,
  way: 'in',
  group: support,
  at: at(-600),
  number: '+46701234567' as E164,
  end: 'answered',
  agent: anna,
  agentName: 'Anna Lindqvist',
  waited: 12,
  talked: 185,
  outcome: { code: '1', name: 'Beställning' },
  note: '=Vill ha en till',
  quality: { seconds: 180, score: 4.35, worst: 4, loss: 0, jitter: 2, poorSeconds: 0 },
  ...given,
})
const { number: _, ...hidden } = record({
  id: '2',
  at: at(-900),
  quality: { seconds: 60, score: 2.9, worst: 1.5, loss: 12, jitter: 4, roundTrip: 60, poorSeconds: 40, cause: 'loss' },
})
const {
  talked: __,
  quality: ___,
  outcome: ____,
  note: _____,
  agent: ______,
  agentName: _______,
  ...left
} = record({ id: '3', at: at(-1200) })
const records = [record(), hidden, { ...left, end: 'abandoned' as const }]

async function openCalls(read: readonly unknown[] = records) {
  const opened = await openConsolePage(
    CallsPage,
    {},
    { answer: (ask: Ask) => (ask.type === 'callRecords' ? { records: read } : undefined) },
  )
  const asked = () => opened.asks().filter((ask) => ask.type === 'callRecords')
  const rows = () => opened.page.findAll('tbody tr').map((row) => row.findAll('td, th').map((cell) => cell.text()))
  return { ...opened, asked, rows }
}

test('[W61] each call says who, with whom, how it ended, what was said and how it sounded, in plain words where that was bad', async () => {
  const { rows, page } = await openCalls()
  expect(rows()).toEqual([
    [
      '09:50',
      'In',
      '070-123 45 67',
      'Kundtjänst',
      'Anna Lindqvist',
      'besvarat',
      '0:12',
      '3:05',
      'Beställning',
      '=Vill ha en till',
      'god 4,4',
    ],
    [
      '09:45',
      'In',
      'Dolt nummer',
      'Kundtjänst',
      'Anna Lindqvist',
      'besvarat',
      '0:12',
      '3:05',
      'Beställning',
      '=Vill ha en till',
      'dålig 2,9: Nätet tappar ljud.',
    ],
    ['09:40', 'In', '070-123 45 67', 'Kundtjänst', '', 'la på i kön', '0:12', '', '', '', ''],
  ])
  await expectNoFaults(page)
})

test('[W61] they are sought by their words, and kept as a file with no formulas', async () => {
  const files = keepSavedFiles()
  const { rows, page } = await openCalls()
  await page.find('input[type=search]').setValue('la på')
  expect(rows()).toHaveLength(1)
  await page.find('input[type=search]').setValue('anna')
  await button(page, 'Spara som CSV').trigger('click')
  const lines = await files.lines()
  expect(lines).toHaveLength(3)
  expect(lines[1]).toContain(`'+46701234567;Kundtjänst;Anna Lindqvist;besvarat;12;185;Beställning;'=Vill ha en till`)
})

test('[W61] days bound what is asked, and older ones are fetched as they are wanted', async () => {
  const many = Array.from({ length: 200 }, (_, index) => record({ id: `${index}`, at: at(-index) }))
  const { asked, page, settle, rows } = await openCalls(many)
  const [from] = page.findAll('input[type=date]')
  await from?.setValue('2026-11-23')
  await settle()
  expect(asked().at(-1)).toEqual({ type: 'callRecords', from: Date.parse('2026-11-23T00:00:00+01:00'), limit: 200 })
  await button(page, 'Visa äldre').trigger('click')
  await settle()
  expect(asked().at(-1)).toMatchObject({ to: at(-199) + 1 })
  // All known already: there are no more.
  expect(rows()).toHaveLength(200)
  expect(page.text()).not.toContain('Visa äldre')
})

test('an answer that is none is said, and asked again', async () => {
  const { page, asked, settle } = await openCalls([{ id: 1 }])
  const before = asked().length
  expect(page.find('[role=alert]').exists()).toBe(true)
  await page.find('[role=alert] button').trigger('click')
  await settle()
  expect(asked().length).toBe(before + 1)
})
