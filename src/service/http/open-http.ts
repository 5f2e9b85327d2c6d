import cookiePlugin from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import staticFiles from '@fastify/static'
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { basename, dirname, join } from 'node:path'
import type { Duplex } from 'node:stream'
import type { z } from 'zod'
import type { MessageId } from '../../core/configuration/types.ts'
import {
  consolePath,
  passwordSchema,
  redeemSchema,
  signInSchema,
  type CallerCredential,
  type HttpProblem,
} from '../../contract/console.ts'
import { sipPath } from '../../contract/softphone.ts'
import { signedInOf } from '../console/console-connection.ts'
import type { ConsoleEndpoint } from '../console/console-endpoint.ts'
import type { Log } from '../log.ts'
import { StartProblem, type Account, type Accounts, type ConfigurationStore, type Session } from '../ports.ts'
import { openDoor, type Door } from './door.ts'
import { isLoopback, listeningNames } from './names.ts'
import { mayHear } from './may-hear.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'
import { sessionCookie, type SessionCookie } from './session-cookie.ts'
import type { SipTunnel } from './sip-tunnel.ts'

/** The service's one port: the console's pages, its HTTP and WebSocket, and the softphones' SIP. */
export interface Http {
  readonly host: string
  readonly port: number
  /** Such as `http://127.0.0.1:8330`. */
  readonly origin: string
  close(): Promise<void>
}

export interface HttpParts {
  readonly listen: Listen
  readonly accounts: Accounts
  readonly store: Pick<ConfigurationStore, 'current' | 'soundPath'>
  readonly consoles: ConsoleEndpoint
  readonly sip: SipTunnel
  /** For the page `/caller`; undefined: too many at once. */
  readonly makeCaller: () => Promise<CallerCredential | undefined>
  health(): { readonly switch: 'attached' | 'lost' }
  /** The built console; undefined or missing: says that it is not built. */
  readonly consoleDirectory: string | undefined
  readonly log: Log
}

export interface Listen {
  /** An address or name of this machine. */
  readonly host: string
  /** Tried in this order until one is free; 0 is any. */
  readonly ports: readonly number[]
  /** PEM. */
  readonly tls?: { readonly certificate: string; readonly key: string }
}

/** Pages of the desktop program that are not served from here say who they are by token. */
const tokenOrigins = ['app://gruppnummer']
const bodyLimit = 16 * 1024

