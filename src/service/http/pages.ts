import staticFiles from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { problem } from './answers.ts'

/** The built console; every address of its own is its first page. Where none is built, one that says so. */
export async function addPages(app: FastifyInstance, consoleDirectory: string | undefined) {
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

const pathOf = (request: FastifyRequest) => request.url.split('?')[0] ?? ''
