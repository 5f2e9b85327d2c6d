import { legOfThird, type Call } from './call.ts'
import type { MediaLeg } from './media/media.ts'
import type { OutgoingLeg } from './sip/outgoing-leg.ts'

/**
 * Puts those together who are to hear each other now: the caller and whoever has them, or an agent and the third party while
 * the caller hears music; one who holds the other hears nobody. And those who listen in hear all of it.
 */
export function join(call: Call): void {
  const agent = call.connected?.leg
  const { consultation } = call
  if (consultation) {
    call.leg?.media.unbridge()
    pair(consultation.by.state === 'answered' ? consultation.by.leg?.media : undefined, legOfThird(consultation))
  } else if (call.leg) pair(call.leg.media, agent ?? call.forwarding?.leg)
  listenIn(call)
}

function pair(one: MediaLeg | undefined, other: OutgoingLeg | undefined) {
  if (!one) return
  if (other?.state !== 'answered' || other.media.heldByFarSide) one.unbridge()
  else if (one.bridgedTo !== other.media) one.bridge(other.media)
}

/** `whisper` speaks to the agent alone, `barge` to all; whoever hears only one other stays bridged to that one. */
function listenIn(call: Call) {
  const agent = (call.connected ?? call.consultation?.by)?.leg
  const talking = [call.leg?.media, agent?.state === 'answered' ? agent.media : undefined]
  const third = call.consultation ? legOfThird(call.consultation) : call.forwarding?.leg
  if (third?.state === 'answered') talking.push(third.media)
  const parties = talking.filter((media) => media !== undefined)
  const monitors = [...call.monitors.values()].filter(({ state }) => state === 'answered')
  const heardBy = (modes: readonly string[]) =>
    monitors.flatMap(({ mode, leg }) => (leg && modes.includes(mode) ? [leg.media] : []))

  for (const party of parties) {
    const others = heardBy(party === agent?.media ? ['whisper', 'barge'] : ['barge'])
    const partner = party.bridgedTo
    // One who hears music goes on hearing it: nobody speaks into a wait.
    party.hear(partner && others.length > 0 ? [partner, ...others] : [])
  }
  for (const { leg } of monitors) {
    const barging = heardBy(['barge']).filter((media) => media !== leg?.media)
    leg?.media.hear([...parties.filter((party) => party.bridgedTo), ...barging])
  }
}
