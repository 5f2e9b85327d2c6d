import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { ImportPreview, StoredAudio } from '../../../src/contract/administration.ts'
import { inWords } from '../../../src/core/configuration/difference-in-words.ts'
import { serializeConfiguration } from '../../../src/core/configuration/serialize.ts'
import type { Configuration } from '../../../src/core/configuration/types.ts'
import type { Role } from '../../../src/contract/console.ts'
import { resample } from '../../../src/service/administration/audio/resample.ts'
import { writeWav } from '../../../src/service/administration/audio/write-wav.ts'
import { readPackage, writePackage } from '../../../src/service/package-file/package-file.ts'
import { office } from '../../core/configuration/edits/office.ts'
import { post, startScene } from '../console/service-scene.ts'

// --- a company with sound -----------------------------------------------------------------------

const contents = new Map<string, Buffer>()

/** Each message has audio of its own, of the first bytes that come to mind. */
function soundOffice(): Configuration {
  const given = office()
  const messages = given.messages.map((message) => {
    const content = Buffer.from(`RIFF ${message.id}`)
    contents.set(message.file, content)
    return { ...message, sha256: createHash('sha256').update(content).digest('hex') }
  })
  return { ...given, messages }
}

async function collected(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

const packed = (configuration = soundOffice()) =>
  collected(writePackage(configuration, (file) => Promise.resolve(contents.get(file) ?? Buffer.alloc(0))))

// --- the file -----------------------------------------------------------------------------------

test('[A16] an export is read as it was written, and the same content is the same bytes', async () => {
  const configuration = soundOffice()
  const file = await packed(configuration)
  expect(await packed(configuration)).toEqual(file)
  const read = readPackage(file)
  expect(read).toMatchObject({ ok: true, value: { configuration } })
  expect(read.ok ? [...read.value.sounds] : []).toEqual([...contents])
})

test('[A16] a bare document is read too', () => {
  const read = readPackage(Buffer.from(serializeConfiguration(office())))
  expect(read).toMatchObject({ ok: true, value: { configuration: office() } })
})

interface Entry {
  readonly name: string
  readonly content?: Buffer
  /** What the headers say, where it is not so. */
  readonly unpacked?: number
  readonly crc?: number
  readonly method?: number
  readonly flags?: number
}

/** A ZIP file as anyone may make it. */
function zipOf(...entries: readonly Entry[]): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const { name, content = Buffer.alloc(0), method = 0, flags = 0, ...said } of entries) {
    const data = method === 8 ? deflateRawSync(content) : content
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt16LE(flags, 2)
    facts.writeUInt16LE(method, 4)
    facts.writeUInt32LE(said.crc ?? crc32(content), 10)
    facts.writeUInt32LE(data.length, 14)
    facts.writeUInt32LE(said.unpacked ?? content.length, 18)
    facts.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), facts, Buffer.from(name), data])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    central.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), facts, tail, Buffer.from(name)]))
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 0, 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}

const document = { name: 'gruppnummer.json', content: Buffer.from(serializeConfiguration(soundOffice())) }
const hello = () => ({ name: 'audio/hello.wav', content: contents.get('audio/hello.wav') ?? Buffer.alloc(0) })

test('[A16] a ZIP file packed by another program is read', () => {
  expect(readPackage(zipOf({ ...document, method: 8 }, { name: 'audio/' }, { ...hello(), method: 8 }))).toMatchObject({
    ok: true,
  })
})

/** Much that packs well, all within the limit of one. */
function bomb(): Entry[] {
  return Array.from({ length: 6 }, (_, index) => ({
    name: `audio/${String(index)}.wav`,
    unpacked: 60 * 1024 * 1024,
    method: 8,
  }))
}

