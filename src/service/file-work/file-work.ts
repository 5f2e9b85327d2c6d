import { isMarkedAsUntransferable, Worker } from 'node:worker_threads'
import { failed, type Result } from '../../core/result.ts'
import type { Converted } from '../administration/audio/convert-audio.ts'
import type { AudioFault } from '../administration/audio/sound.ts'
import { oneAtATime } from '../one-at-a-time.ts'
import type { Package } from '../package-file/package-file.ts'

/** What is asked of the thread, and what each is answered. */
export interface FileAnswers {
  readonly convert: Result<Converted, AudioFault>
  readonly readPackage: Result<Package, string>
}

export interface FileQuestion {
  readonly type: keyof FileAnswers
  readonly file: Uint8Array
}

/** Seconds of work on files from outside, in a thread of its own: calls' commands never wait for it. A file is handed over. */
export interface FileWork {
  /** A fault `unavailable`: not the file's, but ours. */
  convert(
    file: Buffer,
  ): Promise<Result<Converted, AudioFault | { readonly kind: 'unavailable'; readonly message: string }>>
  readPackage(file: Buffer): Promise<Result<Package, string>>
  /** Ends what is under way. */
  close(): Promise<void>
}

/** Longer than any file within the limits takes on a slow machine, in milliseconds. */
const longest = 120_000
const mostMegabytes = 1024

/** Beside this file, under whatever ending this one has: `.ts` in a checkout, `.js` when built. */
const program = new URL(`./file-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)

/**
 * One file at a time, each in a fresh thread: what it took of memory goes with it, and one that was made to take for ever is
 * ended after `limitMillis`.
 */
export function openFileWork({ limitMillis = longest }: { readonly limitMillis?: number } = {}): FileWork {
  const inTurn = oneAtATime()
  let running: Worker | undefined
  let closed = false

  /** Why there is no answer is a string. */
  function ask<Type extends keyof FileAnswers>(type: Type, file: Buffer): Promise<FileAnswers[Type] | string> {
    return inTurn(() => {
      if (closed) return Promise.resolve('the service is ending')
      return answerOf(type, file)
    })
  }

  function answerOf<Type extends keyof FileAnswers>(type: Type, file: Buffer) {
    return new Promise<FileAnswers[Type] | string>((resolve) => {
      const worker = new Worker(program, {
        workerData: { type, file } satisfies FileQuestion,
        transferList: transferable([file]),
        // What a decoder says of a damaged file is said in the answer.
        stderr: true,
        resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
      })
      running = worker
      const timer = setTimeout(() => end('reading the file took too long'), limitMillis)
      function end(answer: FileAnswers[Type] | string) {
        clearTimeout(timer)
        resolve(answer)
        void worker.terminate()
      }
      worker.on('message', (answer: FileAnswers[Type]) => end(answer))
      worker.on('error', (fault) => end(fault instanceof Error ? fault.message : String(fault)))
      worker.on('exit', () => end('reading the file was broken off'))
    }).finally(() => (running = undefined))
  }

  return {
    async convert(file) {
      const answer = await ask('convert', file)
      if (typeof answer === 'string') return failed({ kind: 'unavailable', message: answer })
      return answer.ok ? { ...answer, value: { ...answer.value, file: bytesOf(answer.value.file) } } : answer
    },
    async readPackage(file) {
      const answer = await ask('readPackage', file)
      if (typeof answer === 'string') return failed(answer)
      if (!answer.ok) return answer
      const sounds = new Map([...answer.value.sounds].map(([name, content]) => [name, bytesOf(content)]))
      return { ...answer, value: { ...answer.value, sounds } }
    },
    async close() {
      closed = true
      await running?.terminate()
      await inTurn.idle()
    },
  }
}

/** Of these, what can be handed over in place of a copy; small buffers share their memory with others. */
export const transferable = (contents: readonly Uint8Array[]): ArrayBuffer[] =>
  [...new Set(contents.map(({ buffer }) => buffer))].filter(
    (buffer): buffer is ArrayBuffer => buffer instanceof ArrayBuffer && !isMarkedAsUntransferable(buffer),
  )

/** A buffer comes out of a thread as plain bytes. */
const bytesOf = ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength)
