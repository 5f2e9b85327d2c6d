import { readFileSync } from 'node:fs'
import { flushPromises } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { computed, defineComponent, h, ref } from 'vue'
import type { Configuration, Settings } from '../../../../src/core/configuration/types.ts'
import { useDraftStore } from '../../../../src/renderer/stores/draft-store.ts'
import SettingsPage from '../../../../src/renderer/supervisor/settings/SettingsPage.vue'
import { openConsolePage } from '../../support/console-page.ts'
import { expectNoFaults } from '../../support/mount.ts'

const example = JSON.parse(readFileSync('resources/example/gruppnummer.json', 'utf8')) as Configuration

async function open(settings: Partial<Settings> = {}, locale: 'sv' | 'en' = 'sv') {
  const [first, ...rest] = example.groupNumbers
  const configuration: Configuration = { ...example, groupNumbers: [{ ...first!, settings }, ...rest] }
  const away = ref(false)
  const Page = defineComponent({
    setup() {
      const draft = useDraftStore()
      const group = computed(() => draft.configuration?.groupNumbers[0])
      return () => (group.value && !away.value ? h(SettingsPage, { group: group.value }) : h('p'))
    },
  })
  const { page } = await openConsolePage(Page, {}, { configuration }, locale)
  const draft = useDraftStore()
  const row = (name: string) => {
    const found = page.findAll('[role=group]').find((one) => one.find('h3').text() === name)
    if (!found) throw new Error(`no setting ${name}`)
    return found
  }
  return {
    page,
    draft,
    row,
    settings: () => draft.configuration!.groupNumbers[0]!.settings,
    /** Shows another page and comes back. */
    leaveAndReturn: async () => {
      away.value = true
      await flushPromises()
      away.value = false
      await flushPromises()
    },
    type: async (name: string, text: string, selector = 'input[type=text]') => {
      const field = row(name).find(selector)
      await field.setValue(text)
      await field.trigger('change')
    },
  }
}

test('every setting says whether it is the preset or an own value', async () => {
  const { page, row } = await open({ ringSeconds: 25 })
  expect(row('Ringtid per agent').text()).toContain('Eget värde')
  expect(row('Ringtid per agent').text()).toContain('Förinställt: 20 s')
  expect(row('Längsta kö').text()).not.toContain('Eget värde')
  await expectNoFaults(page)
})

test('a number is changed, reset, and its preset typed is no own value', async () => {
  const { row, type, settings } = await open()
  await type('Ringtid per agent', '45')
  expect(settings()).toEqual({ ringSeconds: 45 })
  await type('Ringtid per agent', '20')
  expect(settings()).toEqual({})
  await type('Längsta väntan', '2:30')
  expect(settings()).toEqual({ maxWaitSeconds: 150 })
  await row('Längsta väntan').find('.origin button').trigger('click')
  expect(settings()).toEqual({})
  expect(row('Längsta väntan').find<HTMLInputElement>('input').element.value).toBe('1200')
})

test('what is no value keeps its text, says what is expected, and is not lost on another page', async () => {
  const { page, row, type, settings, draft, leaveAndReturn } = await open({ ringSeconds: 25 })
  await type('Ringtid per agent', '3')
  expect(settings()).toEqual({ ringSeconds: 25 })
  expect(draft.isProposed).toBe(false)
  expect(row('Ringtid per agent').text()).toContain('från 5 till 180')
  expect(row('Ringtid per agent').text()).toContain('Tills dess gäller 25 s')
  expect(row('Ringtid per agent').find('input').attributes('aria-invalid')).toBe('true')
  expect(page.text()).toContain('Inte klart, och sparas därför inte: Ringtid per agent')
  await leaveAndReturn()
  expect(row('Ringtid per agent').find<HTMLInputElement>('input').element.value).toBe('3')
  await type('Ringtid per agent', '30')
  expect(page.text()).not.toContain('Inte klart')
  expect(settings()).toEqual({ ringSeconds: 30 })
})