describe('[A17] a file that is not to be trusted gets one sentence', () => {
  const problemOf = (file: Buffer) => {
    const read = readPackage(file)
    return read.ok ? 'read' : read.problem
  }

  test.each<[string, () => Buffer, RegExp]>([
    ['empty', () => Buffer.alloc(0), /line 1, column 1/],
    ['no document', () => Buffer.from('<html>'), /gruppnummer\.json: line 1, column 1/],
    ['no text', () => Buffer.from([0xff, 0xfe, 0x00, 0x01]), /expected a ZIP file, or a gruppnummer.json/],
    ['cut short', () => zipOf(document).subarray(0, 500), /cut short/],
    ['without a document', () => zipOf(hello()), /there is no gruppnummer.json/],
    ['a path out of it', () => zipOf(document, { name: '../accounts.json' }), /"\.\.\/accounts\.json" does not belong/],
    ['a path out of it that is a sound', () => zipOf(document, { name: '../../x.wav' }), /does not belong/],
    ['an absolute path', () => zipOf(document, { name: '/etc/x.wav' }), /does not belong/],
    ['a backslash', () => zipOf(document, { name: 'audio\\..\\x.wav' }), /does not belong/],
    ['another file', () => zipOf(document, { name: 'accounts.json' }), /does not belong/],
    ['a sound that nothing names', () => zipOf(document, { name: 'audio/more.wav' }), /no message names/],
    ['one name twice', () => zipOf(document, hello(), hello()), /is in it twice/],
    ['an entry greater than it says', () => zipOf({ ...document, method: 8, unpacked: 100 }), /is damaged/],
    ['an entry that says too much', () => zipOf({ ...document, method: 8, unpacked: 0xffff_fff0 }), /at most/],
    ['a bomb', () => zipOf(document, ...bomb()), /holds \d+ bytes, at most/],
    ['a wrong checksum', () => zipOf({ ...document, crc: 1 }), /is damaged/],
    ['an encrypted entry', () => zipOf({ ...document, flags: 1 }), /is encrypted/],
    ['an unknown packing', () => zipOf({ ...document, method: 14 }), /packed in an unknown way/],
    ['a sound of other bytes', () => zipOf(document, { ...hello(), content: Buffer.from('x') }), /has other bytes/],
    [
      'a newer version',
      () => Buffer.from(JSON.stringify({ ...office(), schemaVersion: 2, more: true })),
      /another version of Gruppnummer/,
    ],
    ['a reference to nothing', () => Buffer.from(JSON.stringify({ ...office(), agents: [] })), /agent/],
    ['50 MB of nested JSON', () => Buffer.alloc(50 * 1024 * 1024, '['), /at most 16 MiB/],
    ['nested JSON', () => Buffer.alloc(1024 * 1024, '['), /gruppnummer\.json: line 1/],
  ])('%s', (_, file, expected) => {
    const said = problemOf(file())
    expect(said).toMatch(expected)
    expect(said).not.toContain('\n')
  })

  test('cut or changed anywhere, it is refused or means the same', async () => {
    const file = await packed()
    for (let at = 0; at < file.length; at += 7) {
      const changed = Buffer.from(file)
      changed.writeUInt8((changed.readUInt8(at) + 1) % 256, at)
      const read = readPackage(changed)
      if (read.ok) expect(read.value.configuration).toEqual(soundOffice())
      expect(readPackage(file.subarray(0, at)).ok).toBe(false)
    }
  })
})

// --- over HTTP ----------------------------------------------------------------------------------

/** A service with the office and its sounds; one signed-in admin. */
async function running(configuration = office()) {
  const scene = await startScene({ configuration })
  const cookie = await scene.signsIn({ name: 'root', roles: ['admin'] })
  const { origin } = scene.service
  const send = (path: string, body: Buffer, as = cookie) =>
    fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { origin, cookie: as, 'content-type': 'application/zip' },
      body: new Uint8Array(body),
    })
  const get = (path: string, as = cookie) => fetch(`${origin}${path}`, { headers: { cookie: as } })
  return { scene, cookie, origin, send, get }
}

/** Nobody, nothing. */
const empty = (): Configuration => ({ ...office(), agreements: [], agents: [], groupNumbers: [], messages: [] })
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer())

test('[A18] exported, imported into an empty service and exported again: the same bytes, audio included', async () => {
  const file = await packed()
  const { scene, send, get } = await running(empty())
  const shown = (await (await send('/api/import?preview=1', file)).json()) as ImportPreview
  expect(shown).toMatchObject({ revision: 1, newAudio: 5, missingAudio: [] })
  expect(shown.changes.map((change) => inWords(change, 'sv'))).toContain('gruppnummer Support tillagt (+46122260980)')
  expect(existsSync(join(scene.directory, 'audio'))).toBe(false)

  const imported = await send('/api/import?onto=1', file)
  expect(await imported.json()).toEqual({ revision: 2 })
  const again = await get('/api/export')
  expect(again.headers.get('content-type')).toBe('application/zip')
  expect(await bytesOf(again)).toEqual(file)
  expect(scene.store.history()[0]).toMatchObject({ author: 'root', summary: 'Importerade en fil' })
})

