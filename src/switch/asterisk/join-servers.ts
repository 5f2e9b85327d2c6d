import type { Attachment, Switch, SwitchHoldings, SwitchProblem } from '../../contract/switch.ts'
import type { AgentId } from '../../core/configuration/types.ts'
import { done, failed, ok, type Result } from '../../core/result.ts'
import type { CallId, Command, DeviceState, SwitchEvent } from '../../core/routing/messages.ts'

export interface JoinedServer {
  /** Of no other; in front of the ids of its calls. */
  readonly name: string
  readonly engine: Joinable
}

export interface Joinable extends Switch {
  /** Whether the server can be reached at all. */
  answers(): Promise<boolean>
  /** It is one of several from here on. */
  joins(neighbourhood: Neighbourhood): void
}

/** What a server is told of the others. */
export interface Neighbourhood {
  /** By the name of the other server that an agent's softphone is registered with; undefined: with this one, or none. */
  elsewhere(agent: AgentId): string | undefined
  /** A call of this server, as everybody else knows it. */
  told(call: CallId): CallId
}

/** Milliseconds between two looks for a server that is away: more after each time that it answered and could not be attached. */
const looks = [1000, 2000, 5000, 10_000, 30_000]

/**
 * Several servers as one switch. When one goes, or is back, the whole attachment is given up: the service attaches anew at
 * once, to those that are there, and so learns which calls are left. Calls on the others go on meanwhile.
 */
export function joinServers(servers: readonly JoinedServer[]): Switch {
  const [only, ...more] = servers
  if (only && more.length === 0) return only.engine
  /** Where a callback goes on whose server has gone. */
  const moved = new Map<CallId, JoinedServer>()
  let attached: readonly JoinedServer[] = []
  let looking: NodeJS.Timeout | undefined
  let failures = 0
  let current: object | undefined
  let devices = joinedDevices(() => undefined)
  for (const server of servers)
    server.engine.joins({
      elsewhere: (agent) => {
        const other = devices.elsewhere(agent, server.name)
        return attached.some(({ name }) => name === other) ? other : undefined
      },
      told: (call) => named(server, call),
    })

  async function attach(attachment: Attachment): Promise<Result<SwitchHoldings, SwitchProblem>> {
    const mine = {}
    current = mine
    clearTimeout(looking)
    const mineDevices = joinedDevices((event) => {
      attachment.heard(event)
    })
    devices = mineDevices
    const isMine = () => current === mine
    const lost = (reason: 'gone' | 'frozen' | 'replaced') => {
      if (!isMine()) return
      current = undefined
      attached = []
      clearTimeout(looking)
      attachment.lost(reason)
    }
    const tried = await Promise.all(
      servers.map(async (server) => ({
        server,
        holdings: await server.engine.attach({
          epoch: attachment.epoch,
          heard: (event) => {
            if (!isMine()) return
            if (event.type === 'deviceChanged') mineDevices.heard(server.name, event)
            else attachment.heard(outward(server, event))
          },
          lost,
        }),
      })),
    )
    if (!isMine()) return failed({ kind: 'gone' })
    const stale = tried.find(({ holdings }) => !holdings.ok && holdings.problem.kind === 'staleEpoch')
    const there = tried.flatMap(({ server, holdings }) => (holdings.ok ? [{ server, holdings: holdings.value }] : []))
    const [problem] = tried.flatMap(({ holdings }) => (holdings.ok ? [] : [holdings.problem]))
    if (stale ?? there.length === 0) {
      current = undefined
      for (const { server } of there) await server.engine.detach()
      return failed(stale ? { kind: 'staleEpoch' } : (problem ?? { kind: 'gone' }))
    }
    attached = there.map(({ server }) => server)
    if (attached.length === servers.length) failures = 0
    else lookForOthers(lost)
    return ok({
      engine: 'asterisk',
      calls: there.flatMap(({ server, holdings }) => holdings.calls.map((call) => outward(server, call))),
      agentCalls: there.flatMap(({ server, holdings }) =>
        (holdings.agentCalls ?? []).map((call) => outward(server, call)),
      ),
    })
  }

  function lookForOthers(lost: (reason: 'gone') => void) {
    const wait = looks[Math.min(failures, looks.length - 1)] ?? 0
    looking = setTimeout(() => {
      const away = servers.filter((server) => !attached.includes(server))
      void Promise.all(away.map(({ engine }) => engine.answers())).then((answers) => {
        if (attached.length === 0) return
        if (!answers.some(Boolean)) {
          lookForOthers(lost)
          return
        }
        failures += 1
        lost('gone')
      })
    }, wait)
    looking.unref()
  }

  async function perform(command: Command): Promise<Result<void, SwitchProblem>> {
    const server = serverOf(command)
    if (!server) return failed({ kind: 'unknown', what: `call ${command.call}` })
    return server.engine.perform({ ...command, call: inward(server, command.call) })
  }

  function serverOf({ call, type, ...command }: Command): JoinedServer | undefined {
    const home = moved.get(call) ?? servers.find(({ name }) => call.startsWith(`${name}${separator}`))
    if (home && attached.includes(home)) return home
    // Nobody is on the line: any server may ring back.
    if (type !== 'ring' || !('callback' in command)) return undefined
    const [other] = attached
    if (other) moved.set(call, other)
    return other
  }

  return {
    attach,
    async prepare(setup) {
      const outcomes = await Promise.all(attached.map(({ engine }) => engine.prepare(setup)))
      return outcomes.find((outcome) => !outcome.ok) ?? (outcomes.length > 0 ? done : failed({ kind: 'gone' }))
    },
    perform,
    /** Softphones are with the first server that is there. */
    get softphoneSocket() {
      return attached[0]?.engine.softphoneSocket
    },
    softphonesMoved() {
      attached[0]?.engine.softphonesMoved?.()
    },
    async detach() {
      current = undefined
      attached = []
      clearTimeout(looking)
      await Promise.all(servers.map(({ engine }) => engine.detach()))
    },
  }
}

