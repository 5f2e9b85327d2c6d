import { flushPromises } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { computed, defineComponent, h } from 'vue'
import type { Ask } from '../../../../src/contract/console.ts'
import type {
  AgentId,
  AgreementId,
  Configuration,
  E164,
  GroupNumberId,
} from '../../../../src/core/configuration/types.ts'
import { useDraftStore } from '../../../../src/renderer/stores/draft-store.ts'
import AgentsPage from '../../../../src/renderer/supervisor/agents/AgentsPage.vue'
import { openConsolePage } from '../../support/console-page.ts'
import { editingService } from '../../support/editing-service.ts'
import { exampleCompany } from '../../support/kept-versions.ts'
import { agentLive, liveOf } from '../../support/live.ts'
import { expectNoFaults } from '../../support/mount.ts'

const group = 'kundtjanst' as GroupNumberId
const main = 'huvudavtal' as AgreementId
const cia = { id: 'cia' as AgentId, firstName: 'Cia', lastName: 'Dahl', phone: '+46701112233' as E164 }
const withCia = (agreement: AgreementId): Configuration => ({
  ...exampleCompany,
  agents: [...exampleCompany.agents, { ...cia, agreement, answersAt: 'phone' }],
})

const Page = defineComponent({
  setup() {
    const draft = useDraftStore()
    const shown = computed(() => draft.configuration?.groupNumbers.find(({ id }) => id === group))
    return () => (shown.value ? h(AgentsPage, { group: shown.value }) : h('p'))
  },
})

async function open(
  configuration: Configuration = exampleCompany,
  {
    locale = 'sv',
    answer,
    refused,
  }: { locale?: 'sv' | 'en'; answer?: (ask: Ask) => unknown; refused?: Ask['type'] } = {},
) {
  const service = editingService(configuration)
  const live = liveOf({
    agents: [
      agentLive({ agent: 'anna' as AgentId, loggedIn: [group] }),
      agentLive({
        agent: 'erik' as AgentId,
        firstName: 'Erik',
        lastName: 'Sandberg',
        state: 'loggedOut',
        loggedIn: [],
      }),
    ],
  })
  const opened = await openConsolePage(
    Page,
    {},
    { live, answer: (ask) => (ask.type === refused ? undefined : (answer?.(ask) ?? service.answer(ask))) },
    locale,
  )
  const find = (selector: string, name: string) => {
    const found = [...document.querySelectorAll<HTMLElement>(selector)].find((one) =>
      (one.getAttribute('aria-label') ?? one.textContent).trim().startsWith(name),
    )
    if (!found) throw new Error(`no ${selector} ${name}`)
    return found
  }
  const settle = async () => {
    await opened.settle()
    await flushPromises()
  }
  return {
    ...opened,
    service,
    settle,
    members: () =>
      service
        .newest()
        .groupNumbers.find(({ id }) => id === group)!
        .members.map(({ agent, level }) => `${agent} ${level ?? 1}`),
    names: () => opened.page.findAll('.cells .name').map((each) => each.text()),
    click: async (selector: string, name: string) => {
      find(selector, name).click()
      await settle()
    },
    menu: async (of: string, item: string) => {
      const trigger = find('button', of)
      trigger.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
      await settle()
      find('[role=menuitem]', item).click()
      await settle()
    },
    type: async (label: string, text: string) => {
      const field = document.getElementById(
        find('[role=dialog] label', label).getAttribute('for') ?? '',
      ) as HTMLInputElement
      field.value = text
      field.dispatchEvent(new Event('input', { bubbles: true }))
      await flushPromises()
    },
    submit: async () => {
      document
        .querySelector('[role=dialog] form')
        ?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
      await settle()
    },
    press: async (row: number, key: string) => {
      const target = opened.page.findAll('.row')[row]!.element
      target.dispatchEvent(new KeyboardEvent('keydown', { key, altKey: true, bubbles: true, cancelable: true }))
      await settle()
    },
    dialog: () => document.querySelector('[role=dialog]'),
  }
}

test.each(['sv', 'en'] as const)('the list has nothing that axe minds, in %s', async (locale) => {
  const { page } = await open(exampleCompany, { locale })
  await expectNoFaults(page)
})

test('says who they are in their order, with level and state', async () => {
  const { page, names } = await open()
  expect(names()).toEqual(['Anna Lindqvist', 'Erik Sandberg', 'Maria Nyström'])
  expect(page.findAll('.cells .state').map((each) => each.text())).toEqual(['tillgänglig', 'utloggad', 'utloggad'])
  expect(page.findAll('select.level').map((each) => (each.element as HTMLSelectElement).value)).toEqual(['1', '1', '2'])
})

test('Alt and an arrow move an agent, and the bar saves the order', async () => {
  const { press, names, members, settle } = await open()
  await press(0, 'ArrowDown')
  expect(names()).toEqual(['Erik Sandberg', 'Anna Lindqvist', 'Maria Nyström'])
  expect(members()).toEqual(['anna 1', 'erik 1', 'maria 2'])
  await press(0, 'ArrowUp')
  expect(names()[0]).toBe('Erik Sandberg')
  const saved = useDraftStore().save()
  await settle()
  expect(await saved).toBe(true)
  expect(members()).toEqual(['erik 1', 'anna 1', 'maria 2'])
})

test('a row dropped on another takes its place', async () => {
  const { page, names } = await open()
  await page.findAll('.cells')[2]!.trigger('dragstart')
  await page.findAll('.cells')[0]!.trigger('drop')
  expect(names()).toEqual(['Maria Nyström', 'Anna Lindqvist', 'Erik Sandberg'])
})

