import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Ask } from '../../../src/contract/console.ts'
import type { Action, Configuration, E164, Settings } from '../../../src/core/configuration/types.ts'
import { openEmbeddedSwitch } from '../../../src/switch/embedded/open-embedded-switch.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'
import { company, type GroupSays } from '../../support/routing/company.ts'
import { invitation, registration } from '../../support/sip/embedded-scene.ts'
import { quietMedia, sdpOf } from '../../support/sip/quiet-media.ts'
import { dialogOf, inDialog, overUdp, overWebSocket, type SipDialog, type SipPeer } from '../../support/sip/sip-peer.ts'
import { anna, startScene, supportNumber } from '../console/service-scene.ts'

const open = '+46812345678' as E164
const closed = '+469001234567' as E164

/** A service on the embedded switch, with a trunk that is also where the callers come from, and Anna's softphone. */
async function stage(configuration: Configuration) {
  const clock = fakeClock()
  const directory = mkdtempSync(join(tmpdir(), 'gruppnummer-ways-'))
  const engine = await openEmbeddedSwitch({
    socketPath: join(directory, 'sip.sock'),
    sipUdp: { address: '127.0.0.1', port: 0 },
    mediaAddress: '127.0.0.1',
    clock,
    media: quietMedia(),
  })
  const trunk = await overUdp(engine.sipUdp?.port ?? 0)
  const peers: SipPeer[] = [trunk]
  onTestFinished(async () => {
    for (const peer of peers) peer.close()
    await engine.close()
  })
  const scene = await startScene({
    configuration,
    clock,
    switch: () => engine,
    trunks: [{ name: 'trunk', address: '127.0.0.1', port: trunk.port, outbound: true }],
  })
  const console = await scene.opensConsole(await scene.signsIn({ name: 'Anna', agent: anna }))
  const account = { user: 'anna', password: await scene.accounts.softphoneSecret(anna) }
  const phone = await overWebSocket(engine.softphoneSocket.path)
  peers.push(phone)

  /** A caller over the trunk, answered. */
  async function callIn(from: E164 = '+46701234567' as E164): Promise<SipDialog> {
    const invite = trunk.ask({ ...invitation({ to: supportNumber }), from: `<sip:${from}@trunk.example>` })
    const answered = await trunk.answerTo(invite)
    expect(answered.status).toBe(200)
    const dialog = dialogOf(invite, answered, 'uac')
    trunk.ask(inDialog(dialog, { method: 'ACK' }))
    return dialog
  }

  /** Anna is logged in, her softphone ready. */
  async function annaIsReady() {
    await expect.poll(async () => (await phone.askWithDigest(registration(account), account)).status).toBe(200)
    await console.ask({ type: 'logIn', agent: anna })
    await console.sees((live) => live.agents[anna]?.loggedIn.length === 1)
  }

  async function annaAnswers() {
    const ring = await phone.asked('INVITE')
    phone.answer(ring, 180)
    phone.answer(ring, 200, { body: sdpOf() })
    await phone.asked('ACK')
  }

  /** Who is rung outside, once whatever was to come has come. */
  async function rung(): Promise<string | undefined> {
    const refusedOrRung = () =>
      outgoing(trunk) ?? (scene.logged.some((line) => line.includes('is not an allowed destination')) ? 'nobody' : '')
    await expect.poll(() => (clock.pass(50), refusedOrRung()), { interval: 5, timeout: 20_000 }).not.toBe('')
    return refusedOrRung()
  }

  return { scene, clock, trunk, console, callIn, annaIsReady, annaAnswers, rung }
}

/** The number that the switch rings over the trunk. */
const outgoing = (trunk: SipPeer) =>
  trunk.heard.map(({ text }) => /^INVITE sip:([^@]+)@/.exec(text)?.[1]).find((number) => number !== undefined)

const group = (says: GroupSays & { readonly settings?: Partial<Settings> } = {}) =>
  company([{ id: 'support', number: supportNumber, members: ['anna'], ...says }])
const forward = (to: E164): Action => ({ do: 'forward', to })
const never = {
  id: 'week',
  name: 'Aldrig',
  week: { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] },
} as never
const years = { from: '2020-01-01T00:00', to: '2099-01-01T00:00' }

