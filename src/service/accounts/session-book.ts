import { createHash } from 'node:crypto'
import type { Clock } from '../ports.ts'
import { wordsOf, writeAtomically, type Disk } from '../files.ts'
import { oneAtATime } from '../one-at-a-time.ts'
import { readSessions, writeDocument, type SessionDocument } from './account-document.ts'

/** The sessions and one-time links that are good now. Only hashes are kept of either. */
interface SessionBook {
  /** A new session's token; it holds even where it cannot be written, until the service ends. */
  begin(account: string): Promise<string>
  /** The account of a session that has not expired; counts as use of it. */
  accountOf(token: string): string | undefined
  /** Which account's session it was. */
  end(token: string): Promise<string | undefined>
  /** All of an account but `except`. */
  endAll(account: string, except?: string): Promise<void>
  /** The good ones; `hash` says nothing of the token. */
  list(): readonly { readonly hash: string; readonly account: string; readonly began: number; readonly seen: number }[]
  endByHash(hash: string): Promise<void>
  /** A new link's token. Rejects when it cannot be written. */
  makeLink(account: string, lifetimeMillis: number): Promise<string>
  /** The account of a link, once. Rejects, and keeps the link, when that cannot be written. */
  redeem(token: string): Promise<string | undefined>
  idle(): Promise<void>
}

type Session = SessionDocument['sessions'][number]
type Link = SessionDocument['links'][number]

const hour = 60 * 60 * 1000
const idleFor = 12 * hour
const atMost = 30 * 24 * hour
/** How stale the kept time of the last use may be. */
const seenWithin = 10 * 60 * 1000
const sessionsPerAccount = 50

/**
 * Reads `sessions.json`. A damaged one is set aside and told: everyone signs in anew.
 *
 * Tokens are looked up by their SHA-256, so how long that takes says nothing about a token.
 */
export async function openSessionBook({
  file,
  disk,
  clock,
  random,
  troubled,
}: {
  readonly file: string
  readonly disk: Disk
  readonly clock: Pick<Clock, 'now'>
  readonly random: (bytes: number) => Buffer
  readonly troubled: (words: string) => void
}): Promise<SessionBook> {
  const kept = await readKept()
  const sessions = new Map<string, Session>(kept?.sessions.map((session) => [session.hash, session]))
  const links = new Map<string, Link>(kept?.links.map((link) => [link.hash, link]))
  const inTurn = oneAtATime()
  let nextWrite: Promise<void> | undefined
  let lastWrite = clock.now()

  async function readKept(): Promise<SessionDocument | undefined> {
    const content = await disk.read(file)
    if (content === undefined) return undefined
    const document = readSessions(content.toString('utf8'))
    if (document !== undefined) return document
    const aside = `${file}.damaged-${new Date(clock.now()).toISOString().replaceAll(':', '-')}`
    await disk.rename(file, aside)
    troubled(`${file}: damaged, set aside as ${aside}; everyone signs in anew`)
    return undefined
  }

  /** Writes what holds when its turn comes: all who ask before that share it. */
  function write(): Promise<void> {
    nextWrite ??= inTurn(async () => {
      nextWrite = undefined
      lastWrite = clock.now()
      dropExpired()
      const document: SessionDocument = {
        schemaVersion: 1,
        sessions: [...sessions.values()],
        links: [...links.values()],
      }
      await writeAtomically(disk, { path: file, content: writeDocument(document), mode: 0o600 })
    })
    return nextWrite
  }

  /** For what holds even where it cannot be kept. */
  async function tryToWrite(): Promise<void> {
    await write().catch((error: unknown) => troubled(`${file}: cannot be written: ${wordsOf(error)}`))
  }

  function dropExpired(): void {
    for (const [hash, session] of sessions) if (!isGood(session)) sessions.delete(hash)
    for (const [hash, { until }] of links) if (until <= clock.now()) links.delete(hash)
  }

  function isGood({ began, seen }: Session): boolean {
    const now = clock.now()
    return now < seen + idleFor && now < began + atMost
  }

  function dropOldest(account: string): void {
    const theirs = [...sessions.values()].filter((session) => session.account === account)
    const surplus = theirs.length - sessionsPerAccount
    if (surplus <= 0) return
    for (const { hash } of theirs.toSorted((a, b) => a.seen - b.seen).slice(0, surplus)) sessions.delete(hash)
  }

  const newToken = () => random(32).toString('base64url')

  return {
    async begin(account) {
      const token = newToken()
      const now = clock.now()
      sessions.set(hashOf(token), { hash: hashOf(token), account, began: now, seen: now })
      dropOldest(account)
      await tryToWrite()
      return token
    },
    accountOf(token) {
      const session = sessions.get(hashOf(token))
      if (session === undefined || !isGood(session)) return undefined
      sessions.set(session.hash, { ...session, seen: clock.now() })
      // Now and then only: each request is a use.
      if (clock.now() - lastWrite > seenWithin) void tryToWrite()
      return session.account
    },
    async end(token) {
      const hash = hashOf(token)
      const session = sessions.get(hash)
      if (session === undefined) return undefined
      sessions.delete(hash)
      await tryToWrite()
      return session.account
    },
    async endAll(account, except) {
      const spared = except === undefined ? undefined : hashOf(except)
      for (const [hash, session] of sessions) if (session.account === account && hash !== spared) sessions.delete(hash)
      for (const [hash, link] of links) if (link.account === account) links.delete(hash)
      await tryToWrite()
    },
    list: () => [...sessions.values()].filter(isGood),
    async endByHash(hash) {
      if (sessions.delete(hash)) await tryToWrite()
    },
    async makeLink(account, lifetimeMillis) {
      const token = newToken()
      const hash = hashOf(token)
      links.set(hash, { hash, account, until: clock.now() + lifetimeMillis })
      try {
        await write()
      } catch (error) {
        links.delete(hash)
        throw error
      }
      return token
    },
    async redeem(token) {
      const hash = hashOf(token)
      const link = links.get(hash)
      if (link === undefined) return undefined
      // Gone at once, so that of two who come together one gets it.
      links.delete(hash)
      if (link.until <= clock.now()) return undefined
      try {
        await write()
      } catch (error) {
        links.set(hash, link)
        throw error
      }
      return link.account
    },
    idle: inTurn.idle,
  }
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url')
