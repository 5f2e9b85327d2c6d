import { dirname } from 'node:path'
import type { StoredAudio } from '../../../contract/administration.ts'
import { writeAtomically, type Disk } from '../../files.ts'
import type { Converted } from './convert-audio.ts'

/** Keeps a converted recording under its hash, where it stays: older versions may name it. */
export async function storeAudio(
  { file: content, sha256, seconds, warnings }: Converted,
  { disk, soundPath }: { readonly disk: Disk; readonly soundPath: (file: string) => string },
): Promise<StoredAudio> {
  const file = audioFile(sha256)
  const path = soundPath(file)
  await disk.makeDirectory(dirname(path))
  await writeAtomically(disk, { path, content, mode: 0o640 })
  return { file, sha256, seconds, warnings }
}

export const audioFile = (sha256: string) => `audio/${sha256}.wav`
