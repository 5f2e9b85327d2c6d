import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkConfiguration } from '../core/configuration/check.ts'
import { error, type Problem } from '../core/configuration/problem.ts'
import type { Configuration } from '../core/configuration/types.ts'
import { readArguments } from './read-arguments.ts'
import { readConfigurationFile } from './read-configuration.ts'

/** `gruppnummer check CONFIG [--json]`: exit 1 if there is an error among the problems. */
export function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, ['CONFIG'], { json: { type: 'boolean' } })
  const { file, directory, parsed } = readConfigurationFile(positionals[0] ?? '')
  const problems = parsed.ok
    ? [...soundProblems(parsed.value, directory), ...checkConfiguration(parsed.value)]
    : parsed.problem

  process.stdout.write(values.json ? `${JSON.stringify(problems)}\n` : inWords(file, problems))
  return Promise.resolve(problems.some(({ severity }) => severity === 'error') ? 1 : 0)
}

function inWords(file: string, problems: readonly Problem[]): string {
  if (problems.length === 0) return `${file}: nothing to mend\n`
  return problems.map(({ severity, path, message }) => `${severity}: ${path || file}: ${message}\n`).join('')
}

/** Audio files that are missing, or are not those that the document means. */
function soundProblems({ messages }: Configuration, directory: string): readonly Problem[] {
  return messages.flatMap(({ file, sha256 }, index) => {
    const found = sha256Of(join(directory, file))
    if (found === undefined)
      return [error(['messages', index, 'file'], `${file} cannot be read: put the file there, or remove the message`)]
    return found === sha256
      ? []
      : [error(['messages', index, 'sha256'], `${file} has other bytes, sha256 ${found}: put the right file there`)]
  })
}

function sha256Of(file: string): string | undefined {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex')
  } catch {
    return undefined
  }
}
