import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

interface Ended {
  readonly out: string
  readonly errors: string
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves when the program has printed `text`. */
  printed(text: string): Promise<void>
}

/** Runs a program of this folder in a process of its own. */
export function run(program: string, ...args: readonly string[]): Running {
  const file = fileURLToPath(new URL(program, import.meta.url))
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let errors = ''
  const waiting = new Set<() => void>()
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
    for (const check of waiting) check()
  })
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ out, errors, code, signal }))
  })

  function printed(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (out.includes(text)) resolve()
      }
      waiting.add(check)
      check()
      void ended.then(() => reject(new Error(`${program} ended without ${JSON.stringify(text)}: ${out}${errors}`)))
    })
  }

  return { child, ended, printed }
}