test('what is typed counts before Ctrl S saves', async () => {
  const { row, settings } = await open()
  const field = row('Ringtid per agent').find('input')
  field.element.value = '45'
  await field.trigger('input')
  expect(settings()).toEqual({})
  await field.trigger('keydown', { code: 'KeyS', ctrlKey: true })
  expect(settings()).toEqual({ ringSeconds: 45 })
})

test('zero says what it means', async () => {
  const { row, type } = await open()
  await type('Längsta väntan', '0')
  expect(row('Längsta väntan').text()).toContain('= ingen gräns')
  await type('Tid mellan kömeddelanden', '0')
  expect(row('Tid mellan kömeddelanden').text()).toContain('= aldrig')
})

test('the ring order says what it means, and what matters only for another', async () => {
  const { row, settings } = await open()
  expect(row('Tid innan en agent till rings').text()).toContain('som inte är vald')
  await row('Ringordning').find('select').setValue('ringProgressively')
  expect(settings()).toEqual({ strategy: 'ringProgressively' })
  expect(row('Ringordning').text()).toContain('efter en stund hos en till')
  expect(row('Tid innan en agent till rings').text()).not.toContain('som inte är vald')
})

test('callers are forwarded once the number is one, and the text is kept until then', async () => {
  const { page, row, settings, leaveAndReturn } = await open()
  const full = () => row('När kön är full')
  await full().find('select').setValue('forward')
  await full().find('input').setValue('070-12')
  expect(settings()).toEqual({})
  expect(page.text()).toContain('Inte klart')
  await leaveAndReturn()
  expect(full().find<HTMLInputElement>('input').element.value).toBe('070-12')
  await full().find('input').setValue('070-123 45 67')
  await full().find('input').trigger('change')
  expect(settings()).toEqual({ whenFull: { do: 'forward', to: '+46701234567' } })
  expect(page.text()).not.toContain('Inte klart')
  await full().find('.origin button').trigger('click')
  expect(settings()).toEqual({})
  expect(full().find<HTMLSelectElement>('select').element.value).toBe('hangUp')
})

test('with nobody logged in callers are queued, or sent to another group number', async () => {
  const { row, settings } = await open()
  const select = row('När ingen är inloggad').find('select')
  expect(select.findAll('option')[0]?.text()).toBe('Ställ i kö')
  await select.setValue('group')
  expect(settings()).toEqual({ whenNoAgents: { do: 'group', to: example.groupNumbers[1]!.id } })
  await select.setValue('')
  expect(settings()).toEqual({})
})

test('levels are rung by the clock where it is chosen', async () => {
  const { row, settings, type } = await open()
  await row('Nästa nivå rings efter').find('input[value=clock]').setValue()
  await type('Nästa nivå rings efter', '1:30')
  expect(settings()).toEqual({ escalateSeconds: 90 })
  await row('Nästa nivå rings efter').find('input[value=level]').setValue()
  expect(settings()).toEqual({})
})

test('particular callers are a list, none of which counts until all can be read', async () => {
  const { page, row, settings } = await open()
  const callers = () => row('Särskilda nummer')
  await callers().findAll('button').at(-1)!.trigger('click')
  await callers().find('input[type=tel]').setValue('112')
  await callers().find('input[type=tel]').trigger('change')
  expect(callers().text()).toContain('Skriv ett telefonnummer')
  expect(settings()).toEqual({})
  await expectNoFaults(page)
  await callers().find('input[type=tel]').setValue('070-123 45 67')
  await callers().find('input[type=tel]').trigger('change')
  expect(settings()).toEqual({ callers: [{ number: '+46701234567', priority: 10 }] })
  await callers().findAll('select').at(1)!.setValue('block')
  expect(settings()).toEqual({ callers: [{ number: '+46701234567', block: true }] })
  await callers().find('button').trigger('click')
  expect(settings()).toEqual({})
})

