import { mkdirSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { attachSwitchProcess, type SwitchProcess } from './client.ts'
import type { ProcessOptions } from './process-options.ts'
import { startDetached } from './start-detached.ts'
import { switchPath } from './switch-path.ts'

export interface EmbeddedProcessOptions extends Pick<
  ProcessOptions,
  'sipUdp' | 'mediaAddress' | 'rtpPorts' | 'callLimit'
> {
  /** Of the data; one switch for each. Its log is `switch.log` in it, callers' messages are in `recordings`. */
  readonly directory: string
  /**
   * Starts the switch's program with its one argument; resolves with its exit code when it has ended.
   * Preset: detached, so that it outlives this process; the desktop program starts a `utilityProcess`.
   */
  readonly start?: (program: string, argument: string) => Promise<number | null>
}

/**
 * The embedded switch of a data directory, in its own process: the one that is running, with the options
 * that it was started with, else a new one. Throws `SwitchProcessProblem` when there is none to be had.
 */
export async function attachEmbeddedProcess({
  directory: given,
  start,
  ...options
}: EmbeddedProcessOptions): Promise<SwitchProcess> {
  const directory = resolve(given)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = switchPath(directory)
  const argument = JSON.stringify({
    ...options,
    path,
    socketPath: switchPath(directory, 'softphones.sock'),
    logFile: join(directory, 'switch.log'),
    recordings: join(directory, 'recordings'),
  } satisfies ProcessOptions)
  // Source in the checkout, built code where packed.
  const program = fileURLToPath(new URL(`main${extname(import.meta.url)}`, import.meta.url))
  return attachSwitchProcess({
    path,
    start: () => (start ? start(program, argument) : startDetached(program, [argument], directory)),
  })
}
