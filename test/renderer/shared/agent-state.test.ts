import { expect, test } from 'vitest'
import type { AgentLive } from '../../../src/contract/console.ts'
import type { GroupNumberId } from '../../../src/core/configuration/types.ts'
import { shownState } from '../../../src/renderer/shared/agent-state.ts'
import { stateIn } from '../../../src/renderer/supervisor/agents/state-in.ts'
import { agentLive } from '../support/live.ts'

const support = 'support' as GroupNumberId
const loggedIn = [support]

test.each<[string, Partial<AgentLive>, string]>([
  ['free, with a telephone that can ring', { state: 'available', device: 'ready', loggedIn }, 'available'],
  ['free for the queue, in a call of the own', { state: 'available', device: 'busy', loggedIn }, 'talking'],
  ['logged in, without a telephone', { state: 'available', device: 'gone', loggedIn }, 'problem'],
  ['in a call of the queue', { state: 'talking', device: 'ready', loggedIn }, 'talking'],
  ['paused, without a telephone', { state: 'paused', device: 'gone', loggedIn }, 'paused'],
  ['resting, in a call of the own', { state: 'wrapUp', device: 'busy', loggedIn }, 'wrapUp'],
])('[W14] an agent is shown to everybody alike: %s', (_, given, shown) => {
  const agent = agentLive(given)
  expect(shownState(agent)).toBe(shown)
  expect(stateIn(support, agent)).toBe(shown)
})
