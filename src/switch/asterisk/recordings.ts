import { randomBytes } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pcmInWav } from '../../core/sound/pcm-in-wav.ts'
import { basicAuthorization, type AriAccess } from './open-ari-client.ts'
import { writeWav } from './write-wav.ts'

/** Callers' messages: Asterisk records them, and they are taken from there into a directory of ours. */
export interface Recordings {
  /** `file`: its name in the directory. Nothing was said, or it could not be kept: `seconds` 0, and `file` empty. */
  take(name: string, maxSeconds: number): Promise<{ readonly file: string; readonly seconds: number }>
  /** Where a kept one is; undefined: no recording of ours has that name. */
  pathOf(file: string): string | undefined
}

export interface RecordingsOptions {
  readonly access: AriAccess
  readonly directory: string
  readonly log: (level: 'warn', text: string) => void
}

const nothingSaid = { file: '', seconds: 0 }
const samplesPerSecond = 8000
/** Milliseconds for a recording to come over. */
const longestFetch = 10_000
/** As we make them up; a name from outside that is any other leads nowhere. */
const ours = /^[0-9a-f]{32}\.wav$/

export function recordingsIn({ access, directory, log }: RecordingsOptions): Recordings {
  const headers = { authorization: basicAuthorization(access) }
  const stored = (name: string) => `${access.url}/recordings/stored/${encodeURIComponent(name)}`

  async function take(name: string, maxSeconds: number) {
    const reply = await fetch(`${stored(name)}/file`, { headers, signal: AbortSignal.timeout(longestFetch) })
    // 404: the caller had gone before a word was said.
    if (reply.status === 404) return nothingSaid
    if (!reply.ok) throw new Error(`Asterisk answers ${String(reply.status)}`)
    const pcm = pcmInWav(Buffer.from(await reply.arrayBuffer()))
    if (!pcm.ok) throw new Error(`it ${pcm.problem}`)
    const samples = withoutSilence(samplesOf(pcm.value).subarray(0, maxSeconds * samplesPerSecond))
    const file = samples.length === 0 ? '' : await keep(samples)
    await fetch(stored(name), { method: 'DELETE', headers, signal: AbortSignal.timeout(longestFetch) })
    return { file, seconds: samples.length / samplesPerSecond }
  }

  async function keep(samples: Int16Array): Promise<string> {
    const file = `${randomBytes(16).toString('hex')}.wav`
    await mkdir(directory, { recursive: true, mode: 0o700 })
    // Whole or not at all, whoever looks.
    const unfinished = join(directory, `.${file}.part`)
    await writeFile(unfinished, writeWav(samples), { mode: 0o600, flag: 'wx', flush: true })
    await rename(unfinished, join(directory, file))
    return file
  }

  return {
    take: (name, maxSeconds) =>
      take(name, maxSeconds).catch((fault: unknown) => {
        log('warn', `a recording is lost: ${fault instanceof Error ? fault.message : String(fault)}`)
        return nothingSaid
      }),
    pathOf: (file) => (ours.test(file) ? join(directory, file) : undefined),
  }
}

/** Samples of 20 ms. */
const frame = 160
/** Quieter than this, as the root of the mean square of 20 ms, is no speech: about -46 dB below full scale. */
const quiet = 160
/** Frames of the silence at the end that are kept, so that the last word is not cut short. */
const keptAtEnd = 15

/** Without the silence at its end; nothing where there is nothing else. */
function withoutSilence(samples: Int16Array): Int16Array {
  let spoken = 0
  for (let at = 0; at < samples.length; at += frame)
    if (loudness(samples.subarray(at, at + frame)) >= quiet) spoken = at + frame
  return spoken === 0 ? samples.subarray(0, 0) : samples.subarray(0, spoken + keptAtEnd * frame)
}

function loudness(samples: Int16Array): number {
  let power = 0
  for (const sample of samples) power += sample * sample
  return Math.sqrt(power / samples.length)
}

function samplesOf(pcm: Uint8Array): Int16Array {
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength)
  return Int16Array.from({ length: pcm.length >> 1 }, (_, at) => view.getInt16(at * 2, true))
}
