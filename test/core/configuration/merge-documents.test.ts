import { expect, test } from 'vitest'
import { applyEdits } from '../../../src/core/configuration/edits/apply-edits.ts'
import { changedFields } from '../../../src/core/configuration/changed-fields.ts'
import { mergeDocuments, type Merged } from '../../../src/core/configuration/merge-documents.ts'
import { parseConfiguration } from '../../../src/core/configuration/parse.ts'
import type { Configuration } from '../../../src/core/configuration/types.ts'
import { edits, office, officeDays } from './edits/office.ts'

type Given = Parameters<typeof edits>

function after(...given: Given): Configuration {
  const applied = applyEdits(office(), edits(...given))
  if (!applied.ok) throw new Error(JSON.stringify(applied.problem))
  return applied.value
}

function merged(yours: Given, theirs: Given, settled?: Parameters<typeof mergeDocuments>[1]): Merged {
  return mergeDocuments({ before: office(), yours: after(...yours), theirs: after(...theirs) }, settled)
}

const fieldsOf = ({ document }: Merged) => {
  const parsed = parseConfiguration(document)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem))
  return changedFields(office(), parsed.value).map(
    ({ path, after: value }) => `${path.join('/')}: ${JSON.stringify(value)}`,
  )
}

const ringing = (ringSeconds: number): Given => [{ type: 'setSettings', group: 'support', set: { ringSeconds } }]

test('[A5] two changes of other fields are both kept, also within one schedule', () => {
  const [ordinary] = office().groupNumbers[0]?.schedules ?? []
  const both = merged(
    [{ type: 'putSchedule', group: 'support', schedule: { ...ordinary, name: 'Vanlig' } }],
    [
      {
        type: 'putSchedule',
        group: 'support',
        schedule: { ...ordinary, week: officeDays({ from: '08:00', to: '12:00' }) },
      },
      { type: 'setSettings', group: 'support', set: {}, reset: ['ringSeconds'] },
    ],
  )
  expect(both.conflicts).toEqual([])
  expect(fieldsOf(both)).toEqual([
    'groupNumbers/support/schedules/ordinary/name: "Vanlig"',
    'groupNumbers/support/schedules/ordinary/week/mon: [{"from":"08:00","to":"12:00"}]',
    'groupNumbers/support/settings/ringSeconds: undefined',
  ])
})

test('[A5] the same field changed differently is a conflict, and stays theirs', () => {
  const both = merged(ringing(30), ringing(40))
  const path = ['groupNumbers', 'support', 'settings', 'ringSeconds']
  expect(both.conflicts).toEqual([{ path, before: 25, yours: 30, theirs: 40 }])
  expect(fieldsOf(both)).toEqual(['groupNumbers/support/settings/ringSeconds: 40'])
})

test('[A5] a conflict that is settled becomes what was chosen', () => {
  const both = merged(ringing(30), ringing(40), () => 'yours')
  expect(both.conflicts).toEqual([])
  expect(fieldsOf(both)).toEqual(['groupNumbers/support/settings/ringSeconds: 30'])
})

test('[A5] the same field changed alike is none', () => {
  expect(merged(ringing(30), ringing(30)).conflicts).toEqual([])
})

test('[A5] changing what another removed is a conflict of the whole item', () => {
  const [exception] = office().groupNumbers[0]?.exceptions ?? []
  const both = merged(
    [{ type: 'putException', group: 'support', exception: { ...exception, name: 'Helg' } }],
    [{ type: 'removeException', group: 'support', exception: 'eve' }],
  )
  expect(both.conflicts).toEqual([
    {
      path: ['groupNumbers', 'support', 'exceptions', 'eve'],
      before: exception,
      yours: { ...exception, name: 'Helg' },
    },
  ])
})

test('[A5] two who add different agents add both', () => {
  const both = merged(
    [{ type: 'addMembers', group: 'sales', members: [{ agent: 'anna' }] }],
    [{ type: 'addMembers', group: 'sales', members: [{ agent: 'cia' }] }],
  )
  expect(both.conflicts).toEqual([])
  const members = (both.document as Configuration).groupNumbers[1]?.members
  expect(members?.map(({ agent }) => agent)).toEqual(['bo', 'cia', 'anna'])
})

test('[A5] two other orders are a conflict, one is none', () => {
  const withCia: Given = [{ type: 'addMembers', group: 'support', members: [{ agent: 'cia' }] }]
  const order = (...agents: string[]): Given => [
    {
      type: 'setMembers',
      group: 'support',
      members: agents.map((agent) => (agent === 'bo' ? { agent, level: 2 } : { agent })),
    },
  ]
  expect(merged(order('bo', 'anna'), withCia).conflicts).toEqual([])
  const swapped = merged(order('bo', 'anna'), withCia).document as Configuration
  expect(swapped.groupNumbers[0]?.members.map(({ agent }) => agent)).toEqual(['bo', 'anna', 'cia'])

  const before = after(...withCia)
  const yours = applyEdits(before, edits(...order('cia', 'anna', 'bo')))
  const theirs = applyEdits(before, edits(...order('bo', 'anna', 'cia')))
  if (!yours.ok || !theirs.ok) throw new Error('not an order')
  const both = mergeDocuments({ before, yours: yours.value, theirs: theirs.value })
  expect(both.conflicts.map(({ path }) => path.join('/'))).toEqual(['groupNumbers/support/members/order'])
})
