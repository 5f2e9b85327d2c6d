import { after, millis, seconds, type Instant } from '../../core/time.ts'
import type { AgentId, Configuration } from '../../core/configuration/types.ts'
import {
  consoleProtocol,
  fromConsoleSchema,
  type Ask,
  type Change,
  type FromConsole,
  type FromService,
  type Live,
  type Reply,
  type SignedIn,
  type SoftphoneCredential,
} from '../../contract/console.ts'
import type { Account, Clock } from '../ports.ts'
import type { Log } from '../log.ts'
import type { BoardChange, LiveBoard, Picture } from './live-board.ts'
import type { RememberedReplies } from './remembered-replies.ts'
import { scopeOf, type Passed, type Past, type Scope } from './scope.ts'

/** The console's WebSocket, as far as a connection uses it; that of `ws` fits. */
export interface ConsoleSocket {
  readonly bufferedAmount: number
  send(text: string): void
  /** Says goodbye at the WebSocket's own level; RFC 6455 section 7.4. */
  close(code: number, reason: string): void
  terminate(): void
}

export interface ConsoleConnection {
  received(text: string): void
  /** The session's token was signed out. */
  signedOut(token: string): void
  /** Rights may have changed. */
  recheck(): void
  stop(): void
  closed(): void
}

export interface ConnectionParts {
  readonly clock: Clock
  readonly board: LiveBoard
  readonly replies: RememberedReplies
  readonly log: Log
  configuration(): Configuration
  /** By the session's token. */
  session(token: string): Account | undefined
  ask(account: Account, ask: Ask): Promise<Reply>
  /** The credential is known to the switch when it is given. */
  softphone(agent: AgentId): Promise<SoftphoneCredential>
}

/** More than this unsent, in bytes, and nothing is added but one snapshot when it is gone. */
const slowAbove = 64 * 1024
/** More than this, and the reader is given up at once: it asks and does not read. */
const hopelessAbove = 1024 * 1024
const slowLimit = seconds(15)
const slowLook = millis(250)
const helloLimit = seconds(10)
/** Asks in a second, and in a burst. */
const asksEachSecond = 20
const asksAtOnce = 60

/**
 * One console. Its queue never grows: what a slow reader has missed comes as one snapshot.
 *
 * ```
 *  opened ──hello──▶ signedIn ──goodbye──▶ ended
 *     └── wrong, or 10 s ───────────────────▲
 * ```
 */
