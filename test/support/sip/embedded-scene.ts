import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { sipDomain } from '../../../src/contract/softphone.ts'
import type { SwitchSetup } from '../../../src/contract/switch.ts'
import type { AgentId, E164, GroupNumberId, MessageId } from '../../../src/core/configuration/types.ts'
import type { CallId, Command, OfferId, PlayId, SwitchEvent } from '../../../src/core/routing/messages.ts'
import { openEmbeddedSwitch, type EmbeddedOptions } from '../../../src/switch/embedded/open-embedded-switch.ts'
import { fakeClock } from '../persistence/fake-clock.ts'
import { quietMedia, sdpOf } from './quiet-media.ts'
import { dialogOf, ha1, inDialog, overUdp, overWebSocket, type SipPeer } from './sip-peer.ts'

export const groupNumber = '+46122260980' as E164
export const caller = '+46701234567' as E164
export const anna = { agent: 'anna' as AgentId, user: 'anna', password: 'anna-secret' }
export const ben = { agent: 'ben' as AgentId, user: 'ben', password: 'ben-secret' }
export const guest = { user: 'guest', password: 'guest-secret' }
export const welcome = 'welcome' as MessageId
export const song = 'song' as MessageId
export const fallback = 'fallback' as MessageId

/** A service attached to an embedded switch with quiet media, on a clock of its own. */
export async function embeddedScene(options: Partial<EmbeddedOptions> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'gruppnummer-sip-'))
  const clock = fakeClock()
  const media = quietMedia()
  const logged: string[] = []
  const engine = await openEmbeddedSwitch({
    socketPath: join(directory, 'softphones', 'sip.sock'),
    sipUdp: { address: '127.0.0.1', port: 0 },
    mediaAddress: '127.0.0.1',
    clock,
    media,
    log: (level, text) => {
      logged.push(`${level} ${text}`)
    },
    ...options,
  })
  const service = attachment(1)
  const peers: SipPeer[] = []
  expect((await engine.attach(service.attachment)).ok).toBe(true)

  function attachment(epoch: number) {
    const events: SwitchEvent[] = []
    let untaken: SwitchEvent[] = []
    let waiting: { type: string; take: (event: SwitchEvent) => void }[] = []
    const lost: string[] = []
    return {
      events,
      lost,
      attachment: {
        epoch,
        heard(event: SwitchEvent) {
          events.push(event)
          const waiter = waiting.find(({ type }) => type === event.type)
          waiting = waiting.filter((each) => each !== waiter)
          if (waiter) waiter.take(event)
          else untaken.push(event)
        },
        lost: (reason: string) => {
          lost.push(reason)
        },
      },
      /** The next event of the type that no test has taken yet. */
      told<Type extends SwitchEvent['type']>(type: Type): Promise<Extract<SwitchEvent, { type: Type }>> {
        const here = untaken.find((event) => event.type === type)
        untaken = untaken.filter((event) => event !== here)
        const event = here ? Promise.resolve(here) : new Promise<SwitchEvent>((take) => waiting.push({ type, take }))
        return event as Promise<Extract<SwitchEvent, { type: Type }>>
      },
    }
  }

  async function prepare(changes: Partial<SwitchSetup> = {}) {
    const sound = (name: string) => ({ path: `/${name}.wav`, sha256: name })
    const result = await engine.prepare({
      numbers: [groupNumber],
      softphones: [anna, ben].map((each) => ({ agent: each.agent, user: each.user, ha1: ha1(each) })),
      callers: [{ user: guest.user, ha1: ha1(guest), until: clock.now() + 600_000, number: caller }],
      trunks: [{ name: 'trunk', address: '127.0.0.1' }],
      sounds: { [welcome]: sound('welcome'), [song]: sound('song'), [fallback]: sound('fallback') },
      fallback,
      ...changes,
    })
    expect(result).toEqual({ ok: true, value: undefined })
  }
  await prepare()

  async function connection() {
    const peer = await overWebSocket(engine.softphoneSocket.path)
    peers.push(peer)
    return peer
  }

  async function trunk(address?: string) {
    const peer = await overUdp(engine.sipUdp?.port ?? 0, address)
    peers.push(peer)
    return peer
  }

  async function register(account: { user: string; password: string }, peer?: SipPeer) {
    const phone = peer ?? (await connection())
    const answered = await phone.askWithDigest(registration(account), account)
    expect(answered.status).toBe(200)
    return phone
  }

  /** A caller over the trunk, ringing: told as `callArrived`. */
  async function ringIn(peer: SipPeer, headers: readonly string[] = []) {
    const invite = peer.ask(invitation({ headers }))
    const arrived = await service.told('callArrived')
    return { invite, call: arrived.call, arrived }
  }

  /** A caller over the trunk, answered. */
  async function callIn(peer: SipPeer) {
    const { invite, call } = await ringIn(peer)
    await does({ type: 'answer', call })
    const answered = await peer.answerTo(invite)
    expect(answered.status).toBe(200)
    const dialog = dialogOf(invite, answered, 'uac')
    peer.ask(inDialog(dialog, { method: 'ACK' }))
    return { call, dialog }
  }

  /** Rings the agent, whose phone answers; the INVITE and the dialog as the phone sees it. */
  async function agentAnswers(
    call: CallId,
    who: typeof anna,
    phone: SipPeer,
    offer: OfferId,
    more: { readonly callback?: true } = {},
  ) {
    await does({ type: 'ring', call, agent: who.agent, offer, show, ...more })
    const invite = await phone.asked('INVITE')
    phone.answer(invite, 180)
    phone.answer(invite, 200, { body: sdpOf() })
    await phone.asked('ACK')
    await service.told('agentAnswered')
    const tagged = {
      ...invite,
      header: (name: string) => `${invite.header(name) ?? ''}${name === 'to' ? ';tag=answering' : ''}`,
    }
    return { invite, dialog: dialogOf(invite, tagged, 'uas') }
  }

  async function does(command: Command) {
    expect(await engine.perform(command)).toEqual({ ok: true, value: undefined })
  }

  return {
    engine,
    clock,
    media,
    logged,
    service,
    attachment,
    prepare,
    connection,
    trunk,
    register,
    ringIn,
    callIn,
    agentAnswers,
    does,
    async close() {
      for (const peer of peers) peer.close()
      await engine.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

export const show = { group: 'support' as GroupNumberId, number: caller, name: 'Kerstin' }
export const offer = (name: string) => name as OfferId
export const playId = (name: string) => name as PlayId

export function registration({ user }: { user: string }) {
  const uri = `sip:${sipDomain}`
  return { method: 'REGISTER', uri, from: `<sip:${user}@${sipDomain}>`, to: `<sip:${user}@${sipDomain}>` }
}

export function invitation({ to = String(groupNumber), headers = [] as readonly string[], body = sdpOf() } = {}) {
  return {
    method: 'INVITE',
    uri: `sip:${to}@${sipDomain}`,
    from: `"Kerstin Ek" <sip:${caller}@trunk.example>`,
    headers,
    body,
  }
}

export type Scene = Awaited<ReturnType<typeof embeddedScene>>
