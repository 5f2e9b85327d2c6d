/** The worker thread in which the journal waits for the disk, so that calls never do. */
import { parentPort, workerData } from 'node:worker_threads'
import { failed, ok } from '../../core/result.ts'
import { isDamage, ForeignJournal, openJournalFile, salvage, setAside, type JournalFile } from './journal-file.ts'
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts'

const port = parentPort
if (port === null) throw new Error('the journal worker is started by the journal')
const start = workerData as WorkerStart
let journal: JournalFile | undefined

port.on('message', (question: ToWorker) => port.postMessage(answerTo(question)))

function answerTo(question: ToWorker): FromWorker {
  const { id } = question
  try {
    return { id, answer: ok(perform(question)) }
  } catch (error) {
    if (!isDamage(error)) return { id, answer: failed(problemOf(error)) }
    return afterDamage(question, wordsOf(error))
  }
}

function perform(question: ToWorker) {
  journal ??= openJournalFile(start)
  switch (question.type) {
    case 'open':
      return journal.lastNumber()
    case 'write':
      journal.write(question.rows)
      return undefined
    case 'snapshot':
      return journal.snapshot(question.before)
    case 'entries':
      return journal.entries(question.range)
    case 'prune':
      return journal.prune(question.before, question.limit)
    case 'close':
      journal.close()
      journal = undefined
      return undefined
  }
}

/** Begins a new file with what can be saved of the damaged one, and does there what was asked. */
function afterDamage(question: ToWorker, fault: string): FromWorker {
  const { id, at } = question
  const aside = `${start.file}.damaged-${new Date(at).toISOString().replaceAll(':', '-')}`
  try {
    closeDamaged()
    setAside(start.file, aside)
    const saved = salvage(aside)
    journal = openJournalFile(start)
    journal.write(saved)
    const trouble = `${start.file}: ${fault}; set aside as ${aside}, and a new one begun with the last ${saved.length} entries`
    // A reader in the middle of the old file would take the new one for its end.
    if (question.type === 'entries') return { id, answer: failed({ kind: 'damaged', message: trouble }), trouble }
    return { id, answer: ok(perform(question)), trouble }
  } catch (error) {
    return { id, answer: failed(problemOf(error)) }
  }
}

function closeDamaged(): void {
  try {
    journal?.close()
  } catch {
    // It is set aside as it is.
  }
  journal = undefined
}

function problemOf(error: unknown): { kind: 'foreign' | 'disk'; message: string } {
  if (error instanceof ForeignJournal) return { kind: 'foreign', message: error.message }
  return { kind: 'disk', message: `${start.file}: ${wordsOf(error)}` }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
