import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { permissions } from '../service/http/policies.ts'
import { pageFile, pagePolicy } from './pages.ts'

interface PageParts {
  /** Of the built console. */
  readonly directory: string
  /** Such as `http://127.0.0.1:8330`. */
  readonly service: string
  /** Hands on what is for the service. */
  readonly forward: (request: Request) => Promise<Response>
}

/** Answers what is asked under `app://gruppnummer`: the console's files, and under `/api/` the service. */
export function openPages({ directory, service, forward }: PageParts): (request: Request) => Promise<Response> {
  const headers = {
    'content-security-policy': pagePolicy(service),
    'permissions-policy': permissions,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
  return async (request) => {
    const { host, pathname } = new URL(request.url)
    if (host !== 'gruppnummer') return nothing()
    if (pathname.startsWith('/api/')) return forward(request)
    const page = request.method === 'GET' ? pageFile(pathname) : undefined
    const content = page && (await readFile(join(directory, page.file)).catch(() => undefined))
    if (page === undefined || content === undefined) return nothing()
    return new Response(new Uint8Array(content), { headers: { ...headers, 'content-type': page.type } })
  }
}

const nothing = () => new Response('nothing here\n', { status: 404, headers: { 'content-type': 'text/plain' } })
