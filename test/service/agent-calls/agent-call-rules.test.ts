import { expect, test } from 'vitest'
import type { AgentId, Configuration, E164 } from '../../../src/core/configuration/types.ts'
import type { CallId } from '../../../src/core/routing/messages.ts'
import { decideCall } from '../../../src/service/agent-calls/agent-call-rules.ts'
import { company } from '../../support/routing/company.ts'

const support = '+46122260980' as E164
const sales = '+46122260990' as E164
const closed = '+46900123456'
const office: Configuration = company([
  { id: 'support', number: support, members: ['anna', 'ben'] },
  { id: 'sales', number: sales, members: ['cia'] },
])
const anna = 'anna' as AgentId
const annas = office.agents.find(({ id }) => id === anna)!.phone
const mayRing = (number: E164) => number !== closed

const decides = (to: string, as?: E164, agent = anna) =>
  decideCall({ call: 'c1' as CallId, agent, to, ...(as && { as }) }, office, mayRing)

test.each([
  ['+46701740605', '+46701740605'],
  ['070-174 06 05', '+46701740605'],
  ['0047 22 33 44 55', '+4722334455'],
])('[W14] places a call to %s, shown as the agent', (dialled, number) => {
  expect(decides(dialled)).toMatchObject({
    type: 'placeCall',
    agent: anna,
    to: { number },
    show: { number: annas, name: 'anna Exempel' },
  })
})

test('[W15] shows a group number that the agent is a member of, and no other', () => {
  expect(decides('+46701740605', support)).toMatchObject({ show: { number: support, name: 'support' } })
  expect(decides('+46701740605', annas)).toMatchObject({ show: { number: annas } })
  expect(decides('+46701740605', sales)).toEqual({ type: 'refuseCall', call: 'c1', why: 'identity' })
})

test('[W14] refuses a number that may not be rung, and what is no number', () => {
  expect(decides(closed)).toMatchObject({ type: 'refuseCall', why: 'destination' })
  for (const dialled of ['nobody', '12', '+0701', '', 'anna'])
    expect(decides(dialled)).toMatchObject({ why: 'unknown' })
})

test.each(['112', '+46112'])('[W2] puts %s through, whatever is asked to be shown', (dialled) => {
  expect(decides(dialled, sales)).toMatchObject({ type: 'placeCall', to: { number: '112' }, show: { number: annas } })
  expect(decides(dialled, undefined, 'removed' as AgentId)).toMatchObject({ type: 'placeCall', to: { number: '112' } })
})

test('[W16] rings a colleague as oneself, and echoes', () => {
  expect(decides('ben', support)).toMatchObject({ to: { agent: 'ben' }, show: { number: annas } })
  expect(decides('echo')).toMatchObject({ to: { echo: true }, show: {} })
})

test('takes no call from one who is not an agent any more', () => {
  expect(decides('+46701740605', undefined, 'removed' as AgentId)).toMatchObject({ why: 'identity' })
})
