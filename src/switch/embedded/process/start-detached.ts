import { spawn } from 'node:child_process'

/**
 * Starts a Node program that outlives this one: in a process group of its own, with no pipe between.
 * Resolves with the exit code if it ends while this process lives; null: killed, or never started.
 */
export function startDetached(program: string, given: readonly string[], directory: string): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...given], { cwd: directory, detached: true, stdio: 'ignore' })
    child.once('exit', resolve)
    child.once('error', () => {
      resolve(null)
    })
    child.unref()
  })
}
