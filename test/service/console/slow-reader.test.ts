import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { FromService } from '../../../src/contract/console.ts'
import { openConsoleConnection, type ConsoleSocket } from '../../../src/service/console/console-connection.ts'
import { liveBoard } from '../../../src/service/console/live-board.ts'
import { rememberedReplies } from '../../../src/service/console/remembered-replies.ts'
import { serviceLevels } from '../../../src/service/live-calls/service-levels.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'
import { anna, twoGroups } from './service-scene.ts'

/** A socket whose reader reads only when told to. */
function slowSocket() {
  const sent: FromService[] = []
  let unread = 0
  let end: string | undefined
  const socket: ConsoleSocket = {
    get bufferedAmount() {
      return unread
    },
    send: (text) => {
      sent.push(JSON.parse(text) as FromService)
      unread += text.length
    },
    close: (code) => (end ??= `closed ${code}`),
    terminate: () => (end ??= 'cut off'),
  }
  return {
    socket,
    sent,
    types: () => sent.splice(0).map(({ type }) => type),
    reads: () => (unread = 0),
    hasUnread: (bytes: number) => (unread = bytes),
    end: () => end,
  }
}

/** A signed-in console on a picture that changes at each `change`. */
async function scene() {
  const clock = fakeClock()
  let misses = 0
  const board = liveBoard({
    clock,
    configuration: () => twoGroups,
    service: () => ({ switch: 'attached', engine: 'scripted', revision: 1 }),
    passedOf: () => [],
    pastOf: () => [],
    toldOf: () => [],
    missed: () => new Map(),
    voicemails: () => new Map(),
    levels: serviceLevels(() => twoGroups),
    view: () => ({
      agents: [{ agent: anna, state: 'available', since: clock.now(), loggedIn: [], device: 'ready', misses }],
      calls: [],
    }),
  })
  const reader = slowSocket()
  const connection = openConsoleConnection(
    {
      clock,
      board,
      replies: rememberedReplies(),
      configuration: () => twoGroups,
      session: () => ({ id: '1', name: 'anna', roles: ['agent'], agent: anna, supervises: [] }),
      ask: () => Promise.resolve({ ok: true }),
      softphone: () => Promise.resolve({ user: 'anna', secret: 'x' }),
      log: pino({ level: 'silent' }),
    },
    reader.socket,
    'token',
  )
  connection.received('{"type":"hello","protocol":1}')
  await new Promise((resolve) => setImmediate(resolve))
  expect(reader.types()).toEqual(['welcome', 'snapshot'])
  reader.reads()
  return {
    clock,
    reader,
    connection,
    changes: () => {
      misses++
      board.touch()
      clock.pass(50)
    },
  }
}

test('changes within 50 ms come as one delta, the first at once', async () => {
  const { reader, changes } = await scene()
  changes()
  expect(reader.types()).toEqual(['delta'])
  changes()
  changes()
  expect(reader.types()).toEqual(['delta', 'delta'])
})

test('nothing is added for a reader who is behind; a fresh snapshot comes when it has read', async () => {
  const { reader, changes, clock } = await scene()
  reader.hasUnread(70_000)
  for (let change = 0; change < 20; change++) changes()
  expect(reader.types()).toEqual([])
  reader.reads()
  clock.pass(250)
  expect(reader.sent).toMatchObject([{ type: 'snapshot', live: { agents: { anna: { misses: 20 } } } }])
  reader.types()
  changes()
  expect(reader.types()).toEqual(['delta'])
})

test('a reader who stays slow is cut off', async () => {
  const { reader, changes, clock } = await scene()
  reader.hasUnread(70_000)
  changes()
  clock.pass(14_000)
  expect(reader.end()).toBeUndefined()
  clock.pass(2000)
  expect(reader.end()).toBe('cut off')
  changes()
  expect(reader.types()).toEqual([])
})

test('one who asks and does not read is cut off before memory grows', async () => {
  const { reader, connection } = await scene()
  reader.hasUnread(1_100_000)
  connection.received('{"type":"ping","sent":1}')
  expect(reader.end()).toBe('cut off')
})

test('who says nothing is sent away after 10 s', () => {
  const clock = fakeClock()
  const reader = slowSocket()
  const silent = {
    clock,
    replies: rememberedReplies(),
    configuration: () => twoGroups,
    session: () => undefined,
    ask: () => Promise.resolve({ ok: true as const }),
    softphone: () => Promise.reject(new Error('never asked')),
    log: pino({ level: 'silent' }),
    board: {
      picture: () => {
        throw new Error('never drawn')
      },
      passedOf: () => [],
      pastOf: () => [],
      toldOf: () => [],
      missed: () => new Map(),
      voicemails: () => new Map(),
      touch: () => undefined,
      watch: () => () => undefined,
      close: () => undefined,
    },
  }
  openConsoleConnection(silent, reader.socket, undefined)
  clock.pass(10_000)
  expect(reader.types()).toEqual(['goodbye'])
  expect(reader.end()).toBe('closed 1000')
})

test('a gap is mended by asking for a snapshot', async () => {
  const { reader, connection } = await scene()
  connection.received('{"type":"resynchronise"}')
  expect(reader.types()).toEqual(['snapshot'])
})
