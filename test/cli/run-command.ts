import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** A command of the command line in a process of its own. */
export interface Running {
  readonly process: ChildProcess
  /** All that was printed when a line of stdout that matches has come; rejects when it ends before. */
  prints(line: RegExp): Promise<string>
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>
}

const program = fileURLToPath(new URL('../../bin/gruppnummer.mjs', import.meta.url))

/** Ended when the test is over, with the switch that it started. */
export function runCommand(
  verb: 'serve' | 'supervise' | 'link' | 'review',
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Running {
  const child = spawn(process.execPath, [program, verb, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part))
  child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part))
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, stdout, stderr }))
  onTestFinished(async () => {
    if (child.exitCode === null) child.kill('SIGTERM')
    await ended
    endSwitch(args[args.indexOf('--config') + 1] ?? '')
  })

  async function prints(line: RegExp): Promise<string> {
    const found = () => line.test(stdout)
    while (!found()) {
      const over = await Promise.race([once(child.stdout, 'data').then(() => false), ended.then(() => true)])
      if (over && !found()) throw new Error(`ended without printing ${String(line)}: ${stdout}${stderr}`)
    }
    return stdout
  }

  return { process: child, prints, ended }
}

/** A switch outlives its service by a minute; a test does not wait for that. */
function endSwitch(directory: string) {
  const log = join(directory, 'switch.log')
  if (!existsSync(log)) return
  for (const [, pid = ''] of readFileSync(log, 'utf8').matchAll(/"what":"started","pid":(\d+)/g)) {
    const command = `/proc/${pid}/cmdline`
    if (existsSync(command) && readFileSync(command, 'utf8').includes(directory)) process.kill(Number(pid), 'SIGTERM')
  }
}
