import { createAttempts, networkOf, type Counted } from '../accounts/attempts.ts'
import type { Log } from '../log.ts'
import type { Clock } from '../ports.ts'
import { isLoopback } from './names.ts'
import { readMessages } from './web-socket-messages.ts'

/**
 * Slows down and locks out who guesses softphones' secrets, whatever switch stands behind: it reads along which credentials
 * are sent, and what the switch answers to them.
 */
export interface SipGuard {
  /** For a connection that begins; undefined: this address has to wait. */
  admit(from: string): GuardedConnection | undefined
}

export interface GuardedConnection {
  /** False: it is not to be handed on, and the connection is to be ended. */
  mayPass(fromClient: Buffer): boolean
  /** The same of what the switch says, after the reply to the upgrade. */
  mayReturn(fromSwitch: Buffer): boolean
}

/** Bytes of one SIP message; Asterisk takes no longer one. */
const longestMessage = 65_536
/** Requests with credentials that are not answered yet. */
const mostPending = 100

export function openSipGuard({ clock, log }: { readonly clock: Pick<Clock, 'now'>; readonly log: Log }): SipGuard {
  const attempts = createAttempts(clock)

  return {
    admit(from) {
      // Behind a proxy on this machine everybody comes from it.
      if (!isLoopback(from) && attempts.mustWait([bySource(from)])) return undefined
      const pending = new Map<string, readonly string[]>()
      const [readRequests, readReplies] = [readMessages(longestMessage), readMessages(longestMessage)]
      const byUser = (user: string): Counted => ({ key: `${user} from ${from}`, free: 5 })
      const counted = (users: readonly string[]) => [
        ...users.map(byUser),
        ...(isLoopback(from) ? [] : [bySource(from)]),
      ]

      function request(text: string): boolean {
        const { id, users } = credentialsIn(text)
        if (id === undefined || users.length === 0) return true
        if (attempts.mustWait(counted(users)) || pending.size >= mostPending) {
          log.warn({ from, users }, 'a softphone has to wait after wrong credentials')
          return false
        }
        pending.set(id, users)
        return true
      }

      function reply(text: string): void {
        const { id, status, isStale } = verdictIn(text)
        const users = id === undefined ? undefined : pending.get(id)
        if (id === undefined || users === undefined || status < 200) return
        pending.delete(id)
        const isWrong = [401, 403, 407].includes(status) && !isStale
        if (isWrong) attempts.failed(counted(users))
        else for (const user of users) attempts.forget(byUser(user).key)
      }

      return {
        mayPass: (bytes) => readRequests(bytes)?.every(request) ?? false,
        mayReturn(bytes) {
          const replies = readReplies(bytes)
          replies?.forEach(reply)
          return replies !== undefined
        },
      }
    },
  }
}

/** Many desks may share one address. */
const bySource = (from: string): Counted => ({ key: `from ${networkOf(from)}`, free: 20 })

/** Whose credentials a request carries (RFC 3261 section 22); more than one set are all counted. */
function credentialsIn(folded: string): { readonly id?: string; readonly users: readonly string[] } {
  if (folded.startsWith('SIP/2.0 ')) return { users: [] }
  const text = unfolded(folded)
  const id = transactionOf(text)
  const given = [...text.matchAll(/^(?:Proxy-)?Authorization[ \t]*:[ \t]*Digest\b(.*)$/gim)]
  const users = given.flatMap(([, fields = '']) => {
    const user = /\busername[ \t]*=[ \t]*"?([^",\r]*)/i.exec(fields)?.[1]
    return user === undefined ? [] : [user.slice(0, 100)]
  })
  return { ...(id !== undefined && { id }), users }
}

/** A line may go on in the next one (RFC 3261 section 7.3.1). */
const unfolded = (text: string) => text.replace(/\r?\n[ \t]+/g, ' ')

function verdictIn(folded: string): { readonly id?: string; readonly status: number; readonly isStale: boolean } {
  const text = unfolded(folded)
  const status = Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1] ?? 0)
  const id = status === 0 ? undefined : transactionOf(text)
  // Right credentials with a nonce that is too old.
  const isStale = /^(?:WWW|Proxy)-Authenticate[ \t]*:.*\bstale[ \t]*=[ \t]*"?true/im.test(text)
  return { ...(id !== undefined && { id }), status, isStale }
}

/** `Call-ID` and `CSeq` together; `i` is the short form (RFC 3261 section 7.3.3). */
function transactionOf(text: string): string | undefined {
  const call = /^(?:Call-ID|i)[ \t]*:[ \t]*(\S+)/im.exec(text)?.[1]
  const sequence = /^CSeq[ \t]*:[ \t]*(\d+)[ \t]+(\w+)/im.exec(text)
  return call && sequence ? `${call} ${sequence[1] ?? ''} ${sequence[2] ?? ''}` : undefined
}
