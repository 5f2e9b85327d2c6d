import type { Configuration } from '../configuration/types.ts'
import type { Instant } from '../time.ts'
import type { Command, Notice, RoutingEvent } from './messages.ts'
import type { RouterView } from './view.ts'

/** What one event led to, in order: an output at a deadline carries the deadline's own time. */
export type Output =
  | { readonly at: Instant; readonly kind: 'command'; readonly command: Command }
  | { readonly at: Instant; readonly kind: 'notice'; readonly notice: Notice }

/**
 * Decides everything about calls, agents and the queue (design section 7).
 *
 * A function of data: `openRouter` with the same start and the same events gives the same outputs,
 * byte for byte. Inside it keeps mutable, indexed state, since it must be fast.
 */
export interface Router {
  handle(event: RoutingEvent): readonly Output[]
  /** When a `timePassed` is next wanted; the shell keeps one timer. */
  readonly nextDeadline: Instant | undefined
  /** Plain JSON, complete: `openRouter({ snapshot })` goes on exactly as this one would. */
  snapshot(): RouterSnapshot
  /** What the desks show; plain data, made on demand. */
  view(): RouterView
}

/** Plain JSON whose inside is the router's own. */
export type RouterSnapshot = Readonly<Record<string, unknown>>

export type RouterStart =
  | { readonly configuration: Configuration; readonly seed: number; readonly at: Instant }
  | { readonly snapshot: RouterSnapshot }

export type OpenRouter = (start: RouterStart) => Router
