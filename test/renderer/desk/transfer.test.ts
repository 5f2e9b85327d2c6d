import { enableAutoUnmount } from '@vue/test-utils'
import { afterEach, expect, test } from 'vitest'
import { colleagueRows } from '../../../src/renderer/desk/colleague-rows.ts'
import DeskPage from '../../../src/renderer/desk/DeskPage.vue'
import { typedNumber } from '../../../src/renderer/desk/transfer-targets.ts'
import TransferPanel from '../../../src/renderer/desk/TransferPanel.vue'
import { openConsolePage } from '../support/console-page.ts'
import { agentLive, anna, at, bo, boLive, callView, firstCall, groupLive, liveOf, sales } from '../support/live.ts'
import { button, expectNoFaults, show, type Shown } from '../support/mount.ts'

enableAutoUnmount(afterEach)

const groups = [groupLive(), groupLive({ group: sales, name: 'Försäljning' })]
const colleagues = colleagueRows({ anna: agentLive(), bo: boLive() }, groups, anna)
const panel = (given: Record<string, unknown> = {}) => show(TransferPanel, { colleagues, groups, ...given })
const options = (shown: Shown) => shown.findAll('[role=option]').map((option) => option.text())

test('all are offered: colleagues with their state, and group numbers', async () => {
  const shown = panel()
  expect(options(shown)).toEqual([
    expect.stringContaining('Bo Ek'),
    expect.stringContaining('Kundtjänst'),
    expect.stringContaining('Försäljning'),
  ])
  expect(shown.findAll('button[disabled]')).toHaveLength(2)
  await expectNoFaults(shown)
})

test('typing finds one, and Enter asks first', async () => {
  const shown = panel()
  await shown.find('input').setValue('förs')
  expect(options(shown)).toHaveLength(1)
  await shown.find('input').trigger('keydown', { key: 'Enter' })
  expect(shown.emitted().transfer).toEqual([[{ group: sales }, 'consult']])
})

test('arrow keys choose, and the call is transferred at once', async () => {
  const shown = panel()
  await shown.find('input').trigger('keydown', { key: 'ArrowDown' })
  await button(shown, 'Koppla direkt').trigger('click')
  expect(shown.emitted().transfer).toEqual([[{ agent: bo }, 'now']])
})

test.each([
  ['070-174 06 05', '+46701740605'],
  ['112', '112'],
  ['nobody', undefined],
])('what is typed is a number, or not: %s', (typed, number) => {
  expect(typedNumber(typed)).toBe(number)
})

test('what is neither a name nor a number is said so', async () => {
  const shown = panel()
  await shown.find('input').setValue('qqq')
  expect(shown.text()).toContain('Ingen heter så')
  await expectNoFaults(shown)
})

test('while a colleague is asked both ways are open', async () => {
  const shown = panel({ consulting: { name: 'Bo Ek', answered: true } })
  expect(shown.text()).toContain('Du talar med Bo Ek')
  await button(shown, 'Koppla samman').trigger('click')
  await button(shown, 'Tillbaka').trigger('click')
  expect(Object.keys(shown.emitted())).toEqual(expect.arrayContaining(['confirm', 'cancel']))
  await expectNoFaults(shown)
})

test('from the desk: a colleague is asked, does not take the call, and the agent is told', async () => {
  const talking = callView({ phase: 'talking', agent: anna, talkingSince: at(-10) })
  const live = liveOf({
    agents: [agentLive({ state: 'talking', call: firstCall, answersAt: 'phone' }), boLive()],
    calls: [talking],
  })
  const { page, asks, settle, console } = await openConsolePage(
    DeskPage,
    { ringBlocked: false },
    { live, signedIn: { roles: ['agent'], agent: anna }, answer: () => null },
  )
  await button(page, 'Koppla').trigger('click')
  await page.find('.transfer input').setValue('bo')
  await button(page, 'Fråga först').trigger('click')
  await settle()
  expect(asks()).toContainEqual({ type: 'transfer', call: firstCall, to: { agent: bo }, how: 'consult' })

  const consulting = { ...talking, consulting: { to: { agent: bo }, agent: bo, answered: false } }
  const tell = async (revision: number, value: unknown) => {
    const changes = [{ in: 'calls' as const, key: firstCall, value }]
    console.socket.say({ type: 'delta', revision, now: at(0), changes })
    await settle()
  }
  await tell(2, consulting)
  expect(page.text()).toContain('Ringer Bo Ek')
  await tell(3, talking)
  expect(page.text()).toContain('Bo Ek tog inte samtalet')
})

