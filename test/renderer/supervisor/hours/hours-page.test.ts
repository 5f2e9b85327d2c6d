import { readFileSync } from 'node:fs'
import { flushPromises } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { computed, defineComponent, h } from 'vue'
import type { EditOf } from '../../../../src/core/configuration/edits/edit-schema.ts'
import type { Configuration, Exception, GroupNumber, Schedule } from '../../../../src/core/configuration/types.ts'
import { useDraftStore } from '../../../../src/renderer/stores/draft-store.ts'
import HoursPage from '../../../../src/renderer/supervisor/hours/HoursPage.vue'
import { openConsolePage } from '../../support/console-page.ts'
import { groupLive, liveOf } from '../../support/live.ts'
import { button, expectNoFaults, type Shown } from '../../support/mount.ts'

const example = JSON.parse(readFileSync('resources/example/gruppnummer.json', 'utf8')) as Configuration
const [first] = example.groupNumbers
const { activeSchedule: _, ...bare } = first!
const without: Configuration = {
  ...example,
  groupNumbers: [{ ...bare, schedules: [], exceptions: [] }, ...example.groupNumbers.slice(1)],
}

/** As the shell gives it: the group number of the draft. */
const Page = defineComponent({
  setup() {
    const draft = useDraftStore()
    const group = computed(() => draft.configuration?.groupNumbers[0])
    return () => (group.value ? h(HoursPage, { group: group.value }) : h('p'))
  },
})

async function open(configuration: Configuration = example, live = liveOf(), locale: 'sv' | 'en' = 'sv') {
  const { page, settle } = await openConsolePage(Page, {}, { configuration, live }, locale)
  const draft = useDraftStore()
  const dialog = () => document.querySelector('[role=dialog]')
  const inDocument = (selector: string, name: string) => {
    const found = [...document.querySelectorAll<HTMLElement>(selector)].find((one) =>
      (one.getAttribute('aria-label') ?? one.textContent).trim().startsWith(name),
    )
    if (!found) throw new Error(`no ${selector} ${name}`)
    return found
  }
  return {
    page,
    settle,
    draft,
    dialog,
    group: (): GroupNumber => draft.configuration!.groupNumbers[0]!,
    inDocument,
    click: async (selector: string, name: string) => {
      inDocument(selector, name).click()
      await flushPromises()
    },
    type: async (name: string, text: string) => {
      const field = page.find(`input[aria-label="${name}"]`)
      await field.setValue(text)
      await field.trigger('change')
    },
    create: async (choice: string) => {
      await button(page, 'Skapa schema').trigger('keydown', { key: 'Enter' })
      await flushPromises()
      inDocument('[role=menuitem]', choice).click()
      await flushPromises()
    },
    typeInDialog: async (label: string, text: string) => {
      const id = inDocument('[role=dialog] label', label).getAttribute('for') ?? ''
      const field = document.getElementById(id) as HTMLInputElement
      field.value = text
      field.dispatchEvent(new Event('input', { bubbles: true }))
      field.dispatchEvent(new Event('change', { bubbles: true }))
      await flushPromises()
    },
  }
}

test('a first schedule, as the quick guide does it: create, name, hours for Mondays, and it is active', async () => {
  const { page, create, group, type } = await open(without)
  expect(page.text()).toContain('Inga öppettider är angivna: gruppnumret är stängt')
  await create('Skapa nytt schema')
  expect(document.activeElement).toBe(page.find('.name input').element)
  await page.find('.name input').setValue('Kontorstid')
  await page.find('.name input').trigger('change')
  await button(page, 'Lägg till öppettider för måndagar').trigger('click')
  expect(document.activeElement?.getAttribute('aria-label')).toBe('måndag, öppettid 1, från')
  await type('måndag, öppettid 1, till', '12')
  await button(page, 'Lägg till fler öppettider för måndagar').trigger('click')

  const [schedule] = group().schedules
  expect(schedule).toMatchObject({ name: 'Kontorstid', week: { tue: [] } })
  expect(schedule?.week.mon).toEqual([
    { from: '08:00', to: '12:00' },
    { from: '13:00', to: '17:00' },
  ])
  expect(group().activeSchedule).toBe(schedule?.id)
  expect(page.find<HTMLInputElement>('input[type=radio]').element.checked).toBe(true)
})

