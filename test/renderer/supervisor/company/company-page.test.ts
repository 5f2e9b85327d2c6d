import { flushPromises } from '@vue/test-utils'
import { expect, test } from 'vitest'
import type { Configuration } from '../../../../src/core/configuration/types.ts'
import { useDraftStore } from '../../../../src/renderer/stores/draft-store.ts'
import CompanyPage from '../../../../src/renderer/supervisor/company/CompanyPage.vue'
import { openConsolePage } from '../../support/console-page.ts'
import { editingService } from '../../support/editing-service.ts'
import { exampleCompany } from '../../support/kept-versions.ts'
import { expectNoFaults } from '../../support/mount.ts'

const empty: Configuration = { ...exampleCompany, agreements: [], agents: [], groupNumbers: [], messages: [] }

async function open(configuration: Configuration = exampleCompany, locale: 'sv' | 'en' = 'sv') {
  const service = editingService(configuration)
  const opened = await openConsolePage(CompanyPage, {}, { answer: service.answer }, locale)
  const settle = async () => {
    await opened.settle()
    await flushPromises()
  }
  const find = (selector: string, name: string) => {
    const found = [...document.querySelectorAll<HTMLElement>(selector)].find((one) =>
      (one.getAttribute('aria-label') ?? one.textContent).trim().startsWith(name),
    )
    if (!found) throw new Error(`no ${selector} ${name}`)
    return found
  }
  return {
    ...opened,
    service,
    settle,
    dialog: () => document.querySelector('[role=dialog]'),
    click: async (name: string) => {
      find('button', name).click()
      await settle()
    },
    type: async (label: string, text: string) => {
      const id = find('[role=dialog] label', label).getAttribute('for') ?? ''
      const field = document.getElementById(id) as HTMLInputElement
      field.value = text
      field.dispatchEvent(new Event(field.tagName === 'SELECT' ? 'change' : 'input', { bubbles: true }))
      await settle()
    },
    submit: async () => {
      document
        .querySelector('[role=dialog] form')
        ?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
      await settle()
    },
  }
}

test.each(['sv', 'en'] as const)('the page has nothing that axe minds, in %s', async (locale) => {
  const { page } = await open(exampleCompany, locale)
  await expectNoFaults(page)
})

test('from nothing: an agreement, then a group number under it, which is led to', async () => {
  const { click, type, submit, service, router, dialog } = await open(empty)
  await click('Nytt avtal')
  await submit()
  expect(dialog()?.textContent).toContain('Skriv ett namn.')
  await type('Namn', 'Huvudavtal')
  await expectNoFaults({ element: dialog() } as never)
  await submit()
  expect(service.newest().agreements).toMatchObject([{ name: 'Huvudavtal' }])
  await click('Nytt gruppnummer')
  await type('Namn', 'Växel')
  await type('Telefonnummer', '0122-26 09 81')
  await expectNoFaults({ element: dialog() } as never)
  await submit()
  const [group] = service.newest().groupNumbers
  expect(group).toMatchObject({ name: 'Växel', number: '+46122260981', agreement: service.newest().agreements[0]?.id })
  expect(router.currentRoute.value.params.group).toBe(group?.id)
})

test('a number that another group number has is refused in words, and nothing is lost', async () => {
  const { click, type, submit, service, dialog } = await open()
  await click('Nytt gruppnummer')
  await type('Namn', 'Växel')
  await type('Telefonnummer', '0122-26 09 80')
  await submit()
  expect(dialog()?.textContent).toContain('Växel: Ett annat gruppnummer har redan det numret.')
  expect(service.revision()).toBe(1)
})

test('an agreement is moved, but not below itself', async () => {
  const { click, dialog } = await open()
  await click('Ändra Exempelbolaget huvudavtal')
  const options = [...(dialog()?.querySelectorAll('option') ?? [])].map((option) => option.textContent.trim())
  expect(options).toEqual(['inget: ett huvudavtal'])
})

test('removing an agreement asks where its own go, says who moves, and moves them', async () => {
  const { click, type, submit, service, dialog } = await open()
  await click('Ta bort Exempelbolaget Support')
  expect(dialog()?.querySelector<HTMLButtonElement>('[type=submit]')?.disabled).toBe(true)
  await type('Flytta dess', 'huvudavtal')
  expect(dialog()?.textContent).toContain('Support flyttas till Exempelbolaget huvudavtal.')
  await expectNoFaults({ element: dialog() } as never)
  await submit()
  expect(service.newest().agreements.map(({ id }) => id)).toEqual(['huvudavtal'])
  expect(service.newest().groupNumbers.every(({ agreement }) => agreement === 'huvudavtal')).toBe(true)
})

test('a group number is removed with what it touches', async () => {
  const { click, submit, service, dialog } = await open()
  await click('Ta bort Kundtjänst')
  expect(dialog()?.textContent).toContain('Numret 0122-26 09 80 slutar svara')
  await submit()
  expect(service.newest().groupNumbers.map(({ name }) => name)).not.toContain('Kundtjänst')
})

test('the company’s clock is proposed, and one that does not exist is not', async () => {
  const { page } = await open()
  const zone = page.find('input[list]')
  await zone.setValue('Europe/Ingenstans')
  await zone.trigger('change')
  expect(page.text()).toContain('Den tidszonen finns inte.')
  expect(useDraftStore().isProposed).toBe(false)
  await zone.setValue('Europe/Helsinki')
  await zone.trigger('change')
  expect(useDraftStore().configuration?.company.timeZone).toBe('Europe/Helsinki')
})

test('service numbers are proposed, checked as they are typed, and go back to 833 and 844', async () => {
  const { page, click } = await open({ ...exampleCompany, company: { ...exampleCompany.company, serviceNumbers: {} } })
  const [logIn, logInLong, record, recordLong] = page.findAll('fieldset input')
  const type = async (field: typeof logIn, text: string) => {
    await field?.setValue(text)
    await field?.trigger('change')
  }
  const proposed = () => useDraftStore().configuration?.company.serviceNumbers
  await type(logInLong, '0771-83 38 33')
  expect(page.text()).toContain('Skriv ett kortnummer')
  expect(proposed()).toEqual({})
  await type(logIn, '833')
  expect(proposed()).toEqual({ logIn: { short: '833', long: '+46771833833' } })
  for (const [short, words] of [
    ['833', 'måste vara olika'],
    ['8', '2 till 6 siffror'],
    ['112', '112 är nödnumret'],
  ] as const) {
    await type(record, short)
    expect(page.text()).toContain(words)
  }
  await type(record, '845')
  await type(recordLong, '0122-26 09 80')
  expect(page.text()).toContain('Det är ett gruppnummer')
  await type(recordLong, 'nej')
  expect(page.text()).toContain('Det är inget telefonnummer')
  await expectNoFaults(page)
  await type(recordLong, '')
  expect(proposed()).toEqual({ logIn: { short: '833', long: '+46771833833' }, record: { short: '845' } })
  await type(logInLong, '')
  await type(logIn, '')
  expect(proposed()).toEqual({ record: { short: '845' } })
  await click('Använd 833 och 844')
  expect(proposed()).toBeUndefined()
  expect(page.findAll<HTMLInputElement>('fieldset input').map(({ element }) => element.value)).toEqual([
    '833',
    '',
    '844',
    '',
  ])
})
