import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { endSwitches } from '../../e2e/support/office.ts'

export interface RunService {
  /** Such as `http://127.0.0.1:8330`. */
  readonly origin: string
  readonly pid: number
  /** kill -9; its switch goes on. */
  kill(): Promise<void>
  /** Ends it, and its switch. */
  close(): Promise<void>
}

const program = fileURLToPath(new URL('../../../bin/gruppnummer.mjs', import.meta.url))

interface Running {
  /** @default 0: any free one */
  readonly port?: number
  /** In a process of its own, watched by another: `pid` and `kill` are of that one. */
  readonly supervised?: true
  /** What it says on stderr that is no news; the rest is said on ours. */
  readonly expected?: RegExp
}

/** `gruppnummer serve` on a data directory, once its switch is attached. */
export async function runService(
  directory: string,
  given: readonly string[] = [],
  { port = 0, supervised, expected }: Running = {},
): Promise<RunService> {
  const verb = supervised ? 'supervise' : 'serve'
  const service = spawn(process.execPath, [program, verb, '--config', directory, '--port', String(port), ...given], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  createInterface(service.stderr).on('line', (line) => {
    if (expected?.test(line) !== true) console.error(line)
  })
  const isOver = () => service.exitCode !== null || service.signalCode !== null
  async function kill() {
    if (isOver()) return
    service.kill('SIGKILL')
    await once(service, 'exit')
  }
  async function close() {
    if (!isOver()) {
      service.kill('SIGTERM')
      await once(service, 'exit')
    }
    endSwitches(directory)
  }
  try {
    const origin = await saidOrigin(service.stdout)
    await attached(origin)
    return { origin, pid: service.pid ?? 0, kill, close }
  } catch (fault) {
    await close()
    throw fault
  }
}

async function saidOrigin(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const origin = /listens on (\S+)/.exec(line)?.[1]
    output.resume()
    if (origin !== undefined) return origin
  }
  throw new Error('the service ended at its start')
}

async function attached(origin: string): Promise<void> {
  for (;;) {
    if ((await healthOf(origin)) === 'attached') return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** How its switch is; undefined: it does not answer. */
export async function healthOf(origin: string): Promise<string | undefined> {
  try {
    const answer = await fetch(`${origin}/api/health`, { signal: AbortSignal.timeout(2000) })
    return ((await answer.json()) as { switch?: string }).switch
  } catch {
    return undefined
  }
}
