import { createHash } from 'node:crypto'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { sipRealm } from '../../../src/contract/softphone.ts'
import type { SipAccount, SwitchSetup } from '../../../src/contract/switch.ts'
import type { AgentId, E164, GroupNumberId } from '../../../src/core/configuration/types.ts'
import { failed } from '../../../src/core/result.ts'
import type { SwitchEvent } from '../../../src/core/routing/messages.ts'
import { keepAccounts } from '../../../src/switch/asterisk/accounts.ts'
import { withoutPeers } from '../../e2e/support/peers.ts'
import { anna, ben, number } from '../behaves-as-switch.ts'
import { asteriskStage, closeServer, secretOf, type AsteriskStage } from './asterisk-stage.ts'

const waiting = { timeout: 15_000, interval: 20 }

let stage: AsteriskStage | undefined
afterEach(async () => {
  await stage?.close()
  stage = undefined
})
afterAll(closeServer)

test('accounts that stand in files of the server are named in one line, and asked for once', async () => {
  let asked = 0
  const refused = { kind: 'refused', status: 403, reason: 'Forbidden' } as const
  const accounts = keepAccounts({
    request: () => Promise.resolve(failed({ kind: 'refused', status: 404, reason: 'Not Found' })),
    send: () => {
      asked++
      return Promise.resolve(failed(refused))
    },
  })
  const softphones = Array.from({ length: 200 }, (_, at) => account(`agent-${String(at)}` as AgentId, 'secret'))
  const setup: SwitchSetup = { numbers: [], softphones, callers: [], trunks: [], sounds: {} }
  expect(await accounts.keep(setup, true)).toEqual([
    'SIP accounts in files of the server, and left as they are there: 200 (agent-0, agent-1, agent-2, ...)',
  ])
  expect(asked).toBe(600)
  expect(await accounts.keep(setup, false)).toEqual([])
  expect(asked).toBe(600)
})

const missing = withoutPeers('asterisk')
describe.skipIf(missing !== undefined)(missing ?? 'a real server', { timeout: 60_000 }, () => {
  test('[T15] another password and another number count at once', async () => {
    const { setup, prepare, events, phone } = await office()
    await phone(anna, secretOf(anna))
    const changed = { ...account(anna, 'another'), number: '+46701112233' as E164 }
    await prepare({ ...setup, softphones: setup.softphones.map((each) => (each.agent === anna ? changed : each)) })
    await expect(phone(anna, secretOf(anna))).rejects.toThrow('Registered was expected')
    const desk = await phone(anna, 'another')
    await desk.dials(number)
    await expect.poll(() => events, waiting).toContainEqual(expect.objectContaining({ from: '+46701112233' }))
  })

  test('[T15] an account deleted, changed or left over behind our back is put right at the next start', async () => {
    const { setup, prepare, ari, restart, phone } = await office()
    const leftOver = 'left-over' as AgentId
    await prepare({ ...setup, softphones: [...setup.softphones, account(leftOver, 'secret')] })
    await ari('DELETE', 'auth', ben)
    await ari('PUT', 'endpoint', anna, { context: 'elsewhere' })
    expect(await ari('GET', 'endpoint', anna)).toContainEqual({ attribute: 'context', value: 'elsewhere' })
    await expect(phone(ben, secretOf(ben))).rejects.toThrow('Registered was expected')

    await restart(setup)
    const context = { attribute: 'context', value: 'gruppnummer-desks' }
    await expect.poll(() => ari('GET', 'endpoint', anna), waiting).toContainEqual(context)
    for (const kind of ['auth', 'aor', 'endpoint'])
      await expect.poll(() => ari('GET', kind, leftOver), waiting).toBeUndefined()
    await expect.poll(() => ari('GET', 'auth', ben), waiting).toBeDefined()
    await phone(ben, secretOf(ben))
    // Not ours.
    expect(await ari('GET', 'endpoint', 'trunk')).toBeDefined()
  })

  test('[T15] an agent who is no more has no account, and cannot register; a call that goes on is not cut', async () => {
    const { setup, prepare, events, line, phone, ari } = await office()
    const desk = await phone(anna, secretOf(anna))
    const caller = await stage!.dialIn({ to: number, from: '+46701234567' as E164 })
    await expect.poll(() => events.some(({ type }) => type === 'callArrived'), waiting).toBe(true)
    const [call] = events.flatMap((event) => (event.type === 'callArrived' ? [event.call] : []))
    const about = { call: call!, agent: anna, offer: 'first' as never }
    await line.perform({
      type: 'ring',
      ...about,
      show: { group: 'group' as GroupNumberId, number: '+46701234567' as E164 },
    })
    await expect.poll(() => desk.state, waiting).toBe('ringing')
    await desk.answers()
    await expect.poll(() => events, waiting).toContainEqual({ type: 'agentAnswered', ...about })
    await line.perform({ type: 'connect', ...about })
    await expect.poll(() => caller.hears(), waiting).toBe('anna')

    await prepare({ ...setup, softphones: setup.softphones.filter(({ agent }) => agent !== anna) })
    for (const kind of ['auth', 'aor', 'endpoint'] as const) expect(await ari('GET', kind, anna)).toBeUndefined()
    await expect(phone(anna, secretOf(anna))).rejects.toThrow('Registered was expected')
    await caller.listens(1)
    expect(caller.hears()).toBe('anna')
    await expect.poll(() => desk.hears(), waiting).toBe('caller')
    await desk.hangsUp()
    await expect.poll(() => events, waiting).toContainEqual({ type: 'agentHungUp', ...about })
  })
})

/** A service on a real Asterisk, and the objects of PJSIP in it. */
async function office() {
  const opened = await asteriskStage()
  stage = opened
  const { setup, asterisk } = opened
  const events: SwitchEvent[] = []
  let epoch = 0
  let line = await start()

  async function start() {
    const engine = await opened.reach()
    const attached = await engine.attach({
      epoch: ++epoch,
      heard: (event) => events.push(event),
      lost: () => undefined,
    })
    if (!attached.ok) throw new Error(attached.problem.kind)
    return engine
  }
  const prepare = async (given: SwitchSetup) => {
    expect(await line.prepare(given)).toEqual({ ok: true })
  }
  await prepare(setup)
  return {
    ...{ setup, events, prepare },
    get line() {
      return line
    },
    restart: async (given: SwitchSetup) => {
      await line.detach()
      line = await start()
      await prepare(given)
    },
    phone: (agent: AgentId, secret: string) => opened.phone(agent, secret),
    ari: async (method: 'GET' | 'PUT' | 'DELETE', kind: string, id: string, fields: Record<string, string> = {}) => {
      const { url, user, password } = asterisk.ari
      const response = await fetch(`${url}/asterisk/config/dynamic/res_pjsip/${kind}/${id}`, {
        method,
        headers: { authorization: `Basic ${btoa(`${user}:${password}`)}`, 'content-type': 'application/json' },
        ...(method === 'PUT' && {
          body: JSON.stringify({
            fields: Object.entries(fields).map(([attribute, value]) => ({ attribute, value })),
          }),
        }),
      })
      const text = await response.text()
      if (method === 'PUT') expect({ status: response.status, text }).toMatchObject({ status: 200 })
      return response.ok && text !== '' ? (JSON.parse(text) as unknown) : undefined
    },
  }
}

function account(agent: AgentId, secret: string): SipAccount {
  const ha1 = createHash('md5').update(`${agent}:${sipRealm}:${secret}`).digest('hex')
  return { agent, user: agent, ha1 }
}
