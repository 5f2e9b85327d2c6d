import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { CallerCredential } from '../../contract/console.ts'
import type { Accounts } from '../ports.ts'
import { limitedTo, problem } from './answers.ts'
import { isLoopback } from './names.ts'

interface CallerParts {
  readonly accounts: Pick<Accounts, 'flag'>
  /** Undefined: too many at once, or no switch. */
  readonly makeCaller: () => Promise<CallerCredential | undefined>
}

/** The credential of the page `/caller`: for this machine always, for others where an admin has opened it. */
export function addCaller(app: FastifyInstance, { accounts, makeCaller }: CallerParts) {
  // Many callers on one machine are somebody trying it out; from elsewhere, somebody ringing.
  const most = (request: FastifyRequest) => (isLoopback(request.ip) ? 120 : 6)
  app.post('/api/caller', limitedTo(most), async (request, reply) => {
    if (!isLoopback(request.ip) && !accounts.flag('callerPage'))
      return problem(reply, 403, 'forbidden', 'the page /caller is closed to other machines; an admin can open it')
    const credential = await makeCaller()
    if (!credential) return problem(reply, 503, 'unavailable', 'no more callers just now; try again in some minutes')
    return credential
  })
}
