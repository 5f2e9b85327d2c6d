import { existsSync, readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { RoutingEvent } from '../../../src/core/routing/messages.ts'
import { instant } from '../../../src/core/time.ts'
import { openJournal, type JournalOptions, type OpenedJournal } from '../../../src/service/journal/open-journal.ts'
import { StartProblem, type JournalEntry } from '../../../src/service/ports.ts'
import { answer, arrival } from '../../support/persistence/events.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'
import { run } from '../../support/persistence/run.ts'
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts'

const newFile = () => join(temporaryDirectory(), 'journal.sqlite')

async function open(file: string, more: Partial<JournalOptions> = {}): Promise<OpenedJournal> {
  const journal = await openJournal({ file, clock: fakeClock(), ...more })
  onTestFinished(() => journal.close())
  return journal
}

/** Written by a service that has ended. */
async function written(file: string, work: (journal: OpenedJournal) => void) {
  const journal = await openJournal({ file, clock: fakeClock() })
  work(journal)
  expect(await journal.committed()).toMatchObject({ ok: true })
  await journal.close()
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const calls = (events: readonly RoutingEvent[]) => events.map((event) => ('call' in event ? event.call : event.type))
const callNames = (numbers: readonly number[]) => numbers.map((number) => `call-${number}`)

async function all(journal: OpenedJournal, range: Parameters<OpenedJournal['read']>[0] = {}) {
  const found: JournalEntry[] = []
  for await (const entry of journal.read(range)) found.push(entry)
  return found
}

function heardTroubles(journal: OpenedJournal) {
  const heard: (string | undefined)[] = []
  journal.troubled((trouble) => heard.push(trouble))
  return heard
}

/** Another program has the file locked for writing, until told to let go. */
function locked(file: string) {
  const database = new DatabaseSync(file)
  database.exec('BEGIN IMMEDIATE')
  return () => database.close()
}

describe('writing', () => {
  test('[S9] events, commands and notices come back as they were, in order', async () => {
    const file = newFile()
    const at = instant(Date.parse('2026-11-23T09:00:05Z'))
    const entries: JournalEntry[] = [
      arrival(1),
      answer(1),
      { kind: 'notice', notice: { type: 'pausedByMisses', at, agent: 'anna' as never } },
      { kind: 'event', event: { type: 'paused', at, agent: 'anna' as never, reason: 'lunch', by: 'ben' as never } },
      { kind: 'event', event: { type: 'loggedIn', at, agent: 'anna' as never, as: 'before' } },
    ]
    await written(file, (journal) => journal.append(entries))
    expect(await all(await open(file))).toEqual(entries)
  })

  test('[S9] it is committed 20 ms after the first entry, though nobody waits for it', async () => {
    const clock = fakeClock()
    const file = newFile()
    const journal = await open(file, { clock })
    journal.append([arrival(1)])
    clock.pass(19)
    journal.append([arrival(2)])
    clock.pass(1)
    // The worker answers in order: what is read now was asked for after the write.
    expect(calls((await journal.recover()).events)).toEqual(['call-1', 'call-2'])
  })

  test('[S9] fifty thousand entries keep their order', async () => {
    const file = newFile()
    const numbers = range(1, 25_000)
    const journal = await open(file)
    for (const number of numbers) journal.append([arrival(number), answer(number)])
    expect(await journal.committed()).toEqual({ ok: true, value: undefined })
    const found = await all(journal)
    expect(found).toHaveLength(50_000)
    expect(found).toEqual(numbers.flatMap((number) => [arrival(number), answer(number)]))
  })

  test('many who wait share few commits, and all are answered', async () => {
    const journal = await open(newFile())
    const answers = range(1, 500).map((number) => {
      journal.append([arrival(number)])
      return journal.committed()
    })
    expect(new Set((await Promise.all(answers)).map(({ ok }) => ok))).toEqual(new Set([true]))
    expect((await journal.recover()).events).toHaveLength(500)
  })

  test('what JSON cannot hold is left out with a trouble, and throws nothing', async () => {
    const journal = await open(newFile())
    const circular: Record<string, unknown> = { type: 'switchLost', at: 1 }
    circular.self = circular
    journal.append([{ kind: 'event', event: circular as never }, arrival(1)])
    expect(calls((await journal.recover()).events)).toEqual(['call-1'])
    expect(journal.troubles).toHaveLength(1)
  })
})

describe('recovering', () => {
  test('[S10] everything acknowledged before a kill is there, in order, and nothing else', async () => {
    const file = newFile()
    const service = run('append-and-die.ts', file)
    await service.printed('150\n')
    service.child.kill('SIGKILL')
    const { out, errors } = await service.ended
    expect(errors).toBe('')
    const acknowledged = Number(out.trim().split('\n').at(-1))

    const journal = await open(file)
    const { events } = await journal.recover()
    expect(journal.troubles).toEqual([])
    expect(events.length).toBeGreaterThanOrEqual(acknowledged)
    expect(events).toEqual(range(1, events.length).map((number) => arrival(number).event))
  })

  test('[S11] the newest snapshot comes with the events behind it alone', async () => {
    const file = newFile()
    await written(file, (journal) => {
      journal.append(range(1, 10).map((number) => arrival(number)))
      journal.snapshot({ after: 10 })
      journal.append(range(11, 20).flatMap((number) => [arrival(number), answer(number)]))
      journal.snapshot({ after: 20 })
      journal.append([arrival(21), answer(21), arrival(22)])
    })
    const { snapshot, events } = await (await open(file)).recover()
    expect(snapshot).toEqual({ after: 20 })
    expect(calls(events)).toEqual(['call-21', 'call-22'])
  })

  test('[S11] recovering twice, and after more was written, continues the same line', async () => {
    const file = newFile()
    await written(file, (journal) => {
      journal.snapshot({ state: 'first' })
      journal.append([arrival(1)])
    })
    await written(file, (journal) => journal.append([arrival(2)]))
    const journal = await open(file)
    const first = await journal.recover()
    expect(calls(first.events)).toEqual(['call-1', 'call-2'])
    expect(await journal.recover()).toEqual(first)
  })

  test('[S11] a new journal has nothing to recover', async () => {
    expect(await (await open(newFile())).recover()).toEqual({ events: [] })
  })

  test('[S12] a bad row is left out and a bad snapshot passed over, with a trouble each', async () => {
    const file = newFile()
    await written(file, (journal) => {
      journal.snapshot({ state: 'older' })
      journal.append(range(1, 6).map((number) => arrival(number)))
      journal.snapshot({ state: 'newer' })
      journal.append([arrival(7)])
    })
    const database = new DatabaseSync(file)
    database.exec(`UPDATE snapshots SET json = '{"state":' WHERE number = 6`)
    database.exec(`UPDATE entries SET json = 'no JSON' WHERE number = 2`)
    database.exec(`UPDATE entries SET json = '{"type":"callArrived","at":"noon"}' WHERE number = 3`)
    database.exec(`UPDATE entries SET json = '{"type":"fromTheFuture","at":1}' WHERE number = 4`)
    database.close()

    const journal = await open(file)
    const { snapshot, events } = await journal.recover()
    expect(snapshot).toEqual({ state: 'older' })
    expect(calls(events)).toEqual(callNames([1, 5, 6, 7]))
    expect(journal.troubles).toHaveLength(4)
  })

  test('only the newest few snapshots stay', async () => {
    const file = newFile()
    await written(file, (journal) => {
      for (const number of range(1, 8)) {
        journal.append([arrival(number)])
        journal.snapshot({ number })
      }
    })
    const journal = await open(file)
    journal.append([arrival(9)])
    journal.snapshot({ number: 9 })
    await journal.committed()
    const database = new DatabaseSync(file, { readOnly: true })
    expect(database.prepare('SELECT count(*) AS n FROM snapshots').get()).toEqual({ n: 3 })
    database.close()
  })
})

describe('a damaged file', () => {
  test.each<[string, (file: string) => void]>([
    ['of something else', (file) => writeFileSync(file, 'this is no database at all\n'.repeat(500))],
    ['shorter than its first page', (file) => truncateSync(file, 50)],
  ])('[S13] %s is set aside loudly, and calls go on in a new one', async (_, damage) => {
    const file = newFile()
    await written(file, (journal) => journal.append(range(1, 50).map((number) => arrival(number))))
    damage(file)

    const journal = await open(file)
    expect(journal.troubles).toHaveLength(1)
    expect(heardTroubles(journal)).toEqual(journal.troubles)
    expect(existsSync(`${file}.damaged-2026-11-23T09-00-00.000Z`)).toBe(true)
    expect(await journal.recover()).toEqual({ events: [] })
    journal.append([arrival(51)])
    expect(await journal.committed()).toMatchObject({ ok: true })
    expect(calls((await journal.recover()).events)).toEqual(['call-51'])
  })

  test('[S13] of one whose end is gone, the snapshot and what can be read go into the new one', async () => {
    const file = newFile()
    await written(file, (journal) => {
      journal.snapshot({ state: 'saved' })
      journal.append(range(1, 3000).map((number) => arrival(number)))
    })
    const pages = pageCount(file)
    truncateSync(file, Math.floor(pages / 2) * 4096)

    const journal = await open(file)
    const { snapshot, events } = await journal.recover()
    expect(journal.troubles.join()).toContain('set aside')
    expect(snapshot).toEqual({ state: 'saved' })
    expect(events.length).toBeGreaterThan(100)
    expect(events).toEqual(events.map((_, index) => arrival(index + 1).event))
    expect(readdirSync(join(file, '..')).some((name) => name.startsWith('journal.sqlite.damaged-'))).toBe(true)
    journal.append([arrival(3001)])
    expect(await journal.committed()).toMatchObject({ ok: true })
  })

  test('a journal of a later version is not touched: it does not start', async () => {
    const file = newFile()
    await written(file, (journal) => journal.append([arrival(1)]))
    const database = new DatabaseSync(file)
    database.exec('PRAGMA user_version = 99')
    database.close()
    await expect(openJournal({ file, clock: fakeClock() })).rejects.toThrow(StartProblem)
    await expect(openJournal({ file, clock: fakeClock() })).rejects.toThrow('schema 99')
  })

  test('a file that cannot be opened is named', async () => {
    const file = join(temporaryDirectory(), 'nowhere', 'journal.sqlite')
    await expect(openJournal({ file, clock: fakeClock() })).rejects.toThrow(file)
  })
})

describe('a full or broken disk', () => {
  test('[S14] entries wait in memory, it is said, and all are written when the disk works again', async () => {
    const file = newFile()
    const clock = fakeClock()
    const journal = await open(file, { clock })
    const heard = heardTroubles(journal)
    const release = locked(file)
    journal.append([arrival(1)])
    expect(await journal.committed()).toMatchObject({ ok: false })
    journal.append([arrival(2)])
    expect(heard).toEqual([expect.stringContaining('locked')])

    release()
    clock.pass(10_000)
    expect(await journal.committed()).toMatchObject({ ok: true })
    expect(heard).toEqual([expect.stringContaining('locked'), undefined])
    expect(calls((await journal.recover()).events)).toEqual(['call-1', 'call-2'])
  })

  test('[S14] a full disk is told as such, and room made by pruning is used', async () => {
    const file = newFile()
    const journal = await open(file, { maxBytes: 400_000 })
    const heard = heardTroubles(journal)
    let number = 0
    for (let ok = true; ok; ok = (await journal.committed()).ok) {
      journal.append(range(number + 1, number + 100).map((each) => arrival(each)))
      number += 100
      expect(number).toBeLessThan(10_000)
    }
    expect(heard).toEqual([expect.stringContaining('full')])
    await written(file, (other) => other.snapshot({ up: 'to here' }))
    expect(await journal.prune(arrival(number - 500).event.at)).toBeGreaterThan(0)
    expect(await journal.committed()).toMatchObject({ ok: true })
    expect(heard.at(-1)).toBeUndefined()
  })

  test('[S14] memory has a bound: what is lost beyond it is counted, and a snapshot is kept', async () => {
    const file = newFile()
    const journal = await open(file, { bufferBytes: 3000 })
    const release = locked(file)
    journal.append(range(1, 100).map((number) => arrival(number)))
    expect(await journal.committed()).toMatchObject({ ok: false })
    journal.snapshot({ state: 'whole' })
    release()
    expect(await journal.committed()).toMatchObject({ ok: true })
    journal.append([arrival(101)])

    const found = await all(journal)
    const kept = found.length - 1
    expect(kept).toBeGreaterThan(2)
    expect(journal.troubles.join('\n')).toContain(`${100 - kept} entries are missing`)
    const { snapshot, events } = await journal.recover()
    expect(snapshot).toEqual({ state: 'whole' })
    expect(calls(events)).toEqual(['call-101'])
  })

  test('a worker that dies in a commit is started again, and nothing is lost or written twice', async () => {
    const worker = new URL('../../support/persistence/dying-worker.ts', import.meta.url)
    const journal = await open(newFile(), { worker })
    const heard = heardTroubles(journal)
    journal.append([arrival(1), arrival(2)])
    expect(await journal.committed()).toEqual({ ok: false, problem: 'the journal worker ended' })
    expect(await journal.committed()).toMatchObject({ ok: true })
    expect(heard).toEqual(['the journal worker ended', undefined])
    expect(await all(journal)).toEqual([arrival(1), arrival(2)])
  })

  test('closing while the disk is broken ends, and says what is lost', async () => {
    const file = newFile()
    const warned: string[] = []
    const journal = await openJournal({ file, clock: fakeClock(), log: { warn: (line) => warned.push(line) } })
    const release = locked(file)
    journal.append([arrival(1)])
    await journal.close()
    release()
    expect(warned.at(-1)).toContain('1 entries are lost')
  })
})

describe('reading and retention', () => {
  test('[S15] a range is read in order of writing, its start inside and its end outside', async () => {
    const journal = await open(newFile())
    journal.append([arrival(1), arrival(2), arrival(4), arrival(3), arrival(5)])
    const found = await all(journal, { from: arrival(2).event.at, to: arrival(5).event.at })
    expect(found).toEqual([arrival(2), arrival(4), arrival(3)])
    expect(await all(journal, { from: arrival(6).event.at })).toEqual([])
  })

  test('[S16] entries older than the retention go once a day, but none that a recovery needs', async () => {
    const file = newFile()
    const clock = fakeClock('2026-11-23T09:00:00Z')
    const journal = await open(file, { clock })
    const old = Date.parse('2025-11-20T09:00:00Z')
    journal.append([arrival(1, old), arrival(2, old)])
    journal.snapshot({ after: 2 })
    journal.append([arrival(3, old), arrival(4)])
    await journal.committed()
    clock.pass(24 * 60 * 60 * 1000)
    expect(calls((await journal.recover()).events)).toEqual(['call-3', 'call-4'])
    expect(await all(journal)).toEqual([arrival(3, old), arrival(4)])
  })
})

function pageCount(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true })
  const count = Number(database.prepare('PRAGMA page_count').get()?.page_count)
  database.close()
  return count
}
