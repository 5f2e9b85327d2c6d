import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { realDisk } from '../../../src/service/files.ts'
import { StartProblem, type ConfigurationStore } from '../../../src/service/ports.ts'
import {
  createConfiguration,
  openConfigurationStore,
  type ConfigurationStoreOptions,
} from '../../../src/service/store/open-configuration-store.ts'
import { company } from '../../support/persistence/company.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts'
import { noSpace, watchedDisk } from '../../support/persistence/watched-disk.ts'

const clock = fakeClock()
const open = (directory: string, more: Partial<ConfigurationStoreOptions> = {}) =>
  openConfigurationStore({ directory, clock, ...more })
const nameOf = (store: ConfigurationStore) => store.current().configuration.company.name

/** Saves companies of these names, one after the other. */
async function save(store: ConfigurationStore, ...names: readonly string[]) {
  for (const name of names) {
    const saved = await store.change({
      onto: store.current().revision,
      author: 'anna',
      summary: `To ${name}`,
      configuration: company(name),
    })
    expect(saved).toMatchObject({ ok: true })
  }
}

async function storeWith(directory: string, ...names: readonly string[]) {
  const store = await open(directory, { initial: company('First') })
  await save(store, ...names)
  return store
}

describe('saving', () => {
  test('[S2] a change is in the file, in canonical bytes, when it is acknowledged', async () => {
    const directory = temporaryDirectory()
    const store = await storeWith(directory, 'Second')
    const text = readFileSync(join(directory, 'gruppnummer.json'), 'utf8')
    expect(text).toBe(`${JSON.stringify(company('Second'), null, 2)}\n`)
    expect(store.current()).toEqual({ revision: 2, configuration: company('Second') })
  })

  test('[S3] a change made on another revision is a conflict and changes nothing', async () => {
    const store = await storeWith(temporaryDirectory(), 'Second')
    const late = { onto: 1, author: 'ben', summary: 'Late', configuration: company('Late') }
    expect(await store.change(late)).toEqual({ ok: false, problem: { kind: 'conflict', revision: 2 } })
    expect(nameOf(store)).toBe('Second')
  })

  test('[S3] of two changes at once on one revision the first wins and the second is told', async () => {
    const store = await storeWith(temporaryDirectory())
    const change = (name: string) =>
      store.change({ onto: 1, author: name, summary: name, configuration: company(name) })
    const [anna, ben] = await Promise.all([change('Anna'), change('Ben')])
    expect(anna).toEqual({ ok: true, value: { revision: 2 } })
    expect(ben).toEqual({ ok: false, problem: { kind: 'conflict', revision: 2 } })
    expect(nameOf(store)).toBe('Anna')
  })

  test('an invalid change is refused with the paths of its faults', async () => {
    const store = await storeWith(temporaryDirectory())
    const wrong = { ...company('Wrong'), agents: [{ id: 'a1' }] }
    const answer = await store.change({ onto: 1, author: 'anna', summary: 'Wrong', configuration: wrong })
    expect(answer).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
    expect(JSON.stringify(answer)).toContain('agents[0].phone')
    expect(nameOf(store)).toBe('First')
  })

  test('a change that changes nothing is answered with the revision that is in force', async () => {
    const store = await storeWith(temporaryDirectory())
    const same = { onto: 1, author: 'anna', summary: 'Same', configuration: company('First') }
    expect(await store.change(same)).toEqual({ ok: true, value: { revision: 1 } })
    expect(store.history()).toHaveLength(1)
  })

  test('listeners hear each acknowledged change until they stop, and a failing one harms nobody', async () => {
    const warned: string[] = []
    const log = { warn: (message: string) => warned.push(message) }
    const store = await open(temporaryDirectory(), { initial: company('First'), log })
    const heard: string[] = []
    store.changed(() => {
      throw new Error('no use')
    })
    const stop = store.changed(({ revision, configuration }) => heard.push(`${revision} ${configuration.company.name}`))
    await save(store, 'Second')
    stop()
    await save(store, 'Third')
    expect(heard).toEqual(['2 Second'])
    expect(warned).toHaveLength(2)
  })
})

