import cookies from '@fastify/cookie'
import type { IncomingHttpHeaders } from 'node:http'
import { desktopOrigin } from '../../contract/console.ts'

/** The cookie that carries a session's token: for this service alone, and never readable by a page. */
export interface SessionCookie {
  readonly name: string
  readonly options: {
    readonly httpOnly: true
    readonly sameSite: 'strict'
    readonly secure: boolean
    readonly path: '/'
    /** Seconds. */
    readonly maxAge: number
  }
  /** The session's token that a request carries: as `Authorization: Bearer`, which no other page can add, else as the cookie. */
  read(headers: Carrying): string | undefined
}

type Carrying = Pick<IncomingHttpHeaders, 'authorization' | 'cookie' | 'origin'>

const longest = 200
const thirtyDays = 30 * 24 * 60 * 60

/** Cookies do not tell ports apart (RFC 6265 section 8.5), so two services on one machine have names of their own. */
export function sessionCookie({
  port,
  secure,
}: {
  /** Known once the service listens. */
  readonly port: () => number
  readonly secure: boolean
}): SessionCookie {
  const name = () => `${secure ? '__Host-' : ''}gruppnummer-${String(port())}`
  return {
    get name() {
      return name()
    },
    options: { httpOnly: true, sameSite: 'strict', secure, path: '/', maxAge: thirtyDays },
    read: ({ authorization, cookie, origin }) => {
      const [, bearer] = /^Bearer ([\w-]+)$/.exec(authorization ?? '') ?? []
      // A page of another origin brings no cookie that may be believed.
      const brought = origin === desktopOrigin || cookie === undefined ? undefined : cookies.parse(cookie)[name()]
      const token = bearer ?? brought
      return token === undefined || token.length > longest ? undefined : token
    },
  }
}
