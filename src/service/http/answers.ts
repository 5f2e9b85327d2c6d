import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { HttpProblem } from '../../contract/console.ts'
import type { Account, Accounts } from '../ports.ts'
import type { SessionCookie } from './session-cookie.ts'

/** The error form of every answer. `message` names what was expected. */
export function problem(reply: FastifyReply, status: number, kind: string, message: string) {
  return reply.status(status).send({ error: { kind, message } } satisfies HttpProblem)
}

export const notSignedIn = (reply: FastifyReply) => problem(reply, 401, 'notSignedIn', 'expected a signed-in account')

/** A body as its schema says. Throws what the error handler answers as 400, naming what was expected where. */
export function bodyOf<Schema extends z.ZodType>(schema: Schema, request: FastifyRequest): z.infer<Schema> {
  const parsed = schema.safeParse(request.body)
  if (parsed.success) return parsed.data
  const words = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`)
  throw Object.assign(new Error(words.join('; ')), { statusCode: 400 })
}

/** Who asks, by the session's token. */
export function accountOf(
  { accounts, cookie }: { readonly accounts: Pick<Accounts, 'session'>; readonly cookie: SessionCookie },
  request: FastifyRequest,
): Account | undefined {
  const token = cookie.read(request.headers)
  return token === undefined ? undefined : accounts.session(token)
}

/** Requests a minute from one address. */
export const limitedTo = (max: number | ((request: FastifyRequest) => number)) => ({
  config: { rateLimit: { max, timeWindow: 60_000 } },
})
