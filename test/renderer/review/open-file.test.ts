// @vitest-environment node
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openFile, type GivenFile } from '../../../src/renderer/review/open-file.ts'
import { exampleCompany } from '../support/kept-versions.ts'
import { zipOf, type Packed } from '../support/zip.ts'

const document = readFileSync('resources/example/gruppnummer.json', 'utf8')
const files = [...new Set(exampleCompany.messages.map(({ file }) => file))]
const sounds: Packed[] = files.map((name, index) => ({
  name,
  bytes: readFileSync(`resources/example/${name}`),
  stored: index % 2 === 0,
}))
const given = (bytes: Buffer<ArrayBuffer> | string, name = 'export.zip'): GivenFile =>
  new File([bytes], name, { lastModified: Date.parse('2026-11-20T13:00:00Z') })
const open = (...packed: Packed[]) => openFile(given(zipOf(...packed)))

test('an export is opened with every sound, stored or packed', async () => {
  const opened = await open({ name: 'gruppnummer.json', bytes: document }, ...sounds)
  if (!opened.ok) throw new Error(JSON.stringify(opened.problem))
  const { configuration, sounds: heard, soundFaults, origin } = opened.value
  expect(configuration).toEqual(exampleCompany)
  expect(soundFaults).toEqual([])
  expect(heard.size).toBe(exampleCompany.messages.length)
  const [message] = exampleCompany.messages
  expect(heard.get(message!.id)?.type).toBe('audio/wav')
  expect(Buffer.from(await heard.get(message!.id)!.arrayBuffer())).toEqual(
    readFileSync(`resources/example/${message!.file}`),
  )
  expect(origin).toEqual({ kind: 'file', name: 'export.zip', at: Date.parse('2026-11-20T13:00:00Z') })
})

test('a document alone is opened, without sounds', async () => {
  const opened = await openFile(given(document, 'gruppnummer.json'))
  expect(opened).toMatchObject({ ok: true, value: { configuration: exampleCompany, soundFaults: [] } })
})

test('a folder that was packed by hand is an export too', async () => {
  const inFolder = [{ name: 'gruppnummer.json', bytes: document }, ...sounds].map((file) => ({
    ...file,
    name: `kopia/${file.name}`,
  }))
  const opened = await open(...inFolder)
  expect(opened.ok && opened.value.soundFaults).toEqual([])
})

test('a sound that is not there, or is another, is told and the rest is opened', async () => {
  const [, second, ...rest] = sounds
  const opened = await open({ name: 'gruppnummer.json', bytes: document }, { ...second!, bytes: 'another' }, ...rest)
  const faults = opened.ok ? opened.value.soundFaults.map(({ message, kind }) => [message.file, kind]) : []
  expect(faults).toContainEqual([files[0], 'missing'])
  expect(faults).toContainEqual([files[1], 'damaged'])
})

const whole = zipOf({ name: 'gruppnummer.json', bytes: document })
test.each<[string, Buffer<ArrayBuffer> | string, object]>([
  ['cut off', whole.subarray(0, whole.length - 30), { kind: 'zip', problem: 'damaged' }],
  [
    'with other bytes than were packed',
    Buffer.from(whole.map((byte, index) => (index === 400 ? byte ^ 1 : byte))),
    { kind: 'zip', problem: 'damaged' },
  ],
  [
    'with a name that leads out of it',
    zipOf({ name: '../gruppnummer.json', bytes: document }),
    { kind: 'zip', problem: 'hostile' },
  ],
  [
    'with one name twice',
    zipOf({ name: 'gruppnummer.json', bytes: document }, { name: 'gruppnummer.json', bytes: '{}' }),
    { kind: 'zip', problem: 'hostile' },
  ],
  [
    'a bomb that says it is small',
    zipOf({ name: 'gruppnummer.json', bytes: Buffer.alloc(50_000_000), saysSize: 1000 }),
    { kind: 'zip', problem: 'damaged' },
  ],
  [
    'a bomb that says it is large',
    zipOf({ name: 'gruppnummer.json', bytes: 'x', saysSize: 3_000_000_000 }),
    { kind: 'zip', problem: 'tooBig' },
  ],
  [
    'with a password',
    zipOf({ name: 'gruppnummer.json', bytes: document, encrypted: true }),
    { kind: 'zip', problem: 'unsupported' },
  ],
  ['without a document', zipOf({ name: 'readme.txt', bytes: 'hej' }), { kind: 'noDocument' }],
  ['of a newer version', document.replace('"schemaVersion": 1', '"schemaVersion": 2'), { kind: 'newer' }],
  ['that is no JSON', 'hej', { kind: 'faults', problems: [expect.objectContaining({ path: '' })] }],
  [
    'of ten million brackets',
    '['.repeat(10_000_000),
    { kind: 'faults', problems: [expect.objectContaining({ severity: 'error' })] },
  ],
])('a file %s is one clear problem', async (_, bytes, problem) => {
  expect(await openFile(given(bytes))).toEqual({ ok: false, problem })
})
