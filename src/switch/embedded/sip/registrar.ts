import { Core, NameAddrHeader, type URI } from 'sip.js'
import type { AgentId } from '../../../core/configuration/types.ts'
import { after, seconds } from '../../../core/time.ts'
import type { Clock } from '../clock.ts'
import type { Peer } from './peer.ts'

/** Where an agent's softphone is reached (RFC 3261 section 10, RFC 7118): one contact each, the newest wins. */
export interface Registrar {
  /** `refused`: a newer connection holds the registration. */
  register(request: RegisterRequest): RegisterAnswer
  contactOf(agent: AgentId): Contact | undefined
  readonly agents: readonly AgentId[]
  drop(agent: AgentId): void
  /** The connection is gone, and with it what was bound to it. */
  closed(peer: Peer): void
}

export interface Contact {
  readonly uri: URI
  readonly peer: Peer
}

export interface RegisterRequest {
  readonly agent: AgentId
  readonly message: Core.IncomingRequestMessage
  readonly peer: Peer
}

export type RegisterAnswer =
  | { readonly status: 200; readonly headers: readonly string[] }
  | { readonly status: 400 | 403 | 500; readonly headers: readonly string[] }

const shortest = 30
const longest = 3600
const preset = 600

interface Binding extends Contact {
  readonly header: NameAddrHeader
  readonly callId: string
  readonly cseq: number
  readonly end: number
  readonly cancel: () => void
}

export function openRegistrar(
  clock: Clock,
  told: {
    registered(agent: AgentId, contact: Contact, before: Contact | undefined): void
    gone(agent: AgentId): void
  },
): Registrar {
  const bindings = new Map<AgentId, Binding>()

  function register({ agent, message, peer }: RegisterRequest): RegisterAnswer {
    const before = bindings.get(agent)
    if (before && before.peer !== peer && before.peer.channel.open && before.peer.channel.order > peer.channel.order)
      return { status: 403, headers: ['Reason: SIP;cause=403;text="Registered on a newer connection"'] }
    if (before?.callId === message.callId && before.cseq >= message.cseq) return { status: 500, headers: [] }

    const asked = message.getHeader('contact')
    if (asked === undefined) return listed(agent)
    const expires = message.getHeader('expires')
    if (asked.trim() === '*') {
      if (expires !== '0') return { status: 400, headers: [] }
      drop(agent)
      return { status: 200, headers: [] }
    }
    const header: unknown = message.parseHeader('contact')
    if (!(header instanceof NameAddrHeader)) return { status: 400, headers: [] }
    const wanted = Number(header.getParam('expires') ?? expires ?? preset)
    if (!Number.isFinite(wanted)) return { status: 400, headers: [] }
    if (wanted === 0) {
      if (before?.peer === peer) drop(agent)
      return { status: 200, headers: [] }
    }
    const length = seconds(Math.min(longest, Math.max(shortest, Math.floor(wanted))))
    before?.cancel()
    const end = after(clock.now(), length)
    bindings.set(agent, {
      uri: header.uri,
      peer,
      header,
      callId: message.callId,
      cseq: message.cseq,
      end,
      cancel: clock.wake(end, () => {
        drop(agent)
      }),
    })
    told.registered(agent, { uri: header.uri, peer }, before)
    return listed(agent)
  }

  /** The client recognises its own contact by its user part, so it is given back as it was. */
  function listed(agent: AgentId): RegisterAnswer {
    const binding = bindings.get(agent)
    if (!binding) return { status: 200, headers: [] }
    const contact = binding.header.clone()
    contact.setParam('expires', String(Math.max(1, Math.round((binding.end - clock.now()) / 1000))))
    return { status: 200, headers: [`Contact: ${contact.toString()}`] }
  }

  function drop(agent: AgentId) {
    const binding = bindings.get(agent)
    if (!binding) return
    binding.cancel()
    bindings.delete(agent)
    told.gone(agent)
  }

  return {
    register,
    contactOf: (agent) => bindings.get(agent),
    get agents() {
      return [...bindings.keys()]
    },
    drop,
    closed(peer) {
      for (const [agent, binding] of [...bindings]) if (binding.peer === peer) drop(agent)
    },
  }
}