/** Listens, or throws `StartProblem`. */
export async function openHttp(parts: HttpParts): Promise<Http> {
  const { listen, log } = parts
  const { tls } = listen
  const secure = tls !== undefined
  if (!secure && !isLoopback(listen.host))
    throw new StartProblem(
      `--host ${listen.host}: expected --tls-cert and --tls-key too, since a browser gives no microphone without TLS`,
    )
  const server = tls ? createTlsServer({ cert: tls.certificate, key: tls.key }) : createServer()
  const port = await listenOn(server, listen)
  const names = listeningNames(listen.host, tls?.certificate)
  const door = openDoor({ names, port: () => port, secure, tokenOrigins })
  const cookie = sessionCookie({ port, secure })
  const app = await openApp({ ...parts, server, door, cookie, secure })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgrade({ request, socket, head, door, cookie, parts })
  })
  log.info({ host: listen.host, port, secure }, 'listening')
  return {
    host: listen.host,
    port,
    origin: `${secure ? 'https' : 'http'}://${names[0] ?? 'localhost'}:${String(port)}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      parts.sip.close()
      await parts.consoles.stop()
      server.closeAllConnections()
      await closed
      await app.close()
    },
  }
}

async function listenOn(server: Server, { host, ports }: Listen): Promise<number> {
  for (const port of ports) {
    const fault = await tryPort(server, host, port)
    if (!fault) return (server.address() as AddressInfo).port
    if (fault.code !== 'EADDRINUSE') throw new StartProblem(`${host}:${String(port)}: cannot listen: ${fault.message}`)
  }
  const tried = ports.length === 1 ? `port ${String(ports[0])}` : `ports ${String(ports[0])} to ${String(ports.at(-1))}`
  throw new StartProblem(`${host}: ${tried} in use; expected a free one, by --port`)
}

function tryPort(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const refused = (fault: NodeJS.ErrnoException) => resolve(fault)
    server.once('error', refused)
    server.listen({ host, port }, () => {
      server.off('error', refused)
      resolve(undefined)
    })
  })
}

// --- upgrades -------------------------------------------------------------------------------------

interface Upgrade {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
  readonly door: Door
  readonly cookie: SessionCookie
  readonly parts: HttpParts
}

function upgrade({ request, socket, head, door, cookie, parts: { consoles, sip, log } }: Upgrade) {
  const { headers, method = 'GET' } = request
  const refusal = door.refuses({ method, headers, upgrade: true })
  if (refusal) {
    log.warn({ kind: refusal.kind, from: request.socket.remoteAddress }, 'an upgrade was turned away')
    refuseUpgrade(socket, refusal)
    return
  }
  const path = (request.url ?? '').split('?')[0]
  // A page of another origin brings no cookie that may be believed.
  const token = tokenOrigins.includes(headers.origin ?? '') ? undefined : cookie.read(headers.cookie)
  if (path === consolePath) consoles.upgrade(request, socket, head, token)
  else if (path === sipPath) sip.upgrade(request, socket, head)
  else refuseUpgrade(socket, { status: 404, kind: 'unknown', message: `expected ${consolePath} or ${sipPath}` })
}

// --- HTTP -----------------------------------------------------------------------------------------

interface AppParts extends HttpParts {
  readonly server: Server
  readonly door: Door
  readonly cookie: SessionCookie
  readonly secure: boolean
}

async function openApp(parts: AppParts): Promise<FastifyInstance> {
  const { server, door, log } = parts
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
  app.addHook('onRequest', async (request, reply) => {
    const refusal = door.refuses(request)
    if (!refusal) return
    log.warn({ kind: refusal.kind, path: request.url.split('?')[0], from: request.ip }, 'a request was turned away')
    await problem(reply, refusal.status, refusal.kind, refusal.message)
  })
  await app.register(helmet, policies(parts.secure))
  app.addHook('onSend', async (request, reply) => {
    reply.header('permissions-policy', permissions)
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
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
  app.get('/api/health', () => ({ ok: true, ...parts.health() }))
  await addPages(app, parts)
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

const permissions =
  'microphone=(self), speaker-selection=(self), hid=(self), autoplay=(self), camera=(), geolocation=(), display-capture=(), payment=(), usb=()'

/** Nothing from elsewhere, nothing inline, no eval. */
function policies(secure: boolean) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        connectSrc: ["'self'"],
        mediaSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' as const },
    strictTransportSecurity: secure ? { maxAge: 180 * 24 * 60 * 60 } : false,
    xFrameOptions: { action: 'deny' as const },
  }
}

function addSessions(app: FastifyInstance, parts: AppParts) {
  const { accounts, cookie, consoles } = parts
  /** Signed in by a link a moment ago: a forgotten password may be replaced. */
  const byLink = new Set<string>()

  const tokenOf = (request: FastifyRequest) => cookie.read(request.headers.cookie)

  function enter(reply: FastifyReply, session: Session) {
    reply.setCookie(cookie.name, session.token, cookie.options)
    return session.signedIn
  }

  app.post('/api/session/link', limited(30), async (request, reply) => {
    const { link } = bodyOf(redeemSchema, request)
    const session = await accounts.redeem(link)
    if (!session) return problem(reply, 401, 'link', 'expected a link that is neither used nor too old')
    byLink.add(session.token)
    if (byLink.size > 1000) byLink.clear()
    return enter(reply, session)
  })

  app.post('/api/session', limited(60), async (request, reply) => {
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
      byLink.delete(token)
      consoles.signedOut(token)
    }
    reply.clearCookie(cookie.name, cookie.options)
    return reply.status(204).send()
  })

  app.post('/api/password', limited(20), async (request, reply) => {
    const { current, password } = bodyOf(passwordSchema, request)
    const account = accountOf(parts, request)
    const token = tokenOf(request)
    if (!account || token === undefined) return notSignedIn(reply)
    if (accounts.hasPassword(account.id) && !byLink.has(token)) {
      const known = await accounts.signIn(account.name, current ?? '', request.ip)
      if (known === 'limited') return problem(reply, 429, 'limited', 'too many attempts; wait some minutes')
      if (known === 'refused') return problem(reply, 403, 'refused', 'current: expected the password in force')
      await accounts.signOut(known.token)
    }
    await accounts.setPassword(account.id, password)
    byLink.delete(token)
    return reply.status(204).send()
  })
}

function addCaller(app: FastifyInstance, { accounts, makeCaller }: AppParts) {
  // Many callers on one machine are somebody trying it out; from elsewhere, somebody ringing.
  const most = (request: FastifyRequest) => (isLoopback(request.ip) ? 120 : 6)
  app.post('/api/caller', { config: { rateLimit: { max: most, timeWindow: 60_000 } } }, async (request, reply) => {
    if (!isLoopback(request.ip) && !accounts.flag('callerPage'))
      return problem(reply, 403, 'forbidden', 'the page /caller is closed to other machines; an admin can open it')
    const credential = await makeCaller()
    if (!credential) return problem(reply, 503, 'unavailable', 'no more callers just now; try again in some minutes')
    return credential
  })
}

function addSounds(app: FastifyInstance, parts: AppParts) {
  const { store } = parts
  app.get<{ Params: { id: string } }>('/api/sounds/:id', async (request, reply) => {
    const account = accountOf(parts, request)
    if (!account) return notSignedIn(reply)
    const { configuration } = store.current()
    const message = configuration.messages.find(({ id }) => id === (request.params.id as MessageId))
    // Whoever may not hear it is not told either whether there is one.
    if (!message || !mayHear(account, message, configuration))
      return problem(reply, 404, 'unknown', `no message ${request.params.id} for this account`)
    const path = store.soundPath(message.file)
    return reply.sendFile(basename(path), dirname(path))
  })
}

async function addPages(app: FastifyInstance, { consoleDirectory }: AppParts) {
  const built = consoleDirectory !== undefined && existsSync(join(consoleDirectory, 'index.html'))
  await app.register(staticFiles, {
    // Sounds are sent with a root of their own, so one is needed where no console is built either.
    root: built ? consoleDirectory : import.meta.dirname,
    serve: built,
    index: 'index.html',
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Built files carry a hash of their content in their name.
      const isHashed = /[/\\]assets[/\\]/.test(path)
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  app.get('/caller', (_, reply) => page(reply, 'caller.html'))
  app.setNotFoundHandler((request, reply) => {
    const isPage = request.method === 'GET' && !request.url.startsWith('/api/') && !/\.\w+$/.test(pathOf(request))
    if (isPage) return page(reply, 'index.html')
    return problem(reply, 404, 'unknown', `nothing here: ${request.method} ${pathOf(request)}`)
  })

  function page(reply: FastifyReply, file: string) {
    if (built && existsSync(join(consoleDirectory, file))) return reply.sendFile(file)
    return reply.status(503).type('text/plain; charset=utf-8').send('The console is not built. Run: npm run build\n')
  }
}

const limited = (max: number) => ({ config: { rateLimit: { max, timeWindow: 60_000 } } })

const pathOf = (request: FastifyRequest) => request.url.split('?')[0] ?? ''

function accountOf({ accounts, cookie }: AppParts, request: FastifyRequest): Account | undefined {
  const token = cookie.read(request.headers.cookie)
  return token === undefined ? undefined : accounts.session(token)
}

/** Throws what the error handler answers as 400, naming what was expected where. */
function bodyOf<Schema extends z.ZodType>(schema: Schema, request: FastifyRequest): z.infer<Schema> {
  const parsed = schema.safeParse(request.body)
  if (parsed.success) return parsed.data
  const words = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`)
  throw Object.assign(new Error(words.join('; ')), { statusCode: 400 })
}

const notSignedIn = (reply: FastifyReply) => problem(reply, 401, 'notSignedIn', 'expected a signed-in account')

function problem(reply: FastifyReply, status: number, kind: string, message: string) {
  return reply.status(status).send({ error: { kind, message } } satisfies HttpProblem)
}
