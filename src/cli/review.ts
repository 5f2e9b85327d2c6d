import { existsSync, readFileSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { openReview, type ReviewFile } from '../service/http/open-review.ts'
import { writePackage } from '../service/package-file/package-file.ts'
import { StartProblem } from '../service/ports.ts'
import { builtConsole } from './built-console.ts'
import { readArguments } from './read-arguments.ts'
import { readPackageFile } from './read-package-file.ts'
import { toldToStop } from './told-to-stop.ts'

/**
 * `gruppnummer review FILE [--port N]`: the console's review of an export, a document, or the document and audio of a
 * directory, until it is told to stop. There is no service, and nothing is written.
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, ['FILE'], { port: { type: 'string' } })
  const [given = ''] = positionals
  const port = Number(values.port ?? 0)
  if (!/^\d{1,5}$/.test(values.port ?? '0') || port > 65_535)
    throw new StartProblem(`--port ${values.port ?? ''}: expected a port from 0 to 65535`)
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
  const { configuration } = readPackageFile(path)
  const about = statSync(path)
  const name = basename(path)
  if (!about.isDirectory()) return { name, modified: about.mtime, content: readFileSync(path) }

  const chunks: Buffer[] = []
  const sounds = (sound: string) => readFile(join(path, sound))
  try {
    for await (const chunk of writePackage(configuration, sounds)) chunks.push(chunk)
  } catch {
    // Without all of its audio the document is shown alone, and the page names what is missing.
    const document = join(path, 'gruppnummer.json')
    return { name, modified: statSync(document).mtime, content: readFileSync(document) }
  }
  return { name, modified: statSync(join(path, 'gruppnummer.json')).mtime, content: Buffer.concat(chunks) }
}
