import { expect, test } from 'vitest'
import type { AgentId, E164, GroupNumberId } from '../../../src/core/configuration/types.ts'
import type {
  CallId,
  Command,
  Notice,
  OfferId,
  RoutingEvent,
  StopRingingReason,
} from '../../../src/core/routing/messages.ts'
import { instant } from '../../../src/core/time.ts'
import { passedOffers } from '../../../src/service/live-calls/passed-offers.ts'
import type { JournalEntry } from '../../../src/service/ports.ts'

const at = instant(Date.UTC(2026, 10, 23, 8))
const call = 'c1' as CallId
const group = 'support' as GroupNumberId
const anna = 'anna' as AgentId
const ben = 'ben' as AgentId

const event = (happened: object): JournalEntry => ({ kind: 'event', event: { at, call, ...happened } as RoutingEvent })
const command = (given: object): JournalEntry => ({ kind: 'command', at, command: { call, ...given } as Command })
const arrives = event({ type: 'callArrived', to: '+46122260980' as E164, from: '+46701740605', name: 'Kund' })
const rings = (agent: AgentId, offer: string) => command({ type: 'ring', agent, offer, show: { group } })
const stops = (agent: AgentId, offer: string, why: StopRingingReason) =>
  command({ type: 'stopRinging', agent, offer: offer as OfferId, why })
const isConnected = (agent: AgentId): JournalEntry => ({
  kind: 'notice',
  notice: { type: 'connected', at, call, group, agent, waited: 0 } satisfies Notice,
})

const afterAll = (...entries: JournalEntry[]) => {
  const passed = passedOffers()
  for (const entry of [arrives, ...entries]) passed.saw(entry)
  return passed.of(anna)
}

test.each<[string, JournalEntry[], string[]]>([
  ['rung out', [rings(anna, 'o1'), stops(anna, 'o1', 'noAnswer')], ['missed']],
  [
    'the phone itself gave up',
    [rings(anna, 'o1'), event({ type: 'agentDeclined', agent: anna, offer: 'o1', cause: 'noAnswer' })],
    ['missed'],
  ],
  [
    'declined',
    [rings(anna, 'o1'), event({ type: 'agentDeclined', agent: anna, offer: 'o1', cause: 'rejected' })],
    ['rejected'],
  ],
  [
    'the caller hung up',
    [rings(anna, 'o1'), event({ type: 'callerHungUp' }), stops(anna, 'o1', 'callerGone')],
    ['callerGone'],
  ],
  ['paused while it rang', [rings(anna, 'o1'), stops(anna, 'o1', 'withdrawn')], ['withdrawn']],
  ['answered', [rings(anna, 'o1'), event({ type: 'agentAnswered', agent: anna, offer: 'o1' }), isConnected(anna)], []],
  [
    'never reached the phone',
    [rings(anna, 'o1'), event({ type: 'agentDeclined', agent: anna, offer: 'o1', cause: 'unreachable' })],
    [],
  ],
  [
    'refused by the switch',
    [rings(anna, 'o1'), event({ type: 'commandFailed', command: 'ring', offer: 'o1', reason: 'x' })],
    [],
  ],
  [
    'rung twice',
    [rings(anna, 'o1'), stops(anna, 'o1', 'noAnswer'), rings(anna, 'o2'), stops(anna, 'o2', 'noAnswer')],
    ['missed', 'missed'],
  ],
])('%s', (_, entries, expected) => {
  const passed = afterAll(...entries)
  expect(passed.map(({ why }) => why)).toEqual(expected)
  for (const offer of passed) expect(offer).toMatchObject({ from: '+46701740605', name: 'Kund', group, at })
})

test.each<[string, JournalEntry[]]>([
  ['told after the ring is stopped', [stops(anna, 'o1', 'answeredElsewhere'), isConnected(ben)]],
  ['told before the ring is stopped', [isConnected(ben), stops(anna, 'o1', 'answeredElsewhere')]],
])('the colleague who answered is named, %s', (_, entries) => {
  const passed = afterAll(rings(anna, 'o1'), rings(ben, 'o2'), ...entries)
  expect(passed).toMatchObject([{ why: 'answeredElsewhere', answeredBy: ben }])
})

test('the newest fifty are kept', () => {
  const many = Array.from({ length: 60 }, (_, at) => [rings(anna, `o${at}`), stops(anna, `o${at}`, 'noAnswer')]).flat()
  const passed = afterAll(...many)
  expect([passed.length, passed.at(0)?.offer, passed.at(-1)?.offer]).toEqual([50, 'o10', 'o59'])
})
