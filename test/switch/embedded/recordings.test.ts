import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { recordingsIn } from '../../../src/switch/embedded/recordings.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gruppnummer-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true })
})

test('what is kept is read by the name it was given', async () => {
  const recordings = recordingsIn(join(directory, 'recordings'), randomBytes)
  const names = [await recordings.keep(Buffer.from('one')), await recordings.keep(Buffer.from('two'))]
  expect(await Promise.all(names.map((name) => recordings.read(name)))).toEqual([
    Buffer.from('one'),
    Buffer.from('two'),
  ])
})

test.each(['../secret.wav', 'secret.wav', '', '.', `${'a'.repeat(32)}.wav`, `../${'a'.repeat(32)}.wav`])(
  'no other name leads anywhere: "%s"',
  async (name) => {
    for (const secret of ['secret.wav', `${'a'.repeat(32)}.wav`]) writeFileSync(join(directory, secret), 'secret')
    expect(await recordingsIn(join(directory, 'recordings'), randomBytes).read(name)).toBeUndefined()
  },
)
