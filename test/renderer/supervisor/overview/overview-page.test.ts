import { flushPromises } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { computed, defineComponent, h } from 'vue'
import type { GroupLive } from '../../../../src/contract/console.ts'
import type { Configuration, GroupNumberId } from '../../../../src/core/configuration/types.ts'
import { useDraftStore } from '../../../../src/renderer/stores/draft-store.ts'
import NumbersPage from '../../../../src/renderer/supervisor/overview/NumbersPage.vue'
import OverviewPage from '../../../../src/renderer/supervisor/overview/OverviewPage.vue'
import { openConsolePage } from '../../support/console-page.ts'
import { editingService } from '../../support/editing-service.ts'
import { exampleCompany } from '../../support/kept-versions.ts'
import { groupLive, liveOf } from '../../support/live.ts'
import { button, expectNoFaults } from '../../support/mount.ts'

const support = 'kundtjanst' as GroupNumberId
const Page = defineComponent({
  setup() {
    const draft = useDraftStore()
    const group = computed(() => draft.configuration?.groupNumbers[0])
    return () => (group.value ? h(OverviewPage, { group: group.value }) : h('p'))
  },
})

async function open({
  configuration = exampleCompany,
  group = {},
  locale = 'sv',
}: { configuration?: Configuration; group?: Partial<GroupLive>; locale?: 'sv' | 'en' } = {}) {
  const service = editingService(configuration, {
    problems: [
      {
        severity: 'warning',
        path: ['groupNumbers', support, 'schedules', 'ordinarie'],
        words: { sv: 'Öppet utan någon.', en: 'Open with nobody.' },
      },
      { severity: 'error', path: ['groupNumbers', 'support'], words: { sv: 'Ett annat.', en: 'Another.' } },
    ],
  })
  const live = liveOf({ groups: [groupLive({ group: support, ...group })] })
  const opened = await openConsolePage(Page, {}, { answer: service.answer, live }, locale)
  const click = async (name: string) => {
    const found = [...document.querySelectorAll('button')].findLast((one) => one.textContent.trim().startsWith(name))
    if (!found) throw new Error(`no button ${name}`)
    found.click()
    await opened.settle()
    await flushPromises()
  }
  return { ...opened, service, click }
}
const group = (configuration: Configuration) => configuration.groupNumbers[0]!

test.each(['sv', 'en'] as const)('the overview has nothing that axe minds, in %s', async (locale) => {
  const { page } = await open({ locale })
  await expectNoFaults(page)
})

test('says that it is open, why, until when, and what is wrong with this number alone', async () => {
  const { page } = await open()
  expect(page.find('.state').text()).toContain('Öppet till 16:00')
  expect(page.find('.state').text()).toContain('schema: Ordinarie')
  expect(page.text()).toContain('Öppet utan någon.')
  expect(page.text()).not.toContain('Ett annat.')
  expect(page.findAll('a').map((link) => link.text())).toContain('Till Öppettider')
})

test('closes in two clicks, until it would have closed by itself, and opens again', async () => {
  const { service, click, page } = await open()
  await click('Stäng nu')
  expect(document.body.textContent).toContain('Till 16:00, då det ändras av sig självt')
  await click('Stäng nu')
  expect(group(service.newest()).override).toEqual({ effect: 'closed', until: '2026-11-23T16:00' })
  expect(useDraftStore().saved?.words).toBe('Kundtjänst är stängt för hand.')
  expect(page.find('[role=alert]').exists()).toBe(false)
})

test('an override can be taken away', async () => {
  const closed = {
    ...exampleCompany,
    groupNumbers: exampleCompany.groupNumbers.map((each) => ({ ...each, override: { effect: 'closed' as const } })),
  }
  const { service, click } = await open({
    configuration: closed,
    group: { open: false, reason: { kind: 'override' }, next: null },
  })
  await click('Återgå till schemat')
  expect(group(service.newest()).override).toBeUndefined()
})

test('a number without hours and agents says what a caller meets, and leads on', async () => {
  const { activeSchedule: _, ...bare } = group(exampleCompany)
  const { page } = await open({
    configuration: { ...exampleCompany, groupNumbers: [{ ...bare, members: [], schedules: [] }] },
  })
  expect(page.find('.activation').text()).toContain('Stängtmeddelande (6 s) → Samtalet avslutas')
  expect(page.findAll('.activation a').map((link) => link.text())).toEqual([
    'Lägg till agenter',
    'Lägg till öppettider',
  ])
  expect(page.text()).toContain('Inga agenter är kopplade')
})

test('the coming days are drawn with their hours', async () => {
  const { page } = await open()
  const days = page.findAll('.day').map((day) => day.find('.hours').text())
  expect(days).toHaveLength(14)
  expect(days.slice(0, 7)).toEqual(['08–16', '08–16', '08–16', '08–16', '08–16', '–', '–'])
})

test('what the caller hears reads as a script, with what is heard to play', async () => {
  const { page, settle } = await open()
  await page.find('select').setValue('busy')
  await settle()
  const script = page.find('.script').text()
  expect(script).toContain('Kundtjänst: Öppet till 16:00')
  expect(script).toContain('schema: Ordinarie schema')
  expect(script).toContain('Plats 1 i kön')
  expect(script).toContain('Repeterat kömeddelande')
  expect(page.findAll('.script .listen').length).toBeGreaterThan(1)
})

test('the script is of what is proposed, before it is saved', async () => {
  const { page, settle } = await open()
  useDraftStore().propose({ type: 'setOverride', group: support, override: { effect: 'closed' } })
  await settle()
  expect(page.text()).toContain('Så blir det när ändringarna är sparade.')
  expect(page.find('.script').text()).toContain('Stängt tills vidare')
  expect(page.find('.script').text()).toContain('ändrat för hand')
})

test('the list of numbers says each one’s state, and leads to it', async () => {
  const service = editingService(exampleCompany)
  const { page } = await openConsolePage(NumbersPage, {}, { answer: service.answer })
  expect(page.findAll('tbody tr').map((row) => row.find('th').text())).toEqual(
    exampleCompany.groupNumbers.map(({ name }) => name),
  )
  await expectNoFaults(page)
})

test('a supervisor sees only the numbers that are theirs', async () => {
  const service = editingService(exampleCompany)
  const { page } = await openConsolePage(
    NumbersPage,
    {},
    { answer: service.answer, signedIn: { roles: ['supervisor'], supervises: [support] } },
  )
  expect(page.findAll('tbody tr')).toHaveLength(1)
  expect(() => button(page, 'Nytt')).toThrow()
})

test('the list of numbers is sorted by a heading, and a warning says whose it is', async () => {
  const [first] = exampleCompany.groupNumbers
  const service = editingService(exampleCompany, {
    problems: [
      { severity: 'warning', path: ['groupNumbers', support, 'schedules'], words: { sv: 'aldrig öppet', en: 'never' } },
    ],
  })
  const { page } = await openConsolePage(NumbersPage, {}, { answer: service.answer })
  const names = () => page.findAll('tbody tr th').map((cell) => cell.text())
  const byName = exampleCompany.groupNumbers.map(({ name }) => name).toSorted()
  await button(page, 'Namn').trigger('click')
  expect(names()).toEqual(byName)
  await button(page, 'Namn').trigger('click')
  expect(names()).toEqual(byName.toReversed())
  expect(page.find('th[aria-sort=descending]').text()).toBe('Namn')
  expect(page.find('.row.warning').text()).toContain(`${first!.name}: aldrig öppet`)
  await expectNoFaults(page)
})
