import { expect, test } from 'vitest'
import type { Action, E164, GroupNumberId } from '../../../src/core/configuration/types.ts'
import type { CallId, Notice, RoutingEvent } from '../../../src/core/routing/messages.ts'
import { instant } from '../../../src/core/time.ts'
import type { JournalEntry } from '../../../src/service/ports.ts'
import { callerBook } from '../../../src/service/work/caller-book.ts'
import { missedCallers } from '../../../src/service/work/missed-callers.ts'

const nine = Date.parse('2026-11-23T09:00:00Z')
const at = (seconds: number) => instant(nine + seconds * 1000)
const support = 'support' as GroupNumberId
const sales = 'sales' as GroupNumberId
const number = '+46701740605' as E164
const to = '+46122260980' as E164
const hangUp: Action = { do: 'hangUp' }

/** `seconds` past nine, and of which call. */
interface When {
  readonly call?: string
  readonly s?: number
}
const callId = (call = 'c1') => call as CallId
const event = (given: RoutingEvent): JournalEntry => ({ kind: 'event', event: given })
const notice = (given: Notice): JournalEntry => ({ kind: 'notice', notice: given })

const arrives = ({ call, s = 0 }: When = {}, from: E164 | null = number) =>
  event({ type: 'callArrived', at: at(s), call: callId(call), to, ...(from && { from }) })
const hangsUp = ({ call, s = 0 }: When = {}) => event({ type: 'callerHungUp', at: at(s), call: callId(call) })
const left = ({ call, s = 0 }: When = {}, more: Partial<Extract<Notice, { type: 'left' }>> = {}) =>
  notice({
    type: 'left',
    at: at(s),
    call: callId(call),
    group: support,
    why: 'abandoned',
    waited: 5000,
    position: 1,
    ...more,
  })
const refused = (why: 'closed' | 'blocked' | 'full', then: Action = hangUp): JournalEntry =>
  notice({ type: 'refused', at: at(0), call: callId(), group: support, why, then })
const connected = ({ call, s = 0 }: When = {}, group = support) =>
  notice({ type: 'connected', at: at(s), call: callId(call), group, agent: 'anna' as never, waited: 0 })
const forwarded = (result: 'answered' | 'busy' | 'ended', s = 0) =>
  event({ type: 'forwarded', at: at(s), call: callId(), result })
const abandoned = (when: When) => [arrives(when), hangsUp(when), left(when)]

function afterAll(...entries: JournalEntry[]) {
  const book = callerBook()
  const missed = missedCallers(book)
  for (const entry of entries) {
    book.saw(entry)
    missed.saw(entry)
  }
  return { missed, book, items: () => [...missed.list().values()] }
}

test('[W5] a caller who hangs up while waiting is work, with number, group number and time', () => {
  expect(afterAll(...abandoned({ s: 7 })).items()).toEqual([
    {
      id: `support ${number}`,
      group: support,
      number,
      tries: 1,
      first: at(7),
      last: at(7),
      why: 'abandoned',
      state: 'open',
      changed: at(7),
    },
  ])
})

test.each<[string, JournalEntry[], string | undefined]>([
  ['waited too long', [arrives(), left({}, { why: 'timeout', then: hangUp })], 'timeout'],
  ['was there at closing', [arrives(), left({}, { why: 'closed', then: hangUp })], 'closed'],
  ['saw the last agent log out', [arrives(), left({}, { why: 'noAgents', then: hangUp })], 'noAgents'],
  ['was rung back in vain', [arrives(), left({}, { why: 'notReached' })], 'notReached'],
  ['rang while it was closed', [arrives(), refused('closed')], 'closed'],
  ['found the queue full', [arrives(), refused('full')], 'full'],
  ['is blocked', [arrives(), refused('blocked')], undefined],
  ['hides the number', [arrives({}, null), refused('closed')], undefined],
  ['went on to another group number', [arrives(), refused('full', { do: 'group', to: sales })], undefined],
  ['was forwarded and answered', [arrives(), refused('full', { do: 'forward', to }), forwarded('answered')], undefined],
  ['was forwarded to a busy line', [arrives(), refused('full', { do: 'forward', to }), forwarded('busy')], 'forwarded'],
  ['gave up while forwarded', [arrives(), refused('full', { do: 'forward', to }), hangsUp()], 'forwarded'],
  ['was offered to leave a message', [arrives(), refused('closed', { do: 'voicemail' })], 'closed'],
])('[W5] a caller who %s', (_, entries, why) => {
  expect(
    afterAll(...entries)
      .items()
      .map((item) => item.why),
  ).toEqual(why === undefined ? [] : [why])
})

