import { Worker } from 'node:worker_threads'
import { failed, ok, type Result } from '../../core/result.ts'
import type { RecordQuestion, RecordRow, SeenUpTo } from './record-file.ts'

interface RecordAnswers {
  readonly seen: number
  readonly write: undefined
  readonly read: readonly string[]
  readonly prune: undefined
  readonly close: undefined
}

export type RecordThreadQuestion =
  | { readonly type: 'seen' }
  | ({ readonly type: 'write'; readonly rows: readonly RecordRow[] } & SeenUpTo)
  | { readonly type: 'read'; readonly question: RecordQuestion }
  | { readonly type: 'prune'; readonly before: number }
  | { readonly type: 'close' }

/** `now` names a damaged file that must be set aside. */
export type ToRecordWorker = RecordThreadQuestion & { readonly id: number; readonly now: number }

export type FromRecordWorker = { readonly id: number } & (
  | { readonly ok: true; readonly value: RecordAnswers[keyof RecordAnswers] }
  | { readonly ok: false; readonly message: string }
)

/** The worker, started at the first question, and again at the next one where it has died. Questions are done in their order. */
export interface RecordThread {
  ask<Type extends RecordThreadQuestion['type']>(
    question: RecordThreadQuestion & { readonly type: Type },
  ): Promise<Result<RecordAnswers[Type], string>>
  end(): Promise<void>
}

/** Beside this file, under whatever ending this one has: `.ts` in a checkout, `.js` when built. */
const program = new URL(`./record-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)

export function recordThread(file: string, now: () => number): RecordThread {
  let worker: Worker | undefined
  let nextId = 1
  const asked = new Map<number, (answer: Result<RecordAnswers[keyof RecordAnswers], string>) => void>()

  function running(): Worker {
    if (worker) return worker
    const started = new Worker(program, { workerData: { file } })
    worker = started
    let fault = 'the worker ended'
    started.on('message', (told: FromRecordWorker) => {
      const answer = asked.get(told.id)
      asked.delete(told.id)
      answer?.(told.ok ? ok(told.value) : failed(told.message))
    })
    started.on('error', (error) => (fault = error instanceof Error ? error.message : String(error)))
    started.on('exit', () => {
      if (worker === started) worker = undefined
      const left = [...asked.values()]
      asked.clear()
      for (const answer of left) answer(failed(`${file}: ${fault}`))
    })
    return started
  }

  return {
    ask<Type extends RecordThreadQuestion['type']>(question: RecordThreadQuestion & { readonly type: Type }) {
      return new Promise<Result<RecordAnswers[Type], string>>((resolve) => {
        const id = nextId++
        // The worker answers each type of question with its own type of answer.
        asked.set(id, resolve as (answer: Result<RecordAnswers[keyof RecordAnswers], string>) => void)
        running().postMessage({ ...question, id, now: now() } satisfies ToRecordWorker)
      })
    },
    end: async () => {
      await worker?.terminate()
    },
  }
}