test('a level is chosen in the row; level one is not written down', async () => {
  const { page } = await open()
  await page.findAll('select.level')[0]!.setValue('3')
  await page.findAll('select.level')[2]!.setValue('1')
  const shown = useDraftStore().configuration?.groupNumbers.find(({ id }) => id === group)
  expect(shown?.members).toEqual([{ agent: 'anna', level: 3 }, { agent: 'erik' }, { agent: 'maria' }])
})

test('logs an agent out of this number, or of all, and says that the agent sees it', async () => {
  const { click, menu, asks, page } = await open()
  await click('button', 'Logga ut: Anna')
  await menu('Mer för Anna', 'Logga ut från alla')
  await menu('Mer för Anna', 'lunch')
  expect(asks().slice(-3)).toEqual([
    { type: 'logOut', agent: 'anna', group },
    { type: 'logOut', agent: 'anna' },
    { type: 'pause', agent: 'anna', reason: 'lunch' },
  ])
  expect(page.text()).toContain('Anna Lindqvist har paus och ser det vid sitt skrivbord.')
})

test('an act that is refused is said', async () => {
  const { click, page } = await open(exampleCompany, { refused: 'logOut' })
  await click('button', 'Logga ut: Anna')
  expect(page.find('[role=alert]').exists()).toBe(true)
})

test('agents of the agreement stand in a list, and several are added at once', async () => {
  const { click, submit, members, dialog, service } = await open(withCia(main))
  await click('button', 'Lägg till agent')
  expect(dialog()?.textContent).toContain('Cia Dahl')
  await expectNoFaults({ element: dialog() } as never)
  dialog()?.querySelector<HTMLInputElement>('input[type=checkbox]')?.click()
  await flushPromises()
  await submit()
  expect(members()).toEqual(['anna 1', 'erik 1', 'maria 2', 'cia 1'])
  expect(service.revision()).toBe(2)
  expect(dialog()).toBeNull()
})

test('a new agent: phone number, Save, then names and group numbers', async () => {
  const { click, type, submit, members, dialog, service } = await open()
  await click('button', 'Lägg till agent')
  await type('Telefonnummer', 'inget')
  await submit()
  expect(dialog()?.textContent).toContain('Det är inget telefonnummer.')
  await type('Telefonnummer', '070-999 88 77')
  await submit()
  await submit()
  expect(dialog()?.textContent).toContain('Skriv ett namn.')
  await type('Förnamn', 'Åsa')
  await type('Efternamn', 'Öst')
  await expectNoFaults({ element: dialog() } as never)
  await submit()
  const agent = service.newest().agents.at(-1)
  expect(agent).toMatchObject({ firstName: 'Åsa', lastName: 'Öst', phone: '+46709998877', agreement: main })
  expect(agent?.id).toMatch(/^asa-ost-[0-9a-f]{6}$/)
  expect(members().at(-1)).toBe(`${agent?.id ?? ''} 1`)
})

test('a number of another agreement shows what is known and what may be changed', async () => {
  const { click, type, submit, members, dialog } = await open(withCia('underavtal-support' as AgreementId), {
    answer: (ask) =>
      ask.type === 'findAgent'
        ? {
            agent: { ...cia, agreement: 'underavtal-support', answersAt: 'phone' },
            agreement: { id: 'underavtal-support', name: 'Exempelbolaget Support' },
            memberOf: [],
            elsewhere: true,
            mayChange: ['firstName', 'lastName', 'agreement'],
          }
        : undefined,
  })
  await click('button', 'Lägg till agent')
  await click('button', 'Skapa ny agent')
  await type('Telefonnummer', '070-111 22 33')
  await submit()
  expect(dialog()?.textContent).toContain('070-111 22 33 hör redan till Cia Dahl i avtalet Exempelbolaget Support.')
  expect(dialog()?.textContent).toContain('bara namn och avtal')
  expect(dialog()?.querySelector('input[type=tel]')).toBeNull()
  await submit()
  expect(members().at(-1)).toBe('cia 1')
})

test('removing says what it touches, and does it', async () => {
  const lone: Configuration = {
    ...exampleCompany,
    groupNumbers: exampleCompany.groupNumbers.map((each) =>
      each.id === group ? { ...each, members: [{ agent: 'anna' as AgentId }] } : each,
    ),
  }
  const { menu, submit, dialog, service, members } = await open(lone)
  await menu('Mer för Anna', 'Ta bort')
  expect(dialog()?.textContent).toContain('Ingen är kvar som kan svara i Kundtjänst.')
  await expectNoFaults({ element: dialog() } as never)
  await submit()
  expect(members()).toEqual([])
  expect(service.newest().agents.some(({ id }) => id === 'anna')).toBe(true)
})

test('changing an agent changes what is typed, and the comings and goings', async () => {
  const { menu, type, submit, service } = await open()
  await menu('Mer för Anna', 'Ändra')
  await type('Efternamn', 'Berg')
  await type('Efterbehandling', '45')
  await submit()
  expect(service.newest().agents[0]).toMatchObject({ firstName: 'Anna', lastName: 'Berg', wrapUpSeconds: 45 })
  expect(service.revision()).toBe(2)
})

test('[W43] the desk of an agent may answer by itself, and no longer', async () => {
  const { menu, submit, service } = await open()
  const ticks = async () => {
    await menu('Mer för Anna', 'Ändra')
    const label = [...document.querySelectorAll('label')].find(
      (each) => each.textContent.trim() === 'Svarar av sig självt',
    )
    label?.querySelector('input')?.click()
    await submit()
    return service.newest().agents[0]?.autoAnswer
  }
  expect(await ticks()).toBe(true)
  expect(await ticks()).toBeUndefined()
})
