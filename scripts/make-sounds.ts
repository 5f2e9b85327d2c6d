import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseConfiguration } from '../src/core/configuration/parse.ts'
import { serializeConfiguration } from '../src/core/configuration/serialize.ts'
import type { Message } from '../src/core/configuration/types.ts'
import { composeMusic } from './compose-music.ts'
import { sampleRate, writeWav } from './write-wav.ts'

/*
 * Makes the audio files of the documents we ship: speech from each message's transcript, by espeak-ng and sox, and music by
 * `compose-music.ts`; and writes their lengths and sums into the documents. Run by hand when a transcript changes.
 */
for (const folder of ['prerecorded', 'example']) {
  const directory = new URL(`../resources/${folder}/`, import.meta.url).pathname
  const file = join(directory, 'gruppnummer.json')
  const document = JSON.parse(readFileSync(file, 'utf8')) as { messages: Message[] }
  document.messages = document.messages.map((message) => withSound(message, join(directory, message.file)))

  const parsed = parseConfiguration(document)
  if (!parsed.ok) throw new Error(`${file}: ${JSON.stringify(parsed.problem)}`)
  writeFileSync(file, serializeConfiguration(parsed.value))
}

function withSound(message: Message, file: string): Message {
  const sound = message.kind === 'music' ? composeMusic() : speak(message)
  const wav = writeWav(sound)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, wav)
  return {
    ...message,
    seconds: Math.round((sound.length / sampleRate) * 1000) / 1000,
    sha256: createHash('sha256').update(wav).digest('hex'),
  }
}

/** Calm speech without silence around it, as loud as a phone call, with a breath at the end. */
function speak({ language, transcript }: Message): Int16Array {
  const directory = mkdtempSync(join(tmpdir(), 'make-sounds-'))
  const spoken = join(directory, 'spoken.wav')
  const samples = join(directory, 'samples.raw')
  try {
    perform('espeak-ng', ['-v', language === 'sv' ? 'sv' : 'en-gb', '-s', '145', '-p', '45', '-w', spoken, transcript])
    const raw = ['-t', 'raw', '-r', String(sampleRate), '-c', '1', '-b', '16', '-e', 'signed-integer', '-L']
    const trimmed = ['silence', '1', '0.02', '0.5%', 'reverse', 'silence', '1', '0.02', '0.5%', 'reverse']
    const narrowed = ['gain', '-3', 'highpass', '200', 'rate', String(sampleRate)]
    perform('sox', ['-D', spoken, ...raw, samples, ...narrowed, ...trimmed, 'norm', '-4', 'pad', '0.1', '0.3'])
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
