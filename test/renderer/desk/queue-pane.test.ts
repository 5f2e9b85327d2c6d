import { expect, test } from 'vitest'
import type { Ask } from '../../../src/contract/console.ts'
import DeskPage from '../../../src/renderer/desk/DeskPage.vue'
import type { CallId } from '../../../src/core/routing/messages.ts'
import type { E164 } from '../../../src/core/configuration/types.ts'
import { openConsolePage, type ServiceAnswers } from '../support/console-page.ts'
import { anna, bo, callView, groupLive, liveOf, sales } from '../support/live.ts'

const second = callView({ call: 'call-2' as CallId, from: '+46812345678' as E164, position: 2 })
const live = liveOf({
  groups: [groupLive(), groupLive({ group: sales, name: 'Försäljning', members: [] })],
  calls: [callView(), second],
})

async function openDesk(answers: Partial<ServiceAnswers>) {
  const desk = await openConsolePage(DeskPage, { ringBlocked: false }, { live, ...answers })
  const rows = desk.page.findAll('.queue .row')
  const menu = async () => {
    await rows[0]?.trigger('keydown', { key: 'Enter' })
    await desk.settle()
    return [...document.querySelectorAll<HTMLElement>('[role=menuitem]')]
  }
  return { ...desk, menu }
}
const named = (items: readonly HTMLElement[], words: string) => items.find((one) => one.textContent.trim() === words)

test('an agent picks from the menu, and is told who was first', async () => {
  const { page, menu, settle, asks } = await openDesk({
    signedIn: { roles: ['agent'], agent: anna },
    answer: (ask: Ask) => (ask.type === 'pick' ? { outcome: 'taken', by: bo } : undefined),
  })
  const items = await menu()
  expect(items.map(({ textContent }) => textContent.trim())).toEqual(['Ta samtalet'])
  named(items, 'Ta samtalet')?.click()
  await settle()
  expect(asks()).toContainEqual({ type: 'pick', call: 'call-1' })
  expect(page.find('.queue [role=alert]').text()).toBe('Bo hann före.')
})

test('an admin puts a caller first and moves one', async () => {
  const { menu, settle, asks } = await openDesk({ signedIn: { roles: ['admin'], agent: anna }, answer: () => null })
  named(await menu(), 'Sätt först')?.click()
  await settle()
  named(await menu(), 'Försäljning')?.click()
  await settle()
  expect(asks()).toContainEqual({ type: 'prioritise', call: 'call-1', priority: 1000 })
  expect(asks()).toContainEqual({ type: 'moveCall', call: 'call-1', group: 'sales' })
})
