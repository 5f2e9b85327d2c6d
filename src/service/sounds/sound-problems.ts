import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { error, type Problem } from '../../core/configuration/problem.ts'
import type { Configuration } from '../../core/configuration/types.ts'
import { pcmInWav } from '../../core/sound/pcm-in-wav.ts'

type Message = Configuration['messages'][number]

/**
 * Audio files that are missing, cannot be played, or are not those that the document means, in the order of the document.
 *
 * @param soundPath absolute, of a message's `file`; throws for one that is refused
 * @param good names of files that were found good, not read again; those found now are added
 */
export async function findSoundProblems(
  { messages }: Pick<Configuration, 'messages'>,
  soundPath: (file: string) => string,
  good = new Set<string>(),
): Promise<readonly Problem[]> {
  const problems: Problem[] = []
  // One by one: all of them may not fit in memory.
  for (const [index, message] of messages.entries()) {
    const name = `${message.sha256} ${message.file}`
    if (good.has(name)) continue
    const found = await findProblem(message, soundPath)
    if (found) problems.push(error(['messages', index, found.key], found.words))
    else good.add(name)
  }
  return problems
}

async function findProblem({ file, sha256 }: Message, soundPath: (file: string) => string) {
  const content = await contentOf(file, soundPath)
  if (typeof content === 'string') return { key: 'file', words: content }
  const sound = pcmInWav(content)
  if (!sound.ok) return { key: 'file', words: `${file} ${sound.problem}` }
  const found = createHash('sha256').update(content).digest('hex')
  if (found === sha256) return undefined
  return { key: 'sha256', words: `${file} has other bytes, sha256 ${found}: put the right file there` }
}

/** Or, in words, why there is none. */
async function contentOf(file: string, soundPath: (file: string) => string): Promise<Uint8Array | string> {
  let path: string
  try {
    path = soundPath(file)
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault)
  }
  try {
    return await readFile(path)
  } catch {
    return `${file} cannot be read: put the file there, or remove the message`
  }
}
