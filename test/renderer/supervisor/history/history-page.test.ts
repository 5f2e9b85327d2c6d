import { afterEach, expect, test, vi } from 'vitest'
import type { GroupNumber } from '../../../../src/core/configuration/types.ts'
import HistoryPage from '../../../../src/renderer/supervisor/history/HistoryPage.vue'
import { openConsolePage } from '../../support/console-page.ts'
import { exampleCompany, keptVersions } from '../../support/kept-versions.ts'
import { at } from '../../support/live.ts'
import { button, expectNoFaults } from '../../support/mount.ts'
import { keepSavedFiles } from '../../support/saved-files.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const [first, second] = exampleCompany.groupNumbers
const withGroup = (id: string, change: Partial<GroupNumber>) => ({
  ...exampleCompany,
  groupNumbers: exampleCompany.groupNumbers.map((group) => (group.id === id ? { ...group, ...change } : group)),
})

async function openHistory(props: Record<string, unknown> = {}) {
  const service = keptVersions()
  const renamed = withGroup(first!.id, { name: 'Växeln' })
  service.save(renamed, 'bo')
  const { settings } = second!
  service.save(
    {
      ...renamed,
      groupNumbers: renamed.groupNumbers.map((group) =>
        group.id === second!.id ? { ...group, settings: { ...settings, ringSeconds: 41 } } : group,
      ),
    },
    'cia',
  )
  const opened = await openConsolePage(HistoryPage, props, { configuration: exampleCompany, answer: service.answer })
  return { ...opened, service }
}

test('versions stand newest first, with author, time and the change in words', async () => {
  const { page } = await openHistory()
  const rows = page.findAll('tbody tr').map((row) => row.text())
  expect(rows).toHaveLength(3)
  expect(rows[0]).toContain('cia')
  expect(rows[0]).toContain('Ringtid per agent')
  expect(rows[1]).toContain('bo')
  expect(rows[1]).toContain('Växeln')
  await expectNoFaults(page)
})

test('the newest change is shown first, under the name of what it changed', async () => {
  const { page } = await openHistory()
  expect(page.find('.difference').text()).toContain('version 2 → 3')
  expect(page.find('.difference .of').text()).toBe(second!.name)
  expect(page.find('.difference li').text()).toMatch(/^Ringtid per agent .* → 41 s$/)
})

test('any two versions are compared', async () => {
  const { page, settle } = await openHistory()
  await page.find('input[aria-label="Jämför från version 1"]').trigger('change')
  await settle()
  expect(page.findAll('.difference .of').map((name) => name.text())).toEqual(['Växeln', second!.name])
})

test('in a group number only its own differences are shown', async () => {
  const { page, settle } = await openHistory({ group: first })
  expect(page.find('.difference').text()).toContain('Ingen skillnad')
  await page.find('input[aria-label="Jämför från version 1"]').trigger('change')
  await settle()
  expect(page.findAll('.difference .of').map((name) => name.text())).toEqual(['Växeln'])
})

test('the latest change is taken back, and that too can be undone', async () => {
  const { page, settle, service } = await openHistory()
  await button(page, 'Ta tillbaka den senaste').trigger('click')
  await settle()
  expect(page.find('[role=status]').text()).toContain('Gäller nu som version 4')
  expect(service.newest().groupNumbers[1]?.settings).toEqual(second!.settings)
  await button(page, 'Ångra').trigger('click')
  await settle()
  expect(service.newest().groupNumbers[1]?.settings.ringSeconds).toBe(41)
})

test('restoring says first what it would change', async () => {
  const { page, settle, service } = await openHistory()
  await button(page, 'Återställ version 1').trigger('click')
  await settle()
  const dialog = document.querySelector('[role=dialog]')
  expect(dialog?.textContent).toContain(first!.name)
  expect(dialog?.textContent).toContain('Ringtid per agent')
  const restore = [...(dialog?.querySelectorAll('button') ?? [])].find((one) => one.textContent.trim() === 'Återställ')
  restore?.click()
  await settle()
  expect(page.find('[role=status]').text()).toContain('Återställt')
  expect(service.newest()).toEqual(exampleCompany)
})

test('an undo whose fields were changed again says by whom, and changes nothing', async () => {
  const service = keptVersions()
  service.save(withGroup(first!.id, { name: 'Växeln' }), 'bo')
  const { page, settle } = await openConsolePage(
    HistoryPage,
    {},
    {
      answer: (ask) =>
        ask.type === 'undo' ? { outcome: 'conflict', revision: 2, byWhom: ['cia'], fields: [] } : service.answer(ask),
    },
  )
  await button(page, 'Ta tillbaka den senaste').trigger('click')
  await settle()
  expect(page.find('[role=status]').text()).toContain('av cia')
})

test('the audit log is for admins, and is asked for by day, person and words', async () => {
  const { page, settle, service, asks } = await openHistory()
  service.log.push({ at: at(0), by: 'anna', what: 'made the account bo' })
  await page.find('input[type=radio][value=audit]').setValue()
  await settle()
  expect(page.text()).toContain('made the account bo')
  await page.find('input[type=date]').setValue('2026-11-23')
  await page.findAll('input[type=date]')[1]?.setValue('2026-11-23')
  await page.findAll('input[type=search]')[1]?.setValue('LÄNK')
  await settle()
  expect(asks().at(-1)).toEqual({
    type: 'audit',
    from: Date.parse('2026-11-23T00:00:00+01:00'),
    to: Date.parse('2026-11-24T00:00:00+01:00'),
    limit: 1000,
  })
  expect(page.text()).toContain('Inget stämmer med filtret')
  await expectNoFaults(page)
})

test('a supervisor has no audit log', async () => {
  const service = keptVersions()
  const signedIn = { roles: ['supervisor' as const], supervises: [first!.id] }
  const { page } = await openConsolePage(HistoryPage, {}, { answer: service.answer, signedIn })
  expect(page.find('input[value=audit]').exists()).toBe(false)
})

test('the audit log is sorted by any column and saved so, with no cell that a spreadsheet would compute', async () => {
  const saved = keepSavedFiles()
  const { page, settle, service } = await openHistory()
  service.log.push({ at: at(0), by: '=HYPERLINK("x")', what: 'a;b' }, { at: at(-60), by: 'bo', what: 'c' })
  await page.find('input[type=radio][value=audit]').setValue()
  await settle()
  const what = () => page.findAll('td.what').map((cell) => cell.text())
  expect(what()).toEqual(['a;b', 'c'])
  await button(page, 'Tid').trigger('click')
  expect(what()).toEqual(['c', 'a;b'])
  await button(page, 'Vad').trigger('click')
  expect(what()).toEqual(['a;b', 'c'])
  await button(page, 'Spara som CSV').trigger('click')
  expect(saved.name).toBe('gruppnummer-audit.csv')
  expect(await saved.lines()).toEqual([
    'Tid;Vem;Vad',
    '2026-11-23T09:00:00.000Z;"\'=HYPERLINK(""x"")";"a;b"',
    '2026-11-23T08:59:00.000Z;bo;c',
  ])
})
