import { expect, test } from 'vitest'
import type { Settings } from '../../../src/core/configuration/types.ts'
import { compareStories, fareInWords } from '../../../src/core/routing/compare-stories.ts'
import { company } from '../../support/routing/company.ts'
import { answers, arrives, hangsUp, logsIn, scene, type Script } from '../../support/routing/scene.ts'

const group = (settings: Partial<Settings>, members = ['anna', 'bo']) =>
  company([
    { members, settings },
    { id: 'sales', number: '+46122260981', members: ['eva'] },
  ])

const script: Script = {
  0: [logsIn('anna'), arrives('c1')],
  3: [answers('anna', 'c1'), arrives('c2')],
  20: [arrives('c3')],
  60: [hangsUp('c1')],
  70: [hangsUp('c3')],
}
const told = (settings: Partial<Settings>) => scene(group(settings), script, { until: 300 }).lines

test('the same configuration: nobody fares otherwise', () => {
  expect(compareStories(told({}), told({}))).toEqual([])
})

test('who would have fared otherwise, in what, and in words', () => {
  const compared = compareStories(told({ maxWaitSeconds: 30 }), told({ maxWaitSeconds: 30, maxQueueLength: 1 }))
  expect(compared.map(({ call, differs }) => [call, differs])).toEqual([['c3', ['end', 'wait']]])
  expect(compared.map(({ before, after }) => [fareInWords(before), fareInWords(after)])).toEqual([
    ['left after 30 s in support (timeout)', 'refused by support (full)'],
  ])
})

test('another group number, a forwarding, a message left, still waiting', () => {
  const onward = (whenTimeout: Settings['whenTimeout']) => told({ maxWaitSeconds: 10, whenTimeout })
  const words = (whenTimeout: Settings['whenTimeout']) =>
    compareStories(told({ maxWaitSeconds: 0 }), onward(whenTimeout))
      .filter(({ call }) => call === 'c2')
      .map(({ before, after, differs }) => [fareInWords(before), fareInWords(after), differs.join(' ')])
  expect(words({ do: 'group', to: 'sales' as never })).toEqual([
    [
      'still waiting in support',
      'left after 10 s in support (timeout), then still waiting in sales',
      'end groups wait',
    ],
  ])
  expect(words({ do: 'forward', to: '+4681234567' as never })).toEqual([
    [
      'still waiting in support',
      'left after 10 s in support (timeout), then put through to +4681234567',
      'end wait forward',
    ],
  ])
})

test('a call that one playing alone tells of', () => {
  const none = scene(group({}), { 0: [], 5: [] }).lines
  expect(compareStories(none, told({})).map(({ call, before }) => [call, fareInWords(before)])).toEqual([
    ['c1', 'in no group number'],
    ['c2', 'in no group number'],
    ['c3', 'in no group number'],
  ])
})
