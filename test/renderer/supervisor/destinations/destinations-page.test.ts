import { expect, test } from 'vitest'
import type { Ask } from '../../../../src/contract/console.ts'
import { presetDestinations, type DestinationTable } from '../../../../src/core/destinations/allowed-destination.ts'
import DestinationsPage from '../../../../src/renderer/supervisor/destinations/DestinationsPage.vue'
import { openConsolePage } from '../../support/console-page.ts'
import { button, expectNoFaults } from '../../support/mount.ts'

/** The table of a service, which another admin may change. */
function keptTable() {
  let table: DestinationTable = presetDestinations
  return {
    table: () => table,
    change: (next: DestinationTable) => {
      table = next
    },
    answer: (ask: Ask): unknown => {
      if (ask.type === 'destinations') return table
      if (ask.type !== 'setDestinations') return undefined
      if (JSON.stringify(ask.onto) !== JSON.stringify(table)) return { outcome: 'conflict', table }
      table = ask.rules
      return { outcome: 'done' }
    },
  }
}

async function open(locale: 'sv' | 'en' = 'sv') {
  const service = keptTable()
  const opened = await openConsolePage(DestinationsPage, {}, { answer: service.answer }, locale)
  await opened.settle()
  return { ...opened, service }
}
type Page = Awaited<ReturnType<typeof open>>
const tries = async ({ page }: Page, number: string) => {
  await page.find('input[type=tel]').setValue(number)
  return page.find('.verdict').text()
}
const save = async ({ page, settle }: Page) => {
  await page.find('form').trigger('submit')
  await settle()
}
const prefixes = ({ page }: Page) =>
  page.findAll<HTMLInputElement>('td input.number').map(({ element }) => element.value)

test.each(['sv', 'en'] as const)('the table is shown, and axe minds nothing (%s)', async (locale) => {
  const opened = await open(locale)
  expect(prefixes(opened)).toEqual(presetDestinations.map(({ prefix }) => prefix))
  await expectNoFaults(opened.page)
})

test('a number that is tried is told with the rule that decides, also of what is not saved yet', async () => {
  const opened = await open()
  expect(await tries(opened, '0900-123 45 67')).toContain('får inte ringas: +46900 (Betalnummer 0900) bestämmer')
  expect(await tries(opened, '08-123 456 78')).toContain('får ringas: +46 (Sverige, fast och mobil) bestämmer')
  expect(await tries(opened, '+47 22 33 44 55')).toContain('inget prefix passar')
  expect(await tries(opened, '112')).toContain('får alltid ringas')
  expect(await tries(opened, 'nej')).toContain('inget telefonnummer')
  await button(opened.page, 'Lägg till prefix').trigger('click')
  await opened.page.findAll('td input.number').at(-1)?.setValue('+47')
  expect(await tries(opened, '+47 22 33 44 55')).toContain('+47 bestämmer')
})

test('a prefix is opened, another closed and one taken away; saved it holds', async () => {
  const opened = await open()
  const { page, service } = opened
  await page.find('input[type=checkbox]').setValue(false)
  await button(page, 'Ta bort +46118').trigger('click')
  await button(page, 'Lägg till prefix').trigger('click')
  await page.findAll('td input.number').at(-1)?.setValue('+47 22')
  await save(opened)
  expect(service.table()).toHaveLength(presetDestinations.length)
  expect(service.table()[0]).toMatchObject({ prefix: '+46', open: false })
  expect(service.table().at(-1)).toEqual({ prefix: '+4722', open: true, name: '' })
  expect(page.find('[role=status].notice').text()).toContain('gäller från och med nu')
  await button(page, 'Återgå till de förinställda numren').trigger('click')
  await save(opened)
  expect(service.table()).toEqual(presetDestinations)
})

test('a prefix that is none, or stands there twice, is not saved and says why', async () => {
  const opened = await open()
  const { page, service, asks } = opened
  await button(page, 'Lägg till prefix').trigger('click')
  const last = () => page.findAll('td input.number').at(-1)
  await last()?.setValue('0046')
  await save(opened)
  expect(page.text()).toContain('Skriv ett prefix med landsnummer')
  await last()?.setValue('+46')
  await save(opened)
  expect(page.text()).toContain('Prefixet finns redan')
  await expectNoFaults(page)
  expect(asks().some(({ type }) => type === 'setDestinations')).toBe(false)
  await button(page, 'Ångra').trigger('click')
  expect(prefixes(opened)).toEqual(service.table().map(({ prefix }) => prefix))
})

test('what another admin has saved meanwhile is shown, and never written over', async () => {
  const opened = await open()
  const { page, service } = opened
  const others = [...presetDestinations, { prefix: '+47', open: true, name: 'Norge' }]
  service.change(others)
  await page.find('input[type=checkbox]').setValue(false)
  await save(opened)
  expect(page.text()).toContain('Någon annan har ändrat tabellen')
  expect(service.table()).toEqual(others)
  expect(prefixes(opened)).toContain('+47')
})
