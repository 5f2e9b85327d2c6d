import { Registerer, RegistererState, type UserAgent, UserAgentState } from 'sip.js'
import { retryWait } from '../../shared/retry-wait.ts'
import { backOff } from '../../shared/sip/transport.ts'
import type { Registration, RegistrationTrouble } from './softphone.ts'

/** Seconds a registration lives; renewed after a third of it. */
const expires = 180
/** How long an answer may take before the line counts as dead, milliseconds. */
const patience = 5_000
/** How often the line is asked whether it still lives, milliseconds. */
const pingEvery = 5_000
/** How long the answer to that may take, milliseconds. */
const pingPatience = 2_500
/** Milliseconds, where there is no connection. */
const retryLimits = { soon: 2000, later: 20_000 }

export interface RegistrationKeeper {
  readonly registration: Registration
  start(): void
  /** The user agent's transport says so. */
  connected(): void
  disconnected(): void
  /** Whether the connection that there is lives; a dead one is let go of, and one that is waited for is tried at once. */
  check(): Promise<boolean>
  stop(): Promise<void>
}

export interface RegistrationParts {
  readonly changed: () => void
  /** Whether a connection can be had; asked before each try after one that came to nothing. */
  readonly isThere: () => Promise<boolean>
}

/**
 * Registers and keeps registered, whatever happens to the socket.
 *
 * ```
 * connecting ──▶ registered ──(renewed each minute; OPTIONS every 5 s)──▶ registered
 *     ▲  └──────────┬──┘
 *     │           failed (socket, refused, unreachable)
 *     └── retryAt ──┘
 * ```
 * A registerer that waits for ever after a 200 without our contact, or across a lost socket, is thrown away: each
 * connection has its own. A half-open socket is found by OPTIONS (RFC 3261 section 11), since a keep-alive of CRLF says
 * nothing.
 */
export function keepRegistered(userAgent: UserAgent, { changed, isThere }: RegistrationParts): RegistrationKeeper {
  let registration: Registration = { state: 'off' }
  let registerer: Registerer | undefined
  let tries = 0
  /** The last try came to no connection. */
  let unopened = false
  let asking = false
  let lostAt: number | undefined
  let stopped = false
  let retry: ReturnType<typeof setTimeout> | undefined
  let renewal: ReturnType<typeof setTimeout> | undefined
  let ping: ReturnType<typeof setTimeout> | undefined

  return {
    get registration() {
      return registration
    },
    start: connect,
    connected() {
      unopened = false
      // After a drop the old registerer still says that it is registered.
      registerer = new Registerer(userAgent, { expires, refreshFrequency: 99 })
      register()
      watch()
    },
    disconnected() {
      clearTimeout(renewal)
      clearTimeout(ping)
      registerer = undefined
      if (!stopped) fail(registration.state === 'failed' ? registration.why : 'socket')
    },
    check,
    async stop() {
      stopped = true
      const last = registerer
      registerer = undefined
      for (const timer of [retry, renewal, ping]) clearTimeout(timer)
      if (last?.state === RegistererState.Registered && userAgent.isConnected())
        await last.unregister().catch(() => undefined)
      become({ state: 'off' })
    },
  }

  function connect() {
    if (stopped || asking) return
    clearTimeout(retry)
    if (!unopened) {
      open()
      return
    }
    asking = true
    void isThere().then((there) => {
      asking = false
      if (stopped || registration.state !== 'failed') return
      if (there) open()
      else fail('socket')
    })
  }

  function open() {
    unopened = true
    become({ state: 'connecting' })
    const opened = userAgent.state === UserAgentState.Started ? userAgent.reconnect() : userAgent.start()
    // `disconnected` follows where it cannot be opened; a first connection that never was tells nothing.
    opened.catch(() => {
      if (registration.state === 'connecting') fail('socket')
    })
  }

  function register() {
    const mine = registerer
    if (!mine || stopped) return
    const deadline = setTimeout(() => {
      if (mine === registerer) drop('unreachable')
    }, patience)
    const settle = (act: () => void) => () => {
      clearTimeout(deadline)
      if (mine === registerer) act()
    }
    const lost = settle(() => {
      drop('unreachable')
    })
    mine
      .register({
        requestDelegate: {
          onAccept: settle(accepted),
          onReject: ({ message }) => {
            settle(() => {
              drop(whyRejected(message.statusCode, message.getHeader('Reason')))
            })()
          },
        },
      })
      .catch(lost)
  }

  function accepted() {
    tries = 0
    lostAt = undefined
    become({ state: 'registered' })
    clearTimeout(renewal)
    renewal = setTimeout(register, (expires / 3) * 1000)
  }

  /** Closes the socket; `disconnected` plans the next try. */
  function drop(why: RegistrationTrouble) {
    become({ state: 'failed', why })
    void userAgent.transport.disconnect().catch(() => undefined)
  }

  function fail(why: RegistrationTrouble) {
    lostAt ??= Date.now()
    // What is refused, taken by another window or too much for the switch is no more welcome a second later.
    const wait =
      why === 'socket' ? retryWait({ tries, outage: Date.now() - lostAt }, retryLimits, Math.random) : backOff(tries)
    tries += 1
    become({ state: 'failed', why, retryAt: Date.now() + wait })
    clearTimeout(retry)
    retry = setTimeout(connect, wait)
  }

  function watch() {
    clearTimeout(ping)
    ping = setTimeout(() => void check(), pingEvery)
  }

  async function check(): Promise<boolean> {
    if (registration.state === 'failed') connect()
    const asked = registerer
    if (stopped || asked === undefined || !userAgent.isConnected()) return false
    clearTimeout(ping)
    const alive = await ask()
    // Another connection by now, which looks after itself, or none any more.
    if (asked !== registerer) return false
    if (alive) watch()
    else drop('unreachable')
    return alive
  }

  /** Any answer at all is a sign of life. */
  function ask(): Promise<boolean> {
    const core = userAgent.userAgentCore
    const { uri } = userAgent.configuration
    const message = core.makeOutgoingRequestMessage('OPTIONS', uri, uri, uri, {})
    return new Promise((resolve) => {
      const silence = setTimeout(() => {
        resolve(false)
      }, pingPatience)
      const answered = ({ message: { statusCode } }: { message: { statusCode?: number | undefined } }) => {
        clearTimeout(silence)
        // The library makes these two itself, of a time-out and of a broken socket.
        resolve(statusCode !== 408 && statusCode !== 503)
      }
      core.request(message, { onAccept: answered, onReject: answered, onRedirect: answered })
    })
  }

  function become(next: Registration) {
    registration = next
    changed()
  }
}

/** What a REGISTER's final answer means; the registrar names a newer connection in `Reason` (RFC 3326). */
export function whyRejected(status: number | undefined, reason: string | undefined): RegistrationTrouble {
  if (status === 403 && reason?.includes('newer connection')) return 'elsewhere'
  return status === 401 || status === 403 || status === 404 ? 'refused' : 'unreachable'
}