describe('versions', () => {
  test('[S4] each change is kept with author, time and summary, newest first, and any comes back', async () => {
    const directory = temporaryDirectory()
    await (await storeWith(directory, 'Second', 'Third')).close()

    const store = await open(directory)
    const at = Date.parse('2026-11-23T09:00:00Z')
    expect(store.history()).toEqual([
      { revision: 3, at, author: 'anna', summary: 'To Third' },
      { revision: 2, at, author: 'anna', summary: 'To Second' },
      { revision: 1, at, author: 'gruppnummer', summary: 'First version' },
    ])
    expect(await store.version(2)).toEqual({ ok: true, value: company('Second') })
    await save(store, 'Second')
    expect(store.current()).toEqual({ revision: 4, configuration: company('Second') })
    expect(await store.version(9)).toEqual({ ok: false, problem: { kind: 'unknownRevision', revision: 9 } })
  })

  test('[S4] the oldest versions beyond those kept go', async () => {
    const directory = temporaryDirectory()
    const store = await open(directory, { initial: company('First'), keep: 3 })
    await save(store, 'Second', 'Third', 'Fourth', 'Fifth')
    expect(store.history().map(({ revision }) => revision)).toEqual([5, 4, 3])
    expect(readdirSync(join(directory, 'versions'))).toEqual([
      '00000003.version',
      '00000004.version',
      '00000005.version',
    ])
    expect(await store.version(2)).toMatchObject({ ok: false, problem: { kind: 'unknownRevision' } })
  })

  test('a version that has rotted is told so when asked for', async () => {
    const directory = temporaryDirectory()
    const store = await storeWith(directory, 'Second')
    const file = join(directory, 'versions', '00000001.version')
    writeFileSync(file, readFileSync(file, 'utf8').replace('First"', 'Other"'))
    expect(await store.version(1)).toMatchObject({ ok: false, problem: { kind: 'disk' } })
  })
})

describe('opening', () => {
  test.each<[string, (file: string) => void]>([
    ['truncated', (file) => truncateSync(file, 40)],
    ['empty', (file) => truncateSync(file, 0)],
    ['not JSON', (file) => writeFileSync(file, 'Öppettider: 8 till 17')],
    ['binary', (file) => writeFileSync(file, Buffer.from([0xff, 0xfe, 0, 1, 2]))],
    ['an invalid configuration', (file) => writeFileSync(file, JSON.stringify({ ...company('X'), extra: 1 }))],
  ])('[S5] a document that is %s is set aside, and the newest good version used, loudly', async (_, damage) => {
    const directory = temporaryDirectory()
    await (await storeWith(directory, 'Second')).close()
    const file = join(directory, 'gruppnummer.json')
    damage(file)
    const damaged = readFileSync(file)

    const warned: string[] = []
    const store = await open(directory, { log: { warn: (message) => warned.push(message) } })
    expect(store.current()).toEqual({ revision: 2, configuration: company('Second') })
    expect(store.troubles).toHaveLength(1)
    expect(store.troubles[0]).toContain(file)
    expect(store.troubles[0]).toContain('revision 2 is used')
    expect(warned).toEqual(store.troubles)
    expect(readFileSync(`${file}.damaged-2026-11-23T09-00-00.000Z`)).toEqual(damaged)
    expect((await open(directory)).troubles).toEqual([])
  })

  test('[S5] a damaged document and a damaged newest version: the version before is used', async () => {
    const directory = temporaryDirectory()
    await (await storeWith(directory, 'Second')).close()
    truncateSync(join(directory, 'gruppnummer.json'), 40)
    truncateSync(join(directory, 'versions', '00000002.version'), 200)
    const store = await open(directory)
    expect(nameOf(store)).toBe('First')
    expect(store.troubles).toHaveLength(2)
  })

  test('[S5] a missing document is written again from the newest version', async () => {
    const directory = temporaryDirectory()
    await (await storeWith(directory, 'Second')).close()
    rmSync(join(directory, 'gruppnummer.json'))
    const store = await open(directory, { initial: company('First') })
    expect(nameOf(store)).toBe('Second')
    expect(store.troubles).toHaveLength(1)
  })

  test('[S5] with nothing good at all it does not start, and the damaged document stays', async () => {
    const directory = temporaryDirectory()
    const file = join(directory, 'gruppnummer.json')
    writeFileSync(file, '{"schemaVersion": 1')
    await expect(open(directory, { initial: company('First') })).rejects.toThrow(StartProblem)
    await expect(open(directory)).rejects.toThrow(file)
    expect(readFileSync(file, 'utf8')).toBe('{"schemaVersion": 1')
  })

  test('an empty directory does not start without a first configuration; creating one makes it', async () => {
    const directory = temporaryDirectory()
    await expect(open(directory)).rejects.toThrow(StartProblem)
    await createConfiguration(directory, company('First'), { clock })
    await expect(createConfiguration(directory, company('Other'), { clock })).rejects.toThrow(StartProblem)
    expect(nameOf(await open(directory))).toBe('First')
  })

  test('[S6] a valid edit by hand while the service was down is a revision by file', async () => {
    const directory = temporaryDirectory()
    await (await storeWith(directory)).close()
    writeFileSync(join(directory, 'gruppnummer.json'), JSON.stringify(company('By hand')))
    const store = await open(directory)
    expect(store.current()).toEqual({ revision: 2, configuration: company('By hand') })
    expect(store.history()[0]).toMatchObject({ revision: 2, author: 'file' })
    expect((await open(directory)).current().revision).toBe(2)
  })

  test('[S6] the same content in another layout is no change', async () => {
    const directory = temporaryDirectory()
    await (await storeWith(directory)).close()
    writeFileSync(join(directory, 'gruppnummer.json'), JSON.stringify(company('First')))
    expect((await open(directory)).history()).toHaveLength(1)
  })

  test('a document without versions is taken as the first', async () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'gruppnummer.json'), JSON.stringify(company('Brought')))
    const store = await open(directory)
    expect(store.current()).toEqual({ revision: 1, configuration: company('Brought') })
    expect(store.history()).toHaveLength(1)
  })

  test('what killed writers left behind is taken away', async () => {
    const directory = temporaryDirectory()
    await (await storeWith(directory)).close()
    const leftover = '.gruppnummer.json.0b9a6f5e-52ae-4f9c-8f43-6c0a4de92e11.tmp'
    writeFileSync(join(directory, leftover), '{"half')
    writeFileSync(join(directory, '.keep'), '')
    await open(directory)
    expect(readdirSync(directory)).toEqual(['.keep', 'gruppnummer.json', 'versions'])
  })
})