test('[W6] who rings again is one item with the tries counted, also after being called back', () => {
  const { missed, book, items } = afterAll(...abandoned({ call: 'c1', s: 0 }), ...abandoned({ call: 'c2', s: 60 }))
  const [item] = items()
  expect(item).toMatchObject({ tries: 2, first: at(0), last: at(60) })
  missed.change(item?.id ?? '', {
    at: at(90),
    mark: 'calledBack',
    note: 'svarar ej',
    owner: { account: 'a', name: 'Anna' },
  })
  for (const entry of abandoned({ call: 'c3', s: 120 })) {
    book.saw(entry)
    missed.saw(entry)
  }
  expect(items()).toMatchObject([{ tries: 3, state: 'open', note: 'svarar ej', owner: { name: 'Anna' } }])
})

test('[W7] it closes by itself when the caller gets through in that group number, and in no other', () => {
  const elsewhere = afterAll(...abandoned({ call: 'c1' }), arrives({ call: 'c2' }), connected({ call: 'c2' }, sales))
  expect(elsewhere.items()).toMatchObject([{ state: 'open' }])
  const here = afterAll(...abandoned({ call: 'c1' }), arrives({ call: 'c2' }), connected({ call: 'c2', s: 50 }))
  expect(here.items()).toMatchObject([{ state: 'gotThrough', changed: at(50) }])
})

test('[W7] a caller who is rung back gets through by the number that was rung', () => {
  const other = '+46812345678' as E164
  const asked = notice({ type: 'callbackAsked', at: at(1), call: callId('c2'), group: support, number: other })
  const line: JournalEntry = {
    kind: 'command',
    at: at(1),
    command: { type: 'hangUp', call: callId('c2'), why: 'served' },
  }
  const before = [arrives({ call: 'c1' }, other), hangsUp({ call: 'c1' }), left({ call: 'c1' })]
  const { items } = afterAll(
    ...before,
    arrives({ call: 'c2' }),
    asked,
    line,
    hangsUp({ call: 'c2', s: 2 }),
    ...abandoned({ call: 'c3', s: 3 }),
    connected({ call: 'c2', s: 9 }),
  )
  expect(items()).toMatchObject([
    { number: other, state: 'gotThrough' },
    { number, state: 'open' },
  ])
})

test('a miss after all was done is a new item', () => {
  const { missed, book, items } = afterAll(...abandoned({ call: 'c1' }))
  missed.change(items()[0]?.id ?? '', { at: at(10), mark: 'done', note: 'klart' })
  for (const entry of abandoned({ call: 'c2', s: 60 })) {
    book.saw(entry)
    missed.saw(entry)
  }
  expect(items()).toMatchObject([{ tries: 1, first: at(60), state: 'open' }])
  expect(items()[0]).not.toHaveProperty('note')
})

test('the same entries twice count once, and nothing is kept of callers who have gone', () => {
  const entries = abandoned({})
  const { items, book } = afterAll(...entries, ...entries, event({ type: 'timePassed', at: at(60) }))
  expect(items()).toMatchObject([{ tries: 1 }])
  expect(book.kept()).toEqual([])
})

test('[W9] what is over goes after a week, what nobody touches after 90 days', () => {
  const days = (count: number) => instant(nine + count * 24 * 60 * 60 * 1000 + 1)
  const other = '+46812345678' as E164
  const { missed, items } = afterAll(
    ...abandoned({ call: 'c1' }),
    arrives({ call: 'c2' }, other),
    hangsUp({ call: 'c2' }),
    left({ call: 'c2' }),
  )
  missed.change(`support ${number}`, { at: at(0), mark: 'done' })
  missed.prune(days(6))
  expect(items()).toHaveLength(2)
  missed.prune(days(7))
  expect(items()).toMatchObject([{ number: other }])
  missed.prune(days(90))
  expect(items()).toEqual([])
})
