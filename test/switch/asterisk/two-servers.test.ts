import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Switch } from '../../../src/contract/switch.ts'
import type { AgentId, E164, GroupNumberId } from '../../../src/core/configuration/types.ts'
import type { OfferId, SwitchEvent } from '../../../src/core/routing/messages.ts'
import { joinServers } from '../../../src/switch/asterisk/join-servers.ts'
import { openAsteriskSwitch } from '../../../src/switch/asterisk/open-asterisk-switch.ts'
import { withoutPeers } from '../../e2e/support/peers.ts'
import { freePort, startAsterisk } from '../../support/asterisk/start-asterisk.ts'
import { anna, ben, number, sound } from '../behaves-as-switch.ts'
import { openSipPhone } from '../embedded/sip-phone.ts'
import { ringOverUdp } from '../embedded/udp-caller.ts'
import { openDoor, secretOf, setupIn, tones } from './asterisk-stage.ts'

const from = '+46701234567' as E164
const show = { group: 'group' as GroupNumberId, number: from }
const waiting = { timeout: 15_000, interval: 20 }
const at = { north: '127.0.0.5', south: '127.0.0.6' }

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

/**
 * Two servers under one service, on addresses of their own; softphones come to the first one that is there. `deadAfter`: seconds
 * without anything from the other server.
 */
async function two({ deadAfter = 6 }: { readonly deadAfter?: number } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'gruppnummer-'))
  closing.push(() => {
    rmSync(directory, { recursive: true })
  })
  const ports = { north: await freePort(), south: await freePort() }
  const start = async (name: 'north' | 'south', other: 'north' | 'south') => {
    const asterisk = await startAsterisk({
      trunkFrom: ['127.0.0.2'],
      overlay: {
        'pjsip.conf': (written) =>
          written
            .replace(/^(rtp_timeout(?:_hold)?)=6$/gm, `$1=${String(deadAfter)}`)
            .replace(/^rtp_keepalive=2$/gm, 'rtp_keepalive=1'),
      },
      options: {
        name,
        sip: { address: at[name], port: ports[name] },
        peers: [{ name: other, address: at[other], port: ports[other] }],
      },
    })
    closing.push(() => asterisk.close())
    const engine = openAsteriskSwitch({
      ...asterisk.ari,
      recordings: join(directory, 'recordings'),
      spoken: join(directory, 'spoken'),
      speak: () => Promise.resolve(undefined),
    })
    return { name, asterisk, engine }
  }
  const [north, south] = [await start('north', 'south'), await start('south', 'north')]
  const line = joinServers([north, south])
  closing.push(() => line.detach())
  const opened = async (to: Pick<Switch, 'softphoneSocket'>) => {
    const made = await openDoor(to)
    closing.push(() => made.close())
    return made
  }
  const door = await opened(line)
  const setup = setupIn(directory)

  async function attach(epoch: number) {
    const events: SwitchEvent[] = []
    const losses: string[] = []
    const attached = await line.attach({
      epoch,
      heard: (event) => events.push(event),
      lost: (reason) => losses.push(reason),
    })
    if (!attached.ok) throw new Error(attached.problem.kind)
    expect(await line.prepare(setup)).toEqual({ ok: true })
    return { events, losses, calls: attached.value.calls }
  }

  return {
    ...{ north, south, line, attach },
    async phone(agent: AgentId, at?: Pick<Switch, 'softphoneSocket'>) {
      const { port } = at ? await opened(at) : door
      const hertz = agent === anna ? tones.anna : tones.ben
      const phone = await openSipPhone({ user: agent, secret: secretOf(agent), port, hertz, tones })
      closing.push(() => phone.close())
      return phone
    },
    async dialIn(name: 'north' | 'south', { silent = false } = {}) {
      const where = { switchPort: ports[name], switchAddress: at[name], address: '127.0.0.2', silent }
      const caller = await ringOverUdp({ to: number, from, tones, ...where })
      closing.push(() => {
        caller.close()
      })
      return caller
    },
  }
}

