import { desktopOrigin, sessionHeader } from '../contract/console.ts'
import type { Secret } from './secret-file.ts'

export interface ForwardParts {
  /** Such as `http://127.0.0.1:8330`. */
  readonly service: string
  /** The session's token. */
  readonly token: Secret
  readonly fetch: (url: string, init: RequestInit & { duplex?: 'half' }) => Promise<Response>
}

/** Of the connection to the page, not of what is said; and what says who asks, which is added here. */
const left = ['host', 'connection', 'cookie', 'origin', 'authorization', 'referer', 'content-length']

/**
 * Hands the page's HTTP on to the service, with the session's token, which is taken from the answers that sign in: no page
 * sends or sees it over HTTP. Where the service cannot be reached the page's request fails, as it would in a browser.
 */
export function openForward({ service, token, fetch }: ForwardParts): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname, search } = new URL(request.url)
    const headers = new Headers(request.headers)
    for (const name of left) headers.delete(name)
    headers.set('origin', desktopOrigin)
    const known = token.read()
    if (known !== undefined) headers.set('authorization', `Bearer ${known}`)
    let answer: Response
    try {
      answer = await fetch(`${service}${pathname}${search}`, {
        method: request.method,
        headers,
        ...(request.body && { body: request.body, duplex: 'half' as const }),
        redirect: 'error',
      })
    } catch {
      return Response.error()
    }
    const given = answer.headers.get(sessionHeader)
    if (given !== null) token.keep(given)
    if (request.method === 'DELETE' && pathname === '/api/session') token.remove()
    return new Response(answer.body, { status: answer.status, headers: shown(answer.headers) })
  }
}

function shown(given: Headers): Headers {
  const headers = new Headers(given)
  // What `fetch` undid, or the page is not to see.
  for (const name of [sessionHeader, 'set-cookie', 'content-encoding', 'transfer-encoding']) headers.delete(name)
  return headers
}
