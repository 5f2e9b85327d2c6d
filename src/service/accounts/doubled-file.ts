import { writeAtomically, wordsOf, type Disk } from '../files.ts'
import { StartProblem } from '../ports.ts'

/** Undefined: not such a value; what is wrong is not said, since secrets are inside. */
type ReadText<Value> = (text: string) => Value | undefined

/**
 * A file of which a second copy is kept (`.copy`), written right after it, both readable by their owner
 * only. So one damaged file loses nothing: an older state could give back a right that was taken away.
 */
interface DoubledFile<Value> {
  /**
   * Undefined: neither file is there. A damaged file is set aside and the copy used (`troubled`).
   * Throws `StartProblem` where there were files and none is good.
   */
  read(): Promise<Value | undefined>
  /** Resolves when the file survives a power cut; a copy that cannot be written is a trouble. */
  write(text: string): Promise<void>
}

export function doubledFile<Value>({
  path,
  disk,
  now,
  readText,
  troubled,
}: {
  readonly path: string
  readonly disk: Disk
  readonly now: () => number
  readonly readText: ReadText<Value>
  readonly troubled: (words: string) => void
}): DoubledFile<Value> {
  const copy = `${path}.copy`
  const mode = 0o600

  async function read(): Promise<Value | undefined> {
    const [first, second] = [await disk.read(path), await disk.read(copy)]
    if (first === undefined && second === undefined) return undefined
    const good = first === undefined ? undefined : readText(first.toString('utf8'))
    if (good !== undefined) return good

    const spare = second === undefined ? undefined : readText(second.toString('utf8'))
    if (second === undefined || spare === undefined)
      throw new StartProblem(
        `${path}: ${first === undefined ? 'missing' : 'damaged'}, and ${copy} is no better; restore one of them from a backup`,
      )
    await replace(first !== undefined, second)
    return spare
  }

  async function replace(isThere: boolean, content: Buffer): Promise<void> {
    const aside = `${path}.damaged-${new Date(now()).toISOString().replaceAll(':', '-')}`
    try {
      if (isThere) await disk.rename(path, aside)
      await writeAtomically(disk, { path, content, mode })
      troubled(`${path}: ${isThere ? `damaged, set aside as ${aside}` : 'missing'}; its copy is used`)
    } catch (error) {
      troubled(`${path}: ${isThere ? 'damaged' : 'missing'}; its copy is used, but not written: ${wordsOf(error)}`)
    }
  }

  async function write(text: string): Promise<void> {
    await writeAtomically(disk, { path, content: text, mode })
    try {
      await writeAtomically(disk, { path: copy, content: text, mode })
    } catch (error) {
      troubled(`${copy}: cannot be written: ${wordsOf(error)}`)
    }
  }

  return { read, write }
}
