import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { convertAudio } from '../../../src/service/administration/audio/convert-audio.ts'
import { writeWav } from '../../../src/service/administration/audio/write-wav.ts'
import { openFileWork } from '../../../src/service/file-work/file-work.ts'
import { readPackage, writePackage } from '../../../src/service/package-file/package-file.ts'
import type { AgentId, E164 } from '../../../src/core/configuration/types.ts'
import { office } from '../../core/configuration/edits/office.ts'

function works(options?: Parameters<typeof openFileWork>[0]) {
  const files = openFileWork(options)
  onTestFinished(() => files.close())
  return files
}

const recording = () =>
  writeWav({ rate: 44_100, samples: Float32Array.from({ length: 44_100 * 20 }, (_, at) => Math.sin(at / 20) / 3) })

/** How often the event loop comes round while something is done: each time it could have carried out a call's commands. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0
  let next = setImmediate(function turn() {
    turns += 1
    next = setImmediate(turn)
  })
  await work()
  clearImmediate(next)
  return turns
}

test('[A22] the loop that carries calls goes round while a recording is converted', async () => {
  const files = works()
  const file = recording()
  // Here, in this thread, the same work stops it.
  expect(await turnsDuring(() => convertAudio(Buffer.from(file)))).toBe(0)
  expect(await turnsDuring(() => files.convert(file))).toBeGreaterThan(20)
})

test('[A22] the loop goes round while a large export is read', async () => {
  const files = works()
  const configuration = office()
  const many = {
    ...configuration,
    agents: Array.from({ length: 5000 }, (_, at) => ({
      ...configuration.agents[0]!,
      id: `agent-${at}` as AgentId,
      phone: `+46${700_000_000 + at}` as E164,
    })),
  }
  const chunks: Buffer[] = []
  for await (const chunk of writePackage(many, () => Promise.resolve(Buffer.alloc(0)))) chunks.push(chunk)
  const file = Buffer.concat(chunks)
  expect(await turnsDuring(() => Promise.resolve(readPackage(Buffer.from(file))))).toBe(0)
  expect(await turnsDuring(() => files.readPackage(file))).toBeGreaterThan(20)
})

test('[A22] what comes out of the thread is what was asked for, and the same faults', async () => {
  const files = works()
  const sound = readFileSync(new URL('../administration/sounds/tone.opus', import.meta.url))
  const [there, here] = [await files.convert(Buffer.from(sound)), await convertAudio(sound)]
  expect(there).toEqual(here)
  expect(await files.convert(Buffer.from('no sound'))).toEqual(await convertAudio(Buffer.from('no sound')))
  const damaged = Buffer.from('PK\u0003\u0004 and so on')
  expect(await files.readPackage(Buffer.from(damaged))).toEqual(readPackage(damaged))
})

test('[A22] a file that takes too long is given up, and the next one is read', async () => {
  expect(await works({ limitMillis: 1 }).convert(recording())).toMatchObject({
    ok: false,
    problem: { kind: 'unavailable', message: 'reading the file took too long' },
  })
  const files = works()
  const [first, second] = [files.convert(recording()), files.convert(Buffer.from('no sound'))]
  expect(await first).toMatchObject({ ok: true })
  expect(await second).toMatchObject({ ok: false, problem: { kind: 'unsupported' } })
})

test('[A22] at the end of the service nothing is left waiting', async () => {
  const files = works()
  const asked = [files.convert(recording()), files.convert(recording())]
  await files.close()
  for (const outcome of await Promise.all(asked))
    expect(outcome).toMatchObject({ ok: false, problem: { kind: 'unavailable' } })
})
