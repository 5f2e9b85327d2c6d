import type { Floor } from './floor.ts'
import type { AgentRecord, CallRecord, ServedCall, Transfer } from './state.ts'
import type { AgentView, CallView, RouterView, ServedView } from './view.ts'

/** What the desks show, made anew. */
export function show(floor: Floor): RouterView {
  const positions = new Map<CallRecord, number>()
  for (const { waiting } of floor.compiled.groups.values())
    for (const [place, call] of waiting.entries()) positions.set(call, place + 1)
  return {
    agents: [...floor.agents.values()].map(showAgent),
    calls: [...floor.calls.values()].map((call) => showCall(call, positions.get(call))),
    ...(floor.served.size > 0 && { served: [...floor.served.values()].map(showServed) }),
  }
}

function showAgent(agent: AgentRecord): AgentView {
  const { engaged, paused, wrapUp } = agent
  return {
    agent: agent.id,
    state: agent.state,
    since: agent.since,
    loggedIn: [...agent.loggedIn],
    ...(agent.loggedIn.size === 0 && agent.before.length > 0 && { before: agent.before }),
    device: agent.device,
    ...(paused?.reason !== undefined && { pauseReason: paused.reason }),
    ...(wrapUp !== undefined && { wrapUpUntil: wrapUp.at }),
    ...(engaged !== undefined && { call: engaged.call.id }),
    misses: agent.misses,
  }
}

function showCall(call: CallRecord, position: number | undefined): CallView {
  const { stage, offers, from, name, away } = call
  const talk = stage.phase === 'talking' ? stage.talk : undefined
  return {
    call: call.id,
    group: call.group.id,
    ...(from !== undefined && { from }),
    ...(name !== undefined && { name }),
    arrived: call.arrived,
    phase: offers.length > 0 ? 'ringing' : stage.phase === 'consulted' ? 'waiting' : stage.phase,
    ...(position !== undefined && { position }),
    offers: offers.map(({ agent, id, deadline, since, answered }) => ({
      agent: agent.id,
      offer: id,
      until: deadline?.at ?? since,
      ...(answered && { answered }),
    })),
    ...(away !== undefined && {
      callback: {
        number: away.number,
        triesLeft: away.tries,
        until: away.until,
        ...(away.calling !== undefined && { calling: true }),
      },
    }),
    ...(call.transfer !== undefined && { consulting: showTransfer(call.transfer) }),
    ...(call.monitors.size > 0 && { monitors: [...call.monitors].map(([by, mode]) => ({ agent: by, mode })) }),
    ...(talk !== undefined && { agent: talk.agent.id, talkingSince: talk.since }),
  }
}

function showTransfer({ to, answered, party, threeWay }: Transfer): NonNullable<CallView['consulting']> {
  const [offer] = party?.offers ?? []
  const joined = threeWay && { threeWay: threeWay.callerLeft ? ('callerLeft' as const) : ('all' as const) }
  if (offer === undefined) return { to, answered, ...joined }
  return { to, agent: offer.agent.id, offer: offer.id, answered: offer.answered, ...joined }
}

function showServed({ id, service, step, from, agent, group }: ServedCall): ServedView {
  return {
    call: id,
    service,
    step,
    ...(from !== undefined && { from }),
    ...(agent !== undefined && { agent }),
    ...(group !== undefined && { group }),
  }
}
