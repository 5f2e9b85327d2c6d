import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Trunk } from '../contract/switch.ts'
import { readTrunks } from '../service/live-calls/read-trunks.ts'
import { openOwnerLock } from '../service/owner-lock.ts'
import { StartProblem } from '../service/ports.ts'
import { readConfiguration } from './read-configuration.ts'

export interface WhereToServe {
  readonly directory: string
  readonly host: string
  /** Absent or 0: one is found that is free. */
  readonly port: number | undefined
}

/**
 * What would stop a service is looked for before it writes anything or starts its switch, so that a start that fails leaves the
 * directory as it was. Answers the trunks. Throws `StartProblem`.
 */
export async function lookBeforeServing({ directory, host, port }: WhereToServe): Promise<readonly Trunk[]> {
  if (existsSync(join(directory, 'owner.lock'))) openOwnerLock(directory).release()
  // With versions beside it, a damaged document is mended.
  const document = join(directory, 'gruppnummer.json')
  if (existsSync(document) && !existsSync(join(directory, 'versions'))) readConfiguration(document)
  if (port !== undefined && port !== 0 && (await isTaken(host, port)))
    throw new StartProblem(`${host}: port ${port} in use; expected a free one, by --port`)
  return readTrunks(directory)
}

function isTaken(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (fault: NodeJS.ErrnoException) => {
      resolve(fault.code === 'EADDRINUSE')
    })
    server.listen({ host, port }, () => {
      server.close(() => {
        resolve(false)
      })
    })
  })
}
