import type { Configuration, E164 } from '../core/configuration/types.ts'
import { compileHours, type Hours, type HoursStatus } from '../core/hours/compile-hours.ts'
import { zoneOf } from '../core/hours/zone.ts'
import { formatInstant, parseInstant } from '../core/instant.ts'
import type { Instant } from '../core/time.ts'
import { StartProblem } from '../service/ports.ts'
import { readArguments } from './read-arguments.ts'
import { readConfiguration } from './read-configuration.ts'

/** `gruppnummer status CONFIG (--number E164 --at INSTANT [--json] | --batch)`: opens no audio file. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, ['CONFIG'], {
    number: { type: 'string' },
    at: { type: 'string' },
    json: { type: 'boolean' },
    batch: { type: 'boolean' },
  })
  const [config = ''] = positionals
  const desk = createDesk(config, readConfiguration(config))

  if (values.batch) {
    if (values.number !== undefined || values.at !== undefined)
      throw new StartProblem('expected --batch, or --number and --at')
    await answerLines(desk)
    return 0
  }

  if (values.number === undefined)
    throw new StartProblem('expected --number with the group number, such as +46122260980')
  if (values.at === undefined)
    throw new StartProblem('expected --at with an instant, such as 2026-11-23T09:00:00+01:00')
  const answer = desk(values.number, values.at)
  process.stdout.write(`${JSON.stringify(answer, null, values.json ? 0 : 2)}\n`)
  return 0
}

/** What is printed; `at` by the wall clock of the company. */
type Answer = Pick<HoursStatus, 'open' | 'reason' | 'message'> & {
  readonly next: { readonly at: string; readonly open: boolean } | null
}

/** Answers about one configuration. @throws StartProblem for what is no number, no instant, or not in it. */
type Desk = (number: string, at: string) => Answer

function createDesk(config: string, configuration: Configuration): Desk {
  const groups = new Map(configuration.groupNumbers.map((group) => [group.number, group]))
  const compiled = new Map<E164, Hours>()
  const zone = zoneOf(configuration.company.timeZone)
  const written = (at: Instant) => formatInstant(at, zone.spanAt(at).offset)

  function hoursOf(given: string): Hours {
    const number = given as E164
    const known = compiled.get(number)
    if (known) return known
    const group = groups.get(number)
    if (!group) {
      const numbers = [...groups.keys()]
      throw new StartProblem(`${config}: groupNumbers: expected one with the number ${given}: ${some(numbers)}`)
    }
    const hours = compileHours(configuration, group)
    compiled.set(number, hours)
    return hours
  }

  return (number, at) => {
    const hours = hoursOf(number)
    const { open, reason, message, next } = hours.statusAt(readInstant(at))
    return { open, reason, message, next: next && { at: written(next.at), open: next.open } }
  }
}

function some(numbers: readonly string[]): string {
  if (numbers.length === 0) return 'there are none'
  return `there ${numbers.length === 1 ? 'is' : 'are'} ${numbers.slice(0, 5).join(', ')}${numbers.length > 5 ? ', ...' : ''}`
}

/** The seconds may be left out. */
function readInstant(text: string): Instant {
  const at = parseInstant(text.replace(/^([\d-]+[Tt]\d{2}:\d{2})(?=[Zz+-])/, '$1:00'))
  if (at === undefined) throw new StartProblem(`${text}: expected an instant, such as 2026-11-23T09:00:00+01:00`)
  return at
}

/** Answers each line as it comes, so that another program may ask and wait for the answer. */
async function answerLines(desk: Desk): Promise<void> {
  let count = 0
  let rest = ''
  process.stdin.setEncoding('utf8')
  for await (const chunk of process.stdin) {
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop() ?? ''
    answer(lines)
  }
  answer([rest])

  function answer(lines: readonly string[]) {
    const answers: string[] = []
    try {
      for (const line of lines) {
        count += 1
        if (line.trim() !== '') answers.push(`${JSON.stringify(answerLine(line.trim()))}\n`)
      }
    } finally {
      process.stdout.write(answers.join(''))
    }
  }

  function answerLine(line: string): Answer {
    const [number = '', at = '', ...more] = line.split(/\s+/)
    if (at === '' || more.length > 0)
      throw new StartProblem(
        `line ${count}: expected a group number and an instant, such as +46122260980 2026-11-23T09:00:00+01:00`,
      )
    try {
      return desk(number, at)
    } catch (fault) {
      if (fault instanceof StartProblem) throw new StartProblem(`line ${count}: ${fault.message}`)
      throw fault
    }
  }
}
