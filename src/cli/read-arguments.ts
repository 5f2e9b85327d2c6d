import { parseArgs, type ParseArgsConfig } from 'node:util'
import { StartProblem } from '../service/ports.ts'

type Options = NonNullable<ParseArgsConfig['options']>

/**
 * Reads the arguments of a verb.
 *
 * @throws StartProblem for an unknown option, a missing value, or another number of plain arguments than `names`.
 */
export function readArguments<const Given extends Options>(args: string[], names: readonly string[], options: Given) {
  const { values, positionals } = parse(args, options)
  const surplus = positionals[names.length]
  if (surplus !== undefined)
    throw new StartProblem(`expected ${names.join(' ') || 'options'} alone, not also ${surplus}`)
  const missing = names[positionals.length]
  if (missing !== undefined) throw new StartProblem(`expected ${missing}`)
  return { values, positionals }
}

function parse<const Given extends Options>(args: string[], options: Given) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (fault) {
    // Node explains at length how to begin an argument with a dash; the first sentence is the fault.
    if (fault instanceof TypeError) throw new StartProblem(fault.message.split('. ')[0] ?? fault.message)
    throw fault
  }
}
