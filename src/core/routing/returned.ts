import { between } from '../time.ts'
import type { Floor } from './floor.ts'
import { complete, restAfterDecline, stopMonitoring } from './offers.ts'
import type { TalkRecord } from './state.ts'
import { end, scheduleComfort, startMusic, startWaitClocks } from './stays.ts'
import { agentLeft, cancelTransfer } from './transfer.ts'

/**
 * The agent's leg is dead, the caller is not: the caller is back at the old place with a new wait
 * clock, and hears music until the next agent answers. The agent has no rest, and it does not count.
 */
export function lostAgent(floor: Floor, talk: TalkRecord): void {
  const { call, agent, since } = talk
  const { group } = call
  if (call.transfer?.threeWay !== undefined) return agentLeft(floor, talk, 'lost')
  cancelTransfer(floor, call)
  if (group.removed) {
    complete(floor, talk, 'lost')
    return end(floor, call, 'lost')
  }
  stopMonitoring(floor, call)
  agent.engaged = undefined
  floor.changed(agent)
  floor.notice({
    type: 'returned',
    call: call.id,
    group: group.id,
    agent: agent.id,
    talked: between(since, floor.now),
  })
  call.stage = { phase: 'waiting' }
  call.arrived = floor.now
  restAfterDecline(floor, call, agent)
  startMusic(floor, call)
  floor.join(call)
  scheduleComfort(floor, call)
  startWaitClocks(floor, call)
}
