import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { sipRealm } from '../../../contract/softphone.ts'
import type { Clock } from '../clock.ts'

/** Digest authentication of requests to us: RFC 3261 section 22, RFC 7616 with MD5 and `qop=auth`. */
export interface Digest {
  check(request: DigestRequest, ha1Of: (user: string) => string | undefined): DigestVerdict
  /** The value of `WWW-Authenticate`. `stale`: the password was right, only the nonce was not. */
  challenge(stale: boolean): string
}

export interface DigestRequest {
  readonly method: string
  /** As in the request line. */
  readonly uri: string
  /** The values of `Authorization`. */
  readonly authorization: readonly string[]
  /** Whose attempts are counted together: an address or a connection. */
  readonly source: string
}

type Credentials = Partial<
  Record<'realm' | 'username' | 'nonce' | 'uri' | 'nc' | 'cnonce' | 'response' | 'qop' | 'algorithm', string>
>

export type DigestVerdict =
  | { readonly kind: 'right'; readonly user: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'stale' }
  /** Also of an unknown user, which is not told apart. */
  | { readonly kind: 'wrong' }
  /** Too many wrong ones from there. */
  | { readonly kind: 'limited' }

const nonceLifetime = 5 * 60_000
const wrongAllowed = 10
const wrongForgotten = 60_000
/** Compared with where the user is unknown, so that it takes as long. */
const nobody = createHash('md5').update('nobody').digest('hex')

export function openDigest({ clock, random }: { clock: Clock; random: (size: number) => Buffer }): Digest {
  const secret = random(32)
  /** The greatest count used with a nonce; only of those that a right password came with. */
  const counts = new Map<string, number>()
  const failures = new Map<string, { since: number; count: number }>()

  function sign(text: string) {
    return createHmac('sha256', secret).update(text).digest('base64url').slice(0, 22)
  }

  function newNonce() {
    const made = `${Math.floor(clock.now()).toString(36)}.${random(9).toString('base64url')}`
    return `${made}.${sign(made)}`
  }

  function challenge(stale: boolean) {
    const parts = [`realm="${sipRealm}"`, `nonce="${newNonce()}"`, 'algorithm=MD5', 'qop="auth"']
    return `Digest ${[...parts, ...(stale ? ['stale=true'] : [])].join(', ')}`
  }

  function check(request: DigestRequest, ha1Of: (user: string) => string | undefined): DigestVerdict {
    const now = clock.now()
    const failed = failures.get(request.source)
    if (failed && now - failed.since > wrongForgotten) failures.delete(request.source)
    else if (failed && failed.count >= wrongAllowed) return { kind: 'limited' }

    const given = request.authorization.map(readCredentials).find((each) => each?.realm === sipRealm)
    if (!given) return { kind: 'absent' }
    const { username = '', nonce = '', uri = '', nc = '', cnonce = '', response = '', qop, algorithm } = given
    const made = nonce.slice(0, nonce.lastIndexOf('.'))
    if (!made || !same(sign(made), nonce.slice(made.length + 1))) return { kind: 'stale' }
    if (now - parseInt(made, 36) > nonceLifetime) return { kind: 'stale' }

    const ha1 = ha1Of(username)
    const ha2 = md5(`${request.method}:${uri}`)
    const expected = md5(`${ha1 ?? nobody}:${nonce}:${nc}:${cnonce}:auth:${ha2}`)
    const right = same(expected, response.toLowerCase()) && ha1 !== undefined
    const formal =
      qop === 'auth' &&
      (algorithm ?? 'MD5').toUpperCase() === 'MD5' &&
      sameUri(uri, request.uri) &&
      /^[0-9a-f]{8}$/i.test(nc)
    if (!right || !formal) {
      countFailure(request.source, now)
      return { kind: 'wrong' }
    }
    const count = parseInt(nc, 16)
    // A replay; or one that was overtaken, who asks again with the nonce that comes with the refusal.
    if (count <= (counts.get(nonce) ?? 0)) return { kind: 'stale' }
    counts.delete(nonce)
    counts.set(nonce, count)
    forgetOldNonces(now)
    return { kind: 'right', user: username }
  }

  function countFailure(source: string, now: number) {
    const failed = failures.get(source) ?? { since: now, count: 0 }
    failed.count += 1
    failures.set(source, failed)
    if (failures.size <= 1000) return
    for (const [old, { since }] of failures) if (now - since > wrongForgotten) failures.delete(old)
  }

  function forgetOldNonces(now: number) {
    for (const nonce of counts.keys()) {
      if (now - parseInt(nonce, 36) <= nonceLifetime) break
      counts.delete(nonce)
    }
  }

  return { check, challenge }
}

/** RFC 7616 section 3.4; `undefined` when it is no digest. */
function readCredentials(value: string): Credentials | undefined {
  const digest = /^Digest\s+(.*)$/is.exec(value)?.[1]
  if (digest === undefined || digest.length > 4096) return undefined
  const fields = new Map<string, string>()
  for (const [, name = '', quoted, plain] of digest.matchAll(/([a-z]+)\s*=\s*(?:"([^"]*)"|([^\s",]+))/gi))
    fields.set(name.toLowerCase(), quoted ?? plain ?? '')
  return Object.fromEntries(fields)
}

/** A client may write the address in its own way: the case of the host, a port, parameters. */
function sameUri(a: string, b: string) {
  const bare = (uri: string) =>
    uri
      .replace(/[;?].*$/s, '')
      .replace(/:\d+$/, '')
      .toLowerCase()
  return bare(a) === bare(b)
}

function same(a: string, b: string) {
  const [one, other] = [Buffer.from(a), Buffer.from(b)]
  return one.length === other.length && timingSafeEqual(one, other)
}

function md5(text: string) {
  return createHash('md5').update(text).digest('hex')
}
