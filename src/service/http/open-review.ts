import fastify from 'fastify'
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { reviewNameHeader, reviewPath } from '../../contract/review.ts'
import { StartProblem } from '../ports.ts'
import { addGuards } from './add-guards.ts'
import { problem } from './answers.ts'
import { openDoor } from './door.ts'
import { listeningNames } from './names.ts'
import { addPages } from './pages.ts'

export interface ReviewFile {
  readonly name: string
  readonly modified: Date
  readonly content: Buffer
}

/** The console's pages for one file, on this machine alone, and no service behind them. */
export interface ReviewServer {
  /** To be opened in a browser: with the secret without which the file is given to nobody. */
  readonly address: string
  close(): Promise<void>
}

const host = '127.0.0.1'

/** Listens on `port`, 0: any free one. Throws `StartProblem`. */
export async function openReview(
  file: ReviewFile,
  { port, consoleDirectory }: { readonly port: number; readonly consoleDirectory: string },
): Promise<ReviewServer> {
  const token = randomBytes(32).toString('base64url')
  const app = fastify({ logger: false, forceCloseConnections: true })
  const listening = () => (app.server.address() as AddressInfo).port
  const door = openDoor({ names: listeningNames(host, undefined), port: listening, secure: false })
  await addGuards(app, { door, secure: false })
  app.get(reviewPath, (request, reply) => {
    if (!isSame(request.headers.authorization ?? '', `Bearer ${token}`))
      return problem(reply, 401, 'notSignedIn', 'expected the token of the address that was printed')
    return reply
      .header(reviewNameHeader, encodeURIComponent(file.name))
      .header('last-modified', file.modified.toUTCString())
      .type('application/octet-stream')
      .send(file.content)
  })
  await addPages(app, consoleDirectory)
  try {
    await app.listen({ host, port })
  } catch (fault) {
    await app.close()
    throw new StartProblem(`${host}:${String(port)}: cannot listen: ${(fault as Error).message}`)
  }
  return {
    address: `http://${host}:${String(listening())}/review#file=${token}`,
    close: () => app.close(),
  }
}

/** In a time that tells nothing of where they differ. */
function isSame(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(one), hash(other))
}
