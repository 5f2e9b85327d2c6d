import type { Instant } from '../../core/time.ts'
import type { Clock } from '../ports.ts'

/** Limits how often a password may be guessed, by name and by where from. */
interface Attempts {
  /** Undefined: too many, and nothing may be tried. Counts as a failure until it is told to have succeeded. */
  begin(name: string, from: string): { succeeded(): void } | undefined
  /** For who learns afterwards whether it was right: one of these has failed too often just now. */
  mustWait(counted: readonly Counted[]): boolean
  failed(counted: readonly Counted[]): void
  forget(key: string): void
}

/** What failures are counted for, and how many cost no waiting. */
export interface Counted {
  readonly key: string
  readonly free: number
}

interface Record {
  failures: number
  blockedUntil: number
  last: Instant
}

/** Failures that cost no waiting. Many desks may share one address. */
const freePerName = 5
const freePerSource = 20
const firstWait = 1000
const longestWait = 5 * 60 * 1000
/** Quiet for this long, and the failures are forgotten. */
const forgottenAfter = 60 * 60 * 1000
/** Of names and sources remembered, the longest quiet go first beyond this. */
const mostRemembered = 10_000

/**
 * After the free failures each further one doubles the wait, from a second to five minutes. A name that
 * nobody has is limited like one that exists. Attempts under way count, so that many at once gain nothing.
 */
export function createAttempts(clock: Pick<Clock, 'now'>): Attempts {
  const records = new Map<string, Record>()

  function recordOf(key: string): Record {
    const found = records.get(key)
    const now = clock.now()
    if (found !== undefined && now - found.last <= forgottenAfter) return found
    return { failures: 0, blockedUntil: 0, last: now }
  }

  function count({ key, free }: Counted): void {
    const record = recordOf(key)
    record.failures++
    record.last = clock.now()
    record.blockedUntil = record.last + waitAfter(record.failures - free)
    // The map's order is that of the newest attempt.
    records.delete(key)
    records.set(key, record)
    const [oldest] = records.keys()
    if (records.size > mostRemembered && oldest !== undefined) records.delete(oldest)
  }

  function forgive(key: string): void {
    const record = records.get(key)
    if (record === undefined) return
    record.failures--
    record.blockedUntil = 0
  }

  const mustWait = (counted: readonly Counted[]) => counted.some(({ key }) => recordOf(key).blockedUntil > clock.now())

  return {
    begin(name, from) {
      const byName = { key: `name ${name}`, free: freePerName }
      const bySource = { key: `from ${networkOf(from)}`, free: freePerSource }
      if (mustWait([byName, bySource])) return undefined
      count(byName)
      count(bySource)
      return {
        succeeded() {
          records.delete(byName.key)
          forgive(bySource.key)
        },
      }
    },
    mustWait,
    failed(counted) {
      for (const each of counted) count(each)
    },
    forget(key) {
      records.delete(key)
    },
  }
}

function waitAfter(beyondFree: number): number {
  return beyondFree < 0 ? 0 : Math.min(firstWait * 2 ** Math.min(beyondFree, 20), longestWait)
}

/** One who has an IPv6 address has 2^64 of them (RFC 4291 section 2.5.4). */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('%')[0]?.split('::') ?? []
  const groups = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => '0')
  return [...groups, ...zeros, ...after].slice(0, 4).join(':')
}
