import { UserAgent, type Session } from 'sip.js'
import { afterEach, expect, test, vi } from 'vitest'
import { describeWith, directionOf, withAddresses } from '../../../src/renderer/shared/sip/description-handler.ts'

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

test('names in place of addresses, which no switch can look up, are told as an address', () => {
  const named =
    'a=candidate:1 1 udp 2113937151 0b2f2b0e-9b5f-4a4c-8a3e-0f2b6a7d9c11.local 54321 typ host generation 0\r\n'
  const plain = 'a=candidate:2 1 udp 2113937151 192.0.2.7 54322 typ host generation 0\r\n'
  const nowhere = 'v=0\r\nc=IN IP4 0.0.0.0\r\n'
  expect(withAddresses(`${nowhere}${named}${plain}`)).toBe(
    `v=0\r\nc=IN IP4 127.0.0.1\r\na=candidate:1 1 udp 2113937151 127.0.0.1 54321 typ host generation 0\r\n${plain}`,
  )
  expect(withAddresses(`${nowhere}${plain}`)).toBe(`${nowhere}${plain}`)
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
