import { expect, test } from 'vitest'
import { effectsOf } from '../../../../src/core/configuration/edits/effects-of.ts'
import { edits, office, officeDays } from './office.ts'

function effects(...given: Parameters<typeof edits>): unknown {
  const found = effectsOf(office(), edits(...given))
  return found.ok ? found.value : found.problem
}

test('[A4] removing an agent says which group numbers that leaves, and which are left with nobody', () => {
  expect(effects({ type: 'removeAgent', agent: 'bo' })).toEqual([
    { kind: 'leaves', group: 'support', agent: 'bo' },
    { kind: 'leaves', group: 'sales', agent: 'bo' },
    { kind: 'nobodyLeft', group: 'sales' },
  ])
})

test('[A4] removing members says who is left, not who was removed', () => {
  expect(effects({ type: 'removeMembers', group: 'sales', agents: ['bo'] })).toEqual([
    { kind: 'nobodyLeft', group: 'sales' },
  ])
})

test('[A4] removing a message says where it was chosen and what plays instead', () => {
  expect(effects({ type: 'removeMessage', message: 'shut' })).toEqual([
    { kind: 'plays', group: 'support', chosen: { in: 'groupNumber' }, message: 'shut', use: 'closed', instead: 'ours' },
    {
      kind: 'plays',
      group: 'support',
      chosen: { in: 'exception', exception: 'eve' },
      message: 'shut',
      use: 'closed',
      instead: 'ours',
    },
    { kind: 'plays', group: 'support', chosen: { in: 'override' }, message: 'shut', use: 'closed', instead: 'ours' },
  ])
  expect(effects({ type: 'removeMessage', message: 'tune' })).toEqual([
    { kind: 'plays', group: 'support', chosen: { in: 'groupNumber' }, message: 'tune', use: 'music', instead: null },
  ])
})

test('[A4] removing a group number says who was sent there, and which messages go with it', () => {
  expect(effects({ type: 'removeGroupNumber', group: 'sales' })).toEqual([
    {
      kind: 'action',
      group: 'support',
      chosen: { in: 'exception', exception: 'eve' },
      instead: { do: 'hangUp' },
    },
    { kind: 'action', group: 'support', chosen: { in: 'override' }, instead: { do: 'hangUp' } },
    {
      kind: 'action',
      group: 'support',
      chosen: { in: 'setting', setting: 'whenFull' },
      instead: { do: 'hangUp' },
    },
    { kind: 'messageRemoved', message: 'pitch' },
  ])
})

test('[A4] the first schedule becomes active, and removing the active one says which is then', () => {
  expect(effects({ type: 'removeSchedule', group: 'sales', schedule: 'ordinary' })).toEqual([
    { kind: 'active', group: 'sales', schedule: null },
  ])
  expect(
    effects(
      { type: 'removeSchedule', group: 'sales', schedule: 'ordinary' },
      { type: 'putSchedule', group: 'sales', schedule: { id: 'new', name: 'Ny', week: officeDays() } },
    ),
  ).toEqual([{ kind: 'active', group: 'sales', schedule: 'new' }])
})

test('[A4] removing an agreement says what moves', () => {
  expect(effects({ type: 'removeAgreement', agreement: 'north', moveTo: 'main' })).toEqual([
    { kind: 'moves', what: 'agent', id: 'cia', to: 'main' },
    { kind: 'moves', what: 'groupNumber', id: 'sales', to: 'main' },
  ])
})

test('[A4] an edit that changes only what it names has no effects', () => {
  expect(effects({ type: 'clearOverride', group: 'support' })).toEqual([])
})

test('[A4] edits that cannot be done have problems instead', () => {
  expect(effects({ type: 'removeAgent', agent: 'eva' })).toMatchObject([{ edit: 0, key: 'gone' }])
})
