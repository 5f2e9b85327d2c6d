import {
  consoleProtocol,
  type Ask,
  type FromConsole,
  type FromService,
  type Live,
  type Reply,
  type SignedIn,
  type SoftphoneCredential,
} from '../../contract/console.ts'
import type { Result } from '../../core/result.ts'
import { retryWait } from '../shared/retry-wait.ts'
import { applyChanges, parseFromService } from './from-service.ts'

/** How the window stands with the service. */
export type Link =
  | { readonly state: 'connecting' }
  | { readonly state: 'open' }
  /** `retryAt` by this machine's clock. */
  | { readonly state: 'waiting'; readonly retryAt: number }
  /** It will not try by itself: sign in, or load the page anew. */
  | { readonly state: 'ended'; readonly why: 'notSignedIn' | 'signedOut' | 'protocol' | 'left' }

/** A WebSocket, told as three calls; nothing is told after `closed`. */
export interface SocketListener {
  /** `token`: of the session, where no cookie says who this is. */
  opened(token?: string): void
  heard(text: string): void
  closed(): void
}
export interface ConsoleSocket {
  send(text: string): void
  close(): void
}

/** What the connection is handed, so that a test owns time, chance and the network. */
export interface ConnectionPorts {
  openSocket(listener: SocketListener): ConsoleSocket
  /** Milliseconds since the epoch by this machine's clock. */
  readonly now: () => number
  /** Calls `then` once after `wait` milliseconds; the returned function takes it back. */
  wake(wait: number, then: () => void): () => void
  /** 0 to 1. */
  random(): number
  newId(): string
}

/** Told after each change; `live` only when it is a new object. */
export interface ConnectionListener {
  link(link: Link): void
  welcomed(signedIn: SignedIn, softphone: SoftphoneCredential | undefined): void
  live(live: Live): void
  /** Milliseconds to add to this machine's clock to have the service's. */
  offset(millis: number): void
}

export type AskProblem = Extract<Reply, { ok: false }>['problem']['kind']

/**
 * One console's connection: hello, snapshot, deltas in order, asks that outlive a lost socket.
 *
 * ```
 * connecting ── welcome, snapshot ──▶ open
 *   ▲   │ closed                        │ closed, silent
 *   │   ▼                               ▼
 *   └── waiting (full jitter) ◀─────────┘        goodbye ──▶ ended
 * ```
 */
export interface Connection {
  readonly open: () => void
  /** Try at once: the network is back, or somebody pressed the button. */
  readonly tryNow: () => void
  /** The network may have changed: tried at once where it waits, and asked for a sign of life where it is open. */
  readonly check: () => void
  /** Repeated with the same id after a lost socket; given up as `unavailable` when it has waited 30 s. */
  readonly ask: (ask: Ask) => Promise<Result<unknown, AskProblem>>
  readonly close: () => void
}

const retryLimits = { soon: 1000, later: 5000 }
/** How long a socket may take to open: an address that nobody has says nothing at all. */
const openLimit = 4000
const pingEvery = 10_000
const silenceLimit = 25_000
const askLimit = 30_000
/** How long a sign of life may take where there is reason to doubt. */
const doubtLimit = 2_500

interface Pending {
  readonly text: string
  readonly settle: (outcome: Result<unknown, AskProblem>) => void
}

