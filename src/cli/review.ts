import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { openReview, type ReviewFile } from '../service/http/open-review.ts'
import { writePackage } from '../service/package-file/package-file.ts'
import { StartProblem } from '../service/ports.ts'
import { builtConsole } from './built-console.ts'
import { readArguments } from './read-arguments.ts'
import { readPackageFile } from './read-package-file.ts'
import { readPort } from './read-port.ts'
import { toldToStop } from './told-to-stop.ts'

/**
 * `gruppnummer review FILE [--port N]`: the console's review of an export, a document, or the document and audio of a
 * directory, until it is told to stop. There is no service, and nothing is written.
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, ['FILE'], { port: { type: 'string' } })
  const [given = ''] = positionals
  const port = readPort(values.port ?? '0')
  if (port === undefined) throw new StartProblem(`--port ${values.port ?? ''}: expected a port from 0 to 65535`)
  const file = await reviewFile(resolve(given))
  const consoleDirectory = builtConsole()
  if (!existsSync(join(consoleDirectory, 'index.html')))
    throw new StartProblem('the console is not built; build it with: npm run build')
  const stopped = toldToStop()
  const review = await openReview(file, { port, consoleDirectory })
  process.stdout.write(`${given}: open it here, until this command is stopped: ${review.address}\n`)
  await stopped
  await review.close()
  return 0
}

/** Read once, so that what is shown stays what it was. Throws `StartProblem` for what the page could not open. */
async function reviewFile(path: string): Promise<ReviewFile> {
  const { file, bytes, configuration } = readPackageFile(path)
  const about = { name: basename(path), modified: statSync(file).mtime }
  if (file === path) return { ...about, content: bytes }

  const chunks: Buffer[] = []
  try {
    for await (const chunk of writePackage(configuration, (sound) => readFile(join(path, sound)))) chunks.push(chunk)
  } catch {
    // Without all of its audio the document is shown alone, to be read; `check` says what is missing.
    return { ...about, content: bytes }
  }
  return { ...about, content: Buffer.concat(chunks) }
}
