import { flushPromises } from '@vue/test-utils'
import { expect, test } from 'vitest'
import type { SignedIn } from '../../../src/contract/console.ts'
import type { Configuration, GroupNumberId } from '../../../src/core/configuration/types.ts'
import { useDraftStore } from '../../../src/renderer/stores/draft-store.ts'
import { maySee, sections } from '../../../src/renderer/supervisor/sections.ts'
import SupervisorShell from '../../../src/renderer/supervisor/SupervisorShell.vue'
import { openConsolePage } from '../support/console-page.ts'
import { editingService } from '../support/editing-service.ts'
import { exampleCompany } from '../support/kept-versions.ts'
import { groupLive, liveOf } from '../support/live.ts'
import { button, expectNoFaults } from '../support/mount.ts'

const kundtjanst = 'kundtjanst' as GroupNumberId

async function open({
  configuration = exampleCompany,
  signedIn = {},
  at = { name: 'admin-groupNumber-agents', params: { group: kundtjanst } },
}: {
  configuration?: Configuration
  signedIn?: Partial<SignedIn>
  at?: { name: string; params?: Record<string, string> }
} = {}) {
  const service = editingService(configuration)
  const live = liveOf({ groups: [groupLive({ group: kundtjanst })] })
  const opened = await openConsolePage(SupervisorShell, {}, { answer: service.answer, live, signedIn })
  await opened.router.push(at)
  await opened.settle()
  const click = async (name: string) => {
    await button(opened.page, name).trigger('click')
    await opened.settle()
    await flushPromises()
  }
  return { ...opened, service, click, tabs: () => opened.page.findAll('.tab').map((tab) => tab.text()) }
}
const rename = (name: string) => ({ type: 'renameGroupNumber' as const, group: kundtjanst, name })

test('numbers stand under their agreements, with their state and what they lack', async () => {
  const { page } = await open({
    configuration: {
      ...exampleCompany,
      groupNumbers: exampleCompany.groupNumbers.map((group) =>
        group.id === kundtjanst ? group : { ...group, members: [] },
      ),
    },
  })
  const pane = page.find('.pane-left')
  expect(pane.findAll('h2').map((each) => each.text())).toEqual(['Exempelbolaget huvudavtal', 'Exempelbolaget Support'])
  expect(pane.findAll('li').map((each) => each.text())).toEqual([
    expect.stringMatching(/^Kundtjänst.*Öppet till 16:00$/),
    expect.stringMatching(/^Support.*saknar agenter$/),
  ])
  await expectNoFaults(page)
})

test('many numbers are found by agreement, name or digits', async () => {
  const [group] = exampleCompany.groupNumbers
  const groupNumbers = Array.from({ length: 40 }, (_, index) => ({
    ...group!,
    id: `g${index}` as GroupNumberId,
    name: `Nummer ${index}`,
    number: `+4612226${1000 + index}` as typeof group extends undefined ? never : NonNullable<typeof group>['number'],
  }))
  const { page } = await open({
    configuration: { ...exampleCompany, groupNumbers },
    at: { name: 'admin-company-overview' },
  })
  await page.find('input[type=search]').setValue('26 10 07')
  expect(page.findAll('.pane-left li').map((each) => each.find('.name').text())).toEqual(['Nummer 7'])
  await page.find('input[type=search]').setValue('huvudavtal')
  expect(page.findAll('.pane-left li')).toHaveLength(40)
  await page.find('input[type=search]').setValue('finns inte')
  expect(page.find('.pane-left').text()).toContain('Inget stämmer med')
})

test('a supervisor sees the numbers that are theirs, and no section of an admin', async () => {
  const { page, tabs } = await open({ signedIn: { roles: ['supervisor'], supervises: [kundtjanst] } })
  expect(page.findAll('.pane-left li')).toHaveLength(1)
  expect(tabs()).toContain('Agenter')
  expect(sections.filter((section) => !maySee(section, ['supervisor'])).map(({ name }) => name)).toContain('company')
})

test('who administers one number arrives at it', async () => {
  const { router } = await open({
    signedIn: { roles: ['supervisor'], supervises: [kundtjanst] },
    at: { name: 'admin-company-overview' },
  })
  expect(router.currentRoute.value.params.group).toBe(kundtjanst)
})

