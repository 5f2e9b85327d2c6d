import { UserAgent, type Session } from 'sip.js'
import { afterEach, expect, test, vi } from 'vitest'
import { describeWith, directionOf } from '../../../src/renderer/shared/sip/description-handler.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

test.each([
  ['nobody holds', { held: false, farHolds: false }, 'sendrecv'],
  ['we hold', { held: true, farHolds: false }, 'sendonly'],
  ['the far side holds', { held: false, farHolds: true }, 'recvonly'],
  ['both hold', { held: true, farHolds: true }, 'inactive'],
] as const)('%s', (_, hold, direction) => {
  expect(directionOf(hold)).toBe(direction)
})

test('a call that both held comes back in both directions, whoever lets go first', () => {
  expect(directionOf({ held: false, farHolds: true })).toBe('recvonly')
  expect(directionOf({ held: false, farHolds: false })).toBe('sendrecv')
})

/** A handler of ours where there is no WebRTC: what the browser is asked for, and what becomes of it. */
function handlerOf() {
  const track = { enabled: true, stop: () => undefined }
  const browser = { configuration: undefined as RTCConfiguration | undefined, closed: false, track }
  class Connection {
    constructor(configuration: RTCConfiguration) {
      browser.configuration = configuration
    }
    getSenders = () => [{ track }]
    getReceivers = () => []
    close = () => (browser.closed = true)
  }
  vi.stubGlobal('RTCPeerConnection', Connection)
  vi.stubGlobal('MediaStream', Object)
  const userAgent = new UserAgent({ logBuiltinEnabled: false, transportOptions: { server: 'wss://example.test/sip' } })
  const make = describeWith(() => Promise.reject(new Error('no microphone here')))
  return { browser, handler: make({ userAgent } as unknown as Session) }
}

test('no server on the internet is asked for an address, and the gathering of them waits half a second at most', () => {
  const { browser, handler } = handlerOf()
  expect(browser.configuration?.iceServers).toEqual([])
  expect(handler).toHaveProperty('sessionDescriptionHandlerConfiguration.iceGatheringTimeout', 500)
})

test('one that is left is silent at once, and closes when the far side knows', async () => {
  const { browser, handler } = handlerOf()
  const told = Promise.withResolvers<undefined>()
  handler.leave(told.promise)
  handler.close()
  expect(browser).toMatchObject({ closed: false, track: { enabled: false } })
  told.resolve(undefined)
  await vi.waitFor(() => {
    expect(browser.closed).toBe(true)
  })
})

test('one that is left is closed at once where nobody waits for the far side any more', () => {
  const { browser, handler } = handlerOf()
  handler.leave(Promise.withResolvers<undefined>().promise)
  handler.close()
  handler.closeNow()
  expect(browser.closed).toBe(true)
})
