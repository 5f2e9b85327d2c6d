import { join } from 'node:path'
import type { E164 } from '../../core/configuration/types.ts'
import {
  destinationVerdict,
  presetDestinations,
  type DestinationTable,
} from '../../core/destinations/allowed-destination.ts'
import { destinationTableSchema } from '../../contract/work.ts'
import { doubledFile } from '../accounts/doubled-file.ts'
import { realDisk, type Disk } from '../files.ts'
import type { Log } from '../log.ts'
import { oneAtATime } from '../one-at-a-time.ts'
import type { Clock } from '../ports.ts'

/** The one table of what may be rung outside; the preset until an admin has changed it. */
export interface Destinations {
  table(): DestinationTable
  mayRing(number: E164): boolean
  /** In force when it resolves, and on disk; rejects, and the old one stays, where it cannot be written. */
  set(table: DestinationTable): Promise<void>
  changed(listener: () => void): () => void
}

export interface DestinationsOptions {
  /** The data directory: it holds `destinations.json`, beside the configuration and never in an export of it. */
  readonly directory: string
  readonly clock: Pick<Clock, 'now'>
  readonly disk?: Disk
  readonly log: Log
}

/** In a data directory, beside the configuration. */
export const destinationsFile = 'destinations.json'

/** Throws `StartProblem` where the table and its copy are damaged: the preset could open what was closed. */
export async function openDestinations({
  directory,
  clock,
  disk = realDisk,
  log,
}: DestinationsOptions): Promise<Destinations> {
  const file = doubledFile({
    path: join(directory, destinationsFile),
    disk,
    now: () => clock.now(),
    readText: readDestinations,
    troubled: (words) => log.error({ trouble: words }, 'the allowed destinations are in trouble'),
  })
  const inTurn = oneAtATime()
  const listeners = new Set<() => void>()
  let table: DestinationTable = (await file.read()) ?? presetDestinations

  return {
    table: () => table,
    mayRing: (number) => destinationVerdict(table, number).open,
    set: (next) =>
      inTurn(async () => {
        await file.write(`${JSON.stringify(next, null, 2)}\n`)
        table = next
        for (const listener of listeners) listener()
      }),
    changed: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export function readDestinations(text: string): DestinationTable | undefined {
  try {
    return destinationTableSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
