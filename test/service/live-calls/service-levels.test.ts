import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { AgentId, Configuration, GroupNumberId } from '../../../src/core/configuration/types.ts'
import type { CallId, Notice } from '../../../src/core/routing/messages.ts'
import { instant } from '../../../src/core/time.ts'
import { serviceLevels } from '../../../src/service/live-calls/service-levels.ts'

const configuration = JSON.parse(readFileSync('resources/example/gruppnummer.json', 'utf8')) as Configuration
const group = 'kundtjanst' as GroupNumberId
const anna = 'anna' as AgentId
const at = (text: string) => instant(Date.parse(text))
const morning = at('2026-11-23T09:00:00+01:00')

function open() {
  const levels = serviceLevels(() => configuration)
  const saw = (...notices: Notice[]) => {
    for (const notice of notices) levels.saw({ kind: 'notice', notice })
  }
  return { ...levels, saw }
}
const connected = (call: string, seconds: number, when = morning): Notice => ({
  type: 'connected',
  at: when,
  call: call as CallId,
  group,
  agent: anna,
  waited: seconds * 1000,
})
const left = (call: string, why: 'abandoned' | 'timeout', seconds: number): Notice => ({
  type: 'left',
  at: morning,
  call: call as CallId,
  group,
  why,
  waited: seconds * 1000,
  position: 1,
})
const refused = (call: string, why: 'closed' | 'full'): Notice => ({
  type: 'refused',
  at: morning,
  call: call as CallId,
  group,
  why,
  then: { do: 'hangUp' },
})

test('[S40] callers answered in time, of all who were to be answered', () => {
  const { saw, of } = open()
  expect(of(group, morning)).toBeUndefined()
  saw(connected('c1', 20), connected('c2', 20.001), left('c3', 'abandoned', 30), left('c4', 'timeout', 1200))
  saw(refused('c5', 'full'))
  expect(of(group, morning)).toEqual({ offered: 5, answeredInTime: 1, withinSeconds: 20 })
})

test('[S40] who hangs up at once, or rings when it is closed, is not counted', () => {
  const { saw, of } = open()
  saw(left('c1', 'abandoned', 4.9), refused('c2', 'closed'))
  expect(of(group, morning)).toBeUndefined()
  saw(left('c3', 'abandoned', 5))
  expect(of(group, morning)).toMatchObject({ offered: 1, answeredInTime: 0 })
})

test('[S40] a caller whom a lost agent gave back is answered once', () => {
  const { saw, of } = open()
  saw(connected('c1', 3))
  saw({ type: 'returned', at: morning, call: 'c1' as CallId, group, agent: anna, talked: 1000 }, connected('c1', 9))
  saw(left('c1', 'abandoned', 90))
  expect(of(group, morning)).toMatchObject({ offered: 1, answeredInTime: 1 })
})

test('[S40] a new day begins at midnight by the company’s clock, also where that changes', () => {
  const { saw, of, dayOf } = open()
  const late = at('2026-11-23T23:59:59+01:00')
  saw(connected('c1', 3, late))
  expect(of(group, late)).toMatchObject({ offered: 1 })
  expect(of(group, at('2026-11-24T00:00:00+01:00'))).toBeUndefined()
  // The clock is set back at three in the morning: a day of 25 hours.
  expect(dayOf(at('2026-10-25T12:00:00+01:00'))).toEqual({
    from: at('2026-10-25T00:00:00+02:00'),
    to: at('2026-10-26T00:00:00+01:00'),
  })
})
