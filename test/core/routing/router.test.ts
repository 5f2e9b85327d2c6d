import { expect, test } from 'vitest'
import { company } from '../../support/routing/company.ts'
import { answers, arrives, hangsUp, logsIn, scene } from '../../support/routing/scene.ts'

test('a call arrives, rings the agent, is answered, and is followed by wrap-up', () => {
  const { lines } = scene(
    company([{ members: ['anna'] }]),
    { 0: [logsIn('anna')], 1: [arrives('c1')], 4: [answers('anna', 'c1')], 64: [hangsUp('c1')] },
    { until: 200 },
  )
  expect(lines).toEqual([
    { at: 0, kind: 'notice', type: 'agentState', agent: 'anna', state: 'available' },
    { at: 1, kind: 'command', type: 'answer', call: 'c1' },
    { at: 1, kind: 'notice', type: 'queued', call: 'c1', group: 'support', position: 1 },
    {
      at: 1,
      kind: 'command',
      type: 'ring',
      call: 'c1',
      agent: 'anna',
      offer: 'o1',
      show: { group: 'support', number: '+46701234567' },
    },
    { at: 1, kind: 'notice', type: 'agentState', agent: 'anna', state: 'ringing' },
    { at: 4, kind: 'command', type: 'connect', call: 'c1', agent: 'anna', offer: 'o1' },
    { at: 4, kind: 'notice', type: 'connected', call: 'c1', group: 'support', agent: 'anna', waited: 3 },
    { at: 4, kind: 'notice', type: 'agentState', agent: 'anna', state: 'talking' },
    { at: 64, kind: 'command', type: 'hangUpAgent', call: 'c1', agent: 'anna', offer: 'o1' },
    {
      at: 64,
      kind: 'notice',
      type: 'completed',
      call: 'c1',
      group: 'support',
      agent: 'anna',
      by: 'caller',
      talked: 60,
    },
    { at: 64, kind: 'notice', type: 'wrapUpStarted', agent: 'anna', until: 94 },
    { at: 64, kind: 'notice', type: 'agentState', agent: 'anna', state: 'wrapUp' },
    { at: 94, kind: 'notice', type: 'agentState', agent: 'anna', state: 'available' },
  ])
})
