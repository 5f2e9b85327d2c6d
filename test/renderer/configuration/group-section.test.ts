import { afterEach, expect, test, vi } from 'vitest'
import type { ExceptionId, LocalDateTime } from '../../../src/core/configuration/types.ts'
import GroupSection from '../../../src/renderer/configuration/GroupSection.vue'
import { exampleCompany } from '../support/kept-versions.ts'
import { button, expectNoFaults, show, type Shown } from '../support/mount.ts'
import { keepSavedFiles } from '../support/saved-files.ts'

afterEach(() => {
  vi.restoreAllMocks()
  document.body.replaceChildren()
})

const [first] = exampleCompany.groupNumbers
const exception = (id: string, name: string, from: string, to: string) => ({
  id: id as ExceptionId,
  name,
  from: from as LocalDateTime,
  to: to as LocalDateTime,
  effect: 'closed' as const,
})
const group = {
  ...first!,
  exceptions: [
    exception('late', '=HYPERLINK("x")', '2026-12-24T00:00', '2026-12-25T00:00'),
    exception('early', 'Allhelgona', '2026-10-31T12:00', '2026-10-31T18:00'),
  ],
}
const paneOf = (page: Shown, title: string) => {
  const pane = page.findAll('section.pane').find((each) => each.find('h2').text() === title)
  if (!pane) throw new Error(`no pane ${title}`)
  return pane
}
const rowHeads = (page: Shown, title: string) =>
  paneOf(page, title)
    .findAll('tbody th')
    .map((head) => head.text())
async function sortBy(page: Shown, title: string, column: string) {
  await paneOf(page, title)
    .findAll('thead button')
    .find((each) => each.text() === column)
    ?.trigger('click')
}
const saveOf = (page: Shown, title: string) => button(paneOf(page, title) as unknown as Shown, 'Spara som CSV')

test('exceptions are sorted by what one chooses, first up and then down', async () => {
  const page = show(GroupSection, { group, configuration: exampleCompany })
  expect(rowHeads(page, 'Avvikelser')).toEqual(['=HYPERLINK("x")', 'Allhelgona'])
  await sortBy(page, 'Avvikelser', 'När')
  expect(rowHeads(page, 'Avvikelser')).toEqual(['Allhelgona', '=HYPERLINK("x")'])
  await sortBy(page, 'Avvikelser', 'När')
  expect(rowHeads(page, 'Avvikelser')).toEqual(['=HYPERLINK("x")', 'Allhelgona'])
  expect(paneOf(page, 'Avvikelser').find('th[aria-sort=descending]').text()).toBe('När')
  await expectNoFaults(page)
})

test('exceptions are saved as they are sorted, and no cell is a formula', async () => {
  const saved = keepSavedFiles()
  const page = show(GroupSection, { group, configuration: exampleCompany })
  await sortBy(page, 'Avvikelser', 'När')
  await saveOf(page, 'Avvikelser').trigger('click')
  expect(saved.name).toBe(`${group.name} Avvikelser.csv`)
  const [heads, early, late] = await saved.lines()
  expect(heads).toMatch(/^När;Namn;/)
  expect(early).toContain('12:00–18:00;Allhelgona;')
  expect(late).toContain(`;"'=HYPERLINK(""x"")";`)
})

test('agents and settings are sorted and saved as well', async () => {
  const saved = keepSavedFiles()
  const page = show(GroupSection, { group, configuration: exampleCompany })
  for (const [title, column] of [
    ['Agenter', 'Namn'],
    ['Inställningar', 'Inställning'],
  ] as const) {
    await sortBy(page, title, column)
    const shown = rowHeads(page, title)
    expect(shown).toEqual(shown.toSorted(new Intl.Collator('sv', { numeric: true }).compare))
    await saveOf(page, title).trigger('click')
    expect(await saved.lines()).toHaveLength(shown.length + 1)
  }
})
