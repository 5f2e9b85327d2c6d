import { Worker } from 'node:worker_threads'
import { failed, type Result } from '../../core/result.ts'
import type { Clock } from '../ports.ts'
import type { FromWorker, WorkerAnswers, WorkerProblem, WorkerQuestion, WorkerStart } from './worker-messages.ts'

/** The journal's worker, started at the first question, and again at the next one if it has died. */
interface WorkerThread {
  ask<Type extends WorkerQuestion['type']>(
    question: WorkerQuestion & { readonly type: Type },
  ): Promise<Result<WorkerAnswers[Type], WorkerProblem>>
  end(): Promise<void>
}

/** Beside this file, under whatever ending this one has: `.ts` in a checkout, `.js` when built. */
const workerFile = new URL(`./journal-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)

export function workerThread({
  start,
  clock,
  file = workerFile,
  trouble,
}: {
  readonly start: WorkerStart
  readonly clock: Pick<Clock, 'now'>
  /** The worker's program. */
  readonly file?: URL | undefined
  /** Told when a damaged journal was set aside. */
  readonly trouble: (words: string) => void
}): WorkerThread {
  let worker: Worker | undefined
  let nextId = 1
  const asked = new Map<number, (answer: FromWorker['answer']) => void>()

  function running(): Worker {
    if (worker !== undefined) return worker
    const started = new Worker(file, { workerData: start })
    worker = started
    let fault = 'the journal worker ended'
    started.on('message', hear)
    started.on('error', (error) => {
      fault = `the journal worker failed: ${error instanceof Error ? error.message : String(error)}`
    })
    started.on('exit', () => {
      if (worker === started) worker = undefined
      const left = [...asked.values()]
      asked.clear()
      for (const answer of left) answer(failed({ kind: 'disk', message: fault }))
    })
    return started
  }

  function hear(message: FromWorker): void {
    if (message.trouble !== undefined) trouble(message.trouble)
    const answer = asked.get(message.id)
    asked.delete(message.id)
    answer?.(message.answer)
  }

  return {
    ask<Type extends WorkerQuestion['type']>(question: WorkerQuestion & { readonly type: Type }) {
      return new Promise<Result<WorkerAnswers[Type], WorkerProblem>>((resolve) => {
        const id = nextId++
        // The worker answers each type of question with its own type of answer.
        asked.set(id, resolve as (answer: FromWorker['answer']) => void)
        running().postMessage({ ...question, id, at: clock.now() })
      })
    },
    async end() {
      await worker?.terminate()
    },
  }
}