const missing = withoutPeers('asterisk')
describe.skipIf(missing !== undefined)(missing ?? 'two real servers', { timeout: 90_000 }, () => {
  test('[T13] a caller on one is put through to a softphone that is registered with the other', async () => {
    const office = await two()
    const { line } = office
    const { events } = await office.attach(1)
    const desk = await office.phone(anna)
    await expect.poll(() => events, waiting).toContainEqual({ type: 'deviceChanged', agent: anna, state: 'ready' })
    const caller = await office.dialIn('south')
    const call = await callIn(events)
    expect(call).toMatch(/^south:/)
    await line.perform({ type: 'answer', call })
    await line.perform({ type: 'music', call, messages: [sound('music')] })
    const ring = (offer: string) => line.perform({ type: 'ring', call, agent: anna, offer: offer as OfferId, show })

    await ring('busy')
    await expect.poll(() => desk.state, waiting).toBe('ringing')
    expect(desk.about).toEqual({ call, offer: 'busy', from })
    await desk.declines('busy')
    const declined = { type: 'agentDeclined', call, agent: anna, offer: 'busy', cause: 'busy' }
    await expect.poll(() => events, waiting).toContainEqual(declined)

    await ring('elsewhere')
    await expect.poll(() => desk.rings, waiting).toBe(2)
    const stop = { agent: anna, offer: 'elsewhere' as OfferId, why: 'answeredElsewhere' } as const
    await line.perform({ type: 'stopRinging', call, ...stop })
    await expect.poll(() => desk.stopped, waiting).toBe('answeredElsewhere')

    await ring('taken')
    await expect.poll(() => desk.rings, waiting).toBe(3)
    await desk.answers()
    const about = { call, agent: anna, offer: 'taken' as OfferId }
    await expect.poll(() => events, waiting).toContainEqual({ type: 'agentAnswered', ...about })
    await line.perform({ type: 'connect', ...about })
    await expect.poll(() => caller.hears(), waiting).toBe('anna')
    await expect.poll(() => desk.hears(), waiting).toBe('caller')
    await desk.hangsUp()
    await expect.poll(() => events, waiting).toContainEqual({ type: 'agentHungUp', ...about })

    await ring('dies')
    await expect.poll(() => desk.rings, waiting).toBe(4)
    await desk.answers()
    const dying = { call, agent: anna, offer: 'dies' as OfferId }
    await expect.poll(() => events, waiting).toContainEqual({ type: 'agentAnswered', ...dying })
    await line.perform({ type: 'connect', ...dying })
    await expect.poll(() => caller.hears(), waiting).toBe('anna')
    await desk.dies()
    await expect.poll(() => events, waiting).toContainEqual({ type: 'agentLost', ...dying })
    await expect.poll(() => caller.hears(), waiting).toBe('music')
  })

  test('[T13] [T16] a caller who sends no sound is held by an agent on the other server, and passed on to one here', async () => {
    const office = await two({ deadAfter: 2 })
    const { line, south } = office
    const { events } = await office.attach(1)
    const desk = await office.phone(anna)
    const bens = await office.phone(ben, south.engine)
    for (const agent of [anna, ben])
      await expect.poll(() => events, waiting).toContainEqual({ type: 'deviceChanged', agent, state: 'ready' })
    const caller = await office.dialIn('south', { silent: true })
    const call = await callIn(events)
    await line.perform({ type: 'answer', call })
    await line.perform({ type: 'music', call, messages: [sound('music')] })
    const about = { call, agent: anna, offer: 'first' as OfferId }
    await line.perform({ type: 'ring', ...about, show })
    await expect.poll(() => desk.state, waiting).toBe('ringing')
    await desk.answers()
    await expect.poll(() => events, waiting).toContainEqual({ type: 'agentAnswered', ...about })
    await line.perform({ type: 'connect', ...about })
    await expect.poll(() => caller.hears(), waiting).toBe('anna')
    await caller.listens(3)
    await desk.holds(true)
    await expect.poll(() => caller.hears(), waiting).toBe('music')
    await desk.holds(false)
    await expect.poll(() => caller.hears(), waiting).toBe('anna')

    await line.perform({ type: 'consult', call, agent: anna, to: { agent: ben }, offer: 'second' as OfferId, show })
    await expect.poll(() => bens.state, waiting).toBe('ringing')
    // Meanwhile nobody says anything to the other server.
    await caller.listens(3)
    await bens.answers()
    await expect.poll(() => desk.hears(), waiting).toBe('ben')
    await expect.poll(() => caller.hears(), waiting).toBe('music')
    await line.perform({ type: 'threeWay', call })
    await expect.poll(() => caller.hearsAll(), waiting).toEqual(['anna', 'ben'])
    await line.perform({ type: 'completeTransfer', call })
    await expect.poll(() => caller.hearsAll(), waiting).toEqual(['ben'])
    await expect.poll(() => desk.state, waiting).toBe('idle')
    expect(caller.state).toBe('answered')
    expect(events.filter(({ type }) => ['agentLost', 'agentHungUp', 'callerHungUp'].includes(type))).toEqual([])
  })

  test('[T13] a server that goes loses its own calls alone; who talked through it is told of, and served by the other', async () => {
    const office = await two()
    const { north, line } = office
    const first = await office.attach(1)
    const desk = await office.phone(anna)
    const ready = { type: 'deviceChanged', agent: anna, state: 'ready' }
    await expect.poll(() => first.events, waiting).toContainEqual(ready)
    const caller = await office.dialIn('south')
    const call = await callIn(first.events)
    await line.perform({ type: 'answer', call })
    await line.perform({ type: 'music', call, messages: [sound('music')] })
    const about = { call, agent: anna, offer: 'first' as OfferId }
    await line.perform({ type: 'ring', ...about, show })
    await expect.poll(() => desk.state, waiting).toBe('ringing')
    await desk.answers()
    await expect.poll(() => first.events, waiting).toContainEqual({ type: 'agentAnswered', ...about })
    await line.perform({ type: 'connect', ...about })
    await expect.poll(() => caller.hears(), waiting).toBe('anna')

    await north.asterisk.kill()
    await expect.poll(() => first.losses, waiting).toEqual(['gone'])
    const second = await office.attach(2)
    expect(second.calls).toMatchObject([{ call, hears: { kind: 'agent', agent: anna } }])
    await expect.poll(() => second.events, waiting).toContainEqual({ type: 'agentLost', ...about })
    await expect.poll(() => caller.hears(), waiting).toBe('music')

    const again = await office.phone(anna)
    await expect.poll(() => second.events, waiting).toContainEqual(ready)
    const next = { ...about, offer: 'second' as OfferId }
    await line.perform({ type: 'ring', ...next, show })
    await expect.poll(() => again.state, waiting).toBe('ringing')
    await again.answers()
    await expect.poll(() => second.events, waiting).toContainEqual({ type: 'agentAnswered', ...next })
    await line.perform({ type: 'connect', ...next })
    await expect.poll(() => caller.hears(), waiting).toBe('anna')
    expect(caller.state).toBe('answered')

    await north.asterisk.start()
    await expect.poll(() => second.losses, waiting).toEqual(['gone'])
    const third = await office.attach(3)
    expect(third.calls).toMatchObject([{ call, hears: { kind: 'agent', agent: anna } }])
    // Of the softphone that was registered there nothing is left; it has come to the other.
    await expect.poll(() => third.events, waiting).toContainEqual(ready)
    await office.dialIn('north')
    expect(await callIn(third.events)).toMatch(/^north:/)
  })
})

async function callIn(events: readonly SwitchEvent[]) {
  await expect.poll(() => events.some(({ type }) => type === 'callArrived'), waiting).toBe(true)
  return events.flatMap((event) => (event.type === 'callArrived' ? [event.call] : []))[0]!
}