/** Between the server's name, which has none, and its own id of the call. */
const separator = ':'

/** An id that has a name in front already is of a call that began on another server. */
function outward<About extends { readonly call: CallId } | SwitchEvent>(server: JoinedServer, about: About): About {
  return 'call' in about ? { ...about, call: named(server, about.call) } : about
}

function named({ name }: JoinedServer, call: CallId): CallId {
  return call.includes(separator) ? call : (`${name}${separator}${call}` as CallId)
}

function inward({ name }: JoinedServer, call: CallId): CallId {
  const prefix = `${name}${separator}`
  return call.startsWith(prefix) ? (call.slice(prefix.length) as CallId) : call
}

type DeviceChanged = Extract<SwitchEvent, { type: 'deviceChanged' }>

/** A phone is there when it is on any server, and busy when it is so on any. */
function joinedDevices(tell: (event: DeviceChanged) => void) {
  const states = new Map<AgentId, Map<string, DeviceState>>()
  const joined = (agent: AgentId): DeviceState => {
    const all = [...(states.get(agent)?.values() ?? [])]
    return (['busy', 'ready'] as const).find((state) => all.includes(state)) ?? 'gone'
  }
  return {
    elsewhere(agent: AgentId, than: string): string | undefined {
      const own = states.get(agent)
      if ((own?.get(than) ?? 'gone') !== 'gone') return undefined
      return [...(own ?? [])].find(([, state]) => state !== 'gone')?.[0]
    },
    heard(server: string, { agent, state, ...event }: DeviceChanged) {
      const before = joined(agent)
      const own = states.get(agent) ?? new Map<string, DeviceState>()
      states.set(agent, own.set(server, state))
      const now = joined(agent)
      if (now !== before) tell({ ...event, agent, state: now })
    },
  }
}
