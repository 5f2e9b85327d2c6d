import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseConfigurationText } from '../core/configuration/parse.ts'
import type { Problem } from '../core/configuration/problem.ts'
import type { Configuration } from '../core/configuration/types.ts'
import type { Result } from '../core/result.ts'
import { StartProblem } from '../service/ports.ts'

export interface ConfigurationFile {
  readonly file: string
  /** The audio files lie here or below. */
  readonly directory: string
  readonly parsed: Result<Configuration, readonly Problem[]>
}

/**
 * Reads CONFIG: a document, or a directory with a `gruppnummer.json`.
 *
 * @throws StartProblem if there is none to read.
 */
export function readConfigurationFile(config: string): ConfigurationFile {
  const file = isDirectory(config) ? join(config, 'gruppnummer.json') : config
  return { file, directory: dirname(file), parsed: parseConfigurationText(readText(file)) }
}

/** @throws StartProblem naming file, path and what was expected, also if the document is not valid. */
export function readConfiguration(config: string): Configuration {
  const { file, parsed } = readConfigurationFile(config)
  if (parsed.ok) return parsed.value
  throw new StartProblem(sayProblems(file, parsed.problem))
}

/** The first problem in one line, and how many more there are. */
export function sayProblems(file: string, problems: readonly Problem[]): string {
  const [first] = problems
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  return [file, first?.path, first?.message].filter(Boolean).join(': ') + more
}

/** @throws StartProblem in one line, if the file cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (fault) {
    throw new StartProblem(`${file}: ${why(fault)}`)
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (fault) {
    throw new StartProblem(`${path}: ${why(fault)}`)
  }
}

const reasons: Partial<Record<string, string>> = {
  ENOENT: 'expected a file or a directory: there is none',
  EACCES: 'expected a file that may be read',
  EISDIR: 'expected a file, not a directory',
}

function why(fault: unknown): string {
  const code = fault instanceof Error && 'code' in fault ? String(fault.code) : ''
  return reasons[code] ?? (fault instanceof Error ? fault.message : String(fault))
}
