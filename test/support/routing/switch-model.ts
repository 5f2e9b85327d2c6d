import type { Command, RoutingEvent } from '../../../src/core/routing/messages.ts'
import type { RouterView } from '../../../src/core/routing/view.ts'

/** Put through and forgotten. */
const isEmergency = (to: string) => to === '112'

interface Leg {
  readonly call: string
  readonly agent: string
  /** Undefined: the switch has told of it without one. */
  readonly offer: string | undefined
}

/**
 * The legs that a switch would have: those its events tell of, and those the commands make and end. Whatever
 * happens, no leg may be left that the router has forgotten: somebody would hear silence, or a ringing, for ever.
 */
export class SwitchModel {
  readonly #callers = new Set<string>()
  readonly #answered = new Set<string>()
  #legs: Leg[] = []
  /** Of a call whose agent speaks with another one first: that one's. */
  readonly #consulted = new Map<string, Leg>()
  /** Three hear each other there. */
  readonly #threeWay = new Set<string>()

  /** Before the router handles it; `view` is the router's until then. */
  happens(event: RoutingEvent, view: RouterView): void {
    switch (event.type) {
      case 'callArrived':
        if (!isEmergency(event.to) && !view.calls.some(({ call }) => call === event.call)) this.#callers.add(event.call)
        return
      case 'callerHungUp':
        return this.#callerGone(event.call)
      case 'callbackAnswered':
        if (view.calls.some(({ call, callback }) => call === event.call && callback?.calling)) {
          this.#callers.add(event.call)
          this.#answered.add(event.call)
        }
        return
      case 'agentAnswered':
        if (!this.#legs.some((leg) => isOf(leg, event)))
          this.#legs.push({ call: event.call, agent: event.agent, offer: event.offer })
        return
      case 'agentDeclined':
      case 'agentHungUp':
      case 'agentLost':
        return this.#drop(event)
      case 'commandFailed':
        if (event.command === 'ring' && event.agent !== undefined) this.#drop({ ...event, agent: event.agent })
        if (event.command === 'consult') this.#dropConsulted(event.call)
        return
      case 'switchAttached':
        return this.#holds(event)
      default:
    }
  }

  /** A command that the switch could not take, as it stands: in words. */
  performs(command: Command): string | undefined {
    switch (command.type) {
      case 'answer':
        this.#answered.add(command.call)
        break
      case 'ring':
        this.#legs.push(command)
        break
      case 'consult':
        if ('agent' in command.to) this.#consults({ call: command.call, agent: command.to.agent, offer: command.offer })
        break
      case 'stopRinging':
      case 'hangUpAgent':
        this.#drop(command)
        break
      case 'cancelTransfer':
        this.#dropConsulted(command.call)
        break
      case 'completeTransfer':
        this.#legs = this.#legs.filter((leg) => leg.call !== command.call || leg === this.#consulted.get(command.call))
        this.#consulted.delete(command.call)
        this.#threeWay.delete(command.call)
        break
      case 'threeWay':
        this.#threeWay.add(command.call)
        break
      // Ends the whole call, as the port says.
      case 'hangUp':
        this.#callerGone(command.call)
        this.#legs = this.#legs.filter(({ call }) => call !== command.call)
        return undefined
      case 'play':
      case 'record':
      case 'connect':
        if (!this.#answered.has(command.call)) return `${command.type} before the caller ${command.call} is answered`
        break
      default:
    }
    return undefined
  }

  /** What is left over, or missing, in words. */
  faults({ calls, agents, served = [] }: RouterView): readonly string[] {
    const here = new Map(calls.map((call) => [call.call as string, call]))
    const services = new Set<string>(served.map(({ call }) => call))
    const engaged = new Map(
      agents.flatMap(({ agent, call }) => (call === undefined ? [] : [[agent as string, call as string]])),
    )
    return [
      ...[...this.#callers]
        .filter((call) => !here.has(call) && !services.has(call))
        .map((call) => `the caller ${call} is forgotten`),
      ...calls
        .filter(({ call, callback, consulting }) => {
          const hasCaller = !callback && consulting?.threeWay !== 'callerLeft'
          return hasCaller && !this.#callers.has(call)
        })
        .map(({ call }) => `the caller ${call} is on no line`),
      ...this.#legs
        .filter(({ call, agent }) => engaged.get(agent) !== call)
        .map(({ call, agent }) => `the leg of ${agent} for ${call} is forgotten`),
      ...[...engaged]
        .filter(([agent, call]) => !this.#legs.some((leg) => leg.call === call && leg.agent === agent))
        .map(([agent, call]) => `${agent} has no leg for ${call}`),
    ]
  }

  #callerGone(call: string): void {
    this.#callers.delete(call)
    this.#answered.delete(call)
  }

  #drop(about: { readonly call: string; readonly agent: string; readonly offer?: string | undefined }): void {
    const gone = this.#legs.filter((leg) => isOf(leg, about))
    this.#legs = this.#legs.filter((leg) => !gone.includes(leg))
    // Whoever leaves two others leaves them together.
    if (gone.length === 0 || !this.#threeWay.delete(about.call)) return
    this.#consulted.delete(about.call)
  }

  #consults(leg: Leg): void {
    this.#legs.push(leg)
    this.#consulted.set(leg.call, leg)
  }

  #dropConsulted(call: string): void {
    const leg = this.#consulted.get(call)
    this.#legs = this.#legs.filter((other) => other !== leg)
    this.#consulted.delete(call)
    this.#threeWay.delete(call)
  }

  #holds({ calls }: Extract<RoutingEvent, { type: 'switchAttached' }>): void {
    this.#callers.clear()
    this.#answered.clear()
    const before = this.#legs
    this.#legs = []
    this.#consulted.clear()
    this.#threeWay.clear()
    for (const { call, to, answered, hears, offers, callback, consulting } of calls) {
      if (isEmergency(to)) continue
      const hasCaller = consulting?.threeWay !== 'callerLeft'
      if (hasCaller && (answered || callback !== true)) this.#callers.add(call)
      if (answered) this.#answered.add(call)
      const own = hears.kind === 'agent' ? hears.agent : consulting?.agent
      if (own !== undefined) {
        const offer = hears.kind === 'agent' ? hears.offer : consulting?.offer
        const known = before.find((leg) => leg.call === call && leg.agent === own)?.offer
        this.#legs.push({ call, agent: own, offer: offer ?? known })
      }
      for (const { agent, offer } of offers) this.#legs.push({ call, agent, offer })
      if (consulting !== undefined && 'agent' in consulting.to)
        this.#consults({ call, agent: consulting.to.agent, offer: undefined })
      if (consulting?.threeWay) this.#threeWay.add(call)
    }
  }
}

function isOf(
  leg: Leg,
  { call, agent, offer }: { readonly call: string; readonly agent: string; readonly offer?: string | undefined },
): boolean {
  return (
    leg.call === call && leg.agent === agent && (offer === undefined || leg.offer === undefined || leg.offer === offer)
  )
}
