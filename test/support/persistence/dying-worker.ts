/** The journal's worker, which dies after its first write, before it can say that it was done. */
import { existsSync, writeFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import type { ToWorker, WorkerStart } from '../../../src/service/journal/worker-messages.ts'

await import('../../../src/service/journal/journal-worker.ts')
const died = `${(workerData as WorkerStart).file}.died`
const tell = parentPort?.postMessage.bind(parentPort)
let writes = false
parentPort?.prependListener('message', ({ type }: ToWorker) => (writes = type === 'write'))
if (parentPort !== null)
  parentPort.postMessage = (message: unknown) => {
    if (!writes || existsSync(died)) return tell?.(message)
    writeFileSync(died, '')
    process.exit(1)
  }
