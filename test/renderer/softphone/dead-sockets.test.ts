// @vitest-environment node
import { Core, SessionState, type BodyAndContentType, type Invitation, type SessionDescriptionHandler } from 'sip.js'
import { afterEach, expect, test } from 'vitest'
import { sipPath } from '../../../src/contract/softphone.ts'
import { openCallLine } from '../../../src/renderer/desk/softphone/call-line.ts'
import { keepRegistered } from '../../../src/renderer/desk/softphone/registration.ts'
import type { LineId } from '../../../src/renderer/desk/softphone/softphone.ts'
import type { DescriptionHandler } from '../../../src/renderer/shared/sip/description-handler.ts'
import { openUserAgent } from '../../../src/renderer/shared/sip/transport.ts'
import { kindOf, openWire, type SipOnWire } from '../../e2e/support/wire.ts'
import { anna, embeddedScene, offer, show } from '../../support/sip/embedded-scene.ts'
import { sdpOf } from '../../support/sip/quiet-media.ts'

/** Without sound: agrees on anything, keeps what it was asked for. */
interface QuietHandler extends SessionDescriptionHandler {
  held: boolean
  readonly asked: unknown[]
  readonly rolledBack: number
  /** What became of the sound, in order. */
  readonly ends: readonly string[]
  leave(told: Promise<unknown>): void
}

function quietHandler(): QuietHandler {
  let rolledBack = 0
  const ends: string[] = []
  const asked: unknown[] = []
  const handler: QuietHandler = {
    held: false,
    asked,
    get rolledBack() {
      return rolledBack
    },
    ends,
    leave: () => void ends.push('left'),
    getDescription(options): Promise<BodyAndContentType> {
      asked.push(options)
      const body = sdpOf({ direction: handler.held ? 'sendonly' : 'sendrecv', version: asked.length })
      return Promise.resolve({ body, contentType: 'application/sdp' })
    },
    setDescription: () => Promise.resolve(),
    hasDescription: (type) => type === 'application/sdp',
    rollbackDescription() {
      rolledBack++
      return Promise.resolve()
    },
    sendDtmf: () => false,
    close: () => void ends.push('closed'),
  }
  return handler
}

let closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.toReversed()) await close()
  closing = []
})

/** The desk's own SIP, without a browser, at the embedded switch over a wire that can be troubled. */
async function telephone() {
  const scene = await embeddedScene()
  closing.push(() => scene.close())
  const wire = await openWire({ to: `ws+unix:${scene.engine.softphoneSocket.path}:${sipPath}` })
  closing.push(() => wire.close())
  let seen: string[] = []
  const watch = (rule: (message: SipOnWire) => void) => {
    wire.rule((message) => {
      seen.push(`${message.from}: ${kindOf(message.text)}`)
      rule(message)
    })
  }
  watch((message) => {
    message.pass()
  })
  const invitations: Invitation[] = []
  const handlers: QuietHandler[] = []
  const userAgent = openUserAgent(
    `${wire.direct}${sipPath}`,
    { user: anna.user, secret: anna.password },
    {
      sessionDescriptionHandlerFactory: () => {
        const made = quietHandler()
        handlers.push(made)
        return made
      },
      delegate: {
        onInvite: (invitation) => void invitations.push(invitation),
        onConnect: () => {
          keeper.connected()
        },
        onDisconnect: () => {
          keeper.disconnected()
        },
      },
    },
  )
  const there = { asked: 0, answer: true }
  const keeper = keepRegistered(userAgent, {
    changed: () => undefined,
    isThere: () => {
      there.asked += 1
      return Promise.resolve(there.answer)
    },
  })
  closing.push(() => userAgent.stop())
  closing.push(() => keeper.stop())
  keeper.start()
  await scene.service.told('deviceChanged')

  /** A caller whom the telephone rings for. */
  async function rings() {
    const caller = await scene.trunk()
    const { call } = await scene.callIn(caller)
    await scene.does({ type: 'ring', call, agent: anna.agent, offer: offer('o1'), show })
    await expect.poll(() => invitations.length).toBe(1)
    const [session] = invitations as [Invitation]
    const audio = { srcObject: null, play: () => Promise.resolve() } as unknown as HTMLAudioElement
    const line = openCallLine(
      {
        about: { line: 'o1' as LineId, call },
        muted: false,
        session,
        audio,
        handler: () => handlers[0] as unknown as DescriptionHandler,
        silent: () => undefined,
      },
      () => undefined,
    )
    return { call, caller, session, line, handler: () => handlers[0]! }
  }
  async function talks() {
    const ringing = await rings()
    const { session } = ringing
    await session.accept()
    await scene.service.told('agentAnswered')
    // The ACK is here, and not only on its way.
    await expect.poll(() => session.dialog?.sessionState).toBe(Core.SessionState.Confirmed)
    await scene.does({ type: 'connect', call: ringing.call, agent: anna.agent, offer: offer('o1') })
    return ringing
  }
  return {
    ...{ scene, wire, watch, keeper, there, rings, talks },
    /** What went through since the last look, but for provisional answers. */
    look: () => {
      const before = seen
      seen = []
      return before.filter((kind) => !/ 1\d\d /.test(kind))
    },
  }
}

