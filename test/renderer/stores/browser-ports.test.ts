import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { browserPorts } from '../../../src/renderer/stores/browser-ports.ts'

/** The browser's WebSockets, which open or close when the test says so. */
class Socket {
  static made: Socket[] = []
  onopen?: () => void
  onclose?: () => void
  closed = false
  constructor() {
    Socket.made.push(this)
  }
  close() {
    this.closed = true
  }
}

let answers: (() => Promise<Response>)[]

beforeEach(() => {
  Socket.made = []
  answers = []
  vi.stubGlobal('WebSocket', Socket)
  vi.stubGlobal('fetch', () => answers.shift()?.() ?? Promise.reject(new TypeError('no answer was expected')))
})
afterEach(() => {
  vi.unstubAllGlobals()
})

function tries() {
  const { promise, resolve } = Promise.withResolvers<'opened' | 'closed'>()
  const socket = browserPorts.openSocket({
    opened: () => {
      resolve('opened')
    },
    heard: () => undefined,
    closed: () => {
      resolve('closed')
    },
  })
  return { socket, came: promise }
}

test('[W55] after a socket that could not be opened none is tried until the service answers a request', async () => {
  const first = tries()
  Socket.made[0]?.onclose?.()
  expect(await first.came).toBe('closed')

  answers = [
    () => Promise.reject(new TypeError('refused')),
    () => Promise.resolve(new Response(null, { status: 502 })),
    () => Promise.resolve(new Response('{}', { status: 200 })),
  ]
  expect(await tries().came).toBe('closed')
  expect(await tries().came).toBe('closed')
  expect(Socket.made).toHaveLength(1)

  const back = tries()
  await vi.waitUntil(() => Socket.made.length === 2)
  Socket.made[1]?.onopen?.()
  expect(await back.came).toBe('opened')
  // One that had opened is followed by another without a question.
  const next = tries()
  expect(Socket.made).toHaveLength(3)
  Socket.made[2]?.onopen?.()
  expect(await next.came).toBe('opened')
})

test('one that is given up while it asks opens nothing', async () => {
  const first = tries()
  Socket.made[0]?.onclose?.()
  await first.came
  const asked = Promise.withResolvers<Response>()
  answers = [() => asked.promise]
  const { socket } = tries()
  socket.close()
  asked.resolve(new Response('{}', { status: 200 }))
  await asked.promise
  await Promise.resolve()
  expect(Socket.made).toHaveLength(1)
})
