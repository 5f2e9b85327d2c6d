import type { AgentLive, GroupLive, Live, SignedIn } from '../../../src/contract/console.ts'
import type { AgentId, E164, GroupNumberId } from '../../../src/core/configuration/types.ts'
import type { CallId, OfferId } from '../../../src/core/routing/messages.ts'
import type { CallView } from '../../../src/core/routing/view.ts'
import { instant, type Instant } from '../../../src/core/time.ts'
import type { RingingCall } from '../../../src/renderer/desk/desk-call.ts'

/** Monday 23 November 2026, 10:00 in Stockholm, and seconds from there. */
export const tenOClock = instant(Date.parse('2026-11-23T10:00:00+01:00'))
export const at = (seconds: number): Instant => instant(tenOClock + seconds * 1000)

export const anna = 'anna' as AgentId
export const bo = 'bo' as AgentId
export const support = 'support' as GroupNumberId
export const sales = 'sales' as GroupNumberId
export const firstCall = 'call-1' as CallId
export const firstOffer = 'offer-1' as OfferId

/** At the desk that looks at it. */
export const ringingCall: RingingCall = {
  kind: 'ringing',
  call: firstCall,
  offer: 'o1' as OfferId,
  until: at(20),
  answer: 'here',
}

export const agentLive = (given: Partial<AgentLive> = {}): AgentLive => ({
  agent: anna,
  firstName: 'Anna',
  lastName: 'Lindqvist',
  answersAt: 'softphone',
  state: 'available',
  since: at(-60),
  loggedIn: [support],
  device: 'ready',
  misses: 0,
  ...given,
})

export const boLive = (given: Partial<AgentLive> = {}) =>
  agentLive({ agent: bo, firstName: 'Bo', lastName: 'Ek', ...given })

export const groupLive = (given: Partial<GroupLive> = {}): GroupLive => ({
  group: support,
  number: '+46122260980' as E164,
  name: 'Kundtjänst',
  open: true,
  reason: { kind: 'schedule', name: 'Ordinarie' },
  next: { at: at(6 * 3600), open: false },
  members: [anna, bo],
  ringMillis: 20_000,
  ...given,
})

export const callView = (given: Partial<CallView> = {}): CallView => ({
  call: firstCall,
  group: support,
  from: '+46701234567' as E164,
  arrived: at(-102),
  phase: 'waiting',
  position: 1,
  offers: [],
  ...given,
})

/** The first caller, rung for at Anna's for 14 s more. */
export const ringingAtAnna = () =>
  callView({ phase: 'ringing', offers: [{ agent: anna, offer: firstOffer, until: at(14) }] })

export const liveOf = (given: { agents?: AgentLive[]; calls?: CallView[]; groups?: GroupLive[] } = {}): Live => ({
  company: { company: { name: 'Exempelbolaget', timeZone: 'Europe/Stockholm', language: 'sv' } },
  service: { service: { switch: 'attached', engine: 'embedded', revision: 1 } },
  groups: Object.fromEntries((given.groups ?? [groupLive()]).map((group) => [group.group, group])),
  agents: Object.fromEntries((given.agents ?? [agentLive(), boLive()]).map((agent) => [agent.agent, agent])),
  calls: Object.fromEntries((given.calls ?? []).map((call) => [call.call, call])),
  passed: {},
  history: {},
  missed: {},
  voicemails: {},
})

export const signedInAnna: SignedIn = {
  account: 'account-1',
  name: 'anna',
  roles: ['agent'],
  agent: anna,
  supervises: [],
}
