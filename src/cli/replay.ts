import { dirname, resolve } from 'node:path'
import { parseConfiguration } from '../core/configuration/parse.ts'
import type { Configuration } from '../core/configuration/types.ts'
import type { Line } from '../core/routing/story.ts'
import { StartProblem } from '../service/ports.ts'
import { readArguments } from './read-arguments.ts'
import { readConfiguration, sayProblems } from './read-configuration.ts'
import { playedOf, readStory } from './read-story.ts'

/** `gruppnummer replay STORY [--json]`: what came of a story, a line each; opens no audio file. */
export function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, ['STORY'], { json: { type: 'boolean' } })
  const [file = ''] = positionals

  const story = readStory(file)
  const played = playedOf(file, story, configurationOf(file, story.configuration))

  const say = values.json ? (line: Line) => JSON.stringify(line) : inWords
  process.stdout.write(played.map((line) => `${say(line)}\n`).join(''))
  return Promise.resolve(0)
}

/** The story's own, or the one whose path it gives, relative to itself. */
function configurationOf(file: string, given: unknown): Configuration {
  if (typeof given === 'string') return readConfiguration(resolve(dirname(file), given))
  const parsed = parseConfiguration(given)
  if (!parsed.ok) throw new StartProblem(sayProblems(`${file}: configuration`, parsed.problem))
  return parsed.value
}

/** `2026-11-23T09:00:00+01:00  notice queued  call c1, position 1`. */
function inWords({ at, kind, type, ...rest }: Line): string {
  const said = Object.entries(rest).map(
    ([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return `${String(at)}  ${kind} ${type}  ${said.join(', ')}`.trimEnd()
}
