import { spawn } from 'node:child_process'
import { samplesPerSecond } from '../media/g711.ts'
import { resample } from './resample.ts'

/** Makes speech of a text: samples at 8 kHz; undefined where it cannot. */
export type Speak = (text: string, language: 'sv' | 'en') => Promise<Int16Array | undefined>

const voices = { sv: 'sv', en: 'en-gb' } as const
/** Milliseconds; a sentence takes some tens. */
const longestRun = 10_000
/** Two minutes at 22,050 Hz, in bytes. */
const mostBytes = 5_300_000
/** A WAV file as espeak-ng writes it to a pipe: the header's lengths are not to be believed. */
const headerLength = 44
/** Of full scale: as loud as our other sounds, 4 dB below it. */
const loudest = 32_768 * 0.63
/** Below this nothing is said yet, or any more. */
const faint = 160

/**
 * By the program `espeak-ng` where it is installed. The text comes to it on its standard input: it is no argument, no file
 * and no command line of a shell.
 */
export const speakByEspeak: Speak = async (text, language) => {
  const wav = await run(voices[language], text)
  if (wav.length <= headerLength || wav.toString('latin1', 0, 4) !== 'RIFF') return undefined
  const [channels, rate, bits] = [wav.readUInt16LE(22), wav.readUInt32LE(24), wav.readUInt16LE(34)]
  if (channels !== 1 || bits !== 16 || rate < 8000 || rate > 48_000) return undefined
  const samples = new Int16Array((wav.length - headerLength) >> 1)
  for (let at = 0; at < samples.length; at++) samples[at] = wav.readInt16LE(headerLength + at * 2)
  return loud(trim(resample(samples, rate, samplesPerSecond)))
}

/** What it writes; nothing where it is not installed or fails. */
function run(voice: string, text: string): Promise<Buffer> {
  return new Promise((resolve) => {
    const nothing = Buffer.alloc(0)
    const chunks: Buffer[] = []
    let size = 0
    const program = spawn('espeak-ng', ['-v', voice, '-s', '145', '-p', '45', '--stdin', '--stdout'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: longestRun,
      windowsHide: true,
    })
    program.on('error', () => {
      resolve(nothing)
    })
    program.stdin.on('error', () => undefined)
    program.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > mostBytes) program.kill()
      else chunks.push(chunk)
    })
    program.on('close', (code) => {
      resolve(code === 0 ? Buffer.concat(chunks) : nothing)
    })
    program.stdin.end(text)
  })
}

/** Without the silence around it, and a breath at the end. */
function trim(samples: Int16Array): Int16Array {
  const isHeard = (sample: number) => Math.abs(sample) > faint
  const first = samples.findIndex(isHeard)
  if (first < 0) return new Int16Array(0)
  return samples.slice(first, samples.findLastIndex(isHeard) + samplesPerSecond / 8)
}

function loud(samples: Int16Array): Int16Array {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1)
  return samples.map((sample) => (sample * loudest) / peak)
}
