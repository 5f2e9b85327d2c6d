/** The worker thread in which call detail records are read and written, so that calls never wait for the disk. */
import { renameSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { isDamage } from '../journal/journal-file.ts'
import { openRecordFile, type RecordFile } from './record-file.ts'
import type { FromRecordWorker, ToRecordWorker } from './record-thread.ts'

const port = parentPort
if (port === null) throw new Error('the worker of call records is started by their thread')
const { file: path } = workerData as { readonly file: string }
let file: RecordFile | undefined

port.on('message', (question: ToRecordWorker) => port.postMessage(answerTo(question)))

function answerTo(question: ToRecordWorker): FromRecordWorker {
  const { id } = question
  try {
    return { id, ok: true, value: perform(question) }
  } catch (error) {
    const message = `${path}: ${error instanceof Error ? error.message : String(error)}`
    if (isDamage(error)) setAside(question.now)
    return { id, ok: false, message }
  }
}

function perform(question: ToRecordWorker) {
  file ??= openRecordFile(path)
  switch (question.type) {
    case 'seen':
      return file.seen()
    case 'write':
      file.write(question.rows, question)
      return undefined
    case 'read':
      return file.read(question.question)
    case 'prune':
      file.prune(question.before)
      return undefined
    case 'close':
      file.close()
      file = undefined
      return undefined
  }
}

/** The next question begins a new file. */
function setAside(now: number): void {
  try {
    file?.close()
  } catch {
    // It is set aside as it is.
  }
  file = undefined
  for (const beside of ['', '-wal', '-shm'])
    try {
      renameSync(path + beside, `${path}.damaged-${String(now)}${beside}`)
    } catch {
      // Not there.
    }
}
