import cookiePlugin from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import type { Server } from 'node:http'
import { addAdministration } from '../administration/add-administration.ts'
import { addGuards } from './add-guards.ts'
import { problem } from './answers.ts'
import { addCaller } from './callers.ts'
import type { Door } from './door.ts'
import type { HttpParts } from './http-parts.ts'
import { addPages } from './pages.ts'
import type { SessionCookie } from './session-cookie.ts'
import { addSessions } from './sessions.ts'
import { addSounds } from './sounds.ts'
import { addVoicemails } from './voicemails.ts'

const bodyLimit = 16 * 1024

export interface AppParts extends HttpParts {
  readonly server: Server
  readonly door: Door
  readonly cookie: SessionCookie
  readonly secure: boolean
}

/** The service's HTTP; upgrades of the same server are `openHttp`'s. */
export async function openApp(parts: AppParts): Promise<FastifyInstance> {
  const { server, door, secure, log } = parts
  const app = fastify({
    bodyLimit,
    logger: false,
    trustProxy: false,
    forceCloseConnections: true,
    serverFactory: (handler) => {
      server.on('request', handler)
      return server
    },
  })
  app.removeContentTypeParser('text/plain')
  await addGuards(app, {
    door,
    secure,
    turnedAway: ({ url, ip }, { kind }) =>
      log.warn({ kind, path: url.split('?')[0], from: ip }, 'a request was turned away'),
  })
  await app.register(rateLimit, {
    max: 1200,
    timeWindow: 60_000,
    errorResponseBuilder: (_, { after }) =>
      Object.assign(new Error(`too many requests; expected none for ${after}`), { statusCode: 429, code: 'tooMany' }),
  })
  await app.register(cookiePlugin)
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) log.error({ fault: error.stack, path: request.url.split('?')[0] }, 'a request failed')
    const message = status >= 500 ? 'the service failed; its log says why' : error.message
    return problem(reply, status, kinds[status] ?? 'invalid', message)
  })
  addSessions(app, parts)
  addCaller(app, parts)
  addSounds(app, parts)
  addAdministration(app, parts)
  addVoicemails(app, parts)
  // Desks ask again and again until it is there, all of them behind one proxy maybe.
  app.get('/api/health', { config: { rateLimit: false } }, () => ({ ok: true, ...parts.health() }))
  await addPages(app, parts.consoleDirectory)
  await app.ready()
  return app
}

const kinds: Readonly<Record<number, string>> = {
  401: 'notSignedIn',
  403: 'forbidden',
  404: 'unknown',
  413: 'tooLarge',
  415: 'contentType',
  429: 'tooMany',
  500: 'unavailable',
  503: 'unavailable',
}