test.each<[string, (to: E164) => Configuration]>([
  ['when closed', (to) => group({ schedules: [never], settings: { whenClosed: forward(to) } })],
  ['when full', (to) => group({ settings: { maxQueueLength: 0, whenFull: forward(to) } })],
  ['when the wait was too long', (to) => group({ settings: { maxWaitSeconds: 1, whenTimeout: forward(to) } })],
  ['when nobody is logged in', (to) => group({ settings: { whenNoAgents: forward(to) } })],
  [
    'by an exception',
    (to) => group({ exceptions: [{ id: 'x', name: 'x', effect: 'closed', ...years, action: forward(to) } as never] }),
  ],
  ['closed by hand', (to) => group({ override: { effect: 'closed', action: forward(to) } })],
])('[W3] a caller who is forwarded, %s', async (_, configuration) => {
  const allowed = await stage(configuration(open))
  await allowed.callIn()
  expect(await allowed.rung()).toBe(open)
  const guarded = await stage(configuration(closed))
  const caller = await guarded.callIn()
  expect(await guarded.rung()).toBe('nobody')
  // Told in the log, and let go.
  expect((await guarded.trunk.asked('BYE')).header('call-id')).toBe(caller.callId)
  expect(outgoing(guarded.trunk)).toBeUndefined()
})

test.each(['now', 'consult'] as const)('[W3] an agent who transfers to a number (%s)', async (how) => {
  const scene = await stage(group())
  await scene.annaIsReady()
  await scene.callIn()
  await scene.annaAnswers()
  const { calls } = await scene.console.sees((live) => Object.values(live.calls).some(({ agent }) => agent === anna))
  const transfer = (number: E164): Ask => ({
    type: 'transfer',
    call: Object.keys(calls)[0] as never,
    to: { number },
    how,
  })
  expect(await scene.console.ask(transfer(closed))).toMatchObject({
    problem: { kind: 'invalid', message: `to: ${closed} is not an allowed destination` },
  })
  expect(await scene.console.ask(transfer(open))).toEqual({ ok: true })
  // The first that was rung is the one that may be.
  expect(await scene.rung()).toBe(open)
})

test('[W3] a caller who asks to be rung back', async () => {
  const callback = { digit: '5', afterSeconds: 0, tries: 1, untilHours: 1 }
  for (const [from, expected] of [
    [open, open],
    [closed, 'nobody'],
  ] as const) {
    const scene = await stage(group({ settings: { callback } }))
    const dialog = await scene.callIn(from)
    await scene.console.sees((live) => Object.values(live.calls).length === 1)
    for (let pressed = 0; pressed < 2; pressed += 1) {
      const press = { method: 'INFO', body: 'Signal=5', contentType: 'application/dtmf-relay' }
      expect((await scene.trunk.answerTo(scene.trunk.ask(inDialog(dialog, press)))).status).toBe(200)
    }
    await scene.trunk.asked('BYE')
    await scene.annaIsReady()
    await scene.annaAnswers()
    expect(await scene.rung()).toBe(expected)
  }
})

test('[W20] an agent on an ordinary phone that may not be rung is not ready, until an admin opens the number', async () => {
  const onPhone = { id: 'anna', answersAt: 'phone', phone: closed } as const
  const scene = await stage(
    company([{ id: 'support', number: supportNumber, members: ['anna'] }], { agents: [onPhone] }),
  )
  const root = await scene.scene.opensConsole(await scene.scene.signsIn({ name: 'root', roles: ['admin'] }))
  await root.ask({ type: 'logIn', agent: anna })
  await scene.callIn()
  const { calls, agents } = await root.sees((live) => Object.values(live.calls).length === 1)
  expect(Object.values(calls)).toMatchObject([{ phase: 'waiting', offers: [] }])
  expect(agents[anna]).toMatchObject({ device: 'gone' })
  const read = await root.ask({ type: 'destinations' })
  const onto = (read.ok ? read.value : []) as { prefix: string; open: boolean; name: string }[]
  await root.ask({ type: 'setDestinations', onto, rules: [...onto, { prefix: closed, open: true, name: 'Anna' }] })
  expect(await scene.rung()).toBe(closed)
})
