import { readFile, stat } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import type { Result } from '../../../core/result.ts'
import { failed, ok } from '../../../core/result.ts'
import type { Codec } from './g711.ts'
import { encode, frameLength, samplesPerSecond, silence } from './g711.ts'
import type { Sound } from './media.ts'
import { readWav } from './wav.ts'

/** A sound in both codecs, whole frames of 20 ms; the last one is filled up with silence. */
export interface LoadedSound extends Sound {
  readonly frames: number
  readonly encoded: Record<Codec, Buffer>
}

/** One hour and ten minutes; what is larger is not a message. */
const largestFile = 64 * 1024 * 1024
/** Samples encoded before others get the thread: about 1 ms of work. */
const slice = frameLength * 1000

/** Reads sounds, each `sha256` once. */
export class SoundShelf {
  readonly #sounds = new Map<string, Promise<Result<LoadedSound, string>>>()

  load(path: string, sha256: string): Promise<Result<LoadedSound, string>> {
    const known = this.#sounds.get(sha256)
    if (known) return known
    const loading = readSound(path)
    this.#sounds.set(sha256, loading)
    void loading.then((result) => {
      if (!result.ok) this.#sounds.delete(sha256)
    })
    return loading
  }
}

/** The sound of samples that are already here. */
export async function soundOf(samples: Int16Array): Promise<LoadedSound> {
  const frames = Math.ceil(samples.length / frameLength)
  const encoded: Record<Codec, Buffer> = {
    PCMA: Buffer.alloc(frames * frameLength, silence.PCMA),
    PCMU: Buffer.alloc(frames * frameLength, silence.PCMU),
  }
  for (let at = 0; at < samples.length; at += slice) {
    const part = samples.subarray(at, at + slice)
    encode('PCMA', part).copy(encoded.PCMA, at)
    encode('PCMU', part).copy(encoded.PCMU, at)
    if (samples.length > slice) await setImmediate()
  }
  return { seconds: samples.length / samplesPerSecond, frames, encoded }
}

export function isLoadedSound(sound: Sound): sound is LoadedSound {
  return 'encoded' in sound
}

async function readSound(path: string): Promise<Result<LoadedSound, string>> {
  const file = await readWhole(path)
  if (!file.ok) return file
  const samples = readWav(file.value)
  if (!samples.ok) return failed(`${path} ${samples.problem}`)
  return ok(await soundOf(samples.value))
}

async function readWhole(path: string): Promise<Result<Buffer, string>> {
  try {
    const { size } = await stat(path)
    if (size > largestFile) return failed(`${path} is too large: ${size} bytes, at most ${largestFile} expected`)
    return ok(await readFile(path))
  } catch (error) {
    return failed(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