test('[A18] audio that cannot be played to callers is named before it is imported', async () => {
  const { send } = await running(empty())
  const configuration = soundOffice()
  const file = 'audio/hello.wav'
  const content = tone(8000)
  contents.set(file, content)
  const sha256 = createHash('sha256').update(content).digest('hex')
  const messages = configuration.messages.map((each) => (each.file === file ? { ...each, sha256 } : each))
  const shown = await send('/api/import?preview=1', await packed({ ...configuration, messages }))
  expect(await shown.json()).toMatchObject({
    newAudio: 5,
    unplayableAudio: [...contents.keys()].filter((each) => each !== file),
  })
})

test('[A18] a document whose audio is neither in the file nor here is refused, and nothing is changed', async () => {
  const { scene, send } = await running(empty())
  const bare = Buffer.from(serializeConfiguration(soundOffice()))
  expect(await (await send('/api/import?preview=1', bare)).json()).toMatchObject({
    missingAudio: [...contents.keys()],
  })
  const refused = await send('/api/import', bare)
  expect(refused.status).toBe(422)
  expect(await refused.json()).toEqual({
    error: { kind: 'invalid', message: 'the audio file audio/hello.wav is neither in the file nor here' },
  })
  expect(scene.store.current()).toMatchObject({ revision: 1, configuration: empty() })
})

describe('[A18] over HTTP a hostile file gets one error and changes nothing:', () => {
  test.each<[string, () => Buffer]>([
    ['a path out of it', () => zipOf(document, { name: '../evil.wav' })],
    ['a bomb', () => zipOf(document, ...bomb())],
    ['nested JSON', () => Buffer.alloc(1024 * 1024, '[')],
    ['50 MB of nested JSON', () => Buffer.alloc(50 * 1024 * 1024, '[')],
    ['cut short', () => zipOf(document).subarray(0, 99)],
    ['a sound of other bytes', () => zipOf(document, { ...hello(), content: Buffer.from('x') })],
    ['a newer version', () => Buffer.from(JSON.stringify({ ...office(), schemaVersion: 2, more: true }))],
  ])('%s', async (_, file) => {
    const { scene, send } = await running(empty())
    // The call records are made beside, whatever is imported.
    const files = () => readdirSync(scene.directory).filter((name) => !name.startsWith('calls.sqlite'))
    const before = files()
    for (const path of ['/api/import?preview=1', '/api/import']) {
      const refused = await send(path, file())
      expect(refused.status).toBe(422)
      expect(await refused.json()).toMatchObject({ error: { kind: 'invalid' } })
    }
    expect(files()).toEqual(before)
    expect(scene.store.current()).toMatchObject({ revision: 1, configuration: empty() })
  })
})

test('[A18] audio that is there with other bytes stays, and the new one is named by its hash', async () => {
  const { scene, send } = await running(empty())
  await send('/api/import', await packed())
  const [first, ...rest] = soundOffice().messages
  if (!first) throw new Error('no message')
  const content = Buffer.from('RIFF another')
  const sha256 = createHash('sha256').update(content).digest('hex')
  const changed = { ...soundOffice(), messages: [{ ...first, sha256 }, ...rest] }
  const file = zipOf(
    { name: 'gruppnummer.json', content: Buffer.from(serializeConfiguration(changed)) },
    { name: first.file, content },
  )
  expect((await send('/api/import', file)).status).toBe(200)
  expect(scene.store.current().configuration.messages[0]?.file).toBe(`audio/${sha256}.wav`)
  expect(readFileSync(join(scene.directory, first.file), 'utf8')).toBe('RIFF hello')
})

test('[A18] an import made on a preview that is no longer the newest is a conflict', async () => {
  const { scene, send } = await running(empty())
  const answer = await send('/api/import?onto=7', await packed())
  expect(answer.status).toBe(409)
  expect(existsSync(join(scene.directory, 'audio'))).toBe(false)
})

test('[A18] a supervisor exports the supervised group numbers as a whole document', async () => {
  const { scene, send, get } = await running(empty())
  await send('/api/import', await packed())
  const boss = await scene.signsIn({ name: 'boss', roles: ['supervisor'], supervises: ['support' as never] })
  const read = readPackage(await bytesOf(await get('/api/export', boss)))
  if (!read.ok) throw new Error(read.problem)
  expect(read.value.configuration.groupNumbers.map(({ id }) => id)).toEqual(['support'])
  expect(JSON.stringify(read.value.configuration)).not.toMatch(/sales|pitch|Försäljning/)
  expect([...read.value.sounds.keys()]).not.toContain('audio/pitch.wav')
})

