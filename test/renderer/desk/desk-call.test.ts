import { expect, test } from 'vitest'
import type { OfferId } from '../../../src/core/routing/messages.ts'
import { deskCalls, type DeskCallQuestion } from '../../../src/renderer/desk/desk-call.ts'
import type { LineId, SoftphoneCall } from '../../../src/renderer/desk/softphone/softphone.ts'
import { agentLive, anna, at, bo, callView, firstCall, firstOffer, liveOf, ringingAtAnna } from '../support/live.ts'

const invitation = { offer: firstOffer, call: firstCall, from: '+46701234567' }
const phoneCall = (state: SoftphoneCall['state']): SoftphoneCall => ({
  line: 'l1' as LineId,
  offer: firstOffer,
  call: firstCall,
  state,
  muted: false,
  changing: false,
  soundLost: false,
})
const ringing = agentLive({ state: 'ringing', call: firstCall })
const talking = agentLive({ state: 'talking', call: firstCall })
const talkedIn = callView({ phase: 'talking', agent: anna, talkingSince: at(-10) })

const asked = (given: Partial<DeskCallQuestion>) =>
  deskCalls({ me: agentLive(), live: liveOf(), registered: true, ringing: [], phoneCalls: [], ...given })

/** Made by this agent. */
const { offer: _, call: __, ...own } = phoneCall('talking')
const dialled = (state: SoftphoneCall['state'], more: Partial<SoftphoneCall> = {}): SoftphoneCall => ({
  ...own,
  line: 'l2' as LineId,
  dialled: '+46855512345',
  state,
  ...more,
})

test.each<[string, Partial<DeskCallQuestion>, object]>([
  ['nothing', {}, { kind: 'idle' }],
  [
    'an offer whose invitation has come can be answered here',
    { me: ringing, live: liveOf({ calls: [ringingAtAnna()] }), ringing: [invitation] },
    { kind: 'ringing', answer: 'here', groupName: 'Kundtjänst', from: '+46701234567', until: at(14) },
  ],
  [
    'an offer is shown before its invitation has come',
    { me: ringing, live: liveOf({ calls: [ringingAtAnna()] }) },
    { kind: 'ringing', answer: 'arriving' },
  ],
  [
    'an invitation is shown before the service has told of it',
    { ringing: [invitation] },
    { kind: 'ringing', answer: 'here', from: '+46701234567', offer: firstOffer },
  ],
  [
    'an offer that cannot reach the softphone says so',
    { me: ringing, live: liveOf({ calls: [ringingAtAnna()] }), registered: false },
    { kind: 'ringing', answer: 'notConnected' },
  ],
  [
    'an agent on an ordinary phone answers there',
    { me: { ...ringing, answersAt: 'phone' }, live: liveOf({ calls: [ringingAtAnna()] }) },
    { kind: 'ringing', answer: 'phone' },
  ],
  [
    'an offer to a colleague is not mine',
    {
      me: agentLive(),
      live: liveOf({ calls: [callView({ offers: [{ agent: bo, offer: firstOffer, until: at(9) }] })] }),
    },
    { kind: 'idle' },
  ],
  [
    'an answer under way',
    { me: ringing, live: liveOf({ calls: [ringingAtAnna()] }), phoneCalls: [phoneCall('connecting')] },
    { kind: 'ongoing', where: 'here', state: 'connecting' },
  ],
  [
    'a call counts from the service’s connection',
    { me: talking, live: liveOf({ calls: [talkedIn] }), phoneCalls: [phoneCall('talking')] },
    { kind: 'ongoing', where: 'here', state: 'talking', since: at(-10) },
  ],
  [
    'a call in another window',
    { me: talking, live: liveOf({ calls: [talkedIn] }) },
    { kind: 'ongoing', where: 'elsewhere', state: 'talking' },
  ],
  [
    'a call at an ordinary phone',
    { me: { ...talking, answersAt: 'phone' }, live: liveOf({ calls: [talkedIn] }) },
    { kind: 'ongoing', where: 'phone' },
  ],
  [
    'a call just hung up is not taken for one in another window',
    { me: talking, live: liveOf({ calls: [talkedIn] }), phoneCalls: [phoneCall('ended')] },
    { kind: 'ongoing', where: 'here', state: 'ended' },
  ],
  [
    'wrap-up, whatever the ended call says',
    { me: agentLive({ state: 'wrapUp', wrapUpUntil: at(30) }), phoneCalls: [phoneCall('ended')] },
    { kind: 'wrapUp', until: at(30) },
  ],
])('%s', (_, given, expected) => {
  expect(asked(given).front).toMatchObject(expected)
})

