/** The thread in which a file from outside is read or converted: started for it, and ended after it. */
import { parentPort, workerData } from 'node:worker_threads'
import { convertAudio } from '../administration/audio/convert-audio.ts'
import { readPackage } from '../package-file/package-file.ts'
import { transferable, type FileAnswers, type FileQuestion } from './file-work.ts'

const { type, file } = workerData as FileQuestion
const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)

const work: {
  readonly [Type in keyof FileAnswers]: (given: Buffer) => FileAnswers[Type] | Promise<FileAnswers[Type]>
} = {
  convert: convertAudio,
  readPackage,
}

const answer = await work[type](bytes)
parentPort?.postMessage(answer, transferable(contentsOf(answer)))

function contentsOf(given: typeof answer): readonly Uint8Array[] {
  if (!given.ok) return []
  return 'file' in given.value ? [given.value.file] : [...given.value.sounds.values()]
}
