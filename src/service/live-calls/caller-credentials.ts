import { randomBytes } from 'node:crypto'
import { after, seconds, type Instant } from '../../core/time.ts'
import type { CallerAccount } from '../../contract/switch.ts'
import type { Clock } from '../ports.ts'
import { ha1 } from './switch-setup.ts'

/** The short-lived SIP accounts of the page `/caller`; in memory only. */
export interface CallerCredentials {
  /** Absent: too many live ones. */
  make(): { readonly user: string; readonly secret: string; readonly until: Instant } | undefined
  live(): readonly CallerAccount[]
}

const lifetime = seconds(600)

export function callerCredentials(clock: Clock, limit = 200): CallerCredentials {
  let accounts: readonly CallerAccount[] = []

  function live() {
    const now = clock.now()
    accounts = accounts.filter(({ until }) => until > now)
    return accounts
  }

  return {
    live,
    make: () => {
      if (live().length >= limit) return undefined
      const user = `caller-${randomBytes(9).toString('hex')}`
      const secret = randomBytes(24).toString('base64url')
      const until = after(clock.now(), lifetime)
      accounts = [...accounts, { user, ha1: ha1(user, secret), until }]
      return { user, secret, until }
    },
  }
}
