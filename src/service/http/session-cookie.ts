import cookies from '@fastify/cookie'

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
  /** The token in a request's header `Cookie`. */
  read(header: string | undefined): string | undefined
}

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
    read: (header) => {
      const token = header === undefined ? undefined : cookies.parse(header)[name()]
      return token === undefined || token.length > 200 ? undefined : token
    },
  }
}
