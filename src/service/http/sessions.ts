import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { seconds, type Instant } from '../../core/time.ts'
import {
  desktopOrigin,
  passwordSchema,
  redeemSchema,
  sessionHeader,
  signInSchema,
  type Redeemed,
} from '../../contract/console.ts'
import { signedInOf } from '../console/console-connection.ts'
import type { ConsoleEndpoint } from '../console/console-endpoint.ts'
import type { Accounts, Clock, Session } from '../ports.ts'
import { accountOf, bodyOf, limitedTo, notSignedIn, problem } from './answers.ts'
import type { SessionCookie } from './session-cookie.ts'

interface SessionParts {
  readonly accounts: Accounts
  readonly cookie: SessionCookie
  readonly consoles: Pick<ConsoleEndpoint, 'signedOut'>
  readonly clock: Pick<Clock, 'now'>
}

const linkMoment = seconds(600)

/** Signing in and out, and the password of the signed-in account. */
export function addSessions(app: FastifyInstance, parts: SessionParts) {
  const { accounts, cookie, consoles, clock } = parts
  /** When a session was signed in by a link: a moment after, a forgotten password may be replaced. */
  const linkedAt = new Map<string, Instant>()

  const tokenOf = (request: FastifyRequest) => cookie.read(request.headers)

  function isFromLink(token: string): boolean {
    for (const [each, at] of linkedAt) if (clock.now() - at > linkMoment) linkedAt.delete(each)
    return linkedAt.has(token)
  }

  function enter(reply: FastifyReply, session: Session) {
    if (reply.request.headers.origin === desktopOrigin) reply.header(sessionHeader, session.token)
    else reply.setCookie(cookie.name, session.token, cookie.options)
    return session.signedIn
  }

  app.post('/api/session/link', limitedTo(30), async (request, reply) => {
    const { link } = bodyOf(redeemSchema, request)
    const session = await accounts.redeem(link)
    if (!session) return problem(reply, 401, 'link', 'expected a link that is neither used nor too old')
    linkedAt.set(session.token, clock.now())
    const redeemed: Redeemed = {
      ...enter(reply, session),
      hasPassword: accounts.hasPassword(session.signedIn.account),
    }
    return redeemed
  })

  app.post('/api/session', limitedTo(60), async (request, reply) => {
    const { name, password } = bodyOf(signInSchema, request)
    const session = await accounts.signIn(name, password, request.ip)
    if (session === 'limited') return problem(reply, 429, 'limited', 'too many attempts; wait some minutes')
    if (session === 'refused') return problem(reply, 401, 'refused', 'expected the name and password of an account')
    return enter(reply, session)
  })

  app.get('/api/session', async (request, reply) => {
    const account = accountOf(parts, request)
    if (!account) return notSignedIn(reply)
    return signedInOf(account)
  })

  app.delete('/api/session', async (request, reply) => {
    const token = tokenOf(request)
    if (token !== undefined) {
      await accounts.signOut(token)
      linkedAt.delete(token)
      consoles.signedOut(token)
    }
    reply.clearCookie(cookie.name, cookie.options)
    return reply.status(204).send()
  })

  app.post('/api/password', limitedTo(20), async (request, reply) => {
    const { current, password } = bodyOf(passwordSchema, request)
    const account = accountOf(parts, request)
    const token = tokenOf(request)
    if (!account || token === undefined) return notSignedIn(reply)
    if (accounts.hasPassword(account.id) && !isFromLink(token)) {
      const known = await accounts.signIn(account.name, current ?? '', request.ip)
      if (known === 'limited') return problem(reply, 429, 'limited', 'too many attempts; wait some minutes')
      if (known === 'refused') return problem(reply, 403, 'refused', 'current: expected the password in force')
      await accounts.signOut(known.token)
    }
    await accounts.setPassword(account.id, password)
    linkedAt.delete(token)
    return reply.status(204).send()
  })
}
