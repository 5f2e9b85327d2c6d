import { failed, ok, type Result } from '../../core/result.ts'

/** What went wrong with a request: no answer at all, or the status of the refusal (400 to 599). */
export type HttpTrouble = { readonly kind: 'noContact' } | { readonly kind: 'refused'; readonly status: number }

/** Asks the service over HTTP; the cookie goes along by itself. What it answered, where that is JSON, is still to be parsed. */
export async function request(
  method: 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Result<unknown, HttpTrouble>> {
  const json = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  try {
    const answer = await fetch(path, { method, credentials: 'same-origin', ...json })
    if (!answer.ok) return failed({ kind: 'refused', status: answer.status })
    return ok(await answer.json().catch(() => undefined))
  } catch {
    return failed({ kind: 'noContact' })
  }
}
