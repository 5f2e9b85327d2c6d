import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Switch } from '../../../contract/switch.ts'
import { hostSwitch } from './host.ts'
import { claimSocket } from './own-socket.ts'

export interface RunOptions {
  /** Where to listen (`switchPath`). */
  readonly path: string
  readonly logFile: string
  /** Ends when alone and without calls for this long. Preset: a minute. */
  readonly idleMillis?: number
  /** Opens the engine; called only when no other process has the path. */
  readonly open: (log: Log) => Promise<HostedEngine>
}

export interface HostedEngine {
  readonly engine: Switch
  readonly calls: () => number
  readonly sipUdp?: { readonly address: string; readonly port: number }
  /** Says goodbye to the parties, where it can. */
  readonly close: () => Promise<void>
}

export type Log = (what: string, about?: Readonly<Record<string, unknown>>) => void

/** The exit code of a process that finds another one listening: all is well, it is not needed. */
export const takenExit = 3

/** A log this big is set aside at the next start, in bytes. */
const bigLog = 5 * 1024 * 1024

/**
 * Makes this process the switch, until nobody needs it, or it is told to end (SIGTERM, SIGINT).
 *
 * It outlives whoever started it: it uses no inherited pipe, and a closed terminal does not end it.
 * It ends by `process.exit`, since a media library that takes itself down may crash.
 */
export async function runSwitchProcess({ path, logFile, idleMillis, open }: RunOptions): Promise<void> {
  const log = openLog(logFile)
  // Calls matter more than one message that was not understood: what nobody caught ends nothing here.
  process.on('uncaughtException', (error) => {
    log('not caught', { error: error.stack ?? error.message })
  })
  process.on('unhandledRejection', (error) => {
    log('not caught', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  })
  process.on('SIGHUP', () => undefined)

  const claim = await claimSocket(path)
  if (!claim.ok) {
    log('not started', claim.problem)
    process.exit(claim.problem.kind === 'taken' ? takenExit : 1)
  }
  let hosted: HostedEngine
  try {
    hosted = await open(log)
  } catch (error) {
    log('not started', { error: error instanceof Error ? error.message : String(error) })
    process.exit(1)
  }
  const host = await hostSwitch({
    ...hosted,
    claim: claim.value,
    ...(idleMillis !== undefined && { idleMillis }),
    idle: () => void end('nobody needs it'),
    log,
  })
  if (!host.ok) {
    log('not started', host.problem)
    process.exit(host.problem.kind === 'taken' ? takenExit : 1)
  }
  const { value: hosting } = host

  async function end(why: string) {
    log('ending', { why })
    hosting.close()
    await Promise.race([hosted.close(), new Promise((resolve) => setTimeout(resolve, 2000))]).catch(() => undefined)
    process.exit(0)
  }

  process.once('SIGTERM', () => void end('told to'))
  process.once('SIGINT', () => void end('told to'))
  log('started', { pid: process.pid, path })
}

/** JSON, one line each. A log that cannot be written is no reason to end calls. */
function openLog(file: string): Log {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > bigLog) renameSync(file, `${file}.1`)
  } catch {
    // Said by the first line that cannot be written, to nobody.
  }
  return (what, about = {}) => {
    try {
      appendFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), what, ...about })}\n`, { mode: 0o600 })
    } catch {
      // As above.
    }
  }
}
