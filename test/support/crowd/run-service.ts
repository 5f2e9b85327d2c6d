import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { endSwitches } from '../../e2e/support/office.ts'

export interface RunService {
  /** Such as `http://127.0.0.1:8330`. */
  readonly origin: string
  readonly pid: number
  /** Ends it, and its switch. */
  close(): Promise<void>
}

const program = fileURLToPath(new URL('../../../bin/gruppnummer.mjs', import.meta.url))

/** `gruppnummer serve` on a data directory and any free port, once its switch is attached. */
export async function runService(directory: string, given: readonly string[] = []): Promise<RunService> {
  const service = spawn(process.execPath, [program, 'serve', '--config', directory, '--port', '0', ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  async function close() {
    if (service.exitCode === null) {
      service.kill('SIGTERM')
      await once(service, 'exit')
    }
    endSwitches(directory)
  }
  try {
    const origin = await saidOrigin(service.stdout)
    await attached(origin)
    return { origin, pid: service.pid ?? 0, close }
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
    const health = (await (await fetch(`${origin}/api/health`)).json()) as { switch?: string }
    if (health.switch === 'attached') return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
