/** Milliseconds; an address that nobody has says nothing at all. */
const answerLimit = 3000

export interface Asked {
  /** Its switch is to be there too. */
  readonly attached?: true
  readonly signal?: AbortSignal
}

/**
 * Whether the service is there. Asked before a socket is tried again: a browser holds back each of a page's WebSockets for up to
 * 5 s once a dozen could not be opened (Chromium's `WebSocketThrottler`), but no request.
 */
export async function serviceAnswers({ attached, signal }: Asked): Promise<boolean> {
  const limit = AbortSignal.timeout(answerLimit)
  try {
    const answer = await fetch('/api/health', {
      cache: 'no-store',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    })
    // A proxy in front of it answers for one that is away.
    if (attached !== true || !answer.ok) return answer.status < 500
    return ((await answer.json()) as { switch?: unknown }).switch === 'attached'
  } catch {
    return false
  }
}