test('callback, voicemail and ordinary phones are changed part by part', async () => {
  const { row, settings } = await open()
  await row('Uppringning').find('input[value=yes]').setValue()
  const tries = row('Uppringning').findAll('input[type=text]').at(1)!
  await tries.setValue('5')
  await tries.trigger('change')
  expect(settings().callback).toEqual({ digit: '1', afterSeconds: 60, tries: 5, untilHours: 24 })
  await row('Svar i vanlig telefon').find('select').setValue('5')
  expect(settings().acceptOnPhone).toEqual({ digit: '5', seconds: 8 })
  const days = row('Röstbrevlåda').findAll('input').at(1)!
  await days.setValue('30')
  await days.trigger('change')
  expect(settings().voicemail).toEqual({ maxSeconds: 180, retentionDays: 30 })
})

test('outcomes are a list, none of which counts until all can be read; the order is theirs', async () => {
  const { page, row, settings } = await open()
  const outcomes = () => row('Utfall av samtal')
  const field = (index: number) => outcomes().findAll('input[type=text]').at(index)!
  const fill = async (index: number, text: string) => {
    await field(index).setValue(text)
    await field(index).trigger('change')
  }
  const button = (name: string) =>
    outcomes()
      .findAll('button')
      .find((one) => (one.attributes('aria-label') ?? one.text()).startsWith(name))!
  await button('Lägg till').trigger('click')
  await fill(0, '1 a')
  expect(outcomes().text()).toContain('Skriv en kod')
  await fill(0, '1')
  expect(outcomes().text()).toContain('Skriv vad utfallet heter')
  expect(settings()).toEqual({})
  await expectNoFaults(page)
  await fill(1, 'Beställning')
  expect(settings()).toEqual({ outcomes: [{ code: '1', name: 'Beställning', active: true }] })
  await button('Lägg till').trigger('click')
  await fill(2, '1')
  expect(outcomes().text()).toContain('Koden står redan')
  await fill(2, '2')
  await fill(3, 'Klagomål')
  await button('Flytta upp Klagomål').trigger('click')
  await outcomes().findAll('input[type=checkbox]').at(1)!.setValue(false)
  expect(settings().outcomes).toEqual([
    { code: '2', name: 'Klagomål', active: true },
    { code: '1', name: 'Beställning', active: false },
  ])
  await row('Fråga efter utfall').find('input[value=yes]').setValue()
  expect(settings().outcomeRequired).toBe(true)
  for (let left = 2; left > 0; left -= 1) await button('Ta bort').trigger('click')
  expect(settings()).toEqual({ outcomeRequired: true })
  expect(row('Fråga efter utfall').text()).toContain('inget aktivt utfall')
})

test('a page at a call counts when its address is one, and keeps its text until then', async () => {
  const { page, row, settings } = await open()
  const callPage = () => row('Sida vid samtal')
  await callPage().find('input[value=answer]').setValue()
  expect(settings()).toEqual({})
  for (const bad of ['http://crm.example.com', 'javascript:alert(1)', 'https://{number}.example.com']) {
    await callPage().find('input[type=url]').setValue(bad)
    await callPage().find('input[type=url]').trigger('change')
    expect(callPage().text()).toContain('Skriv en adress')
    expect(settings()).toEqual({})
  }
  await expectNoFaults(page)
  await callPage().find('input[type=url]').setValue('https://crm.example.com/?tel={number}')
  await callPage().find('input[type=url]').trigger('change')
  expect(settings()).toEqual({ callPage: { url: 'https://crm.example.com/?tel={number}', at: 'answer' } })
  await callPage().find('input[value=ringing]').setValue()
  expect(settings().callPage?.at).toBe('ringing')
  await callPage().find('input[value=none]').setValue()
  expect(settings()).toEqual({})
})

test('undo brings the shown value back', async () => {
  const { row, type, draft } = await open()
  await type('Längsta kö', '10')
  draft.undo()
  await flushPromises()
  expect(row('Längsta kö').find<HTMLInputElement>('input').element.value).toBe('50')
})

test('reads as well in English', async () => {
  const { page } = await open({ ringSeconds: 25 }, 'en')
  expect(page.text()).toContain('Preset: 20 s')
  await expectNoFaults(page)
})