test('[W40] all three together: as soon as the colleague is there, and then one of them may go', async () => {
  const asking = panel({ consulting: { name: 'Bo Ek', answered: false } })
  expect(button(asking, 'Samtal med tre').attributes()).toHaveProperty('disabled')
  const there = panel({ consulting: { name: 'Bo Ek', answered: true } })
  await button(there, 'Samtal med tre').trigger('click')
  const three = panel({ consulting: { name: 'Bo Ek', answered: true, threeWay: 'all' } })
  await button(three, 'Lämna samtalet').trigger('click')
  await button(three, 'Avsluta för Bo Ek').trigger('click')
  expect([there.emitted(), three.emitted()]).toMatchObject([{ joinThree: [[]] }, { confirm: [[]], cancel: [[]] }])
  await expectNoFaults(three)
})

test('[W40] from the desk, by the keyboard: three in the call, one hangs up, and the agent is told', async () => {
  const asked = { to: { agent: bo }, agent: bo, answered: true }
  const talking = callView({ phase: 'talking', agent: anna, talkingSince: at(-10) })
  const live = liveOf({
    agents: [agentLive({ state: 'talking', call: firstCall, answersAt: 'phone' }), boLive()],
    calls: [talking],
  })
  const { page, asks, settle, console } = await openConsolePage(
    DeskPage,
    { ringBlocked: false },
    { live, signedIn: { roles: ['agent'], agent: anna }, answer: () => null },
  )
  let revision = 1
  const tell = async (consulting?: object) => {
    const value = { ...talking, ...(consulting && { consulting }) }
    const changes = [{ in: 'calls' as const, key: firstCall, value }]
    console.socket.say({ type: 'delta', revision: ++revision, now: at(0), changes })
    await settle()
  }
  const presses = () => window.dispatchEvent(new KeyboardEvent('keydown', { code: 'KeyG', key: 'g', altKey: true }))
  presses()
  await button(page, 'Koppla').trigger('click')
  await page.find('.transfer input').setValue('bo')
  await button(page, 'Fråga först').trigger('click')
  await tell(asked)
  presses()
  await settle()
  expect(asks().filter(({ type }) => type === 'threeWay')).toEqual([{ type: 'threeWay', call: firstCall }])
  await tell({ ...asked, threeWay: 'all' })
  expect(page.text()).toContain('Ni är tre i samtalet: du, Bo Ek och den som ringde.')
  await tell({ ...asked, threeWay: 'callerLeft' })
  expect(page.text()).toContain('Den som ringde har lagt på. Du talar med Bo Ek.')
  await tell({ ...asked, threeWay: 'all' })
  await tell()
  expect(page.text()).toContain('Bo Ek har lagt på. Du har den som ringde kvar.')
})

test('[W40] who is asked sees by whom, and transfers nothing', async () => {
  const talking = callView({ phase: 'talking', agent: bo, talkingSince: at(-10) })
  const consulting = { to: { agent: anna }, agent: anna, answered: true }
  const live = liveOf({
    agents: [agentLive({ state: 'talking', call: firstCall, answersAt: 'phone' }), boLive()],
    calls: [{ ...talking, consulting }],
  })
  const { page, settle, console } = await openConsolePage(
    DeskPage,
    { ringBlocked: false },
    { live, signedIn: { roles: ['agent'], agent: anna }, answer: () => null },
  )
  expect(page.text()).toContain('Bo Ek frågar dig först. Den som ringde hör musik.')
  expect(page.findAll('button').map((one) => one.text())).not.toContain('Koppla')
  const value = { ...talking, consulting: { ...consulting, threeWay: 'all' } }
  console.socket.say({ type: 'delta', revision: 2, now: at(0), changes: [{ in: 'calls', key: firstCall, value }] })
  await settle()
  expect(page.text()).toContain('Ni är tre i samtalet: du, Bo Ek och den som ringde.')
})

test('[W42] a desk that is loaded anew offers the ways out of a call between three', async () => {
  const talking = callView({ phase: 'talking', agent: anna, talkingSince: at(-10) })
  const consulting = { to: { agent: bo }, agent: bo, answered: true, threeWay: 'all' as const }
  const live = liveOf({
    agents: [agentLive({ state: 'talking', call: firstCall, answersAt: 'phone' }), boLive()],
    calls: [{ ...talking, consulting }],
  })
  const { page, asks } = await openConsolePage(
    DeskPage,
    { ringBlocked: false },
    { live, signedIn: { roles: ['agent'], agent: anna }, answer: () => null },
  )
  await button(page, 'Lämna samtalet').trigger('click')
  expect(asks()).toContainEqual({ type: 'confirmTransfer', call: firstCall })
})