test('a second schedule is not active until it is chosen', async () => {
  const { page, create, group } = await open()
  await create('Kopiera Ordinarie schema')
  expect(group().schedules.map(({ name }) => name)).toEqual([
    'Ordinarie schema',
    'Sommarschema',
    'Ordinarie schema (kopia)',
  ])
  expect(group().activeSchedule).toBe('ordinarie')
  await page.find('input[aria-label="Gör Sommarschema till aktivt schema"]').trigger('change')
  expect(group().activeSchedule).toBe('sommar')
})

test('removing the active schedule asks what applies then: another, or closed', async () => {
  const { page, group } = await open()
  await button(page, 'Ta bort Ordinarie schema').trigger('click')
  expect(page.text()).toContain('Ordinarie schema är det aktiva schemat')
  expect(group().schedules).toHaveLength(2)
  await button(page, 'Ta bort schemat').trigger('click')
  expect([group().activeSchedule, group().schedules.map(({ id }) => id)]).toEqual(['sommar', ['sommar']])

  await button(page, 'Ta bort Sommarschema').trigger('click')
  expect(page.text()).toContain('Inga öppettider är angivna: gruppnumret är stängt')
})

test('removing the active schedule may leave the number closed, and that is said', async () => {
  const { page, group } = await open()
  await button(page, 'Ta bort Ordinarie schema').trigger('click')
  await page.findAll('.removing input').at(-1)?.setValue()
  await button(page, 'Ta bort schemat').trigger('click')
  expect(group().activeSchedule).toBeUndefined()
  expect(page.text()).toContain('Inget schema är aktivt: gruppnumret är stängt')
})

test('a time that is none stands as it was typed, says so, and cannot be saved', async () => {
  const { page, draft, type } = await open()
  await type('tisdag, öppettid 1, till', '8x')
  const field = page.find<HTMLInputElement>('input[aria-label="tisdag, öppettid 1, till"]')
  expect(field.element.value).toBe('8x')
  expect(field.attributes('aria-invalid')).toBe('true')
  expect(document.getElementById(field.attributes('aria-describedby') ?? '')?.textContent).toContain(
    '”8x” är ingen tid. Skriv till exempel 16:00',
  )
  expect(draft.problems.map(({ path }) => path.at(-1))).toEqual(['to'])
  expect(page.text()).toContain('Tider som inte går att läsa är inte med här.')
  await type('tisdag, öppettid 1, till', '17')
  expect(draft.problems).toEqual([])
})

test('hours that overlap are warned of at once, and can be saved all the same', async () => {
  const { page, draft, type } = await open()
  await button(page, 'Lägg till fler öppettider för onsdagar').trigger('click')
  await type('onsdag, öppettid 2, från', '15:30')
  expect(page.text()).toContain('Går ihop med onsdag 08:00–16:00')
  expect(draft.problems).toEqual([])
})

test('arrow keys move hours by a quarter, with shift their end; let go they are one change', async () => {
  const { page, group, draft } = await open()
  const bar = page.find('[role=slider][aria-label="måndag, öppettid 1"]')
  await bar.trigger('keydown', { key: 'ArrowRight' })
  await bar.trigger('keydown', { key: 'ArrowRight' })
  await bar.trigger('keydown', { key: 'ArrowLeft', shiftKey: true })
  expect(bar.attributes('aria-valuetext')).toBe('08:30–16:15')
  expect(page.find<HTMLInputElement>('input[aria-label="måndag, öppettid 1, från"]').element.value).toBe('08:30')
  expect(draft.isProposed).toBe(false)
  await bar.trigger('keyup', { key: 'ArrowLeft' })
  expect(group().schedules[0]?.week.mon).toEqual([{ from: '08:30', to: '16:15' }])
  draft.undo()
  await flushPromises()
  expect(bar.attributes('aria-valuetext')).toBe('08:00–16:00')
})

