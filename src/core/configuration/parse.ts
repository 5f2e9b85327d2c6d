import type { z } from 'zod'
import { failed, ok, type Result } from '../result.ts'
import { findJsonFault } from './json-fault.ts'
import { findBrokenReferences } from './integrity.ts'
import { error, type PathPart, type Problem } from './problem.ts'
import { keepParts, readShape } from './read-shape.ts'
import type { Configuration } from './types.ts'

/** More than these are of no help to anyone. */
const mostProblems = 200

/**
 * Reads a document that has been parsed as JSON.
 *
 * The value is a new one, in canonical key order. The problems, all with severity `error`, stand in the
 * order of the document.
 */
export function parseConfiguration(document: unknown): Result<Configuration, readonly Problem[]> {
  const parsed = readShape(document)
  if (!parsed) return failed([error([], 'expected a configuration: this has too many faults to list')])
  if (!parsed.success) return failed(atMost(parsed.error.issues.flatMap(problemsOf)))

  const broken = findBrokenReferences(parsed.data)
  if (broken.length > 0) return failed(atMost(broken))
  keepParts(parsed.data)
  return ok(parsed.data)
}

/** In characters: five times what 10,000 agents need. */
const longestText = 16 * 1024 * 1024

/** Reads the text of a `gruppnummer.json`. A fault in the JSON is one problem, with line and column. */
export function parseConfigurationText(text: string): Result<Configuration, readonly Problem[]> {
  if (text.length > longestText) return failed([error([], 'expected a document of at most 16 MiB')])

  // Some editors begin a file with a byte order mark.
  const json = text.startsWith('\ufeff') ? text.slice(1) : text
  const fault = findJsonFault(json)
  if (fault) return failed([error([], `line ${fault.line}, column ${fault.column}: ${fault.message}`)])
  return parseConfiguration(JSON.parse(json))
}

function atMost(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= mostProblems) return problems
  const more = String(problems.length - mostProblems)
  return [...problems.slice(0, mostProblems), error([], `and ${more} more like these`)]
}

type Issue = z.core.$ZodIssue

function problemsOf(issue: Issue): Problem[] {
  const path = issue.path.filter((part): part is PathPart => typeof part !== 'symbol')
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => error([...path, key], 'unknown key'))
  return [error(path, expectationOf(issue))]
}

function expectationOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type': {
      const expected = typeWords[issue.expected] ?? issue.expected
      return `expected ${expected}${missing(issue)}`
    }
    case 'invalid_value':
      return `expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}${missing(issue)}`
    case 'invalid_union':
      return 'options' in issue
        ? `expected ${issue.options.map((value) => JSON.stringify(value)).join(' or ')}`
        : 'expected one of the forms in the JSON schema'
    case 'too_small':
      if (issue.origin === 'string') return issue.minimum === 1 ? 'expected a text that is not empty' : lengthOf(issue)
      return `expected ${!issue.inclusive ? 'more than' : 'at least'} ${String(issue.minimum)}`
    case 'too_big':
      if (issue.origin === 'string') return `expected at most ${String(issue.maximum)} characters`
      return `expected at most ${String(issue.maximum)}`
    default:
      return issue.message
  }
}

const missing = ({ input }: Issue) => (input === undefined ? ': it is missing' : '')

const lengthOf = (issue: { minimum: number | bigint }) => `expected at least ${String(issue.minimum)} characters`

const typeWords: Partial<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}
