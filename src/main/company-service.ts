import { z } from 'zod'
import type { SettingsProblem } from '../contract/desktop.ts'
import { isLoopback } from '../service/http/names.ts'

/** The origin that a typed address names, such as `https://tele.example.se`; undefined: none that may be used. */
export function originOfAddress(typed: string): string | undefined {
  const text = typed.trim()
  const written = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`
  if (!URL.canParse(written)) return undefined
  const { protocol, hostname, origin, username, password } = new URL(written)
  if (username !== '' || password !== '') return undefined
  if (protocol === 'https:') return origin
  // Without TLS nothing leaves this machine.
  return protocol === 'http:' && isLoopback(hostname) ? origin : undefined
}

const health = z.looseObject({ ok: z.literal(true), switch: z.enum(['attached', 'lost']) })

/** Asks whether a group service answers at an origin. */
export async function findService(
  origin: string,
  fetch: (url: string, init: RequestInit) => Promise<Response>,
): Promise<SettingsProblem | undefined> {
  let answer: Response
  try {
    answer = await fetch(`${origin}/api/health`, { signal: AbortSignal.timeout(10_000), redirect: 'error' })
  } catch {
    return { kind: 'unreachable' }
  }
  const told: unknown = await answer.json().catch(() => undefined)
  return health.safeParse(told).success ? undefined : { kind: 'address' }
}
