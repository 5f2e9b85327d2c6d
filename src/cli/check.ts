import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkConfiguration } from '../core/configuration/check.ts'
import type { Problem } from '../core/configuration/problem.ts'
import type { DestinationTable } from '../core/destinations/allowed-destination.ts'
import { destinationsFile, readDestinations } from '../service/destinations/open-destinations.ts'
import { StartProblem } from '../service/ports.ts'
import { findSoundProblems } from '../service/sounds/sound-problems.ts'
import { soundPathIn } from '../service/store/sound-path.ts'
import { readArguments } from './read-arguments.ts'
import { readConfigurationFile, readText, sayProblems } from './read-configuration.ts'

/**
 * `gruppnummer check CONFIG [--json]`: exit 1 if there is an error among the problems.
 *
 * What cannot be taken as a configuration at all is exit 2, as everywhere: a document that is none, or an audio file that
 * is missing or broken.
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, ['CONFIG'], { json: { type: 'boolean' } })
  const { file, directory, parsed } = readConfigurationFile(positionals[0] ?? '')
  const unusable = parsed.ok
    ? await findSoundProblems(parsed.value, (name) => soundPathIn(directory, name))
    : parsed.problem
  const problems = [...unusable, ...(parsed.ok ? checkConfiguration(parsed.value, destinationsIn(directory)) : [])]

  if (values.json) process.stdout.write(`${JSON.stringify(problems)}\n`)
  if (unusable.length > 0) throw new StartProblem(sayProblems(file, unusable))
  if (!values.json) process.stdout.write(inWords(file, problems))
  return problems.some(({ severity }) => severity === 'error') ? 1 : 0
}

function inWords(file: string, problems: readonly Problem[]): string {
  if (problems.length === 0) return `${file}: nothing to mend\n`
  return problems.map(({ severity, path, message }) => `${severity}: ${path || file}: ${message}\n`).join('')
}

/** Those of the data directory that the document lies in; undefined: it lies in none. */
function destinationsIn(directory: string): DestinationTable | undefined {
  const file = join(directory, destinationsFile)
  if (!existsSync(file)) return undefined
  const table = readDestinations(readText(file))
  if (table === undefined) throw new StartProblem(`${file}: expected a table of allowed destinations`)
  return table
}
