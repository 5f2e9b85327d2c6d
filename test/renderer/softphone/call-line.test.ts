import { type Ack, type Invitation, Inviter, SessionState } from 'sip.js'
import { afterEach, expect, test, vi } from 'vitest'
import { failureOf, glareWait, openCallLine } from '../../../src/renderer/desk/softphone/call-line.ts'
import type { LineId } from '../../../src/renderer/desk/softphone/softphone.ts'

/** A call answered here, whose far side has not said ACK yet. */
function answeredCall() {
  let told: (state: SessionState) => void = () => undefined
  let invites = 0
  const session = {
    state: SessionState.Establishing,
    delegate: undefined as Invitation['delegate'],
    stateChange: { addListener: (listener: typeof told) => (told = both(told, listener)) },
    invite: () => {
      invites += 1
      return new Promise(() => undefined)
    },
  }
  const line = openCallLine(
    {
      about: { line: 'line-1' as LineId },
      muted: false,
      session: session as unknown as Invitation,
      handler: () => undefined,
      audio: new Audio(),
      silent: () => undefined,
    },
    () => undefined,
  )
  told(SessionState.Established)
  return { line, invites: () => invites, acknowledge: () => session.delegate?.onAck?.({} as Ack) }
}

/** A call that is being made, and rings at the far side. */
function dialledCall(answers: readonly number[]) {
  let told: (state: SessionState) => void = () => undefined
  let asked = 0
  const session = Object.assign(Object.create(Inviter.prototype) as Inviter, {
    _stateEventEmitter: { addListener: (listener: typeof told) => (told = both(told, listener)) },
    cancel: () => Promise.resolve(),
  })
  const line = openCallLine(
    {
      about: { line: 'line-1' as LineId, dialled: '08-1' },
      muted: false,
      session,
      handler: () => undefined,
      audio: new Audio(),
      silent: () => undefined,
    },
    () => undefined,
  )
  line.progressed({ status: 180, early: false, ask: () => Promise.resolve(answers[asked++] ?? 200) })
  return { line, asked: () => asked, answered: () => told(SessionState.Established) }
}

afterEach(() => {
  vi.useRealTimers()
})

const both =
  (one: (state: SessionState) => void, other: (state: SessionState) => void) =>
  (state: SessionState): void => {
    one(state)
    other(state)
  }
const tasks = () => new Promise((resolve) => setTimeout(resolve, 1))

test('a call that is held as soon as it is answered sends no offer before the ACK (RFC 3261 section 14.1)', async () => {
  const { line, invites, acknowledge } = answeredCall()
  void line.setHold(true)
  await tasks()
  expect({ invites: invites(), changing: line.call.changing }).toEqual({ invites: 0, changing: true })
  acknowledge()
  await tasks()
  expect(invites()).toBe(1)
})

test('[W46] over another connection it is asked whether the far side still knows a call that rings there, until it is answered', async () => {
  vi.useFakeTimers()
  const { line, asked, answered } = dialledCall([])
  line.mend(false)
  await vi.advanceTimersByTimeAsync(5_000)
  expect({ state: line.call.state, asked: asked() }).toEqual({ state: 'ringing', asked: 3 })
  answered()
  await vi.advanceTimersByTimeAsync(5_000)
  expect({ state: line.call.state, asked: asked() }).toEqual({ state: 'talking', asked: 3 })
})

test('[W46] a call being made that the far side no longer knows is over, and said to have come to nothing', async () => {
  vi.useFakeTimers()
  const { line } = dialledCall([200, 481])
  line.mend(false)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(line.call).toMatchObject({ state: 'ended', failed: 'failed' })
})

test('after a glare whoever made the call waits 2.1 to 4 s, the other one up to 2 s (RFC 3261 section 14.1)', () => {
  expect([0, 1].map((drawn) => glareWait(true, () => drawn))).toEqual([2_100, 4_000])
  expect([0, 1].map((drawn) => glareWait(false, () => drawn))).toEqual([0, 2_000])
})

test.each([
  [486, 'busy'],
  [480, 'noAnswer'],
  [603, 'rejected'],
  [404, 'unknown'],
  [403, 'closed'],
  [502, 'unreachable'],
  [500, 'failed'],
  [487, undefined],
])('a final answer %i is said as %s', (status, failure) => {
  expect(failureOf(status)).toBe(failure)
})