test.each<[Role, number, number, number]>([
  ['admin', 200, 200, 200],
  ['supervisor', 200, 403, 200],
  ['agent', 403, 403, 403],
  ['reviewer', 200, 403, 403],
])('[A19] %s is answered %i for export, %i for import, %i for audio', async (role, exported, imported, audio) => {
  const { scene, send, get } = await running(empty())
  const as = await scene.signsIn({ name: role, roles: [role], supervises: ['support' as never] })
  expect((await get('/api/export', as)).status).toBe(exported)
  expect((await send('/api/import?preview=1', await packed(), as)).status).toBe(imported)
  expect((await send('/api/messages/audio', tone(8000), as)).status).toBe(audio)
  expect((await get('/api/messages/speech', as)).status).toBe(audio)
})

test('[A19] without a session nothing is answered, and no body is read', async () => {
  const { send, get } = await running(empty())
  expect((await get('/api/export', '')).status).toBe(401)
  expect((await send('/api/import', Buffer.alloc(1024), '')).status).toBe(401)
  expect((await send('/api/messages/audio', Buffer.alloc(1024), '')).status).toBe(401)
})

function tone(rate: number): Buffer {
  const samples = Float32Array.from({ length: rate }, (_, index) => 0.3 * Math.sin((2 * Math.PI * 440 * index) / rate))
  return writeWav({ rate, samples })
}

test('[A20] uploaded audio is made into what a telephone plays, kept under its hash, and heard before it is used', async () => {
  const { scene, send, get } = await running(empty())
  const stored = (await (await send('/api/messages/audio', tone(44_100))).json()) as StoredAudio
  expect(stored).toMatchObject({ file: `audio/${stored.sha256}.wav`, seconds: 1, warnings: [] })
  const heard = await bytesOf(await get(`/api/messages/audio/${stored.sha256}`))
  expect(createHash('sha256').update(heard).digest('hex')).toBe(stored.sha256)
  expect(heard.readUInt32LE(24)).toBe(8000)
  expect(readFileSync(join(scene.directory, stored.file))).toEqual(heard)
  expect((await get(`/api/messages/audio/${'0'.repeat(64)}`)).status).toBe(404)
  expect((await get('/api/messages/audio/..%2f..%2faccounts.json')).status).toBe(404)
})

test('[A20] MP3, Ogg Opus and FLAC are taken, and what is no such file is refused in words', async () => {
  const { send, origin, cookie } = await running(empty())
  const sound = (name: string) => readFileSync(new URL(`sounds/${name}`, import.meta.url))
  for (const name of ['tone.mp3', 'tone.opus', 'tone.flac']) {
    const taken = await send('/api/messages/audio', sound(name))
    expect(await taken.json()).toMatchObject({
      file: expect.stringMatching(/^audio\/.*\.wav$/) as string,
      warnings: [],
    })
  }
  for (const [file, status, words] of [
    [sound('tone.ogg'), 415, 'Ogg Vorbis'],
    [sound('tone.flac').subarray(0, 2000), 422, 'FLAC'],
    [sound('long.flac'), 422, '20 minutes'],
    [Buffer.from('no sound'), 415, 'expected a WAV, MP3, Ogg Opus or FLAC file'],
  ] as const) {
    const refused = await send('/api/messages/audio', file)
    expect(refused.status).toBe(status)
    expect(await refused.json()).toMatchObject({ error: { message: expect.stringContaining(words) as string } })
  }
  expect((await send('/api/messages/audio', Buffer.from('RIFF....WAVE'))).status).toBe(422)
  expect((await send('/api/messages/audio', Buffer.alloc(21 * 1024 * 1024))).status).toBe(413)
  const speech = await post(`${origin}/api/messages/speech`, { text: '', language: 'sv' }, { cookie })
  expect(speech.status).toBe(400)
})

test('[A20] a tone above what a telephone can hold does not come back as another', () => {
  const rate = 48_000
  const samples = Float32Array.from({ length: rate }, (_, index) => Math.sin((2 * Math.PI * 7000 * index) / rate))
  const { samples: left } = resample({ rate, samples }, 8000)
  const loudest = left.slice(200, -200).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  expect(loudest).toBeLessThan(0.001)
})
