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
  /** A softphone is about to register, or has gone: it is looked at often for a while. */
  moved(): void
  close(): void
}

export interface DevicesOptions {
  readonly ari: AriClient
  readonly tell: (event: Extract<SwitchEvent, { type: 'deviceChanged' }>) => void
  /** In calls of their own. */
  readonly busy: () => ReadonlySet<AgentId>
}

/** Milliseconds between two looks, at the least. A softphone that registers over a new connection is gone for less. */
const looksEvery = 500
/** Milliseconds more for each endpoint past the first few: a look names all of them, and calls wait for it. */
const moreByEndpoint = 5
const few = 100
/** Milliseconds, after somebody has moved. A registration takes a few journeys; a connection that ends is heard of by Asterisk at once. */
const restlessFor = 5000

/**
 * Asks, again and again. Asterisk would tell by itself (`deviceState:`), but is locked for ever when such a subscription ends,
 * as with our socket, while a device changes (asterisk#2170); and with those of the endpoints every event of a channel comes
 * twice.
 */
export function watchDevices({ ari, tell, busy }: DevicesOptions): Devices {
  /** Those who are there, as they were told last. */
  const told = new Map<AgentId, 'ready' | 'busy'>()
  /** Those who were there at the look before, but not at the last one. */
  let missed: ReadonlySet<AgentId> = new Set()
  /** As many as the last look named. */
  let endpoints = 0
  let timer: NodeJS.Timeout | undefined
  /** Of the next look. */
  let due = 0
  let restlessUntil = 0
  let agentOf: ReadonlyMap<string, AgentId> = new Map()
  let phones: readonly AgentId[] = []
  let hasTrunkOut = false
  let closed = false

  async function setUp(setup: SwitchSetup, hasTrunk: boolean) {
    phones = (setup.phones ?? []).map(({ agent }) => agent)
    agentOf = new Map(
      setup.softphones.filter(({ agent }) => !phones.includes(agent)).map((each) => [each.user, each.agent]),
    )
    hasTrunkOut = hasTrunk
    const there = await whoIsThere()
    if (there && !closed) tellAll(there, false)
  }

  async function whoIsThere(): Promise<ReadonlySet<AgentId> | undefined> {
    const listed = await ari.request({ method: 'GET', path: '/endpoints/PJSIP', reply: z.array(ariEndpoint) })
    if (!listed.ok) return undefined
    endpoints = listed.value.length
    const online = listed.value.filter(({ state }) => state === 'online')
    return new Set(online.flatMap(({ resource }) => agentOf.get(resource) ?? []))
  }

  /** `patient`: who is missing for the first time may be back at the next look. */
  function tellAll(online: ReadonlySet<AgentId>, patient: boolean) {
    const there = new Set([...online, ...(hasTrunkOut ? phones : [])])
    const missing = [...told.keys()].filter((agent) => !there.has(agent))
    for (const agent of missing) if (!patient || missed.has(agent)) is(agent, false)
    missed = new Set(missing)
    if (missing.some((agent) => told.has(agent))) moved()
    for (const agent of there) is(agent, true)
  }

  async function look() {
    // Under way: it says itself when the next one is.
    due = 0
    const [asked, there] = [agentOf, await whoIsThere()]
    if (closed) return
    // Another setup came meanwhile, and is told by itself.
    if (there && asked === agentOf) tellAll(there, true)
    lookIn(now() < restlessUntil ? looksEvery : looksEvery + moreByEndpoint * Math.max(0, endpoints - few))
  }

  function lookIn(wait: number) {
    due = now() + wait
    clearTimeout(timer)
    timer = setTimeout(() => void look(), wait)
  }

  function moved() {
    restlessUntil = now() + restlessFor
    if (due > now() + looksEvery) lookIn(looksEvery)
  }

  function is(agent: AgentId, there: boolean) {
    const state = there ? (busy().has(agent) ? 'busy' : 'ready') : 'gone'
    if ((told.get(agent) ?? 'gone') === state) return
    if (state === 'gone') told.delete(agent)
    else told.set(agent, state)
    tell({ type: 'deviceChanged', agent, state })
  }

  lookIn(looksEvery)

  return {
    setUp,
    busyChanged() {
      for (const agent of [...told.keys()]) is(agent, true)
    },
    moved,
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}

const now = () => performance.now()
