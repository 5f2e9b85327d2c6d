import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleRate } from './write-wav.ts'

/** Calm speech by espeak-ng and sox, without silence around it but for `pauses` (seconds), as loud as a phone call. */
export function speak(text: string, language: 'sv' | 'en', pauses = { before: 0.1, after: 0.3 }): Int16Array {
  const directory = mkdtempSync(join(tmpdir(), 'make-sounds-'))
  const spoken = join(directory, 'spoken.wav')
  const samples = join(directory, 'samples.raw')
  try {
    perform('espeak-ng', ['-v', language === 'sv' ? 'sv' : 'en-gb', '-s', '145', '-p', '45', '-w', spoken, text])
    const raw = ['-t', 'raw', '-r', String(sampleRate), '-c', '1', '-b', '16', '-e', 'signed-integer', '-L']
    const trimmed = ['silence', '1', '0.02', '0.5%', 'reverse', 'silence', '1', '0.02', '0.5%', 'reverse']
    const narrowed = ['gain', '-3', 'highpass', '200', 'rate', String(sampleRate)]
    const padded = ['pad', String(pauses.before), String(pauses.after)]
    perform('sox', ['-D', spoken, ...raw, samples, ...narrowed, ...trimmed, 'norm', '-4', ...padded])
    const bytes = readFileSync(samples)
    return Int16Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readInt16LE(index * 2))
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function perform(program: string, given: readonly string[]) {
  const { status, error } = spawnSync(program, given, { stdio: ['ignore', 'ignore', 'inherit'] })
  if (error) throw error
  if (status !== 0) throw new Error(`${program} ended with ${String(status)}`)
}
