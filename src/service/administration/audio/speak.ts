import { spawn } from 'node:child_process'
import { failed, ok, type Result } from '../../../core/result.ts'
import type { Language } from '../../../core/configuration/types.ts'

/** Makes text into speech; the value is a WAV file. */
export interface Speech {
  isAvailable(): Promise<boolean>
  speak(text: string, language: Language): Promise<Result<Buffer, string>>
}

const voices: Readonly<Record<Language, string>> = { sv: 'sv', en: 'en-gb' }
const wordsAMinute = '150'
const longestMillis = 30_000
const mostBytes = 60 * 1024 * 1024

/** Speech by `espeak-ng` where it is installed: a program with arguments, never a shell; the text goes in by its input. */
export function espeak(program = 'espeak-ng'): Speech {
  let available: Promise<boolean> | undefined

  async function speak(text: string, language: Language): Promise<Result<Buffer, string>> {
    if (!(await isAvailable())) return failed('espeak-ng is not installed')
    // espeak-ng takes SSML and phonemes in [[ ]]; here text is text.
    const plain = text.replaceAll(/\[\[|\]\]|[<>&\u0000-\u001f]/g, ' ')
    return run(program, ['-v', voices[language], '-s', wordsAMinute, '-b', '1', '--stdin', '--stdout'], plain)
  }

  function isAvailable(): Promise<boolean> {
    return (available ??= run(program, ['--version'], '').then(({ ok: runs }) => runs))
  }

  return { isAvailable, speak }
}

function run(program: string, args: readonly string[], input: string): Promise<Result<Buffer, string>> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: longestMillis,
      killSignal: 'SIGKILL',
    })
    const chunks: Buffer[] = []
    let length = 0
    child.on('error', (fault) => resolve(failed(fault.message)))
    child.stdin.on('error', () => undefined)
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > mostBytes) child.kill('SIGKILL')
      else chunks.push(chunk)
    })
    child.on('close', (code) =>
      resolve(code === 0 ? ok(Buffer.concat(chunks)) : failed(`${program} ended with ${String(code)}`)),
    )
    child.stdin.end(input)
  })
}