test('a telephone registers anew over each connection, whatever the library believes', async () => {
  const { scene, wire, look, keeper } = await telephone()
  look()
  wire.cut()
  expect(await scene.service.told('deviceChanged')).toMatchObject({ state: 'gone' })
  await expect.poll(() => keeper.registration.state).toBe('failed')
  wire.mend()
  expect(await scene.service.told('deviceChanged')).toMatchObject({ state: 'ready' })
  await expect.poll(() => keeper.registration.state).toBe('registered')
  expect(look()).toContain('switch: 200 REGISTER')
})

test('[W55] while no connection can be had the library opens none, and there is one as soon as it can', async () => {
  const { wire, keeper, there } = await telephone()
  there.answer = false
  wire.cut()
  await expect.poll(() => there.asked).toBeGreaterThan(2)
  expect(keeper.registration.state).toBe('failed')
  wire.mend()
  there.answer = true
  await expect.poll(() => keeper.registration.state).toBe('registered')
})

test('a half-open socket is found when it is doubted, and another one opened', async () => {
  const { wire, keeper } = await telephone()
  wire.swallow()
  expect(await keeper.check()).toBe(false)
  await expect.poll(() => keeper.registration.state).toBe('registered')
  expect(await keeper.check()).toBe(true)
})

test('an answer given while there is no socket arrives over the next one', async () => {
  const { scene, wire, rings } = await telephone()
  const { session } = await rings()
  wire.cut()
  await session.accept()
  wire.mend()
  await scene.service.told('agentAnswered')
})

test('a goodbye that was swallowed is said again over the next connection, and the sound is kept until it is heard', async () => {
  const { scene, wire, keeper, talks } = await telephone()
  const { line, handler } = await talks()
  wire.swallow()
  await line.hangUp()
  expect(line.call.state).toBe('ended')
  // What has been left closes when the far side has answered.
  expect(handler().ends).toEqual(['left', 'closed'])
  void keeper.check()
  await scene.service.told('agentHungUp')
})

test('what the far side has answered is not sent again', async () => {
  const { wire, keeper, look, talks } = await telephone()
  const { line } = await talks()
  expect(await line.setHold(true)).toEqual({ ok: true, value: undefined })
  await expect.poll(look).toContain('desk: ACK')
  // Who answers what came after it has it: else the far side rightly asks for it over the next connection.
  expect(await keeper.check()).toBe(true)
  look()
  wire.cut()
  await expect.poll(() => keeper.registration.state).toBe('failed')
  wire.mend()
  await expect.poll(() => keeper.registration.state).toBe('registered')
  expect(look().filter((kind) => kind.startsWith('desk'))).toEqual(['desk: REGISTER', 'desk: REGISTER'])
})

test('an ACK that was lost is sent again when the far side repeats its answer, which changes nothing here', async () => {
  const { watch, look, talks } = await telephone()
  const { line } = await talks()
  expect((await line.setHold(true)).ok).toBe(true)
  await expect.poll(look).toContain('desk: ACK')
  let lost = 0
  watch((message) => {
    if (message.from === 'desk' && kindOf(message.text) === 'ACK' && lost++ === 0) return
    message.pass()
  })
  expect((await line.setHold(false)).ok).toBe(true)
  let acknowledged = 0
  await expect
    .poll(() => {
      acknowledged += look().filter((kind) => kind === 'desk: ACK').length
      return acknowledged
    })
    // More where the far side was slow to hear the second.
    .toBeGreaterThanOrEqual(2)
  expect((await line.setHold(true)).ok).toBe(true)
  expect(line.call.state).toBe('held')
})

test('changes of a call that are asked for at once go one after the other, and after the ACK of the answer', async () => {
  const { look, rings } = await telephone()
  const { line, handler, session } = await rings()
  look()
  await session.accept()
  line.mend(true)
  expect((await line.setHold(true)).ok).toBe(true)
  const change = ['desk: INVITE', 'switch: 200 INVITE', 'desk: ACK']
  const through: string[] = []
  await expect
    .poll(() => {
      through.push(...look())
      return through
    })
    .toEqual(['desk: 200 INVITE', 'switch: ACK', ...change, ...change])
  expect(line.call.state).toBe('held')
  // What was asked of one offer is not asked of the next.
  expect(handler().asked.slice(1)).toEqual([{ offerOptions: { iceRestart: true } }, {}])
})

test('a call that the far side no longer knows is over', async () => {
  const { watch, talks } = await telephone()
  const { line } = await talks()
  watch((message) => {
    const { text } = message
    if (message.from === 'switch' && kindOf(text) === '200 INVITE')
      message.pass(text.replace(/^SIP\/2\.0 200 OK/, 'SIP/2.0 481 Gone'))
    else message.pass()
  })
  expect(await line.setHold(true)).toEqual({ ok: false, problem: { kind: 'noCall' } })
  expect(line.call.state).toBe('ended')
})

test('a hold that is refused leaves the call as it was, and the next one is taken', async () => {
  const { watch, talks } = await telephone()
  const { line, handler, session } = await talks()
  watch((message) => {
    if (kindOf(message.text) === '200 INVITE')
      message.pass(message.text.replace(/^SIP\/2\.0 200 OK/, 'SIP/2.0 488 Not Acceptable Here'))
    else message.pass()
  })
  expect(await line.setHold(true)).toEqual({ ok: false, problem: { kind: 'refused' } })
  expect(line.call).toMatchObject({ state: 'talking', changing: false })
  expect(handler()).toMatchObject({ held: false, rolledBack: 1 })
  expect(session.state).toBe(SessionState.Established)
})