test('Escape puts hours back that are being moved, and Delete removes them', async () => {
  const { page, group, draft } = await open()
  const bar = page.find('[role=slider][aria-label="måndag, öppettid 1"]')
  await bar.trigger('keydown', { key: 'PageUp' })
  await bar.trigger('keydown', { key: 'Escape' })
  await bar.trigger('keyup', { key: 'Escape' })
  expect(draft.isProposed).toBe(false)
  await bar.trigger('keydown', { key: 'Delete' })
  expect(group().schedules[0]?.week.mon).toEqual([])
})

test('a day is copied to the days that are chosen', async () => {
  const { page, group, type, click } = await open()
  await type('måndag, öppettid 1, från', '7')
  await button(page, 'Kopiera tiderna för måndag').trigger('click')
  await flushPromises()
  await click('.popup button', 'Alla dagar')
  const week = group().schedules[0]!.week
  expect(Object.values(week).map(([interval]) => interval?.from)).toEqual(Array.from({ length: 7 }, () => '07:00'))
})

test('each schedule has its own messages: another, silence, or the usual', async () => {
  const { page, group } = await open()
  const [welcome] = page.findAll('.messages select')
  expect(welcome?.findAll('option').map((option) => option.text())).toEqual([
    expect.stringContaining('Gruppnumrets: '),
    'tystnad',
    'Välkommen till Kundtjänst (svenska)',
    expect.any(String),
    expect.any(String),
  ])
  const schedule = (): Schedule => group().schedules[0]!
  await welcome?.setValue('\u0001silence')
  expect(schedule().welcome).toBeNull()
  await welcome?.setValue('prerecorded-welcome-sv')
  expect(schedule().welcome).toBe('prerecorded-welcome-sv')
  await welcome?.setValue('\u0001usual')
  expect(schedule()).not.toHaveProperty('welcome')
})

test('an exception is typed, and what is wrong stands at its field', async () => {
  const { page, group, click, typeInDialog, inDocument, dialog } = await open()
  await button(page, 'Lägg till avvikelse').trigger('click')
  await flushPromises()
  await typeInDialog('Första dag', '24/12 2027')
  await click('[role=dialog] button', 'Lägg till avvikelse')
  expect(dialog()?.textContent).toContain('Ge avvikelsen ett namn.')
  expect(document.activeElement).toBe(
    document.getElementById(inDocument('[role=dialog] label', 'Namn').getAttribute('for') ?? ''),
  )
  await typeInDialog('Namn', 'Julafton 2027')
  await click('[role=dialog] button', 'Lägg till avvikelse')
  expect(dialog()).toBeNull()
  expect(group().exceptions.at(-1)).toMatchObject({
    name: 'Julafton 2027',
    effect: 'closed',
    from: '2027-12-24T00:00',
    to: '2027-12-25T00:00',
  })
  expect(page.text()).toContain('Julafton 2027')
})

test('exceptions that are over are folded away', async () => {
  const over: Exception = {
    ...first!.exceptions[0]!,
    id: 'over' as Exception['id'],
    name: 'Förra sommaren',
    from: '2025-07-01T00:00' as Exception['from'],
    to: '2025-07-02T00:00' as Exception['to'],
  }
  const { yearly: __, ...once } = over
  const { page, group } = await open({
    ...example,
    groupNumbers: [{ ...first!, exceptions: [...first!.exceptions, once] }, ...example.groupNumbers.slice(1)],
  })
  expect(page.find('details summary').text()).toBe('Passerade (1)')
  expect(page.find('details').attributes('open')).toBeUndefined()
  await button(page, 'Ta bort Förra sommaren').trigger('click')
  expect(group().exceptions.map(({ id }) => id)).not.toContain('over')
})

