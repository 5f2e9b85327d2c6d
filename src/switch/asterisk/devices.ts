import { z } from 'zod'
import type { SwitchSetup } from '../../contract/switch.ts'
import type { AgentId } from '../../core/configuration/types.ts'
import type { SwitchEvent } from '../../core/routing/messages.ts'
import { ariEndpoint } from './ari-messages.ts'
import type { AriClient } from './open-ari-client.ts'

/** Whose phone can be rung, as told to the service. */
export interface Devices {
  /** After the setup has changed; at first everybody who is there is told. */
  setUp(setup: SwitchSetup, hasTrunk: boolean): Promise<void>
  /** Who is in a call of their own is another. */
  busyChanged(): void
  /** The device of an endpoint is in another state, as Asterisk names it, or its contact is another: it is read anew where need be. */
  changed(endpoint: string, state: string): void
  close(): void
}

export interface DevicesOptions {
  readonly ari: AriClient
  readonly tell: (event: Extract<SwitchEvent, { type: 'deviceChanged' }>) => void
  /** In calls of their own. */
  readonly busy: () => ReadonlySet<AgentId>
}

/** Of a device that is there. */
const inUse: ReadonlySet<string> = new Set(['NOT_INUSE', 'INUSE', 'BUSY', 'RINGING', 'RINGINUSE', 'ONHOLD'])
/** Milliseconds. A softphone that registers over a new connection is gone for a moment. */
const settles = 150

export function watchDevices({ ari, tell, busy }: DevicesOptions): Devices {
  /** Those who are there, as they were told last. */
  const told = new Map<AgentId, 'ready' | 'busy'>()
  const looking = new Map<string, NodeJS.Timeout>()
  let agentOf: ReadonlyMap<string, AgentId> = new Map()
  let phones: readonly AgentId[] = []

  async function setUp(setup: SwitchSetup, hasTrunk: boolean) {
    phones = (setup.phones ?? []).map(({ agent }) => agent)
    agentOf = new Map(
      setup.softphones.filter(({ agent }) => !phones.includes(agent)).map((each) => [each.user, each.agent]),
    )
    const listed = await ari.request({ method: 'GET', path: '/endpoints/PJSIP', reply: z.array(ariEndpoint) })
    const online = (listed.ok ? listed.value : []).filter(({ state }) => state === 'online')
    const now = new Set(online.flatMap(({ resource }) => agentOf.get(resource) ?? []))
    if (hasTrunk) for (const agent of phones) now.add(agent)
    for (const agent of [...told.keys()]) if (!now.has(agent)) is(agent, false)
    for (const agent of now) is(agent, true)
  }

  function is(agent: AgentId, there: boolean) {
    const state = there ? (busy().has(agent) ? 'busy' : 'ready') : 'gone'
    if ((told.get(agent) ?? 'gone') === state) return
    if (state === 'gone') told.delete(agent)
    else told.set(agent, state)
    tell({ type: 'deviceChanged', agent, state })
  }

  async function look(endpoint: string, again: boolean) {
    const agent = agentOf.get(endpoint)
    if (agent === undefined) return
    const read = await ari.request({
      method: 'GET',
      path: `/endpoints/PJSIP/${encodeURIComponent(endpoint)}`,
      reply: ariEndpoint,
    })
    if (!read.ok || agentOf.get(endpoint) !== agent) return
    const there = read.value.state === 'online'
    if (there || again) is(agent, there)
    else later(endpoint, true)
  }

  function later(endpoint: string, again: boolean) {
    clearTimeout(looking.get(endpoint))
    looking.set(
      endpoint,
      setTimeout(
        () => {
          looking.delete(endpoint)
          void look(endpoint, again)
        },
        again ? settles : 0,
      ),
    )
  }

  return {
    setUp,
    busyChanged() {
      for (const agent of [...told.keys()]) is(agent, true)
    },
    changed(endpoint, state) {
      const agent = agentOf.get(endpoint)
      if (agent === undefined) return
      // A phone that we know to be there rings, talks and is free again: no news.
      if (told.has(agent) && inUse.has(state)) return
      later(endpoint, false)
    },
    close() {
      for (const timer of looking.values()) clearTimeout(timer)
    },
  }
}
