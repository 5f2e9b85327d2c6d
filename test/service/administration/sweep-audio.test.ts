import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { keepAudioSwept, sweepAudio } from '../../../src/service/administration/sweep-audio.ts'
import { realDisk } from '../../../src/service/files.ts'
import { openConfigurationStore } from '../../../src/service/store/open-configuration-store.ts'
import { office } from '../../core/configuration/edits/office.ts'
import { fakeClock } from '../../support/persistence/fake-clock.ts'
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts'

const hour = 60 * 60 * 1000

/** A real store that keeps two versions, and real files beside it. */
async function company() {
  const directory = temporaryDirectory()
  const clock = fakeClock()
  const store = await openConfigurationStore({ directory, clock, initial: office(), keep: 2 })
  onTestFinished(() => store.close())
  const audio = join(directory, 'audio')
  mkdirSync(audio)
  const parts = { store, disk: realDisk, clock, log: pino({ level: 'silent' }) }

  return {
    clock,
    store,
    parts,
    directory,
    files: () => readdirSync(audio),
    uploaded: (content: string, { hoursAgo }: { readonly hoursAgo: number }) => {
      const sha256 = createHash('sha256').update(content).digest('hex')
      const name = `${sha256}.wav`
      writeFileSync(join(audio, name), content)
      const then = new Date(clock.now() - hoursAgo * hour)
      utimesSync(join(audio, name), then, then)
      return { name, file: `audio/${name}`, sha256 }
    },
    names: async (sound?: { readonly file: string; readonly sha256: string }) => {
      const { revision } = store.current()
      const document = office()
      const messages = document.messages.map((message, at) => (at === 0 ? { ...message, ...sound } : message))
      const configuration = { ...document, messages, company: { ...document.company, name: `Exempel ${revision}` } }
      const kept = await store.change({ onto: revision, author: 'test', summary: 'test', configuration })
      if (!kept.ok) throw new Error(JSON.stringify(kept.problem))
    },
  }
}

test('[A25] stored audio that nothing names goes after a day, and no other file', async () => {
  const { parts, files, uploaded, directory } = await company()
  const [old, young] = [uploaded('old', { hoursAgo: 25 }), uploaded('young', { hoursAgo: 23 })]
  writeFileSync(join(directory, 'audio', 'welcome.wav'), 'by hand')
  utimesSync(join(directory, 'audio', 'welcome.wav'), 0, 0)
  expect(await sweepAudio(parts)).toEqual([old.file])
  expect(files()).toEqual([young.name, 'welcome.wav'].toSorted())
})

test('[A25] what a kept version names stays until the version goes', async () => {
  const { parts, files, uploaded, names } = await company()
  const { name, file, sha256 } = uploaded('once used', { hoursAgo: 48 })
  await names({ file, sha256 })
  expect(await sweepAudio(parts)).toEqual([])
  await names()
  expect(await sweepAudio(parts)).toEqual([])
  expect(files()).toEqual([name])
  // Two versions are kept: with this one, none of them names it.
  await names()
  expect(await sweepAudio(parts)).toEqual([file])
  expect(files()).toEqual([])
})

test('[A25] where a version cannot be read nothing is taken away', async () => {
  const { parts, files, uploaded, names, directory } = await company()
  const { name } = uploaded('unused', { hoursAgo: 48 })
  await names()
  writeFileSync(join(directory, 'versions', '00000001.version'), 'rotten')
  expect(await sweepAudio(parts)).toEqual([])
  expect(files()).toEqual([name])
})

test('[A25] it is looked for at a start', async () => {
  const { parts, files, uploaded } = await company()
  uploaded('at the start', { hoursAgo: 25 })
  await keepAudioSwept(parts).close()
  expect(files()).toEqual([])
})
