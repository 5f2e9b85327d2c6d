import { expect, test } from 'vitest'
import { deskCall, type DeskCallQuestion } from '../../../src/renderer/desk/desk-call.ts'
import type { SoftphoneCall } from '../../../src/renderer/desk/softphone/softphone.ts'
import { agentLive, anna, at, bo, callView, firstCall, firstOffer, liveOf, ringingAtAnna } from '../support/live.ts'

const invitation = { offer: firstOffer, call: firstCall, from: '+46701234567' }
const phoneCall = (state: SoftphoneCall['state']): SoftphoneCall => ({
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
  deskCall({ me: agentLive(), live: liveOf(), registered: true, ringing: [], phoneCall: undefined, ...given })

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
    { me: ringing, live: liveOf({ calls: [ringingAtAnna()] }), phoneCall: phoneCall('connecting') },
    { kind: 'ongoing', where: 'here', state: 'connecting' },
  ],
  [
    'a call counts from the service’s connection',
    { me: talking, live: liveOf({ calls: [talkedIn] }), phoneCall: phoneCall('talking') },
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
    { me: talking, live: liveOf({ calls: [talkedIn] }), phoneCall: phoneCall('ended') },
    { kind: 'ongoing', where: 'here', state: 'ended' },
  ],
  [
    'wrap-up, whatever the ended call says',
    { me: agentLive({ state: 'wrapUp', wrapUpUntil: at(30) }), phoneCall: phoneCall('ended') },
    { kind: 'wrapUp', until: at(30) },
  ],
])('%s', (_, given, expected) => {
  expect(asked(given)).toMatchObject(expected)
})
