import type { z } from 'zod'

/** One request to Asterisk's REST interface. */
export interface AriRequest<Body> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: unknown
  /** Whose order it keeps to, where the path does not say: see `orderOf`. */
  readonly lane?: string
  /** Ahead of what else is asked in this moment. */
  readonly urgent?: true
  /** Held back while something urgent is not answered, for a few milliseconds at most: the two would share Asterisk's cores. */
  readonly patient?: true
  /** What the reply's body must be; a reply without one is `undefined`. */
  readonly reply: z.ZodType<Body>
}

export type AriProblem =
  /** No socket. */
  | { readonly kind: 'gone' }
  /** No reply in time: it may have been done, or not. */
  | { readonly kind: 'timedOut' }
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string }
  | { readonly kind: 'malformed' }