export function openConsoleConnection(
  parts: ConnectionParts,
  socket: ConsoleSocket,
  cookie: string | undefined,
): ConsoleConnection {
  const { clock, board, replies, log } = parts
  let token: string | undefined
  let account: Account | undefined
  let scope: Scope | undefined
  let greeted = false
  let ended = false
  let revision = 0
  let passed: Passed = []
  let past: Past = []
  let behindSince: Instant | undefined
  let allowance = asksAtOnce
  let allowedAt = clock.now()
  let unwatch: (() => void) | undefined
  let cancelLook: (() => void) | undefined
  const cancelHello = clock.wake(after(clock.now(), helloLimit), () => {
    if (!greeted) end('notSignedIn')
  })

  function received(text: string) {
    if (ended) return
    const message = parsed(text)
    if (!message) {
      socket.close(1008, 'not a message of this protocol')
      finish()
      return
    }
    switch (message.type) {
      case 'hello':
        void hello(message)
        return
      case 'ask':
        void ask(message)
        return
      case 'ping':
        if (isStillSignedIn()) say({ type: 'pong', sent: message.sent, now: clock.now() })
        return
      case 'resynchronise':
        if (isStillSignedIn()) behind()
    }
  }

  async function hello({ protocol, token: given }: Extract<FromConsole, { type: 'hello' }>) {
    if (greeted) return
    greeted = true
    cancelHello()
    if (protocol !== consoleProtocol) {
      end('protocol')
      return
    }
    token = cookie ?? given
    account = token === undefined ? undefined : parts.session(token)
    if (!account) {
      end('notSignedIn')
      return
    }
    await greet(account)
    if (!ended) unwatch = board.watch({ changed })
  }

  /** Again when an account has other rights than before: the console is told who it is now, and sees by that. */
  async function greet(who: Account) {
    const softphone = await credentialOf(who)
    if (ended || account !== who) return
    scope = scopeOf(who, parts.configuration())
    say({
      type: 'welcome',
      protocol: consoleProtocol,
      signedIn: signedInOf(who),
      ...(softphone && { softphone }),
      now: clock.now(),
    })
    behind()
  }

  async function credentialOf({ agent }: Account): Promise<SoftphoneCredential | undefined> {
    if (agent === undefined) return undefined
    try {
      return await parts.softphone(agent)
    } catch (fault) {
      log.error({ fault: String(fault), agent }, 'no softphone credential')
      return undefined
    }
  }

  async function ask({ id, ask: what }: Extract<FromConsole, { type: 'ask' }>) {
    const who = isStillSignedIn()
    if (!who) return
    if (!isAllowed()) {
      const message = `more than ${String(asksEachSecond)} asks a second`
      say({ type: 'reply', id, reply: { ok: false, problem: { kind: 'tooMany', message } } })
      return
    }
    const reply = await replies.once(who.id, id, () => parts.ask(who, what))
    if (!ended) say({ type: 'reply', id, reply })
  }

  /** Answers the account as it is now; ends the connection where there is none any more. */
  function isStillSignedIn(): Account | undefined {
    if (!account || token === undefined) {
      end('notSignedIn')
      return undefined
    }
    const now = parts.session(token)
    if (!now) {
      end('signedOut')
      return undefined
    }
    if (JSON.stringify(now) !== JSON.stringify(account)) {
      account = now
      void greet(now)
    }
    return now
  }

  function isAllowed(): boolean {
    const now = clock.now()
    allowance = Math.min(asksAtOnce, allowance + ((now - allowedAt) / 1000) * asksEachSecond)
    allowedAt = now
    if (allowance < 1) return false
    allowance -= 1
    return true
  }

  // --- the live picture ---------------------------------------------------------------------------

  function changed(changes: readonly BoardChange[], reconfigured: boolean) {
    if (!scope || !account) return
    if (reconfigured) scope = scopeOf(account, parts.configuration())
    if (reconfigured || behindSince !== undefined || isSlow()) {
      behind()
      return
    }
    const seen = [...changes.flatMap((change) => seenBy(scope, change)), ...newlyPassed(), ...newlyPast()]
    if (seen.length > 0) say({ type: 'delta', revision: ++revision, now: clock.now(), changes: seen })
  }

  function newlyPassed(): Change[] {
    const now = scope?.self === undefined ? [] : board.passedOf(scope.self)
    if (now === passed) return []
    const before = new Map(passed.map((offer) => [offer.offer, offer]))
    const added = now.filter((offer) => before.get(offer.offer) !== offer)
    for (const { offer } of now) before.delete(offer)
    passed = now
    return [
      ...[...before.keys()].map((key): Change => ({ in: 'passed', key, value: null })),
      ...added.map((offer): Change => ({ in: 'passed', key: offer.offer, value: offer })),
    ]
  }

  function newlyPast(): Change[] {
    const now = scope?.self === undefined ? [] : board.pastOf(scope.self)
    if (now === past) return []
    const before = new Set(past)
    const added = now.filter((call) => !before.has(call))
    for (const call of now) before.delete(call)
    past = now
    return [
      ...[...before].map(({ id }): Change => ({ in: 'history', key: id, value: null })),
      ...added.map((call): Change => ({ in: 'history', key: call.id, value: call })),
    ]
  }

  /** A snapshot is due: at once, or when the reader has caught up. */
  function behind() {
    behindSince ??= clock.now()
    if (!isSlow()) {
      snapshot()
      return
    }
    if (clock.now() - behindSince >= slowLimit) {
      log.warn({ account: account?.name }, 'a console reads too slowly and is cut off')
      socket.terminate()
      finish()
      return
    }
    cancelLook ??= clock.wake(after(clock.now(), slowLook), () => {
      cancelLook = undefined
      if (!ended && behindSince !== undefined) behind()
    })
  }

  function snapshot() {
    if (!scope) return
    behindSince = undefined
    cancelLook?.()
    cancelLook = undefined
    passed = scope.self === undefined ? [] : board.passedOf(scope.self)
    past = scope.self === undefined ? [] : board.pastOf(scope.self)
    const live = liveSeen(scope, board.picture(), { passed, past })
    say({ type: 'snapshot', revision: ++revision, now: clock.now(), live })
  }

  const isSlow = () => socket.bufferedAmount > slowAbove

  // --- the socket ---------------------------------------------------------------------------------

  function say(message: FromService) {
    if (ended) return
    if (socket.bufferedAmount > hopelessAbove) {
      log.warn({ account: account?.name }, 'a console asks and does not read; it is cut off')
      socket.terminate()
      finish()
      return
    }
    socket.send(JSON.stringify(message))
  }

  function end(why: Extract<FromService, { type: 'goodbye' }>['why']) {
    if (ended) return
    say({ type: 'goodbye', why })
    socket.close(1000, why)
    finish()
  }

  function finish() {
    ended = true
    cancelHello()
    cancelLook?.()
    unwatch?.()
  }

  return {
    received,
    signedOut: (which) => {
      if (which === token) end('signedOut')
    },
    recheck: () => {
      if (account && !ended) void isStillSignedIn()
    },
    stop: () => end('stopping'),
    closed: finish,
  }
}

