import { enableAutoUnmount } from '@vue/test-utils'
import { afterEach, expect, test } from 'vitest'
import type { Contact } from '../../../src/contract/call-records.ts'
import type { Ask, PastCall } from '../../../src/contract/console.ts'
import type { CallId } from '../../../src/core/routing/messages.ts'
import ContactList from '../../../src/renderer/desk/around/ContactList.vue'
import { readCallAbout } from '../../../src/renderer/desk/around/read-call-about.ts'
import { callerInFront } from '../../../src/renderer/desk/around/use-around-call.ts'
import DeskPage from '../../../src/renderer/desk/DeskPage.vue'
import { openConsolePage } from '../support/console-page.ts'
import { agentLive, anna, at, callView, firstCall, liveOf, ringingAtAnna, support } from '../support/live.ts'
import { expectNoFaults, show } from '../support/mount.ts'

enableAutoUnmount(afterEach)

const contact = (given: Partial<Contact> = {}): Contact => ({
  id: 'call-0 1',
  way: 'in',
  group: support,
  at: at(-3600),
  end: 'answered',
  agent: anna,
  agentName: 'Anna Lindqvist',
  waited: 12,
  talked: 185,
  ...given,
})
const by = { agent: anna, agentName: 'Anna Lindqvist' }
const { agent: _, agentName: __, talked: ___, ...notServed } = contact()
const contacts = [
  contact(),
  { ...notServed, id: '2', at: at(-90_000), end: 'abandoned' as const },
  { ...notServed, ...by, id: '3', way: 'out' as const, at: at(-95_000), end: 'noAnswer' as const },
  { ...notServed, id: '4', at: at(-100_000), end: 'closed' as const, voicemail: true as const },
]

test('[W31] each contact says when, with whom, in which group number and how it ended', async () => {
  const list = show(ContactList, { contacts, groups: { support: { name: 'Kundtjänst' } } })
  expect(list.findAll('li').map((line) => line.text().replaceAll(/\s+/g, ' '))).toEqual([
    '09:00ringde hit: Anna Lindqvist · Kundtjänst · 3:05',
    expect.stringMatching(/ringde hit: Kundtjänst · la på i kön$/),
    expect.stringMatching(/uppringd härifrån: Anna Lindqvist · Kundtjänst · inget svar$/),
    expect.stringMatching(/ringde hit: Kundtjänst · ringde när det var stängt, lämnade ett meddelande$/),
  ])
  await expectNoFaults(list)
})

test('[W31] without any it says so', () => {
  expect(show(ContactList, { contacts: [], groups: {} }).text()).toContain('Inga tidigare kontakter')
})

test('an answer of another form than the contract’s is none', () => {
  for (const value of [undefined, null, 3, {}, { contacts: [{}] }, { contacts: 'many' }])
    expect(readCallAbout(value)).toBeUndefined()
  const about = { contacts, outcomes: [], outcomeRequired: false }
  expect(readCallAbout(about)).toEqual(about)
})

const tells = (told: readonly Contact[]) => (ask: Ask) =>
  ask.type === 'callAbout' ? { contacts: told, outcomes: [], outcomeRequired: false } : undefined

const past = (call: string, time: number, given: Partial<PastCall> = {}): PastCall => ({
  id: `${call} 1`,
  call: call as CallId,
  way: 'taken',
  at: at(time),
  group: support,
  seconds: 5,
  ...given,
})

test('while a call is wrapped up it is the caller talked to last, and no colleague’s call', () => {
  const { group: _, ...colleagues } = past('colleague', -5)
  const calls = [past('older', -900), past('last', -30), colleagues, past('made', -1, { way: 'made' })]
  expect(callerInFront({ kind: 'wrapUp' }, calls)).toBe('last')
  expect(callerInFront({ kind: 'idle' }, calls)).toBeUndefined()
})

test('[W31] the desk asks once while it rings, shows what it is told, and rings all the same when it is told nothing', async () => {
  const agents = [agentLive({ state: 'ringing', call: firstCall })]
  const live = liveOf({ agents, calls: [ringingAtAnna()] })
  const desk = await openConsolePage(DeskPage, { ringBlocked: false }, { live, answer: tells(contacts) })
  expect(desk.asks().filter(({ type }) => type === 'callAbout')).toEqual([{ type: 'callAbout', call: firstCall }])
  expect(desk.page.text()).toContain('Anna Lindqvist · Kundtjänst · 3:05')
  const without = await openConsolePage(DeskPage, { ringBlocked: false }, { live })
  expect(without.page.text()).toContain('ringer i 14 s till')
  expect(without.page.text()).not.toContain('Senaste kontakter')
})

test('[W31] it asks again when the call is answered: a colleague who put it through has written something meanwhile', async () => {
  const agents = [agentLive({ state: 'ringing', call: firstCall })]
  const desk = await openConsolePage(
    DeskPage,
    { ringBlocked: false },
    { live: liveOf({ agents, calls: [ringingAtAnna()] }), answer: tells(contacts) },
  )
  desk.console.socket.say({
    type: 'delta',
    revision: 2,
    now: at(1),
    changes: [
      { in: 'agents', key: anna, value: agentLive({ state: 'talking', call: firstCall }) },
      { in: 'calls', key: firstCall, value: callView({ phase: 'talking', agent: anna, talkingSince: at(1) }) },
    ],
  })
  await desk.settle()
  expect(desk.asks().filter(({ type }) => type === 'callAbout')).toHaveLength(2)
  expect(desk.page.text()).toContain('Anna Lindqvist · Kundtjänst · 3:05')
})

test('[W32] of a hidden number nothing is shown', async () => {
  const { from: _, ...hidden } = callView({ phase: 'talking', agent: anna, talkingSince: at(-3) })
  const agents = [agentLive({ state: 'talking', call: firstCall })]
  const live = liveOf({ agents, calls: [hidden] })
  const desk = await openConsolePage(DeskPage, { ringBlocked: false }, { live, answer: tells([]) })
  expect(desk.page.text()).not.toContain('kontakter')
})
