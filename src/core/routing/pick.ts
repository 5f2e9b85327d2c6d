import type { AgentId } from '../configuration/types.ts'
import { isPicked, type Floor } from './floor.ts'
import { makeOffer, withdraw, withdrawAll } from './offers.ts'
import { isConsulted, takeOffer } from './transfer.ts'
import type { AgentRecord, CallRecord, OfferRecord } from './state.ts'

/**
 * An agent takes a waiting caller by hand: rung at once, before those ahead and instead of whoever is
 * rung for the caller. Of two who pick one caller the first has it, until that ring has ended.
 */
export function pick(floor: Floor, call: CallRecord, id: AgentId): void {
  const agent = floor.agents.get(id)
  if (agent === undefined || !canPick(floor, agent) || isPicked(call) || call.away?.calling !== undefined) return
  const { engaged } = agent
  if (engaged?.kind === 'offer' && engaged.call === call) return keepOnly(floor, engaged)
  withdrawAll(floor, call, 'withdrawn')
  if (engaged?.kind === 'offer') takeOffer(floor, engaged)
  floor.takeBack(agent.wrapUp)
  agent.wrapUp = undefined
  // Whoever picks does not wait for the welcome message, and neither does the next one if this comes to nothing.
  call.stage = { phase: 'waiting' }
  makeOffer(floor, call, { agent, level: call.group.members.get(id)?.level.level ?? 1, picked: true })
  floor.reconsider(call)
}

/** The phone rings for this caller already. */
function keepOnly(floor: Floor, offer: OfferRecord): void {
  offer.picked = true
  for (const other of [...offer.call.offers]) if (other !== offer) withdraw(floor, other, 'withdrawn')
  offer.call.stage = { phase: 'waiting' }
  floor.reconsider(offer.call)
}

/** A pause, a log-out or a rest does not hinder: it is the agent's own hand. */
function canPick({ lostAt }: Floor, { device, engaged }: AgentRecord): boolean {
  if (lostAt !== undefined || device !== 'ready' || engaged?.kind === 'talk') return false
  return (
    engaged === undefined || (engaged.call.away?.calling !== engaged && !(engaged.answered && isConsulted(engaged)))
  )
}
