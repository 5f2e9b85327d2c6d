import { afterEach, describe, expect, test } from 'vitest'
import type { SwitchSetup, Switch } from '../../src/contract/switch.ts'
import type { AgentId, E164, GroupNumberId, MessageId } from '../../src/core/configuration/types.ts'
import type {
  CallId,
  CallTarget,
  Command,
  HangUpReason,
  OfferId,
  PlayId,
  StopRingingReason,
  SwitchEvent,
} from '../../src/core/routing/messages.ts'

/** A switch with people around it, for one scene. */
export interface Stage {
  /** A service's hold of the switch: the same object in one process, a connection of its own over a socket. */
  reach(): Promise<Switch>
  /**
   * Knows `number`, the agents `anna` and `ben`, the sounds `welcome`, `music`, `song` and `fallback`, a trunk for calls
   * out, and one piece of numbers, `2`.
   */
  readonly setup: SwitchSetup
  dialIn(dialled: { readonly to: E164; readonly from?: E164 }): Promise<StageCaller>
  /** Registers, and is told when that has been done. */
  phone(agent: AgentId): Promise<StagePhone>
  /** A telephone outside, rung over the trunk; preset: `outside`. */
  outside(number: E164, who?: 'outside' | 'caller'): Promise<StageOutside>
  /** Whom a kept recording is of. */
  recordingOf(file: string): readonly Heard[]
  /** Lets time pass where the engine takes a clock; else does nothing, and what is awaited takes its time. */
  passes(seconds: number): void
  /** Whoever rings or waits while no service is there hears the fallback, stays, and is told of to the next one. Preset: is let go. */
  readonly keepsCallers?: true
  close(): Promise<void>
}

export interface StageCaller {
  /** `number`: the SIP status the call was refused with. */
  readonly state: 'ringing' | 'answered' | 'ended' | number
  hears(): Heard
  /** All at once, by name. */
  hearsAll(): readonly Heard[]
  /** Is on the line until so many seconds more have been heard; no time where there is no sound. */
  listens(seconds: number): Promise<void>
  presses(digit: string): Promise<void>
  hangsUp(): Promise<void>
}

export interface StagePhone {
  readonly state: 'idle' | 'ringing' | 'answered'
  /** How many times it has rung. */
  readonly rings: number
  /** Why the last ringing ended without an answer here. */
  readonly stopped: 'answeredElsewhere' | 'cancelled' | undefined
  answers(): Promise<void>
  /** With 603 or 486. */
  declines(how: 'rejected' | 'busy'): Promise<void>
  hears(): Heard
  /** All at once, by name. */
  hearsAll(): readonly Heard[]
  presses(digit: string): Promise<void>
  hangsUp(): Promise<void>
  /** At once, without a word: its leg dies. */
  dies(): Promise<void>
  /** The same, and then registers as another one, which answers by itself what it is given again. */
  comesBack(): Promise<void>
  unregisters(): Promise<void>
  /** Makes a call; `as`: the number to be shown as. */
  dials(to: string, as?: E164): Promise<StageDial>
}

/** A call that an agent makes. */
export interface StageDial {
  /** `number`: the SIP status the call was refused with. */
  readonly state: 'asked' | 'ringing' | 'answered' | 'ended' | number
  hears(): Heard
  hearsAll(): readonly Heard[]
  /** Also before it is answered. */
  hangsUp(): Promise<void>
}

export interface StageOutside extends Pick<
  StagePhone,
  'state' | 'rings' | 'answers' | 'hears' | 'hearsAll' | 'presses' | 'hangsUp'
> {
  /** The number shown as the caller's while it rings. */
  readonly shown: string | undefined
  /** With 603 or 486. */
  declines(how: 'rejected' | 'busy'): Promise<void>
  /** Can be heard from here on, without having answered: an announcement of the network, or its own ringing tone. */
  announces(): Promise<void>
}

/** What sounds at a party's ear at this moment: a sound, a party, or nothing. */
export type Heard = 'silence' | StageSound | 'speech' | 'caller' | 'anna' | 'ben' | 'outside'
export type StageSound = 'welcome' | 'music' | 'song' | 'fallback'

export const number = '+46122260980' as E164
const unknownNumber = '+46122260989' as E164
const caller = '+46701234567' as E164
export const anna = 'anna' as AgentId
export const ben = 'ben' as AgentId
export const cora = 'cora' as AgentId
export const coraNumber = '+46709000001' as E164
const outsideNumber = '+46855512345' as E164
export const sound = (name: StageSound) => name as MessageId
/** Of every sound of a stage but `song`; music is repeated. */
export const soundSeconds = 0.6
export const songSeconds = 30
/** Nothing rings longer. */
const longestRing = 180

const phones = { phones: [{ agent: cora, number: coraNumber }] }
const show = { group: 'group' as GroupNumberId, number: caller }
const first = 'offer-1' as OfferId
const second = 'offer-2' as OfferId
const third = 'offer-3' as OfferId
const reasons: readonly HangUpReason[] = [
  'closed',
  'blocked',
  'full',
  'noAgents',
  'timeout',
  'agentHungUp',
  'transferred',
  'unknownNumber',
  'served',
  'lost',
]
const playing = 'play-1' as PlayId

