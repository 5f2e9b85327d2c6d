import { expect, test } from 'vitest'
import type { AgentId, GroupNumberId } from '../../../src/core/configuration/types.ts'
import type { ActorId, Notice, RoutingEvent } from '../../../src/core/routing/messages.ts'
import { instant } from '../../../src/core/time.ts'
import { toldAgents } from '../../../src/service/live-calls/told-agents.ts'
import type { JournalEntry } from '../../../src/service/ports.ts'

const anna = 'anna' as AgentId
const at = instant(Date.UTC(2026, 10, 23, 8))
type Given = { readonly type: string; readonly by?: string; readonly group?: string; readonly reason?: string }

/** As the journal holds it: the event, and what the router said of it. */
const happened = (given: Given): JournalEntry[] => [
  { kind: 'event', event: { agent: anna, at, ...given } as RoutingEvent },
  { kind: 'notice', notice: { type: 'agentState', agent: anna, at, state: 'available' } satisfies Notice },
]
const nothingCameOfIt = (given: Given) => happened(given).slice(0, 1)

const afterAll = (...entries: readonly JournalEntry[][]) => {
  const told = toldAgents((account) => account === ('Anna Ek' as ActorId))
  for (const entry of entries.flat()) told.saw(entry)
  return told.of(anna)
}

test('[A23] an agent is told who changed the state, in which group number, and for what', () => {
  const support = 'support' as GroupNumberId
  expect(
    afterAll(
      happened({ type: 'loggedOut', by: 'Cia', group: support }),
      happened({ type: 'paused', by: 'Bo', reason: 'lunch' }),
    ),
  ).toEqual([
    { at, by: 'Cia', did: 'loggedOut', group: support },
    { at, by: 'Bo', did: 'paused', reason: 'lunch' },
  ])
})

test('[A23] what changed nothing is not told, nor what the agent did, at the desk or by telephone', () => {
  expect(afterAll(nothingCameOfIt({ type: 'loggedOut', by: 'Cia' }))).toEqual([])
  expect(afterAll(happened({ type: 'loggedOut' }))).toEqual([])
  expect(afterAll(happened({ type: 'loggedOut', by: 'Anna Ek' }))).toEqual([])
})

test('[A23] what was told goes when the agent changes the state', () => {
  const byCia = happened({ type: 'loggedOut', by: 'Cia' })
  expect(afterAll(byCia, happened({ type: 'loggedIn' }))).toEqual([])
  expect(afterAll(byCia, happened({ type: 'loggedIn', by: 'Cia' }))).toHaveLength(2)
  expect(afterAll(...Array.from({ length: 30 }, () => byCia))).toHaveLength(10)
})