describe('a disk that fails', () => {
  test('[S7] at whatever step it is full, the old version stays in force and the next save works', async () => {
    const directory = temporaryDirectory()
    await (await storeWith(directory)).close()
    let step = 0
    let failAt = Infinity
    const disk = watchedDisk(realDisk, () => {
      if (step++ === failAt) throw noSpace()
    })
    const store = await open(directory, { disk })
    let refused = 0
    for (let at = 0; ; at++) {
      const before = store.current()
      step = 0
      failAt = at
      const name = `Company ${at}`
      const answer = await store.change({
        onto: before.revision,
        author: 'anna',
        summary: name,
        configuration: company(name),
      })
      if (answer.ok) expect(nameOf(store)).toBe(name)
      else {
        refused++
        expect(answer.problem).toMatchObject({ kind: 'disk' })
        expect(store.current()).toEqual(before)
        expect(nameOf(await open(directory))).toBe(before.configuration.company.name)
      }
      if (step <= at) break
    }
    expect(refused).toBeGreaterThan(8)
    failAt = Infinity
    await save(store, 'Afterwards')
    expect(nameOf(await open(directory))).toBe('Afterwards')
    expect(store.history().map(({ revision }) => revision)).toEqual(
      store.history().map((_, index) => store.current().revision - index),
    )
  })

  test.skipIf(process.getuid?.() === 0)(
    '[S7] [needs another user than root] a directory that cannot be written refuses the change',
    async () => {
      const directory = temporaryDirectory()
      const store = await storeWith(directory)
      chmodSync(join(directory, 'versions'), 0o500)
      const change = { onto: 1, author: 'anna', summary: 'Second', configuration: company('Second') }
      expect(await store.change(change)).toMatchObject({ ok: false, problem: { kind: 'disk' } })
      expect(nameOf(store)).toBe('First')
      chmodSync(join(directory, 'versions'), 0o700)
      expect(await store.change(change)).toMatchObject({ ok: true })
    },
  )

  test('[S7] versions that cannot be kept refuse the change', async () => {
    const directory = temporaryDirectory()
    const store = await storeWith(directory)
    rmSync(join(directory, 'versions'), { recursive: true })
    writeFileSync(join(directory, 'versions'), 'a file where the directory was')
    const change = { onto: 1, author: 'anna', summary: 'Second', configuration: company('Second') }
    expect(await store.change(change)).toMatchObject({ ok: false, problem: { kind: 'disk' } })
    expect(nameOf(store)).toBe('First')
  })
})

describe('sounds', () => {
  test('[S8] a sound is a file inside the directory', async () => {
    const directory = temporaryDirectory()
    const store = await storeWith(directory)
    mkdirSync(join(directory, 'audio'))
    expect(store.soundPath('audio/welcome-sv.wav')).toBe(join(directory, 'audio', 'welcome-sv.wav'))
    expect(store.soundPath('welcome.wav')).toBe(join(directory, 'welcome.wav'))
  })

  test.each(['../secret.wav', '/etc/passwd', 'audio/../../x.wav', 'accounts.json', '', '.', 'audio/../accounts.json'])(
    '[S8] %j is refused',
    async (name) => {
      const store = await storeWith(temporaryDirectory())
      expect(() => store.soundPath(name)).toThrow('expected a sound file')
    },
  )
})
