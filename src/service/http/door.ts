import type { IncomingHttpHeaders } from 'node:http'

/** Turns away what no page of ours asks: other names for this machine (DNS rebinding), and other pages (CSRF). */
export interface Door {
  /** Answers why it is turned away; undefined: welcome. */
  refuses(request: Knock): Refusal | undefined
}

export interface Knock {
  readonly method: string
  readonly headers: Pick<IncomingHttpHeaders, 'host' | 'origin'>
  /** A WebSocket always has an origin where a browser opens it, and no other kind may. */
  readonly upgrade?: boolean
}

export interface Refusal {
  readonly status: 403 | 421
  readonly kind: 'host' | 'origin'
  readonly message: string
}

export interface DoorSigns {
  /** Host names and addresses by which this service is reached, such as `127.0.0.1`; `*.example.com` stands for one label. */
  readonly names: readonly string[]
  /** Known once it listens. */
  readonly port: () => number
  readonly secure: boolean
  /** Other origins that are welcome, with a token instead of the cookie: the desktop program's own pages. */
  readonly tokenOrigins?: readonly string[]
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

export function openDoor({ names, port, secure, tokenOrigins = [] }: DoorSigns): Door {
  const scheme = secure ? 'https' : 'http'
  const preset = secure ? 443 : 80

  function refuses({ method, headers: { host, origin }, upgrade = false }: Knock): Refusal | undefined {
    if (host === undefined || !isOurName(host)) {
      const message = `expected the header Host to name this service, such as ${names[0] ?? 'localhost'}:${String(port())}`
      return { status: 421, kind: 'host', message }
    }
    if (origin === undefined ? safeMethods.has(method) && !upgrade : isOurPage(origin, host)) return undefined
    const message = `expected the header Origin to be ${scheme}://${host}`
    return { status: 403, kind: 'origin', message }
  }

  function isOurName(host: string): boolean {
    const { name, given } = splitHost(host.toLowerCase())
    return (given ?? preset) === port() && names.some((ours) => matches(ours, name))
  }

  const isOurPage = (origin: string, host: string) =>
    origin.toLowerCase() === `${scheme}://${host.toLowerCase()}` || tokenOrigins.includes(origin)

  return { refuses }
}

function splitHost(host: string): { name: string; given: number | undefined } {
  const parts = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(host)
  return { name: parts?.[1] ?? '', given: parts?.[2] === undefined ? undefined : Number(parts[2]) }
}

function matches(ours: string, name: string): boolean {
  if (!ours.startsWith('*.')) return ours === name
  const dot = name.indexOf('.')
  return dot > 0 && name.slice(dot) === ours.slice(1)
}