function parsed(text: string): FromConsole | undefined {
  try {
    const message = fromConsoleSchema.safeParse(JSON.parse(text))
    return message.success ? message.data : undefined
  } catch {
    return undefined
  }
}

export function signedInOf({ id, name, roles, agent, supervises }: Account): SignedIn {
  return { account: id, name, roles, ...(agent !== undefined && { agent }), supervises }
}

function liveSeen(scope: Scope, picture: Picture, own: { readonly passed: Passed; readonly past: Past }): Live {
  return {
    company: { company: picture.company },
    service: { service: scope.service(picture.service) },
    groups: seenOf(picture.groups, (group) => scope.group(group)),
    agents: seenOf(picture.agents, (agent) => scope.agent(agent)),
    calls: seenOf(picture.calls, (call) => (scope.seesCall(call) ? call : undefined)),
    passed: Object.fromEntries(own.passed.map((offer) => [offer.offer, offer])),
    history: Object.fromEntries(own.past.map((call) => [call.id, call])),
    missed: seenOf(picture.missed, (item) => (scope.seesWork(item) ? item : undefined)),
    voicemails: seenOf(picture.voicemails, (voicemail) => (scope.seesWork(voicemail) ? voicemail : undefined)),
  }
}

function seenOf<Value>(values: ReadonlyMap<string, Value>, see: (value: Value) => Value | undefined) {
  const seen = [...values].flatMap(([key, value]): [string, Value][] => {
    const visible = see(value)
    return visible === undefined ? [] : [[key, visible]]
  })
  return Object.fromEntries(seen)
}

/** Nothing where this console sees no difference. */
function seenBy(scope: Scope | undefined, change: BoardChange): Change[] {
  if (!scope) return []
  const { key } = change
  switch (change.in) {
    case 'company':
      return [{ in: 'company', key, value: change.after }]
    case 'service':
      return differing('service', key, scope.service(change.before), scope.service(change.after))
    case 'groups':
      return differing(
        'groups',
        key,
        change.before && scope.group(change.before),
        change.after && scope.group(change.after),
      )
    case 'agents':
      return differing(
        'agents',
        key,
        change.before && scope.agent(change.before),
        change.after && scope.agent(change.after),
      )
    case 'calls':
      return differing(
        'calls',
        key,
        change.before && scope.seesCall(change.before) ? change.before : undefined,
        change.after && scope.seesCall(change.after) ? change.after : undefined,
      )
    case 'missed':
    case 'voicemails':
      return differing(
        change.in,
        key,
        change.before && scope.seesWork(change.before) ? change.before : undefined,
        change.after && scope.seesWork(change.after) ? change.after : undefined,
      )
  }
}

function differing(where: Change['in'], key: string, before: unknown, after: unknown): Change[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  return [{ in: where, key, value: after ?? null }]
}
