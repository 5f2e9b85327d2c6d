import { expect, test } from 'vitest'
import type { OfferPassed, PastCall } from '../../../src/contract/console.ts'
import type { CallId } from '../../../src/core/routing/messages.ts'
import { colleagueRows } from '../../../src/renderer/desk/colleague-rows.ts'
import { callRows, ringBack } from '../../../src/renderer/desk/call-rows.ts'
import { dialChoices, numberOfLink, typedTarget } from '../../../src/renderer/desk/dial-choices.ts'
import { anna, at, bo, firstCall, firstOffer, groupLive, liveOf } from '../support/live.ts'

const colleagues = colleagueRows(liveOf().agents, [groupLive()], anna)
const past = (given: Partial<PastCall>): PastCall => ({
  id: 'p1',
  call: 'c1' as CallId,
  way: 'made',
  at: at(-60),
  ...given,
})
const passed: OfferPassed = {
  offer: firstOffer,
  call: firstCall,
  group: groupLive().group,
  from: '+46701234567' as never,
  at: at(-30),
  why: 'missed',
}
const calls = [
  past({ number: '+46855512345' as never }),
  past({ id: 'p2', number: '+46701234567' as never, at: at(-90) }),
  past({ id: 'p3', colleague: bo, at: at(-10) }),
]
const names = (typed: string) => dialChoices(colleagues, calls, [passed], typed).map(({ name }) => name)

test.each([
  ['nothing: numbers of late, each once, and then colleagues', '', ['070-123 45 67', '08-555 123 45', 'Bo Ek']],
  ['a name', 'bo', ['Bo Ek']],
  ['a piece of a number, as people write it', '08-555', ['08-555 123 45']],
  ['a piece from within', '123 45', ['070-123 45 67', '08-555 123 45']],
  ['what nobody has', 'kerstin', []],
])('finds by %s', (_, typed, expected) => {
  expect(names(typed)).toEqual(expected)
})

test.each([
  ['070-174 06 05', '+46701740605'],
  ['112', '112'],
  ['bo', bo],
  ['', undefined],
  ['kerstin', undefined],
])('%s means %s', (typed, expected) => {
  expect(typedTarget(typed, dialChoices(colleagues, calls, [passed], typed))).toBe(expected)
})

test.each([
  ['tel:+46-8-555%20123%2045', '+46-8-555 123 45'],
  ['callto:0701234567', '0701234567'],
  ['tel:+46701234567;phone-context=x', '+46701234567'],
  ['tel:%E0%A4%A', '%E0%A4%A'],
])('a link %s fills in %s', (link, written) => {
  expect(numberOfLink(link)).toBe(written)
})

test('the agent’s calls stand newest first, and each can be called again, through the group number it came by', () => {
  const rows = callRows(calls, [passed])
  expect(rows.map(ringBack)).toEqual([
    { to: bo },
    { to: '+46701234567', group: 'support' },
    { to: '+46855512345' },
    { to: '+46701234567' },
  ])
  const { from: _, ...hidden } = passed
  expect(callRows([], [hidden]).map(ringBack)).toEqual([undefined])
})
