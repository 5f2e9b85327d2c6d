import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readPackage, type Package } from '../service/package-file/package-file.ts'
import { StartProblem } from '../service/ports.ts'
import { readText } from './read-configuration.ts'

export interface PackageFile extends Package {
  /** What was read: the file given, or the document of the directory given. */
  readonly file: string
  readonly bytes: Buffer
}

/**
 * Reads an export, a document, or the document of a directory.
 *
 * @throws StartProblem in one line.
 */
export function readPackageFile(given: string): PackageFile {
  const file = statSync(given, { throwIfNoEntry: false })?.isDirectory() ? join(given, 'gruppnummer.json') : given
  const bytes = bytesOf(file)
  const read = readPackage(bytes)
  if (read.ok) return { ...read.value, file, bytes }
  throw new StartProblem(`${file}: ${read.problem}`)
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch {
    // Says in its words why not.
    return Buffer.from(readText(file))
  }
}
