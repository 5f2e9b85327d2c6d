import { enableAutoUnmount } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'
import type { AgentTold } from '../../../src/contract/console.ts'
import ToldLine from '../../../src/renderer/desk/ToldLine.vue'
import ToldNotice from '../../../src/renderer/desk/ToldNotice.vue'
import { agentLive, at, groupLive, sales } from '../support/live.ts'
import { button, expectNoFaults, show } from '../support/mount.ts'

enableAutoUnmount(afterEach)
afterEach(() => vi.unstubAllGlobals())

const support = groupLive().group
const groups = { [support]: groupLive(), [sales]: groupLive({ group: sales, name: 'Försäljning' }) }
const told = (given: Partial<AgentTold> = {}): AgentTold => ({
  at: at(-60),
  by: 'Cia',
  did: 'loggedOut',
  group: support,
  ...given,
})
const line = (...given: readonly AgentTold[]) => show(ToldLine, { told: given, groups })

test.each<[readonly AgentTold[], string]>([
  [[told()], 'Cia loggade ut dig från Kundtjänst 09:59'],
  [[told(), told({ group: sales })], 'Cia loggade ut dig från Kundtjänst, Försäljning 09:59'],
  [[{ at: at(-60), by: 'Cia', did: 'loggedOut' }], 'Cia loggade ut dig från alla gruppnummer 09:59'],
  [[told({ did: 'loggedIn' })], 'Cia loggade in dig i Kundtjänst 09:59'],
  [[{ at: at(-60), by: 'Bo', did: 'paused', reason: 'lunch' }], 'Bo satte dig på paus (lunch) 09:59'],
  [[told(), { at: at(-30), by: 'Bo', did: 'resumed' }], 'Bo avslutade din paus 09:59'],
])('[A23] the newest is said in a line', async (given, words) => {
  const shown = line(...given)
  expect(shown.text().toLowerCase()).toBe(words.toLowerCase())
  await expectNoFaults(shown)
})

test('[A23] what is read goes, until there is more', async () => {
  const shown = line(told())
  await button(shown, 'Jag har sett det').trigger('click')
  expect(shown.text()).toBe('')
  await shown.setProps({ told: [told(), told({ at: at(-5), did: 'loggedIn' })] })
  expect(shown.text()).toContain('loggade in dig')
})

test('[A23] what comes while the window is there is a notification, and what came before is none', async () => {
  const notes: unknown[] = []
  vi.stubGlobal('desktop', { tell: (note: unknown) => Promise.resolve(notes.push(note)) })
  const shown = show(ToldNotice, { me: agentLive({ told: [told()] }), groups })
  expect(notes).toEqual([])
  await shown.setProps({ me: agentLive({ told: [told(), told({ at: at(-1), did: 'loggedIn' })] }) })
  expect(notes).toEqual([{ title: 'Gruppnummer', body: 'Cia loggade in dig i Kundtjänst 09:59' }])
  await shown.setProps({ me: agentLive() })
  expect(notes).toHaveLength(1)
})
