import { difference } from '../core/configuration/difference.ts'
import { inWords } from '../core/configuration/difference-in-words.ts'
import type { Configuration, Language } from '../core/configuration/types.ts'
import { compareStories, fareInWords } from '../core/routing/compare-stories.ts'
import { StartProblem } from '../service/ports.ts'
import { readArguments } from './read-arguments.ts'
import { readPackageFile } from './read-package-file.ts'
import { playedOf, readStory } from './read-story.ts'

/**
 * `gruppnummer diff OLD NEW [--replay STORY] [--json] [--language sv]`: what changed, a line each; nothing where nothing
 * did. With a story: which of its callers would have fared otherwise, and how.
 */
export function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, ['OLD', 'NEW'], {
    json: { type: 'boolean' },
    replay: { type: 'string' },
    language: { type: 'string', default: 'en' },
  })
  const language = languageOf(values.language)
  const [before, after] = positionals.map((file) => readPackageFile(file).configuration)
  if (!before || !after) throw new StartProblem('expected OLD NEW')
  if (values.replay !== undefined) {
    say(comparedLines(values.replay, before, after, values.json === true))
    return Promise.resolve(0)
  }
  const changes = difference(before, after)
  const lines = values.json
    ? [JSON.stringify(changes.map((change) => ({ ...change, words: inWords(change, language) })))]
    : changes.map((change) => inWords(change, language))
  say(lines)
  return Promise.resolve(0)
}

/** The story is played under both; its own configuration does not count. */
function comparedLines(file: string, before: Configuration, after: Configuration, json: boolean): readonly string[] {
  const story = readStory(file)
  const compared = compareStories(playedOf(file, story, before), playedOf(file, story, after))
  if (json) return [JSON.stringify(compared)]
  return compared.map(
    (caller) => `${caller.call}: ${fareInWords(caller.before)}; with the new one: ${fareInWords(caller.after)}`,
  )
}

function say(lines: readonly string[]) {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''))
}

function languageOf(given: string): Language {
  if (given === 'sv' || given === 'en') return given
  throw new StartProblem(`--language ${given}: expected sv or en`)
}