/** What every engine must do. The scripted one passes it too, so what is tested with it can be trusted. */
export function behavesAsSwitch(name: string, start: (wanted?: { callLimit?: number }) => Promise<Stage>) {
  describe(name, { timeout: 90_000 }, () => {
    const open: Stage[] = []
    afterEach(async () => {
      for (const stage of open.splice(0)) await stage.close()
    })

    async function raise(wanted?: { callLimit?: number }) {
      const stage = await start(wanted)
      open.push(stage)
      return stage
    }

    /** A service that is attached, has prepared the switch, and keeps what it is told. */
    async function attach(stage: Stage, epoch = 1, changes: Partial<SwitchSetup> = {}) {
      const line = await stage.reach()
      const events: SwitchEvent[] = []
      const losses: string[] = []
      const attached = await line.attach({
        epoch,
        heard: (event) => events.push(event),
        lost: (reason) => losses.push(reason),
      })
      if (!attached.ok) throw new Error(`not attached: ${attached.problem.kind}`)
      expect(await line.prepare({ ...stage.setup, ...changes })).toEqual({ ok: true })
      const all = <Type extends SwitchEvent['type']>(type: Type) =>
        events.filter((event): event is Extract<SwitchEvent, { type: Type }> => event.type === type)
      return {
        line,
        losses,
        holdings: attached.value,
        events,
        all,
        does: (command: Command) => line.perform(command),
        /** The next `count` events of a type, oldest first; waits for them. */
        async told<Type extends SwitchEvent['type']>(type: Type, count = 1) {
          await expect.poll(() => all(type).length, waiting).toBeGreaterThanOrEqual(count)
          return all(type)
        },
      }
    }
    type Service = Awaited<ReturnType<typeof attach>>

    /** A caller who has been answered and hears music. */
    async function waits(stage: Stage, service: Service) {
      const before = service.all('callArrived').length
      const phone = await stage.dialIn({ to: number, from: caller })
      const arrived = (await service.told('callArrived', before + 1)).at(-1)
      if (!arrived) throw new Error('nobody arrived')
      const { call } = arrived
      await service.does({ type: 'answer', call })
      await service.does({ type: 'music', call, messages: [sound('music')] })
      await expect.poll(() => phone.hears(), waiting).toBe('music')
      return { call, phone }
    }

    async function talks(stage: Stage, service: Service, agent: AgentId, offer: OfferId) {
      const { call, phone } = await waits(stage, service)
      const desk = await stage.phone(agent)
      await service.does({ type: 'ring', call, agent, offer, show })
      await expect.poll(() => desk.state, waiting).toBe('ringing')
      await desk.answers()
      await expect.poll(() => service.all('agentAnswered').some((told) => told.offer === offer), waiting).toBe(true)
      await service.does({ type: 'connect', call, agent, offer })
      await expect.poll(() => phone.hears(), waiting).toBe(agent)
      return { call, phone, desk }
    }

    test('tells who attaches what it holds, and then each device that is there', async () => {
      const stage = await raise()
      const earlier = await attach(stage)
      expect(earlier.holdings.calls).toEqual([])
      expect(earlier.holdings.engine).toMatch(/^[a-z]+$/)
      const desk = await stage.phone(anna)
      expect(await earlier.told('deviceChanged')).toMatchObject([{ agent: anna, state: 'ready' }])

      const later = await attach(stage, 2)
      expect(await later.told('deviceChanged')).toMatchObject([{ agent: anna, state: 'ready' }])
      await desk.unregisters()
      expect(await later.told('deviceChanged', 2)).toMatchObject([{ state: 'ready' }, { agent: anna, state: 'gone' }])
    })

    test('refuses a service of an older epoch, and tells the one that is replaced', async () => {
      const stage = await raise()
      const five = await attach(stage, 5)
      const late = await (await stage.reach()).attach({ epoch: 4, heard: () => undefined, lost: () => undefined })
      expect(late).toEqual({ ok: false, problem: { kind: 'staleEpoch' } })
      expect(five.losses).toEqual([])

      const six = await attach(stage, 6)
      await expect.poll(() => five.losses, waiting).toEqual(['replaced'])
      await stage.dialIn({ to: number })
      await six.told('callArrived')
      expect(five.all('callArrived')).toEqual([])
    })

    test('refuses a caller who rings an unknown number', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const phone = await stage.dialIn({ to: unknownNumber, from: caller })
      await expect.poll(() => phone.state, waiting).toBe(404)
      expect(service.all('callArrived')).toEqual([])
    })

    test('lets service numbers be rung, short as they are dialled and in full', async () => {
      const stage = await raise()
      const service = await attach(stage, 1, {
        numbers: [number, outsideNumber],
        serviceNumbers: ['833', outsideNumber],
      })
      await stage.dialIn({ to: '833' as E164, from: coraNumber })
      await service.told('callArrived')
      await stage.dialIn({ to: outsideNumber, from: coraNumber })
      expect(await service.told('callArrived', 2)).toMatchObject([
        { to: '833', from: coraNumber },
        { to: outsideNumber, from: coraNumber },
      ])
      const other = await stage.dialIn({ to: '844' as E164, from: coraNumber })
      await expect.poll(() => other.state, waiting).toBe(404)
      expect((await attach(stage, 2)).holdings.calls).toMatchObject([{ to: '833' }, { to: outsideNumber }])
    })

    test('tells of a caller, answers when told to, once', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const phone = await stage.dialIn({ to: number, from: caller })
      const [arrived] = await service.told('callArrived')
      expect(arrived).toMatchObject({ to: number, from: caller })
      expect(phone.state).toBe('ringing')
      const answer: Command = { type: 'answer', call: arrived!.call }
      expect(await service.does(answer)).toEqual({ ok: true })
      expect(await service.does(answer)).toEqual({ ok: true })
      await expect.poll(() => phone.state, waiting).toBe('answered')
    })

    test('plays a message over the music, and tells once when it has been heard to its end', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone } = await waits(stage, service)
      const play: Command = { type: 'play', call, message: sound('welcome'), as: 'welcome', play: playing }
      await service.does(play)
      await service.does(play)
      await expect.poll(() => phone.hears(), waiting).toBe('welcome')
      stage.passes(soundSeconds)
      expect(await service.told('played')).toMatchObject([{ call, message: 'welcome', play: playing }])
      await expect.poll(() => phone.hears(), waiting).toBe('music')
      await service.does(play)
      stage.passes(soundSeconds)
      await expect.poll(() => phone.hears(), waiting).toBe('music')
      expect(service.all('played')).toHaveLength(1)
    })

    test('goes on with the music when a message is stopped, and does not call it played', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone } = await waits(stage, service)
      await service.does({ type: 'play', call, message: sound('welcome'), as: 'welcome', play: playing })
      await expect.poll(() => phone.hears(), waiting).toBe('welcome')
      await service.does({ type: 'stopPlaying', call })
      await expect.poll(() => phone.hears(), waiting).toBe('music')
      // A later message's end is the proof that the stopped one's was not told before it.
      const next = 'play-2' as PlayId
      await service.does({ type: 'play', call, message: sound('welcome'), as: 'comfort', play: next })
      stage.passes(soundSeconds)
      expect(await service.told('played')).toMatchObject([{ play: next }])
    })

    test('goes on with the music where it was, not from its beginning', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone } = await waits(stage, service)
      await service.does({ type: 'music', call, messages: [sound('music'), sound('song')] })
      stage.passes(soundSeconds)
      await expect.poll(() => phone.hears(), waiting).toBe('song')
      await service.does({ type: 'play', call, message: sound('welcome'), as: 'comfort', play: playing })
      await expect.poll(() => phone.hears(), waiting).toBe('welcome')
      stage.passes(soundSeconds)
      await service.told('played')
      const after: Heard[] = []
      await expect.poll(() => (after.push(phone.hears()), phone.hears()), waiting).toBe('song')
      expect(after).not.toContain('music')
    })

    test('connects an agent who answers: both hear each other', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, desk } = await talks(stage, service, anna, first)
      expect(service.all('agentAnswered')).toEqual([{ type: 'agentAnswered', call, agent: anna, offer: first }])
      await expect.poll(() => desk.hears(), waiting).toBe('caller')
    })

    test('stops the other phones when the first answers, and they know that it was answered', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call } = await waits(stage, service)
      const [annas, bens] = [await stage.phone(anna), await stage.phone(ben)]
      await service.does({ type: 'ring', call, agent: anna, offer: first, show })
      await service.does({ type: 'ring', call, agent: ben, offer: second, show })
      await expect.poll(() => [annas.state, bens.state], waiting).toEqual(['ringing', 'ringing'])
      await annas.answers()
      await service.told('agentAnswered')
      await service.does({ type: 'stopRinging', call, agent: ben, offer: second, why: 'answeredElsewhere' })
      await expect.poll(() => bens.state, waiting).toBe('idle')
      expect(bens.stopped).toBe('answeredElsewhere')
      expect(annas.state).toBe('answered')
      expect(service.all('agentDeclined')).toEqual([])
    })

    test('lets an agent go, and the caller hears music again', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone, desk } = await talks(stage, service, anna, first)
      await service.does({ type: 'hangUpAgent', call, agent: anna, offer: first })
      await expect.poll(() => desk.state, waiting).toBe('idle')
      await expect.poll(() => phone.hears(), waiting).toBe('music')
      expect(service.all('agentHungUp')).toEqual([])
    })

    test('tells when an agent hangs up, and ends the call when told to', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone, desk } = await talks(stage, service, anna, first)
      await desk.hangsUp()
      expect(await service.told('agentHungUp')).toEqual([{ type: 'agentHungUp', call, agent: anna, offer: first }])
      await service.does({ type: 'hangUp', call, why: 'agentHungUp' })
      await expect.poll(() => phone.state, waiting).toBe('ended')
      expect(service.all('callerHungUp')).toEqual([])
    })

    test("tells when the caller hangs up, and ends the agent's leg", async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone, desk } = await talks(stage, service, anna, first)
      await phone.hangsUp()
      expect(await service.told('callerHungUp')).toEqual([{ type: 'callerHungUp', call }])
      await service.does({ type: 'hangUpAgent', call, agent: anna, offer: first })
      await expect.poll(() => desk.state, waiting).toBe('idle')
      expect(service.all('agentHungUp')).toEqual([])
    })

    test.each<[StopRingingReason, 'answeredElsewhere' | 'cancelled']>([
      ['answeredElsewhere', 'answeredElsewhere'],
      ['noAnswer', 'cancelled'],
      ['callerGone', 'cancelled'],
      ['withdrawn', 'cancelled'],
    ])('stops ringing, %s, and no declining is told', async (why, stopped) => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone } = await waits(stage, service)
      const desk = await stage.phone(anna)
      await service.does({ type: 'ring', call, agent: anna, offer: first, show })
      await expect.poll(() => desk.state, waiting).toBe('ringing')
      expect(await service.does({ type: 'stopRinging', call, agent: anna, offer: first, why })).toEqual({ ok: true })
      await expect.poll(() => desk.state, waiting).toBe('idle')
      await expect.poll(() => desk.stopped, waiting).toBe(stopped)
      await expect.poll(() => phone.hears(), waiting).toBe('music')
      // The next answer is the proof that nothing was told of the first ring.
      await service.does({ type: 'ring', call, agent: anna, offer: second, show })
      await expect.poll(() => desk.state, waiting).toBe('ringing')
      await desk.answers()
      await service.told('agentAnswered')
      expect(service.all('agentDeclined')).toEqual([])
    })

    test('rings nobody longer than three minutes', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call } = await waits(stage, service)
      const desk = await stage.phone(anna)
      await service.does({ type: 'ring', call, agent: anna, offer: first, show })
      await expect.poll(() => desk.state, waiting).toBe('ringing')
      stage.passes(longestRing)
      expect(await service.told('agentDeclined')).toEqual([
        { type: 'agentDeclined', call, agent: anna, offer: first, cause: 'noAnswer' },
      ])
      await expect.poll(() => desk.state, waiting).toBe('idle')
    })

    test("tells when an agent's leg dies, and the caller hears music again", async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone, desk } = await talks(stage, service, anna, first)
      await desk.dies()
      expect(await service.told('agentLost')).toEqual([{ type: 'agentLost', call, agent: anna, offer: first }])
      await expect.poll(() => phone.hears(), waiting).toBe('music')
      expect(service.all('agentHungUp')).toEqual([])
    })

    test('[W23] an agent whose softphone comes back as another one has the caller again, and nobody is told of a loss', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone, desk } = await talks(stage, service, anna, first)
      await desk.comesBack()
      await expect.poll(() => desk.hears(), waiting).toBe('caller')
      await expect.poll(() => phone.hears(), waiting).toBe('anna')
      await service.line.detach()
      await desk.comesBack()
      const next = await attach(stage, 2)
      expect(next.holdings.calls).toMatchObject([{ call, hears: { kind: 'agent', agent: anna }, offers: [] }])
      await expect.poll(() => desk.hears(), waiting).toBe('caller')
      await expect.poll(() => phone.hears(), waiting).toBe('anna')
      await next.does({ type: 'hangUpAgent', call, agent: anna, offer: first })
      await expect.poll(() => desk.state, waiting).toBe('idle')
      await expect.poll(() => phone.hears(), waiting).toBe('music')
      for (const { all } of [service, next])
        expect([...all('agentLost'), ...all('agentHungUp'), ...all('agentDeclined')]).toEqual([])
      expect(service.all('agentAnswered')).toHaveLength(1)
    })

    test('tells when a caller gives up before the answer', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const phone = await stage.dialIn({ to: number, from: caller })
      const [arrived] = await service.told('callArrived')
      await phone.hangsUp()
      expect(await service.told('callerHungUp')).toEqual([{ type: 'callerHungUp', call: arrived!.call }])
      expect((await attach(stage, 2)).holdings.calls).toEqual([])
    })

    test('lets a caller go, answered or not, whatever the reason, once, and calls it no hang-up of theirs', async () => {
      const stage = await raise()
      const service = await attach(stage)
      for (const why of reasons) {
        const phone = await stage.dialIn({ to: number, from: caller })
        await expect.poll(() => service.all('callArrived').length, waiting).toBe(reasons.indexOf(why) + 1)
        const { call } = service.all('callArrived').at(-1)!
        const hangUp: Command = { type: 'hangUp', call, why }
        expect(await service.does(hangUp)).toEqual({ ok: true })
        expect(await service.does(hangUp)).toEqual({ ok: true })
        await expect.poll(() => phone.state, waiting).not.toBe('ringing')
        expect(phone.state).not.toBe('answered')
      }
      const { call, phone, desk } = await talks(stage, service, anna, first)
      await service.does({ type: 'hangUp', call, why: 'lost' })
      await expect.poll(() => [phone.state, desk.state], waiting).toEqual(['ended', 'idle'])
      expect(service.all('callerHungUp')).toEqual([])
      expect(service.all('agentHungUp')).toEqual([])
    })

    test('stops ringing when the caller has gone, and the phone knows that nobody answered', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone } = await waits(stage, service)
      const desk = await stage.phone(anna)
      await service.does({ type: 'ring', call, agent: anna, offer: first, show })
      await expect.poll(() => desk.state, waiting).toBe('ringing')
      await phone.hangsUp()
      await service.told('callerHungUp')
      await service.does({ type: 'stopRinging', call, agent: anna, offer: first, why: 'callerGone' })
      await expect.poll(() => desk.state, waiting).toBe('idle')
      expect(desk.stopped).toBe('cancelled')
    })

    test.each(['rejected', 'busy'] as const)('tells when an agent declines: %s', async (cause) => {
      const stage = await raise()
      const service = await attach(stage)
      const { call } = await waits(stage, service)
      const desk = await stage.phone(anna)
      await service.does({ type: 'ring', call, agent: anna, offer: first, show })
      await expect.poll(() => desk.state, waiting).toBe('ringing')
      await desk.declines(cause)
      expect(await service.told('agentDeclined')).toEqual([
        { type: 'agentDeclined', call, agent: anna, offer: first, cause },
      ])
    })

    test('cannot reach an agent whose phone is not registered', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call } = await waits(stage, service)
      await service.does({ type: 'ring', call, agent: ben, offer: first, show })
      expect(await service.told('agentDeclined')).toEqual([
        { type: 'agentDeclined', call, agent: ben, offer: first, cause: 'unreachable' },
      ])
    })

    test("tells the caller's and the agent's digits", async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone, desk } = await talks(stage, service, anna, first)
      await phone.presses('1')
      expect(await service.told('digitPressed')).toEqual([{ type: 'digitPressed', call, digit: '1' }])
      await desk.presses('#')
      expect(await service.told('agentDigit')).toEqual([
        { type: 'agentDigit', call, agent: anna, offer: first, digit: '#' },
      ])
    })

    test('rings once for an offer, however often it is told to, and anew for a new offer', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call } = await waits(stage, service)
      const desk = await stage.phone(anna)
      const ring: Command = { type: 'ring', call, agent: anna, offer: first, show }
      expect(await service.does(ring)).toEqual({ ok: true })
      expect(await service.does(ring)).toEqual({ ok: true })
      await expect.poll(() => desk.state, waiting).toBe('ringing')
      await service.does({ type: 'stopRinging', call, agent: anna, offer: first, why: 'noAnswer' })
      await service.does(ring)
      await service.does({ type: 'ring', call, agent: anna, offer: second, show })
      await expect.poll(() => desk.rings, waiting).toBe(2)
      await expect.poll(() => desk.state, waiting).toBe('ringing')
      await desk.answers()
      expect(await service.told('agentAnswered')).toMatchObject([{ offer: second }])
      expect(desk.rings).toBe(2)
    })

    test('answers a command about what is gone with `unknown`', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone } = await waits(stage, service)
      const unknown = { ok: false, problem: { kind: 'unknown' } }
      expect(await service.does({ type: 'answer', call: 'nobody' as CallId })).toMatchObject(unknown)
      expect(await service.does({ type: 'connect', call, agent: anna, offer: first })).toMatchObject(unknown)
      const stop: Command = { type: 'stopRinging', call, agent: anna, offer: first, why: 'withdrawn' }
      expect(await service.does(stop)).toMatchObject(unknown)
      const play: Command = { type: 'play', call, message: 'nothing' as MessageId, as: 'menu', play: playing }
      expect(await service.does(play)).toMatchObject(unknown)
      await phone.hangsUp()
      await service.told('callerHungUp')
      expect(await service.does({ type: 'hangUp', call, why: 'timeout' })).toMatchObject(unknown)
    })

    test('rings an agent on an ordinary phone over the trunk, as one whose phone is always there', async () => {
      const stage = await raise()
      const service = await attach(stage, 1, phones)
      expect(await service.told('deviceChanged')).toEqual([{ type: 'deviceChanged', agent: cora, state: 'ready' }])
      const { call, phone } = await waits(stage, service)
      const desk = await stage.outside(coraNumber)
      await service.does({ type: 'ring', call, agent: cora, offer: first, show })
      await expect.poll(() => desk.state, waiting).toBe('ringing')
      expect(desk.shown).toBe(caller)
      await desk.answers()
      expect(await service.told('agentAnswered')).toEqual([{ type: 'agentAnswered', call, agent: cora, offer: first }])
      await expect.poll(() => phone.hears(), waiting).toBe('music')
      await desk.presses('1')
      expect(await service.told('agentDigit')).toEqual([
        { type: 'agentDigit', call, agent: cora, offer: first, digit: '1' },
      ])
      await service.does({ type: 'connect', call, agent: cora, offer: first })
      await expect.poll(() => phone.hears(), waiting).toBe('outside')
      await expect.poll(() => desk.hears(), waiting).toBe('caller')
      await desk.hangsUp()
      expect(await service.told('agentHungUp')).toEqual([{ type: 'agentHungUp', call, agent: cora, offer: first }])
      await expect.poll(() => phone.hears(), waiting).toBe('music')

      const later = await attach(stage, 2, phones)
      expect(await later.told('deviceChanged')).toEqual([{ type: 'deviceChanged', agent: cora, state: 'ready' }])
      await later.line.prepare({
        ...stage.setup,
        ...phones,
        trunks: stage.setup.trunks.filter(({ outbound }) => !outbound),
      })
      expect(await later.told('deviceChanged', 2)).toContainEqual({ type: 'deviceChanged', agent: cora, state: 'gone' })
    })

    test.each(['rejected', 'busy'] as const)('tells when an ordinary phone declines: %s', async (cause) => {
      const stage = await raise()
      const service = await attach(stage, 1, phones)
      const { call } = await waits(stage, service)
      const desk = await stage.outside(coraNumber)
      await service.does({ type: 'ring', call, agent: cora, offer: first, show })
      await expect.poll(() => desk.state, waiting).toBe('ringing')
      await desk.declines(cause)
      expect(await service.told('agentDeclined')).toEqual([
        { type: 'agentDeclined', call, agent: cora, offer: first, cause },
      ])
    })

    test('stops an ordinary phone that rings', async () => {
      const stage = await raise()
      const service = await attach(stage, 1, phones)
      const { call } = await waits(stage, service)
      const desk = await stage.outside(coraNumber)
      await service.does({ type: 'ring', call, agent: cora, offer: first, show })
      await expect.poll(() => desk.state, waiting).toBe('ringing')
      await service.does({ type: 'stopRinging', call, agent: cora, offer: first, why: 'noAnswer' })
      await expect.poll(() => desk.state, waiting).toBe('idle')
      expect(service.all('agentDeclined')).toEqual([])
    })

    const two = { say: 'number', number: 2 } as const

    test('says its parts one after the other, tells once that they were said, and goes on with the music', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone } = await waits(stage, service)
      const say: Command = { type: 'say', call, parts: [two, two], play: playing }
      expect(await service.does(say)).toEqual({ ok: true })
      expect(await service.does(say)).toEqual({ ok: true })
      await expect.poll(() => phone.hears(), waiting).toBe('speech')
      stage.passes(2 * soundSeconds)
      expect(await service.told('played')).toEqual([{ type: 'played', call, play: playing }])
      await expect.poll(() => phone.hears(), waiting).toBe('music')
    })

    test.each<[string, (at: Awaited<ReturnType<typeof speaks>>) => Promise<unknown>, Heard]>([
      ['it is stopped', ({ service, call }) => service.does({ type: 'stopPlaying', call }), 'music'],
      ['the caller presses a key', ({ phone }) => phone.presses('5'), 'music'],
      [
        'an agent is connected',
        async ({ stage, service, call }) => {
          const desk = await stage.phone(anna)
          await service.does({ type: 'ring', call, agent: anna, offer: first, show })
          await expect.poll(() => desk.state, waiting).toBe('ringing')
          await desk.answers()
          await service.told('agentAnswered')
          await service.does({ type: 'connect', call, agent: anna, offer: first })
        },
        'anna',
      ],
    ])('ends what it says when %s, and does not call it said', async (_, ends, heard) => {
      const stage = await raise()
      const at = await speaks(stage, await attach(stage))
      await ends(at)
      await expect.poll(() => at.phone.hears(), waiting).toBe(heard)
      expect(at.service.all('played')).toEqual([])
    })

    /** A caller who hears a long number. */
    async function speaks(stage: Stage, service: Service) {
      const { call, phone } = await waits(stage, service)
      await service.does({ type: 'say', call, parts: Array.from({ length: 90 }, () => two), play: playing })
      await expect.poll(() => phone.hears(), waiting).toBe('speech')
      return { stage, service, call, phone }
    }

    test('says to an agent what the caller does not hear', async () => {
      const stage = await raise()
      const service = await attach(stage, 1, phones)
      const { call, phone } = await waits(stage, service)
      const desk = await stage.outside(coraNumber)
      const say: Command = { type: 'say', call, agent: cora, parts: [two], play: playing }
      expect(await service.does(say)).toMatchObject({ ok: false, problem: { kind: 'unknown' } })
      await service.does({ type: 'ring', call, agent: cora, offer: first, show })
      await expect.poll(() => desk.state, waiting).toBe('ringing')
      await desk.answers()
      await service.told('agentAnswered')
      await service.does({ type: 'say', call, agent: cora, parts: Array.from({ length: 90 }, () => two) })
      await expect.poll(() => desk.hears(), waiting).toBe('speech')
      await expect.poll(() => phone.hears(), waiting).toBe('music')
      await service.does(say)
      stage.passes(soundSeconds)
      expect(await service.told('played')).toEqual([{ type: 'played', call, play: playing }])
    })

    test('says that it cannot, where nothing of what is to be said can be', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call } = await waits(stage, service)
      const nothing = [{ say: 'message', message: 'nothing' as MessageId }] as const
      expect(await service.does({ type: 'say', call, parts: nothing, play: playing })).toEqual({
        ok: false,
        problem: { kind: 'unsupported', command: 'say' },
      })
    })

    test.each<[string, (at: Awaited<ReturnType<typeof records>>) => Promise<unknown>]>([
      ['a #', ({ phone }) => phone.presses('#')],
      ['a command', ({ service, call }) => service.does({ type: 'stopPlaying', call })],
      ['a hang-up', ({ phone }) => phone.hangsUp()],
    ])('records the caller until %s', async (_, ends) => {
      const stage = await raise()
      const at = await records(stage, await attach(stage))
      await ends(at)
      const [recorded] = await at.service.told('recorded')
      expect(recorded).toMatchObject({ call: at.call })
      expect(recorded?.file).toMatch(/^[\w-]+\.wav$/)
      expect(recorded?.seconds).toBeGreaterThan(0)
      expect(stage.recordingOf(recorded?.file ?? '')).toEqual(['caller'])
      expect(at.service.all('digitPressed')).toEqual([])
    })

    test('tells of a recording before it tells that its caller has hung up', async () => {
      const stage = await raise()
      const { service, phone } = await records(stage, await attach(stage))
      await phone.hangsUp()
      await service.told('callerHungUp')
      expect(service.events.slice(-2).map(({ type }) => type)).toEqual(['recorded', 'callerHungUp'])
    })

    test('ends a recording that is as long as it may be, and the caller hears music again', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone } = await waits(stage, service)
      await service.does({ type: 'record', call, maxSeconds: 1 })
      stage.passes(1)
      const [recorded] = await service.told('recorded')
      expect(recorded?.seconds).toBe(1)
      await expect.poll(() => phone.hears(), waiting).toBe('music')
    })

    /** A caller who has said something to be recorded. */
    async function records(stage: Stage, service: Service) {
      const { call, phone } = await waits(stage, service)
      expect(await service.does({ type: 'record', call, maxSeconds: 60 })).toEqual({ ok: true })
      stage.passes(2)
      // The beep, and something said after it.
      await phone.listens(1)
      await expect.poll(() => phone.hears(), waiting).toBe('silence')
      return { service, call, phone }
    }

    test('takes the caller from an agent to leave a message', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone, desk } = await talks(stage, service, anna, first)
      await service.does({ type: 'takeMessage', call })
      await expect.poll(() => desk.state, waiting).toBe('idle')
      await expect.poll(() => phone.hears(), waiting).toBe('silence')
      expect(service.all('agentHungUp')).toEqual([])
      expect(await service.does({ type: 'record', call, maxSeconds: 60 })).toEqual({ ok: true })
    })

    test('takes the caller from who is rung and from a number outside to leave a message', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone } = await waits(stage, service)
      const desk = await stage.phone(anna)
      const other = await stage.outside(outsideNumber)
      await service.does({ type: 'ring', call, agent: anna, offer: first, show })
      await expect.poll(() => desk.state, waiting).toBe('ringing')
      await service.does({ type: 'takeMessage', call })
      await expect.poll(() => desk.state, waiting).toBe('idle')
      await service.does({ type: 'forward', call, to: outsideNumber })
      await expect.poll(() => other.state, waiting).toBe('ringing')
      await other.answers()
      await expect.poll(() => phone.hears(), waiting).toBe('outside')
      await service.does({ type: 'takeMessage', call })
      await expect.poll(() => other.state, waiting).toBe('idle')
      await expect.poll(() => phone.hears(), waiting).toBe('silence')
      expect(service.all('agentDeclined')).toEqual([])
      expect(service.all('forwarded').map(({ result }) => result)).toEqual(['answered'])
    })

    test.each([
      ['a number', outsideNumber],
      ['112', '112' as E164],
    ])('forwards a caller over the trunk to %s, and tells how it went', async (_, to) => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone } = await waits(stage, service)
      const other = await stage.outside(to)
      await service.does({ type: 'forward', call, to })
      await expect.poll(() => other.state, waiting).toBe('ringing')
      await other.answers()
      expect(await service.told('forwarded')).toEqual([{ type: 'forwarded', call, result: 'answered' }])
      await expect.poll(() => phone.hears(), waiting).toBe('outside')
      await expect.poll(() => other.hears(), waiting).toBe('caller')
      await other.hangsUp()
      expect((await service.told('forwarded', 2)).at(-1)).toEqual({ type: 'forwarded', call, result: 'ended' })
      await expect.poll(() => phone.hears(), waiting).toBe('music')
    })

    test.each<[string, (at: { other: StageOutside; stage: Stage }) => unknown, string]>([
      ['is busy', ({ other }) => other.declines('busy'), 'busy'],
      ['refuses', ({ other }) => other.declines('rejected'), 'failed'],
      [
        'does not answer',
        ({ stage }) => {
          stage.passes(longestRing)
        },
        'noAnswer',
      ],
    ])('tells when a number outside %s, and the caller hears music', async (_, does, result) => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone } = await waits(stage, service)
      const other = await stage.outside(outsideNumber)
      await service.does({ type: 'forward', call, to: outsideNumber })
      await expect.poll(() => other.state, waiting).toBe('ringing')
      await does({ other, stage })
      expect(await service.told('forwarded')).toEqual([{ type: 'forwarded', call, result }])
      await expect.poll(() => other.state, waiting).toBe('idle')
      await expect.poll(() => phone.hears(), waiting).toBe('music')
    })

    test('ends the call to a number outside when the caller hangs up', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone } = await waits(stage, service)
      const other = await stage.outside(outsideNumber)
      await service.does({ type: 'forward', call, to: outsideNumber })
      await expect.poll(() => other.state, waiting).toBe('ringing')
      await other.answers()
      await expect.poll(() => phone.hears(), waiting).toBe('outside')
      await phone.hangsUp()
      await service.told('callerHungUp')
      await expect.poll(() => other.state, waiting).toBe('idle')
      expect(service.all('forwarded').map(({ result }) => result)).toEqual(['answered'])
    })

    test('has no way outside without a trunk', async () => {
      const stage = await raise()
      const service = await attach(stage, 1, { trunks: stage.setup.trunks.filter(({ outbound }) => !outbound) })
      const { call, phone } = await waits(stage, service)
      expect(await service.does({ type: 'forward', call, to: outsideNumber })).toMatchObject({ ok: false })
      await expect.poll(() => phone.hears(), waiting).toBe('music')
    })

    /** The agent talks to a third party, and the caller hears music. */
    async function consults(stage: Stage, service: Service) {
      const { call, phone, desk } = await talks(stage, service, anna, first)
      const other = await stage.outside(outsideNumber)
      const consult: Command = { type: 'consult', call, agent: anna, to: { number: outsideNumber } }
      expect(await service.does(consult)).toEqual({ ok: true })
      expect(await service.does(consult)).toEqual({ ok: true })
      await expect.poll(() => other.state, waiting).toBe('ringing')
      await expect.poll(() => phone.hears(), waiting).toBe('music')
      await other.answers()
      expect(await service.told('forwarded')).toEqual([{ type: 'forwarded', call, result: 'answered' }])
      await expect.poll(() => other.hears(), waiting).toBe('anna')
      await expect.poll(() => desk.hears(), waiting).toBe('outside')
      await expect.poll(() => phone.hears(), waiting).toBe('music')
      return { call, phone, desk, other }
    }

    test('puts the caller together with a number outside that the agent has spoken with', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone, desk, other } = await consults(stage, service)
      const next = await attach(stage, 2)
      expect(next.holdings.calls).toMatchObject([
        {
          call,
          hears: { kind: 'music' },
          consulting: { agent: anna, offer: first, to: { number: outsideNumber }, answered: true },
          offers: [],
        },
      ])
      await next.does({ type: 'completeTransfer', call })
      await expect.poll(() => desk.state, waiting).toBe('idle')
      await expect.poll(() => phone.hears(), waiting).toBe('outside')
      await expect.poll(() => other.hears(), waiting).toBe('caller')
      expect(next.all('agentHungUp')).toEqual([])
      const last = await attach(stage, 3)
      expect(last.holdings.calls).toMatchObject([{ hears: { kind: 'forwarded' } }])
      await other.hangsUp()
      expect(await last.told('forwarded')).toEqual([{ type: 'forwarded', call, result: 'ended' }])
    })

    test.each<[string, (at: Awaited<ReturnType<typeof consults>> & { service: Service }) => Promise<unknown>]>([
      ['the transfer is cancelled', ({ service, call }) => service.does({ type: 'cancelTransfer', call })],
      ['the third party hangs up', ({ other }) => other.hangsUp()],
    ])('gives the caller back to the agent when %s', async (_, back) => {
      const stage = await raise()
      const service = await attach(stage)
      const at = await consults(stage, service)
      await back({ ...at, service })
      await expect.poll(() => at.phone.hears(), waiting).toBe('anna')
      await expect.poll(() => at.desk.hears(), waiting).toBe('caller')
      await expect.poll(() => at.other.state, waiting).toBe('idle')
      expect(service.all('agentHungUp')).toEqual([])
    })

    test('gives the caller back to the agent when the third party does not answer', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone } = await talks(stage, service, anna, first)
      const other = await stage.outside(outsideNumber)
      await service.does({ type: 'consult', call, agent: anna, to: { number: outsideNumber } })
      await expect.poll(() => other.state, waiting).toBe('ringing')
      await other.declines('busy')
      expect(await service.told('forwarded')).toEqual([{ type: 'forwarded', call, result: 'busy' }])
      await expect.poll(() => phone.hears(), waiting).toBe('anna')
    })

    test('puts the caller together with another agent who has been spoken with, as if that one had been rung', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone, desk } = await talks(stage, service, anna, first)
      const bens = await stage.phone(ben)
      await service.does({ type: 'consult', call, agent: anna, to: { agent: ben }, offer: second, show })
      await expect.poll(() => bens.state, waiting).toBe('ringing')
      await bens.answers()
      await expect.poll(() => service.all('agentAnswered').at(-1), waiting).toMatchObject({ agent: ben, offer: second })
      await expect.poll(() => bens.hears(), waiting).toBe('anna')
      await service.does({ type: 'completeTransfer', call })
      await expect.poll(() => phone.hears(), waiting).toBe('ben')
      await expect.poll(() => bens.hears(), waiting).toBe('caller')
      await expect.poll(() => desk.state, waiting).toBe('idle')
      expect(service.all('agentHungUp')).toEqual([])
      await bens.hangsUp()
      expect(await service.told('agentHungUp')).toEqual([{ type: 'agentHungUp', call, agent: ben, offer: second }])
    })

    test('ends the third party too when the caller hangs up', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { phone, desk, other } = await consults(stage, service)
      await phone.hangsUp()
      await service.told('callerHungUp')
      await expect.poll(() => other.state, waiting).toBe('idle')
      await expect.poll(() => desk.state, waiting).toBe('idle')
    })

    test('transfers also when the agent who has spoken with the third party hangs up first', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone, desk } = await consults(stage, service)
      await desk.hangsUp()
      await service.told('agentHungUp')
      await expect.poll(() => phone.hears(), waiting).toBe('music')
      await service.does({ type: 'completeTransfer', call })
      await expect.poll(() => phone.hears(), waiting).toBe('outside')
    })

    /** The caller, the agent and a number outside: each hears the two others. */
    async function three(stage: Stage, service: Service) {
      const at = await consults(stage, service)
      const { call, phone, desk, other } = at
      const join: Command = { type: 'threeWay', call }
      expect(await service.does(join)).toEqual({ ok: true })
      expect(await service.does(join)).toEqual({ ok: true })
      await expect.poll(() => phone.hearsAll(), waiting).toEqual(['anna', 'outside'])
      await expect.poll(() => desk.hearsAll(), waiting).toEqual(['caller', 'outside'])
      await expect.poll(() => other.hearsAll(), waiting).toEqual(['anna', 'caller'])
      return at
    }

    test('[R114] puts all three together, and the next service finds them so', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone, desk, other } = await three(stage, service)
      await service.line.detach()
      await expect.poll(() => phone.hearsAll(), waiting).toEqual(['anna', 'outside'])
      const next = await attach(stage, 2)
      const consulting = { agent: anna, offer: first, to: { number: outsideNumber }, answered: true, threeWay: 'all' }
      expect(next.holdings.calls).toMatchObject([
        { call, answered: true, hears: { kind: 'agent', agent: anna }, consulting, offers: [] },
      ])
      await expect.poll(() => phone.hearsAll(), waiting).toEqual(['anna', 'outside'])
      await expect.poll(() => desk.hearsAll(), waiting).toEqual(['caller', 'outside'])
      await expect.poll(() => other.hearsAll(), waiting).toEqual(['anna', 'caller'])
      await next.does({ type: 'hangUp', call, why: 'agentHungUp' })
      for (const party of [desk, other]) await expect.poll(() => party.state, waiting).toBe('idle')
      await expect.poll(() => phone.state, waiting).toBe('ended')
    })

    test('[R115] of three the agent goes: the caller and the third party go on, also with nobody to tell them to', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone, desk, other } = await three(stage, service)
      await desk.hangsUp()
      expect(await service.told('agentHungUp')).toEqual([{ type: 'agentHungUp', call, agent: anna, offer: first }])
      await expect.poll(() => phone.hearsAll(), waiting).toEqual(['outside'])
      await expect.poll(() => other.hearsAll(), waiting).toEqual(['caller'])
      const next = await attach(stage, 2)
      expect(next.holdings.calls).toMatchObject([{ call, hears: { kind: 'forwarded' }, offers: [] }])
      expect(next.holdings.calls[0]).not.toHaveProperty('consulting')
      await other.hangsUp()
      expect(await next.told('forwarded')).toEqual([{ type: 'forwarded', call, result: 'ended' }])
    })

    test.each<[string, (at: Awaited<ReturnType<typeof three>> & { service: Service }) => Promise<unknown>]>([
      ['the third party goes', ({ other }) => other.hangsUp()],
      ['the third party is let go', ({ service, call }) => service.does({ type: 'cancelTransfer', call })],
    ])('[R115] of three %s: the caller and the agent go on', async (_, goes) => {
      const stage = await raise()
      const service = await attach(stage)
      const at = await three(stage, service)
      await goes({ ...at, service })
      await expect.poll(() => at.phone.hearsAll(), waiting).toEqual(['anna'])
      await expect.poll(() => at.desk.hearsAll(), waiting).toEqual(['caller'])
      await expect.poll(() => at.other.state, waiting).toBe('idle')
    })

    test('[R116] of three the caller goes: the agent and the third party go on until one of them goes', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone, desk, other } = await three(stage, service)
      await phone.hangsUp()
      expect(await service.told('callerHungUp')).toEqual([{ type: 'callerHungUp', call }])
      await expect.poll(() => desk.hearsAll(), waiting).toEqual(['outside'])
      await expect.poll(() => other.hearsAll(), waiting).toEqual(['anna'])
      const next = await attach(stage, 2)
      expect(next.holdings.calls).toMatchObject([
        { call, answered: false, hears: { kind: 'nothing' }, consulting: { threeWay: 'callerLeft' }, offers: [] },
      ])
      await expect.poll(() => desk.hearsAll(), waiting).toEqual(['outside'])
      await other.hangsUp()
      await expect.poll(() => desk.state, waiting).toBe('idle')
      expect(await next.told('forwarded')).toEqual([{ type: 'forwarded', call, result: 'ended' }])
      // It is over already.
      expect(await next.does({ type: 'hangUp', call, why: 'agentHungUp' })).toEqual({ ok: true })
      expect((await attach(stage, 3)).holdings.calls).toEqual([])
    })

    test('[R116] of three the caller goes while no service is there: the next one finds the two others', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone, desk, other } = await three(stage, service)
      await service.line.detach()
      await phone.hangsUp()
      await expect.poll(() => desk.hearsAll(), waiting).toEqual(['outside'])
      const next = await attach(stage, 2)
      expect(next.holdings.calls).toMatchObject([{ call, answered: false, consulting: { threeWay: 'callerLeft' } }])
      await expect.poll(() => desk.hearsAll(), waiting).toEqual(['outside'])
      await expect.poll(() => other.hearsAll(), waiting).toEqual(['anna'])
      await desk.hangsUp()
      await expect.poll(() => other.state, waiting).toBe('idle')
    })

    test('[R114] [R115] puts a colleague in too; when the leg of the agent dies, the colleague has the caller', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone, desk } = await talks(stage, service, anna, first)
      const bens = await stage.phone(ben)
      await service.does({ type: 'consult', call, agent: anna, to: { agent: ben }, offer: second, show })
      await expect.poll(() => bens.state, waiting).toBe('ringing')
      expect(await service.does({ type: 'threeWay', call })).toMatchObject({ ok: false })
      await bens.answers()
      await expect.poll(() => bens.hears(), waiting).toBe('anna')
      await service.does({ type: 'threeWay', call })
      await expect.poll(() => bens.hearsAll(), waiting).toEqual(['anna', 'caller'])
      await expect.poll(() => phone.hearsAll(), waiting).toEqual(['anna', 'ben'])
      await desk.dies()
      expect(await service.told('agentLost')).toMatchObject([{ call, agent: anna }])
      await expect.poll(() => phone.hearsAll(), waiting).toEqual(['ben'])
      await expect.poll(() => bens.hearsAll(), waiting).toEqual(['caller'])
      const next = await attach(stage, 2)
      expect(next.holdings.calls).toMatchObject([{ call, hears: { kind: 'agent', agent: ben }, offers: [] }])
    })

    test('has nobody to put together without a consultation', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone } = await talks(stage, service, anna, first)
      expect(await service.does({ type: 'threeWay', call })).toMatchObject({ ok: false, problem: { kind: 'unknown' } })
      await expect.poll(() => phone.hears(), waiting).toBe('anna')
    })

    /** A caller who has asked to be rung back and is off the line, and an agent who is there for them. */
    async function awaits(stage: Stage, service: Service) {
      const { call, phone: left } = await waits(stage, service)
      await service.does({ type: 'hangUp', call, why: 'served' })
      await expect.poll(() => left.state, waiting).toBe('ended')
      const desk = await stage.phone(anna)
      const shown = { ...show, number: outsideNumber }
      const ring: Command = { type: 'ring', call, agent: anna, offer: first, show: shown, callback: true }
      expect(await service.does(ring)).toEqual({ ok: true })
      await expect.poll(() => desk.state, waiting).toBe('ringing')
      await desk.answers()
      await service.told('agentAnswered')
      return { call, desk, ring }
    }

    test('rings a caller back when an agent is there, and puts them together', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, desk, ring } = await awaits(stage, service)
      const phone = await stage.outside(outsideNumber, 'caller')
      const out: Command = { type: 'callOut', call, to: outsideNumber, show: { ...show, number } }
      await service.does(out)
      await service.does(out)
      await expect.poll(() => phone.state, waiting).toBe('ringing')
      expect(phone.shown).toBe(number)
      const next = await attach(stage, 2)
      expect(next.holdings.calls).toMatchObject([
        { call, to: outsideNumber, callback: true, answered: false, offers: [{ agent: anna, answered: true }] },
      ])
      await phone.answers()
      expect(await next.told('callbackAnswered')).toEqual([{ type: 'callbackAnswered', call }])
      expect(phone.rings).toBe(1)
      await next.does({ type: 'connect', call, agent: anna, offer: first })
      await expect.poll(() => phone.hears(), waiting).toBe('anna')
      await expect.poll(() => desk.hears(), waiting).toBe('caller')
      await phone.presses('7')
      expect(await next.told('digitPressed')).toEqual([{ type: 'digitPressed', call, digit: '7' }])
      await phone.hangsUp()
      expect(await next.told('callerHungUp')).toEqual([{ type: 'callerHungUp', call }])
      await expect.poll(() => desk.state, waiting).toBe('idle')
      await next.does(ring)
      expect(desk.rings).toBe(1)
      expect((await attach(stage, 3)).holdings.calls).toEqual([])
    })

    test('tells when a caller cannot be rung back, and tries again with the next agent', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, desk, ring } = await awaits(stage, service)
      const phone = await stage.outside(outsideNumber, 'caller')
      const out: Command = { type: 'callOut', call, to: outsideNumber, show }
      await service.does(out)
      await expect.poll(() => phone.state, waiting).toBe('ringing')
      await phone.declines('busy')
      expect(await service.told('callbackFailed')).toEqual([{ type: 'callbackFailed', call, cause: 'busy' }])
      expect(desk.state).toBe('answered')
      await service.does({ type: 'hangUpAgent', call, agent: anna, offer: first })
      await expect.poll(() => desk.state, waiting).toBe('idle')
      expect((await attach(stage, 2)).holdings.calls).toEqual([])

      const next = await attach(stage, 3, { trunks: stage.setup.trunks.filter(({ outbound }) => !outbound) })
      expect(await next.does(out)).toMatchObject({ ok: false, problem: { kind: 'unknown' } })
      await next.does({ ...ring, offer: second })
      await expect.poll(() => desk.rings, waiting).toBe(2)
      await next.does(out)
      expect(await next.told('callbackFailed')).toEqual([{ type: 'callbackFailed', call, cause: 'noTrunk' }])
    })

    test('tells when a caller who is rung back does not answer', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, desk } = await awaits(stage, service)
      const phone = await stage.outside(outsideNumber, 'caller')
      await service.does({ type: 'callOut', call, to: outsideNumber, show })
      await expect.poll(() => phone.state, waiting).toBe('ringing')
      stage.passes(longestRing)
      expect(await service.told('callbackFailed')).toEqual([{ type: 'callbackFailed', call, cause: 'noAnswer' }])
      await expect.poll(() => phone.state, waiting).toBe('idle')
      expect(desk.state).toBe('answered')
    })

    test('lets a supervisor listen, whisper to the agent alone, and speak to both', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone, desk } = await talks(stage, service, anna, first)
      const bens = await stage.phone(ben)
      const monitor = (mode: 'listen' | 'whisper' | 'barge' | 'off') =>
        service.does({ type: 'monitor', call, by: ben, mode })
      await monitor('listen')
      await expect.poll(() => bens.state, waiting).toBe('ringing')
      await bens.answers()
      await expect.poll(() => bens.hearsAll(), waiting).toEqual(['anna', 'caller'])
      await expect.poll(() => desk.hearsAll(), waiting).toEqual(['caller'])
      await expect.poll(() => phone.hears(), waiting).toBe('anna')
      await monitor('whisper')
      await expect.poll(() => desk.hearsAll(), waiting).toEqual(['ben', 'caller'])
      await expect.poll(() => phone.hears(), waiting).toBe('anna')
      await monitor('barge')
      await expect.poll(() => phone.hearsAll(), waiting).toEqual(['anna', 'ben'])
      await monitor('off')
      await expect.poll(() => bens.state, waiting).toBe('idle')
      await expect.poll(() => phone.hearsAll(), waiting).toEqual(['anna'])
      await expect.poll(() => desk.hearsAll(), waiting).toEqual(['caller'])
      expect(service.all('agentAnswered')).toMatchObject([{ agent: anna }])
      expect(service.all('agentHungUp')).toEqual([])
    })

    test('tells when who listens in hangs up or does not answer, and the call goes on', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone, desk } = await talks(stage, service, anna, first)
      const bens = await stage.phone(ben)
      const listen: Command = { type: 'monitor', call, by: ben, mode: 'barge' }
      await service.does(listen)
      await expect.poll(() => bens.state, waiting).toBe('ringing')
      await bens.declines('rejected')
      expect(await service.told('agentDeclined')).toMatchObject([{ call, agent: ben, cause: 'rejected' }])
      await service.does(listen)
      await expect.poll(() => bens.state, waiting).toBe('ringing')
      await bens.answers()
      await expect.poll(() => phone.hearsAll(), waiting).toEqual(['anna', 'ben'])
      await bens.hangsUp()
      expect(await service.told('agentHungUp')).toMatchObject([{ call, agent: ben }])
      await expect.poll(() => phone.hearsAll(), waiting).toEqual(['anna'])
      await expect.poll(() => desk.hearsAll(), waiting).toEqual(['caller'])
      await service.does(listen)
      await expect.poll(() => bens.state, waiting).toBe('ringing')
      await bens.answers()
      await expect.poll(() => phone.hearsAll(), waiting).toEqual(['anna', 'ben'])
      await phone.hangsUp()
      await expect.poll(() => [bens.state, desk.state], waiting).toEqual(['idle', 'idle'])
    })

    test('takes no command from a service that has let go', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone } = await waits(stage, service)
      await service.line.detach()
      expect(await service.does({ type: 'hangUp', call, why: 'lost' })).toMatchObject({ ok: false })
      await expect.poll(() => phone.hears(), waiting).toBe('music')
    })

    test('tells who attaches what each caller hears', async () => {
      const stage = await raise()
      const service = await attach(stage)
      // First, so that it has begun when the next service looks.
      const recorded = await waits(stage, service)
      await service.does({ type: 'record', call: recorded.call, maxSeconds: 60 })
      const message = await waits(stage, service)
      await service.does({ type: 'music', call: message.call, messages: [sound('music')] })
      await service.does({ type: 'play', call: message.call, message: sound('song'), as: 'welcome', play: playing })
      const speech = await waits(stage, service)
      const parts = Array.from({ length: 90 }, () => two)
      await service.does({ type: 'say', call: speech.call, parts, play: 'play-2' as PlayId })
      await expect.poll(() => message.phone.hears(), waiting).toBe('song')
      await expect.poll(() => speech.phone.hears(), waiting).toBe('speech')
      const next = await attach(stage, 2)
      const heard = new Map(next.holdings.calls.map(({ call, hears }) => [call, hears]))
      expect(heard.get(message.call)).toEqual({ kind: 'message', message: 'song', play: playing })
      expect(heard.get(speech.call)).toEqual({ kind: 'speech', play: 'play-2' })
      expect(heard.get(recorded.call)).toEqual({ kind: 'recording' })
    })

    /** Anna calls; the service is told. */
    async function dials(stage: Stage, service: Service, to: string, as?: E164) {
      const desk = await stage.phone(anna)
      await service.told('deviceChanged')
      const dial = await desk.dials(to, as)
      const [called] = await service.told('agentCalled')
      if (!called) throw new Error('nobody called')
      return { desk, dial, call: called.call, called }
    }

    const place = (call: CallId, to: CallTarget, shown: E164 | undefined = number): Command => ({
      type: 'placeCall',
      call,
      agent: anna,
      to,
      show: { ...(shown && { number: shown }), name: 'Anna Ek' },
      music: [sound('music')],
    })
    const outsideTarget = { number: outsideNumber } as const

    test('tells whom an agent calls and as what, holds the call, and refuses it when told to', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { dial, call, called } = await dials(stage, service, outsideNumber, number)
      expect(called).toEqual({ type: 'agentCalled', call, agent: anna, to: outsideNumber, as: number })
      expect(dial.state).toBe('asked')
      expect(await service.told('deviceChanged', 2)).toMatchObject([
        { agent: anna, state: 'ready' },
        { agent: anna, state: 'busy' },
      ])
      expect(await service.does({ type: 'refuseCall', call, why: 'destination' })).toEqual({ ok: true })
      await expect.poll(() => dial.state, waiting).toBe(403)
      expect(await service.told('agentCallEnded')).toEqual([
        { type: 'agentCallEnded', call, agent: anna, why: 'refused' },
      ])
      expect((await service.told('deviceChanged', 3)).at(-1)).toMatchObject({ agent: anna, state: 'ready' })
    })

    test('places a call outside once: it shows what it is told to, both hear each other, either may hang up', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { dial, call } = await dials(stage, service, outsideNumber)
      const telephone = await stage.outside(outsideNumber)
      await service.does(place(call, outsideTarget))
      await service.does(place(call, outsideTarget))
      await expect.poll(() => telephone.state, waiting).toBe('ringing')
      expect(telephone.shown).toBe(number)
      await expect.poll(() => dial.state, waiting).toBe('ringing')
      await telephone.answers()
      expect(await service.told('agentCallAnswered')).toEqual([{ type: 'agentCallAnswered', call, agent: anna }])
      await expect.poll(() => dial.hears(), waiting).toBe('outside')
      await expect.poll(() => telephone.hears(), waiting).toBe('anna')
      expect(telephone.rings).toBe(1)
      await telephone.hangsUp()
      expect(await service.told('agentCallEnded')).toMatchObject([{ call, why: 'other' }])
      await expect.poll(() => dial.state, waiting).toBe('ended')
    })

    test('tells why a call outside came to nothing, and so does the telephone', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { dial, call } = await dials(stage, service, outsideNumber)
      const telephone = await stage.outside(outsideNumber)
      await service.does(place(call, outsideTarget))
      await expect.poll(() => telephone.state, waiting).toBe('ringing')
      await telephone.declines('busy')
      expect(await service.told('agentCallEnded')).toMatchObject([{ call, why: 'busy' }])
      await expect.poll(() => dial.state, waiting).toBe(486)
    })

    test('[W57] lets the agent hear what a number outside says before it answers, and why it does not', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { desk, dial, call } = await dials(stage, service, outsideNumber)
      const telephone = await stage.outside(outsideNumber)
      await service.does(place(call, outsideTarget))
      await expect.poll(() => telephone.state, waiting).toBe('ringing')
      await telephone.announces()
      await expect.poll(() => dial.hears(), waiting).toBe('outside')
      expect(service.all('agentCallAnswered')).toEqual([])
      await telephone.declines('busy')
      expect(await service.told('agentCallEnded')).toMatchObject([{ call, why: 'busy' }])
      await expect.poll(() => dial.state, waiting).toBe(486)

      const again = await desk.dials(outsideNumber)
      const [, next] = await service.told('agentCalled', 2)
      await service.does(place(next!.call, outsideTarget))
      await expect.poll(() => telephone.state, waiting).toBe('ringing')
      await telephone.announces()
      await expect.poll(() => again.hears(), waiting).toBe('outside')
      await telephone.answers()
      expect(await service.told('agentCallAnswered')).toMatchObject([{ call: next!.call }])
      await expect.poll(() => telephone.hears(), waiting).toBe('anna')
      await expect.poll(() => again.hears(), waiting).toBe('outside')
      await again.hangsUp()
      await expect.poll(() => telephone.state, waiting).toBe('idle')
    })

    test('stops ringing outside when the agent gives up', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { dial, call } = await dials(stage, service, outsideNumber)
      const telephone = await stage.outside(outsideNumber)
      await service.does(place(call, outsideTarget))
      await expect.poll(() => telephone.state, waiting).toBe('ringing')
      await dial.hangsUp()
      expect(await service.told('agentCallEnded')).toMatchObject([{ call, why: 'agent' }])
      await expect.poll(() => telephone.state, waiting).toBe('idle')
    })

    test('rings a colleague, who is busy once they have answered', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { dial, call } = await dials(stage, service, ben)
      const bens = await stage.phone(ben)
      await service.does(place(call, { agent: ben }))
      await expect.poll(() => bens.state, waiting).toBe('ringing')
      await expect.poll(() => dial.state, waiting).toBe('ringing')
      const busy = (agent: AgentId) =>
        service
          .all('deviceChanged')
          .filter((told) => told.agent === agent)
          .at(-1)?.state
      await expect.poll(() => busy(ben), waiting).toBe('ready')
      await bens.answers()
      await service.told('agentCallAnswered')
      await expect.poll(() => dial.hears(), waiting).toBe('ben')
      await expect.poll(() => bens.hears(), waiting).toBe('anna')
      await expect.poll(() => busy(ben), waiting).toBe('busy')
      expect(service.all('agentAnswered')).toEqual([])
      await dial.hangsUp()
      await expect.poll(() => bens.state, waiting).toBe('idle')
      await expect.poll(() => [busy(anna), busy(ben)], waiting).toEqual(['ready', 'ready'])
    })

    test.each([
      ['declines', 'rejected', 603],
      ['is busy', 'busy', 486],
    ] as const)('tells of a colleague who %s', async (_, how, status) => {
      const stage = await raise()
      const service = await attach(stage)
      const { dial, call } = await dials(stage, service, ben)
      const bens = await stage.phone(ben)
      await service.does(place(call, { agent: ben }))
      await expect.poll(() => bens.state, waiting).toBe('ringing')
      await bens.declines(how)
      expect(await service.told('agentCallEnded')).toMatchObject([{ call, why: how }])
      await expect.poll(() => dial.state, waiting).toBe(status)
      expect(service.all('agentDeclined')).toEqual([])
    })

    test('cannot reach a colleague whose phone is not registered', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { dial, call } = await dials(stage, service, ben)
      await service.does(place(call, { agent: ben }))
      expect(await service.told('agentCallEnded')).toMatchObject([{ call, why: 'unreachable' }])
      await expect.poll(() => typeof dial.state, waiting).toBe('number')
    })

    test('lets an agent hear themselves', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { dial, call } = await dials(stage, service, 'echo')
      await service.does(place(call, { echo: true }))
      await service.told('agentCallAnswered')
      await expect.poll(() => dial.hears(), waiting).toBe('anna')
      await service.does({ type: 'hangUp', call, why: 'agentHungUp' })
      await expect.poll(() => dial.state, waiting).toBe('ended')
      expect(await service.told('agentCallEnded')).toMatchObject([{ call, why: 'ordered' }])
    })

    test("keeps agents' own calls without a service, tells the next one of them, and meanwhile takes none", async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { desk, dial, call } = await dials(stage, service, outsideNumber)
      const telephone = await stage.outside(outsideNumber)
      await service.does(place(call, outsideTarget))
      await expect.poll(() => telephone.state, waiting).toBe('ringing')
      await telephone.answers()
      await expect.poll(() => dial.hears(), waiting).toBe('outside')
      const unplaced = await desk.dials('echo')
      const [, second] = await service.told('agentCalled', 2)
      await service.line.detach()
      const refused = await desk.dials('echo')
      await expect.poll(() => refused.state, waiting).toBe(503)
      const next = await attach(stage, 2)
      await expect.poll(() => dial.hears(), waiting).toBe('outside')
      expect(next.holdings.agentCalls).toEqual([{ call, agent: anna, to: outsideTarget, answered: true }])
      expect(await next.told('agentCalled')).toEqual([second])
      expect(await next.told('deviceChanged')).toMatchObject([{ agent: anna, state: 'busy' }])
      await unplaced.hangsUp()
      expect(await next.told('agentCallEnded')).toMatchObject([{ call: second?.call, why: 'agent' }])
    })

    test('goes on without a service, and the next one is told everything it holds', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const talking = await talks(stage, service, anna, first)
      const waitingOne = await waits(stage, service)
      const ringing = await waits(stage, service)
      const desk = await stage.phone(ben)
      await service.does({ type: 'ring', call: ringing.call, agent: ben, offer: second, show })
      await expect.poll(() => desk.state, waiting).toBe('ringing')
      await service.line.detach()
      await expect.poll(() => talking.phone.hears(), waiting).toBe('anna')
      await expect.poll(() => waitingOne.phone.hears(), waiting).toBe('music')
      expect(desk.state).toBe('ringing')

      const next = await attach(stage, 2)
      await expect.poll(() => talking.phone.hears(), waiting).toBe('anna')
      await expect.poll(() => talking.desk.hears(), waiting).toBe('caller')
      const call = { to: number, from: caller, answered: true, arrived: expect.any(Number) as number }
      expect(next.holdings.calls.toSorted((a, b) => a.offers.length - b.offers.length || (a.call < b.call ? -1 : 1)))
        // By what each hears, since an engine chooses its own ids.
        .toEqual(
          [
            { ...call, call: talking.call, hears: { kind: 'agent', agent: anna, offer: first }, offers: [] },
            { ...call, call: waitingOne.call, hears: { kind: 'music' }, offers: [] },
            {
              ...call,
              call: ringing.call,
              hears: { kind: 'music' },
              offers: [{ agent: ben, offer: second, answered: false }],
            },
          ].toSorted((a, b) => a.offers.length - b.offers.length || (a.call < b.call ? -1 : 1)),
        )
      await desk.answers()
      await next.told('agentAnswered')
      await next.does({ type: 'connect', call: ringing.call, agent: ben, offer: second })
      await expect.poll(() => ringing.phone.hears(), waiting).toBe('ben')
    })

    test('tells the next service of an agent who answered while there was none', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const { call, phone } = await waits(stage, service)
      const desk = await stage.phone(anna)
      await service.does({ type: 'ring', call, agent: anna, offer: third, show })
      await expect.poll(() => desk.state, waiting).toBe('ringing')
      await service.line.detach()
      await desk.answers()
      const next = await attach(stage, 2)
      // As held, if the answer came before the service, else as news.
      const held = next.holdings.calls.flatMap(({ offers }) => offers.filter(({ answered }) => answered))
      const news = async () => (await next.told('agentAnswered')).map(({ agent, offer }) => ({ agent, offer }))
      expect(held.length > 0 ? held : await news()).toMatchObject([{ agent: anna, offer: third }])
      await next.does({ type: 'connect', call, agent: anna, offer: third })
      await expect.poll(() => phone.hears(), waiting).toBe('anna')
    })

    test('without a service takes no new caller, and after 30 s releases those who wait with the fallback message', async () => {
      const stage = await raise()
      const service = await attach(stage)
      const talking = await talks(stage, service, anna, first)
      const waitingOne = await waits(stage, service)
      await service.line.detach()
      const refused = await stage.dialIn({ to: number, from: caller })
      if (stage.keepsCallers) await expect.poll(() => refused.hears(), waiting).toBe('fallback')
      else await expect.poll(() => refused.state, waiting).toBe(503)
      stage.passes(30)
      await expect.poll(() => waitingOne.phone.hears(), { timeout: 45_000 }).toBe('fallback')
      stage.passes(soundSeconds)
      if (!stage.keepsCallers) await expect.poll(() => waitingOne.phone.state, waiting).toBe('ended')
      await expect.poll(() => talking.phone.hears(), waiting).toBe('anna')
      const next = await attach(stage, 2)
      expect(next.holdings.calls.map(({ call }) => call)).toEqual([talking.call])
      if (!stage.keepsCallers) return
      const again = await next.told('callArrived', 2)
      expect(again.map(({ call }) => call)).not.toContain(waitingOne.call)
      expect(again).toMatchObject([
        { to: number, from: caller },
        { to: number, from: caller },
      ])
    })

    test('refuses a caller beyond its limit at once', async () => {
      const stage = await raise({ callLimit: 1 })
      const service = await attach(stage)
      await waits(stage, service)
      const phone = await stage.dialIn({ to: number, from: caller })
      await expect.poll(() => phone.state, waiting).toBe(503)
      expect(service.all('callArrived')).toHaveLength(1)
    })
  })
}

const waiting = { timeout: 10_000, interval: 20 }
