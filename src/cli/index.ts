import { StartProblem } from '../service/ports.ts'

/** A verb of the command `gruppnummer`, in a file of its own, loaded only when asked for. */
interface Verb {
  /** Its arguments, as the help shows them. */
  readonly usage: string
  readonly does: string
  readonly load: () => Promise<{ readonly run: (args: string[]) => Promise<number> }>
}

/** Only what is built is listed. */
const verbs: Readonly<Record<string, Verb>> = {
  serve: {
    usage:
      '[--config DIR] [--host A] [--port N] [--tls-cert F --tls-key F] [--switch embedded|asterisk] [--asterisk FILE] [--sip-udp A:PORT] [--media-address A] [--rtp MIN-MAX]',
    does: 'run the group service alone; on an empty directory, print a link that makes the first admin',
    load: () => import('./serve.ts'),
  },
  supervise: {
    usage: '[as serve]',
    does: 'run the group service in a process of its own, which is ended and started again when it freezes or dies',
    load: () => import('./supervise.ts'),
  },
  link: {
    usage: 'ACCOUNT [--config DIR]',
    does: 'print a new one-time sign-in link',
    load: () => import('./link.ts'),
  },
  status: {
    usage: 'CONFIG (--number E164 --at INSTANT [--json] | --batch)',
    does: 'is it open, why, and until when; --batch reads lines of a number and an instant',
    load: () => import('./status.ts'),
  },
  replay: {
    usage: 'STORY [--json]',
    does: 'what the router does with what happened, without a switch',
    load: () => import('./replay.ts'),
  },
  check: {
    usage: 'CONFIG [--json]',
    does: 'problems of a configuration and its audio files, and what to do; exit 1 on an error',
    load: () => import('./check.ts'),
  },
  diff: {
    usage: 'OLD NEW [--replay STORY] [--json] [--language sv|en]',
    does: 'what changed between two documents or exports, in words; with a story: who would have fared otherwise',
    load: () => import('./diff.ts'),
  },
  export: {
    usage: 'FILE [--config CONFIG]',
    does: 'the document and its audio as one .zip, lossless',
    load: () => import('./export.ts'),
  },
  import: {
    usage: 'FILE [--config DIR] [--preview]',
    does: 'make an export or a document the newest version, all of it or nothing; prints what changes',
    load: () => import('./import.ts'),
  },
  review: {
    usage: 'FILE [--port N]',
    does: 'open an export, a document or a directory in the console, with no service; nothing is written',
    load: () => import('./review.ts'),
  },
  'asterisk-config': {
    usage:
      'DIR [--for ETC] [--sip A:PORT] [--trunk HOST[:PORT] [--trunk-from A,...] [--trunk-transport udp|tcp|tls] [--trunk-user U --trunk-password-file F]] [--outside A --local-net NET,...] [--rtp MIN-MAX] [--http A:PORT] [--https A:PORT [--https-name HOST] --service A,...] [--sip-tls PORT] [--tls-cert F --tls-key F] [--fallback-number E164] [--name NAME --peer NAME=A:PORT,...] [--application NAME] [--language sv|en] [--replace]',
    does: 'write the files of an Asterisk server that the service drives; docs/guides/asterisk.md explains them',
    load: () => import('./asterisk-config.ts'),
  },
}

/**
 * Runs one command line, without the program's own name.
 *
 * @returns the exit code: 2 for what the one who asked must mend, said in one line.
 */
export async function main(args: readonly string[]): Promise<number> {
  // A reader that has seen enough, such as `head`, is no fault.
  process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
    if (fault.code !== 'EPIPE') throw fault
    process.exit()
  })

  const [name = '', ...given] = args
  if (name === '--help' || name === '-h' || name === 'help') return print(help())
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined
  if (!verb) return complain(name === '' ? `expected ${choice()}` : `expected ${choice()}, not ${name}`)
  if (given.includes('--help') || given.includes('-h'))
    return print(`gruppnummer ${name} ${verb.usage}\n\n${verb.does}\n`)

  try {
    const { run } = await verb.load()
    return await run(given)
  } catch (fault) {
    if (fault instanceof StartProblem) return complain(fault.message)
    throw fault
  }
}

function help(): string {
  const lines = Object.entries(verbs).map(
    ([name, { usage, does }]) => `  gruppnummer ${name} ${usage}\n      ${does}\n`,
  )
  return `A group number: one phone number that a team answers.\n\n${lines.join('')}
CONFIG is a gruppnummer.json, or the directory it is in. INSTANT is as 2026-11-23T09:00:00+01:00.
`
}

const choice = () => `one of ${Object.keys(verbs).join(', ')} or --help`

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

function complain(message: string): number {
  process.stderr.write(`gruppnummer: ${message}\n`)
  return 2
}
