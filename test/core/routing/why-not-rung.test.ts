import { expect, test } from 'vitest'
import type { AgentId, GroupNumberId } from '../../../src/core/configuration/types.ts'
import type { CallId } from '../../../src/core/routing/messages.ts'
import type { AgentView } from '../../../src/core/routing/view.ts'
import { whyNotRung, type WhyNotRung, type WhyNotRungQuestion } from '../../../src/core/routing/why-not-rung.ts'
import { instant } from '../../../src/core/time.ts'

const support = 'support' as GroupNumberId
const sales = 'sales' as GroupNumberId
const now = instant(1_795_420_800_000)
const later = instant(1_795_424_400_000)
const muchLater = instant(1_795_510_800_000)

const free: AgentView = {
  agent: 'anna' as AgentId,
  state: 'available',
  since: now,
  loggedIn: [support, sales],
  device: 'ready',
  misses: 0,
}
const open = { open: true, next: { at: later, open: false } }
const asked: WhyNotRungQuestion = {
  agent: free,
  groups: [
    { group: support, ...open },
    { group: sales, ...open },
  ],
  softphoneRegistered: true,
  callersWaiting: 0,
  now,
}
const closed = (group: GroupNumberId, opensAt?: typeof now) => ({
  group,
  open: false,
  next: opensAt === undefined ? null : { at: opensAt, open: true },
})

test.each<[string, Partial<WhyNotRungQuestion>, WhyNotRung]>([
  ['nobody calls an agent who is free in an open group number', {}, { kind: 'nobodyCalls' }],
  ['talking', { agent: { ...free, state: 'talking', call: 'c1' as CallId } }, { kind: 'talking' }],
  ['ringing', { agent: { ...free, state: 'ringing', call: 'c1' as CallId } }, { kind: 'ringing' }],
  ['logged out', { agent: { ...free, state: 'loggedOut', loggedIn: [] } }, { kind: 'loggedOut' }],
  [
    'logged out comes before a softphone that is not registered, for the agent logs in first',
    { agent: { ...free, state: 'loggedOut', loggedIn: [], device: 'gone' }, softphoneRegistered: false },
    { kind: 'loggedOut' },
  ],
  [
    'a softphone that is not registered comes before the pause, which the agent knows of',
    { agent: { ...free, state: 'paused' }, softphoneRegistered: false },
    { kind: 'softphoneNotRegistered' },
  ],
  ['the switch has lost the phone', { agent: { ...free, device: 'gone' } }, { kind: 'softphoneNotRegistered' }],
  [
    'paused with its reason',
    { agent: { ...free, state: 'paused', pauseReason: 'lunch' } },
    { kind: 'paused', reason: 'lunch' },
  ],
  ['paused without a reason', { agent: { ...free, state: 'paused' } }, { kind: 'paused' }],
  [
    'wrap-up and its end',
    { agent: { ...free, state: 'wrapUp', wrapUpUntil: later } },
    { kind: 'wrapUp', until: later },
  ],
  ['another call on the same phone', { agent: { ...free, device: 'busy' } }, { kind: 'deviceBusy' }],
  [
    'all closed, and the first that opens',
    { groups: [closed(support, muchLater), closed(sales, later)] },
    { kind: 'allClosed', opensAt: later },
  ],
  ['all closed and none opens', { groups: [closed(support), closed(sales)] }, { kind: 'allClosed' }],
  [
    'a group number the agent is logged out of does not count as open',
    { agent: { ...free, loggedIn: [support] }, groups: [closed(support, later), { group: sales, ...open }] },
    { kind: 'allClosed', opensAt: later },
  ],
  [
    'callers let in before closing are still rung for, so closing is not the reason',
    { groups: [closed(support), closed(sales)], callersWaiting: 1 },
    { kind: 'othersFirst' },
  ],
])('%s', (_, changes, why) => {
  expect(whyNotRung({ ...asked, ...changes })).toEqual(why)
})