export function createConnection(ports: ConnectionPorts, told: ConnectionListener): Connection {
  let socket: ConsoleSocket | undefined
  let link: Link = { state: 'ended', why: 'left' }
  let attempt = 0
  /** Since when there is no connection. */
  let lostAt: number | undefined
  let revision: number | undefined
  let live: Live | undefined
  /** Asks are taken from the welcome on, before the snapshot. */
  let welcome = false
  let lastHeard = 0
  let bestRoundTrip = Infinity
  let stopWaking: () => void = () => undefined
  let stopDoubting: (() => void) | undefined
  const pending = new Map<string, Pending>()

  function change(to: Link) {
    link = to
    told.link(to)
  }

  function connect() {
    stopWaking()
    change({ state: 'connecting' })
    revision = undefined
    welcome = false
    bestRoundTrip = Infinity
    lastHeard = ports.now()
    const mine = ports.openSocket({
      opened: (token) => {
        if (mine !== socket) return
        say({ type: 'hello', protocol: consoleProtocol, ...(token !== undefined && { token }) })
        stopWaking()
        watch()
      },
      heard: (text) => {
        if (mine === socket) hear(text)
      },
      closed: () => {
        if (mine === socket) dropped()
      },
    })
    socket = mine
    stopWaking = ports.wake(openLimit, dropped)
  }

  /** Pings, and takes a socket that says nothing for a lost one (a half-open TCP connection never closes by itself). */
  function watch() {
    stopWaking = ports.wake(pingEvery, () => {
      if (ports.now() - lastHeard >= silenceLimit) return dropped()
      if (link.state === 'open') say({ type: 'ping', sent: ports.now() })
      watch()
    })
  }

  function dropped() {
    const lost = socket
    socket = undefined
    sureAgain()
    welcome = false
    lost?.close()
    stopWaking()
    if (link.state === 'ended') return
    lostAt ??= ports.now()
    const wait = retryWait({ tries: attempt, outage: ports.now() - lostAt }, retryLimits, () => ports.random())
    attempt += 1
    change({ state: 'waiting', retryAt: ports.now() + wait })
    stopWaking = ports.wake(wait, connect)
  }

  function sureAgain() {
    stopDoubting?.()
    stopDoubting = undefined
  }

  function end(why: Extract<Link, { state: 'ended' }>['why']) {
    const lost = socket
    socket = undefined
    sureAgain()
    stopWaking()
    lost?.close()
    live = undefined
    for (const { settle } of pending.values()) settle({ ok: false, problem: 'unavailable' })
    pending.clear()
    change({ state: 'ended', why })
  }

  function say(message: FromConsole) {
    socket?.send(JSON.stringify(message))
  }

  function hear(text: string) {
    const message = parseFromService(text)
    if (message === undefined) return
    lastHeard = ports.now()
    switch (message.type) {
      case 'welcome':
        return welcomed(message)
      case 'snapshot':
        revision = message.revision
        show(message.live)
        if (link.state === 'open') return
        attempt = 0
        lostAt = undefined
        return change({ state: 'open' })
      case 'delta':
        return followed(message)
      case 'reply':
        return replied(message)
      case 'pong':
        return measured(message.sent, message.now)
      case 'goodbye':
        if (message.why === 'slow' || message.why === 'stopping') return dropped()
        return end(message.why)
    }
  }

  function welcomed(message: Extract<FromService, { type: 'welcome' }>) {
    if (message.protocol !== consoleProtocol) return end('protocol')
    welcome = true
    told.offset(message.now - ports.now())
    told.welcomed(message.signedIn, message.softphone)
    for (const { text } of pending.values()) socket?.send(text)
  }

  function followed(message: Extract<FromService, { type: 'delta' }>) {
    if (revision === undefined || live === undefined || message.revision <= revision) return
    if (message.revision !== revision + 1) {
      revision = undefined
      return say({ type: 'resynchronise' })
    }
    revision = message.revision
    show(applyChanges(live, message.changes))
  }

  function show(next: Live) {
    live = next
    told.live(next)
  }

  /** The clocks' difference from the quickest answer so far: half its round trip is the most it can be wrong by. */
  function measured(sent: number, serviceNow: number) {
    const roundTrip = ports.now() - sent
    if (roundTrip < 0 || roundTrip > bestRoundTrip) return
    bestRoundTrip = roundTrip
    told.offset(serviceNow - (sent + roundTrip / 2))
  }

  function replied({ id, reply }: Extract<FromService, { type: 'reply' }>) {
    pending.get(id)?.settle(reply.ok ? { ok: true, value: reply.value } : { ok: false, problem: reply.problem.kind })
  }

  return {
    open() {
      if (link.state === 'ended') connect()
    },
    tryNow() {
      if (link.state === 'waiting') connect()
    },
    check() {
      if (link.state === 'waiting') connect()
      if (link.state !== 'open' || stopDoubting !== undefined) return
      const from = ports.now()
      say({ type: 'ping', sent: from })
      stopDoubting = ports.wake(doubtLimit, () => {
        stopDoubting = undefined
        if (lastHeard < from) dropped()
      })
    },
    ask(ask) {
      const id = ports.newId()
      const text = JSON.stringify({ type: 'ask', id, ask } satisfies FromConsole)
      if (link.state === 'ended') return Promise.resolve({ ok: false, problem: 'unavailable' })
      return new Promise((resolve) => {
        const giveUp = ports.wake(askLimit, () => settle({ ok: false, problem: 'unavailable' }))
        const settle = (outcome: Result<unknown, AskProblem>) => {
          giveUp()
          pending.delete(id)
          resolve(outcome)
        }
        pending.set(id, { text, settle })
        if (welcome) socket?.send(text)
      })
    },
    close() {
      end('left')
    },
  }
}