test('a number that is not there, or not theirs, is said so', async () => {
  const { page } = await open({
    signedIn: { roles: ['supervisor'], supervises: [kundtjanst] },
    at: { name: 'admin-groupNumber-agents', params: { group: 'support' } },
  })
  expect(page.find('[role=alert]').text()).toContain('Det gruppnumret finns inte')
})

test('the bar says the change in words, and saves, takes back, and undoes what was saved', async () => {
  const { page, click, service } = await open()
  expect(page.find('.bar').exists()).toBe(false)
  useDraftStore().propose(rename('Växel'))
  useDraftStore().propose({ type: 'activateSchedule', group: kundtjanst, schedule: null })
  await flushPromises()
  expect(page.find('.bar').text()).toContain('Kundtjänst')
  expect(page.find('.bar').text()).toContain('och 1 till')
  await expectNoFaults(page)
  await click('Ta tillbaka den senaste')
  expect(page.find('.bar').text()).not.toContain('och 1 till')
  await click('Spara')
  expect(service.newest().groupNumbers[0]?.name).toBe('Växel')
  expect(page.find('.bar').text()).toContain('Sparat.')
  await click('Ångra')
  expect(service.newest().groupNumbers[0]?.name).toBe('Kundtjänst')
})

test('what is wrong is said above the bar, and cannot be saved', async () => {
  const { page } = await open()
  useDraftStore().propose({
    type: 'putException',
    group: kundtjanst,
    exception: { id: 'x', name: 'Fel', effect: 'closed', from: '2026-12-01T10:00', to: '2026-12-01T09:00' },
  } as never)
  await flushPromises()
  expect(page.find('.troubles').text()).toContain('Fel: Avvikelsen ska sluta efter att den börjar')
  expect(button(page, 'Spara').attributes('disabled')).toBeDefined()
})

test('a field that two changed is chosen in a dialog', async () => {
  const { click, service, settle } = await open()
  useDraftStore().propose(rename('Mitt'))
  await flushPromises()
  service.save({
    ...service.newest(),
    groupNumbers: service
      .newest()
      .groupNumbers.map((group) => (group.id === kundtjanst ? { ...group, name: 'Deras' } : group)),
  })
  await click('Spara')
  const dialog = document.querySelector('[role=dialog]')!
  expect(dialog.textContent).toContain('Bo hann spara före dig')
  expect(dialog.textContent).toContain('Sparat nu: Kundtjänst: Namn ”Kundtjänst” → ”Deras”')
  await expectNoFaults({ element: dialog } as never)
  dialog.querySelector<HTMLInputElement>('input[value=yours]')!.click()
  await flushPromises()
  dialog.querySelector('form')!.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
  await settle()
  expect(service.newest().groupNumbers[0]?.name).toBe('Mitt')
  expect(document.querySelector('[role=dialog]')).toBeNull()
})

test('Ctrl with S saves, with Z takes back', async () => {
  const { service, settle } = await open()
  const press = async (code: string) => {
    window.dispatchEvent(new KeyboardEvent('keydown', { code, ctrlKey: true, cancelable: true }))
    await settle()
  }
  useDraftStore().propose(rename('A'))
  useDraftStore().propose(rename('B'))
  await press('KeyZ')
  await press('KeyS')
  expect(service.newest().groupNumbers[0]?.name).toBe('A')
})

test('[A31] what a caller hears is asked beside the editors, of what is proposed, and nowhere else', async () => {
  const { page, click, router, settle } = await open({
    at: { name: 'admin-groupNumber-hours', params: { group: kundtjanst } },
  })
  expect(page.find('.way').exists()).toBe(false)
  await click('Vad hör den som ringer?')
  expect(page.find('.way').text()).toContain('Bemanning')
  useDraftStore().propose(rename('Växeln'))
  await settle()
  expect(page.find('.way').text()).toContain('Växeln: ')
  expect(page.find('.way').text()).toContain('Så blir det när ändringarna är sparade.')
  // It stays from one editor to the next.
  await router.push({ name: 'admin-groupNumber-settings', params: { group: kundtjanst } })
  await settle()
  expect(page.find('.way').exists()).toBe(true)
  await router.push({ name: 'admin-groupNumber-history', params: { group: kundtjanst } })
  await settle()
  expect(page.find('.way').exists()).toBe(false)
})
