import { expect, test } from 'vitest'
import type { CallId, OfferId } from '../../../src/core/routing/messages.ts'
import type { AgentId } from '../../../src/core/configuration/types.ts'
import { colleagueRows } from '../../../src/renderer/desk/colleague-rows.ts'
import { queueRows } from '../../../src/renderer/desk/queue-rows.ts'
import { agentLive, anna, at, bo, boLive, callView, groupLive, liveOf, sales } from '../support/live.ts'

test('the queue is who waits in these group numbers, the longest first', () => {
  const { position: _, ...talking } = callView({ call: 'talking' as CallId, phase: 'talking' })
  const rows = queueRows(
    [
      callView({ call: 'late' as CallId, arrived: at(-5), position: 2 }),
      callView({
        call: 'early' as CallId,
        arrived: at(-90),
        offers: [{ agent: bo, offer: 'o' as OfferId, until: at(9) }],
      }),
      callView({ call: 'elsewhere' as CallId, group: sales }),
      talking,
    ],
    [groupLive()],
    liveOf().agents,
  )
  expect(rows.map(({ call, rungAt }) => [call.call, ...rungAt])).toEqual([['early', 'Bo'], ['late']])
})

test('colleagues stand by who can take a call; without me, and with a telephone gone as a problem', () => {
  const cia = 'cia' as AgentId
  const dan = 'dan' as AgentId
  const agents = liveOf({
    agents: [
      agentLive(),
      boLive({ state: 'loggedOut', loggedIn: [] }),
      boLive({ agent: cia, firstName: 'Cia', device: 'gone' }),
      boLive({ agent: dan, firstName: 'Dan' }),
    ],
  }).agents
  const rows = colleagueRows(agents, [groupLive({ members: [anna, bo, cia, dan] })], anna)
  expect(rows.map(({ name, shown }) => `${name} ${shown}`)).toEqual(['Dan available', 'Cia problem', 'Bo loggedOut'])
})

test('a colleague in a call of their own is in a call to everybody, and paused all the same where they are', () => {
  const cia = 'cia' as AgentId
  const agents = liveOf({
    agents: [boLive({ device: 'busy' }), boLive({ agent: cia, firstName: 'Cia', state: 'paused', device: 'busy' })],
  }).agents
  const rows = colleagueRows(agents, [groupLive({ members: [bo, cia] })], anna)
  expect(rows.map(({ name, shown }) => `${name} ${shown}`)).toEqual(['Bo talking', 'Cia paused'])
})

test('two of one first name are told apart', () => {
  const other = 'bo-2' as AgentId
  const agents = liveOf({ agents: [boLive(), boLive({ agent: other, lastName: 'Holm' })] }).agents
  const rows = colleagueRows(agents, [groupLive({ members: [bo, other] })], anna)
  expect(rows.map(({ name }) => name)).toEqual(['Bo Ek', 'Bo Holm'])
})
