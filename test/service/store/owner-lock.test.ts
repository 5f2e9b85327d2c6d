import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openOwnerLock } from '../../../src/service/owner-lock.ts'
import { StartProblem } from '../../../src/service/ports.ts'
import { run } from '../../support/persistence/run.ts'
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts'

test('[S1] a second owner of a directory is refused by its name, until the first lets go', () => {
  const directory = temporaryDirectory()
  const first = openOwnerLock(directory)
  expect(() => openOwnerLock(directory)).toThrow(StartProblem)
  expect(() => openOwnerLock(directory)).toThrow(directory)
  first.release()
  openOwnerLock(directory).release()
})

test('[S1] an owner in another process keeps everyone out, and a killed one nobody', async () => {
  const directory = temporaryDirectory()
  const owner = run('hold-owner-lock.ts', directory)
  await owner.printed('held')
  expect(() => openOwnerLock(directory)).toThrow(`${directory}: another service owns this directory`)

  owner.child.kill('SIGKILL')
  await owner.ended
  expect(existsSync(join(directory, 'owner.lock'))).toBe(true)
  openOwnerLock(directory).release()
})

test('[S1] a directory that is not there, or a lock file of something else, is named', () => {
  const directory = temporaryDirectory()
  expect(() => openOwnerLock(join(directory, 'nowhere'))).toThrow(StartProblem)
  writeFileSync(join(directory, 'owner.lock'), 'process 4711 was here, and it was not SQLite at all'.repeat(100))
  expect(() => openOwnerLock(directory)).toThrow(`${join(directory, 'owner.lock')}: not a lock of ours`)
})
