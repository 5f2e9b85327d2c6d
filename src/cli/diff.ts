import { difference } from '../core/configuration/difference.ts'
import { inWords } from '../core/configuration/difference-in-words.ts'
import type { Language } from '../core/configuration/types.ts'
import { StartProblem } from '../service/ports.ts'
import { readArguments } from './read-arguments.ts'
import { readPackageFile } from './read-package-file.ts'

/** `gruppnummer diff OLD NEW [--json] [--language sv]`: what changed, a line each; nothing where nothing did. */
export function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, ['OLD', 'NEW'], {
    json: { type: 'boolean' },
    language: { type: 'string', default: 'en' },
  })
  const language = languageOf(values.language)
  const [before, after] = positionals.map((file) => readPackageFile(file).configuration)
  if (!before || !after) throw new StartProblem('expected OLD NEW')
  const changes = difference(before, after)
  const lines = values.json
    ? [JSON.stringify(changes.map((change) => ({ ...change, words: inWords(change, language) })))]
    : changes.map((change) => inWords(change, language))
  process.stdout.write(lines.map((line) => `${line}\n`).join(''))
  return Promise.resolve(0)
}

function languageOf(given: string): Language {
  if (given === 'sv' || given === 'en') return given
  throw new StartProblem(`--language ${given}: expected sv or en`)
}
