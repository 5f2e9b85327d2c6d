import { legOfThird, type Call, type Consultation } from './call.ts'
import type { MediaLeg } from './media/media.ts'
import type { OutgoingLeg } from './sip/outgoing-leg.ts'

/**
 * Puts those together who are to hear each other now: the caller and whoever has them, or an agent and the third party while
 * the caller hears music, or all three; one who holds the others hears nobody. And those who listen in hear all of it.
 */
export function join(call: Call): void {
  const agent = call.connected?.leg
  const { consultation } = call
  const three = consultation?.threeWay ? joinThree(call, consultation) : []
  if (consultation && !consultation.threeWay) {
    call.leg?.media.unbridge()
    pair(consultation.by.state === 'answered' ? consultation.by.leg?.media : undefined, legOfThird(consultation))
  } else if (!consultation && call.leg) pair(call.leg.media, agent ?? call.forwarding?.leg)
  listenIn(call, three)
}

function pair(one: MediaLeg | undefined, other: OutgoingLeg | undefined) {
  if (!one) return
  if (other?.state !== 'answered' || other.media.heldByFarSide) one.unbridge()
  else if (one.bridgedTo !== other.media) one.bridge(other.media)
}

/** All three, if they are there; of fewer two are bridged. Answers who is to be mixed. */
function joinThree({ leg: caller }: Call, consultation: Consultation): readonly MediaLeg[] {
  const legs = [caller, consultation.by.leg, legOfThird(consultation)]
  const there = legs.flatMap((leg) => (leg?.state === 'answered' ? [leg.media] : []))
  const speaking = there.filter(({ heldByFarSide }) => !heldByFarSide)
  const [one, other, third] = speaking
  for (const media of there) if (third || !speaking.includes(media)) media.unbridge()
  if (third) return speaking
  if (one && other && one.bridgedTo !== other) one.bridge(other)
  else if (one && !other) one.unbridge()
  return []
}

/**
 * `whisper` speaks to the agent alone, `barge` to all; whoever hears only one other stays bridged to that one. `three`: those
 * who hear each other mixed.
 */
function listenIn(call: Call, three: readonly MediaLeg[]) {
  const agent = (call.connected ?? call.consultation?.by)?.leg
  const talking = [call.leg?.media, agent?.state === 'answered' ? agent.media : undefined]
  const third = call.consultation ? legOfThird(call.consultation) : call.forwarding?.leg
  if (third?.state === 'answered') talking.push(third.media)
  const parties = talking.filter((media) => media !== undefined)
  const monitors = [...call.monitors.values()].filter(({ state }) => state === 'answered')
  const heardBy = (modes: readonly string[]) =>
    monitors.flatMap(({ mode, leg }) => (leg && modes.includes(mode) ? [leg.media] : []))
  const partnersOf = (party: MediaLeg): readonly MediaLeg[] => {
    if (three.includes(party)) return three.filter((other) => other !== party)
    return party.bridgedTo ? [party.bridgedTo] : []
  }

  for (const party of parties) {
    const others = heardBy(party === agent?.media ? ['whisper', 'barge'] : ['barge'])
    const partners = partnersOf(party)
    // One who hears music goes on hearing it: nobody speaks into a wait.
    const isMixed = partners.length > 1 || (partners.length > 0 && others.length > 0)
    party.hear(isMixed ? [...partners, ...others] : [])
  }
  for (const { leg } of monitors) {
    const barging = heardBy(['barge']).filter((media) => media !== leg?.media)
    leg?.media.hear([...parties.filter((party) => partnersOf(party).length > 0), ...barging])
  }
}