const talkingHere = { me: talking, live: liveOf({ calls: [talkedIn] }) }
const colleagueRings = { offer: 'o9', call: 'c9', from: '+46700000009', name: 'Bo Ek', colleague: bo } as const

test.each<[string, Partial<DeskCallQuestion>, object, object[]]>([
  [
    'a call made here, before the switch has named it',
    { phoneCalls: [dialled('dialling')] },
    { kind: 'ongoing', state: 'dialling', from: '+46855512345', ofQueue: false, line: 'l2' },
    [],
  ],
  [
    'a colleague by name',
    { phoneCalls: [dialled('ringing', { dialled: bo })] },
    { state: 'ringing', name: 'Bo Ek', colleague: bo },
    [],
  ],
  [
    'whom a call was held for, and the held one below it',
    { ...talkingHere, phoneCalls: [phoneCall('held'), dialled('talking')] },
    { line: 'l2', state: 'talking' },
    [{ line: 'l1', state: 'held', ofQueue: true, groupName: 'Kundtjänst' }],
  ],
  [
    'the latest of two that are held',
    { ...talkingHere, phoneCalls: [phoneCall('held'), dialled('held')] },
    { line: 'l2', state: 'held' },
    [{ line: 'l1' }],
  ],
  [
    'a colleague who waits while one talks',
    { ...talkingHere, phoneCalls: [phoneCall('talking')], ringing: [colleagueRings as never] },
    { line: 'l1' },
    [{ kind: 'ringing', name: 'Bo Ek', colleague: bo, answer: 'here' }],
  ],
  [
    'a colleague who rings before a call that is held',
    { ...talkingHere, phoneCalls: [phoneCall('held')], ringing: [colleagueRings as never] },
    { kind: 'ringing', name: 'Bo Ek' },
    [{ line: 'l1', state: 'held' }],
  ],
  [
    'why a call came to nothing',
    { phoneCalls: [dialled('ended', { failed: 'busy' })] },
    { state: 'ended', failed: 'busy' },
    [],
  ],
  ['nothing of a call that is over', { phoneCalls: [dialled('ended')] }, { kind: 'idle' }, []],
])('%s', (_, given, front, others) => {
  expect(asked(given)).toMatchObject({ front, others })
})

/** Of the same call, made when the connection of the first ring was lost. */
const rungAnew = { ...invitation, offer: 'o2' as OfferId, earlier: [firstOffer] }

test('a ring made anew is the ring that the service tells of, also while its news are of the first one', () => {
  expect(asked({ me: ringing, live: liveOf({ calls: [ringingAtAnna()] }), ringing: [rungAnew] })).toMatchObject({
    front: { kind: 'ringing', answer: 'here', offer: 'o2', until: at(14) },
    others: [],
  })
})

test('what rang over a lost connection cannot be answered when the service rings anew', () => {
  const calls = [callView({ offers: [{ agent: anna, offer: rungAnew.offer, until: at(14) }] })]
  expect(asked({ me: ringing, live: liveOf({ calls }), ringing: [invitation] })).toMatchObject({
    front: { kind: 'ringing', answer: 'arriving', offer: 'o2' },
    others: [{ kind: 'ringing', answer: 'arriving', offer: firstOffer }],
  })
})
