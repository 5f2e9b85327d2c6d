import { expect, test } from 'vitest'
import type { AgentId } from '../../../../src/core/configuration/types.ts'
import type { CallId } from '../../../../src/core/routing/messages.ts'
import { agentsNow, levelNow, pressureOf } from '../../../../src/renderer/supervisor/monitor/monitor-picture.ts'
import MonitorPage from '../../../../src/renderer/supervisor/monitor/MonitorPage.vue'
import { useSoftphoneStore } from '../../../../src/renderer/desk/softphone-store.ts'
import { openConsolePage } from '../../support/console-page.ts'
import { agentLive, anna, at, bo, boLive, callView, groupLive, liveOf, sales, support } from '../../support/live.ts'
import { button, expectNoFaults } from '../../support/mount.ts'

const waiting = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    callView({ call: `call-${index}` as CallId, position: index + 1, arrived: at(-102 + index) }),
  )

test.each([
  [0, 'calm'],
  [4, 'calm'],
  [5, 'raised'],
  [9, 'raised'],
  [10, 'high'],
])('%i waiting is %s', (count, pressure) => {
  expect(pressureOf(count)).toBe(pressure)
})

test.each([
  [3, 'lugnt'],
  [5, 'många'],
  [12, 'väldigt många'],
])('%i waiting is said in a word, and not by colour alone', async (count, word) => {
  const { page } = await openConsolePage(MonitorPage, {}, { live: liveOf({ calls: waiting(count) }) })
  expect(page.find('.figure').text()).toContain(`${count}${word}`)
  expect(page.find('.figure svg').exists()).toBe(true)
})

test('the longest wait, the callers and the agents stand on the page', async () => {
  const live = liveOf({
    calls: waiting(2),
    agents: [agentLive({ state: 'talking', since: at(-185) }), boLive({ state: 'paused', pauseReason: 'lunch' })],
  })
  const { page } = await openConsolePage(MonitorPage, {}, { live })
  expect(page.text()).toContain('Längsta väntan1:42070-123 45 67')
  expect(page.findAll('.tile').map((tile) => tile.text())).toEqual([
    'Anna Lindqvisti samtal3:05',
    'Bo Ekpaus (lunch)1:00',
  ])
  await expectNoFaults(page)
})

test('a change of one agent leaves the tile of another alone', async () => {
  const { page, console, settle } = await openConsolePage(MonitorPage)
  const touched: string[] = []
  const tiles = page.findAll('.tile')
  const watched = new MutationObserver((records) => touched.push(...records.map(({ type }) => type)))
  watched.observe(tiles[1]!.element, { subtree: true, childList: true, characterData: true, attributes: true })
  const talking = agentLive({ state: 'talking', since: at(0) })
  console.socket.say({
    type: 'delta',
    revision: 2,
    now: at(0),
    changes: [{ in: 'agents', key: talking.agent, value: talking }],
  })
  await settle()
  expect(page.findAll('.tile')[0]?.text()).toContain('i samtal')
  expect(page.findAll('.tile')[1]?.element).toBe(tiles[1]?.element)
  expect(touched).toEqual([])
  watched.disconnect()
})

test('who is logged in elsewhere is logged out here, but seen in a call', () => {
  const elsewhere = { loggedIn: [sales] }
  const cia = agentLive({ agent: 'cia' as AgentId, firstName: 'Cia', state: 'talking', ...elsewhere })
  const bo = boLive(elsewhere)
  const group = groupLive({ members: [bo.agent, cia.agent] })
  const { tiles, loggedOut, counts } = agentsNow({ [bo.agent]: bo, [cia.agent]: cia }, [group])
  expect(tiles.map(({ agent, shown }) => [agent.firstName, shown])).toEqual([['Cia', 'talking']])
  expect(loggedOut).toEqual([bo])
  expect(counts.talking).toBe(1)
})

test('a supervisor sees the supervised group numbers alone', async () => {
  const signedIn = { roles: ['supervisor' as const], supervises: [sales] }
  const groups = [groupLive(), groupLive({ group: sales, name: 'Sälj', members: [] })]
  const calls = [callView(), callView({ call: 'call-2' as CallId, group: sales })]
  const { page } = await openConsolePage(MonitorPage, {}, { signedIn, live: liveOf({ groups, calls }) })
  expect(page.find('.figure').text()).toContain('1lugnt')
  expect(page.text()).toContain('Ingen är inloggad')
})

test('on a wall it fills the window, says when contact is lost, and Escape leaves it', async () => {
  const { page, console, settle } = await openConsolePage(MonitorPage)
  await button(page, 'Helskärm').trigger('click')
  expect(page.find('.wall').exists()).toBe(true)
  expect(page.text()).toContain('10:00')
  console.socket.drop()
  await settle()
  expect(page.text()).toContain('siffrorna är gamla')
  window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))
  await settle()
  expect(page.find('.wall').exists()).toBe(false)
})

test('[W29] on a call of the supervised group numbers one can listen in, where the own softphone can', async () => {
  const live = liveOf({
    agents: [agentLive({ state: 'talking' }), boLive()],
    calls: [callView({ phase: 'talking', agent: anna, talkingSince: at(-5) })],
  })
  const signedIn = { roles: ['supervisor' as const], supervises: [support], agent: bo }
  const { page, asks, settle, pinia } = await openConsolePage(MonitorPage, {}, { signedIn, live, answer: () => null })
  const listen = page.find<HTMLButtonElement>('[aria-label="Lyssna på Anna Lindqvist"]')
  expect(listen.element.disabled).toBe(true)
  useSoftphoneStore(pinia).registration = { state: 'registered' }
  await settle()
  await listen.trigger('click')
  expect(asks()).toContainEqual({ type: 'monitor', call: 'call-1', mode: 'listen' })
  await expectNoFaults(page)
  // A wall is only looked at.
  await button(page, 'Helskärm').trigger('click')
  expect(page.find('[aria-label="Lyssna på Anna Lindqvist"]').exists()).toBe(false)
})

test('[W4] who supervises elsewhere, and the agent of the call, cannot listen in', async () => {
  const live = liveOf({
    groups: [groupLive(), groupLive({ group: sales, name: 'Sälj' })],
    agents: [agentLive({ state: 'talking' }), boLive()],
    calls: [callView({ phase: 'talking', agent: anna })],
  })
  for (const signedIn of [
    { roles: ['supervisor' as const], supervises: [sales], agent: bo },
    { roles: ['supervisor' as const], supervises: [support], agent: anna },
  ]) {
    const { page } = await openConsolePage(MonitorPage, {}, { signedIn, live })
    expect(page.find('.tile').text()).toContain('Anna')
    expect(page.find('.listen').exists()).toBe(false)
  }
})

test('[S40] the service level today is that of all group numbers shown, and never rounded up', () => {
  const today = (offered: number, answeredInTime: number, withinSeconds = 20) => ({
    today: { offered, answeredInTime, withinSeconds },
  })
  expect(levelNow([groupLive(), groupLive()])).toBeUndefined()
  expect(levelNow([groupLive(today(300, 299)), groupLive()])).toMatchObject({ percent: 99, withinSeconds: 20 })
  expect(levelNow([groupLive(today(6, 5)), groupLive(today(2, 1, 30))])).toEqual({
    percent: 75,
    offered: 8,
    answeredInTime: 6,
    withinSeconds: undefined,
  })
})