test('holidays are offered, none ticked, and one that is there already is not offered again', async () => {
  const { page, group, click } = await open()
  const before = group().exceptions.length
  await button(page, 'Helgdagar').trigger('click')
  await flushPromises()
  const boxes = [...document.querySelectorAll<HTMLInputElement>('.days input')]
  expect(boxes.filter(({ checked }) => checked)).toEqual([])
  const row = (name: string) => boxes.find((box) => box.closest('label')?.textContent.includes(name))
  expect(row('Julafton')?.disabled).toBe(true)
  expect(row('Nyårsdagen')?.closest('label')?.textContent).toContain('har varit')
  row('Juldagen')?.click()
  row('Nyårsafton')?.click()
  await flushPromises()
  await click('[role=dialog] button', 'Lägg till 2')
  expect(
    group()
      .exceptions.slice(before)
      .map(({ name, from, to }) => `${name} ${from} ${to}`),
  ).toEqual(['Juldagen 2026-12-25T00:00 2026-12-26T00:00', 'Nyårsafton 2026-12-31T00:00 2027-01-01T00:00'])
})

test('the year shows what results, and which days change before it is saved, in words', async () => {
  const { page, draft } = await open()
  const day = (name: string) => page.findAll('.cell').find((cell) => cell.attributes('aria-label')?.startsWith(name))
  expect(day('torsdag 24 december 2026')?.attributes('aria-label')).toBe(
    'torsdag 24 december 2026: stängt, avvikelse: Julafton',
  )
  expect(day('onsdag 2 december 2026')?.attributes('aria-label')).toContain('08:00–13:00, 15:00–16:00')
  expect(page.findAll('.changed')).toEqual([])

  await button(page, 'Ta bort Julafton').trigger('click')
  expect(page.find('.difference').text()).toContain('2 dagar till och med 2027 ändras när du sparar')
  expect(page.find('.difference li').text()).toContain('tors 24 dec. 2026, fre 24 dec. 2027')
  expect(day('torsdag 24 december 2026')?.attributes('aria-label')).toContain('ändras, nu gäller stängt')
  draft.discard()
  await flushPromises()
  expect(page.find('.difference').exists()).toBe(false)
})

test('the year is one stop for Tab, and arrow keys walk its days', async () => {
  const { page } = await open()
  const months = page.find('.months')
  expect(page.findAll('.cell[tabindex="0"]').map((cell) => cell.text())).toEqual(['23'])
  await months.trigger('keydown', { key: 'ArrowDown' })
  await months.trigger('keydown', { key: 'ArrowRight' })
  expect(document.activeElement?.getAttribute('aria-label')).toContain('tisdag 1 december 2026')
  await months.trigger('keydown', { key: 'End' })
  expect(document.activeElement?.getAttribute('aria-label')).toContain('söndag 6 december 2026')
})

test('opened or closed by hand is said, with the way to the overview', async () => {
  const group = groupLive({ group: first!.id, open: false, reason: { kind: 'override' }, next: null })
  const { page } = await open(example, liveOf({ groups: [group] }))
  expect(page.find('.now').text()).toContain('öppnat eller stängt för hand. Stängt tills vidare.')
  expect(page.find('.now a').attributes('href')).toBe(`/groupNumber/${first!.id}/overview`)
})

test.each(['sv', 'en'] as const)(
  'nothing is wrong with the page by axe, faults and changes shown (%s)',
  async (locale) => {
    const { page, draft, group } = await open(example, liveOf(), locale)
    await expectNoFaults(page)
    const schedule = structuredClone(group().schedules[0]!) as EditOf<'putSchedule'>['schedule']
    schedule.name = ''
    schedule.week.mon.push({ ...schedule.week.mon[0]! })
    draft.propose({ type: 'putSchedule', group: group().id, schedule })
    await flushPromises()
    await expectNoFaults(page)
  },
)

const shownDialog = (element: Element | null) => ({ element }) as unknown as Shown

test('nothing is wrong with the dialogs by axe', async () => {
  const { page, click, dialog } = await open()
  await button(page, 'Lägg till avvikelse').trigger('click')
  await flushPromises()
  await click('[role=dialog] button', 'Lägg till avvikelse')
  await expectNoFaults(shownDialog(dialog()))
  await click('[role=dialog] button', 'Avbryt')
  await button(page, 'Helgdagar').trigger('click')
  await flushPromises()
  await expectNoFaults(shownDialog(dialog()))
})
