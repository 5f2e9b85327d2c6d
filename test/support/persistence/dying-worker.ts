/** The journal's worker, which dies when it has written for the first time, before it can say so. */
import { existsSync, writeFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import '../../../src/service/journal/journal-worker.ts'
import type { FromWorker, WorkerStart } from '../../../src/service/journal/worker-messages.ts'

const died = `${(workerData as WorkerStart).file}.died`
const port = parentPort
if (port === null) throw new Error('started by the journal')
const tell = port.postMessage.bind(port)

port.postMessage = (message: FromWorker) => {
  const isWrite = message.answer.ok && message.answer.value === undefined
  if (!isWrite || existsSync(died)) return tell(message)
  writeFileSync(died, '')
  process.exit(1)
}
