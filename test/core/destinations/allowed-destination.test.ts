import { expect, test } from 'vitest'
import type { AgentId, E164 } from '../../../src/core/configuration/types.ts'
import {
  destinationVerdict,
  numberRungBy,
  presetDestinations,
} from '../../../src/core/destinations/allowed-destination.ts'
import type { CallId, Command } from '../../../src/core/routing/messages.ts'

test.each<[string, string, boolean]>([
  ['a Stockholm number is open', '+468123456', true],
  ['a number in Uppsala is open', '+4618123456', true],
  ['a mobile is open', '+46701740605', true],
  ['112 as dialled is open', '112', true],
  ['112 in E.164 form is open', '+46112', true],
  ['a mobile that begins as 112 does is judged as a mobile', '+46701121121', true],
  ['directory enquiries are closed', '+46118118', false],
  ['0900 is closed', '+469001234567', false],
  ['0939 is closed', '+469391234567', false],
  ['0944 is closed', '+469441234567', false],
  ['099 is closed', '+46993123456', false],
  ['Östersund begins as none of them', '+4663123456', true],
  ['a number beside 0939 is open', '+46940123456', true],
  ['Norway is closed', '+4722334455', false],
  ['Inmarsat is closed', '+870773123456', false],
  ['Iridium is closed', '+881612345678', false],
  ['what is no number is closed', 'sip:anyone@example.com', false],
])('[W1] %s', (_, number, open) => {
  expect(destinationVerdict(presetDestinations, number).open).toBe(open)
})

test('[W1] the longest prefix decides, wherever it stands', () => {
  const norway = { prefix: '+47', open: true, name: 'Norge' }
  const paid = { prefix: '+47829', open: false, name: 'Norska betalnummer' }
  for (const table of [
    [norway, paid],
    [paid, norway],
  ]) {
    expect(destinationVerdict(table, '+4722334455')).toEqual({ open: true, rule: norway })
    expect(destinationVerdict(table, '+4782912345')).toEqual({ open: false, rule: paid })
  }
})

test('[W2] no table closes 112', () => {
  const all = [{ prefix: '+', open: false, name: 'Allt' }]
  expect(destinationVerdict(all, '112').open).toBe(true)
  expect(destinationVerdict(all, '+46112').open).toBe(true)
  expect(destinationVerdict(all, '+4611212').open).toBe(false)
})

const call = 'call-1' as CallId
const agent = 'anna' as AgentId
const to = '+4722334455' as E164
test.each<[Command, E164 | undefined]>([
  [{ type: 'forward', call, to }, to],
  [{ type: 'callOut', call, to, show: { group: 'support' as never } }, to],
  [{ type: 'consult', call, agent, to: { number: to } }, to],
  [{ type: 'consult', call, agent, to: { agent } }, undefined],
  [{ type: 'answer', call }, undefined],
])('[W3] of %j the number outside is %s', (command, expected) => {
  expect(numberRungBy(command)).toBe(expected)
})
