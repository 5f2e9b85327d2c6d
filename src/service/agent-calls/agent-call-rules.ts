import { isEmergency } from '../../core/routing/emergency-number.ts'
import { enteredNumber } from '../../core/routing/entered-number.ts'
import type { AgentId, Configuration, E164 } from '../../core/configuration/types.ts'
import type { Command, EventOf } from '../../core/routing/messages.ts'
import { echoUser } from '../../contract/softphone.ts'

type PlaceCall = Extract<Command, { type: 'placeCall' }>
type RefuseCall = Extract<Command, { type: 'refuseCall' }>

/**
 * Whether an agent may make this call, and what the called side is shown: a group number that the agent is a member of, where
 * that is asked for, else the agent. 112 is put through whatever the rest says.
 */
export function decideCall(
  { call, agent, to: dialled, as }: Pick<EventOf<'agentCalled'>, 'call' | 'agent' | 'to' | 'as'>,
  configuration: Configuration,
  mayRing: (number: E164) => boolean,
): PlaceCall | RefuseCall {
  const refuse = (why: RefuseCall['why']): RefuseCall => ({ type: 'refuseCall', call, why })
  const self = configuration.agents.find(({ id }) => id === agent)
  const emergency = isEmergency(dialled as E164)
  if (!self && !emergency) return refuse('identity')
  const place = (to: PlaceCall['to'], show: PlaceCall['show']): PlaceCall => ({
    type: 'placeCall',
    call,
    agent,
    to,
    show,
    music: music(configuration),
  })

  if (dialled === echoUser) return place({ echo: true }, {})
  const own = self ? { number: self.phone, name: `${self.firstName} ${self.lastName}`.trim() } : {}
  const shown = as === undefined ? own : (shownAs(as, agent, configuration) ?? (as === self?.phone ? own : undefined))
  if (emergency) return place({ number: '112' as E164 }, shown ?? own)
  if (configuration.agents.some(({ id }) => id === dialled)) {
    if (dialled === agent) return refuse('unknown')
    return place({ agent: dialled as AgentId }, own)
  }
  const number = /^\+[1-9]\d{6,14}$/.test(dialled) ? (dialled as E164) : enteredNumber(dialled.replace(/[\s().-]/g, ''))
  if (!number) return refuse('unknown')
  if (!mayRing(number)) return refuse('destination')
  return shown ? place({ number }, shown) : refuse('identity')
}

/** A group number of the agent's. */
function shownAs(as: E164, agent: AgentId, { groupNumbers }: Configuration) {
  const group = groupNumbers.find(
    ({ number, members }) => number === as && members.some((member) => member.agent === agent),
  )
  return group && { number: group.number, name: group.name }
}

/** The company's, for whoever is held. */
function music({ messages, company: { language } }: Configuration) {
  const songs = messages.filter(({ kind, groupNumber }) => kind === 'music' && groupNumber === undefined)
  const song = songs.find((message) => message.language === language) ?? songs[0]
  return song ? [song.id] : []
}
